package firewall

import (
	"math/bits"
	"slices"
)

// The evaluator cuts the address space once, wherever any rule or route begins or
// ends: within a cell no match changes. Sets of addresses are then sets of cells, and
// a rule carves its part out of those still there by a few operations on words.

// cellSet is a set of cells. Words outside of from:to are zero.
type cellSet struct {
	words    []uint64
	from, to int
}

// part is a constant set of cells: of a match.
type part struct {
	runs []run    // in order, disjoint; used where there are few
	bits []uint64 // else
}

func (p *part) empty() bool { return len(p.runs) == 0 && p.bits == nil }

// run is a range of cells, both ends included.
type run struct{ lo, hi int32 }

// fewRuns is how many runs are cheaper than words.
const fewRuns = 8

// partition maps addresses to cells: cell i begins at starts[i].
type partition struct {
	v6     bool
	starts []u128
}

// newPartition cuts a family's addresses at the ends of spans.
func newPartition(v6 bool, spans []span) *partition {
	last := everything(v6)[0].hi
	starts := make([]u128, 1, 2*len(spans)+1)
	for _, s := range spans {
		starts = append(starts, s.lo)
		if s.hi.compare(last) < 0 {
			starts = append(starts, s.hi.next())
		}
	}
	slices.SortFunc(starts, u128.compare)
	return &partition{v6, slices.Compact(starts)}
}

func (p *partition) count() int { return len(p.starts) }

// cell returns the cell an address is in.
func (p *partition) cell(a u128) int32 {
	i, found := slices.BinarySearchFunc(p.starts, a, u128.compare)
	if !found {
		i--
	}
	return int32(i)
}

// span returns the addresses of a run of cells.
func (p *partition) span(r run) span {
	hi := everything(p.v6)[0].hi
	if int(r.hi)+1 < len(p.starts) {
		hi = p.starts[r.hi+1].prev()
	}
	return span{p.starts[r.lo], hi}
}

// part returns a set whose ends are ends of cells.
func (p *partition) part(s addrSet) *part {
	runs := make([]run, 0, len(s))
	for _, a := range s {
		runs = append(runs, run{p.cell(a.lo), p.cell(a.hi)})
	}
	return p.partOf(runs)
}

// partOf returns runs in order as a part.
func (p *partition) partOf(runs []run) *part {
	joined := runs[:0]
	for _, r := range runs {
		if n := len(joined); n > 0 && r.lo <= joined[n-1].hi+1 {
			joined[n-1].hi = max(joined[n-1].hi, r.hi)
			continue
		}
		joined = append(joined, r)
	}
	if len(joined) <= fewRuns {
		return &part{runs: joined}
	}
	words := make([]uint64, wordCount(p.count()))
	for _, r := range joined {
		setRun(words, r)
	}
	return &part{bits: words}
}

// all is every cell.
func (p *partition) all() *part { return &part{runs: []run{{0, int32(p.count() - 1)}}} }

// complement returns all other cells.
func (p *partition) complement(q *part) *part {
	words := make([]uint64, wordCount(p.count()))
	setRun(words, run{0, int32(p.count() - 1)})
	for _, r := range q.runs {
		clearRun(words, r)
	}
	for i := range q.bits {
		words[i] &^= q.bits[i]
	}
	return p.partOf(runsOf(words))
}

// set returns the addresses of cells.
func (p *partition) set(words []uint64) addrSet {
	var s addrSet
	for _, r := range runsOf(words) {
		s = append(s, p.span(r))
	}
	return s
}

func wordCount(n int) int { return (n + 63) / 64 }

// mask is the bits of a run within a word.
func (r run) mask(word int) uint64 {
	m := ^uint64(0)
	if int(r.lo)/64 == word {
		m &= ^uint64(0) << (uint(r.lo) % 64)
	}
	if int(r.hi)/64 == word {
		m &= ^uint64(0) >> (63 - uint(r.hi)%64)
	}
	return m
}

func setRun(words []uint64, r run) {
	for i := int(r.lo) / 64; i <= int(r.hi)/64; i++ {
		words[i] |= r.mask(i)
	}
}

func clearRun(words []uint64, r run) {
	for i := int(r.lo) / 64; i <= int(r.hi)/64; i++ {
		words[i] &^= r.mask(i)
	}
}

// runsOf lists the runs of set bits.
func runsOf(words []uint64) []run {
	var list []run
	for i, w := range words {
		for base := int32(i * 64); w != 0; {
			lo := bits.TrailingZeros64(w)
			n := bits.TrailingZeros64(^(w >> lo))
			r := run{base + int32(lo), base + int32(lo+n-1)}
			if k := len(list); k > 0 && list[k-1].hi+1 == r.lo {
				list[k-1].hi = r.hi
			} else {
				list = append(list, r)
			}
			if lo+n >= 64 {
				break
			}
			w &= ^uint64(0) << (lo + n)
		}
	}
	return list
}

func (c cellSet) empty() bool { return c.from >= c.to }

// trim narrows the bounds to what is set.
func (c *cellSet) trim() {
	for c.from < c.to && c.words[c.from] == 0 {
		c.from++
	}
	for c.from < c.to && c.words[c.to-1] == 0 {
		c.to--
	}
}

// each calls f for every cell, in order.
func (c cellSet) each(f func(cell int)) {
	for i := c.from; i < c.to; i++ {
		for w := c.words[i]; w != 0; w &= w - 1 {
			f(i*64 + bits.TrailingZeros64(w))
		}
	}
}

// arena hands out empty sets of cells and takes them back.
type arena struct {
	size int
	free [][]uint64
}

func (a *arena) none() cellSet {
	if n := len(a.free); n > 0 {
		words := a.free[n-1]
		a.free = a.free[:n-1]
		return cellSet{words: words}
	}
	return cellSet{words: make([]uint64, a.size)}
}

func (a *arena) release(c cellSet) {
	if c.words == nil {
		return
	}
	clear(c.words[c.from:c.to])
	a.free = append(a.free, c.words)
}

func (a *arena) clone(c cellSet) cellSet {
	d := a.none()
	d.from, d.to = c.from, c.to
	copy(d.words[c.from:c.to], c.words[c.from:c.to])
	return d
}

// carve moves the cells of a part from c to the set returned.
func (a *arena) carve(c *cellSet, p *part) cellSet {
	d := a.none()
	d.from, d.to = len(c.words), 0
	move := func(i int, mask uint64) {
		if moved := c.words[i] & mask; moved != 0 {
			d.words[i] |= moved
			c.words[i] &^= moved
			d.from, d.to = min(d.from, i), max(d.to, i+1)
		}
	}
	if p.bits != nil {
		for i := c.from; i < c.to; i++ {
			move(i, p.bits[i])
		}
	}
	for _, r := range p.runs {
		for i := max(int(r.lo)/64, c.from); i <= int(r.hi)/64 && i < c.to; i++ {
			move(i, r.mask(i))
		}
	}
	if d.from >= d.to {
		d.from, d.to = 0, 0
		return d
	}
	c.trim()
	return d
}

// join adds d to c and releases d.
func (a *arena) join(c *cellSet, d cellSet) {
	if !d.empty() {
		if c.empty() {
			c.from, c.to = d.from, d.to
		} else {
			c.from, c.to = min(c.from, d.from), max(c.to, d.to)
		}
		for i := d.from; i < d.to; i++ {
			c.words[i] |= d.words[i]
		}
	}
	a.release(d)
}
