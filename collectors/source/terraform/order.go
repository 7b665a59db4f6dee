package terraform

import (
	"cmp"
	"slices"
	"strings"
)

// sort puts the resources in the order that Root promises.
func (r *Root) sort() {
	slices.SortStableFunc(r.Resources, func(a, b *Resource) int {
		return cmp.Or(
			strings.Compare(a.Module, b.Module),
			strings.Compare(a.Pos.Source, b.Pos.Source),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			compareKeys(a.Key, b.Key),
		)
	})
}

// compareKeys orders the instances of one resource, whose keys are all numbers
// or all strings.
func compareKeys(a, b any) int {
	switch a := a.(type) {
	case int64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, b)
		}
	case string:
		if b, ok := b.(string); ok {
			return strings.Compare(a, b)
		}
	}
	return 0
}
