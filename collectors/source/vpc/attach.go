package vpc

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
)

// attachment is an aws_network_nicsg_attachment.
type attachment struct {
	name      string
	group     Identity
	nic       Identity
	uncertain string
}

func (n *Network) readAttachments(root *terraform.Root) {
	for _, r := range root.Resources {
		if r.Mode != "managed" || r.Type != "aws_network_nicsg_attachment" {
			continue
		}
		a := attachment{name: r.Address, group: n.Identify(r.Body.Get("security_group_id")), nic: n.Identify(r.Body.Get("network_nicid"))}
		if !r.KnownCount {
			a.uncertain = "the number of instances of " + r.Address + " is not known"
		}
		n.attachments = append(n.attachments, a)
	}
}

// Attached are the groups in front of something, sorted by name. A member with
// a Reason stands for a group that is not known.
func (n *Network) Attached(list *terraform.Value, vpc Identity) (groups []Identity, reason string) {
	if list.Unset() || list.Kind == terraform.List && len(list.Elems) == 0 {
		g := n.DefaultGroup(vpc)
		return []Identity{g}, ""
	}
	members, reason := oneOrMany(list)
	for _, v := range members {
		groups = append(groups, n.Identify(v))
	}
	return sortIdentities(groups), reason
}

func sortIdentities(list []Identity) []Identity {
	slices.SortStableFunc(list, func(a, b Identity) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(list, func(a, b Identity) bool { return a.Known() && a.Name == b.Name })
}

// ByInterface returns the groups that attachment resources add to the
// interfaces of a resource. Those of an interface that cannot be told may
// belong to any.
func (n *Network) ByInterface(address string) []Identity {
	var groups []Identity
	for _, a := range n.attachments {
		owner := strings.TrimSuffix(a.nic.Name, ".primary_network_nicid")
		switch {
		case !a.nic.Known():
			groups = append(groups, Identity{Reason: "the interface of " + a.name + " is not known", Pos: a.group.Pos})
		case owner != address:
		case a.uncertain != "":
			groups = append(groups, Identity{Reason: a.uncertain, Pos: a.group.Pos})
		default:
			groups = append(groups, a.group)
		}
	}
	return groups
}

// DefaultGroup is the default security group of a VPC: what stands in front of
// everything for which none is named.
func (n *Network) DefaultGroup(vpc Identity) Identity {
	for _, g := range n.Groups {
		if g.Default && vpc.Known() && g.VPC.Name == vpc.Name {
			return Identity{Name: g.Name, Resource: g.Resource, Pos: g.Pos}
		}
	}
	where := "the VPC"
	if vpc.Known() {
		where = vpc.Name
	}
	return Identity{Reason: "no group is named, and the default group of " + where + " is not declared here"}
}

// Subnets reads a list of subnets.
func (n *Network) Subnets(list *terraform.Value) (subnets []Identity, reason string) {
	members, reason := oneOrMany(list)
	for _, v := range members {
		subnets = append(subnets, n.Identify(v))
	}
	return sortIdentities(subnets), reason
}

// VPCOf returns the VPC that subnets lie in: of the first whose VPC is known.
func (n *Network) VPCOf(subnets []Identity) Identity {
	out := Identity{Reason: "its subnets are not known"}
	for _, s := range subnets {
		if out = n.subnetVPC(s); out.Known() {
			return out
		}
	}
	return out
}

// ACLsOf returns the ACLs a subnet may be under; certain is false where which
// one it is cannot be told. None, certain, means the provider's open default,
// as far as this root says.
func (n *Network) ACLsOf(subnet Identity) (acls []*ACL, certain bool) {
	vpc := n.subnetVPC(subnet)
	certain = true
	for _, a := range n.ACLs {
		named := slices.ContainsFunc(a.Subnets, func(s Identity) bool { return s.Name == subnet.Name && s.Known() })
		if named && subnet.Known() {
			return []*ACL{a}, a.Resource.KnownCount
		}
		// An ACL of another VPC cannot be meant.
		other := a.VPC.Known() && vpc.Known() && a.VPC.Name != vpc.Name
		open := a.SubnetsReason != "" || slices.ContainsFunc(a.Subnets, func(s Identity) bool { return !s.Known() })
		if !other && (open || !subnet.Known()) {
			acls, certain = append(acls, a), false
		}
	}
	if !certain {
		return acls, false
	}
	for _, a := range n.ACLs {
		if a.Default && vpc.Known() && a.VPC.Name == vpc.Name {
			return []*ACL{a}, a.Resource.KnownCount
		}
	}
	return nil, true
}
