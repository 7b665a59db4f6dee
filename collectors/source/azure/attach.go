package azure

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// attach reads which group stands at which subnet and interface.
func (n *Network) attach(byAddress map[string]*SecurityGroup) {
	group := func(v *terraform.Value, what string, at fact.Position) (*SecurityGroup, string) {
		r, reason := n.x.One(v, what, groupType)
		switch {
		case r != nil:
			return byAddress[r.Address], ""
		case strings.HasSuffix(reason, elsewhere):
			return n.foreign(n.nameOf(v), byAddress, at), ""
		}
		return nil, reason
	}
	for _, r := range n.x.OfType("azurerm_subnet_network_security_group_association") {
		g, reason := group(r.Body.Get("network_security_group_id"), "the group that "+r.Address+" attaches", r.Pos)
		n.attachSubnets(r, r.Body.Get("subnet_id"), g, reason)
	}
	for _, r := range n.x.OfType("azurerm_network_interface_security_group_association") {
		g, reason := group(r.Body.Get("network_security_group_id"), "the group that "+r.Address+" attaches", r.Pos)
		n.attachInterface(r, r.Body.Get("network_interface_id"), g, reason)
	}
	// Before version 2 of the provider, the interface named its group itself.
	for _, r := range n.x.OfType("azurerm_network_interface") {
		if v := r.Body.Get("network_security_group_id"); !v.Unset() {
			g, reason := group(v, "the group of "+r.Address, r.Pos)
			n.atInterface(r, g, reason)
		}
	}
	for _, r := range n.x.OfType(networkType) {
		blocks, reason := aws.Blocks(r.Body, "subnet")
		if reason != "" {
			for _, g := range n.Groups {
				g.AttachedReason = r.Address + ": subnets: " + reason
			}
		}
		for _, b := range blocks {
			if v := b.Get("security_group"); b.Kind == terraform.Object && !v.Unset() {
				g, _ := group(v, "the group of a subnet of "+r.Address, r.Pos)
				if g != nil {
					name := aws.Text(b, "", "name")
					s := &Subnet{Name: r.Address + "/" + name.Value, Network: r, Group: g}
					g.Subnets = append(g.Subnets, s)
				}
			}
		}
	}
	for _, typ := range scaleSets {
		for _, r := range n.x.OfType(typ) {
			n.attachScaleSet(r, group)
		}
	}
}

var scaleSets = []string{"azurerm_linux_virtual_machine_scale_set", "azurerm_windows_virtual_machine_scale_set", "azurerm_orchestrated_virtual_machine_scale_set"}

func (n *Network) attachSubnets(r *terraform.Resource, v *terraform.Value, g *SecurityGroup, reason string) {
	if !r.KnownCount && reason == "" {
		reason = "the number of instances of " + r.Address + " is not known"
	}
	found := false
	for _, l := range n.x.Named(v, "azurerm_subnet") {
		found = true
		s := n.subnets[l.Address]
		why := reason + l.Reason
		if why == "" && s.Group != nil && s.Group != g {
			why = "several groups are attached to " + s.Name
		}
		if why != "" {
			s.GroupReason = why
			if g != nil {
				g.AttachedReason = why
			}
			continue
		}
		s.Group = g
		g.Subnets = append(g.Subnets, s)
	}
	if !found && g != nil {
		g.AttachedReason = "the subnet that " + r.Address + " attaches it to is managed elsewhere"
	}
}

func (n *Network) attachInterface(r *terraform.Resource, v *terraform.Value, g *SecurityGroup, reason string) {
	if !r.KnownCount && reason == "" {
		reason = "the number of instances of " + r.Address + " is not known"
	}
	links := n.x.Named(v, "azurerm_network_interface")
	for _, l := range links {
		n.atInterface(l.Resource, g, reason+l.Reason)
	}
	if len(links) == 0 && g != nil {
		g.AttachedReason = "the interface that " + r.Address + " attaches it to is managed elsewhere"
	}
}

func (n *Network) atInterface(nic *terraform.Resource, g *SecurityGroup, reason string) {
	n.interfaces[nic.Address] = append(n.interfaces[nic.Address], &attachedTo{g, reason})
	if g == nil {
		return
	}
	if reason != "" {
		g.AttachedReason = reason
		return
	}
	blocks, why := aws.Blocks(nic.Body, "ip_configuration")
	if why != "" {
		g.AttachedReason = why
	}
	for _, b := range blocks {
		g.stands(n, b.Get("subnet_id"))
	}
}

// stands notes that a group is in front of something in a subnet.
func (g *SecurityGroup) stands(n *Network, v *terraform.Value) {
	s, reason := n.Subnet(v)
	if s == nil {
		g.AttachedReason = reason
		return
	}
	g.Subnets = append(g.Subnets, s)
}

func (n *Network) attachScaleSet(r *terraform.Resource, group func(*terraform.Value, string, fact.Position) (*SecurityGroup, string)) {
	nics, _ := aws.Blocks(r.Body, "network_interface")
	for _, nic := range nics {
		v := nic.Get("network_security_group_id")
		if nic.Kind != terraform.Object || v.Unset() {
			continue
		}
		g, _ := group(v, "the group of "+r.Address, r.Pos)
		if g == nil {
			continue
		}
		configurations, why := aws.Blocks(nic, "ip_configuration")
		if why != "" {
			g.AttachedReason = why
		}
		for _, b := range configurations {
			g.stands(n, b.Get("subnet_id"))
		}
	}
}
