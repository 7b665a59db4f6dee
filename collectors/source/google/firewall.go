package google

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// Rule is one entry of a google_compute_firewall, for one protocol and port
// range. Its Number is the priority; lower ones are asked first, and of equal
// ones those that deny.
type Rule struct {
	vpc.Rule
	// Targets are the instances it is for; none is all of the network.
	Targets       []Target
	TargetsReason string
	// Log reports whether it records the connections it decides.
	Log aws.Answer[bool]
	// Given is set for a rule that the project comes with.
	Given   bool
	network Identity
}

// VPC is a network with the firewall rules of the root for it.
type VPC struct {
	Name string
	// Resource is nil for a network managed elsewhere.
	Resource *terraform.Resource
	// Reason is why it is not known which network it is; "" if it is.
	Reason string
	Rules  []*Rule
	// Opaque says what may decide before or besides the rules.
	Opaque []Opaque
	Pos    fact.Position
}

// Opaque is something that may decide and is not read. Adds is set if all it can
// do is to admit more.
type Opaque struct {
	Text, Reason string
	Adds         bool
	Pos          fact.Position
}

// Firewall is the firewall rules of a root, by network.
type Firewall struct {
	Index
	// VPCs are the networks, declared ones in the root's order, then others. Rules
	// whose network cannot be told stand in one of their own, and none of them is
	// certain.
	VPCs     []*VPC
	machines []Machine
}

// ReadFirewall reads the networks and firewall rules of a root.
func (x Index) ReadFirewall() *Firewall {
	f := &Firewall{Index: x, machines: x.Machines()}
	for _, r := range x.OfType("google_compute_network") {
		f.VPCs = append(f.VPCs, &VPC{Name: r.Address, Resource: r, Pos: r.Pos})
	}
	var lost []*Rule
	for _, r := range x.OfType("google_compute_firewall") {
		rules := x.readRules(r)
		for _, rule := range rules {
			if v := f.vpc(rule.network); v != nil {
				v.Rules = append(v.Rules, rule)
			} else {
				lost = append(lost, rule)
			}
		}
	}
	for _, m := range f.machines {
		for _, i := range m.Interfaces {
			f.vpc(i.Network)
		}
	}
	f.policies()
	f.lost(lost)
	for _, v := range f.VPCs {
		slices.SortStableFunc(v.Rules, order)
	}
	return f
}

// lost takes up rules whose network is not known: any network may have them.
func (f *Firewall) lost(rules []*Rule) {
	if len(rules) == 0 {
		return
	}
	unknown := &VPC{Name: "unknown network", Pos: rules[0].Pos, Reason: orElse(rules[0].network.Reason, "no network is named")}
	unknown.Opaque = append(unknown.Opaque, Opaque{Text: unknown.Name, Reason: "which network it is, and which other rules it has, is not known", Pos: rules[0].Pos})
	for _, r := range rules {
		for _, v := range f.VPCs {
			v.Opaque = append(v.Opaque, Opaque{Text: r.ID, Reason: "whether it is a rule of this network is not known", Pos: r.Pos})
		}
		r.Opaque = orElse(r.Opaque, "its network is not known: "+orElse(r.network.Reason, "none is named"))
		unknown.Rules = append(unknown.Rules, r)
	}
	f.VPCs = append(f.VPCs, unknown)
}

// order is that in which rules are asked; among equal priorities one that denies,
// or may, comes first.
func order(a, b *Rule) int {
	rank := func(r *Rule) int {
		switch {
		case r.AllowReason != "":
			return 1
		case r.Allow:
			return 2
		}
		return 0
	}
	return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(rank(a), rank(b)))
}

// VPC returns the network of that identity, nil if the root does not speak of it.
func (f *Firewall) VPC(id Identity) *VPC {
	for _, v := range f.VPCs {
		if v.Name == id.Name && id.Known() {
			return v
		}
	}
	return nil
}

// vpc returns the network of that identity, adding one that is managed elsewhere;
// nil if it is not known.
func (f *Firewall) vpc(id Identity) *VPC {
	if v := f.VPC(id); v != nil || !id.Known() {
		return v
	}
	v := &VPC{Name: id.Name, Pos: id.Pos}
	given := id.Name == "default" || strings.HasSuffix(id.Name, "/default")
	reason := "the network is managed elsewhere and may have other rules"
	v.Opaque = append(v.Opaque, Opaque{Text: id.Name, Reason: reason, Adds: given, Pos: id.Pos})
	if given {
		v.Rules = givenRules(v)
	}
	f.VPCs = append(f.VPCs, v)
	return v
}

// givenRules are the rules of the network named default that a project comes
// with, at the lowest priority but one (VPC documentation, "Pre-populated rules
// in the default network"). Networks that are made later have none of them,
// whatever makes their subnets.
func givenRules(v *VPC) []*Rule {
	var out []*Rule
	for _, g := range []struct{ name, protocol, block string }{
		{"default-allow-internal", "tcp", "10.128.0.0/9"}, {"default-allow-internal", "udp", "10.128.0.0/9"}, {"default-allow-internal", "icmp", "10.128.0.0/9"},
		{"default-allow-ssh", "tcp", "0.0.0.0/0"}, {"default-allow-rdp", "tcp", "0.0.0.0/0"}, {"default-allow-icmp", "icmp", "0.0.0.0/0"},
	} {
		r := &Rule{Given: true, Log: aws.Default(false, v.Pos)}
		r.Rule = vpc.Rule{
			Number: 65534, Allow: true, Protocol: g.protocol, To: 65535, Pos: v.Pos, ProtocolPos: v.Pos, PortsPos: v.Pos, NumberPos: v.Pos, AllowPos: v.Pos,
			Peers:       []vpc.Peer{{Type: vpc.CIDR, Family: vpc.IPv4, Prefix: netip.MustParsePrefix(g.block), Pos: v.Pos}},
			Description: &terraform.Value{}, Tags: &terraform.Value{},
		}
		switch g.name {
		case "default-allow-ssh":
			r.From, r.To = 22, 22
		case "default-allow-rdp":
			r.From, r.To = 3389, 3389
		}
		r.ID = v.Name + "/" + g.name + "/" + r.Span()
		out = append(out, r)
	}
	return out
}

