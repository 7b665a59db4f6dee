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

// order is a finding's place before names: its urgency, then the worst severity.
func order(f *finding.Finding) [2]int { return [2]int{urgency(f), -f.Severity.Rank()} }

func compare(a, b *finding.Finding) int {
	x, y := order(a), order(b)
	return slices.Compare(x[:], y[:])
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
	// What the order asks of a finding is looked up once, not at each comparison.
	type ranked struct {
		*finding.Finding
		target, control, own [2]int
		n                    int // keeps the order of what is alike
	}
	sorted := make([]ranked, len(findings))
	for i, f := range findings {
		sorted[i] = ranked{f, order(first[f.Target]), order(worst[key{f.Target, f.Control}]), order(f), i}
	}
	slices.SortFunc(sorted, func(a, b ranked) int {
		if a.Target != b.Target {
			return cmp.Or(slices.Compare(a.target[:], b.target[:]), cmp.Compare(a.Target, b.Target))
		}
		if a.Control != b.Control {
			return cmp.Or(slices.Compare(a.control[:], b.control[:]), cmp.Compare(a.Control, b.Control))
		}
		if c := slices.Compare(a.own[:], b.own[:]); c != 0 {
			return c
		}
		return cmp.Or(
			cmp.Compare(a.Subject.Kind, b.Subject.Kind),
			cmp.Compare(a.Subject.ID, b.Subject.ID),
			cmp.Compare(a.Key, b.Key),
			a.n-b.n,
		)
	})
	var groups []group
	for _, f := range sorted {
		last := len(groups) - 1
		if last < 0 || groups[last].target != f.Target || groups[last].control != f.Control {
			groups = append(groups, group{target: f.Target, control: f.Control})
			last++
		}
		groups[last].findings = append(groups[last].findings, f.Finding)
	}
	return groups
}
