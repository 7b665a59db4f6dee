package firewall

import (
	"net/netip"
	"slices"

	"github.com/writ-policy/writ/engine/fact"
)

func (f *facts) writeScopes(it *fact.ItemBuilder, e exposure, r reach) {
	var reached []string
	gap := ""
	must := [2]int{}
	may := [2]int{}
	for i, v6 := range []bool{false, true} {
		must[i], may[i] = f.scopes(e, r, v6)
		name := [...]string{"scope_v4", "scope_v6"}[i]
		at := f.widest(e, r, v6)
		switch {
		case must[i] == may[i] || must[i] == scopeInternet:
			it.Set(name, scopes[must[i]], at)
		case may[i] <= scopeInternal:
			it.Set(name, scopes[may[i]], at) // no wider than that, whatever is not known
		default:
			it.Gap(name, r.why(), at)
		}
		switch {
		case must[i] > scopeNone:
			reached = append(reached, family(v6))
		case may[i] > scopeNone:
			gap = r.why()
		}
	}
	if gap != "" {
		it.Gap("families", gap, r.at)
	} else {
		it.Set("families", fact.Strings(reached), r.at)
	}
	if r.v6 == "" {
		it.Gap("ipv6", e.port.why("families"), e.portAt("families"))
	} else {
		it.Set("ipv6", r.v6, e.portAt("families"))
	}
	f.writeExcess(it, e, r, must, may)
}

// widest is where the rule stands that lets in the widest scope.
func (f *facts) widest(e exposure, r reach, v6 bool) fact.Position {
	at, most := r.at, scopeNone
	for _, d := range e.admission.deciders {
		if n := scopeOf(d.may.of(v6), v6, f.networks); n > most {
			at, most = d.rule.source(everywhere(v6)), n
		}
	}
	return at
}

func everywhere(v6 bool) netip.Prefix {
	if v6 {
		return netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	}
	return netip.PrefixFrom(netip.IPv4Unspecified(), 0)
}

// scopes are the widest scope that certainly and that possibly is reached from.
func (f *facts) scopes(e exposure, r reach, v6 bool) (must, may int) {
	must, may = scopeOf(r.must.of(v6), v6, f.networks), scopeOf(r.may.of(v6), v6, f.networks)
	present := !v6 && (!e.familiesOK || slices.Contains(e.families, "ipv4")) || v6 && r.v6 != "off"
	for _, g := range r.groups {
		if !present {
			continue
		}
		may = max(may, scopeInternal)
		if g.certain && !(v6 && r.v6 == "") {
			must = max(must, scopeInternal)
		}
	}
	if e.cap >= 0 {
		must, may = min(must, e.cap), min(may, e.cap)
	}
	return must, may
}

// writeExcess compares the families: IPv6 addresses are in excess if they are
// farther away than anything that gets in by IPv4, or in a network of the register
// whose IPv4 blocks do not get in. Blocks that hold such addresses are listed as
// they get in.
func (f *facts) writeExcess(it *fact.ItemBuilder, e exposure, r reach, must, may [2]int) {
	certain := f.excess(r.must.v6, r.may.v4, min(may[0], f.capOf(e)), f.capOf(e))
	possible := f.excess(r.may.v6, r.must.v4, must[0], f.capOf(e))
	switch {
	case !certain.empty():
		var blocks []netip.Prefix
		for _, p := range r.must.v6.prefixes(true) {
			if certain.touches(p) {
				blocks = append(blocks, p)
			}
		}
		it.Set("excess_v6", cut(blocks), e.placeOf(blocks[0]))
	case !possible.empty():
		it.Gap("excess_v6", r.why(), r.at)
	default:
		it.Set("excess_v6", []any{}, r.at)
	}
}

func (f *facts) capOf(e exposure) int {
	if e.cap < 0 {
		return scopeInternet
	}
	return e.cap
}

func (f *facts) excess(v6, v4 addrSet, widest, limit int) addrSet {
	var out addrSet
	v6 = v6.minus(loopback().v6)
	rest := v6
	for _, n := range f.networks {
		mine := v6.intersect(n.addresses.v6)
		if !mine.empty() && !n.addresses.v4.empty() && !v4.meets(n.addresses.v4) {
			out = out.union(mine)
		}
		if min(n.scope, limit) > widest {
			out = out.union(v6.intersect(believed(n.addresses.v6, true)))
		}
		rest = rest.minus(believed(n.addresses.v6, true))
	}
	if scopeInternal > widest {
		out = out.union(rest.intersect(internal().v6))
	}
	if min(scopeInternet, limit) > widest {
		out = out.union(rest.minus(internal().v6))
	}
	return out
}

func cut(list []netip.Prefix) []any {
	out := []any{}
	for _, p := range list[:min(len(list), most)] {
		out = append(out, p.String())
	}
	return out
}
