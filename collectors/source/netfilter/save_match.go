package netfilter

import (
	"strings"
)

// base decodes an option that every rule may have.
func (d *decoding) base(o option) {
	if d.Disabled["iptables/"+o.name] {
		d.restrict(o.text, "not decoded")
		return
	}
	if o.name == "protocol" && o.negate {
		d.protocol = 0
	}
	switch o.name {
	case "protocol":
		d.matchProtocol(o)
	case "source":
		d.matchBlocks(SourceAddr, o)
	case "destination":
		d.matchBlocks(DestAddr, o)
	case "in":
		d.matchInterface(InInterface, o)
	case "out":
		d.matchInterface(OutInterface, o)
	case "fragment":
		d.add(Match{Fields: []Field{Fragment}, Negate: o.negate, Elements: elements(single(1))})
	}
}

func (d *decoding) matchProtocol(o option) {
	if strings.EqualFold(o.arg(), "all") || o.arg() == "0" {
		if o.negate {
			d.add(Match{Fields: []Field{Protocol}}) // iptables refuses it: it never holds
		}
		return
	}
	n, ok := protocolNumber(o.arg())
	if !ok {
		d.restrict(o.text, "a protocol without a number that is known")
		return
	}
	if !o.negate {
		d.protocol = n
	}
	d.add(Match{Fields: []Field{Protocol}, Negate: o.negate, Elements: elements(single(n))})
}

func (d *decoding) matchBlocks(f Field, o option) {
	var values []Value
	for _, text := range strings.Split(o.arg(), ",") {
		v, ok := block(text)
		if !ok || v.From.Is6() != (d.Family == IPv6) {
			d.restrict(o.text, "a name, or an address of another kind")
			return
		}
		values = append(values, v)
	}
	if bits := values[0]; len(values) == 1 && !o.negate && bits.From.IsUnspecified() && bits.To == last(wholeOf(bits.From)) {
		return
	}
	d.add(Match{Fields: []Field{f}, Negate: o.negate, Elements: elements(values...)})
}

// matchInterface reads a name; one that ends with "+" is every name that begins so.
func (d *decoding) matchInterface(f Field, o option) {
	name, wild := strings.CutSuffix(o.arg(), "+")
	switch {
	case strings.Contains(name, "*") || o.arg() == "":
		d.restrict(o.text, "not the name of an interface")
		return
	case wild && name == "" && !o.negate:
		return
	case wild:
		name += "*"
	}
	d.add(Match{Fields: []Field{f}, Negate: o.negate, Elements: elements(Value{Name: name})})
}

// match decodes a match. What it does not know of it is opaque, and the rest of the
// rule may then be reached or not.
func (d *decoding) match(e *extension) {
	name := e.name
	if name == "icmpv6" {
		name = "icmp6"
	}
	if d.Disabled["iptables/"+name] {
		if name != "comment" {
			d.restrict(e.text(), "not decoded")
		}
		return
	}
	for _, o := range e.options {
		if strings.HasPrefix(o.name, "?") {
			d.restrict(e.text(), "an option of the match is not known")
			return
		}
	}
	switch name {
	case "limit", "hashlimit", "recent", "connlimit", "statistic", "quota":
		d.matchRate(name, e)
		return
	case "addrtype":
		d.matchAddressType(e)
		return
	case "set":
		d.matchSet(e)
		return
	case "rpfilter":
		d.matchReversePath(e)
		return
	}
	read := optionReader(name)
	if read == nil {
		d.restrict(e.text(), "the match "+name+" is not modelled")
		return
	}
	for _, o := range e.options {
		if !read(d, o) {
			d.restrict("-m "+e.name+" "+o.text, "the option of the match is not modelled")
		}
	}
}

// optionReader is the reader of the options of a match that hold each by itself. It
// returns false for one that it does not know.
func optionReader(match string) func(*decoding, option) bool {
	switch match {
	case "tcp", "udp", "udplite", "sctp", "dccp":
		return (*decoding).matchTransport
	case "icmp", "icmp6":
		return (*decoding).matchICMP
	case "conntrack", "state":
		return (*decoding).matchConntrack
	case "multiport":
		return (*decoding).matchMultiport
	case "iprange":
		return (*decoding).matchRange
	case "comment":
		return func(d *decoding, o option) bool {
			if d.rule.Comment != "" {
				d.rule.Comment += " "
			}
			d.rule.Comment += o.arg()
			return true
		}
	case "mark":
		return func(d *decoding, o option) bool { return d.matchMark(Mark, o) }
	case "connmark":
		return func(d *decoding, o option) bool { return d.matchMark(ConnMark, o) }
	case "pkttype":
		return func(d *decoding, o option) bool {
			n, ok := packetType(o.arg())
			if ok {
				d.add(Match{Fields: []Field{PacketType}, Negate: o.negate, Elements: elements(single(n))})
			}
			return ok
		}
	}
	return nil
}

