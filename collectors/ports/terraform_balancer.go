package ports

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
)

// listener publishes a port of an application, network or gateway load balancer.
func (x *reader) listener(r *terraform.Resource) {
	p := of(r, "load_balancer")
	balancer := x.network.Identify(r.Body.Get("load_balancer_arn"))
	kind := aws.NotKnown[string]("the type of the load balancer is not known", r.Pos)
	if lb := balancer.Resource; lb != nil && lb.Mode == "managed" {
		p.resource = lb
		kind = aws.Text(lb.Body, "application", "load_balancer_type")
		p.scope = scopeOf(aws.Not(aws.Bool(lb.Body, false, "internal")))
		p.families = families(lb.Body, "ip_address_type")
		p.place = x.balancerPlace(lb, kind)
		aws.Uncounted(x.b, r)
	} else {
		reason := balancer.Reason
		if reason == "" {
			reason = "load balancer " + balancer.Name + " is not declared here"
		}
		p.scope = aws.NotKnown[string](reason, r.Pos)
		p.families = aws.NotKnown[[]string](reason, r.Pos)
		p.place.groupsReason, p.place.subnetsReason = reason, reason
		p.place.vpc = vpc.Identity{Reason: reason}
	}
	actions, reason := aws.Blocks(r.Body, "default_action")
	if reason == "" && len(actions) > 0 {
		p.backend = x.name(actions[0].Get("target_group_arn"))
	} else if reason != "" {
		p.backend = aws.NotKnown[string](reason, r.Pos)
	}
	p.from = aws.Int(r.Body, -1, "port")
	if kind.Value == "gateway" {
		p.scope = aws.Default("internal", r.Pos)
		p.protocol, p.from = aws.Default("udp", r.Pos), aws.Default(6081, r.Pos) // GENEVE
	} else {
		p.protocol = aws.Text(r.Body, "HTTP", "protocol")
	}
	if p.from.Known() && p.from.Value < 0 {
		p.from = aws.NotKnown[int]("no port is given", r.Pos)
	}
	p.to = p.from
	x.publishTransports(p)
}

// balancerPlace: a network load balancer without groups has no filter, the
// other types then have the default group of their network.
func (x *reader) balancerPlace(lb *terraform.Resource, kind aws.Answer[string]) place {
	groups := lb.Body.Get("security_groups")
	at := x.attached(lb, groups, lb.Body.Get("subnets"))
	mappings, reason := aws.Blocks(lb.Body, "subnet_mapping")
	if reason != "" {
		at.subnetsReason = reason
	}
	for _, m := range mappings {
		at.subnets = append(at.subnets, x.network.Identify(m.Get("subnet_id")))
	}
	at.vpc = x.network.VPCOf(at.subnets)
	unnamed := groups.Unset() || groups.Kind == terraform.List && len(groups.Elems) == 0
	switch {
	case !unnamed:
	case !kind.Known():
		at.groups, at.groupsReason = nil, kind.Reason
	case kind.Value == "application":
		at.groups = []vpc.Identity{x.network.DefaultGroup(at.vpc)}
	default:
		at.groups = nil
	}
	return at
}

// publishTransports publishes a listener under each transport protocol that its
// protocol stands for.
func (x *reader) publishTransports(p published) {
	var transports []string
	switch strings.ToUpper(p.protocol.Value) {
	case "HTTP", "HTTPS", "TCP", "TLS", "SSL":
		transports = []string{"tcp"}
	case "UDP", "QUIC":
		transports = []string{"udp"}
	case "TCP_UDP", "TCP_QUIC":
		transports = []string{"tcp", "udp"}
	default:
		if p.protocol.Known() {
			p.protocol = aws.NotKnown[string]("protocol "+p.protocol.Value+" is not one this reader knows", p.protocol.Pos)
		}
		x.publish(p)
		return
	}
	for _, t := range transports {
		p.protocol.Value = t
		x.publish(p)
	}
}

// classic publishes the listeners of a classic load balancer.
func (x *reader) classic(r *terraform.Resource) {
	listeners, reason := aws.Blocks(r.Body, "listener")
	if reason != "" {
		x.b.Incomplete(r.Address + ": listeners: " + reason)
	}
	for _, l := range listeners {
		if l.Kind != terraform.Object {
			continue
		}
		p := of(r, "load_balancer").port(aws.Int(l, -1, "lb_port"))
		p.pos = l.Pos
		if p.from.Value < 0 {
			p = p.port(aws.NotKnown[int]("no port is given", l.Pos))
		}
		p.protocol = aws.Text(l, "HTTP", "lb_protocol")
		p.scope = scopeOf(aws.Not(aws.Bool(r.Body, false, "internal")))
		p.place = x.attached(r, r.Body.Get("security_groups"), r.Body.Get("subnets"))
		x.publishTransports(p)
	}
}

// accelerator publishes the port ranges of a Global Accelerator listener.
func (x *reader) accelerator(r *terraform.Resource) {
	ranges, reason := aws.Blocks(r.Body, "port_range")
	if reason != "" {
		x.b.Incomplete(r.Address + ": port ranges: " + reason)
	}
	for _, block := range ranges {
		if block.Kind != terraform.Object {
			continue
		}
		p := internet(r, "load_balancer")
		p.pos = block.Pos
		p.protocol = aws.Text(r.Body, "TCP", "protocol")
		p.from, p.to = portNumber(block, "from_port"), portNumber(block, "to_port")
		p.families = aws.NotKnown[[]string]("the address type is the accelerator's", r.Pos)
		if a := x.network.Identify(r.Body.Get("accelerator_arn")); a.Here() {
			p.families = families(a.Resource.Body, "ip_address_type")
		}
		x.publishTransports(p)
	}
}

// portNumber reads a port that must be written.
func portNumber(block *terraform.Value, argument string) aws.Answer[int] {
	n := aws.Int(block, -1, argument)
	if n.Known() && (n.Value < 0 || n.Value > 65535) {
		return aws.NotKnown[int]("no port is given", n.Pos)
	}
	return n
}

// name is the address, or id, of what a value names; "" if it names nothing.
func (x *reader) name(v *terraform.Value) aws.Answer[string] {
	id := x.network.Identify(v)
	if id.Reason != "" {
		return aws.NotKnown[string](id.Reason, id.Pos)
	}
	return aws.Declared(id.Name, id.Pos)
}
