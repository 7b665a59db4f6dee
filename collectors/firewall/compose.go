package firewall

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/compose"
	"github.com/writ-policy/writ/engine/fact"
)

// composed returns a document of chains and one of rules for each Compose project.
// The only filter that such files declare is that of an internal network: nobody from
// elsewhere gets in, and nothing gets out but to the host. It has no rules. The
// engine forwards what a service publishes in front of the rules for what comes in to
// the host, so those of the host say nothing about it: how far a port goes is what
// port.published says.
func composed(env *collectors.Env) []*fact.Document {
	chains := func(b *fact.Builder, t *compose.Target) {
		for _, p := range t.Projects {
			internalNetworks(b, p)
			for _, s := range p.Services {
				for _, at := range toHost(s) {
					if p.Tells(at) {
						env.Diagnose(fact.Diagnostic{Severity: "warning", Summary: "a service calls its host", Pos: at,
							Detail: s.ID() + " has a name for it (host-gateway), and what the host itself listens on is not part of these files", Hint: "check the host as well"})
					}
				}
			}
		}
	}
	none := func(*fact.Builder, *compose.Target) {}
	return append(compose.Documents(env, "firewall", "firewall.chain", chains), compose.Documents(env, "firewall", "firewall.rule", none)...)
}

// toHost returns where a service names its host by the address that the engine knows.
func toHost(s *compose.Service) []fact.Position {
	var out []fact.Position
	hosts := s.Get("extra_hosts")
	entries, _ := hosts.List()
	if hosts != nil && len(hosts.Keys) > 0 {
		entries = hosts.Elems
	}
	for _, e := range entries {
		all := append([]*compose.Value{e}, e.Elems...)
		if slices.ContainsFunc(all, func(v *compose.Value) bool { return v.Scalar() && strings.HasSuffix(v.Text, "host-gateway") }) {
			out = append(out, e.Pos)
		}
	}
	return out
}

// internalNetworks writes the two directions of each network that is internal, or may
// be.
// https://docs.docker.com/reference/compose-file/networks/#internal
func internalNetworks(b *fact.Builder, p *compose.Project) {
	if v := p.Networks; v != nil && v.Reason != "" {
		b.Incomplete(p.ID("networks") + ": " + v.Reason)
		return
	}
	if p.Networks == nil {
		return
	}
	for i, key := range p.Networks.Keys {
		n := p.Networks.Elems[i]
		internal := n.Get("internal").Bool(false, key.Pos)
		if internal.Known() && !internal.Value || !p.Tells(key.Pos) && !p.TellsAny(n) {
			continue
		}
		for _, hook := range []string{"input", "output"} {
			internalChain(b, p, key, n, internal, hook)
		}
	}
}

func internalChain(b *fact.Builder, p *compose.Project, key compose.Key, n *compose.Value, internal aws.Answer[bool], hook string) {
	id, at := p.ID("networks", key.Name), internal.Pos
	it := b.Add(id+"/"+hook, "declared", at)
	it.Set("name", key.Name, key.Pos).Set("product", "compose_network", at).Set("hook", hook, at).Set("family", "inet", at).Set("stateful", true, at)
	aws.Then(internal, func(bool) string { return "drop" }).Put(it, "default_verdict")
	it.Set("members", []any{id}, at).Set("network", id, key.Pos).Set("addresses", []any{}, at).Set("opaque", []any{}, at)
	if reason := beyond(n); reason != "" {
		it.Append("opaque", at).Set("text", "internal", at).Set("reason", reason, at).Set("verdict", "unknown", at)
	}
	if hook == "output" {
		it.Append("opaque", at).Set("text", "host", at).Set("reason", "the addresses of the host itself can be reached", at).Set("verdict", "accept", at)
		it.Gap("residual_egress", "the addresses of the host are not declared", at)
	} else {
		it.Set("residual_egress", []any{}, at)
	}
	const unsaid = "the files do not say whether the network's traffic is recorded"
	it.Object("flow_log", at).Gap("accepted", unsaid, at).Gap("denied", unsaid, at).Set("logs", []any{}, at)
}

// beyond says why a network that is called internal may not be closed.
func beyond(n *compose.Value) string {
	driver := n.Get("driver").String("bridge", fact.Position{})
	external := n.Get("external")
	switch {
	case n != nil && n.Reason != "":
		return n.Reason
	case !external.IsNull() && external.Text != "false":
		return "the network is made elsewhere, and is what it was made as"
	case !driver.Known():
		return driver.Reason
	case driver.Value != "bridge" && driver.Value != "overlay" && driver.Value != "default":
		return "what internal means is up to the driver " + driver.Value
	case !n.Get("driver_opts").IsNull():
		return "options of the driver may open it"
	}
	return ""
}
