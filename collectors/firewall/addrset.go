package firewall

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"
)

// u128 is an address as a number; an IPv4 address is below 2^32.
type u128 struct{ hi, lo uint64 }

func (a u128) compare(b u128) int {
	return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo))
}

func (a u128) next() u128 {
	lo, carry := bits.Add64(a.lo, 1, 0)
	return u128{a.hi + carry, lo}
}

func (a u128) prev() u128 {
	lo, borrow := bits.Sub64(a.lo, 1, 0)
	return u128{a.hi - borrow, lo}
}

// span is a range of addresses, both ends included.
type span struct{ lo, hi u128 }

// addrSet is a set of addresses of one family: spans in order, disjoint, with a
// gap between any two. The zero value is the empty set. Sets are not modified.
type addrSet []span

// width is the number of bits of an address of a family.
func width(v6 bool) int {
	if v6 {
		return 128
	}
	return 32
}

// everything is the set of all addresses of a family.
func everything(v6 bool) addrSet {
	if v6 {
		return addrSet{{u128{}, u128{^uint64(0), ^uint64(0)}}}
	}
	return addrSet{{u128{}, u128{0, 1<<32 - 1}}}
}

// setOf is the union of blocks of one family.
func setOf(prefixes ...netip.Prefix) addrSet {
	spans := make([]span, 0, len(prefixes))
	for _, p := range prefixes {
		spans = append(spans, spanOf(p))
	}
	return normal(spans)
}

func spanOf(p netip.Prefix) span {
	p = p.Masked()
	lo := number(p.Addr())
	hi := lo
	switch host := p.Addr().BitLen() - p.Bits(); {
	case host >= 128:
		hi = u128{^uint64(0), ^uint64(0)}
	case host >= 64:
		hi.hi |= 1<<(host-64) - 1
		hi.lo = ^uint64(0)
	default:
		hi.lo |= 1<<host - 1
	}
	return span{lo, hi}
}

func number(a netip.Addr) u128 {
	if a.Is4() {
		b := a.As4()
		return u128{0, uint64(binary.BigEndian.Uint32(b[:]))}
	}
	b := a.As16()
	return u128{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

func address(n u128, v6 bool) netip.Addr {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], n.hi)
	binary.BigEndian.PutUint64(b[8:], n.lo)
	if v6 {
		return netip.AddrFrom16(b)
	}
	return netip.AddrFrom4([4]byte(b[12:]))
}

// normal sorts spans and joins those that meet or touch.
func normal(spans []span) addrSet {
	if len(spans) == 0 {
		return nil
	}
	slices.SortFunc(spans, func(a, b span) int { return a.lo.compare(b.lo) })
	out := make(addrSet, 0, len(spans))
	for _, s := range spans {
		if n := len(out); n > 0 && (s.lo.compare(out[n-1].hi) <= 0 || s.lo == out[n-1].hi.next()) {
			if s.hi.compare(out[n-1].hi) > 0 {
				out[n-1].hi = s.hi
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

func (s addrSet) empty() bool { return len(s) == 0 }

func (s addrSet) union(t addrSet) addrSet {
	if s.empty() {
		return t
	}
	if t.empty() {
		return s
	}
	return normal(slices.Concat(s, t))
}

// unionOf is the union of many sets, sorted once.
func unionOf(sets []addrSet) addrSet {
	n := 0
	for _, s := range sets {
		n += len(s)
	}
	spans := make([]span, 0, n)
	for _, s := range sets {
		spans = append(spans, s...)
	}
	return normal(spans)
}

// touches reports whether the set holds an address of a block.
func (s addrSet) touches(p netip.Prefix) bool {
	block := spanOf(p)
	i, _ := slices.BinarySearchFunc(s, block.lo, func(a span, lo u128) int { return a.hi.compare(lo) })
	return i < len(s) && s[i].lo.compare(block.hi) <= 0
}

// intersect and minus walk both sets once.
func (s addrSet) intersect(t addrSet) addrSet {
	var out addrSet
	for i, j := 0, 0; i < len(s) && j < len(t); {
		lo, hi := s[i].lo, s[i].hi
		if t[j].lo.compare(lo) > 0 {
			lo = t[j].lo
		}
		if t[j].hi.compare(hi) < 0 {
			hi = t[j].hi
		}
		if lo.compare(hi) <= 0 {
			out = append(out, span{lo, hi})
		}
		if s[i].hi.compare(t[j].hi) < 0 {
			i++
		} else {
			j++
		}
	}
	return out
}

func (s addrSet) minus(t addrSet) addrSet {
	var out addrSet
	j := 0
	for _, a := range s {
		for j < len(t) && t[j].hi.compare(a.lo) < 0 {
			j++
		}
		done := false
		for k := j; k < len(t) && t[k].lo.compare(a.hi) <= 0; k++ {
			if t[k].lo.compare(a.lo) > 0 {
				out = append(out, span{a.lo, t[k].lo.prev()})
			}
			if t[k].hi.compare(a.hi) >= 0 {
				done = true
				break
			}
			a.lo = t[k].hi.next()
		}
		if !done {
			out = append(out, a)
		}
	}
	return out
}

// covers reports whether t is a subset of s.
func (s addrSet) covers(t addrSet) bool {
	j := 0
	for _, a := range t {
		// Spans have gaps between them, so one of s holds all of a or none does.
		for j < len(s) && s[j].hi.compare(a.lo) < 0 {
			j++
		}
		if j == len(s) || s[j].lo.compare(a.lo) > 0 || s[j].hi.compare(a.hi) < 0 {
			return false
		}
	}
	return true
}

// meets reports whether the sets have an address in common.
func (s addrSet) meets(t addrSet) bool {
	for i, j := 0, 0; i < len(s) && j < len(t); {
		switch {
		case s[i].hi.compare(t[j].lo) < 0:
			i++
		case t[j].hi.compare(s[i].lo) < 0:
			j++
		default:
			return true
		}
	}
	return false
}

// prefixes returns the fewest blocks that make up the set, in order.
func (s addrSet) prefixes(v6 bool) []netip.Prefix {
	var out []netip.Prefix
	w := width(v6)
	for _, a := range s {
		for {
			// The largest block that starts at lo and does not pass hi.
			host := min(trailingZeros(a.lo), w)
			for host > 0 && blockEnd(a.lo, host).compare(a.hi) > 0 {
				host--
			}
			out = append(out, netip.PrefixFrom(address(a.lo, v6), w-host))
			end := blockEnd(a.lo, host)
			if end == a.hi {
				break
			}
			a.lo = end.next()
		}
	}
	return out
}

func trailingZeros(n u128) int {
	if n.lo != 0 {
		return bits.TrailingZeros64(n.lo)
	}
	return 64 + bits.TrailingZeros64(n.hi)
}

func blockEnd(lo u128, host int) u128 {
	switch {
	case host >= 128:
		return u128{^uint64(0), ^uint64(0)}
	case host >= 64:
		return u128{lo.hi | (1<<(host-64) - 1), ^uint64(0)}
	}
	return u128{lo.hi, lo.lo | (1<<host - 1)}
}
