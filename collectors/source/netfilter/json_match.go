package netfilter

import (
	"net/netip"
	"slices"
)

// left is what a match or a map looks at.
type left struct {
	field Field
	kind  string
	// before are the matches that nft puts in front without showing them.
	before []Match
	// doubt says why the comparison may fail where the field's value would do.
	doubt string
	// present turns true and false into a value.
	present bool
	ports   bool // of a protocol that is not said
}

func one(f Field, n ...uint64) Match {
	m := Match{Fields: []Field{f}}
	for _, x := range n {
		m.Elements = append(m.Elements, elements(single(x))...)
	}
	return m
}

// leftOf reads an expression, false if it is not modelled.
func leftOf(v any) (left, bool) {
	o, ok := v.(object)
	if !ok || len(o) != 1 {
		return left{}, false
	}
	for kind, body := range o {
		b, _ := body.(object)
		switch kind {
		case "payload":
			return payloadOf(b)
		case "meta":
			return metaOf(str(b, "key"))
		case "ct":
			return trackedOf(b)
		case "fib":
			return routeOf(b)
		}
	}
	return left{}, false
}

func payloadOf(o object) (left, bool) {
	ip4, ip6 := one(NFProto, 2), one(NFProto, 10)
	protocol, field := str(o, "protocol"), str(o, "field")
	switch protocol + " " + field {
	case "ip saddr":
		return left{field: SourceAddr, kind: "ipv4_addr", before: []Match{ip4}}, true
	case "ip daddr":
		return left{field: DestAddr, kind: "ipv4_addr", before: []Match{ip4}}, true
	case "ip protocol":
		return left{field: Protocol, kind: "inet_proto", before: []Match{ip4}}, true
	case "ip6 saddr":
		return left{field: SourceAddr, kind: "ipv6_addr", before: []Match{ip6}}, true
	case "ip6 daddr":
		return left{field: DestAddr, kind: "ipv6_addr", before: []Match{ip6}}, true
	case "ip6 nexthdr":
		return left{field: Protocol, kind: "inet_proto", before: []Match{ip6}, doubt: "a packet may have headers before that of its transport"}, true
	case "ether type":
		return left{field: NFProto, kind: "ether_type"}, true
	case "tcp flags":
		return left{field: TCPFlags, kind: "tcp_flag", before: []Match{one(Protocol, 6)}}, true
	case "icmp type":
		return left{field: ICMPType, kind: "icmp_type", before: []Match{ip4, one(Protocol, 1)}}, true
	case "icmpv6 type":
		return left{field: ICMPType, kind: "icmpv6_type", before: []Match{ip6, one(Protocol, 58)}}, true
	case "th sport":
		return left{field: SourcePort, kind: "inet_service", ports: true}, true
	case "th dport":
		return left{field: DestPort, kind: "inet_service", ports: true}, true
	}
	number, ok := map[string]uint64{"tcp": 6, "udp": 17, "dccp": 33, "sctp": 132, "udplite": 136}[protocol]
	if !ok || field != "sport" && field != "dport" {
		return left{}, false
	}
	l := left{field: DestPort, kind: "inet_service", before: []Match{one(Protocol, number)}}
	if field == "sport" {
		l.field = SourcePort
	}
	return l, true
}

func metaOf(key string) (left, bool) {
	switch key {
	case "iif":
		return left{field: InInterface, kind: "iface_index"}, true
	case "oif":
		return left{field: OutInterface, kind: "iface_index"}, true
	case "iifname":
		return left{field: InInterface, kind: "ifname"}, true
	case "oifname":
		return left{field: OutInterface, kind: "ifname"}, true
	case "l4proto":
		return left{field: Protocol, kind: "inet_proto"}, true
	case "nfproto":
		return left{field: NFProto, kind: "nf_proto"}, true
	case "protocol":
		return left{field: NFProto, kind: "ether_type"}, true
	case "mark":
		return left{field: Mark, kind: "mark"}, true
	case "pkttype":
		return left{field: PacketType, kind: "pkt_type"}, true
	}
	return left{}, false
}

func trackedOf(o object) (left, bool) {
	key, dir := str(o, "key"), str(o, "dir")
	if dir == "original" {
		switch family := str(o, "family"); family {
		case "ip", "ip6":
			key = family + " " + key
		}
		switch key {
		case "ip saddr":
			return left{field: OrigSource, kind: "ipv4_addr", before: []Match{one(NFProto, 2)}}, true
		case "ip daddr":
			return left{field: OrigDest, kind: "ipv4_addr", before: []Match{one(NFProto, 2)}}, true
		case "ip6 saddr":
			return left{field: OrigSource, kind: "ipv6_addr", before: []Match{one(NFProto, 10)}}, true
		case "ip6 daddr":
			return left{field: OrigDest, kind: "ipv6_addr", before: []Match{one(NFProto, 10)}}, true
		case "proto-dst":
			return left{field: OrigDestPort, kind: "inet_service"}, true
		}
	}
	if dir != "" {
		return left{}, false
	}
	switch key {
	case "state":
		return left{field: State, kind: "ct_state"}, true
	case "status":
		return left{field: Status, kind: "ct_status"}, true
	case "direction":
		return left{field: Direction, kind: "ct_dir"}, true
	case "mark":
		return left{field: ConnMark, kind: "mark"}, true
	}
	return left{}, false
}

