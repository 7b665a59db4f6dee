package engine

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// maxElements bounds how many elements of an array stand in the evidence.
const maxElements = 8

// prove adds evidence: the attributes that the control reads of the subject and
// of the facts it reaches, the element an entry names, and the parameters. The
// engine resolves each in the very document; a control cannot invent one.
func (e *Engine) prove(f *finding.Finding, c *control.Control, it *item, en *entry) {
	reads, err := e.reads(c)
	if err != nil {
		f.Reasons = append(f.Reasons, "evidence could not be resolved: "+err.Error())
		return
	}
	if en != nil && en.located {
		f.Evidence = append(f.Evidence, e.evidence(it, en.place))
	}
	e.read(f, it, reads.Subject)
	if len(reads.Facts) > 0 {
		for _, other := range e.reached(c, it) {
			from := len(f.Evidence)
			e.read(f, other, reads.OfKind(other.group.key.kind))
			for i := range f.Evidence[from:] {
				f.Evidence[from+i].Of = finding.Subject{Kind: other.group.key.kind, ID: other.fact.ID()}
			}
		}
	}
	for _, name := range reads.Params {
		if v, origin, ok := e.set.Params.Value(name); ok {
			f.Evidence = append(f.Evidence, finding.Evidence{Parameter: name, Value: e.opts.Redactor.Value(v), Origin: origin})
		}
	}
	f.Location = e.locate(f, it, en)
}

// reads is what a control reads, computed once.
func (e *Engine) reads(c *control.Control) (control.Reads, error) {
	e.readsMu.Lock()
	defer e.readsMu.Unlock()
	if r, ok := e.allReads[c]; ok {
		return r, nil
	}
	r, err := c.AllReads()
	if err == nil {
		e.allReads[c] = r
	}
	return r, err
}

// read adds the values at paths of one fact, each once.
func (e *Engine) read(f *finding.Finding, it *item, paths []control.Path) {
	all := make([][]string, 0, len(paths))
	for _, p := range paths {
		all = expand(all, map[string]any(it.fact), p, nil)
	}
	slices.SortFunc(all, slices.Compare)
	f.Evidence = slices.Grow(f.Evidence, len(all))
	for _, segments := range slices.CompactFunc(all, slices.Equal) {
		ev := e.evidence(it, segments)
		if !slices.ContainsFunc(f.Evidence, func(o finding.Evidence) bool { return o.Document == ev.Document && o.Pointer == ev.Pointer }) {
			f.Evidence = append(f.Evidence, ev)
		}
	}
}

// expand adds to a list the ways that a path is: "*" replaced by the indexes that
// exist, and cut where nothing is.
func expand(to [][]string, v any, path control.Path, prefix []string) [][]string {
	if len(path) == 0 {
		return append(to, prefix)
	}
	if !slices.Contains(path, "*") {
		n := 0
		for ok := true; n < len(path); n++ {
			if v, ok = at(v, path[n:n+1]); !ok {
				break
			}
		}
		if len(prefix) == 0 {
			return append(to, path[:n:n])
		}
		return append(to, slices.Concat(prefix, path[:n]))
	}
	if path[0] != "*" {
		next, ok := at(v, path[:1])
		if !ok {
			return append(to, prefix)
		}
		return expand(to, next, path[1:], append(slices.Clone(prefix), path[0]))
	}
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		return append(to, prefix)
	}
	for i := range min(len(list), maxElements) {
		to = expand(to, list[i], path[1:], append(slices.Clone(prefix), strconv.Itoa(i)))
	}
	return to
}

func (e *Engine) evidence(it *item, segments []string) finding.Evidence {
	pointer := "/items/" + strconv.Itoa(it.n) + fact.Pointer(segments...)
	value, _ := at(map[string]any(it.fact), segments)
	if it.group.kind.Sensitive(segments) {
		value = "(sensitive)"
	}
	ev := finding.Evidence{Document: it.digest(), Pointer: pointer, Value: compact(e.opts.Redactor.Value(value))}
	if p, ok := position(it.doc, pointer); ok {
		ev.Source, ev.Line, ev.Column = it.uris[p.Source], p.Line, p.Column
	}
	return ev
}

// compact keeps evidence readable: a large value is told by its size.
func compact(v any) any {
	switch x := v.(type) {
	case []any:
		if atMost(x, 400) >= 0 {
			break
		}
		if data, err := json.Marshal(x); err != nil || len(data) > 400 {
			return "[" + strconv.Itoa(len(x)) + " elements]"
		}
	case map[string]any:
		if atMost(x, 400) >= 0 {
			break
		}
		if data, err := json.Marshal(x); err != nil || len(data) > 400 {
			return "{" + strconv.Itoa(len(x)) + " members}"
		}
	}
	return v
}

