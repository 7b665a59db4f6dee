package ports

import (
	"net/netip"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/compose"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/engine/fact"
)

// composed returns the ports that the Compose projects of a source publish. The
// engine forwards them in front of the rules that a host's firewall has for what
// comes in, so nothing that such a firewall says filters them.
func composed(env *collectors.Env) []*fact.Document {
	return compose.Documents(env, "ports", "port.published", func(b *fact.Builder, t *compose.Target) {
		taken := kubernetes.IDs{}
		for _, p := range t.Projects {
			for _, s := range p.Services {
				host := hostOf(s)
				if by := host.commands(p); by != "" {
					b.Incomplete(s.ID() + ": it commands the engine (" + by + "), and may publish what the files do not say")
				}
				host.proxied(b, p, taken)
				for _, one := range host.ports(b) {
					if p.Tells(one.at) || p.Tells(host.mode.Pos) || p.Tells(host.bound.Pos) {
						host.publish(b, taken, one)
					}
				}
			}
		}
	})
}

// serviceHost is how a service stands to the host it runs on.
type serviceHost struct {
	*compose.Service
	product, mode aws.Answer[string]
	// bound is what a port without an address is bound to: "" is all addresses.
	bound aws.Answer[string]
	// isolated is why its ports may not be open at all.
	isolated string
}

func hostOf(s *compose.Service) serviceHost {
	return serviceHost{Service: s, product: aws.Then(s.Image(), productOfImage), mode: s.Network(), bound: boundTo(s), isolated: isolated(s)}
}

// boundTo reads the address that a network's options give to ports without one. Of
// several networks one is used that nothing here tells.
func boundTo(s *compose.Service) aws.Answer[string] {
	_, declared, reason := s.Networks()
	if reason != "" {
		return aws.NotKnown[string](reason, s.Pos)
	}
	for _, n := range declared {
		options := n.Get("driver_opts")
		for _, name := range []string{"com.docker.network.bridge.gateway_mode_ipv4", "com.docker.network.bridge.gateway_mode_ipv6"} {
			if v := options.Get(name); !v.IsNull() && v.Text != "nat" {
				return aws.NotKnown[string]("the network's gateway mode decides how its ports are reached", v.Pos)
			}
		}
		bind := options.Get("com.docker.network.bridge.host_binding_ipv4").String("", s.Pos)
		switch a, err := netip.ParseAddr(bind.Value); {
		case bind.Default:
		case !bind.Known() || err != nil:
			return aws.NotKnown[string]("the address that a network binds ports to cannot be read", bind.Pos)
		case len(declared) > 1:
			return aws.NotKnown[string]("which of its networks the ports are published by is not known", bind.Pos)
		case !a.IsUnspecified():
			return aws.Declared(a.String(), bind.Pos)
		}
	}
	return aws.Default("", s.Pos)
}

// hostPublished is a port of the host before it is written.
type hostPublished struct {
	at        fact.Position
	mechanism string
	address   aws.Answer[string]
	protocol  aws.Answer[string]
	from, to  aws.Answer[int]
}

// ports lists what a service opens on its host: what it publishes, and with the
// host's own network whatever it listens on.
func (h serviceHost) ports(b *fact.Builder) []hostPublished {
	var out []hostPublished
	if h.Provided() {
		return nil
	}
	published, reason := h.Ports()
	if reason != "" {
		b.Incomplete(h.ID("ports") + ": " + reason)
	}
	switch {
	case !h.mode.Known():
		b.Incomplete(h.ID("network_mode") + ": " + h.mode.Reason)
	case h.mode.Value == "none":
		return nil
	case h.mode.Value == "host":
		return h.own(published)
	}
	for _, p := range published {
		out = append(out, hostPublished{p.Pos, "compose", p.Address, p.Protocol, p.From, p.To})
	}
	return out
}

