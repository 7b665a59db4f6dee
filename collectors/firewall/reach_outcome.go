package firewall

import (
	"slices"
)

// outcome is what becomes of the packets of one entry point, cell by cell.
type outcome struct {
	asked   []run
	deny    *paint
	sinks   []sink
	painted []*paint // by sink
	// Decisions of a cell are a list: heads, and then next.
	heads     []int32
	decisions []decided
	causes    []cause
	blamed    map[cause]int
	doubts    [][]uint64 // by cause, the cells it is about
	prog      *program
	// tied says that chains are asked in no order that is known, sourcePort that
	// rules asked for the source port.
	tied, sourcePort bool
}

// paint is for each cell what ways there are to an end: a bit for each level and
// whether it was recorded, and the lowest rate of those recorded by sample.
type paint struct {
	ways  []uint16
	rates []uint16
}

// sink is where packets end that got through. The zero value is anywhere.
type sink struct {
	known                       bool
	space                       *spaceCode // nil outside of the machine
	address                     u128
	port                        uint16
	addressUnknown, portUnknown bool
	portKept                    bool // it is the one asked for
}

// decision is a rule's verdict, or a base chain's policy, or the kernel's own.
type decision struct {
	rule   int32 // -1 for no rule
	base   *chainCode
	accept bool
	why    string
}

// decided is an entry of a cell's list; decision is its number.
type decided struct{ decision, next int32 }

// cause is why something is not certain.
type cause struct {
	rule   int32 // -1 for none
	level  level
	reason string
}

// numberOfDecision returns a decision's number, the same for all evaluations.
func (p *program) numberOfDecision(d decision) int32 {
	n, found := p.numbered[d]
	if !found {
		n = int32(len(p.decisions))
		p.decisions = append(p.decisions, d)
		p.numbered[d] = n
	}
	return n
}

func newOutcome(p *program) *outcome {
	count := p.cuts.count()
	o := &outcome{prog: p, blamed: map[cause]int{}, deny: newPaint(count), heads: make([]int32, count)}
	for i := range o.heads {
		o.heads[i] = -1
	}
	return o
}

func newPaint(count int) *paint {
	return &paint{ways: make([]uint16, count), rates: make([]uint16, count)}
}

// sink returns the paint of a sink.
func (o *outcome) sink(s sink) *paint {
	i := slices.Index(o.sinks, s)
	if i < 0 {
		i = len(o.sinks)
		o.sinks = append(o.sinks, s)
		o.painted = append(o.painted, newPaint(len(o.heads)))
	}
	return o.painted[i]
}

func bitOf(l level, k logged) uint16 { return 1 << (uint(l)*uint(loggedKinds) + uint(k)) }

func (o *outcome) paint(p *paint, f stream) {
	bit := bitOf(f.level, f.logged)
	f.each(func(cell int) {
		p.ways[cell] |= bit
		if f.logged == sampled && p.rates[cell] == 0 {
			p.rates[cell] = f.sampled
		}
	})
}

func (o *outcome) decide(c cellSet, d decision) {
	n := o.prog.numberOfDecision(d)
	c.each(func(cell int) {
		o.decisions = append(o.decisions, decided{n, o.heads[cell]})
		o.heads[cell] = int32(len(o.decisions) - 1)
	})
}

// blame notes a cause, and the cells it is about.
func (o *outcome) blame(c cellSet, by cause) {
	i, found := o.blamed[by]
	if !found {
		i = len(o.causes)
		o.blamed[by] = i
		o.causes = append(o.causes, by)
		o.doubts = append(o.doubts, make([]uint64, len(c.words)))
	}
	for j := c.from; j < c.to; j++ {
		o.doubts[i][j] |= c.words[j]
	}
}
