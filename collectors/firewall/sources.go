package firewall

import "net/netip"

// sources is a set of addresses of both families.
type sources struct{ v4, v6 addrSet }

func allSources() sources { return sources{everything(false), everything(true)} }

// sourcesOf is the union of blocks of any family.
func sourcesOf(prefixes ...netip.Prefix) sources {
	var v4, v6 []netip.Prefix
	for _, p := range prefixes {
		if p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	return sources{setOf(v4...), setOf(v6...)}
}

func (s sources) of(v6 bool) addrSet {
	if v6 {
		return s.v6
	}
	return s.v4
}

func (s sources) empty() bool { return s.v4.empty() && s.v6.empty() }

func (s sources) union(t sources) sources {
	return sources{s.v4.union(t.v4), s.v6.union(t.v6)}
}

func (s sources) intersect(t sources) sources {
	return sources{s.v4.intersect(t.v4), s.v6.intersect(t.v6)}
}

func (s sources) minus(t sources) sources {
	return sources{s.v4.minus(t.v4), s.v6.minus(t.v6)}
}

func (s sources) covers(t sources) bool { return s.v4.covers(t.v4) && s.v6.covers(t.v6) }

// prefixes lists the fewest blocks, IPv4 first.
func (s sources) prefixes() []netip.Prefix {
	return append(s.v4.prefixes(false), s.v6.prefixes(true)...)
}

// bounds are the sources that certainly and those that possibly are meant, with
// must a subset of may. Where everything is known the two are equal.
type bounds struct{ must, may sources }

func exactly(s sources) bounds { return bounds{s, s} }

// possibly is a set of which nothing is certain.
func possibly(s sources) bounds { return bounds{may: s} }

func (b bounds) union(c bounds) bounds {
	return bounds{b.must.union(c.must), b.may.union(c.may)}
}

func (b bounds) intersect(c bounds) bounds {
	return bounds{b.must.intersect(c.must), b.may.intersect(c.may)}
}

// uncertain forgets what is certain.
func (b bounds) uncertain() bounds { return bounds{may: b.may} }

// unionOfBounds is the union of many, sorted once.
func unionOfBounds(list []bounds) bounds {
	pick := func(f func(bounds) addrSet) addrSet {
		sets := make([]addrSet, len(list))
		for i, b := range list {
			sets[i] = f(b)
		}
		return unionOf(sets)
	}
	return bounds{
		must: sources{pick(func(b bounds) addrSet { return b.must.v4 }), pick(func(b bounds) addrSet { return b.must.v6 })},
		may:  sources{pick(func(b bounds) addrSet { return b.may.v4 }), pick(func(b bounds) addrSet { return b.may.v6 })},
	}
}
