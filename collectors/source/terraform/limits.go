package terraform

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"
)

// Limits bound the work of one Load. What lies beyond them is Unknown or named
// in Root.Incomplete, with a diagnostic.
type Limits struct {
	FileBytes int64 // of one file; default 4 MiB
	Bytes     int64 // of all files; default 64 MiB
	Nesting   int   // of brackets and operators in a file, and of values; default 400
	Modules   int   // module calls within each other; default 30
	Instances int   // of resources and module calls together; default 50,000
	Values    int   // values made, elements and iterations counted; default 3,000,000
	ValueSize int   // elements and members of one value, and a 64th of its bytes; default 100,000
	Depth     int   // references that lead through each other; default 1,000
}

func (l Limits) withDefaults() Limits {
	def := func(n *int, value int) {
		if *n <= 0 {
			*n = value
		}
	}
	if l.FileBytes <= 0 {
		l.FileBytes = 4 << 20
	}
	if l.Bytes <= 0 {
		l.Bytes = 64 << 20
	}
	def(&l.Nesting, 400)
	def(&l.Modules, 30)
	def(&l.Instances, 50_000)
	def(&l.Values, 3_000_000)
	def(&l.ValueSize, 100_000)
	def(&l.Depth, 1_000)
	return l
}

// spent counts what was used of the limits.
type spent struct {
	bytes     int64
	instances int
	values    int
	depth     int
}

// spend takes n values from the budget and reports whether it still holds.
func (ev *evaluation) spend(n int) bool {
	ev.spent.values += n
	if ev.spent.values <= ev.limits.Values {
		return true
	}
	ev.incomplete(ev.overValues())
	return false
}

func (ev *evaluation) overValues() string {
	return fmt.Sprintf("more than %d values in one root module", ev.limits.Values)
}

// bounded returns v, or an unknown if v is larger or deeper than the limits
// allow. Values are shared, so a few lines can name one of any size; every
// named value is measured before it is used again.
func (ev *evaluation) bounded(v cty.Value) cty.Value {
	size := 0
	if !measure(v, ev.limits.ValueSize, ev.limits.Nesting, &size) {
		ev.spend(size)
		return unknownBecause(cty.DynamicPseudoType, "the value is larger or deeper than the limit")
	}
	if !ev.spend(size) {
		return unknownBecause(cty.DynamicPseudoType, ev.overValues())
	}
	return v
}

// measure adds the size of v to size and reports whether both limits hold.
func measure(v cty.Value, limit, depth int, size *int) bool {
	*size++
	if depth == 0 || *size > limit {
		return false
	}
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() {
		return true
	}
	switch t := v.Type(); {
	case t == cty.String:
		*size += len(v.AsString()) / textWeight
		return *size <= limit
	case t == cty.Number:
		exp := v.AsBigFloat().MantExp(nil)
		return exp < maxExponent && exp > -maxExponent
	case t.IsCollectionType() || t.IsTupleType() || t.IsObjectType():
		for it := v.ElementIterator(); it.Next(); {
			_, elem := it.Element()
			if !measure(elem, limit, depth-1, size) {
				return false
			}
		}
	}
	return true
}

// textWeight is how many bytes of text count as one value.
const textWeight = 64

// maxExponent bounds the binary exponent of numbers: beyond, writing one out
// in decimal costs more than any configuration needs.
const maxExponent = 1 << 14