// transport reports whether a protocol that has ports stands before in the rule.
func (d *decoding) transport() bool {
	switch d.protocol {
	case 6, 17, 33, 132, 136:
		return true
	}
	return false
}

func (d *decoding) matchTransport(o option) bool {
	if !d.transport() {
		return false
	}
	switch o.name {
	case "sport", "dport":
		v, ok := portRange(o.arg())
		if !ok {
			return false
		}
		f := DestPort
		if o.name == "sport" {
			f = SourcePort
		}
		if v.Lo == 0 && v.Hi == 65535 && !o.negate {
			return true
		}
		d.add(Match{Fields: []Field{f}, Negate: o.negate, Elements: elements(v)})
	case "syn":
		d.add(Match{Fields: []Field{TCPFlags}, Negate: o.negate, Mask: 0x17, Elements: elements(single(2))})
	case "tcp-flags":
		mask, ok1 := flagSet(o.args[0])
		set, ok2 := flagSet(o.args[1])
		if !ok1 || !ok2 {
			return false
		}
		if mask == 0 { // nothing is looked at
			if set == 0 && o.negate || set != 0 && !o.negate {
				d.add(Match{Fields: []Field{TCPFlags}})
			}
			return true
		}
		d.add(Match{Fields: []Field{TCPFlags}, Negate: o.negate, Mask: mask, Elements: elements(single(set))})
	default:
		return false
	}
	return true
}

func flagSet(text string) (uint64, bool) {
	var all uint64
	for _, name := range strings.Split(text, ",") {
		switch strings.ToUpper(name) {
		case "ALL":
			all |= 0x3f
			continue
		case "NONE":
			continue
		}
		n, ok := tcpFlag(name)
		if !ok {
			return 0, false
		}
		all |= n
	}
	return all, true
}

// portRange reads PORT, FIRST:LAST, FIRST: and :LAST.
func portRange(text string) (Value, bool) {
	lo, hi, ranged := strings.Cut(text, ":")
	if !ranged {
		n, ok := serviceNumber(text)
		return single(n), ok
	}
	v := Value{Lo: 0, Hi: 65535}
	ok1, ok2 := true, true
	if lo != "" {
		v.Lo, ok1 = serviceNumber(lo)
	}
	if hi != "" {
		v.Hi, ok2 = serviceNumber(hi)
	}
	return v, ok1 && ok2 && v.Lo <= v.Hi
}

func (d *decoding) matchMultiport(o option) bool {
	if !d.transport() {
		return false
	}
	var values []Value
	for _, text := range strings.Split(o.arg(), ",") {
		v, ok := portRange(text)
		if !ok {
			return false
		}
		values = append(values, v)
	}
	m := Match{Negate: o.negate, Elements: elements(values...)}
	switch o.name {
	case "sports":
		m.Fields = []Field{SourcePort}
	case "dports":
		m.Fields = []Field{DestPort}
	case "ports": // either of them
		m.Fields, m.Elements = []Field{SourcePort, DestPort}, nil
		any := Value{Hi: 65535}
		for _, v := range values {
			m.Elements = append(m.Elements, Element{Values: []Value{v, any}}, Element{Values: []Value{any, v}})
		}
	}
	d.add(m)
	return true
}

func (d *decoding) matchRange(o option) bool {
	v, ok := parseRange(o.arg())
	if !ok || !v.From.IsValid() || v.From.Is6() != (d.Family == IPv6) || strings.Contains(o.arg(), "/") {
		return false
	}
	f := SourceAddr
	if o.name == "dst-range" {
		f = DestAddr
	}
	d.add(Match{Fields: []Field{f}, Negate: o.negate, Elements: elements(v)})
	return true
}

func (d *decoding) matchICMP(o option) bool {
	v6 := o.name == "icmpv6-type"
	want := uint64(1)
	if v6 {
		want = 58
	}
	if d.protocol != want {
		return false
	}
	name, code, coded := strings.Cut(o.arg(), "/")
	if !v6 && (name == "any" || name == "255") {
		if o.negate {
			d.add(Match{Fields: []Field{ICMPType}})
		}
		return true
	}
	n, ok := icmpType(name, v6)
	if !ok || coded && o.negate {
		return false // a name of a code, or any but one code
	}
	d.add(Match{Fields: []Field{ICMPType}, Negate: o.negate, Elements: elements(single(n))})
	if coded {
		d.restrict(o.text, "the code "+clip(code)+" of the type is not modelled")
	}
	return true
}
