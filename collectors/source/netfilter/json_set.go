package netfilter

import (
	"strings"
)

// set reads a named set or map with all its members.
func (j *jsonReader) set(t *Table, o object, kind string) {
	s := &Set{Name: plain(str(o, "name")), Pos: t.Pos}
	if s.Name == "" || t.Set(s.Name) != nil {
		j.opaque(t, render(o), "a set without a name, or a second one of it")
		return
	}
	t.Sets = append(t.Sets, s)
	for _, f := range texts(o["flags"]) {
		s.Dynamic = s.Dynamic || f == "dynamic" || f == "timeout"
	}
	_, timeout := o["timeout"]
	s.Dynamic = s.Dynamic || timeout || kind == "meter"
	types := j.keyTypes(o["type"])
	for _, name := range types {
		f, ok := typeField(name)
		if !ok {
			s.Fields = nil
			break
		}
		s.Fields = append(s.Fields, f)
	}
	if s.Fields == nil {
		s.Unread = "a key of the type " + render(o["type"]) + " is not modelled"
		return
	}
	var data []string
	if kind == "map" {
		data = strings.Split(strings.Join(texts(o["map"]), " . "), " . ")
	}
	list, ok := o["elem"].([]any)
	if !ok && o["elem"] != nil {
		s.Unread = "members that could not be read"
		return
	}
	if j.typed == nil {
		j.typed, j.data = map[*Set][]string{}, map[*Set][]string{}
	}
	j.typed[s], j.data[s] = types, data
	for _, v := range list {
		e, timed := j.element(v, types, data)
		s.Elements = append(s.Elements, e)
		s.Dynamic = s.Dynamic || timed
	}
}

// keyTypes names the types of a key's parts; nil if that is not modelled.
func (j *jsonReader) keyTypes(v any) []string {
	if o, ok := v.(object); ok { // {"typeof": EXPRESSION}
		v = o["typeof"]
		if o, ok := v.(object); ok {
			parts, isConcat := o["concat"].([]any)
			if !isConcat {
				parts = []any{v}
			}
			var list []string
			for _, p := range parts {
				l, ok := leftOf(p)
				if !ok {
					return nil
				}
				list = append(list, l.kind)
			}
			return list
		}
	}
	return texts(v)
}

// typeField is a field of one of nft's types.
func typeField(name string) (Field, bool) {
	switch name {
	case "ipv4_addr", "ipv6_addr":
		return SourceAddr, true
	case "inet_service":
		return DestPort, true
	case "inet_proto":
		return Protocol, true
	case "ifname", "iface_index":
		return InInterface, true
	case "mark":
		return Mark, true
	case "ct_state":
		return State, true
	case "ct_status":
		return Status, true
	case "ct_dir":
		return Direction, true
	case "icmp_type", "icmpv6_type":
		return ICMPType, true
	case "tcp_flag":
		return TCPFlags, true
	case "nf_proto", "ether_type":
		return NFProto, true
	case "pkt_type":
		return PacketType, true
	case "fib_addrtype":
		return DestType, true
	}
	return "", false
}

// element reads a member: a value, a concatenation, with what it maps to, and what
// nft keeps beside it.
func (j *jsonReader) element(v any, types, data []string) (e Element, timed bool) {
	opaque := Element{Opaque: true}
	if pair, ok := v.([]any); ok && len(pair) == 2 && data != nil {
		key, timed := j.element(pair[0], types, nil)
		if len(data) == 1 && data[0] == "verdict" {
			verdict, ok := j.verdict(pair[1])
			if !ok {
				key.Opaque = true
				return key, timed
			}
			key.Verdict = &verdict
			return key, timed
		}
		to, timedTo := j.element(pair[1], data, nil)
		if to.Opaque || len(to.Values) == 0 {
			key.Opaque = true
			return key, timed
		}
		key.Data = to.Values
		return key, timed || timedTo
	}
	if data != nil {
		return opaque, false
	}
	if o, ok := v.(object); ok {
		if inner, ok := o["elem"].(object); ok {
			e, timed := j.element(inner["val"], types, nil)
			for name := range inner {
				switch name {
				case "timeout", "expires":
					timed = true
				case "val", "comment", "counter", "flags":
				default: // a limit or quota of the member's own
					e.Opaque = true
				}
			}
			return e, timed
		}
		if parts, ok := o["concat"].([]any); ok {
			if len(parts) != len(types) {
				return opaque, false
			}
			for i, p := range parts {
				value, ok := valueOf(p, types[i])
				if !ok {
					return opaque, false
				}
				e.Values = append(e.Values, value)
			}
			return e, false
		}
	}
	if v == "*" && !(len(types) == 1 && types[0] == "ifname") {
		return Element{}, false
	}
	if len(types) != 1 {
		return opaque, false
	}
	value, ok := valueOf(v, types[0])
	if !ok {
		return opaque, false
	}
	return Element{Values: []Value{value}}, false
}
