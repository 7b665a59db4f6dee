package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/control"
)

// missing says why a control cannot be asked about a subject at all: a kind it
// needs was not collected for the system, or is invalid.
func (e *Engine) missing(c *control.Control, it *item) []string {
	var reasons []string
	s := it.group.system
	for _, kind := range c.Facts {
		switch {
		case s.bad[kind]:
			reasons = append(reasons, fmt.Sprintf("the facts of kind %s are invalid", kind))
		case !s.kinds[kind]:
			reasons = append(reasons, fmt.Sprintf("facts of kind %s were not collected", kind))
		}
	}
	for _, kind := range c.MayRead {
		if s.bad[kind] {
			reasons = append(reasons, fmt.Sprintf("the facts of kind %s are invalid", kind))
		}
	}
	return reasons
}

// touchesGap reports whether any clause of a control may read a gap: then it is
// asked clause by clause.
func (e *Engine) touchesGap(c *control.Control, it *item) bool {
	if len(it.gaps) > 0 {
		return true
	}
	for _, kind := range c.Kinds() {
		if it.group.system.gaps[kind] {
			return true
		}
	}
	return false
}

// undecided returns the reasons why what a clause reads is not known: a path of
// the subject meets a gap of the subject, or a path of a kind meets a gap of a
// reached fact of that kind. Elements of an array that are not known for one reason
// are told together. At is where the first gap of the subject stands.
func (e *Engine) undecided(reads control.Reads, c *control.Control, it *item) (reasons, at []string) {
	var told map[string]int // by what is common to elements
	note := func(where string, g gap) {
		reason := func(segments []string) string {
			return fmt.Sprintf("%s%s is not known: %s", where, strings.Join(segments, "."), g.reason)
		}
		own, every := reason(g.segments), reason(everyElement(g.segments))
		if i, ok := told[every]; !ok {
			if told == nil {
				told = map[string]int{}
			}
			told[every] = len(reasons)
			reasons = append(reasons, own)
		} else if reasons[i] != own {
			reasons[i] = every
		}
	}
	for _, g := range it.gaps {
		if control.Meets(reads.Subject, g.segments) {
			note("", g)
			if at == nil {
				at = g.segments
			}
		}
	}
	if len(reads.Facts) == 0 {
		return reasons, at
	}
	for _, other := range e.reached(c, it) {
		paths := reads.OfKind(other.group.key.kind)
		for _, g := range other.gaps {
			if control.Meets(paths, g.segments) {
				note(other.group.key.kind+" "+other.fact.ID()+": ", g)
			}
		}
	}
	return reasons, at
}

// everyElement replaces the indices of a path by "*".
func everyElement(segments []string) []string {
	out := slices.Clone(segments)
	for i, s := range out {
		if _, err := strconv.Atoi(s); err == nil {
			out[i] = "*"
		}
	}
	return out
}

// reached returns the facts a subject reaches through references, over the kinds
// the control may look up, in the order reached.
func (e *Engine) reached(c *control.Control, it *item) []*item {
	if len(c.Facts) == 0 && len(c.MayRead) == 0 {
		return nil
	}
	var out []*item
	queue := []*item{it}
	for n := 0; n < len(queue); n++ {
		for _, f := range queue[n].group.references() {
			if !c.Reads(f.kind) {
				continue
			}
			byRef := it.group.system.byRef[f.kind]
			eachReference(map[string]any(queue[n].fact), f.path, func(ref string) {
				if other := byRef[ref]; other != nil && !slices.Contains(queue, other) {
					out = append(out, other)
					queue = append(queue, other)
				}
			})
		}
	}
	return out
}

// referring is a field of a kind that refers to facts of another.
type referring struct {
	kind string
	path []string // "name[]" descends into the elements of an array
}

// references lists the fields of the group's kind that refer to others.
func (g *group) references() []referring {
	g.once.Do(func() {
		if g.kind == nil {
			return
		}
		for _, f := range g.kind.Fields {
			if f.Ref != "" {
				g.refs = append(g.refs, referring{f.Ref, strings.Split(f.Path, ".")})
			}
		}
	})
	return g.refs
}

// eachReference calls found with the strings at a path.
func eachReference(v any, path []string, found func(string)) {
	if len(path) == 0 {
		switch v := v.(type) {
		case string:
			found(v)
		case []any:
			for _, e := range v {
				eachReference(e, nil, found)
			}
		}
		return
	}
	name, each := strings.CutSuffix(path[0], "[]")
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	if !each {
		eachReference(m[name], path[1:], found)
		return
	}
	list, _ := m[name].([]any)
	for _, e := range list {
		eachReference(e, path[1:], found)
	}
}

// at resolves segments below a value; ok is false if nothing is there.
func at(v any, segments []string) (any, bool) {
	for _, s := range segments {
		switch x := v.(type) {
		case map[string]any:
			m, ok := x[s]
			if !ok {
				return nil, false
			}
			v = m
		case []any:
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 || n >= len(x) {
				return nil, false
			}
			v = x[n]
		default:
			return nil, false
		}
	}
	return v, true
}
