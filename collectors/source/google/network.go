package google

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Identity is a thing that a value names: a resource of the root (Name is its
// address) or one managed elsewhere (its name, with the project where that is
// written). With a Reason it is not known which; the zero Identity means that the
// value names nothing.
type Identity struct {
	Name     string
	Resource *terraform.Resource
	Reason   string
	Pos      fact.Position
}

// Known reports whether it is known what is named.
func (i Identity) Known() bool { return i.Name != "" }

// Identify says what a value names of a type.
func (x Index) Identify(v *terraform.Value, typ string) Identity {
	if v.Unset() || v.Kind == terraform.String && v.Text == "" {
		return Identity{}
	}
	r, reason := x.The(v, typ)
	switch {
	case r != nil:
		return Identity{Name: r.Address, Resource: r, Pos: v.Pos}
	case len(x.Named(v, typ)) > 0:
		return Identity{Reason: reason, Pos: v.Pos}
	case v.Kind == terraform.String:
		return Identity{Name: elsewhereName(v.Text), Pos: v.Pos}
	case v.Direct && len(v.Refs) == 1:
		d := x.Resource(v.Refs[0].Address)
		if d == nil || d.Mode != "data" {
			return Identity{Reason: orElse(v.Reason, "it is not known"), Pos: v.Pos}
		}
		if name := d.Body.Get("name"); name.Kind == terraform.String && d.Type == typ {
			return Identity{Name: elsewhereName(name.Text), Pos: v.Pos}
		}
		return Identity{Name: d.Address, Pos: v.Pos}
	}
	return Identity{Reason: orElse(v.Reason, "is not a name"), Pos: v.Pos}
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// elsewhereName is the name of something managed elsewhere, with its project
// where a path gives it.
func elsewhereName(text string) string {
	if project := Segment(text, "projects"); project != "" {
		return project + "/" + BaseName(text)
	}
	return BaseName(text)
}

// Target is what a firewall rule is for, and what an instance is: a network tag
// or a service account.
type Target struct {
	Kind string // tag or account
	Name string // the tag; the account's address, or its mail address
}

// Label is "tag:web", "account:google_service_account.app".
func (t Target) Label() string { return t.Kind + ":" + t.Name }

// targets reads tags and service accounts from lists; a reason says why there may
// be others.
func (x Index) targets(tags, accounts *terraform.Value) ([]Target, string) {
	var out []Target
	names, reason := tagNames(tags)
	for _, n := range names {
		out = append(out, Target{"tag", n})
	}
	var list []*terraform.Value
	switch {
	case accounts.Unset():
	case accounts.Kind == terraform.List:
		list = accounts.Elems
	case accounts.Kind == terraform.Unknown && !accounts.Direct:
		reason = orElse(reason, accounts.Reason)
	default:
		list = []*terraform.Value{accounts}
	}
	for _, v := range list {
		who := x.Identify(v, "google_service_account")
		switch {
		case who.Reason != "":
			reason = orElse(reason, who.Reason)
		case who.Resource == nil && v.Kind == terraform.String:
			out = append(out, Target{"account", v.Text})
		case who.Known():
			out = append(out, Target{"account", who.Name})
		}
	}
	return sortTargets(out), reason
}

func tagNames(v *terraform.Value) ([]string, string) {
	var out []string
	reason := ""
	switch {
	case v.Unset():
	case v.Kind == terraform.List:
		for _, e := range v.Elems {
			if e.Kind == terraform.String {
				out = append(out, e.Text)
			} else {
				reason = orElse(e.Reason, "a tag is not text")
			}
		}
	default:
		reason = orElse(v.Reason, "the tags are not a list")
	}
	return out, reason
}

func sortTargets(list []Target) []Target {
	slices.SortFunc(list, func(a, b Target) int { return strings.Compare(a.Label(), b.Label()) })
	return slices.Compact(list)
}

// Machine is an instance, or what a template makes instances of.
type Machine struct {
	Resource   *terraform.Resource
	Interfaces []Interface
	// Reason is why there may be other interfaces.
	Reason string
	// Targets are its tags and its service account; TargetsReason says why there
	// may be others.
	Targets       []Target
	TargetsReason string
}

// Interface is a network interface of a machine.
type Interface struct {
	Body    *terraform.Value
	Network Identity
	Subnet  Identity
	// External and External6 report whether it has a public address.
	External, External6 aws.Answer[bool]
}

// machineTypes are the types whose network_interface blocks are read.
var machineTypes = []string{"google_compute_instance", "google_compute_instance_template", "google_compute_region_instance_template"}

// Machines returns the machines of the root.
func (x Index) Machines() []Machine {
	var out []Machine
	for _, r := range x.OfType(machineTypes...) {
		m := Machine{Resource: r}
		account := aws.Block(r.Body, "service_account")
		m.Targets, m.TargetsReason = x.targets(r.Body.Get("tags"), account.Get("email"))
		blocks, reason := aws.Blocks(r.Body, "network_interface")
		m.Reason = reason
		for _, b := range blocks {
			if b.Kind == terraform.Object {
				m.Interfaces = append(m.Interfaces, x.networkInterface(b))
			}
		}
		out = append(out, m)
	}
	return out
}

func (x Index) networkInterface(b *terraform.Value) Interface {
	i := Interface{Body: b, Subnet: x.Identify(b.Get("subnetwork"), "google_compute_subnetwork")}
	i.Network = x.NetworkOf(b.Get("network"), i.Subnet)
	i.External, i.External6 = has(b, "access_config"), has(b, "ipv6_access_config")
	return i
}

// has reports whether a block is there; an empty list in a plan is none.
func has(b *terraform.Value, name string) aws.Answer[bool] {
	list, reason := aws.Blocks(b, name)
	switch {
	case reason != "" && len(list) == 0:
		return aws.NotKnown[bool](reason, b.Pos)
	case len(list) == 0:
		return aws.Default(false, b.Pos)
	}
	return aws.Declared(true, list[0].Pos)
}

// NetworkOf is the network that an argument names, or that a subnet belongs to.
func (x Index) NetworkOf(network *terraform.Value, subnet Identity) Identity {
	if n := x.Identify(network, "google_compute_network"); n != (Identity{}) {
		return n
	}
	switch {
	case subnet.Resource != nil:
		return x.Identify(subnet.Resource.Body.Get("network"), "google_compute_network")
	case subnet.Known():
		return Identity{Reason: "the network of subnet " + subnet.Name + " is not declared here", Pos: subnet.Pos}
	case subnet.Reason != "":
		return Identity{Reason: subnet.Reason, Pos: subnet.Pos}
	}
	return Identity{Reason: "no network is named"}
}

// Block returns the canonical form of a block or a single address.
func Block(text string) (string, bool) {
	v := &terraform.Value{Kind: terraform.String, Text: text}
	p := blockPeer(v, fact.Position{})
	return p.Prefix.String(), p.Reason == "" && p.Prefix.IsValid()
}

// Minimal leaves out canonical blocks that lie in another of the list.
func Minimal(list []string) []string {
	out := []string{}
	for i, text := range list {
		own, err := netip.ParsePrefix(text)
		if err != nil || !slices.ContainsFunc(list, func(other string) bool {
			p, err := netip.ParsePrefix(other)
			return err == nil && p.Bits() < own.Bits() && p.Contains(own.Addr())
		}) && !slices.Contains(list[:i], text) {
			out = append(out, text)
		}
	}
	return out
}
