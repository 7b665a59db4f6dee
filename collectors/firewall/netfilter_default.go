package firewall

import (
	"fmt"
	"slices"

	"github.com/writ-policy/writ/collectors/source/netfilter"
	"github.com/writ-policy/writ/engine/fact"
)

// unmatched follows a new packet that no rule picks out through all base chains of a
// direction: rules that ask for something apply to it only where they ask for what
// every such packet is, or for what it is not.
type unmatched struct {
	v6        bool
	direction string
	opaque    []opaqueOf
	chains    []string
	steps     int
	// What else may become of it in the base chain that is walked, by rules of which it
	// is not known whether they apply.
	mayPass, mayStop bool
}

type opaqueOf struct{ text, reason, verdict string }

// hooksOf lists where the packets of a direction come by.
func hooksOf(direction string) []netfilter.Hook {
	switch direction {
	case "output":
		return []netfilter.Hook{netfilter.Output, netfilter.Postrouting, netfilter.Egress}
	case "forward":
		return []netfilter.Hook{netfilter.Ingress, netfilter.Prerouting, netfilter.Forward, netfilter.Postrouting, netfilter.Egress}
	}
	return []netfilter.Hook{netfilter.Ingress, netfilter.Prerouting, netfilter.Input}
}

// sees reports whether a table sees packets of a family that the host routes.
func sees(t *netfilter.Table, v6 bool) bool {
	switch t.Family {
	case netfilter.IPv4:
		return !v6
	case netfilter.IPv6:
		return v6
	}
	return t.Family == netfilter.Inet || t.Family == netfilter.Netdev
}

// verdict is what becomes of the packet: accept, drop or reject, and whether that is
// certain. One chain that certainly refuses it is enough.
func (u *unmatched) verdict(tables []*netfilter.Table) (verdict string, certain bool) {
	certain = true
	hooks := hooksOf(u.direction)
	for _, t := range tables {
		if !sees(t, u.v6) || t.Dormant {
			continue
		}
		for _, o := range t.Opaque {
			u.note(o.Text, o.Reason)
			certain = false
		}
		for _, c := range t.Chains {
			if !slices.Contains(hooks, c.Hook) {
				continue
			}
			u.chains = append(u.chains, fmt.Sprintf("%s %s %s %s", t.Backend, t.Family, t.Name, c.Name))
			if c.Type == "nat" {
				continue // it only says where a connection goes
			}
			u.mayPass, u.mayStop = false, false
			v := u.walk(t, c, 0)
			if v == netfilter.Continue || v == netfilter.Return {
				v = c.Policy
			}
			switch v {
			case netfilter.Drop, netfilter.Reject:
				if !u.mayPass && verdict == "" {
					verdict = string(v)
				}
				certain = certain && !u.mayPass
			case netfilter.Accept:
				certain = certain && !u.mayStop
			default:
				certain = false
				u.note(c.Name, "what does not match is given away ("+string(v)+")")
			}
		}
	}
	if verdict != "" {
		return verdict, true
	}
	return "accept", certain
}

func (u *unmatched) note(text, reason string) {
	if o := (opaqueOf{text, reason, "unknown"}); !slices.Contains(u.opaque, o) {
		u.opaque = append(u.opaque, o)
	}
}

// maxSteps bounds a walk: chains may be jumped to from many places.
const maxSteps = 1 << 20

// walk follows the packet through a chain. Continue says that it came to its end.
func (u *unmatched) walk(t *netfilter.Table, c *netfilter.Chain, depth int) netfilter.VerdictType {
	for _, r := range c.Rules {
		if u.steps++; depth > 64 || u.steps > maxSteps {
			u.note(c.Name, "chains are too deep to follow")
			u.mayPass, u.mayStop = true, true
			return netfilter.Continue
		}
		doubt := opaqueOf{} // why the packet may not come to the next statement
	statements:
		for _, s := range r.Statements {
			var given *netfilter.Verdict
			switch s := s.(type) {
			case netfilter.Match:
				if !u.holds(t, s) {
					break statements
				}
			case netfilter.Map:
				for _, e := range elementsOf(t, s.Set, s.Elements) { // of what is for all others
					if len(e.Values) == 0 && !e.Opaque {
						given = e.Verdict
					}
				}
			case netfilter.Limit:
				doubt = opaqueOf{text: s.Text, reason: "it lets a number of packets meet the rule"}
			case netfilter.Opaque:
				if s.Decides {
					u.note(s.Text, s.Reason)
					u.mayPass, u.mayStop = true, true
				}
				if s.Restricts {
					doubt = opaqueOf{text: s.Text, reason: s.Reason}
				}
			case netfilter.Verdict:
				given = &s
			}
			if given == nil {
				continue
			}
			v, ends := u.do(t, *given, depth)
			if !ends {
				continue
			}
			if doubt == (opaqueOf{}) {
				return v
			}
			u.note(doubt.text, doubt.reason)
			u.mayPass = u.mayPass || v != netfilter.Drop && v != netfilter.Reject
			u.mayStop = u.mayStop || v != netfilter.Accept
			break
		}
	}
	return netfilter.Continue
}