// readRules reads one google_compute_firewall: one rule for each protocol and
// port range. A rule that is disabled is none. One whose direction is not known
// is read for both.
func (x Index) readRules(r *terraform.Resource) []*Rule {
	disabled := aws.Bool(r.Body, false, "disabled")
	if disabled.Known() && disabled.Value {
		return nil
	}
	opaque := ""
	switch {
	case !disabled.Known():
		opaque = "whether it is disabled is not known: " + disabled.Reason
	case !r.KnownCount:
		opaque = "the number of instances of " + r.Address + " is not known"
	}
	directions := []bool{false}
	switch d := aws.Text(r.Body, "INGRESS", "direction"); {
	case !d.Known():
		directions, opaque = []bool{false, true}, "whether it is for traffic in or out is not known: "+d.Reason
	case d.Value == "EGRESS":
		directions = []bool{true}
	}
	var out []*Rule
	for _, egress := range directions {
		taken := map[string]int{}
		for _, allow := range []bool{true, false} {
			name := "deny"
			if allow {
				name = "allow"
			}
			blocks, reason := aws.Blocks(r.Body, name)
			for _, b := range blocks {
				if b.Kind == terraform.Object {
					out = append(out, x.entries(r, b, egress, allow, opaque, taken)...)
				}
			}
			if reason != "" {
				out = append(out, x.entries(r, &terraform.Value{Kind: terraform.Unknown, Reason: reason, Pos: r.Pos}, egress, allow, reason, taken)...)
			}
		}
	}
	return out
}

// entries reads one allow or deny block: one rule for each of its port ranges.
func (x Index) entries(r *terraform.Resource, b *terraform.Value, egress, allow bool, opaque string, taken map[string]int) []*Rule {
	base := x.common(r, egress, allow, opaque)
	base.Protocol, base.ProtocolReason = vpc.ProtocolName(b.Get("protocol"))
	base.ProtocolPos = at(b.Get("protocol"), b.Pos)
	ports := b.Get("ports")
	var ranges []*terraform.Value
	switch {
	case ports.Unset() || ports.Kind == terraform.List && len(ports.Elems) == 0:
		ranges = []*terraform.Value{{}}
	case ports.Kind == terraform.List:
		ranges = ports.Elems
	default:
		ranges = []*terraform.Value{ports}
	}
	var out []*Rule
	for _, v := range ranges {
		one := *base
		one.From, one.To, one.PortsReason = portRange(v)
		if base.ProtocolReason == "" && !vpc.HasPorts(base.Protocol) {
			one.From, one.To, one.PortsReason = 0, 65535, ""
		}
		one.PortsPos = at(v, b.Pos)
		id := r.Address + "/" + one.Span()
		taken[id]++
		if n := taken[id]; n > 1 {
			id = fmt.Sprintf("%s~%d", id, n)
		}
		if egress && strings.HasPrefix(opaque, "whether it is for traffic in or out") {
			id += "/egress"
		}
		one.ID = id
		out = append(out, &one)
	}
	return out
}

// common reads what the entries of a firewall share.
func (x Index) common(r *terraform.Resource, egress, allow bool, opaque string) *Rule {
	rule := &Rule{network: x.Identify(r.Body.Get("network"), "google_compute_network")}
	rule.Rule = vpc.Rule{Egress: egress, Allow: allow, AllowPos: r.Pos, Opaque: opaque, Description: r.Body.Get("description"), Tags: &terraform.Value{}, Pos: r.Pos}
	priority := aws.Int(r.Body, 1000, "priority")
	rule.Number, rule.NumberReason, rule.NumberPos = priority.Value, priority.Reason, priority.Pos
	rule.Targets, rule.TargetsReason = x.targets(r.Body.Get("target_tags"), r.Body.Get("target_service_accounts"))
	if rule.TargetsReason != "" && rule.Opaque == "" {
		rule.Opaque = "which instances it is for is not known: " + rule.TargetsReason
	}
	side, other := "source", "destination_ranges"
	if egress {
		side, other = "destination", "source_ranges"
	}
	rule.Peers = x.peers(r, side, rule.network)
	if v := r.Body.Get(other); !v.Unset() && !(v.Kind == terraform.List && len(v.Elems) == 0) && rule.Opaque == "" {
		rule.Opaque = other + " narrows it to addresses of its instances, which are not compared"
	}
	rule.Log = logged(r)
	return rule
}

func logged(r *terraform.Resource) aws.Answer[bool] {
	block := has(r.Body, "log_config")
	if block.Known() && !block.Value {
		if old := aws.Bool(r.Body, false, "enable_logging"); !old.Default {
			return old
		}
	}
	return block
}

// Machines are the instances of the root and what templates make instances of.
func (f *Firewall) Machines() []Machine { return f.machines }
