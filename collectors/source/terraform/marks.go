package terraform

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// cause is a cty mark: it says why a value is unknown, or which resource
// attribute fed it, and travels with the value through functions, locals and
// modules. Reason is empty for what is known.
type cause struct {
	Reason string
	Ref    Ref
}

// secret is the cty mark of sensitive values.
type secret struct{}

func unknownBecause(t cty.Type, reason string) cty.Value {
	return cty.UnknownVal(t).Mark(cause{Reason: reason})
}

// origins is what the marks of a value say.
type origins struct {
	reason    string
	refs      []Ref
	sensitive bool
}

// maxReasons bounds the reasons joined into one.
const maxReasons = 3

func originsOf(marks cty.ValueMarks) origins {
	if len(marks) == 0 {
		return origins{}
	}
	var o origins
	var reasons []string
	for m := range marks {
		switch m := m.(type) {
		case secret:
			o.sensitive = true
		case cause:
			if m.Reason != "" {
				reasons = append(reasons, m.Reason)
			}
			if m.Ref != (Ref{}) {
				o.refs = append(o.refs, m.Ref)
			}
		}
	}
	o.refs = sortedRefs(o.refs)
	o.reason = joinReasons(reasons)
	return o
}

func joinReasons(reasons []string) string {
	slices.Sort(reasons)
	reasons = slices.Compact(reasons)
	if len(reasons) > maxReasons {
		reasons = append(reasons[:maxReasons], "and more")
	}
	return strings.Join(reasons, "; ")
}

func sortedRefs(refs []Ref) []Ref {
	slices.SortFunc(refs, func(a, b Ref) int {
		if c := strings.Compare(a.Address, b.Address); c != 0 {
			return c
		}
		return strings.Compare(a.Path, b.Path)
	})
	return slices.Compact(refs)
}

// join adds what is known of an enclosing value or a deciding condition.
func (o origins) join(p origins) origins {
	if p.reason == "" && p.refs == nil && !p.sensitive {
		return o
	}
	switch {
	case o.reason == "":
		o.reason = p.reason
	case p.reason != "" && p.reason != o.reason:
		o.reason = joinReasons(append(strings.Split(o.reason, "; "), strings.Split(p.reason, "; ")...))
	}
	o.refs = sortedRefs(slices.Concat(o.refs, p.refs))
	o.sensitive = o.sensitive || p.sensitive
	return o
}

// marks is the inverse of originsOf.
func (o origins) marks() cty.ValueMarks {
	marks := cty.ValueMarks{}
	if o.sensitive {
		marks[secret{}] = struct{}{}
	}
	if len(o.refs) == 0 && o.reason != "" {
		marks[cause{Reason: o.reason}] = struct{}{}
	}
	for _, r := range o.refs {
		marks[cause{Reason: o.reason, Ref: r}] = struct{}{}
	}
	return marks
}

// deepMarks returns the marks of v and of everything in it, up to a limit of
// elements visited.
func deepMarks(v cty.Value, into cty.ValueMarks, left *int) {
	*left--
	if *left < 0 {
		return
	}
	v, marks := v.Unmark()
	for m := range marks {
		into[m] = struct{}{}
	}
	if v.IsKnown() && !v.IsNull() && v.CanIterateElements() {
		for it := v.ElementIterator(); it.Next(); {
			_, elem := it.Element()
			deepMarks(elem, into, left)
		}
	}
}
