package vpc

import (
	"net/netip"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// prefixList is a customer-managed prefix list of the root.
type prefixList struct {
	family  Family
	entries []netip.Prefix
	reason  string // why there may be more entries
}

func (n *Network) readPrefixLists(root *terraform.Root) {
	n.lists = map[string]*prefixList{}
	for _, r := range root.Resources {
		if r.Mode != "managed" || r.Type != "aws_ec2_managed_prefix_list" {
			continue
		}
		l := &prefixList{family: Inet}
		switch family := r.Body.Get("address_family"); {
		case family.Kind == terraform.String && family.Text == "IPv4":
			l.family = IPv4
		case family.Kind == terraform.String && family.Text == "IPv6":
			l.family = IPv6
		default:
			l.reason = "the address family of " + r.Address + " is not known"
		}
		if !r.KnownCount {
			l.family, l.reason = Inet, "the number of instances of "+r.Address+" is not known"
		}
		entries, reason := elements(r.Body.Get("entry"))
		if reason != "" {
			l.reason = reason
		}
		for _, e := range entries {
			l.add(e.Get("cidr"))
		}
		n.lists[r.Address] = l
	}
	for _, r := range root.Resources {
		if r.Mode != "managed" || r.Type != "aws_ec2_managed_prefix_list_entry" {
			continue
		}
		list := n.Identify(r.Body.Get("prefix_list_id"))
		if l := n.lists[list.Name]; l != nil && r.KnownCount {
			l.add(r.Body.Get("cidr"))
		} else if l != nil {
			l.reason = "the number of instances of " + r.Address + " is not known"
		} else if !list.Known() {
			for _, l := range n.lists {
				l.reason = "the list that " + r.Address + " adds to is not known"
			}
		}
	}
}

func (l *prefixList) add(v *terraform.Value) {
	if l.family == Inet {
		return // the list is not known as a whole
	}
	prefix, reason := Block(v, l.family)
	if reason != "" {
		l.reason = reason
		return
	}
	l.entries = append(l.entries, prefix)
}

// prefixListPeers expands a list that the root manages. The addresses of other
// lists, the provider's own included, are not known.
func (n *Network) prefixListPeers(v *terraform.Value, at fact.Position) []Peer {
	who := n.Identify(v)
	at = position(v, at)
	l := n.lists[who.Name]
	if l == nil {
		p := Peer{Type: PrefixList, Name: who.Name, Family: Inet, Reason: who.Reason, Pos: at}
		if p.Reason == "" {
			p.Reason = "the addresses of prefix list " + who.Name + " are kept elsewhere"
		}
		return []Peer{p}
	}
	var peers []Peer
	for _, prefix := range l.entries {
		peers = append(peers, Peer{Type: PrefixList, Name: who.Name, Prefix: prefix, Family: l.family, Pos: at})
	}
	if l.reason != "" {
		peers = append(peers, Peer{Type: PrefixList, Name: who.Name, Family: l.family, Reason: l.reason, Pos: at})
	}
	return peers
}
