package report

import (
	"cmp"
	"slices"

	"github.com/writ-policy/writ/engine/finding"
)

// A group is what one control found on one target.
type group struct {
	target, control string
	findings        []*finding.Finding
}

// urgency orders findings by what to look at first: 0 is a new failure.
func urgency(f *finding.Finding) int {
	rank := slices.Index(finding.Outcomes, f.Outcome)
	switch {
	case rank < 0:
		return 99
	case f.Advisory:
		return 6
	case f.Outcome == finding.Fail && f.Baseline == "known":
		return 1
	case f.Outcome == finding.Fail:
		return 0
	case f.Outcome == finding.Pass || f.Outcome == finding.NotApplicable:
		return 10 + rank
	}
	return 1 + rank
}

func compare(a, b *finding.Finding) int {
	return cmp.Or(
		cmp.Compare(urgency(a), urgency(b)),
		cmp.Compare(b.Severity.Rank(), a.Severity.Rank()),
	)
}

// grouped returns findings by target, then control, the most urgent of each
// first and otherwise by name; within a group likewise.
func grouped(findings []*finding.Finding) []group {
	type key struct{ target, control string }
	first := map[string]*finding.Finding{}
	worst := map[key]*finding.Finding{}
	for _, f := range findings {
		k := key{f.Target, f.Control}
		if w := first[f.Target]; w == nil || compare(f, w) < 0 {
			first[f.Target] = f
		}
		if w := worst[k]; w == nil || compare(f, w) < 0 {
			worst[k] = f
		}
	}
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b *finding.Finding) int {
		if a.Target != b.Target {
			return cmp.Or(compare(first[a.Target], first[b.Target]), cmp.Compare(a.Target, b.Target))
		}
		if a.Control != b.Control {
			return cmp.Or(compare(worst[key{a.Target, a.Control}], worst[key{b.Target, b.Control}]), cmp.Compare(a.Control, b.Control))
		}
		return cmp.Or(
			compare(a, b),
			cmp.Compare(a.Subject.Kind, b.Subject.Kind),
			cmp.Compare(a.Subject.ID, b.Subject.ID),
			cmp.Compare(a.Key, b.Key),
		)
	})
	var groups []group
	for _, f := range sorted {
		last := len(groups) - 1
		if last < 0 || groups[last].target != f.Target || groups[last].control != f.Control {
			groups = append(groups, group{target: f.Target, control: f.Control})
			last++
		}
		groups[last].findings = append(groups[last].findings, f)
	}
	return groups
}
