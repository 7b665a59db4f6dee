package vpc

import (
	"net/netip"
	"strconv"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Rule is one rule of a security group or ACL: a block or a resource.
type Rule struct {
	// ID is stable across runs: the resource's address, or for a block the
	// group's address, direction, protocol and ports.
	ID     string
	Egress bool
	// Number orders the rules of an ACL; 0 in a group. NumberReason says why it
	// is not known.
	Number       int
	NumberReason string
	// Allow is false for an ACL's deny rule. AllowReason says why it is not known.
	Allow       bool
	AllowReason string
	// Protocol is "any" or a name; "" with the reason.
	Protocol       string
	ProtocolReason string
	// From and To are the ports; 0 to 65535 where the protocol has none.
	From, To    int
	PortsReason string
	// Message is the ICMP type and code, "" where the rule is for all or not for
	// ICMP.
	Message string
	// Peers are the sources of an ingress, the destinations of an egress rule.
	// None means that the rule admits nobody.
	Peers []Peer
	// Opaque says why the rule may not be in force, "" if it certainly is.
	Opaque string
	// OwnerReason says why it is not known which group or ACL has the rule.
	OwnerReason string
	// Description and Tags as written; Tags of a block are its group's.
	Description *terraform.Value
	Tags        *terraform.Value
	// Pos is the block's; the fields have their own.
	Pos, ProtocolPos, PortsPos, NumberPos, AllowPos fact.Position
}

// PeerType says how a peer is written.
type PeerType string

const (
	CIDR       PeerType = "cidr"
	Members    PeerType = "group"
	PrefixList PeerType = "prefix_list"
)

// Peer is one source or destination. With a Reason the block (CIDR, PrefixList)
// or the group's name (Members) is not known, or there may be more of its type.
type Peer struct {
	Type   PeerType
	Name   string // group or list
	Prefix netip.Prefix
	Family Family
	Reason string
	Pos    fact.Position
}

// Family is an address family of a peer.
type Family string

const (
	IPv4 Family = "ipv4"
	IPv6 Family = "ipv6"
	Inet Family = "inet" // both
)

// peerFields name a rule's arguments for its peers, which differ between forms.
type peerFields struct{ v4, v6, groups, lists, self string }

func (n *Network) decodeRule(id string, egress bool, group string, body *terraform.Value, at fact.Position, protocol string, f peerFields) *Rule {
	r := &Rule{ID: id, Egress: egress, Allow: true, Description: body.Get("description"), Pos: at}
	p := body.Get(protocol)
	r.Protocol, r.ProtocolReason = ProtocolName(p)
	r.ProtocolPos = position(p, at)
	from := body.Get("from_port")
	r.From, r.To, r.PortsReason = portRange(r.Protocol, from, body.Get("to_port"))
	r.PortsPos = position(from, at)
	r.Message = message(r.Protocol, body)
	r.Peers = n.peers(body, group, at, f)
	return r
}

func (n *Network) peers(body *terraform.Value, group string, at fact.Position, f peerFields) []Peer {
	var peers []Peer
	for _, side := range []struct {
		name   string
		family Family
	}{{f.v4, IPv4}, {f.v6, IPv6}} {
		list, reason := oneOrMany(body.Get(side.name))
		for _, v := range list {
			peers = append(peers, cidrPeer(v, side.family, at))
		}
		if reason != "" {
			peers = append(peers, Peer{Type: CIDR, Family: side.family, Reason: reason, Pos: position(body.Get(side.name), at)})
		}
	}
	list, reason := oneOrMany(body.Get(f.lists))
	for _, v := range list {
		peers = append(peers, n.prefixListPeers(v, at)...)
	}
	if reason != "" {
		peers = append(peers, Peer{Type: PrefixList, Family: Inet, Reason: reason, Pos: position(body.Get(f.lists), at)})
	}
	list, reason = oneOrMany(body.Get(f.groups))
	for _, v := range list {
		who := n.Identify(v)
		peers = append(peers, Peer{Type: Members, Name: who.Name, Family: Inet, Reason: who.Reason, Pos: position(v, at)})
	}
	if reason != "" {
		peers = append(peers, Peer{Type: Members, Family: Inet, Reason: reason, Pos: position(body.Get(f.groups), at)})
	}
	if f.self != "" {
		switch self := body.Get(f.self); {
		case self.Kind == terraform.Unknown:
			peers = append(peers, Peer{Type: Members, Family: Inet, Reason: self.Reason, Pos: position(self, at)})
		case self.Kind == terraform.Bool && self.Bool, self.Kind == terraform.String && self.Text == "true":
			p := Peer{Type: Members, Name: group, Family: Inet, Pos: position(self, at)}
			if group == "" {
				p.Reason = "the rule's own group is not known"
			}
			peers = append(peers, p)
		}
	}
	return peers
}

// oneOrMany returns the members of a list, or the one value written in its
// place; with a reason there may be more.
func oneOrMany(v *terraform.Value) ([]*terraform.Value, string) {
	if v.Unset() {
		return nil, ""
	}
	switch v.Kind {
	case terraform.String:
		if v.Text == "" {
			return nil, "" // as a plan writes what is not set
		}
		return []*terraform.Value{v}, ""
	case terraform.Unknown:
		if v.Direct {
			return []*terraform.Value{v}, "" // one attribute: what it names is for the caller to find
		}
		return v.Elems, v.Reason
	}
	return elements(v)
}

func cidrPeer(v *terraform.Value, family Family, at fact.Position) Peer {
	p := Peer{Type: CIDR, Family: family, Pos: position(v, at)}
	p.Prefix, p.Reason = Block(v, family)
	return p
}

// Block reads a CIDR of a family. Host bits are cut off, as the provider does.
func Block(v *terraform.Value, family Family) (netip.Prefix, string) {
	switch v.Kind {
	case terraform.String:
	case terraform.Unknown:
		return netip.Prefix{}, v.Reason
	default:
		return netip.Prefix{}, "is not a block of addresses"
	}
	prefix, err := netip.ParsePrefix(v.Text)
	if err != nil {
		return netip.Prefix{}, strconv.Quote(v.Text) + " is not a block of addresses"
	}
	prefix = prefix.Masked()
	if prefix.Addr().Is4() != (family == IPv4) || prefix.Addr().Is4In6() {
		return netip.Prefix{}, strconv.Quote(v.Text) + " is not a block of " + string(family) + " addresses"
	}
	return prefix, ""
}

// message reads what part of ICMP a rule is for. Groups write type and code as
// ports, ACLs as arguments of their own; -1 is all.
func message(protocol string, body *terraform.Value) string {
	if protocol != "icmp" && protocol != "icmpv6" {
		return ""
	}
	kind, code := body.Get("from_port"), body.Get("to_port")
	if v := body.Get("icmp_type"); !v.Unset() {
		kind, code = v, body.Get("icmp_code")
	}
	if k := kind.Number + kind.Text; k == "-1" || kind.Unset() {
		return ""
	}
	part := func(v *terraform.Value) string {
		if v.Kind == terraform.Unknown {
			return "?"
		}
		return v.Number + v.Text
	}
	return part(kind) + "/" + part(code)
}
