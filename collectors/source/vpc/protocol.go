package vpc

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
)

// Any is the protocol of a rule that matches all of them.
const Any = "any"

// protocols are the IANA protocol numbers with the names used in facts. Only TCP
// and UDP have ports for a security group or an ACL.
var protocols = [...]struct {
	number int
	name   string
}{
	{0, "hopopt"}, {1, "icmp"}, {2, "igmp"}, {4, "ipip"}, {6, "tcp"}, {17, "udp"}, {27, "rdp"}, {33, "dccp"}, {41, "ipv6"},
	{43, "ipv6-route"}, {44, "ipv6-frag"}, {46, "rsvp"}, {47, "gre"}, {50, "esp"}, {51, "ah"}, {58, "icmpv6"},
	{59, "ipv6-nonxt"}, {60, "ipv6-opts"}, {88, "eigrp"}, {89, "ospf"}, {94, "ipip-old"}, {103, "pim"}, {108, "ipcomp"},
	{112, "vrrp"}, {115, "l2tp"}, {132, "sctp"}, {136, "udplite"}, {137, "mpls-in-ip"},
}

// ProtocolName turns what the provider accepts, a name in any case, a number or
// -1, into the name used in facts.
func ProtocolName(v *terraform.Value) (name, reason string) {
	text := ""
	switch v.Kind {
	case terraform.String:
		text = strings.ToLower(strings.TrimSpace(v.Text))
	case terraform.Number:
		text = v.Number
	case terraform.Unknown:
		return "", v.Reason
	default:
		return "", "no protocol is given"
	}
	if text == "-1" || text == "all" {
		return Any, ""
	}
	if number, err := strconv.Atoi(text); err == nil {
		if number < 0 || number > 255 {
			return "", "protocol " + text + " does not exist"
		}
		for _, p := range protocols {
			if p.number == number {
				return p.name, ""
			}
		}
		return strconv.Itoa(number), ""
	}
	for _, p := range protocols {
		if p.name == text {
			return p.name, ""
		}
	}
	return "", "protocol " + strconv.Quote(text) + " is not one this reader knows"
}

// HasPorts reports whether rules of the protocol have a port range.
func HasPorts(protocol string) bool { return protocol == "tcp" || protocol == "udp" }

// portRange reads the ports a rule admits. Protocols without ports and "any"
// admit the whole range whatever is written. For TCP and UDP, -1 is the whole
// range too.
func portRange(protocol string, from, to *terraform.Value) (lo, hi int, reason string) {
	if protocol != "" && !HasPorts(protocol) {
		return 0, 65535, ""
	}
	lo, reason = portNumber(from)
	if reason != "" {
		return 0, 0, "first port: " + reason
	}
	if to.Unset() && !from.Unset() {
		hi = lo
	} else if hi, reason = portNumber(to); reason != "" {
		return 0, 0, "last port: " + reason
	}
	if lo == -1 || hi == -1 {
		return 0, 65535, ""
	}
	if lo > hi {
		return 0, 0, "the first port is above the last"
	}
	return lo, hi, ""
}

func portNumber(v *terraform.Value) (int, string) {
	text := v.Number
	switch v.Kind {
	case terraform.Unknown:
		return 0, v.Reason
	case terraform.String:
		text = v.Text
	case terraform.Number:
	default:
		return 0, "none is given"
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < -1 || n > 65535 {
		return 0, strconv.Quote(text) + " is not a port"
	}
	return n, ""
}
