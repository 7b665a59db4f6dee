package azure

import (
	"net/netip"
	"slices"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
)

// Network is what a root module says of virtual networks: security groups, what
// they are attached to, and flow logs.
type Network struct {
	// Groups are the declared ones in the root's order, then those managed
	// elsewhere that rules of this root add to.
	Groups []*SecurityGroup
	// Loose are rules whose group cannot be told: any group may have them.
	Loose []*Rule

	x          Index
	subnets    map[string]*Subnet       // by address
	interfaces map[string][]*attachedTo // by address of the interface
}

// Subnet is one subnet of the root, a resource or a block of its network.
type Subnet struct {
	Name     string
	Resource *terraform.Resource
	// Network is the virtual network, nil with the reason.
	Network       *terraform.Resource
	NetworkReason string
	// Group is the group attached, nil if none is, unless a reason says that one
	// may be.
	Group       *SecurityGroup
	GroupReason string
}

type attachedTo struct {
	group  *SecurityGroup
	reason string
}

// ReadNetwork reads the managed resources of a root.
func ReadNetwork(x Index) *Network {
	n := &Network{x: x, subnets: map[string]*Subnet{}, interfaces: map[string][]*attachedTo{}}
	for _, r := range x.OfType("azurerm_subnet") {
		s := &Subnet{Name: r.Address, Resource: r}
		s.Network, s.NetworkReason = x.One(First(r.Body, "virtual_network_name", "virtual_network_id"), "the virtual network", networkType)
		n.subnets[r.Address] = s
	}
	n.readGroups()
	return n
}

const networkType = "azurerm_virtual_network"

// Group returns the group of a name, nil if the root has none.
func (n *Network) Group(name string) *SecurityGroup {
	for _, g := range n.Groups {
		if g.Name == name {
			return g
		}
	}
	return nil
}

// Subnet returns the subnet that a value names, nil with the reason.
func (n *Network) Subnet(v *terraform.Value) (*Subnet, string) {
	r, reason := n.x.One(v, "the subnet", "azurerm_subnet")
	if r == nil {
		return nil, reason
	}
	return n.subnets[r.Address], ""
}

// AtInterface returns the groups attached to an interface itself. A reason says
// why there may be others.
func (n *Network) AtInterface(nic *terraform.Resource) (groups []*SecurityGroup, reason string) {
	for _, a := range n.interfaces[nic.Address] {
		if a.reason != "" {
			reason = a.reason
			continue
		}
		groups = append(groups, a.group)
	}
	return groups, reason
}

// Reaches returns the blocks that the tag VirtualNetwork stands for in the rules
// of a group, or why they are not known: its network's own and those of its
// peers. What hangs on a gateway or is named by a route is in it as well, with
// addresses that are kept elsewhere.
func (g *SecurityGroup) Reaches() ([]netip.Prefix, string) {
	if g == nil {
		return nil, "the group is not known"
	}
	home, reason := g.Home()
	if home == nil {
		return nil, reason
	}
	n := g.network
	for _, typ := range []string{
		"azurerm_virtual_network_gateway", "azurerm_virtual_hub_connection", "azurerm_route_table", "azurerm_route", "azurerm_route_server",
		"azurerm_express_route_gateway", "azurerm_vpn_gateway", "azurerm_databricks_virtual_network_peering",
	} {
		if list := n.x.OfType(typ); len(list) > 0 {
			return nil, "what " + list[0].Address + " connects is in it as well"
		}
	}
	out, reason := addressSpace(home)
	for _, l := range n.x.attachedBy(home, "azurerm_virtual_network_peering", "virtual_network_name", "virtual_network_id") {
		if l.Reason != "" {
			return nil, l.Reason
		}
		remote, why := n.x.One(l.Body.Get("remote_virtual_network_id"), "the peer of "+l.Address, networkType)
		if remote == nil {
			return nil, why
		}
		more, why := addressSpace(remote)
		out, reason = append(out, more...), reason+why
	}
	if reason != "" {
		return nil, reason
	}
	slices.SortFunc(out, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr())*1000 + a.Bits() - b.Bits() })
	return slices.Compact(out), ""
}

// Home is the virtual network that a group stands in.
func (g *SecurityGroup) Home() (*terraform.Resource, string) {
	if g.AttachedReason != "" {
		return nil, g.AttachedReason
	}
	var home *terraform.Resource
	for _, s := range g.Subnets {
		switch {
		case s.Network == nil:
			return nil, s.NetworkReason
		case home != nil && home != s.Network:
			return nil, g.Name + " stands in several virtual networks"
		}
		home = s.Network
	}
	if home == nil {
		return nil, g.Name + " is attached to nothing in this root module"
	}
	return home, ""
}

func addressSpace(r *terraform.Resource) ([]netip.Prefix, string) {
	list := Blocks(aws.Texts(r.Body, "address_space"))
	switch {
	case !list.Known():
		return nil, r.Address + ": " + list.Reason
	case len(list.Value) == 0:
		return nil, r.Address + " names no address space"
	case !r.KnownCount:
		return nil, "the number of instances of " + r.Address + " is not known"
	}
	var out []netip.Prefix
	for _, text := range list.Value {
		out = append(out, netip.MustParsePrefix(text))
	}
	return out, ""
}

// Recorded says whether flow logs record what a group and its network let in and
// refuse: those of the group itself, of its network, or of a subnet if it stands
// in no other. They record both.
func (n *Network) Recorded(groups []*SecurityGroup, network *terraform.Resource, networkReason string, subnets ...*Subnet) vpc.Recorded {
	rec := vpc.Recorded{Logs: []string{}}
	reason := ""
	for _, r := range n.x.OfType("azurerm_network_watcher_flow_log") {
		target := First(r.Body, "target_resource_id", "network_security_group_id")
		var of []*terraform.Resource
		for _, g := range groups {
			if g.Resource != nil {
				of = append(of, g.Resource)
			}
		}
		if network != nil {
			of = append(of, network)
		}
		if len(subnets) == 1 && subnets[0].Resource != nil {
			of = append(of, subnets[0].Resource)
		}
		for _, one := range of {
			sure, why := n.x.Names(target, one)
			on := aws.Bool(r.Body, true, "enabled")
			switch {
			case sure == aws.No || on.Known() && !on.Value:
			case sure == aws.Maybe || !on.Known() || !r.KnownCount:
				reason = "what " + r.Address + " records is not known: " + why + on.Reason
			default:
				rec.Accepted, rec.Denied, rec.Pos = true, true, r.Pos
				rec.Logs = append(rec.Logs, r.Address)
			}
		}
	}
	slices.Sort(rec.Logs)
	rec.Logs = slices.Compact(rec.Logs)
	if rec.Accepted {
		return rec
	}
	if reason == "" && network == nil {
		reason = "the network is not known: " + networkReason
	}
	rec.AcceptedReason, rec.DeniedReason = reason, reason
	return rec
}
