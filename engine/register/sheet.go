package register

import (
	"slices"
	"strconv"

	"github.com/writ-policy/writ/engine/fact"
)

// sheet adds fields to the items of a document that was collected.
type sheet struct {
	doc     *fact.Document
	kind    *fact.Kind
	r       *Register
	fills   map[string]bool   // fields that annotation fills
	sources map[string]string // the document's ids of files, by URI
}

func newSheet(d *fact.Document, k *fact.Kind, r *Register) *sheet {
	s := &sheet{doc: d, kind: k, r: r, fills: map[string]bool{}, sources: map[string]string{}}
	for _, f := range k.Fields {
		s.fills[f.Path] = f.Annotated
	}
	for _, x := range d.Sources {
		s.sources[x.URI] = x.ID
	}
	return s
}

// takes reports whether annotation fills a field of the kind.
func (s *sheet) takes(field string) bool { return s.fills[field] }

// wants reports whether annotation fills a field that an item does not have.
func (s *sheet) wants(i int, field string) bool {
	_, there := s.doc.Items[i][field]
	return s.takes(field) && !there
}

// text returns a field's text; ok is false if it is not known.
func (s *sheet) text(i int, field string) (text string, ok bool) {
	text, ok = s.doc.Items[i][field].(string)
	return text, ok
}

// set stores a field, in place of a gap if there was one.
func (s *sheet) set(i int, field string, value any, at fact.Position) {
	s.forget(i, field)
	s.doc.Items[i][field] = value
	if at.IsZero() {
		return
	}
	at.Source = s.source(at.Source)
	if s.doc.Positions == nil {
		s.doc.Positions = map[string]fact.Position{}
	}
	s.doc.Positions[pointer(i, field)] = at
}

// gap stores that a field is not known, and why.
func (s *sheet) gap(i int, field, reason string, at fact.Position) {
	s.set(i, field, nil, at)
	s.doc.Unobserved = append(s.doc.Unobserved, fact.Gap{Pointer: pointer(i, field), Reason: reason})
}

func (s *sheet) forget(i int, field string) {
	if v, there := s.doc.Items[i][field]; !there || v != nil {
		return
	}
	at := pointer(i, field)
	s.doc.Unobserved = slices.DeleteFunc(s.doc.Unobserved, func(g fact.Gap) bool { return g.Pointer == at })
	delete(s.doc.Positions, at)
}

// reason says why a value is null.
func (s *sheet) reason(i int, field string) string { return reason(s.doc, i, field) }

func reason(d *fact.Document, i int, field string) string {
	at := pointer(i, field)
	for _, g := range d.Unobserved {
		if g.Pointer == at {
			return g.Reason
		}
	}
	return field + " is not known"
}

func pointer(i int, field string) string { return "/items/" + strconv.Itoa(i) + fact.Pointer(field) }

// source returns the document's id of a register file.
func (s *sheet) source(uri string) string {
	if id, ok := s.sources[uri]; ok {
		return id
	}
	taken := map[string]bool{}
	for _, x := range s.doc.Sources {
		taken[x.ID] = true
	}
	n := len(s.doc.Sources) + 1
	for taken["s"+strconv.Itoa(n)] {
		n++
	}
	x := fact.Source{ID: "s" + strconv.Itoa(n), URI: uri}
	for _, f := range s.r.files {
		if f.Name == uri {
			x.SHA256 = f.sha256()
		}
	}
	s.doc.Sources = append(s.doc.Sources, x)
	s.sources[uri] = x.ID
	return x.ID
}

// refs stores references to the register, or a gap if there are none and the
// register is not whole.
func (s *sheet) refs(i int, field string, ids []string, at fact.Position) {
	if len(ids) == 0 && s.r.reason != "" {
		s.gap(i, field, s.r.reason, fact.Position{})
		return
	}
	s.set(i, field, references(ids), at)
}
