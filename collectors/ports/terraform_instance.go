package ports

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
)

// instance publishes, if it has a public address, the ports that its groups
// admit: what listens behind them is not declared.
func (x *reader) instance(r *terraform.Resource) {
	subnet := x.network.Identify(r.Body.Get("subnet_id"))
	public := x.publicAddress(r, subnet)
	if public.Known() && !public.Value {
		return
	}
	groups := r.Body.Get("vpc_security_group_ids")
	if groups.Unset() {
		groups = r.Body.Get("security_groups")
	}
	at := x.attached(r, groups, r.Body.Get("subnet_id"))
	at.groups = append(at.groups, x.network.ByInterface(r.Address)...)
	if interfaces, reason := aws.Blocks(r.Body, "network_interface"); len(interfaces) > 0 || reason != "" {
		at = x.ofInterfaces(r, interfaces, reason)
	}
	p := of(r, "instance")
	p.scope = scopeOf(public)
	p.families = x.instanceFamilies(r, subnet)
	p.place = at
	x.publishAdmitted(p)
}

// ofInterfaces takes the groups from interfaces that are resources of their own.
func (x *reader) ofInterfaces(r *terraform.Resource, blocks []*terraform.Value, reason string) place {
	at := place{pos: r.Pos, vpc: vpc.Identity{Reason: "the subnets of its interfaces are not known"}, groupsReason: reason, subnetsReason: reason}
	for _, b := range blocks {
		nic := x.network.Identify(b.Get("network_interface_id"))
		if !nic.Here() {
			at.groups = append(at.groups, vpc.Identity{Reason: "the interface is not declared here", Pos: b.Pos})
			at.subnetsReason = "the interface is not declared here"
			continue
		}
		one := x.attached(nic.Resource, nic.Resource.Body.Get("security_groups"), nic.Resource.Body.Get("subnet_id"))
		at.groups = append(append(at.groups, one.groups...), x.network.ByInterface(nic.Name)...)
		at.subnets = append(at.subnets, one.subnets...)
		at.vpc = one.vpc
		if one.groupsReason != "" {
			at.groupsReason = one.groupsReason
		}
	}
	return at
}

// publicAddress says whether an instance has a public IPv4 address: its own
// argument, an elastic address, or its subnet's default decide.
func (x *reader) publicAddress(r *terraform.Resource, subnet vpc.Identity) aws.Answer[bool] {
	elastic := x.elastic(r)
	if elastic.Known() && elastic.Value {
		return elastic
	}
	var own aws.Answer[bool]
	switch v := r.Body.Get("associate_public_ip_address"); {
	case !v.Unset():
		own = aws.Bool(r.Body, false, "associate_public_ip_address")
	case !r.Body.Get("network_interface").Unset():
		own = aws.Default(false, r.Pos) // only interfaces made at launch are given one
	case subnet.Here():
		own = aws.Bool(subnet.Resource.Body, false, "map_public_ip_on_launch")
	case subnet.Reason != "":
		own = aws.NotKnown[bool](subnet.Reason, subnet.Pos)
	case subnet.Known():
		own = aws.NotKnown[bool]("whether subnet "+subnet.Name+" gives out public addresses is not declared here", subnet.Pos)
	default:
		own = aws.NotKnown[bool]("no subnet is named: the account's default subnets give out public addresses unless changed", r.Pos)
	}
	return aws.Or(own, elastic)
}

func (x *reader) elastic(r *terraform.Resource) aws.Answer[bool] {
	found := aws.Default(false, r.Pos)
	for _, e := range x.OfType("aws_eip", "aws_eip_association") {
		argument := "instance"
		if e.Type == "aws_eip_association" {
			argument = "instance_id"
		}
		for _, name := range []string{argument, "network_interface", "network_interface_id"} {
			who := x.network.Identify(e.Body.Get(name))
			switch {
			case who.Name == r.Address, who.Name == r.Address+".primary_network_interface_id":
				if !e.KnownCount {
					found = aws.Or(found, aws.NotKnown[bool]("the number of instances of "+e.Address+" is not known", e.Pos))
				} else {
					found = aws.Declared(true, e.Pos)
				}
			case who.Reason != "":
				found = aws.Or(found, aws.NotKnown[bool]("what "+e.Address+" belongs to is not known: "+who.Reason, e.Pos))
			case who.Here() && who.Resource.Type == "aws_network_interface" && x.has(r, who.Name):
				found = aws.Declared(true, e.Pos)
			}
		}
	}
	return found
}

func (x *reader) has(r *terraform.Resource, nic string) bool {
	blocks, _ := aws.Blocks(r.Body, "network_interface")
	return slices.ContainsFunc(blocks, func(b *terraform.Value) bool {
		return x.network.Identify(b.Get("network_interface_id")).Name == nic
	})
}

