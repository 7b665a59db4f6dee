package firewall

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"

	"github.com/writ-policy/writ/collectors/source/netfilter"
	"github.com/writ-policy/writ/engine/fact"
)

// hostRule is a rule as far as firewall.rule says it: what it matches by field, and one
// thing that it does. A map of verdicts is as many.
type hostRule struct {
	*netfilter.Rule
	id       string
	fields   map[netfilter.Field]netfilter.Match
	opaque   []opaqueOf
	action   string
	log      string
	families [2]bool // IPv4, IPv6
}

// rulesDocument writes the rules of base chains that filter, and of those they jump to.
func (h *host) rulesDocument() *fact.Document {
	b := h.builder("firewall.rule")
	for _, s := range h.spaces {
		if s.rules == nil {
			continue
		}
		seen := map[string]bool{}
		for _, t := range s.rules.Tables {
			for _, o := range t.Opaque {
				b.Incomplete(s.label() + o.Reason)
			}
			directions := reachedFrom(t)
			for _, c := range t.Chains {
				var before []*hostRule
				for i, r := range c.Rules {
					for _, x := range split(t, r) {
						if len(directions[c.Name]) > 0 {
							s.write(b, t, c, x, i+1, directions[c.Name], before, seen)
						}
						before = append(before, x)
					}
				}
			}
		}
	}
	return b.Document()
}

// reachedFrom says for each chain of a table from which directions packets come to it.
func reachedFrom(t *netfilter.Table) map[string][]string {
	by := map[string][]string{}
	if t.Dormant || t.Family == netfilter.ARP || t.Family == netfilter.Bridge {
		return by
	}
	for _, direction := range []string{"input", "forward", "output"} {
		done := map[string]bool{}
		var todo []*netfilter.Chain
		for _, c := range t.Chains {
			if c.Type != "nat" && slices.Contains(hooksOf(direction), c.Hook) {
				todo = append(todo, c)
			}
		}
		for len(todo) > 0 {
			c := todo[0]
			todo = todo[1:]
			if c == nil || done[c.Name] {
				continue
			}
			done[c.Name] = true
			by[c.Name] = append(by[c.Name], direction)
			for _, name := range targets(t, c) {
				todo = append(todo, t.Chain(name))
			}
		}
	}
	return by
}

// targets lists the chains that a chain jumps to.
func targets(t *netfilter.Table, c *netfilter.Chain) []string {
	var names []string
	for _, r := range c.Rules {
		for _, s := range r.Statements {
			switch s := s.(type) {
			case netfilter.Verdict:
				names = append(names, s.Chain)
			case netfilter.Map:
				for _, e := range elementsOf(t, s.Set, s.Elements) {
					if e.Verdict != nil {
						names = append(names, e.Verdict.Chain)
					}
				}
			}
		}
	}
	return slices.DeleteFunc(names, func(n string) bool { return n == "" })
}

func elementsOf(t *netfilter.Table, set string, elements []netfilter.Element) []netfilter.Element {
	if s := t.Set(set); set != "" && s != nil {
		return s.Elements
	}
	return elements
}

// split makes of a rule what firewall.rule can say.
func split(t *netfilter.Table, r *netfilter.Rule) []*hostRule {
	x := &hostRule{Rule: r, id: r.ID, fields: map[netfilter.Field]netfilter.Match{}, action: "continue", log: "no"}
	x.families = [2]bool{t.Family != netfilter.IPv6, t.Family != netfilter.IPv4}
	sampled := false
	for _, s := range r.Statements {
		switch s := s.(type) {
		case netfilter.Match:
			x.match(t, s)
		case netfilter.Limit:
			sampled = true
			x.opaque = append(x.opaque, opaqueOf{s.Text, "which packets meet the rate cannot be said beforehand", "unknown"})
		case netfilter.Log:
			if x.log = "yes"; sampled {
				x.log = "sampled"
			}
			if x.action == "continue" {
				x.action = "log"
			}
		case netfilter.Opaque:
			if s.Restricts || s.Decides {
				x.opaque = append(x.opaque, opaqueOf{s.Text, s.Reason, "unknown"})
			}
		case netfilter.Verdict:
			x.end(s)
		case netfilter.Map:
			return x.spread(t, s)
		}
	}
	return []*hostRule{x}
}

func (x *hostRule) end(v netfilter.Verdict) {
	switch v.Type {
	case netfilter.Accept, netfilter.Drop, netfilter.Reject, netfilter.Return:
		x.action = string(v.Type)
	case netfilter.Jump, netfilter.Goto:
		x.action = "jump"
	case netfilter.Queue, netfilter.Stolen:
		x.opaque = append(x.opaque, opaqueOf{string(v.Type), "another program decides, or the packet is taken elsewhere", "unknown"})
	}
}

