package ports

import (
	"fmt"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// published is one port, or range of ports, that a resource publishes.
type published struct {
	// id is what the item's id starts with: the address of the resource, or of
	// the part of it (a listener) that opens the port.
	id        string
	resource  *terraform.Resource
	pos       fact.Position
	mechanism string
	product   aws.Answer[string]
	backend   aws.Answer[string]
	protocol  aws.Answer[string]
	from, to  aws.Answer[int]
	scope     aws.Answer[string]
	families  aws.Answer[[]string]
	admits    aws.Answer[[]string]
	place     place
	azure     *azurePlace // in a virtual network of Azure
}

// place is where in a network something stands, and which groups filter it.
type place struct {
	vpc           vpc.Identity
	subnets       []vpc.Identity
	subnetsReason string
	// groups in front of it; none means that nothing filters. A member with a
	// reason is a group that is not known.
	groups       []vpc.Identity
	groupsReason string
	pos          fact.Position
}

// of starts a published port of a resource, open to all as far as the resource
// itself is concerned.
func of(r *terraform.Resource, mechanism string) published {
	none := aws.Default("", r.Pos)
	return published{
		id: r.Address, resource: r, pos: r.Pos, mechanism: mechanism, product: none, backend: none,
		protocol: aws.Default("tcp", r.Pos), families: aws.Default([]string{"ipv4"}, r.Pos),
		admits: aws.Default([]string{"0.0.0.0/0", "::/0"}, r.Pos), place: place{pos: r.Pos},
	}
}

// port sets a single port.
func (p published) port(n aws.Answer[int]) published {
	p.from, p.to = n, n
	return p
}

func (p published) fixed(n int) published { return p.port(aws.Default(n, p.pos)) }

func (p published) named(product string) published {
	p.product = aws.Default(product, p.pos)
	return p
}

// span is the last part of the id: "tcp/443", "tcp/unknown", "any".
func (p published) span() string {
	switch {
	case !p.protocol.Known():
		return "unknown"
	case !vpc.HasPorts(p.protocol.Value):
		return p.protocol.Value
	case !p.from.Known() || !p.to.Known():
		return p.protocol.Value + "/unknown"
	case p.from.Value == p.to.Value:
		return fmt.Sprintf("%s/%d", p.protocol.Value, p.from.Value)
	}
	return fmt.Sprintf("%s/%d-%d", p.protocol.Value, p.from.Value, p.to.Value)
}

// reader reads one root module.
type reader struct {
	*aws.Index
	network *vpc.Network
	b       *fact.Builder
	taken   map[string]int
}

// publish adds an item with what filters it in a network of AWS or Azure.
func (x *reader) publish(p published) {
	it := x.add(p)
	if p.azure != nil {
		p.azure.write(x, it)
		return
	}
	x.groups(it, p.place)
	x.acls(it, p.place)
	x.flowLog(it, p.place)
}

// add adds an item without what filters it.
func (x *reader) add(p published) *fact.ItemBuilder {
	aws.Uncounted(x.b, p.resource)
	id := p.id + "/" + p.span()
	x.taken[id]++
	if n := x.taken[id]; n > 1 {
		id = fmt.Sprintf("%s~%d", id, n)
	}
	it := x.b.Add(id, "declared", p.pos)
	it.Set("mechanism", p.mechanism, p.pos).Set("resource", p.resource.Address, p.resource.Pos)
	p.product.Put(it, "product")
	p.backend.Put(it, "backend")
	p.protocol.Put(it, "protocol")
	it.Set("address", "", fact.Position{})
	p.from.Put(it, "port_from")
	p.to.Put(it, "port_to")
	p.scope.Put(it, "scope")
	p.families.Put(it, "families")
	p.admits.Put(it, "admits")
	return it
}

func (x *reader) groups(it *fact.ItemBuilder, at place) {
	if at.groupsReason != "" {
		it.Gap("groups", at.groupsReason, at.pos)
		return
	}
	it.Set("groups", []any{}, at.pos)
	for _, g := range at.groups {
		pos := g.Pos
		if pos.IsZero() {
			pos = at.pos
		}
		member := it.Append("groups", pos)
		if !g.Known() {
			member.Gap("name", g.Reason, pos).Gap("chain", g.Reason, pos)
			continue
		}
		member.Set("name", g.Name, pos)
		if x.network.Group(g.Name) == nil {
			member.Gap("chain", g.Name+" is not declared here", pos)
			continue
		}
		member.Set("chain", []any{x.Reference(g.Name + "/input")}, pos)
	}
}

// acls writes the ACLs of the subnets. Where the root declares none that could
// apply there is nothing to write: the provider's default admits everything.
func (x *reader) acls(it *fact.ItemBuilder, at place) {
	it.Set("network_acls", []any{}, at.pos)
	if len(x.network.ACLs) == 0 {
		return
	}
	subnets := at.subnets
	if at.subnetsReason != "" {
		subnets = append(subnets, vpc.Identity{Reason: at.subnetsReason, Pos: at.pos})
	}
	for _, s := range subnets {
		pos := s.Pos
		if pos.IsZero() {
			pos = at.pos
		}
		acls, certain := x.network.ACLsOf(s)
		member := it.Append("network_acls", pos)
		if s.Known() {
			member.Set("subnet", s.Name, pos)
		} else {
			member.Gap("subnet", s.Reason, pos)
		}
		if !certain {
			member.Gap("chain", "which network ACL the subnet is under is not known", pos)
			continue
		}
		var refs []string
		for _, a := range acls {
			refs = append(refs, x.Reference(a.Name+"/input"), x.Reference(a.Name+"/output"))
		}
		member.Set("chain", fact.Strings(refs), pos)
	}
}

func (x *reader) flowLog(it *fact.ItemBuilder, at place) {
	subnets := at.subnets
	if at.subnetsReason != "" {
		subnets = append(subnets, vpc.Identity{Reason: at.subnetsReason})
	}
	x.writeFlow(it, x.network.Recorded(at.vpc, subnets), at.pos)
}

func (x *reader) writeFlow(it *fact.ItemBuilder, r vpc.Recorded, at fact.Position) {
	o := it.Object("flow_log", at)
	pos := r.Pos
	if pos.IsZero() {
		pos = at
	}
	for _, f := range []struct {
		name   string
		yes    bool
		reason string
	}{{"accepted", r.Accepted, r.AcceptedReason}, {"denied", r.Denied, r.DeniedReason}} {
		switch {
		case f.reason != "":
			o.Gap(f.name, f.reason, pos)
		case f.yes:
			o.Set(f.name, "yes", pos)
		default:
			o.Set(f.name, "no", pos)
		}
	}
	o.Set("logs", fact.Strings(r.Logs), pos)
}
