package report

import "github.com/writ-policy/writ/engine/finding"

// shortlist keeps the findings that matter most, up to a limit, without holding
// the others.
type shortlist struct {
	limit, size int
	ranks       [11][]*finding.Finding // by rank, in order of arrival
	left        map[finding.Outcome]int
}

// rank is 0 for critical failures; then come the lesser ones, advice, what is
// waived, what was not decided, and what passed.
func rank(f *finding.Finding) int {
	switch {
	case f.Advisory:
		return 5
	case f.Outcome == finding.Fail && f.Severity.Rank() > 0:
		return 4 - f.Severity.Rank()
	}
	switch f.Outcome {
	case finding.Fail:
		return 4
	case finding.Waived:
		return 6
	case finding.Error:
		return 7
	case finding.Unknown:
		return 8
	case finding.Pass:
		return 9
	}
	return 10
}

func (s *shortlist) add(f *finding.Finding) {
	n := rank(f)
	s.ranks[n] = append(s.ranks[n], f)
	s.size++
	if s.size <= s.limit {
		return
	}
	for last := len(s.ranks) - 1; ; last-- {
		if end := len(s.ranks[last]) - 1; end >= 0 {
			s.drop(s.ranks[last][end])
			s.ranks[last][end] = nil
			s.ranks[last] = s.ranks[last][:end]
			return
		}
	}
}

func (s *shortlist) drop(f *finding.Finding) {
	if s.left == nil {
		s.left = map[finding.Outcome]int{}
	}
	s.left[f.Outcome]++
	s.size--
}

func (s *shortlist) all() []*finding.Finding {
	all := make([]*finding.Finding, 0, s.size)
	for _, r := range s.ranks {
		all = append(all, r...)
	}
	return all
}
