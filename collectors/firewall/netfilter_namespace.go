package firewall

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/netfilter"
	"github.com/writ-policy/writ/engine/fact"
)

// namespaces writes the machine's network namespaces.
func (h *host) namespaces() *fact.Document {
	b := h.builder("firewall.namespace")
	for _, s := range h.spaces {
		writeNamespace(b, s)
	}
	return b.Document()
}

func writeNamespace(b *fact.Builder, s *hostSpace) {
	none := fact.Position{}
	at := fact.Position{Source: "netlink:route"}
	it := b.Add(firstOf(s.name, "host"), "observed", at)
	it.Set("netns", s.name, none)
	space := s.space
	if space == nil {
		for _, name := range []string{"interfaces", "routes", "policy_routing", "ipv6", "bridge_v4", "bridge_v6", "local_nets", "layers"} {
			it.Gap(name, s.reason, none)
		}
		return
	}
	if space.InterfacesReason != "" {
		it.Gap("interfaces", space.InterfacesReason, none)
	} else {
		it.Set("interfaces", []any{}, none)
		for _, l := range space.Interfaces {
			writeInterface(it.Append("interfaces", none), l)
		}
	}
	if space.RoutesReason != "" {
		it.Gap("routes", space.RoutesReason, none).Gap("policy_routing", space.RoutesReason, none)
	} else {
		routes := make([]any, len(space.Routes))
		for i, r := range space.Routes {
			family := "ipv4"
			if r.V6 {
				family = "ipv6"
			}
			routes[i] = object{"family": family, "type": r.Type, "table": r.Table, "destination": r.Destination.String(), "interface": r.Interface, "metric": r.Metric}
		}
		it.Set("routes", routes, none).Set("policy_routing", space.PolicyRouting, none)
	}
	if space.SettingsReason != "" {
		for _, name := range []string{"ipv6", "bridge_v4", "bridge_v6", "local_nets"} {
			it.Gap(name, space.SettingsReason, none)
		}
	} else {
		it.Set("ipv6", onOff(space.IPv6), none).Set("bridge_v4", space.BridgeV4, none).Set("bridge_v6", space.BridgeV6, none).Set("local_nets", space.LocalNets, none)
	}
	writeLayers(it, s)
}

func writeInterface(it *fact.ItemBuilder, l netfilter.Interface) {
	none := fact.Position{}
	var addresses []string
	for _, p := range l.Addresses {
		addresses = append(addresses, p.String())
	}
	it.Set("name", l.Name, none).Set("index", l.Index, none).Set("type", l.Type, none).Set("up", l.Up, none).Set("master", l.Master, none)
	it.Set("addresses", fact.Strings(addresses), none)
	if l.Reason != "" {
		for _, name := range []string{"forwarding_v4", "forwarding_v6", "reverse_path", "ipv6"} {
			it.Gap(name, l.Reason, none)
		}
		return
	}
	it.Set("forwarding_v4", l.ForwardV4, none).Set("forwarding_v6", l.ForwardV6, none)
	it.Set("reverse_path", l.ReversePath, none).Set("ipv6", onOff(l.IPv6), none)
}

// writeLayers writes what else decides. What may have been missed makes it a gap: none
// that was found is certain, but "none" is not.
func writeLayers(it *fact.ItemBuilder, s *hostSpace) {
	none := fact.Position{}
	var missed []string
	for _, r := range []string{s.space.LayersReason, s.unsure} {
		if r != "" {
			missed = append(missed, r)
		}
	}
	all := append(append([]netfilter.Layer(nil), s.space.Layers...), s.shared...)
	if len(missed) > 0 {
		for _, l := range all {
			missed = append(missed, "found: "+strings.TrimSpace(l.Type+" "+l.Place))
		}
		it.Gap("layers", strings.Join(missed, "; "), none)
		return
	}
	it.Set("layers", []any{}, none)
	for _, l := range all {
		it.Append("layers", none).Set("type", l.Type, none).Set("place", l.Place, none).Set("text", l.Text, none)
	}
}

func onOff(yes bool) string {
	if yes {
		return "on"
	}
	return "off"
}
