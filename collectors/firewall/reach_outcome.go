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
	by      []int32  // for each cell, the number of the list of decisions about it
	causes  []cause
	blamed  map[cause]int
	doubts  [][]uint64 // by cause, the cells it is about
	prog    *program
	// tied says that chains are asked in no order that is known, sourcePort that
	// rules asked for the source port.
	tied, sourcePort bool
	orders           int // in which they may be asked
}

// paint is for each cell what ways there are to an end: a bit for each level and
// whether it was recorded, and the lowest rate of those recorded by sample.
type paint struct {
	ways  []uint16
	rates []uint16 // nil for none
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

// decided is a list of decisions by its last one and the list before, 0 for none.
type decided struct{ decision, before int32 }

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
	return &outcome{prog: p, blamed: map[cause]int{}, deny: newPaint(count), by: make([]int32, count)}
}

func newPaint(count int) *paint { return &paint{ways: make([]uint16, count)} }

func (p *paint) rate(cell int32) uint16 {
	if p.rates == nil {
		return 0
	}
	return p.rates[cell]
}

// sink returns the paint of a sink.
func (o *outcome) sink(s sink) *paint {
	i := slices.Index(o.sinks, s)
	if i < 0 {
		i = len(o.sinks)
		o.sinks = append(o.sinks, s)
		o.painted = append(o.painted, newPaint(len(o.by)))
	}
	return o.painted[i]
}

func bitOf(l level, k logged) uint16 { return 1 << (uint(l)*uint(loggedKinds) + uint(k)) }

func (o *outcome) paint(p *paint, f stream) {
	bit := bitOf(f.level, f.logged)
	if f.logged == sampled && p.rates == nil {
		p.rates = make([]uint16, len(p.ways))
	}
	f.each(func(cell int) {
		p.ways[cell] |= bit
		if f.logged == sampled && p.rates[cell] == 0 {
			p.rates[cell] = f.sampled
		}
	})
}

func (o *outcome) decide(c cellSet, d decision) {
	n := o.prog.numberOfDecision(d)
	before, after := int32(-1), int32(-1)
	c.each(func(cell int) {
		if o.by[cell] != before {
			before = o.by[cell]
			after = o.prog.listWith(n, before)
		}
		o.by[cell] = after
	})
}

// listWith returns the number of a list with one more decision.
func (p *program) listWith(decision, before int32) int32 {
	key := decided{decision, before}
	n, found := p.listed[key]
	if !found {
		n = int32(len(p.lists))
		p.lists = append(p.lists, key)
		p.listed[key] = n
	}
	return n
}

// list returns the decisions of a list, each once, first ones first.
func (p *program) list(n int32) []decision {
	var out []decision
	for ; n > 0; n = p.lists[n].before {
		if d := p.decisions[p.lists[n].decision]; !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	slices.Reverse(out)
	return out
}

// joint returns the number of two lists together.
func (p *program) joint(a, b int32) int32 {
	if a == b || b == 0 {
		return a
	}
	key := [2]int32{a, b}
	if n, found := p.joined[key]; found {
		return n
	}
	n := a
	for _, d := range p.list(b) {
		if !slices.Contains(p.list(a), d) {
			n = p.listWith(p.numberOfDecision(d), n)
		}
	}
	p.joined[key] = n
	return n
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
