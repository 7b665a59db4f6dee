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

// place is a value that a control reads: of which fact, and the way there.
type place struct {
	it       *item
	segments []string
	pointer  string // of the document
}

// value is what stands there, as it may be shown.
func (e *Engine) shown(p place) any {
	if p.it.group.kind.Sensitive(p.segments) {
		return "(sensitive)"
	}
	value, _ := at(map[string]any(p.it.fact), p.segments)
	return compact(e.opts.Redactor.At(p.it.group.kind, p.segments, value))
}

// prove adds evidence: the attributes that the control reads of the subject and
// of the facts it reaches, the element an entry names, and the parameters. The
// engine resolves each in the very document; a control cannot invent one. A brief
// proof is the place to look at alone.
func (e *Engine) prove(f *finding.Finding, c *control.Control, it *item, en *entry, brief bool) {
	reads, err := e.reads(c)
	if err != nil {
		f.Reasons = append(f.Reasons, "evidence could not be resolved: "+err.Error())
		return
	}
	own := []place{}
	if en != nil && en.located {
		own = append(own, e.place(it, en.place))
	}
	own = e.places(own, it, reads.Subject)
	if !brief {
		all := own
		var others []*item
		if len(reads.Facts) > 0 {
			others = e.reached(c, it)
		}
		for _, other := range others {
			all = e.places(all, other, reads.OfKind(other.group.key.kind))
		}
		f.Evidence = slices.Grow(f.Evidence, len(all)+len(reads.Params))
		for i, p := range all {
			f.Evidence = append(f.Evidence, e.evidence(p))
			if i >= len(own) {
				f.Evidence[len(f.Evidence)-1].Of = finding.Subject{Kind: p.it.group.key.kind, ID: p.it.fact.ID()}
			}
		}
		for _, name := range reads.Params {
			if v, origin, ok := e.set.Params.Value(name); ok {
				f.Evidence = append(f.Evidence, finding.Evidence{Parameter: name, Value: e.opts.Redactor.Value(v), Origin: origin})
			}
		}
	}
	f.Location = e.locate(f, it, en, own, brief)
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

// places adds those at paths of one fact, each once, in the order of their ways.
func (e *Engine) places(to []place, it *item, paths []control.Path) []place {
	all := make([][]string, 0, len(paths))
	for _, p := range paths {
		all = expand(all, map[string]any(it.fact), p, nil)
	}
	slices.SortFunc(all, slices.Compare)
	to = slices.Grow(to, len(all))
	for _, segments := range slices.CompactFunc(all, slices.Equal) {
		p := e.place(it, segments)
		if !slices.ContainsFunc(to, func(o place) bool { return o.it.doc == it.doc && o.pointer == p.pointer }) {
			to = append(to, p)
		}
	}
	return to
}

func (e *Engine) place(it *item, segments []string) place {
	return place{it, segments, it.pointer() + fact.Pointer(segments...)}
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

func (e *Engine) evidence(p place) finding.Evidence {
	ev := finding.Evidence{Document: p.it.digest(), Pointer: e.opts.Redactor.Pointer(p.it.group.kind, p.it.doc.Items, p.pointer), Value: e.shown(p)}
	if at, ok := position(p.it.doc, p.pointer); ok {
		ev.Source, ev.Line, ev.Column = p.it.uris[at.Source], at.Line, at.Column
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
func (e *Engine) locate(f *finding.Finding, it *item, en *entry, read []place, brief bool) *finding.Location {
	own := it.pointer()
	at, known := it.doc.Positions[own]
	deciding := false
	for i, r := range read {
		if len(r.segments) == 0 || it.group.kind.FromRegister(r.pointer[len(own)+1:]) {
			continue
		}
		p, ok := inner(it.doc, own, r.pointer)
		keyed := en != nil && en.key == r.pointer[len(own)+1:]
		if keyed && !ok {
			p, ok = position(it.doc, own)
		}
		if !ok {
			continue
		}
		named := i == 0 && en != nil && en.located
		actual := f.Actual != nil && isActual(f.Actual, e.shown(r))
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
	return e.location(it, at, deciding, brief)
}

// location is a place with its code frame, unless it is to be brief. One that
// decides nothing is the first line of its block.
func (e *Engine) location(it *item, at fact.Position, deciding, brief bool) *finding.Location {
	l := &finding.Location{URI: it.uris[at.Source], StartLine: at.Line, EndLine: cmp.Or(at.EndLine, at.Line), Column: at.Column}
	if !deciding {
		l.EndLine = l.StartLine
	}
	if !brief {
		e.frame(l)
	}
	return l
}

// frame adds the lines around a place.
func (e *Engine) frame(l *finding.Location) {
	if e.opts.Snippet != nil && l.StartLine > 0 {
		l.SnippetLine = max(1, l.StartLine-1)
		l.Snippet = e.opts.Snippet(l.URI, l.SnippetLine, l.StartLine+1)
	}
}
