package vpc

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// ACL is a network ACL: stateless, its rules asked in the order of their
// numbers, and what none matches is denied.
type ACL struct {
	Name     string
	Resource *terraform.Resource
	VPC      Identity
	Default  bool
	Rules    []*Rule
	// Opaque lists, per direction, what may add rules that are not in Rules.
	Opaque []Opaque
	// Subnets it is associated with; SubnetsReason says why there may be more.
	Subnets       []Identity
	SubnetsReason string
	Pos           fact.Position
}

func (n *Network) readACLs(root *terraform.Root) {
	byName := map[string]*ACL{}
	for _, r := range root.Resources {
		if r.Mode != "managed" || r.Type != "aws_network_acl" && r.Type != "aws_default_network_acl" {
			continue
		}
		a := &ACL{Name: r.Address, Resource: r, Default: r.Type == "aws_default_network_acl", Pos: r.Pos}
		a.VPC = n.Identify(r.Body.Get("vpc_id"))
		if a.Default {
			// Written as aws_vpc.main.default_network_acl_id.
			id := n.Identify(r.Body.Get("default_network_acl_id"))
			id.Name = strings.TrimSuffix(id.Name, ".default_network_acl_id")
			a.VPC = id
			a.VPC.Resource = n.Resource(id.Name)
		}
		for _, egress := range []bool{false, true} {
			n.readACLBlocks(a, egress)
		}
		subnets, reason := elements(r.Body.Get("subnet_ids"))
		a.SubnetsReason = reason
		for _, s := range subnets {
			a.Subnets = append(a.Subnets, n.Identify(s))
		}
		n.ACLs = append(n.ACLs, a)
		byName[a.Name] = a
	}
	for _, r := range root.Resources {
		if r.Mode != "managed" {
			continue
		}
		switch r.Type {
		case "aws_network_acl_rule":
			n.readACLRule(r, byName)
		case "aws_network_acl_association":
			acl, subnet := n.Identify(r.Body.Get("network_acl_id")), n.Identify(r.Body.Get("subnet_id"))
			if !r.KnownCount && subnet.Reason == "" {
				subnet = Identity{Reason: "the number of instances of " + r.Address + " is not known", Pos: r.Pos}
			}
			for _, a := range n.ACLs {
				if a.Name == acl.Name || !acl.Known() {
					if !acl.Known() && subnet.Reason == "" {
						subnet = Identity{Reason: "the ACL of " + r.Address + " is not known", Pos: r.Pos}
					}
					a.Subnets = append(a.Subnets, subnet)
				}
			}
		}
	}
	for _, a := range n.ACLs {
		slices.SortStableFunc(a.Rules, func(x, y *Rule) int { return x.Number - y.Number })
	}
}

func (n *Network) readACLBlocks(a *ACL, egress bool) {
	blocks := a.Resource.Body.Get(direction(egress))
	list, reason := elements(blocks)
	if reason != "" {
		a.Opaque = append(a.Opaque, Opaque{Egress: egress, Text: a.Name + " " + direction(egress), Reason: reason, Pos: position(blocks, a.Pos)})
	}
	taken := map[string]int{}
	for _, b := range list {
		at := position(b, a.Pos)
		if b.Kind != terraform.Object {
			a.Opaque = append(a.Opaque, Opaque{Egress: egress, Text: a.Name + " " + direction(egress), Reason: "is not a block", Pos: at})
			continue
		}
		r := n.aclRule("", egress, b, at, "rule_no", "action")
		id := a.Name + "/" + direction(egress) + "/" + r.numberText()
		taken[id]++
		if k := taken[id]; k > 1 {
			id = fmt.Sprintf("%s~%d", id, k)
		}
		r.ID, r.Tags = id, a.Resource.Body.Get("tags")
		a.Rules = append(a.Rules, r)
	}
}

func (n *Network) readACLRule(r *terraform.Resource, byName map[string]*ACL) {
	acl := n.Identify(r.Body.Get("network_acl_id"))
	egress := r.Body.Get("egress")
	directions := []bool{egress.Kind == terraform.Bool && egress.Bool}
	opaque := ""
	if egress.Kind == terraform.Unknown {
		directions, opaque = []bool{false, true}, "whether it is an ingress or an egress rule is not known"
	}
	if !r.KnownCount {
		opaque = "the number of instances of " + r.Address + " is not known"
	}
	for _, egress := range directions {
		id := r.Address
		if len(directions) > 1 {
			id += "/" + direction(egress)
		}
		rule := n.aclRule(id, egress, r.Body, r.Pos, "rule_number", "rule_action")
		rule.Opaque = opaque
		a := byName[acl.Name]
		if a == nil {
			if acl.Known() {
				continue // of an ACL managed elsewhere, whose subnets are elsewhere too
			}
			rule.OwnerReason = "its ACL is not known: " + acl.Reason
			n.LooseACLs = append(n.LooseACLs, rule)
			continue
		}
		if !a.Resource.Body.Get(direction(egress)).Unset() && rule.Opaque == "" {
			rule.Opaque = a.Name + " has " + direction(egress) + " rules inline as well: the two forms undo each other"
		}
		rule.Tags = a.Resource.Body.Get("tags")
		a.Rules = append(a.Rules, rule)
	}
}

func (n *Network) aclRule(id string, egress bool, body *terraform.Value, at fact.Position, number, action string) *Rule {
	r := n.decodeRule(id, egress, "", body, at, "protocol", peerFields{v4: "cidr_block", v6: "ipv6_cidr_block"})
	v := body.Get(number)
	r.NumberPos = position(v, at)
	if v.Kind == terraform.Unknown {
		r.NumberReason = v.Reason
	} else if k, err := strconv.Atoi(v.Number + v.Text); err == nil {
		r.Number = k
	} else {
		r.NumberReason = "no rule number is given"
	}
	v = body.Get(action)
	r.AllowPos = position(v, at)
	switch text := strings.ToLower(v.Text); {
	case v.Kind == terraform.Unknown:
		r.AllowReason = v.Reason
	case text == "allow" || text == "deny":
		r.Allow = text == "allow"
	default:
		r.AllowReason = "is neither allow nor deny"
	}
	return r
}

func (r *Rule) numberText() string {
	if r.NumberReason != "" {
		return "unknown"
	}
	return strconv.Itoa(r.Number)
}