// spread makes a rule of each element of a map of verdicts.
func (x *hostRule) spread(t *netfilter.Table, m netfilter.Map) []*hostRule {
	var list []*hostRule
	if s := t.Set(m.Set); m.Set != "" && (s == nil || s.Unread != "" || s.Dynamic) {
		x.opaque = append(x.opaque, opaqueOf{"@" + m.Set, "the members of the map are not known for sure", "unknown"})
	}
	for i, e := range elementsOf(t, m.Set, m.Elements) {
		y := *x
		y.id = x.id + "/" + strconv.Itoa(i+1)
		y.fields = map[netfilter.Field]netfilter.Match{}
		for f, held := range x.fields {
			y.fields[f] = held
		}
		y.opaque = slices.Clone(x.opaque)
		switch {
		case e.Opaque || e.Verdict == nil:
			y.opaque = append(y.opaque, opaqueOf{netfilter.PrintElement(e), "an element that could not be read", "unknown"})
		case len(e.Values) == 0:
			y.opaque = append(y.opaque, opaqueOf{"*", "what no other element of the map names", "unknown"})
		}
		if len(e.Values) == len(m.Fields) {
			for j, f := range m.Fields {
				y.match(t, netfilter.Match{Fields: []netfilter.Field{f}, Elements: []netfilter.Element{{Values: []netfilter.Value{e.Values[j]}}}})
			}
		}
		if e.Verdict != nil {
			y.end(*e.Verdict)
		}
		list = append(list, &y)
	}
	if list == nil {
		list = []*hostRule{x}
	}
	return list
}

// match notes a match by its field; one of several fields, or a second one of a field,
// is opaque.
func (x *hostRule) match(t *netfilter.Table, m netfilter.Match) {
	if len(m.Fields) == 1 {
		f := m.Fields[0]
		if f == netfilter.NFProto && m.Mask == 0 && m.Set == "" {
			for i, n := range []uint64{2, 10} {
				in := slices.ContainsFunc(m.Elements, func(e netfilter.Element) bool {
					return len(e.Values) == 1 && e.Values[0].Lo <= n && n <= e.Values[0].Hi
				})
				x.families[i] = x.families[i] && in != m.Negate
			}
			return
		}
		if _, twice := x.fields[f]; !twice && m.Mask == 0 && sayable(t, f, m) {
			x.fields[f] = m
			return
		}
	}
	x.opaque = append(x.opaque, opaqueOf{netfilter.Print(m), "a match that has no field here", "unknown"})
}

// sayable reports whether a match can be told by the fields of firewall.rule.
func sayable(t *netfilter.Table, f netfilter.Field, m netfilter.Match) bool {
	switch f {
	case netfilter.SourceAddr, netfilter.DestAddr:
		return m.Set == "" || !m.Negate
	case netfilter.SourcePort, netfilter.DestPort:
		return m.Set == "" || t.Set(m.Set) != nil && t.Set(m.Set).Unread == "" && !t.Set(m.Set).Dynamic
	case netfilter.Protocol, netfilter.InInterface, netfilter.OutInterface:
		return m.Set == "" && !m.Negate && len(m.Elements) == 1 && len(m.Elements[0].Values) == 1 && m.Elements[0].Values[0].Lo == m.Elements[0].Values[0].Hi
	case netfilter.State:
		return m.Set == ""
	}
	return false
}

// write writes a rule. Where chains are reached from several directions the first says
// the hook.
func (s *hostSpace) write(b *fact.Builder, t *netfilter.Table, c *netfilter.Chain, x *hostRule, position int, directions []string, before []*hostRule, seen map[string]bool) {
	none := fact.Position{}
	id := x.id
	if s.name != "" {
		id = s.name + "/" + id
	}
	if seen[id] {
		return
	}
	seen[id] = true
	it := b.Add(id, "observed", x.Pos)
	it.Set("name", string(t.Backend)+" "+string(t.Family)+" "+t.Name+" "+c.Name, none)
	var chains []string
	for _, d := range directions {
		for i, family := range []string{"ipv4", "ipv6"} {
			if x.families[i] {
				chains = append(chains, b.Document().Target.ID+"#"+s.subject(d, family))
			}
		}
	}
	it.Set("chain", fact.Strings(chains), none).Set("hook", directions[0], none).Set("position", position, none)
	x.writeMatch(it.Object("match", x.Pos), t)
	it.Set("action", x.action, none).Set("log", x.log, none)
	rationale{comment: x.Comment, at: x.Pos, pos: x.Pos}.write(it)
	it.Set("managed_by", managedBy(x.Owner), none)
	if covering, why := coveredBy(x, before); why != "" {
		it.Gap("shadowed_by", why, none)
	} else {
		var refs []string
		for _, id := range covering {
			if s.name != "" {
				id = s.name + "/" + id
			}
			refs = append(refs, b.Document().Target.ID+"#"+id)
		}
		it.Set("shadowed_by", fact.Strings(refs), none)
	}
	it.Set("opaque", []any{}, none)
	for _, o := range x.opaque {
		it.Append("opaque", none).Set("text", o.text, none).Set("reason", o.reason, none)
	}
}

