package netfilter

import (
	"net/netip"
	"strconv"
	"strings"
)

// valueOf reads a value of one of nft's types: a name or a number, a prefix, a range,
// or flags that are or-ed.
func valueOf(v any, kind string) (Value, bool) {
	switch x := v.(type) {
	case object:
		switch {
		case x["prefix"] != nil:
			p, _ := x["prefix"].(object)
			n, ok := integer(p["len"])
			from, ok2 := valueOf(p["addr"], kind)
			if !ok || !ok2 || !from.From.IsValid() || n < 0 || int(n) > from.From.BitLen() {
				return Value{}, false
			}
			block := netip.PrefixFrom(from.From, int(n)).Masked()
			return Value{From: block.Addr(), To: last(block)}, true
		case x["range"] != nil:
			list, _ := x["range"].([]any)
			if len(list) != 2 {
				return Value{}, false
			}
			lo, ok1 := valueOf(list[0], kind)
			hi, ok2 := valueOf(list[1], kind)
			if !ok1 || !ok2 {
				return Value{}, false
			}
			if lo.From.IsValid() && hi.From.IsValid() && lo.From.BitLen() == hi.To.BitLen() {
				return Value{From: lo.From, To: hi.To}, !hi.To.Less(lo.From)
			}
			return Value{Lo: lo.Lo, Hi: hi.Hi}, lo.Name+hi.Name == "" && !lo.From.IsValid() && !hi.From.IsValid() && lo.Lo <= hi.Hi
		case x["|"] != nil:
			n, ok := bitsOf(x["|"], kind)
			return single(n), ok && isBits(kind)
		}
		return Value{}, false
	case []any:
		n, ok := bitsOf(x, kind)
		return single(n), ok && isBits(kind)
	}
	switch kind {
	case "ipv4_addr", "ipv6_addr":
		s, _ := v.(string)
		a, err := netip.ParseAddr(s)
		return Value{From: a, To: a}, err == nil && a.Zone() == "" && a.Is6() == (kind == "ipv6_addr")
	case "ifname", "iface_index":
		s, ok := v.(string)
		return Value{Name: plain(s)}, ok && s != "" && !strings.Contains(strings.TrimSuffix(s, "*"), "*") && !strings.Contains(s, `\`)
	}
	n, ok := numberOf(v, kind)
	return single(n), ok
}

// bitsOf ors the flags of a list.
func bitsOf(v any, kind string) (uint64, bool) {
	list, ok := v.([]any)
	if !ok {
		return numberOf(v, kind)
	}
	var all uint64
	for _, e := range list {
		var n uint64
		if o, isObject := e.(object); isObject {
			n, ok = bitsOf(o["|"], kind)
		} else {
			n, ok = numberOf(e, kind)
		}
		if !ok {
			return 0, false
		}
		all |= n
	}
	return all, len(list) > 0
}

// numberOf reads a number or a name of nft's.
func numberOf(v any, kind string) (uint64, bool) {
	if n, ok := integer(v); ok {
		if kind == "ether_type" {
			return etherType(strconv.FormatInt(n, 10))
		}
		return uint64(n), n >= 0 && uint64(n) <= highest(kind)
	}
	s, ok := v.(string)
	if !ok {
		return 0, false
	}
	switch kind {
	case "inet_service":
		return serviceNumber(s)
	case "inet_proto":
		return protocolNumber(s)
	case "ct_state":
		return stateNumber(s)
	case "ct_status":
		return statusNumber(s)
	case "ct_dir":
		switch s {
		case "original":
			return 0, true
		case "reply":
			return 1, true
		}
		return 0, false
	case "icmp_type":
		return icmpType(s, false)
	case "icmpv6_type":
		return icmpType(s, true)
	case "tcp_flag":
		return tcpFlag(s)
	case "nf_proto":
		switch s {
		case "ipv4":
			return 2, true
		case "ipv6":
			return 10, true
		}
		return 0, false
	case "ether_type":
		return etherType(s)
	case "pkt_type":
		return packetType(s)
	case "fib_addrtype":
		return addressType(s)
	}
	n, err := strconv.ParseUint(s, 0, 32)
	return n, err == nil && kind == "mark"
}

// etherType turns the type of a frame into the family of its packet.
func etherType(s string) (uint64, bool) {
	switch s {
	case "ip", "2048", "8":
		return 2, true
	case "ip6", "34525", "56710":
		return 10, true
	case "arp", "2054", "1544":
		return 3, true
	}
	return 0, false
}

// highest is the highest number of a type.
func highest(kind string) uint64 {
	switch kind {
	case "inet_service":
		return 0xffff
	case "inet_proto", "icmp_type", "icmpv6_type", "tcp_flag", "nf_proto", "pkt_type":
		return 0xff
	}
	return 0xffffffff
}
