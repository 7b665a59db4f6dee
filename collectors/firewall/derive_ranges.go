package firewall

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

func itoa(n int) string { return strconv.Itoa(n) }

// ofChain yields the exposures of a security group: its rules' port ranges, cut
// where the rules change, without the ports that something published has of the
// same group. A rule for all protocols is a range of its own, which stands for
// what no other names.
func (f *facts) ofChain(c *filterChain) []exposure {
	rules := f.rules[c.ref()]
	var out []exposure
	seen := map[string]bool{}
	add := func(q query, at fact.Position, gaps map[string]string) {
		e := exposure{
			id: c.name + "/" + q.text(), of: "firewall.chain", target: c.doc.Target, chains: []string{c.ref()}, gaps: gaps,
			q: q, at: at, cap: scopeInternet, families: []string{"ipv4", "ipv6"}, familiesOK: true, flow: readFlow(c.entry),
		}
		e.admission = f.ofGroup(c.ref(), q)
		for _, name := range []string{"hook", "product"} {
			if c.item[name] == nil {
				e.admission.doubt(c.why(name))
			}
		}
		nobody := e.admission.may.empty() && len(e.admission.groups) == 0
		if !seen[e.id] && !nobody && !(c.prioritised() && len(e.admission.deciders) == 0 && len(e.admission.groups) == 0) {
			seen[e.id] = true
			out = append(out, e)
		}
	}
	for _, protocol := range portProtocols(rules) {
		for _, q := range f.uncovered(c, ranges(rules, protocol)) {
			add(q, firstPosition(rules, q), map[string]string{})
		}
	}
	for _, r := range rules {
		switch {
		case icmp(r.protocol), c.prioritised() && !r.accept:
		case r.protocol == vpc.Any:
			add(query{vpc.Any, 0, 65535, true}, r.at(), map[string]string{})
		case portless(r.protocol):
			add(query{r.protocol, 0, 0, true}, r.at(), map[string]string{})
		case r.protocol == "" || !r.portsKnown:
			e := exposure{q: query{protocol: r.protocol, to: 65535, portsKnown: r.portsKnown}, gaps: map[string]string{}}
			if r.portsKnown {
				e.q.from, e.q.to = r.from, r.to
			}
			e.unknownQuery(r)
			add(e.q, r.at(), e.gaps)
		}
	}
	if c.unread {
		reason := c.opaque[0]
		add(query{to: 65535}, c.at("opaque"), map[string]string{"protocol": reason, "port_from": reason, "port_to": reason})
	}
	return out
}

// text is "tcp/5432", "tcp/8000-8010", "any", with "unknown" for what is not known.
func (q query) text() string {
	switch {
	case q.protocol == "":
		return "unknown"
	case !q.portsKnown:
		return q.protocol + "/unknown"
	case !vpc.HasPorts(q.protocol):
		return q.protocol
	case q.from == q.to:
		return fmt.Sprintf("%s/%d", q.protocol, q.from)
	}
	return fmt.Sprintf("%s/%d-%d", q.protocol, q.from, q.to)
}

func portProtocols(rules []*filterRule) []string {
	var list []string
	for _, r := range rules {
		if vpc.HasPorts(r.protocol) && r.portsKnown && !slices.Contains(list, r.protocol) {
			list = append(list, r.protocol)
		}
	}
	slices.Sort(list)
	return list
}

// ranges are the port ranges of a protocol that rules name, cut where the rules
// that name them change and joined where they do not.
func ranges(rules []*filterRule, protocol string) []query {
	var mine []*filterRule
	for _, r := range rules {
		if r.protocol == protocol && r.portsKnown {
			mine = append(mine, r)
		}
	}
	var out []query
	var last []bool
	for _, cell := range portCells(mine, query{protocol, 0, 65535, true}) {
		by := make([]bool, len(mine))
		for i, r := range mine {
			by[i] = r.from <= cell.from && cell.to <= r.to
		}
		n := len(out)
		switch {
		case !slices.Contains(by, true):
		case n > 0 && out[n-1].to+1 == cell.from && slices.Equal(by, last):
			out[n-1].to = cell.to
		default:
			out = append(out, cell)
		}
		last = by
	}
	return out
}

// uncovered cuts off the ports that published ports behind the group have.
func (f *facts) uncovered(c *filterChain, list []query) []query {
	for _, p := range f.behind[c.ref()] {
		q := queryOf(p)
		if !q.certain() {
			continue
		}
		list = without(list, q)
	}
	return list
}

// without cuts the ports of a range off others.
func without(list []query, q query) []query {
	var rest []query
	for _, r := range list {
		if r.protocol != q.protocol || q.to < r.from || r.to < q.from {
			rest = append(rest, r)
			continue
		}
		if r.from < q.from {
			rest = append(rest, query{r.protocol, r.from, q.from - 1, true})
		}
		if q.to < r.to {
			rest = append(rest, query{r.protocol, q.to + 1, r.to, true})
		}
	}
	return rest
}

// addPort notes a published port, also with each chain in front of it.
func (f *facts) addPort(p entry) {
	f.ports = append(f.ports, p)
	groups, _ := objectsOf(p.item, "groups")
	var chains []string
	filters, _ := objectsOf(p.item, "network_acls")
	for _, g := range append(groups[:len(groups):len(groups)], filters...) {
		refs, _ := textsOf(g, "chain")
		for _, ref := range refs {
			if !slices.Contains(chains, ref) {
				chains = append(chains, ref)
				f.behind[ref] = append(f.behind[ref], p)
			}
		}
	}
}

func firstPosition(rules []*filterRule, q query) fact.Position {
	for _, r := range rules {
		if r.protocol == q.protocol && r.portsKnown && r.from <= q.from && q.to <= r.to {
			return r.at()
		}
	}
	return fact.Position{}
}