func (x *reader) instanceFamilies(r *terraform.Resource, subnet vpc.Identity) aws.Answer[[]string] {
	both, one := []string{"ipv4", "ipv6"}, []string{"ipv4"}
	for _, name := range []string{"ipv6_addresses", "ipv6_address_count"} {
		switch v := r.Body.Get(name); {
		case v.Kind == terraform.Unknown:
			return aws.NotKnown[[]string](v.Reason, v.Pos)
		case !v.Unset() && v.Number != "0" && (v.Kind == terraform.Number || len(v.Elems) > 0):
			return aws.Declared(both, v.Pos)
		}
	}
	if !subnet.Here() {
		return aws.NotKnown[[]string]("whether the subnet gives out IPv6 addresses is not declared here", r.Pos)
	}
	return aws.Then(aws.Bool(subnet.Resource.Body, false, "assign_ipv6_address_on_creation"), func(on bool) []string {
		if on {
			return both
		}
		return one
	})
}

// networkInterface publishes what an interface with a public address of its own
// opens, unless an instance of the root has it and is published itself.
func (x *reader) networkInterface(r *terraform.Resource) {
	for _, i := range x.OfType("aws_instance", "aws_spot_instance_request") {
		if x.has(i, r.Address) {
			return
		}
	}
	public := x.elastic(r)
	if public.Known() && !public.Value {
		return
	}
	subnet := x.network.Identify(r.Body.Get("subnet_id"))
	p := of(r, "instance")
	p.scope = scopeOf(public)
	p.families = x.instanceFamilies(r, subnet)
	p.place = x.attached(r, r.Body.Get("security_groups"), r.Body.Get("subnet_id"))
	p.place.groups = append(p.place.groups, x.network.ByInterface(r.Address)...)
	x.publishAdmitted(p)
}

// launchTemplate publishes what instances made from it open, where the template
// itself gives them public addresses.
func (x *reader) launchTemplate(r *terraform.Resource) {
	interfaces, reason := aws.Blocks(r.Body, "network_interfaces")
	if reason != "" {
		x.b.Incomplete(r.Address + ": network interfaces: " + reason)
	}
	for _, nic := range interfaces {
		public := aws.Bool(nic, false, "associate_public_ip_address")
		if public.Known() && !public.Value {
			continue
		}
		p := of(r, "instance")
		p.pos = nic.Pos
		p.scope = scopeOf(public)
		p.families = aws.NotKnown[[]string]("whether the subnets give out IPv6 addresses is not known", nic.Pos)
		p.place = x.attached(r, nic.Get("security_groups"), nic.Get("subnet_id"))
		if nic.Get("subnet_id").Unset() {
			p.place.subnetsReason = "the template names no subnet"
		}
		x.publishAdmitted(p)
	}
}

// ecs publishes what the tasks of a service with public addresses open.
func (x *reader) ecs(r *terraform.Resource) {
	configuration := aws.Block(r.Body, "network_configuration")
	public := aws.Bool(configuration, false, "assign_public_ip")
	if public.Known() && !public.Value {
		return
	}
	p := of(r, "instance")
	p.scope = scopeOf(public)
	p.families = aws.NotKnown[[]string]("whether tasks have IPv6 addresses is a setting of the account", r.Pos)
	p.place = x.attached(r, configuration.Get("security_groups"), configuration.Get("subnets"))
	x.publishAdmitted(p)
}

// publishAdmitted publishes one port range for each that the groups admit, and
// one that is not known where the groups are not.
func (x *reader) publishAdmitted(p published) {
	unknown := p.place.groupsReason
	var admitted ranges
	for _, id := range p.place.groups {
		g := x.network.Group(id.Name)
		if g == nil {
			unknown = "the rules of its groups are not declared here"
			continue
		}
		for _, o := range g.Opaque {
			if !o.Egress {
				unknown = o.Reason
			}
		}
		for _, r := range g.Rules {
			switch {
			case r.Egress, r.Protocol == "icmp", r.Protocol == "icmpv6":
				continue
			case r.ProtocolReason != "" || r.PortsReason != "":
				unknown = r.ProtocolReason + r.PortsReason
				continue
			}
			admitted.add(r)
		}
	}
	admitted.each(p, x.publish)
	for _, r := range x.network.Loose {
		if !r.Egress {
			unknown = r.ID + " may belong to one of its groups: " + r.OwnerReason
		}
	}
	if unknown != "" {
		p.protocol = aws.NotKnown[string](unknown, p.pos)
		x.publish(p.port(aws.NotKnown[int](unknown, p.pos)))
	}
}
