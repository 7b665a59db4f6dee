package netfilter

import (
	"net/netip"
	"strconv"
	"strings"
)

// protocolNumber reads a transport protocol: a number, or a name of /etc/protocols.
func protocolNumber(name string) (uint64, bool) {
	if n, err := strconv.ParseUint(name, 0, 8); err == nil {
		return n, true
	}
	for _, p := range []struct {
		name   string
		number uint64
	}{
		{"icmp", 1}, {"igmp", 2}, {"ipv4", 4}, {"ipencap", 4}, {"tcp", 6}, {"egp", 8}, {"igp", 9}, {"udp", 17}, {"dccp", 33}, {"ipv6", 41},
		{"ipv6-route", 43}, {"ipv6-frag", 44}, {"rsvp", 46}, {"gre", 47}, {"esp", 50}, {"ipv6-crypt", 50}, {"ah", 51}, {"ipv6-auth", 51},
		{"icmpv6", 58}, {"ipv6-icmp", 58}, {"ipv6-nonxt", 59}, {"ipv6-opts", 60}, {"ospf", 89}, {"ospfigp", 89}, {"ipip", 94}, {"pim", 103}, {"comp", 108},
		{"ipcomp", 108}, {"vrrp", 112}, {"l2tp", 115}, {"sctp", 132}, {"mh", 135}, {"mobility-header", 135}, {"udplite", 136},
	} {
		if p.name == strings.ToLower(name) {
			return p.number, true
		}
	}
	return 0, false
}

// serviceNumber reads a port: a number, or one of the names of /etc/services that
// people write into rules.
func serviceNumber(name string) (uint64, bool) {
	if n, err := strconv.ParseUint(name, 0, 16); err == nil {
		return n, true
	}
	for _, s := range []struct {
		name string
		port uint64
	}{
		{"ftp-data", 20}, {"ftp", 21}, {"ssh", 22}, {"telnet", 23}, {"smtp", 25}, {"domain", 53}, {"bootps", 67}, {"bootpc", 68}, {"tftp", 69},
		{"http", 80}, {"kerberos", 88}, {"pop3", 110}, {"sunrpc", 111}, {"auth", 113}, {"ntp", 123}, {"netbios-ns", 137}, {"netbios-dgm", 138},
		{"netbios-ssn", 139}, {"imap2", 143}, {"imap", 143}, {"snmp", 161}, {"snmp-trap", 162}, {"bgp", 179}, {"ldap", 389}, {"https", 443},
		{"microsoft-ds", 445}, {"submissions", 465}, {"isakmp", 500}, {"syslog", 514}, {"printer", 515}, {"submission", 587}, {"ipp", 631},
		{"ldaps", 636}, {"rsync", 873}, {"imaps", 993}, {"pop3s", 995}, {"openvpn", 1194}, {"ms-sql-s", 1433}, {"nfs", 2049}, {"mysql", 3306},
		{"ms-wbt-server", 3389}, {"ipsec-nat-t", 4500}, {"sip", 5060}, {"postgresql", 5432}, {"amqp", 5672}, {"x11", 6000}, {"redis", 6379}, {"http-alt", 8080},
	} {
		if s.name == strings.ToLower(name) {
			return s.port, true
		}
	}
	return 0, false
}