// routeOf reads what the routing table says of an address: its type, or whether a
// source is routed back by the interface it came in by.
func routeOf(o object) (left, bool) {
	flags := texts(o["flags"])
	slices.Sort(flags)
	switch str(o, "result") {
	case "type":
		if slices.Equal(flags, []string{"saddr"}) {
			return left{field: SourceType, kind: "fib_addrtype"}, true
		}
		if slices.Equal(flags, []string{"daddr"}) {
			return left{field: DestType, kind: "fib_addrtype"}, true
		}
	case "oif":
		if slices.Equal(slices.DeleteFunc(flags, func(f string) bool { return f == "mark" }), []string{"iif", "saddr"}) {
			return left{field: ReversePath, present: true}, true
		}
	}
	return left{}, false
}

// isBits reports whether a type is a set of flags, so that a plain comparison asks
// whether any of them is set.
func isBits(kind string) bool { return kind == "ct_state" || kind == "ct_status" || kind == "tcp_flag" }

// match reads {"op", "left", "right"}.
func (d *jsonRule) match(o object) bool {
	var mask uint64
	var lefts []left
	masked := false
	v := o["left"]
	if l, ok := v.(object); ok {
		if parts, ok := l["concat"].([]any); ok {
			return d.matchConcat(parts, str(o, "op"), o["right"])
		}
		if parts, ok := l["&"].([]any); ok && len(parts) == 2 {
			inner, ok := d.left(parts[0])
			if !ok || inner.present || inner.kind == "ipv4_addr" || inner.kind == "ipv6_addr" || inner.kind == "ifname" {
				return false
			}
			if mask, ok = bitsOf(parts[1], inner.kind); !ok || mask == 0 {
				return false
			}
			masked = true
			lefts = []left{inner}
		}
	}
	if lefts == nil {
		l, ok := d.left(v)
		if !ok {
			return false
		}
		lefts = []left{l}
	}
	l := lefts[0]
	m := Match{Fields: []Field{l.field}, Mask: mask}
	op := str(o, "op")
	switch {
	case l.present:
		yes, ok := o["right"].(bool)
		if !ok || op != "==" && op != "!=" {
			return false
		}
		m.Negate = yes == (op == "!=")
		m.Elements = elements(single(1))
	case op == "in" && isBits(l.kind) && !masked, op == "!" && !masked:
		n, ok := bitsOf(o["right"], l.kind)
		if !ok || n == 0 || !isBits(l.kind) {
			return false
		}
		m.Mask, m.Negate, m.Elements = n, op == "in", elements(single(0))
		if l.field == State { // one of them, and no more than one
			m.Mask, m.Negate, m.Elements = 0, op == "!", nil
			for bit := uint64(1); bit <= n; bit <<= 1 {
				if n&bit != 0 {
					m.Elements = append(m.Elements, elements(single(bit))...)
				}
			}
		}
	case op == "<" || op == ">" || op == "<=" || op == ">=":
		e, ok := bounded(op, o["right"], l.kind)
		if !ok || masked {
			return false
		}
		m.Elements = e
	case op == "==" || op == "!=" || op == "in":
		var ok bool
		if m.Set, m.Elements, ok = d.members(o["right"], []string{l.kind}); !ok {
			return false
		}
		m.Negate = op == "!="
	default:
		return false
	}
	d.put(lefts, m)
	return true
}

func (d *jsonRule) matchConcat(parts []any, op string, right any) bool {
	var lefts []left
	var kinds []string
	m := Match{Negate: op == "!="}
	for _, p := range parts {
		l, ok := d.left(p)
		if !ok || l.present {
			return false
		}
		lefts = append(lefts, l)
		kinds = append(kinds, l.kind)
		m.Fields = append(m.Fields, l.field)
	}
	var ok bool
	if m.Set, m.Elements, ok = d.members(right, kinds); !ok || op != "==" && op != "!=" && op != "in" {
		return false
	}
	d.put(lefts, m)
	return true
}

// left reads an expression as far as its decoder is in use.
func (d *jsonRule) left(v any) (left, bool) {
	if o, ok := v.(object); ok {
		for kind := range o {
			if d.Disabled["nft/"+kind] {
				return left{}, false
			}
		}
	}
	return leftOf(v)
}

