package google

import (
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
)

// Chain is what the rules of a network do for instances of certain tags and
// accounts, in one direction: the rules for all instances and those for them, in
// the order they are asked. The network with no target stands for all instances
// that no rule names.
type Chain struct {
	VPC     *VPC
	Targets []Target
	Egress  bool
	Rules   []*Rule
}

// Name is the network's, with the targets.
func (c Chain) Name() string {
	if len(c.Targets) == 0 {
		return c.VPC.Name
	}
	labels := make([]string, len(c.Targets))
	for i, t := range c.Targets {
		labels[i] = t.Label()
	}
	return c.VPC.Name + "/" + strings.Join(labels, ",")
}

// ID is the name and the hook.
func (c Chain) ID() string {
	if c.Egress {
		return c.Name() + "/output"
	}
	return c.Name() + "/input"
}

// used are the targets that rules of a direction name.
func (v *VPC) used(egress bool) []Target {
	var out []Target
	for _, r := range v.Rules {
		if r.Egress == egress {
			out = append(out, r.Targets...)
		}
	}
	return sortTargets(out)
}

// Chain is the chain in front of instances with the targets. Those that no rule
// of the direction names do not matter.
func (f *Firewall) Chain(v *VPC, targets []Target, egress bool) Chain {
	named := v.used(egress)
	c := Chain{VPC: v, Egress: egress}
	for _, t := range targets {
		if slices.Contains(named, t) {
			c.Targets = append(c.Targets, t)
		}
	}
	for _, r := range v.Rules {
		if r.Egress == egress && r.concerns(c.Targets) {
			c.Rules = append(c.Rules, r)
		}
	}
	return c
}

// concerns reports whether the rule is, or may be, for instances with the targets.
func (r *Rule) concerns(targets []Target) bool {
	if len(r.Targets) == 0 || r.TargetsReason != "" {
		return true
	}
	return slices.ContainsFunc(r.Targets, func(t Target) bool { return slices.Contains(targets, t) })
}

// Chains are the chains of a network in a direction: of instances that no rule
// names, of each target that a rule names, and of the combinations that instances
// of the root have.
func (f *Firewall) Chains(v *VPC, egress bool) []Chain {
	out := []Chain{f.Chain(v, nil, egress)}
	seen := map[string]bool{out[0].Name(): true}
	add := func(targets []Target) {
		if c := f.Chain(v, targets, egress); !seen[c.Name()] {
			seen[c.Name()] = true
			out = append(out, c)
		}
	}
	for _, t := range v.used(egress) {
		add([]Target{t})
	}
	for _, m := range f.machines {
		for _, i := range m.Interfaces {
			if f.VPC(i.Network) == v {
				add(m.Targets)
			}
		}
	}
	return out
}

// policies notes the firewall policies that are, or may be, in force for a
// network: they are asked before or after its rules and are not read.
func (f *Firewall) policies() {
	const reason = "a firewall policy decides as well, and is not read"
	for _, typ := range []string{"google_compute_network_firewall_policy_association", "google_compute_region_network_firewall_policy_association"} {
		for _, r := range f.OfType(typ) {
			id := f.Identify(r.Body.Get("attachment_target"), "google_compute_network")
			for _, v := range f.VPCs {
				if !id.Known() || id.Name == v.Name {
					v.Opaque = append(v.Opaque, Opaque{Text: r.Address, Reason: reason, Pos: r.Pos})
				}
			}
		}
	}
	for _, typ := range []string{"google_compute_firewall_policy_association", "google_compute_organization_security_policy_association"} {
		for _, r := range f.OfType(typ) {
			for _, v := range f.VPCs {
				v.Opaque = append(v.Opaque, Opaque{Text: r.Address, Reason: reason, Pos: r.Pos})
			}
		}
	}
}

// Subnets are the subnets of a network that the root declares; a reason says why
// others may be.
func (f *Firewall) Subnets(v *VPC) ([]*terraform.Resource, string) {
	var out []*terraform.Resource
	reason := ""
	if v.Resource == nil {
		reason = "the network " + v.Name + " is not declared here"
	}
	for _, r := range f.OfType("google_compute_subnetwork") {
		id := f.Identify(r.Body.Get("network"), "google_compute_network")
		switch {
		case id.Known() && id.Name == v.Name && r.KnownCount:
			out = append(out, r)
		case id.Known() && id.Name == v.Name, !id.Known():
			reason = "whether " + r.Address + " belongs to the network is not known"
		}
	}
	return out, reason
}

// Recorded says whether admitted and refused connections are recorded: yes,
// sampled, no, or why that is not known.
type Recorded struct {
	Accepted, Denied aws.Answer[string]
	Logs             []string
}

