package ports

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/vpc"
)

// ranges are port ranges that rules admit, each once. Who is let in changes only
// where a rule begins or ends, so that ranges are cut there: a rule for every port
// from inside and one for port 22 from everywhere open three ranges, of which only
// the one between is open to all.
type ranges struct {
	rules []*vpc.Rule
	cuts  map[string][]int // by protocol, where a range begins, sorted
}

// add takes a rule whose protocol and ports are known.
func (rs *ranges) add(r *vpc.Rule) {
	rs.rules = append(rs.rules, r)
	rs.cut(r)
}

// cut takes a rule that refuses: it opens nothing, and what others open changes
// where it begins and ends.
func (rs *ranges) cut(r *vpc.Rule) {
	if rs.cuts == nil {
		rs.cuts = map[string][]int{}
	}
	for _, at := range []int{r.From, r.To + 1} {
		if i, found := slices.BinarySearch(rs.cuts[r.Protocol], at); !found {
			rs.cuts[r.Protocol] = slices.Insert(rs.cuts[r.Protocol], i, at)
		}
	}
}

// each calls open for every range, in the order of the rules.
func (rs *ranges) each(p published, open func(published)) {
	type piece struct {
		protocol string
		from     int
	}
	seen := map[piece]bool{}
	for _, r := range rs.rules {
		cuts := rs.cuts[r.Protocol]
		first, _ := slices.BinarySearch(cuts, r.From)
		for i := first; i+1 < len(cuts) && cuts[i] <= r.To; i++ {
			if seen[piece{r.Protocol, cuts[i]}] {
				continue
			}
			seen[piece{r.Protocol, cuts[i]}] = true
			q := p
			q.protocol = aws.Declared(r.Protocol, r.ProtocolPos)
			q.from, q.to = aws.Declared(cuts[i], r.PortsPos), aws.Declared(cuts[i+1]-1, r.PortsPos)
			open(q)
		}
	}
}
