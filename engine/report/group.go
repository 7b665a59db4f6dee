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
	if f.Advisory {
		return 6
	}
	switch f.Outcome {
	case finding.Fail:
		if f.Baseline == "known" {
			return 1
		}
		return 0
	case finding.Error:
		return 2
	case finding.Unknown:
		return 3
	case finding.Waived:
		return 4
	case finding.Pass:
		return 14
	case finding.NotApplicable:
		return 15
	}
	return 99
}

// order is a finding's place before names: its urgency, then the worst severity.
func order(f *finding.Finding) [2]int { return [2]int{urgency(f), -f.Severity.Rank()} }

func before(a, b [2]int) bool { return slices.Compare(a[:], b[:]) < 0 }

// grouped returns findings by target, then control, the most urgent of each
// first and otherwise by name; within a group likewise.
func grouped(findings []*finding.Finding) []group {
	type key struct{ target, control string }
	number := map[key]int{}
	first, worst := map[string][2]int{}, map[key][2]int{} // the most urgent
	var groups []group
	for _, f := range findings {
		k, place := key{f.Target, f.Control}, order(f)
		n, begun := number[k]
		if !begun {
			n, number[k], worst[k] = len(groups), len(groups), place
			groups = append(groups, group{target: f.Target, control: f.Control})
		}
		groups[n].findings = append(groups[n].findings, f)
		if before(place, worst[k]) {
			worst[k] = place
		}
		if w, seen := first[f.Target]; !seen || before(place, w) {
			first[f.Target] = place
		}
	}
	slices.SortFunc(groups, func(a, b group) int {
		if a.target != b.target {
			x, y := first[a.target], first[b.target]
			return cmp.Or(slices.Compare(x[:], y[:]), cmp.Compare(a.target, b.target))
		}
		x, y := worst[key{a.target, a.control}], worst[key{b.target, b.control}]
		return cmp.Or(slices.Compare(x[:], y[:]), cmp.Compare(a.control, b.control))
	})
	for _, g := range groups {
		slices.SortStableFunc(g.findings, func(a, b *finding.Finding) int {
			x, y := order(a), order(b)
			return cmp.Or(
				slices.Compare(x[:], y[:]),
				cmp.Compare(a.Subject.Kind, b.Subject.Kind),
				cmp.Compare(a.Subject.ID, b.Subject.ID),
				cmp.Compare(a.Key, b.Key),
			)
		})
	}
	return groups
}
