package firewall

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

func (f *facts) writeHost(b *fact.Builder, h hostExposure) {
	it := b.Add(h.id, "observed", h.at)
	none := fact.Position{}
	it.Set("of", h.of, none).Set("listener", []any{h.port.ref()}, none).Set("published", []any{}, none)
	it.Set("via", h.via, none)
	set(it, h.gaps, "chain", fact.Strings(h.chains), none)
	it.Set("product", h.product, none)
	set(it, h.gaps, "protocol", h.q.protocol, h.port.at("protocol"))
	address, _ := textOf(h.port.item, "address")
	set(it, h.gaps, "address", address, h.port.at("address"))
	set(it, h.gaps, "port_from", h.q.from, h.port.at("port"))
	set(it, h.gaps, "port_to", h.q.to, h.port.at("port"))
	h.writeStore(it)

	r := h.reach()
	r.at = cmp.Or(r.at, h.at)
	it.Set("verdict", h.verdict(r), r.at)
	it.Set("paths", []any{}, r.at)
	if h.lone {
		h.writeLone(it)
	} else {
		for i := range h.reached {
			h.writePaths(it, i == 1)
		}
	}
	f.writeScopes(it, h.exposure, r)
	if h.sibling != nil && slices.Contains(h.families, "ipv6") && !slices.Contains(h.families, "ipv4") {
		f.writeExcessOver(it, h, r)
	}
	f.writeResidual(it, h.exposure, r)
	f.writeEnvironments(it, h.exposure, r)
	h.writeContainer(it)
}

// holding are the protocols of services that hold data.
var holding = []string{
	"cassandra", "clickhouse", "couchdb", "elasticsearch", "etcd", "influxdb", "kafka", "memcached", "mongodb", "mssql", "mysql", "opensearch", "oracle", "postgres", "rabbitmq", "redis",
}

// writeStore: which data store it is, if it is one, its own facts would have to say.
func (h *hostExposure) writeStore(it *fact.ItemBuilder) {
	if slices.Contains(holding, h.product) {
		it.Gap("store", "the facts of the data store behind it were not collected", h.at)
		return
	}
	it.Set("store", []any{}, fact.Position{})
}

// verdict is the best that any source gets.
func (h *hostExposure) verdict(r reach) string {
	best := unreachable
	for _, list := range h.groups {
		for _, g := range list {
			best = max(best, g.verdict)
		}
	}
	switch {
	case h.lone:
		return "reachable"
	case r.must.empty() && (h.reason != "" || h.past() != ""):
		return "unknown"
	case r.must.empty() && !r.may.empty() && best > conditional:
		return "unknown" // only sources that no route leads here from
	}
	return verdictName(best)
}

// past is what may send packets past netfilter.
func (h *hostExposure) past() string {
	if h.machine.unsure != "" {
		return h.machine.unsure
	}
	return h.machine.beside(true)
}

func verdictName(v verdict) string {
	switch v {
	case reachable:
		return "reachable"
	case limited, conditional:
		return "conditional"
	case unreachable:
		return "unreachable"
	}
	return "unknown"
}

// writeLone: the host's own packets come by no filter that this reading evaluates.
func (h *hostExposure) writeLone(it *fact.ItemBuilder) {
	none := fact.Position{}
	for _, v6 := range []bool{false, true} {
		if !slices.Contains(h.families, family(v6)) {
			continue
		}
		for _, p := range loopback().of(v6).prefixes(v6) {
			it.Append("paths", h.at).Set("cidr", p.String(), none).Set("group", "", none).Set("family", family(v6), none).Set("verdict", "reachable", none).
				Set("logged", "no", none).Set("log_per_second", 0, none).Set("note", h.note, none).Set("rules", []any{}, none)
		}
	}
}

// writePaths writes one path for each block with an answer of its own; the group that
// holds most addresses is the rest.
func (h *hostExposure) writePaths(it *fact.ItemBuilder, v6 bool) {
	i := 0
	if v6 {
		i = 1
	}
	list := h.groups[i]
	if h.reason != "" && slices.Contains(h.families, family(v6)) {
		list = []group{{answer: answer{verdict: unknown, recording: recordingUnknown}, set: everything(v6), why: h.reason}}
	}
	if len(list) == 0 {
		return
	}
	rest := 0
	for j := range list {
		if sizeOf(list[j].set).compare(sizeOf(list[rest].set)) > 0 {
			rest = j
		}
	}
	type one struct {
		prefix netip.Prefix
		group  *group
	}
	var named []one
	for j := range list {
		if j == rest {
			continue
		}
		blocks := list[j].set.prefixes(v6)
		for _, p := range blocks[:min(len(blocks), most)] {
			named = append(named, one{p, &list[j]})
		}
	}
	slices.SortFunc(named, func(a, b one) int {
		return cmp.Or(a.prefix.Addr().Compare(b.prefix.Addr()), a.prefix.Bits()-b.prefix.Bits())
	})
	for _, n := range named {
		h.path(it, n.prefix.String(), v6, *n.group)
	}
	for j := range list {
		if blocks := list[j].set.prefixes(v6); j != rest && len(blocks) > most {
			g := list[j]
			g.unless = itoa(len(blocks)-most) + " further blocks"
			h.path(it, "", v6, g)
		}
	}
	cidr := ""
	if len(list) == 1 && list[0].verdict != unreachable {
		cidr = everywhere(v6).String()
	}
	h.path(it, cidr, v6, list[rest])
}