func managedBy(owner string) string {
	switch owner {
	case "":
		return "none"
	case netfilter.KubeProxy:
		return "kube_proxy"
	}
	return owner
}

func (x *hostRule) writeMatch(it *fact.ItemBuilder, t *netfilter.Table) {
	none := fact.Position{}
	it.Set("protocol", protocolName(x.fields[netfilter.Protocol]), none)
	x.writeBlocks(it, "sources", netfilter.SourceAddr)
	x.writeBlocks(it, "destinations", netfilter.DestAddr)
	for name, f := range map[string]netfilter.Field{"source_ports": netfilter.SourcePort, "destination_ports": netfilter.DestPort} {
		it.Set(name, []any{}, none)
		m, ok := x.fields[f]
		if !ok {
			continue
		}
		var ranges []portRange
		for _, e := range elementsOf(t, m.Set, m.Elements) {
			if len(e.Values) == 1 {
				ranges = append(ranges, portRange{int(e.Values[0].Lo), int(e.Values[0].Hi)})
			}
		}
		if m.Negate {
			ranges = otherPorts(ranges)
		}
		for _, r := range ranges {
			it.Append(name, none).Set("from", r.from, none).Set("to", r.to, none)
		}
	}
	for name, f := range map[string]netfilter.Field{"in_interface": netfilter.InInterface, "out_interface": netfilter.OutInterface} {
		text := ""
		if m, ok := x.fields[f]; ok {
			text = m.Elements[0].Values[0].Name
		}
		it.Set(name, text, none)
	}
	var states []string
	if m, ok := x.fields[netfilter.State]; ok {
		for name, n := range map[string]uint64{"invalid": netfilter.StateInvalid, "established": netfilter.StateEstablished, "related": netfilter.StateRelated, "new": netfilter.StateNew, "untracked": netfilter.StateUntracked} {
			in := slices.ContainsFunc(m.Elements, func(e netfilter.Element) bool {
				return len(e.Values) == 1 && e.Values[0].Lo <= n && n <= e.Values[0].Hi
			})
			if in != m.Negate {
				states = append(states, name)
			}
		}
	}
	it.Set("states", fact.Strings(states), none)
}

type portRange struct{ from, to int }

// otherPorts are all ports but those of the ranges.
func otherPorts(ranges []portRange) []portRange {
	slices.SortFunc(ranges, func(a, b portRange) int { return cmp.Compare(a.from, b.from) })
	next := 0
	var out []portRange
	for _, r := range ranges {
		if r.from > next {
			out = append(out, portRange{next, r.from - 1})
		}
		next = max(next, r.to+1)
	}
	if next <= 65535 {
		out = append(out, portRange{next, 65535})
	}
	return out
}

func protocolName(m netfilter.Match) string {
	if len(m.Elements) == 0 {
		return "any"
	}
	switch n := m.Elements[0].Values[0].Lo; n {
	case 1:
		return "icmp"
	case 6:
		return "tcp"
	case 17:
		return "udp"
	case 58:
		return "icmpv6"
	case 132:
		return "sctp"
	default:
		return strconv.FormatUint(n, 10)
	}
}

// writeBlocks writes one side's addresses; a named set stands as a list of that name.
func (x *hostRule) writeBlocks(it *fact.ItemBuilder, name string, f netfilter.Field) {
	none := fact.Position{}
	it.Set(name, []any{}, none)
	add := func(kind, family, cidr, label string) {
		it.Append(name, none).Set("type", kind, none).Set("family", family, none).Set("cidr", cidr, none).Set("name", label, none)
	}
	families := []string{"ipv4", "ipv6"}
	m, ok := x.fields[f]
	if ok && m.Set != "" {
		for i, family := range families {
			if x.families[i] {
				add("prefix_list", family, "", m.Set)
			}
		}
		return
	}
	for i, family := range families {
		if !x.families[i] {
			continue
		}
		set := everything(i == 1)
		if ok {
			set = addrSet{}
			for _, e := range m.Elements {
				if len(e.Values) == 1 && e.Values[0].From.IsValid() && e.Values[0].From.Is6() == (i == 1) {
					set = set.union(rangeOf(e.Values[0].From, e.Values[0].To))
				}
			}
			if m.Negate {
				set = everything(i == 1).minus(set)
			}
		}
		for _, p := range set.prefixes(i == 1) {
			add("cidr", family, p.String(), "")
		}
	}
}

func rangeOf(from, to netip.Addr) addrSet { return addrSet{span{number(from), number(to)}} }