// atMost returns how many of n bytes a value surely leaves as JSON, a negative
// number if it may need more.
func atMost(v any, n int) int {
	switch v := v.(type) {
	case nil, bool:
		n -= len("false")
	case string:
		n -= 6*len(v) + len(`""`) // each byte an escape
	case json.Number:
		n -= len(v)
	case int, int64, float64:
		n -= 32
	case []any:
		n -= len("[]")
		for i := 0; i < len(v) && n >= 0; i++ {
			n = atMost(v[i], n-1)
		}
	case map[string]any:
		n -= len("{}")
		for name, m := range v {
			if n = atMost(m, atMost(name, n-2)); n < 0 {
				break
			}
		}
	default:
		return -1
	}
	return n
}

// position finds the place of a pointer, or of what encloses it.
func position(d *fact.Document, pointer string) (fact.Position, bool) {
	for {
		if p, ok := d.Positions[pointer]; ok {
			return p, true
		}
		i := strings.LastIndexByte(pointer, '/')
		if i <= 0 {
			return fact.Position{}, false
		}
		pointer = pointer[:i]
	}
}

// inner finds the place of a pointer, or of what encloses it within the item.
func inner(d *fact.Document, item, pointer string) (fact.Position, bool) {
	for ; len(pointer) > len(item); pointer = pointer[:strings.LastIndexByte(pointer, '/')] {
		if p, ok := d.Positions[pointer]; ok && p.Line > 0 {
			return p, true
		}
	}
	return fact.Position{}, false
}

// isActual reports whether a value read is what an entry calls actual, or one of
// it. Entries call what has no bound by a word.
func isActual(actual, value any) bool {
	if actual == nil || actual == "" {
		return false
	}
	if list, ok := actual.([]any); ok && slices.ContainsFunc(list, func(one any) bool { return same(one, value) }) {
		return true
	}
	return same(actual, value) || (actual == "never" || actual == "none") && same(fact.Unbounded, value)
}

// same compares values of any form that numbers have.
func same(a, b any) bool {
	if x, ok := a.(string); ok {
		if y, ok := b.(string); !ok || x == y || utf8.ValidString(x) && utf8.ValidString(y) {
			return ok && x == y
		}
	} else if _, ok := b.(string); ok {
		return false
	}
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// find searches a term by identity and returns its path.
func find(t, wanted *ast.Term, path []string) ([]string, bool) {
	if t == wanted || t.Value == nil {
		return path, t == wanted
	}
	var found []string
	switch v := t.Value.(type) {
	case *ast.Array:
		for i := range v.Len() {
			if p, ok := find(v.Elem(i), wanted, append(slices.Clone(path), strconv.Itoa(i))); ok {
				return p, true
			}
		}
	case ast.Object:
		v.Foreach(func(k, m *ast.Term) {
			if name, ok := k.Value.(ast.String); ok && found == nil {
				if p, ok := find(m, wanted, append(slices.Clone(path), string(name))); ok {
					found = p
				}
			}
		})
	}
	return found, found != nil
}

// locate picks where to look first: the element an entry names, else the value
// read that the entry calls actual or names by its key, else the first value read
// of the subject that has a place of its own, else the subject. What annotation
// added stands in the register, which is not where the subject is.
func (e *Engine) locate(f *finding.Finding, it *item, en *entry) *finding.Location {
	own := "/items/" + strconv.Itoa(it.n)
	at, known := it.doc.Positions[own]
	deciding := false
	for i, ev := range f.Evidence {
		field, mine := strings.CutPrefix(ev.Pointer, own+"/")
		if !mine || ev.Document != it.digest() || it.group.kind.FromRegister(field) {
			continue
		}
		p, ok := inner(it.doc, own, ev.Pointer)
		keyed := en != nil && en.key == field
		if keyed && !ok {
			p, ok = position(it.doc, own)
		}
		if !ok {
			continue
		}
		named := i == 0 && en != nil && en.located
		actual := isActual(f.Actual, ev.Value)
		if !deciding || actual || keyed {
			at, deciding, known = p, true, true
		}
		if named || actual || keyed {
			break
		}
	}
	if !known {
		return nil
	}
	return e.location(f, it, at, deciding)
}

// location is a place with its code frame. One that decides nothing is the first
// line of its block.
func (e *Engine) location(f *finding.Finding, it *item, at fact.Position, deciding bool) *finding.Location {
	l := &finding.Location{URI: it.uris[at.Source], StartLine: at.Line, EndLine: cmp.Or(at.EndLine, at.Line), Column: at.Column}
	if !deciding {
		l.EndLine = l.StartLine
	}
	if e.opts.Snippet != nil && l.StartLine > 0 && (f.Outcome == finding.Fail || !e.opts.Brief) {
		l.SnippetLine = max(1, l.StartLine-1)
		l.Snippet = e.opts.Snippet(l.URI, l.SnippetLine, l.StartLine+1)
	}
	return l
}
