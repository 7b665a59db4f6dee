package vpc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Group is a security group. It is stateful and admits what a rule admits and
// nothing else; the provider removes the service's own "allow all egress" when
// it creates a group, and all rules of a default group it adopts.
type Group struct {
	// Name is the address, or for a group managed elsewhere its id or what
	// finds it.
	Name string
	// Resource is nil for a group managed elsewhere.
	Resource *terraform.Resource
	VPC      Identity
	// Default is set for the default group of its VPC.
	Default bool
	Rules   []*Rule
	// Opaque lists, per direction, what may add rules that are not in Rules.
	Opaque []Opaque
	Pos    fact.Position
}

// Opaque is something that may add rules.
type Opaque struct {
	Egress bool
	Text   string
	Reason string
	// Elsewhere is set for rules outside of this root, unset for rules of this
	// root that cannot be read.
	Elsewhere bool
	Pos       fact.Position
}

func direction(egress bool) string {
	if egress {
		return "egress"
	}
	return "ingress"
}

func (n *Network) readGroups(root *terraform.Root) {
	byName := map[string]*Group{}
	for _, r := range root.Resources {
		isDefault := r.Type == "aws_default_security_group"
		if r.Mode != "managed" || r.Type != "aws_security_group" && !isDefault {
			continue
		}
		g := &Group{Name: r.Address, Resource: r, VPC: n.Identify(r.Body.Get("vpc_id")), Default: isDefault, Pos: r.Pos}
		for _, egress := range []bool{false, true} {
			n.readInline(g, egress)
		}
		n.Groups = append(n.Groups, g)
		byName[g.Name] = g
	}
	var elsewhere []*Group
	for _, r := range root.Resources {
		if r.Mode != "managed" {
			continue
		}
		for _, rule := range n.standalone(r) {
			group := n.Identify(r.Body.Get("security_group_id"))
			if !group.Known() {
				rule.OwnerReason = "its group is not known: " + group.Reason
				n.Loose = append(n.Loose, rule)
				continue
			}
			g := byName[group.Name]
			if g == nil {
				g = &Group{Name: group.Name, Resource: nil, Pos: rule.Pos, VPC: Identity{Reason: group.Name + " is managed elsewhere"}}
				for _, egress := range []bool{false, true} {
					g.Opaque = append(g.Opaque, Opaque{Egress: egress, Text: group.Name, Reason: "the group is managed elsewhere and may hold other rules", Elsewhere: true, Pos: rule.Pos})
				}
				byName[g.Name] = g
				elsewhere = append(elsewhere, g)
			}
			n.addStandalone(g, rule)
		}
	}
	slices.SortStableFunc(elsewhere, func(a, b *Group) int { return strings.Compare(a.Name, b.Name) })
	n.Groups = append(n.Groups, elsewhere...)
}

// Group returns the group of that name, nil if the root has none.
func (n *Network) Group(name string) *Group {
	for _, g := range n.Groups {
		if g.Name == name {
			return g
		}
	}
	return nil
}

// inline reports whether the group's rules of a direction are written in the
// group itself: also where they are written to be none.
func (g *Group) inline(egress bool) bool {
	return g.Resource != nil && !g.Resource.Body.Get(direction(egress)).Unset()
}

func (n *Network) readInline(g *Group, egress bool) {
	blocks := g.Resource.Body.Get(direction(egress))
	list, reason := elements(blocks)
	if reason != "" {
		g.Opaque = append(g.Opaque, Opaque{Egress: egress, Text: g.Name + " " + direction(egress), Reason: reason, Pos: position(blocks, g.Pos)})
	}
	taken := map[string]int{}
	for _, b := range list {
		at := position(b, g.Pos)
		if b.Kind != terraform.Object {
			why := b.Reason
			if why == "" {
				why = "is not a block"
			}
			g.Opaque = append(g.Opaque, Opaque{Egress: egress, Text: g.Name + " " + direction(egress), Reason: why, Pos: at})
			continue
		}
		r := n.decodeRule("", egress, g.Name, b, at, "protocol", peerFields{"cidr_blocks", "ipv6_cidr_blocks", "security_groups", "prefix_list_ids", "self"})
		r.ID = blockID(g.Name, r, taken)
		r.Tags = g.Resource.Body.Get("tags")
		g.Rules = append(g.Rules, r)
	}
}

// blockID names a rule that is a block by what it admits, since the blocks of a
// group are a set; equal ones are told apart by their order.
func blockID(owner string, r *Rule, taken map[string]int) string {
	id := owner + "/" + direction(r.Egress) + "/" + r.Span()
	taken[id]++
	if n := taken[id]; n > 1 {
		id = fmt.Sprintf("%s~%d", id, n)
	}
	return id
}

// Span is "tcp/5432", "tcp/8000-8010", "any", "icmp", with "unknown" for what is
// not known.
func (r *Rule) Span() string {
	switch {
	case r.ProtocolReason != "":
		return "unknown"
	case r.PortsReason != "":
		return r.Protocol + "/unknown"
	case !HasPorts(r.Protocol):
		return r.Protocol
	case r.From == r.To:
		return fmt.Sprintf("%s/%d", r.Protocol, r.From)
	}
	return fmt.Sprintf("%s/%d-%d", r.Protocol, r.From, r.To)
}

// standalone reads a rule that is a resource of its own. A rule whose direction
// is not known is read twice, once for each, and neither is certain.
func (n *Network) standalone(r *terraform.Resource) []*Rule {
	group := n.Identify(r.Body.Get("security_group_id")).Name
	var rules []*Rule
	switch r.Type {
	case "aws_security_group_rule":
		fields := peerFields{"cidr_blocks", "ipv6_cidr_blocks", "source_security_group_id", "prefix_list_ids", "self"}
		switch kind := r.Body.Get("type"); {
		case kind.Kind == terraform.String && (kind.Text == "ingress" || kind.Text == "egress"):
			rules = append(rules, n.decodeRule(r.Address, kind.Text == "egress", group, r.Body, r.Pos, "protocol", fields))
		default:
			for _, egress := range []bool{false, true} {
				rule := n.decodeRule(r.Address+"/"+direction(egress), egress, group, r.Body, r.Pos, "protocol", fields)
				rule.Opaque = "whether it is an ingress or an egress rule is not known"
				rules = append(rules, rule)
			}
		}
	case "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule":
		fields := peerFields{"cidr_ipv4", "cidr_ipv6", "referenced_security_group_id", "prefix_list_id", ""}
		rule := n.decodeRule(r.Address, r.Type == "aws_vpc_security_group_egress_rule", group, r.Body, r.Pos, "ip_protocol", fields)
		rule.Tags = r.Body.Get("tags")
		rules = append(rules, rule)
	}
	for _, rule := range rules {
		if !r.KnownCount {
			rule.Opaque = "the number of instances of " + r.Address + " is not known"
		}
	}
	return rules
}

// addStandalone puts a rule resource into its group. Where the group also has
// rules of that direction inline the provider lets the two undo each other: the
// group's next apply removes what is not inline.
func (n *Network) addStandalone(g *Group, rule *Rule) {
	if g.inline(rule.Egress) {
		why := g.Name + " has " + direction(rule.Egress) + " rules inline as well: the two forms undo each other"
		if rule.Opaque == "" {
			rule.Opaque = why
		}
	}
	if rule.Tags.Unset() && g.Resource != nil {
		rule.Tags = g.Resource.Body.Get("tags")
	}
	g.Rules = append(g.Rules, rule)
}
