package logs

import (
	"maps"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// record is what a piece of a record holds: personal or secret parts by name with
// their form, or why that is not known. The zero value holds nothing.
type record struct {
	parts map[string]string
	why   string
}

// holds is a record of whole parts.
func holds(names ...string) record {
	r := record{parts: map[string]string{}}
	for _, n := range names {
		r.parts[n] = "full"
	}
	return r
}

func notKnown(why string) record { return record{why: why} }

// with is what a record of both holds. One part that stands in it in two forms has
// the form that says more.
func (r record) with(o record) record {
	out := record{parts: map[string]string{}, why: r.why}
	if out.why == "" {
		out.why = o.why
	}
	maps.Copy(out.parts, r.parts)
	for name, form := range o.parts {
		out.parts[name] = strongest(out.parts[name], form)
	}
	return out
}

// writes sets what the source records.
func (s *source) writes(r record, at fact.Position) *source {
	s.fields = map[string]string{}
	maps.Copy(s.fields, r.parts)
	s.fieldsUnknown = aws.Answer[bool]{Pos: at}
	if r.why != "" {
		s.fieldsUnknown = aws.NotKnown[bool](r.why, at)
	}
	return s
}
