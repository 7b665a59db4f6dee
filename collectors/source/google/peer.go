package google

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// peers reads the other side of a rule: blocks, and of an ingress rule the tags
// and service accounts of instances of the network. None is every IPv4 address.
func (x Index) peers(r *terraform.Resource, side string, network Identity) []vpc.Peer {
	var out []vpc.Peer
	ranges := r.Body.Get(side + "_ranges")
	written := false
	switch {
	case ranges.Unset() || ranges.Kind == terraform.List && len(ranges.Elems) == 0:
	case ranges.Kind == terraform.List:
		written = true
		for _, v := range ranges.Elems {
			out = append(out, blockPeer(v, r.Pos))
		}
	default:
		written = true
		out = append(out, vpc.Peer{Type: vpc.CIDR, Family: vpc.Inet, Reason: orElse(ranges.Reason, "is not a list of blocks"), Pos: at(ranges, r.Pos)})
	}
	if side == "source" {
		tags, accounts := r.Body.Get("source_tags"), r.Body.Get("source_service_accounts")
		members, reason := x.targets(tags, accounts)
		for _, m := range members {
			p := vpc.Peer{Type: vpc.Members, Name: network.Name + "/" + m.Label(), Family: vpc.Inet, Pos: at(tags, at(accounts, r.Pos))}
			if !network.Known() {
				p.Name, p.Reason = "", "its network is not known"
			}
			out = append(out, p)
		}
		if reason != "" {
			out = append(out, vpc.Peer{Type: vpc.Members, Family: vpc.Inet, Reason: reason, Pos: at(tags, at(accounts, r.Pos))})
		}
		written = written || len(members) > 0 || reason != ""
	}
	if !written {
		out = append(out, vpc.Peer{Type: vpc.CIDR, Family: vpc.IPv4, Prefix: netip.PrefixFrom(netip.IPv4Unspecified(), 0), Pos: r.Pos})
	}
	return out
}

// blockPeer reads a block of either family.
func blockPeer(v *terraform.Value, otherwise fact.Position) vpc.Peer {
	p := vpc.Peer{Type: vpc.CIDR, Family: vpc.IPv4, Pos: at(v, otherwise)}
	if v.Kind == terraform.String && strings.Contains(v.Text, ":") {
		p.Family = vpc.IPv6
	}
	if v.Kind == terraform.String && !strings.Contains(v.Text, "/") {
		if a, err := netip.ParseAddr(v.Text); err == nil && !a.Is4In6() && a.Zone() == "" {
			p.Prefix = netip.PrefixFrom(a, a.BitLen()) // a single address is one block
			return p
		}
	}
	p.Prefix, p.Reason = vpc.Block(v, p.Family)
	if v.Kind == terraform.Unknown {
		p.Family = vpc.Inet
	}
	return p
}

// portRange reads "22" or "8000-8010"; unset is every port.
func portRange(v *terraform.Value) (from, to int, reason string) {
	text := v.Number
	switch v.Kind {
	case terraform.Absent, terraform.Null:
		return 0, 65535, ""
	case terraform.Unknown:
		return 0, 0, v.Reason
	case terraform.String:
		text = v.Text
	case terraform.Number:
	default:
		return 0, 0, "is not a port"
	}
	first, last, ranged := strings.Cut(text, "-")
	if !ranged {
		last = first
	}
	from, err1 := strconv.Atoi(strings.TrimSpace(first))
	to, err2 := strconv.Atoi(strings.TrimSpace(last))
	if err1 != nil || err2 != nil || from < 0 || to > 65535 || from > to {
		return 0, 0, strconv.Quote(text) + " is not a port range"
	}
	return from, to, ""
}

func at(v *terraform.Value, otherwise fact.Position) fact.Position {
	if v == nil || v.Pos.IsZero() {
		return otherwise
	}
	return v.Pos
}
