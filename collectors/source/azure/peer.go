package azure

import (
	"net/netip"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// Service tags whose addresses are known.
const (
	// VirtualNetwork is all that a group's virtual network reaches by private
	// addresses: itself, its peers, what hangs on its gateways and routes.
	VirtualNetwork = "VirtualNetwork"
	// Internet is every address outside of that.
	Internet = "Internet"
	// LoadBalancer are the platform's probes, from an address of every host.
	LoadBalancer = "AzureLoadBalancer"
)

// probes is the address that probes of load balancers come from. Source:
// Microsoft, "What is IP address 168.63.129.16?".
var probes = netip.MustParsePrefix("168.63.129.16/32")

// peers reads one side of a rule: addresses, tags, or application groups.
func (n *Network) peers(g *SecurityGroup, body *terraform.Value, side string, at fact.Position) []vpc.Peer {
	var out []vpc.Peer
	written := false
	for _, name := range []string{side + "_address_prefix", side + "_address_prefixes"} {
		v := body.Get(name)
		list, reason := members(v)
		written = written || len(list) > 0 || reason != ""
		for _, e := range list {
			out = append(out, n.peer(g, e, at)...)
		}
		if reason != "" {
			out = append(out, vpc.Peer{Type: vpc.CIDR, Family: vpc.Inet, Reason: reason, Pos: orPosition(v.Pos, at)})
		}
	}
	v := body.Get(side + "_application_security_group_ids")
	list, reason := members(v)
	written = written || len(list) > 0 || reason != ""
	for _, e := range list {
		p := vpc.Peer{Type: vpc.Members, Family: vpc.Inet, Pos: orPosition(e.Pos, at)}
		switch r, why := n.x.One(e, "the application security group", "azurerm_application_security_group"); {
		case r != nil:
			p.Name = r.Address
		case e.Direct && len(e.Refs) == 1 || e.Kind == terraform.String && e.Text != "":
			p.Name = n.nameOf(e)
		default:
			p.Reason = why
		}
		out = append(out, p)
	}
	if reason != "" {
		out = append(out, vpc.Peer{Type: vpc.Members, Family: vpc.Inet, Reason: reason, Pos: orPosition(v.Pos, at)})
	}
	if !written {
		out = append(out, vpc.Peer{Type: vpc.CIDR, Family: vpc.Inet, Reason: "no " + side + " is given", Pos: at})
	}
	return out
}

// members returns the elements of a list, or the one value written in its place;
// with a reason there may be more.
func members(v *terraform.Value) ([]*terraform.Value, string) {
	switch v.Kind {
	case terraform.Absent, terraform.Null:
		return nil, ""
	case terraform.String:
		if v.Text == "" {
			return nil, "" // as a plan writes what is not set
		}
	case terraform.List:
		return v.Elems, ""
	case terraform.Unknown:
		if v.Direct {
			return []*terraform.Value{v}, ""
		}
		return v.Elems, v.Reason
	}
	return []*terraform.Value{v}, ""
}

var (
	wholeV4 = netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	wholeV6 = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
)

func (n *Network) peer(g *SecurityGroup, v *terraform.Value, at fact.Position) []vpc.Peer {
	pos := orPosition(v.Pos, at)
	one := func(t vpc.PeerType, name string, list ...netip.Prefix) (out []vpc.Peer) {
		for _, p := range list {
			family := vpc.IPv4
			if p.Addr().Is6() {
				family = vpc.IPv6
			}
			out = append(out, vpc.Peer{Type: t, Name: name, Prefix: p, Family: family, Pos: pos})
		}
		return out
	}
	if v.Kind != terraform.String {
		reason := v.Reason
		if v.Kind != terraform.Unknown {
			reason = "is not an address"
		}
		return []vpc.Peer{{Type: vpc.CIDR, Family: vpc.Inet, Reason: reason, Pos: pos}}
	}
	switch v.Text {
	case "*":
		return one(vpc.CIDR, "", wholeV4, wholeV6)
	case Internet:
		return one(vpc.PrefixList, Internet, wholeV4, wholeV6)
	case LoadBalancer:
		return one(vpc.PrefixList, LoadBalancer, probes)
	case VirtualNetwork:
		if list, reason := g.Reaches(); reason == "" {
			return one(vpc.PrefixList, VirtualNetwork, list...)
		}
		return []vpc.Peer{{Type: vpc.Members, Name: VirtualNetwork, Family: vpc.Inet, Pos: pos}}
	}
	if p, ok := block(v.Text); ok {
		return one(vpc.CIDR, "", p)
	}
	return []vpc.Peer{{Type: vpc.PrefixList, Name: v.Text, Family: vpc.Inet, Reason: "the addresses of service tag " + v.Text + " are kept elsewhere", Pos: pos}}
}
