package ports

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// networkInterface publishes, if an address of it is public, the ports that its
// security groups admit: what listens behind them is not declared.
func (a *azureReader) networkInterface(r *terraform.Resource) {
	blocks, reason := aws.Blocks(r.Body, "ip_configuration")
	if reason != "" {
		aws.Uncounted(a.b, r)
		a.b.Incomplete(r.Address + ": ip_configuration: " + reason)
	}
	groups, why := a.network.AtInterface(r)
	for _, b := range blocks {
		if b.Kind != terraform.Object {
			continue
		}
		address := azure.First(b, "public_ip_address_id")
		if address.Unset() {
			continue
		}
		p := of(a.owner(r), "instance")
		p.id, p.pos = r.Address, b.Pos
		p.scope, p.families = a.public(address)
		p.azure = a.in(b.Get("subnet_id"), b.Pos, groups, why)
		a.publishAdmitted(p, address)
	}
}

// public is the scope and the family of an address that a resource is given.
func (a *azureReader) public(v *terraform.Value) (aws.Answer[string], aws.Answer[[]string]) {
	if v.Kind == terraform.Unknown && !v.Direct {
		return aws.NotKnown[string](v.Reason, v.Pos), aws.NotKnown[[]string](v.Reason, v.Pos)
	}
	ip, reason := a.x.One(v, "the public address", "azurerm_public_ip")
	if ip == nil {
		return aws.Declared("internet", v.Pos), aws.NotKnown[[]string](reason, v.Pos)
	}
	version := aws.Text(ip.Body, "IPv4", "ip_version")
	return aws.Declared("internet", v.Pos), aws.Then(version, func(t string) []string { return []string{strings.ToLower(t)} })
}

// owner is the machine that has an interface, the interface if none is declared.
func (a *azureReader) owner(nic *terraform.Resource) *terraform.Resource {
	for _, typ := range []string{"azurerm_linux_virtual_machine", "azurerm_windows_virtual_machine", "azurerm_virtual_machine"} {
		for _, m := range a.OfType(typ) {
			list := m.Body.Get("network_interface_ids")
			for _, v := range list.Elems {
				if sure, _ := a.Names(v, nic); sure == aws.Yes {
					return m
				}
			}
		}
	}
	return nic
}

// machine publishes what is not known of interfaces that are declared elsewhere.
func (a *azureReader) machine(r *terraform.Resource) {
	list := r.Body.Get("network_interface_ids")
	members := list.Elems
	if list.Kind == terraform.Unknown && len(members) == 0 {
		members = []*terraform.Value{list}
	}
	for _, v := range members {
		nic, reason := a.x.One(v, "its interface", "azurerm_network_interface")
		if nic != nil {
			continue
		}
		p := of(r, "instance")
		p.scope, p.families = aws.NotKnown[string](reason, v.Pos), aws.NotKnown[[]string](reason, v.Pos)
		p.protocol = aws.NotKnown[string](reason, v.Pos)
		p.azure = &azurePlace{read: a.network, pos: v.Pos, networkReason: reason, subnets: []azureSubnet{{reason: reason, chainReason: reason}}}
		a.publish(p.port(aws.NotKnown[int](reason, v.Pos)))
	}
}

// scaleSet publishes what machines with public addresses of their own open.
func (a *azureReader) scaleSet(r *terraform.Resource) {
	nics, reason := aws.Blocks(r.Body, "network_interface")
	if reason != "" {
		a.b.Incomplete(r.Address + ": network_interface: " + reason)
	}
	for _, nic := range nics {
		configurations, reason := aws.Blocks(nic, "ip_configuration")
		if reason != "" {
			a.b.Incomplete(r.Address + ": ip_configuration: " + reason)
		}
		for _, b := range configurations {
			address := aws.Block(b, "public_ip_address")
			if b.Kind != terraform.Object || address.Unset() {
				continue
			}
			p := of(r, "instance")
			p.pos = b.Pos
			p.scope = aws.Declared("internet", address.Pos)
			p.families = aws.Then(aws.Text(address, "IPv4", "version"), func(t string) []string { return []string{strings.ToLower(t)} })
			if address.Kind == terraform.Unknown {
				p.scope, p.families = aws.Unknown[string](address), aws.Unknown[[]string](address)
			}
			groups, why := a.ofScaleSet(nic)
			p.azure = a.in(b.Get("subnet_id"), b.Pos, groups, why)
			a.publishAdmitted(p, nil)
		}
	}
}