// under returns the matches that nft puts in front of an expression that is not
// modelled.
func under(v any) left {
	o, _ := v.(object)
	ip4, ip6 := one(NFProto, 2), one(NFProto, 10)
	if parts, ok := o["&"].([]any); ok && len(parts) == 2 {
		return under(parts[0])
	}
	if o["tcp option"] != nil {
		return left{before: []Match{one(Protocol, 6)}}
	}
	if o["exthdr"] != nil {
		return left{before: []Match{ip6}}
	}
	payload, _ := o["payload"].(object)
	switch str(payload, "protocol") {
	case "ip":
		return left{before: []Match{ip4}}
	case "ip6":
		return left{before: []Match{ip6}}
	case "icmp":
		return left{before: []Match{ip4, one(Protocol, 1)}}
	case "igmp":
		return left{before: []Match{ip4, one(Protocol, 2)}}
	case "icmpv6":
		return left{before: []Match{ip6, one(Protocol, 58)}}
	}
	if n, ok := map[string]uint64{"tcp": 6, "udp": 17, "dccp": 33, "esp": 50, "ah": 51, "comp": 108, "sctp": 132, "udplite": 136}[str(payload, "protocol")]; ok {
		return left{before: []Match{one(Protocol, n)}}
	}
	return left{}
}

// put adds a match behind those that nft does not show.
func (d *jsonRule) put(lefts []left, s Statement) {
	d.prepare(lefts)
	d.add(s)
}

func (d *jsonRule) prepare(lefts []left) {
	named := slices.ContainsFunc(lefts, func(l left) bool { return l.field == Protocol })
	for _, l := range lefts {
		for _, b := range l.before {
			if b.Fields[0] == NFProto && (d.table.Family == IPv4 || d.table.Family == IPv6) {
				continue // that is what the table sees
			}
			if !d.has(b) {
				d.add(b)
			}
		}
		if l.doubt != "" {
			d.add(Opaque{Text: string(l.field), Reason: l.doubt, Restricts: true})
		}
		if l.ports && !named && !d.transport() {
			// The bytes where some transports have ports, of any transport.
			d.add(Opaque{Text: "th " + string(l.field), Reason: "a port of a protocol that is not named", Restricts: true})
		}
	}
}

// has reports whether the rule already asks for it.
func (d *jsonRule) has(m Match) bool {
	for _, s := range d.rule.Statements {
		if s, ok := s.(Match); ok && Print(s) == Print(m) {
			return true
		}
	}
	return false
}

// transport reports whether the rule already asks for protocols that have ports.
func (d *jsonRule) transport() bool {
	for _, s := range d.rule.Statements {
		m, ok := s.(Match)
		if !ok || m.Negate || m.Set != "" || m.Mask != 0 || len(m.Fields) != 1 || m.Fields[0] != Protocol {
			continue
		}
		all := true
		for _, e := range m.Elements {
			all = all && len(e.Values) == 1 && e.Values[0].Lo == e.Values[0].Hi && slices.Contains([]uint64{6, 17, 33, 132, 136}, e.Values[0].Lo)
		}
		if all {
			return true
		}
	}
	return false
}

// bounded reads a comparison by order.
func bounded(op string, right any, kind string) ([]Element, bool) {
	v, ok := valueOf(right, kind)
	if !ok || v.Name != "" || isBits(kind) || v.From != v.To || v.Lo != v.Hi {
		return nil, false
	}
	if v.From.IsValid() {
		low, high := wholeOf(v.From).Addr(), last(wholeOf(v.From))
		switch op {
		case "<":
			v.From, v.To = low, v.From.Prev()
		case "<=":
			v.From = low
		case ">":
			v.From, v.To = v.To.Next(), high
		case ">=":
			v.To = high
		}
		if v.From == (netip.Addr{}) || v.To == (netip.Addr{}) {
			return nil, true // nothing is lower, or higher
		}
		return elements(v), true
	}
	n, top := v.Lo, highest(kind)
	switch op {
	case "<":
		if n == 0 {
			return nil, true
		}
		v = Value{Lo: 0, Hi: n - 1}
	case "<=":
		v = Value{Lo: 0, Hi: n}
	case ">":
		if n >= top {
			return nil, true
		}
		v = Value{Lo: n + 1, Hi: top}
	case ">=":
		v = Value{Lo: n, Hi: top}
	}
	return elements(v), true
}

// members reads the right side of a match: a named set, a set written out, or a value.
func (d *jsonRule) members(right any, kinds []string) (set string, list []Element, ok bool) {
	if s, isText := right.(string); isText && len(s) > 1 && s[0] == '@' {
		name := plain(s[1:])
		return name, nil, d.fits(name, kinds)
	}
	values := []any{right}
	if o, isObject := right.(object); isObject && o["set"] != nil {
		inner, isList := o["set"].([]any)
		if !isList { // {"set": {"elem": …}} has not been seen
			return "", nil, false
		}
		values = inner
	}
	for _, v := range values {
		e, _ := d.element(v, kinds, nil)
		if e.Opaque {
			return "", nil, false
		}
		list = append(list, e)
	}
	return "", list, true
}

// fits reports whether a named set is there and its key is of these types.
func (d *jsonRule) fits(name string, kinds []string) bool {
	s := d.table.Set(name)
	return s != nil && s.Unread == "" && slices.EqualFunc(d.typed[s], kinds, func(a, b string) bool {
		fa, _ := typeField(a)
		fb, _ := typeField(b)
		return fa == fb
	})
}