// own lists the ports of a service in the host's network: those of the container that
// the files name, or one that is not known.
func (h serviceHost) own(published []compose.Port) []hostPublished {
	var out []hostPublished
	exposed, reason := h.Exposed()
	all := aws.Default("", h.mode.Pos)
	for _, p := range append(published, exposed...) {
		out = append(out, hostPublished{p.Pos, "host_network", all, p.Protocol, p.TargetFrom, p.TargetTo})
	}
	if len(out) == 0 || reason != "" {
		if reason == "" {
			reason = "it uses the host's network, and nothing says at which ports it listens"
		}
		none := aws.NotKnown[int](reason, h.mode.Pos)
		out = append(out, hostPublished{h.mode.Pos, "host_network", all, aws.NotKnown[string](reason, h.mode.Pos), none, none})
	}
	return out
}

// reach is how a port is reached, by the address that it is bound to.
type reach struct {
	address  aws.Answer[string]
	scope    aws.Answer[string]
	families aws.Answer[[]string]
	admits   aws.Answer[[]string]
}

func (h serviceHost) reach(one hostPublished) reach {
	address := one.address
	if address.Known() && address.Value == "" && one.mechanism == "compose" {
		address = h.bound
	}
	if address.Known() && h.isolated != "" && one.mechanism == "compose" {
		list := aws.NotKnown[[]string](h.isolated, one.at)
		return reach{address, aws.NotKnown[string](h.isolated, one.at), list, list}
	}
	all := aws.Default([]string{"0.0.0.0/0", "::/0"}, one.at)
	everywhere := reach{
		admits: all, address: aws.Default("", one.at), families: aws.Default([]string{"ipv4", "ipv6"}, one.at),
		scope: aws.NotKnown[string]("whether the host has public addresses is not known", one.at),
	}
	a, err := netip.ParseAddr(address.Value)
	switch {
	case !address.Known():
		return reach{address, aws.NotKnown[string](address.Reason, address.Pos), aws.NotKnown[[]string](address.Reason, address.Pos), aws.NotKnown[[]string](address.Reason, address.Pos)}
	case address.Value == "" || err != nil:
	case h.Stack():
		everywhere.scope = aws.NotKnown[string]("Docker Swarm publishes on all addresses, whatever address is given", address.Pos)
	case a.IsUnspecified() && a.Is4():
		everywhere.address, everywhere.families = address, aws.Declared([]string{"ipv4"}, address.Pos)
	case !a.IsUnspecified():
		family := map[bool]string{true: "ipv4", false: "ipv6"}[a.Is4()]
		if a.IsLoopback() { // nobody but the host itself gets there
			all = aws.Declared([]string{map[bool]string{true: "127.0.0.0/8", false: "::1/128"}[a.Is4()]}, address.Pos)
		}
		return reach{address, aws.Declared(scopeOfAddress(a), address.Pos), aws.Declared([]string{family}, address.Pos), all}
	}
	return everywhere
}

// publish writes a port.
func (h serviceHost) publish(b *fact.Builder, taken kubernetes.IDs, one hostPublished) {
	span := published{protocol: one.protocol, from: one.from, to: one.to}.span()
	h.write(b, taken.Take(h.ID(span)), one.mechanism, one.at, one.protocol, one.from, one.to, h.reach(one))
}

func (h serviceHost) write(b *fact.Builder, id, mechanism string, at fact.Position, protocol aws.Answer[string], from, to aws.Answer[int], r reach) {
	it := b.Add(id, "declared", at)
	it.Set("mechanism", mechanism, at).Set("resource", h.ID(), h.Pos)
	h.product.Put(it, "product")
	it.Set("backend", h.Name, h.Pos)
	protocol.Put(it, "protocol")
	from.Put(it, "port_from")
	to.Put(it, "port_to")
	r.address.Put(it, "address")
	r.scope.Put(it, "scope")
	r.families.Put(it, "families")
	r.admits.Put(it, "admits")
	it.Set("groups", []any{}, at).Set("network_acls", []any{}, at)
	const unsaid = "the files do not say whether the network's traffic is recorded"
	it.Object("flow_log", at).Gap("accepted", unsaid, at).Gap("denied", unsaid, at).Set("logs", []any{}, at)
}