// icmpType reads a type by number or by the name that iptables or nft gives it.
func icmpType(name string, v6 bool) (uint64, bool) {
	if n, err := strconv.ParseUint(name, 0, 8); err == nil {
		return n, true
	}
	names := []struct {
		name   string
		number uint64
	}{
		{"echo-reply", 0}, {"pong", 0}, {"destination-unreachable", 3}, {"source-quench", 4}, {"redirect", 5}, {"echo-request", 8}, {"ping", 8},
		{"router-advertisement", 9}, {"router-solicitation", 10}, {"time-exceeded", 11}, {"ttl-exceeded", 11}, {"parameter-problem", 12},
		{"timestamp-request", 13}, {"timestamp-reply", 14}, {"info-request", 15}, {"info-reply", 16}, {"address-mask-request", 17}, {"address-mask-reply", 18},
	}
	if v6 {
		names = []struct {
			name   string
			number uint64
		}{
			{"destination-unreachable", 1}, {"packet-too-big", 2}, {"time-exceeded", 3}, {"ttl-exceeded", 3}, {"parameter-problem", 4},
			{"echo-request", 128}, {"ping", 128}, {"echo-reply", 129}, {"pong", 129}, {"mld-listener-query", 130}, {"mld-listener-report", 131},
			{"mld-listener-done", 132}, {"mld-listener-reduction", 132}, {"router-solicitation", 133}, {"nd-router-solicit", 133},
			{"router-advertisement", 134}, {"nd-router-advert", 134}, {"neighbour-solicitation", 135}, {"neighbor-solicitation", 135},
			{"nd-neighbor-solicit", 135}, {"neighbour-advertisement", 136}, {"neighbor-advertisement", 136}, {"nd-neighbor-advert", 136},
			{"redirect", 137}, {"nd-redirect", 137}, {"router-renumbering", 138}, {"ind-neighbor-solicit", 141}, {"ind-neighbor-advert", 142}, {"mld2-listener-report", 143},
		}
	}
	for _, n := range names {
		if n.name == name {
			return n.number, true
		}
	}
	return 0, false
}

// addressType reads a type of the routing table by its name in any case.
func addressType(name string) (uint64, bool) {
	for i, n := range []string{"unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw", "nat", "xresolve"} {
		if n == strings.ToLower(name) {
			return uint64(i), true
		}
	}
	n, err := strconv.ParseUint(name, 0, 8)
	return n, err == nil
}

func stateNumber(name string) (uint64, bool) {
	switch strings.ToLower(name) {
	case "invalid":
		return StateInvalid, true
	case "established":
		return StateEstablished, true
	case "related":
		return StateRelated, true
	case "new":
		return StateNew, true
	case "untracked":
		return StateUntracked, true
	}
	return 0, false
}

func statusNumber(name string) (uint64, bool) {
	switch strings.ToLower(name) {
	case "expected":
		return 1, true
	case "seen-reply", "seen_reply":
		return 2, true
	case "assured":
		return 4, true
	case "confirmed":
		return 8, true
	case "snat":
		return 16, true
	case "dnat":
		return 32, true
	case "dying":
		return 512, true
	}
	return 0, false
}

func tcpFlag(name string) (uint64, bool) {
	for i, n := range []string{"fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"} {
		if n == strings.ToLower(name) {
			return 1 << i, true
		}
	}
	return 0, false
}

func packetType(name string) (uint64, bool) {
	switch name {
	case "host", "unicast":
		return 0, true
	case "broadcast":
		return 1, true
	case "multicast":
		return 2, true
	case "other", "otherhost":
		return 3, true
	}
	return 0, false
}

// block reads ADDRESS, ADDRESS/LENGTH or ADDRESS/MASK.
func block(text string) (Value, bool) {
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		return Value{From: a, To: a}, true
	}
	addr, mask, masked := strings.Cut(text, "/")
	if masked && !strings.Contains(addr, ":") { // "10/8" is short for "10.0.0.0/8"
		addr += strings.Repeat(".0", max(0, 3-strings.Count(addr, ".")))
	}
	a, err := netip.ParseAddr(addr)
	if err != nil || a.Zone() != "" {
		return Value{}, false
	}
	bits, err := strconv.Atoi(mask)
	if err != nil {
		m, err := netip.ParseAddr(mask)
		if err != nil || m.BitLen() != a.BitLen() {
			return Value{}, false
		}
		bits = ones(m)
	}
	if bits < 0 || bits > a.BitLen() {
		return Value{}, false
	}
	p := netip.PrefixFrom(a, bits).Masked()
	return Value{From: p.Addr(), To: last(p)}, true
}

// ones counts the leading ones of a mask, -1 if others follow a zero.
func ones(mask netip.Addr) int {
	n, end := 0, false
	for _, b := range mask.AsSlice() {
		for i := 7; i >= 0; i-- {
			switch one := b>>i&1 == 1; {
			case one && end:
				return -1
			case one:
				n++
			default:
				end = true
			}
		}
	}
	return n
}

func single(n uint64) Value { return Value{Lo: n, Hi: n} }

// elements makes an element of each value.
func elements(values ...Value) []Element {
	list := make([]Element, len(values))
	for i, v := range values {
		list[i] = Element{Values: []Value{v}}
	}
	return list
}