// ofScaleSet is the group of a scale set's interface.
func (a *azureReader) ofScaleSet(nic *terraform.Value) ([]*azure.SecurityGroup, string) {
	v := nic.Get("network_security_group_id")
	if v.Unset() {
		return nil, ""
	}
	r, reason := a.x.One(v, "the group of the interface", "azurerm_network_security_group")
	if r == nil {
		return nil, reason
	}
	return []*azure.SecurityGroup{a.network.Group(r.Address)}, ""
}

// publishAdmitted publishes one port range for each that the security groups let
// in by a rule, and one that is not known where the groups are not. Without any
// group a public address of the basic kind is open to everyone, one of the
// standard kind to nobody; which is meant where it is not said hangs on the
// provider's version.
func (a *azureReader) publishAdmitted(p published, address *terraform.Value) {
	unknown := ""
	for _, s := range p.azure.subnets {
		unknown = firstText(unknown, s.chainReason)
	}
	var admitted ranges
	for _, g := range p.azure.all {
		for _, o := range g.Opaque {
			unknown = firstText(unknown, o.Reason)
		}
		for _, r := range g.Rules {
			switch {
			case r.Egress || strings.HasPrefix(r.Protocol, "icmp"):
				continue
			case r.ProtocolReason+r.PortsReason != "" && !r.Allow && r.AllowReason == "":
				continue
			case r.ProtocolReason+r.PortsReason != "":
				unknown = firstText(unknown, r.ProtocolReason+r.PortsReason)
				continue
			}
			for _, protocol := range azureTransports(r) {
				spans := r.DestinationPorts
				if len(spans) == 0 {
					spans = []azure.Ports{{From: 0, To: 65535}}
				}
				for _, span := range spans {
					one := &vpc.Rule{Protocol: protocol, From: span.From, To: span.To, ProtocolPos: r.PortsPos, PortsPos: r.PortsPos}
					if r.Allow || r.AllowReason != "" {
						admitted.add(one)
					} else {
						admitted.cut(one)
					}
				}
			}
		}
	}
	admitted.each(p, a.publish)
	for _, r := range a.network.Loose {
		if !r.Egress {
			unknown = firstText(unknown, r.ID+" may belong to one of its groups: "+r.OwnerReason)
		}
	}
	if none := p.azure.unfiltered(); none.Known() && none.Value {
		p.admits = a.unfiltered(address, p.pos)
		p.protocol = aws.Default(vpc.Any, p.pos)
		p.from, p.to = aws.Default(0, p.pos), aws.Default(65535, p.pos)
		a.publish(p)
		return
	}
	if unknown != "" {
		p.protocol = aws.NotKnown[string](unknown, p.pos)
		a.publish(p.port(aws.NotKnown[int](unknown, p.pos)))
	}
}

// azureTransports are the protocols that a rule is published for: one for all of them
// that names ports is for both that have any.
func azureTransports(r *azure.Rule) []string {
	if r.Protocol == vpc.Any && len(r.DestinationPorts) > 0 {
		return []string{"tcp", "udp"}
	}
	return []string{r.Protocol}
}

func firstText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// unfiltered is whom a public address lets in where no security group stands in
// front of it.
func (a *azureReader) unfiltered(v *terraform.Value, at fact.Position) aws.Answer[[]string] {
	sku := aws.NotKnown[string]("the kind of the public address is not known", at)
	if v != nil {
		if ip, reason := a.x.One(v, "the public address", "azurerm_public_ip"); ip == nil {
			sku = aws.NotKnown[string](reason, v.Pos)
		} else if sku = aws.Text(ip.Body, "", "sku"); sku.Default {
			sku = aws.NotKnown[string]("sku: "+azure.Turned, ip.Pos)
		}
	}
	return aws.Then(sku, func(t string) []string {
		if strings.EqualFold(t, "Basic") {
			return azure.Everyone()
		}
		return []string{}
	})
}
