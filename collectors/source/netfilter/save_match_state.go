package netfilter

import (
	"net/netip"
	"strconv"
	"strings"
)

// wholeOf is the block of all addresses of an address's kind.
func wholeOf(a netip.Addr) netip.Prefix { return netip.PrefixFrom(a, 0).Masked() }

// matchConntrack reads an option of the matches conntrack and state. Several of them
// hold together.
func (d *decoding) matchConntrack(o option) bool {
	m := Match{Negate: o.negate}
	switch o.name {
	case "ctstate", "state":
		return d.matchState(o)
	case "ctstatus":
		return d.matchStatus(o)
	case "ctdir":
		m.Fields = []Field{Direction}
		switch strings.ToUpper(o.arg()) {
		case "ORIGINAL":
			m.Elements = elements(single(0))
		case "REPLY":
			m.Elements = elements(single(1))
		default:
			return false
		}
	case "ctorigsrc", "ctorigdst":
		m.Fields = []Field{OrigSource}
		if o.name == "ctorigdst" {
			m.Fields = []Field{OrigDest}
		}
		v, ok := block(o.arg())
		if !ok || v.From.Is6() != (d.Family == IPv6) {
			return false
		}
		m.Elements = elements(v)
	case "ctorigdstport":
		m.Fields = []Field{OrigDestPort}
		v, ok := portRange(o.arg())
		if !ok {
			return false
		}
		m.Elements = elements(v)
	default:
		return false
	}
	d.add(m)
	return true
}

// matchState reads states; SNAT and DNAT stand beside them and are looked up in the
// connection's status. A list of both kinds is modelled only where it is negated.
func (d *decoding) matchState(o option) bool {
	var states []Value
	var status uint64
	for _, name := range strings.Split(o.arg(), ",") {
		if n, ok := stateNumber(name); ok {
			states = append(states, single(n))
			continue
		}
		n, ok := statusNumber(name)
		if !ok || o.name != "ctstate" || n != 16 && n != 32 {
			return false
		}
		status |= n
	}
	switch {
	case status == 0:
		d.add(Match{Fields: []Field{State}, Negate: o.negate, Elements: elements(states...)})
	case states == nil:
		d.add(Match{Fields: []Field{Status}, Negate: !o.negate, Mask: status, Elements: elements(single(0))})
	case o.negate: // none of both
		d.add(Match{Fields: []Field{State}, Negate: true, Elements: elements(states...)})
		d.add(Match{Fields: []Field{Status}, Mask: status, Elements: elements(single(0))})
	default:
		return false
	}
	return true
}

func (d *decoding) matchStatus(o option) bool {
	var status uint64
	none := false
	for _, name := range strings.Split(o.arg(), ",") {
		if strings.EqualFold(name, "NONE") {
			none = true
			continue
		}
		n, ok := statusNumber(name)
		if !ok {
			return false
		}
		status |= n
	}
	switch {
	case none && status != 0:
		return false
	case none:
		d.add(Match{Fields: []Field{Status}, Negate: o.negate, Elements: elements(single(0))})
	default:
		d.add(Match{Fields: []Field{Status}, Negate: !o.negate, Mask: status, Elements: elements(single(0))})
	}
	return true
}

func (d *decoding) matchMark(f Field, o option) bool {
	if o.name != "mark" {
		return false
	}
	value, mask, ok := markMask(o.arg())
	if !ok {
		return false
	}
	m := Match{Fields: []Field{f}, Negate: o.negate, Elements: elements(single(value))}
	switch mask {
	case 0xffffffff:
	case 0: // nothing is looked at: 0 is compared
		if holds := value == 0; holds == o.negate {
			m.Negate, m.Elements = false, nil
			d.add(m)
		}
		return true
	default:
		m.Mask = mask
	}
	d.add(m)
	return true
}

// markMask reads VALUE or VALUE/MASK.
func markMask(text string) (value, mask uint64, ok bool) {
	v, m, masked := strings.Cut(text, "/")
	value, err := strconv.ParseUint(v, 0, 32)
	mask = 0xffffffff
	if err == nil && masked {
		mask, err = strconv.ParseUint(m, 0, 32)
	}
	return value, mask, err == nil
}

