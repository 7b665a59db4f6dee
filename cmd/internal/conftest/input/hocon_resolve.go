package input

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// hoconKind is what a value turns out to be.
type hoconKind int

const (
	hoconUndefined hoconKind = iota // by an optional substitution, and nothing before
	hoconUnknown                    // it depends on what is undefined here, and may be set elsewhere
	hoconText
	hoconList
	hoconMap
)

// hoconResolved is a value one level deep: members and elements are not resolved yet.
type hoconResolved struct {
	kind   hoconKind
	text   string
	list   []hoconValue
	object *hoconObject
}

// Bounds on what few lines can make by substituting each other.
const (
	hoconBytes  = 16 << 20 // of all texts
	hoconValues = 1 << 20  // values, also of one array
	hoconChain  = 1_000    // substitutions within each other
)

// hoconResolver resolves substitutions against the whole text, and, where that is
// allowed, behind it against the environment.
type hoconResolver struct {
	root *hoconObject
	env  bool
	// busy has how many of a path's values count while one of them is resolved: a
	// value that refers to itself means those before it.
	busy  map[string]int
	known map[string]hoconResolved
	cut   []string // paths of which not all values counted, in what is being resolved
	depth int
	bytes int
	count int
}

func hoconPath(path []string) string { return strings.Join(path, "\x00") }

// values resolves what one path is given: objects merge, else the last that is defined
// holds.
func (r *hoconResolver) values(path []string, all []hoconValue) (hoconResolved, error) {
	id := hoconPath(path)
	memo := fmt.Sprint(len(all), " ", id)
	if v, ok := r.known[memo]; ok {
		return v, nil
	}
	if r.depth++; r.depth > hoconChain {
		return hoconResolved{}, fmt.Errorf("more than %d substitutions within each other", hoconChain)
	}
	if r.count++; r.count > hoconValues {
		return hoconResolved{}, fmt.Errorf("substitutions make more than %d values", hoconValues)
	}
	before, was := r.busy[id]
	first := len(r.cut)
	defer func() {
		r.depth--
		if delete(r.busy, id); was {
			r.busy[id] = before
		}
	}()
	var out hoconResolved
	for i, v := range all {
		r.busy[id] = i
		next, err := r.concatenation(v)
		if err != nil {
			return out, err
		}
		switch {
		case next.kind == hoconUndefined:
		case next.kind == hoconMap && out.kind == hoconMap:
			out.object = out.object.with(next.object)
		default:
			out = next
		}
	}
	// What was cut short for this path itself is the same each time.
	r.cut = append(r.cut[:first], slices.DeleteFunc(slices.Clone(r.cut[first:]), func(s string) bool { return s == id })...)
	if len(r.cut) == first {
		r.known[memo] = out
	}
	return out, nil
}

// with returns an object that has the members of both.
func (o *hoconObject) with(other *hoconObject) *hoconObject {
	both := newHOCONObject()
	for _, from := range []*hoconObject{o, other} {
		for _, name := range from.names {
			both.add(name, from.values[name]...)
		}
	}
	return both
}

func (r *hoconResolver) concatenation(v hoconValue) (hoconResolved, error) {
	var out hoconResolved
	for i, part := range v {
		if part.plain() && out.kind != hoconText && strings.TrimFunc(part.text, hoconSpace) == "" && i > 0 {
			continue // between objects and arrays
		}
		next, err := r.part(part)
		if err != nil {
			return out, err
		}
		switch {
		case next.kind == hoconUndefined && len(v) > 1 && (out.kind == hoconMap || out.kind == hoconList || out.kind == hoconUndefined && i+1 < len(v) && r.joins(v[i+1:])):
			// nothing is added to an object or an array
		case next.kind == hoconUndefined && len(v) > 1, next.kind == hoconUnknown, out.kind == hoconUnknown:
			out = hoconResolved{kind: hoconUnknown}
		case out.kind == hoconUndefined:
			out = next
		case out.kind != next.kind:
			return out, fmt.Errorf("texts, objects and arrays in one value%s", part.where())
		case out.kind == hoconText:
			out.text += next.text
		case out.kind == hoconList:
			out.list = append(out.list[:len(out.list):len(out.list)], next.list...)
		default:
			out.object = out.object.with(next.object)
		}
		if r.bytes += len(out.text); r.bytes > hoconBytes || len(out.list) > hoconValues {
			return out, fmt.Errorf("substitutions make more than %d MiB", hoconBytes>>20)
		}
	}
	if out.kind == hoconText {
		// Blanks around a text are not part of it in conftest, wherever they come from;
		// null is an empty text, but for one with a blank behind it.
		if out.text == "null" {
			out.text = ""
		}
		out.text = strings.TrimSpace(out.text)
	}
	return out, nil
}

// joins says whether an object or an array stands among parts.
func (r *hoconResolver) joins(parts hoconValue) bool {
	for _, p := range parts {
		if p.object != nil || p.list {
			return true
		}
	}
	return false
}

func (s hoconPart) where() string {
	if s.path == nil {
		return ""
	}
	return ": " + s.String()
}

func (r *hoconResolver) part(part hoconPart) (hoconResolved, error) {
	switch {
	case part.object != nil:
		return hoconResolved{kind: hoconMap, object: part.object}, nil
	case part.list:
		return hoconResolved{kind: hoconList, list: part.array}, nil
	case part.path == nil:
		return hoconResolved{kind: hoconText, text: part.text}, nil
	}
	v, there, err := r.lookup(part.path)
	switch {
	case err != nil:
		return v, err
	case !there && r.env:
		if text, ok := os.LookupEnv(strings.Join(part.path, ".")); ok {
			return hoconResolved{kind: hoconText, text: text}, nil
		}
	}
	switch {
	case !there && !part.option:
		return v, fmt.Errorf("nothing to substitute for %s", part)
	case there && v.kind == hoconUndefined:
		v.kind = hoconUnknown
	}
	return v, nil
}

// lookup follows a path from the root. It is there if all its names are.
func (r *hoconResolver) lookup(path []string) (v hoconResolved, there bool, err error) {
	object := r.root
	for i := range path {
		all, ok := object.values[path[i]]
		if !ok {
			return hoconResolved{}, false, nil
		}
		if n, busy := r.busy[hoconPath(path[:i+1])]; busy {
			r.cut = append(r.cut, hoconPath(path[:i+1]))
			if all = all[:min(n, len(all))]; len(all) == 0 {
				return hoconResolved{}, false, nil
			}
		}
		if v, err = r.values(path[:i+1], all); err != nil {
			return v, false, err
		}
		if i+1 == len(path) {
			return v, true, nil
		}
		switch v.kind {
		case hoconMap:
			object = v.object
		case hoconUndefined, hoconUnknown:
			return hoconResolved{}, true, nil
		default:
			return hoconResolved{}, false, nil
		}
	}
	return v, true, nil
}