// do follows a verdict; ends says that the walk of the chain does with it.
func (u *unmatched) do(t *netfilter.Table, v netfilter.Verdict, depth int) (out netfilter.VerdictType, ends bool) {
	switch v.Type {
	case netfilter.Continue:
		return v.Type, false
	case netfilter.Jump, netfilter.Goto:
		c := t.Chain(v.Chain)
		if c == nil {
			u.note(v.Chain, "a chain that the table does not have")
			u.mayPass, u.mayStop = true, true
			return netfilter.Continue, false
		}
		out = u.walk(t, c, depth+1)
		if back := out == netfilter.Continue || out == netfilter.Return; back {
			return netfilter.Continue, v.Type == netfilter.Goto
		}
		return out, true
	}
	return v.Type, true
}

// holds reports whether the packet meets a match: it is new, of the family, goes where
// the direction says, and is in no set that rules name.
func (u *unmatched) holds(t *netfilter.Table, m netfilter.Match) bool {
	if len(m.Fields) != 1 {
		return m.Negate
	}
	known := uint64(0)
	switch m.Fields[0] {
	case netfilter.NFProto:
		known = map[bool]uint64{false: 2, true: 10}[u.v6]
	case netfilter.State:
		known = netfilter.StateNew
	case netfilter.Direction, netfilter.Status, netfilter.Mark, netfilter.ConnMark, netfilter.Fragment: // 0
	case netfilter.TCPFlags:
		known = 2 // syn, where it is of TCP
	case netfilter.ReversePath, netfilter.DestType: // 1 is unicast
		known = 1
		if m.Fields[0] == netfilter.DestType && u.direction == "input" {
			known = 2
		}
	default:
		return m.Negate
	}
	if m.Mask != 0 {
		known &= m.Mask
	}
	found := slices.ContainsFunc(elementsOf(t, m.Set, m.Elements), func(e netfilter.Element) bool {
		return len(e.Values) == 1 && e.Values[0].Lo <= known && known <= e.Values[0].Hi
	})
	return found != m.Negate
}

// chains writes what becomes of new packets by direction and family.
func (h *host) chains() *fact.Document {
	b := h.builder("firewall.chain")
	for _, s := range h.spaces {
		if s.rules == nil || s.name != "" && !filters(s.rules.Tables) {
			continue // a namespace inside without filters of its own is filtered outside
		}
		for _, direction := range []string{"input", "forward", "output"} {
			for _, family := range []string{"ipv4", "ipv6"} {
				writeDefault(b, s, direction, family)
			}
		}
	}
	return b.Document()
}

// filters reports whether any table may refuse packets.
func filters(tables []*netfilter.Table) bool {
	for _, t := range tables {
		if len(t.Opaque) > 0 {
			return true
		}
		for _, c := range t.Chains {
			if c.Hook != netfilter.Regular && c.Type != "nat" && (c.Policy == netfilter.Drop || len(c.Rules) > 0) {
				return true
			}
		}
	}
	return false
}

// subject is the id of a direction's chain.
func (s *hostSpace) subject(direction, family string) string {
	if s.name == "" {
		return "netfilter/" + direction + "/" + family
	}
	return s.name + "/netfilter/" + direction + "/" + family
}

func writeDefault(b *fact.Builder, s *hostSpace, direction, family string) {
	none := fact.Position{}
	u := &unmatched{v6: family == "ipv6", direction: direction}
	verdict, certain := u.verdict(s.rules.Tables)
	it := b.Add(s.subject(direction, family), "observed", fact.Position{Source: "netlink:netfilter"})
	it.Set("name", firstOf(s.name, "host"), none).Set("product", "netfilter", none).Set("hook", direction, none).Set("family", family, none)
	it.Set("stateful", true, none)
	switch {
	case s.off(direction, u.v6):
		it.Set("default_verdict", "drop", none)
	case certain:
		it.Set("default_verdict", verdict, none)
	default:
		it.Gap("default_verdict", "what is not modelled may decide: "+u.opaque[0].text+": "+u.opaque[0].reason, none)
	}
	it.Set("members", fact.Strings(u.chains), none).Set("network", "", none).Set("addresses", []any{}, none)
	it.Set("opaque", []any{}, none)
	for _, o := range u.opaque {
		it.Append("opaque", none).Set("text", o.text, none).Set("reason", o.reason, none).Set("verdict", o.verdict, none)
	}
	writeEgress(it, s, direction, u, verdict)
	log := it.Object("flow_log", none)
	log.Set("accepted", "no", none).Set("denied", "no", none).Set("logs", []any{}, none)
}

// off reports whether the kernel passes on no packet of the family in that direction.
func (s *hostSpace) off(direction string, v6 bool) bool {
	p := s.space
	if p == nil || p.SettingsReason != "" || p.InterfacesReason != "" {
		return false
	}
	if v6 && !p.IPv6 {
		return true
	}
	if direction != "forward" {
		return false
	}
	return !slices.ContainsFunc(p.Interfaces, func(l netfilter.Interface) bool {
		return l.Reason != "" || !v6 && l.ForwardV4 || v6 && l.ForwardV6
	})
}