// matchAddressType reads what the routing table says of an address. For IPv6 the
// kernel asks whether the address is a multicast or a unicast one and then whether
// the route is of one of the other types; a list of both kinds is not modelled.
func (d *decoding) matchAddressType(e *extension) {
	for _, o := range e.options {
		if o.name == "limit-iface-in" || o.name == "limit-iface-out" {
			d.restrict(e.text(), "types of addresses at one interface are not modelled")
			return
		}
	}
	for _, o := range e.options {
		f := SourceType
		if o.name == "dst-type" {
			f = DestType
		}
		names := strings.Split(o.arg(), ",")
		var values []Value
		ok := len(names) == 1 || d.Family != IPv6
		for _, name := range names {
			n, known := addressType(name)
			ok = ok && known
			if d.Family == IPv6 && n == 1 { // any that is not multicast
				for _, other := range []uint64{1, 2, 4, 6, 7, 8, 9} {
					values = append(values, single(other))
				}
				continue
			}
			values = append(values, single(n))
		}
		if !ok {
			d.restrict(o.text, "types of addresses that are not modelled together")
			continue
		}
		d.add(Match{Fields: []Field{f}, Negate: o.negate, Elements: elements(values...)})
	}
}

func (d *decoding) matchReversePath(e *extension) {
	invert := false
	for _, o := range e.options {
		switch o.name {
		case "invert":
			invert = true
		case "validmark":
		default:
			d.restrict(e.text(), "the option of the match is not modelled")
			return
		}
	}
	d.add(Match{Fields: []Field{ReversePath}, Negate: invert, Elements: elements(single(1))})
}

// matchSet asks an ipset of the network namespace.
func (d *decoding) matchSet(e *extension) {
	for _, o := range e.options {
		switch o.name {
		case "match-set":
			if !d.lookup(o) {
				d.restrict("-m set "+o.text, "the set is of a type that is not modelled, or it was not read")
			}
		case "update-counters", "update-subcounters":
		default:
			d.restrict("-m set "+o.text, "the option of the match is not modelled")
		}
	}
}

// lookup adds the match of a set by the parts of its key, each of the source's or the
// destination's side.
func (d *decoding) lookup(o option) bool {
	name := o.args[0]
	set := (&Table{Sets: d.Sets}).Set(name)
	if set == nil {
		return false
	}
	sides := strings.Split(o.args[1], ",")
	fields, ok := sided(set.Fields, sides)
	if !ok {
		return false
	}
	if fields == nil { // fewer sides than the key has parts: the kernel finds nothing
		if !o.negate {
			d.add(Match{Fields: []Field{SourceAddr}})
		}
		return true
	}
	if d.table.Set(name) == nil {
		d.table.Sets = append(d.table.Sets, set)
	}
	d.add(Match{Fields: fields, Negate: o.negate, Set: name})
	return true
}

// sided turns the types of an ipset's key into fields by the sides asked for. The
// protocol stands in front of the port whose side it shares.
func sided(types []Field, sides []string) ([]Field, bool) {
	if len(types) == 0 {
		return nil, false
	}
	var fields []Field
	side := 0
	for _, t := range types {
		if t == Protocol {
			fields = append(fields, t)
			continue
		}
		if side >= len(sides) {
			return nil, true
		}
		dst := sides[side] == "dst"
		if !dst && sides[side] != "src" {
			return nil, false
		}
		side++
		switch t {
		case SourceAddr, DestAddr:
			t = SourceAddr
			if dst {
				t = DestAddr
			}
		case SourcePort, DestPort:
			t = SourcePort
			if dst {
				t = DestPort
			}
		case InInterface, OutInterface:
			t = InInterface
			if dst {
				t = OutInterface
			}
		case Mark:
		default:
			return nil, false
		}
		fields = append(fields, t)
	}
	return fields, true
}
