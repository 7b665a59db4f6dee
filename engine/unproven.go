package engine

import (
	"cmp"
	"slices"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/finding"
)

// unproven is a failure whose evidence is added if it turns out to be one of the
// first of its control.
type unproven struct {
	f  *finding.Finding
	c  *control.Control
	it *item
	en *entry
}

// proveFirst adds the evidence of the first failures of each control among the
// results of one group, and of all that are waived.
func (e *Engine) proveFirst(results []*result) {
	byControl := map[*control.Control][]unproven{}
	for _, r := range results {
		for _, u := range r.unproven {
			if u.f.Outcome == finding.Waived {
				e.prove(u.f, u.c, u.it, u.en, false)
				continue
			}
			byControl[u.c] = append(byControl[u.c], u)
		}
		r.unproven = nil
	}
	for _, all := range byControl {
		slices.SortStableFunc(all, func(a, b unproven) int {
			return cmp.Or(
				cmp.Compare(b.f.Severity.Rank(), a.f.Severity.Rank()),
				cmp.Compare(a.f.Subject.ID, b.f.Subject.ID),
				cmp.Compare(a.f.Key, b.f.Key))
		})
		for _, u := range all[:min(len(all), e.opts.Full)] {
			e.prove(u.f, u.c, u.it, u.en, false)
		}
	}
}
