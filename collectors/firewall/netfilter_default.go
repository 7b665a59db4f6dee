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
	v6     bool
	state  uint64
	opaque []opaqueOf
	chains []string
	steps  int
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
// certain. One chain that refuses it is enough.
func (u *unmatched) verdict(tables []*netfilter.Table, direction string) (verdict string, certain bool) {
	verdict, certain = "accept", true
	hooks := hooksOf(direction)
	for _, t := range tables {
		if !sees(t, u.v6) || t.Dormant {
			continue
		}
		for _, o := range t.Opaque {
			u.note(o)
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
			v, sure := u.walk(t, c, 0)
			if v == netfilter.Continue || v == netfilter.Return {
				v = c.Policy
			}
			if !sure {
				certain = false
				continue
			}
			if v == netfilter.Drop || v == netfilter.Reject {
				return string(v), true
			}
			if v != netfilter.Accept {
				certain = false
				u.opaque = append(u.opaque, opaqueOf{c.Name, "what does not match is given away (" + string(v) + ")", "unknown"})
			}
		}
	}
	return verdict, certain
}

func (u *unmatched) note(o netfilter.Opaque) {
	u.opaque = append(u.opaque, opaqueOf{o.Text, o.Reason, "unknown"})
}

// maxSteps bounds a walk: chains may be jumped to from many places.
const maxSteps = 1 << 20

// walk follows the packet through a chain. Continue says that it came to its end; sure
// is false where an opaque statement may have decided.
func (u *unmatched) walk(t *netfilter.Table, c *netfilter.Chain, depth int) (v netfilter.VerdictType, sure bool) {
	sure = true
	for _, r := range c.Rules {
		if u.steps++; depth > 64 || u.steps > maxSteps {
			u.opaque = append(u.opaque, opaqueOf{c.Name, "chains are too deep to follow", "unknown"})
			return netfilter.Continue, false
		}
		held := true // the packet comes to the next statement
		for _, s := range r.Statements {
			if !held {
				break
			}
			switch s := s.(type) {
			case netfilter.Match:
				held = u.holds(t, s)
			case netfilter.Map:
				for _, e := range s.Elements { // of what is for all others
					if len(e.Values) == 0 && !e.Opaque && e.Verdict != nil {
						if v, ok, sure2 := u.do(t, *e.Verdict, depth); ok {
							return v, sure && sure2
						}
					}
				}
			case netfilter.Limit:
				held = false
				if ends(r) && !s.Over { // as long as the rate is kept
					u.opaque = append(u.opaque, opaqueOf{s.Text, "it lets a number of packets meet the rule", "unknown"})
					sure = false
				}
			case netfilter.Opaque:
				if s.Decides || s.Restricts && ends(r) {
					u.note(s)
					sure = false
				}
				held = !s.Restricts
			case netfilter.Verdict:
				v, ok, sure2 := u.do(t, s, depth)
				sure = sure && sure2
				if ok {
					return v, sure
				}
			}
		}
	}
	return netfilter.Continue, sure
}

// ends reports whether a rule may give a verdict.
func ends(r *netfilter.Rule) bool {
	return slices.ContainsFunc(r.Statements, func(s netfilter.Statement) bool {
		v, ok := s.(netfilter.Verdict)
		_, isMap := s.(netfilter.Map)
		return ok && v.Type != netfilter.Continue || isMap
	})
}

// do follows a verdict; ok says that the walk of this chain ends with it.
func (u *unmatched) do(t *netfilter.Table, v netfilter.Verdict, depth int) (out netfilter.VerdictType, ok, sure bool) {
	switch v.Type {
	case netfilter.Continue:
		return v.Type, false, true
	case netfilter.Jump, netfilter.Goto:
		c := t.Chain(v.Chain)
		if c == nil {
			u.opaque = append(u.opaque, opaqueOf{v.Chain, "a chain that the table does not have", "unknown"})
			return netfilter.Continue, false, false
		}
		out, sure = u.walk(t, c, depth+1)
		back := out == netfilter.Continue || out == netfilter.Return
		if back {
			out = netfilter.Continue
		}
		return out, !back || v.Type == netfilter.Goto, sure
	}
	return v.Type, true, true
}

// holds reports whether the packet meets a match: it is new, of the family, and in no
// set that rules name.
func (u *unmatched) holds(t *netfilter.Table, m netfilter.Match) bool {
	known := uint64(0)
	switch {
	case len(m.Fields) != 1 || m.Mask != 0:
		return m.Negate
	case m.Fields[0] == netfilter.NFProto && u.v6:
		known = 10
	case m.Fields[0] == netfilter.NFProto:
		known = 2
	case m.Fields[0] == netfilter.State:
		known = netfilter.StateNew
	case m.Fields[0] == netfilter.Direction:
		known = 0
	case m.Fields[0] == netfilter.ReversePath:
		known = 1
	default:
		return m.Negate
	}
	elements := m.Elements
	if s := t.Set(m.Set); m.Set != "" && s != nil {
		elements = s.Elements
	}
	found := slices.ContainsFunc(elements, func(e netfilter.Element) bool {
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
	u := &unmatched{v6: family == "ipv6"}
	verdict, certain := u.verdict(s.rules.Tables, direction)
	it := b.Add(s.subject(direction, family), "observed", fact.Position{Source: "netlink:netfilter"})
	it.Set("name", firstOf(s.name, "host"), none).Set("product", "netfilter", none).Set("hook", direction, none).Set("family", family, none)
	it.Set("stateful", true, none)
	switch {
	case s.off(direction, u.v6):
		it.Set("default_verdict", "drop", none)
	case certain || verdict != "accept":
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