// sizeOf counts the addresses of a set, as far as a number holds.
func sizeOf(s addrSet) u128 {
	var n u128
	for _, a := range s {
		d := u128{a.hi.hi - a.lo.hi, a.hi.lo - a.lo.lo}
		if a.hi.lo < a.lo.lo {
			d.hi--
		}
		lo := n.lo + d.lo
		n.hi += d.hi
		if lo < n.lo {
			n.hi++
		}
		n.lo = lo
		if next := n.next(); (next != u128{}) {
			n = next
		}
	}
	return n
}

func (h *hostExposure) path(it *fact.ItemBuilder, cidr string, v6 bool, g group) {
	none := fact.Position{}
	v := verdictName(g.verdict)
	if g.verdict == unreachable && h.past() != "" {
		v = "unknown"
	}
	at := h.at
	o := it.Append("paths", at).Set("cidr", cidr, none).Set("group", "", none).Set("family", family(v6), none).Set("verdict", v, none)
	refs := make([]string, len(g.rules))
	for i, id := range g.rules {
		refs[i] = h.target.ID + "#" + id
	}
	o.Set("rules", fact.Strings(refs), none).Set("note", h.noteOf(v6, g), none)
	p := h.machine.programs[0]
	rate := 0.0
	if g.recording == recording(sampled) {
		rate = p.rates[0]
		if v6 {
			p = h.machine.programs[1]
		}
		if int(g.rate) < len(p.rates) {
			rate = p.rates[g.rate]
		}
	}
	o.Set("log_per_second", rate, none)
	if g.recording == recordingUnknown {
		o.Gap("logged", cmp.Or(g.why, "whether it is recorded hangs on what is not modelled"), none)
		return
	}
	o.Set("logged", [...]string{"no", "sampled", "yes"}[g.recording], none)
}

// noteOf is what else decides about a group.
func (h *hostExposure) noteOf(v6 bool, g group) string {
	var notes []string
	say := func(text string) {
		if text != "" {
			notes = append(notes, text)
		}
	}
	switch g.verdict {
	case limited:
		say("as long as a rate is kept: " + g.why)
	case conditional:
		say("when members of a set change: " + g.why)
	case unknown:
		say(g.why)
	}
	say(g.unless)
	if g.verdict == unreachable {
		if past := h.past(); past != "" {
			say("unreachable by netfilter; not modelled: " + past)
		} else if other := h.machine.beside(false); other != "" {
			say("unreachable by netfilter")
		}
		return strings.Join(notes, "; ")
	}
	if other := h.machine.beside(false); other != "" && g.verdict != unknown {
		say("reachable unless refused by " + other)
	}
	i := 0
	if v6 {
		i = 1
	}
	if r := h.reached[i]; r != nil && len(r.narrowed) > 0 {
		say("some only from source port " + portList(r.narrowed))
	}
	say(h.note)
	return strings.Join(notes, "; ")
}

func portList(list []uint16) string {
	var out []string
	for _, p := range list[:min(len(list), 4)] {
		out = append(out, itoa(int(p)))
	}
	return strings.Join(out, ", ")
}

// writeExcessOver compares a listener by IPv6 with the one by IPv4 on the same port.
func (f *facts) writeExcessOver(it *fact.ItemBuilder, h hostExposure, r reach) {
	var v4 bounds
	p := h.machine.programs[0]
	for cell, a := range h.sibling.answers {
		s := addrSet{p.cuts.span(run{int32(cell), int32(cell)})}
		if a.verdict >= limited {
			v4.must.v4 = append(v4.must.v4, s...)
		}
		if a.verdict != unreachable {
			v4.may.v4 = append(v4.may.v4, s...)
		}
	}
	r.must.v4, r.may.v4 = normal(v4.must.v4), normal(v4.may.v4)
	e := h.exposure
	e.families = []string{"ipv4", "ipv6"}
	var must, may [2]int
	for i, v6 := range []bool{false, true} {
		must[i], may[i] = f.scopes(e, r, v6)
	}
	f.writeExcess(it, e, r, must, may)
}

// writeContainer writes whom the forward path admits and the input chain would refuse.
func (h *hostExposure) writeContainer(it *fact.ItemBuilder) {
	if h.via != "container" {
		it.Set("excess_container", []any{}, fact.Position{})
		return
	}
	if h.reason != "" {
		it.Gap("excess_container", h.reason, h.at)
		return
	}
	var blocks []netip.Prefix
	doubt := ""
	for i, r := range h.reached {
		if r == nil {
			continue
		}
		p := h.machine.programs[i]
		var s addrSet
		for cell, yes := range r.excess {
			switch yes {
			case always:
				s = append(s, p.cuts.span(run{int32(cell), int32(cell)}))
			case perhaps:
				doubt = "whether the input chain of the host would refuse them is not certain"
			}
		}
		blocks = append(blocks, normal(s).prefixes(i == 1)...)
	}
	if len(blocks) == 0 && doubt != "" {
		it.Gap("excess_container", doubt, h.at)
		return
	}
	it.Set("excess_container", cut(blocks), h.at)
}
