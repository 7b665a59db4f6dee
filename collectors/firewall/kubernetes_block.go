package firewall

import (
	"net/netip"
	"strconv"

	"github.com/writ-policy/writ/collectors/source/node"
)

// readBlock reads an ipBlock: a block without those that except names. fault says
// why the API server would refuse it, reason why the addresses are not known; those
// returned are then the widest they can be.
func readBlock(n *node.Node) (s sources, fault, reason string) {
	if n.Kind != node.Object {
		what := "ipBlock is not a mapping"
		return allSources(), faultOf(n, what), unsettled(n, what)
	}
	for i, key := range n.Keys {
		if key.Name != "cidr" && key.Name != "except" {
			what := "ipBlock has no " + key.Name
			return allSources(), faultOf(n.Elems[i], what), unsettled(n.Elems[i], what)
		}
	}
	block, fault, reason := readCIDR(n.Get("cidr"), "cidr")
	if reason != "" {
		return allSources(), fault, reason
	}
	s = sourcesOf(block)
	except := n.Get("except")
	switch {
	case except.IsNull():
		return s, "", ""
	case except.Kind != node.Array:
		what := "except is not a list"
		return s, faultOf(except, what), unsettled(except, what)
	}
	for _, e := range except.Elems {
		out, wrong, unknown := readCIDR(e, "except")
		if unknown == "" && !(block.Contains(out.Addr()) && out.Bits() > block.Bits()) {
			wrong = "except " + out.String() + " is not inside of " + block.String()
			unknown = wrong
		}
		if unknown != "" {
			return s, wrong, unknown
		}
		s = s.minus(sourcesOf(out))
	}
	return s, "", ""
}

func readCIDR(n *node.Node, name string) (p netip.Prefix, fault, reason string) {
	if n == nil {
		n = &node.Node{}
	}
	p, err := netip.ParsePrefix(n.Text)
	if n.Kind != node.String || err != nil || p.Addr().Is4In6() {
		what := name + " is not a block of addresses"
		return p, faultOf(n, what), unsettled(n, what)
	}
	return p.Masked(), "", ""
}

// portNumber reads a port's number.
func portNumber(n *node.Node) (int, bool) {
	if n == nil || n.Kind != node.Number {
		return 0, false
	}
	port, err := strconv.Atoi(n.Text)
	return port, err == nil && 1 <= port && port <= 65535
}

// portName is the rule for names of ports: an IANA service name (RFC 6335, 5.1).
func portName(s string) bool {
	letter := false
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z':
			letter = true
		case '0' <= c && c <= '9':
		case c == '-' && i > 0 && i < len(s)-1 && s[i-1] != '-':
		default:
			return false
		}
	}
	return letter && len(s) <= 15
}
