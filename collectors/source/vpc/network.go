// Package vpc reads the networks of AWS accounts as Terraform declares them:
// security groups with the rules in their three forms, network ACLs, prefix
// lists, subnets, flow logs, and what is attached to what.
//
// Two topics need it: the firewall collector turns it into rules and chains,
// the ports collector asks which groups stand in front of a port. Nothing here
// is a guess: what configuration leaves open carries the reason it is open.
package vpc

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Network is all of it in one root module.
type Network struct {
	// Groups are the security groups, declared ones in the root's order, then
	// those managed elsewhere that rules of this root add to, by name.
	Groups []*Group
	// Loose are rules whose group cannot be told: any group may have them.
	Loose []*Rule
	// ACLs are the network ACLs, in the root's order.
	ACLs []*ACL
	// LooseACLs are ACL rules whose ACL cannot be told.
	LooseACLs []*Rule

	index       index
	lists       map[string]*prefixList
	flowLogs    []*flowLog
	attachments []attachment
}

// Read reads the managed resources of a root.
func Read(root *terraform.Root) *Network {
	n := &Network{index: newIndex(root)}
	n.readPrefixLists(root)
	n.readGroups(root)
	n.readACLs(root)
	n.readFlowLogs(root)
	n.readAttachments(root)
	return n
}

// Identity says which thing a value names: a resource of the root (Name is its
// address), or something managed elsewhere (Name is its id, or the address and
// attribute of the data source that finds it). With a Reason it is not known
// which; the zero Identity means that the value names nothing.
type Identity struct {
	Name     string
	Resource *terraform.Resource
	Reason   string
	Pos      fact.Position
}

// Known reports whether it is known what is named.
func (i Identity) Known() bool { return i.Name != "" }

// Here reports whether the thing is a managed resource of the root.
func (i Identity) Here() bool { return i.Resource != nil && i.Resource.Mode == "managed" }

type index struct {
	byAddress map[string]*terraform.Resource
	byID      map[string]*terraform.Resource
	instances map[string][]*terraform.Resource // by address without its own key
	defaults  []*terraform.Resource            // default groups
}

func newIndex(root *terraform.Root) index {
	ix := index{
		byAddress: map[string]*terraform.Resource{}, byID: map[string]*terraform.Resource{},
		instances: map[string][]*terraform.Resource{},
	}
	for _, r := range root.Resources {
		ix.byAddress[r.Address] = r
		if r.Mode == "managed" && r.Type == "aws_default_security_group" {
			ix.defaults = append(ix.defaults, r)
		}
		ix.instances[keyless(r)] = append(ix.instances[keyless(r)], r)
		for _, name := range []string{"id", "arn"} {
			// A plan of what exists knows them.
			if v := r.Body.Get(name); v.Kind == terraform.String && v.Text != "" && r.Mode == "managed" {
				ix.byID[v.Text] = r
			}
		}
	}
	return ix
}

// keyless is the resource's address without its own index key.
func keyless(r *terraform.Resource) string {
	address := r.Type + "." + r.Name
	if r.Mode == "data" {
		address = "data." + address
	}
	if r.Module != "" {
		address = r.Module + "." + address
	}
	return address
}

// Identify says what a value names.
func (n *Network) Identify(v *terraform.Value) Identity {
	if v.Unset() {
		return Identity{}
	}
	if v.Direct && len(v.Refs) == 1 {
		if id := n.follow(v); id.Resource != nil {
			return id
		}
	}
	switch v.Kind {
	case terraform.String:
		if r, ok := n.index.byID[v.Text]; ok {
			return Identity{Name: r.Address, Resource: r, Pos: v.Pos}
		}
		if v.Text == "" {
			return Identity{Reason: "the name is empty", Pos: v.Pos}
		}
		return Identity{Name: v.Text, Pos: v.Pos}
	case terraform.Unknown:
		if !v.Direct || len(v.Refs) != 1 {
			return Identity{Reason: v.Reason, Pos: v.Pos}
		}
		return n.follow(v)
	}
	return Identity{Reason: "is not a name", Pos: v.Pos}
}

func (n *Network) follow(v *terraform.Value) Identity {
	ref := v.Refs[0]
	r := n.index.byAddress[ref.Address]
	if r == nil {
		switch instances := n.index.instances[ref.Address]; len(instances) {
		case 0:
			return Identity{Reason: v.Reason, Pos: v.Pos}
		case 1:
			r = instances[0]
		default:
			return Identity{Reason: "which instance of " + ref.Address + " is not known", Pos: v.Pos}
		}
	}
	name := r.Address
	if ref.Path == "default_security_group_id" {
		for _, d := range n.index.defaults {
			if n.Identify(d.Body.Get("vpc_id")).Name == name {
				return Identity{Name: d.Address, Resource: d, Pos: v.Pos}
			}
		}
	}
	if ref.Path != "id" && ref.Path != "arn" && !slices.Contains(selfNames[:], ref.Path) {
		// Another thing that hangs on the resource, as the default group of a VPC.
		return Identity{Name: name + "." + ref.Path, Pos: v.Pos}
	}
	return Identity{Name: name, Resource: r, Pos: v.Pos}
}

// selfNames are attributes besides id and arn that name the resource itself.
var selfNames = [...]string{"name", "identifier", "cluster_identifier", "prefix_list_id", "subnet_group_name", "allocation_id"}

// Resources of the root by address.
func (n *Network) Resource(address string) *terraform.Resource { return n.index.byAddress[address] }

// elements returns the members of a list value, and why there may be more.
func elements(v *terraform.Value) (list []*terraform.Value, reason string) {
	switch {
	case v.Unset():
		return nil, ""
	case v.Kind == terraform.List:
		return v.Elems, ""
	case v.Kind == terraform.Unknown:
		return v.Elems, v.Reason
	case v.Kind == terraform.Object:
		return []*terraform.Value{v}, "" // a single block
	}
	return nil, "is not a list"
}

func position(v *terraform.Value, otherwise fact.Position) fact.Position {
	if v == nil || v.Pos.IsZero() {
		return otherwise
	}
	return v.Pos
}