// Recorded answers for a chain, of all its traffic or of a protocol and range.
// Admitted connections are recorded whole where every rule that may admit them
// logs, else by the sample that flow logs of the subnets take (VPC documentation,
// "VPC Flow Logs": packets are always sampled, and those refused on the way in
// are never seen). Refused ones are where a rule that logs refuses all that is
// left.
func (f *Firewall) Recorded(c Chain, subnets []*terraform.Resource, reason string, concerns func(*Rule) bool) Recorded {
	out := Recorded{Accepted: aws.Default("no", c.VPC.Pos), Denied: aws.Default("no", c.VPC.Pos), Logs: []string{}}
	flow := aws.Default(true, c.VPC.Pos)
	if len(subnets) == 0 {
		flow = aws.Default(false, c.VPC.Pos)
	}
	for _, s := range subnets {
		one := FlowLogged(s)
		if one.Known() && one.Value {
			out.Logs = append(out.Logs, s.Address)
		}
		flow = aws.And(flow, one)
	}
	if reason != "" {
		flow = aws.And(flow, aws.NotKnown[bool](reason, c.VPC.Pos))
		if len(subnets) == 0 {
			flow = aws.NotKnown[bool](reason, c.VPC.Pos)
		}
	}
	out.Accepted = aws.Then(flow, func(yes bool) string {
		if yes {
			return "sampled"
		}
		return "no"
	})
	whole, any := aws.Default(true, c.VPC.Pos), false
	for _, r := range c.Rules {
		if !concerns(r) || !r.Allow && r.AllowReason == "" {
			continue
		}
		any = true
		log := r.Log
		if log.Known() && !log.Value && !r.certain() {
			log = aws.NotKnown[bool]("whether "+r.ID+", which does not log, admits it is not known", r.Pos)
		}
		whole = aws.And(whole, log)
		if r.Log.Known() && r.Log.Value && !slices.Contains(out.Logs, r.resource()) {
			out.Logs = append(out.Logs, r.resource())
		}
	}
	for _, o := range c.VPC.Opaque {
		any = true
		whole = aws.And(whole, aws.NotKnown[bool](o.Text+": "+o.Reason, o.Pos))
	}
	switch {
	case !any || whole.Known() && !whole.Value:
	case !whole.Known():
		out.Accepted = aws.NotKnown[string](whole.Reason, whole.Pos)
	default:
		out.Accepted = aws.Answer[string]{Value: "yes", Pos: whole.Pos}
	}
	out.Denied = f.refused(c)
	slices.Sort(out.Logs)
	return out
}

// FlowLogged reports whether a subnet takes flow logs at all: log_config is
// written and samples something, or before version 7 of the provider
// enable_flow_logs says so.
func FlowLogged(subnet *terraform.Resource) aws.Answer[bool] {
	on := has(subnet.Body, "log_config")
	if !on.Known() || !on.Value {
		return aws.Or(on, aws.Bool(subnet.Body, false, "enable_flow_logs"))
	}
	rate := aws.Text(aws.Block(subnet.Body, "log_config"), "0.5", "flow_sampling")
	some := aws.Then(rate, func(text string) bool { n, err := strconv.ParseFloat(text, 64); return err != nil || n > 0 })
	return aws.And(on, some)
}

// certain reports whether all that the rule matches by itself is known.
func (r *Rule) certain() bool {
	return r.Opaque == "" && r.AllowReason == "" && r.ProtocolReason == "" && r.PortsReason == ""
}

// resource is the address of the firewall a rule is an entry of.
func (r *Rule) resource() string {
	address, _, _ := strings.Cut(r.ID, "/")
	return address
}

// refused: what no rule matches is refused by a rule that is implied and never
// logs.
func (f *Firewall) refused(c Chain) aws.Answer[string] {
	logged, at := aws.Default(true, c.VPC.Pos), c.VPC.Pos
	for _, r := range c.Rules {
		if r.Allow && r.AllowReason == "" {
			continue
		}
		logged = aws.And(logged, r.Log)
		at = r.Pos
	}
	catch := c.CatchAll()
	for _, o := range c.VPC.Opaque {
		if !o.Adds {
			return aws.NotKnown[string](o.Text+": "+o.Reason, o.Pos)
		}
	}
	switch {
	case logged.Known() && !logged.Value || catch.Known() && !catch.Value:
		return aws.Default("no", at)
	case !logged.Known() || !catch.Known():
		return aws.NotKnown[string](orElse(logged.Reason, catch.Reason), at)
	}
	return aws.Declared("yes", at)
}

// CatchAll reports whether a rule certainly refuses every IPv4 packet that no
// rule before it decides; it is not known where one may.
func (c Chain) CatchAll() aws.Answer[bool] {
	out := aws.Default(false, c.VPC.Pos)
	for _, r := range c.Rules {
		if r.Allow && r.AllowReason == "" {
			continue
		}
		whole := r.ProtocolReason != "" || r.Protocol == vpc.Any
		if !whole || !slices.ContainsFunc(r.Peers, func(p vpc.Peer) bool {
			return p.Reason != "" || p.Prefix.IsValid() && p.Prefix.Bits() == 0 && p.Prefix.Addr().Is4()
		}) {
			continue
		}
		sure := r.Opaque == "" && r.AllowReason == "" && r.ProtocolReason == "" && slices.ContainsFunc(r.Peers, func(p vpc.Peer) bool {
			return p.Reason == "" && p.Prefix.IsValid() && p.Prefix.Bits() == 0 && p.Prefix.Addr().Is4()
		})
		if sure {
			out = aws.Or(out, aws.Declared(true, r.Pos))
		} else {
			out = aws.Or(out, aws.NotKnown[bool]("whether "+r.ID+" refuses everything is not known", r.Pos))
		}
	}
	return out
}

// HasIPv6 reports whether the network has IPv6 anywhere: a subnet of both
// families, or of IPv6 alone.
func (f *Firewall) HasIPv6(v *VPC) aws.Answer[bool] {
	subnets, reason := f.Subnets(v)
	out := aws.Default(false, v.Pos)
	for _, s := range subnets {
		out = aws.Or(out, aws.Then(aws.Text(s.Body, "IPV4_ONLY", "stack_type"), func(t string) bool { return t != "IPV4_ONLY" }))
	}
	if reason != "" {
		out = aws.Or(out, aws.NotKnown[bool](reason, v.Pos))
	}
	return out
}
