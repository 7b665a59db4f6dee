package netfilter

import (
	"strings"
)

// jsonRule is a rule in the making.
type jsonRule struct {
	*jsonReader
	table *Table
	rule  *Rule
	// spreads are rules in front of it that the same text stands for.
	spreads []*Rule
}

func (d *jsonRule) add(s ...Statement) { d.rule.Statements = append(d.rule.Statements, s...) }

// lose notes a statement whose effect is not known.
func (d *jsonRule) lose(v any, reason string, restricts, decides, alters bool) {
	d.add(Opaque{Text: plain(nftText(v)), Reason: reason, Restricts: restricts, Decides: decides, Alters: alters, Pos: d.rule.Pos})
}

// statement decodes one entry of a rule's "expr".
func (d *jsonRule) statement(v any) {
	o, ok := v.(object)
	if !ok || len(o) != 1 {
		d.lose(v, "not a statement", true, true, true)
		return
	}
	for kind, body := range o {
		b, _ := body.(object)
		if d.Disabled["nft/"+kind] {
			d.lose(v, "not decoded", true, kind != "match", kind != "match")
			return
		}
		d.decode(kind, b, body, v)
	}
}

func (d *jsonRule) decode(kind string, b object, body, whole any) {
	if verdict, ok := d.verdict(whole); ok {
		if verdict.Type == Reject { // what it answers with is of one family or transport
			switch str(b, "type") {
			case "icmp":
				d.prepare([]left{{before: []Match{one(NFProto, 2)}}})
			case "icmpv6":
				d.prepare([]left{{before: []Match{one(NFProto, 10)}}})
			case "tcp reset":
				d.prepare([]left{{before: []Match{one(Protocol, 6)}}})
				if d.table.Family != IPv4 && d.table.Family != IPv6 && !d.has(one(NFProto, 2)) && !d.has(one(NFProto, 10)) {
					// nft 1.0.6 leaves out "meta nfproto ipv4" in front of it.
					d.lose(whole, "it may be for one family alone, which nft does not list", true, false, false)
				}
			}
		}
		d.add(verdict)
		return
	}
	switch kind {
	case "match":
		if !d.match(b) {
			d.prepare([]left{under(b["left"])})
			d.lose(whole, "the match is not modelled", true, false, false)
		}
	case "vmap":
		if !d.vmap(b) && !d.spread(b) {
			d.lose(whole, "the map is not modelled", true, true, false)
		}
	case "counter":
		if n, ok := integer(b["packets"]); ok && d.rule.Packets < 0 {
			d.rule.Packets = n
		}
	case "last":
	case "limit", "quota", "ct count", "meter":
		d.rate(kind, b, body, whole)
	case "log":
		d.log(b)
	case "dnat", "snat", "redirect", "masquerade":
		if !d.translation(kind, b) {
			d.lose(whole, "the translation is not modelled", true, true, true)
		}
	case "mangle":
		d.mangle(b, whole)
	case "notrack":
		d.add(Untrack{})
	case "set", "map":
		d.update(b, whole)
	case "synproxy":
		d.prepare([]left{{before: []Match{one(Protocol, 6)}}})
		d.add(Verdict{Type: Stolen})
	case "fwd":
		d.add(Verdict{Type: Stolen})
	case "tproxy":
		d.lose(whole, "it goes on only where a socket takes the connection, which it is given to", true, false, true)
	case "dup", "flow", "ct helper", "ct timeout", "ct expectation", "secmark":
		d.lose(whole, "it does not bear on who opens a connection", false, false, false)
	case "xt":
		d.lose(whole, "an extension of iptables, which nft does not show", true, true, true)
	default:
		d.lose(whole, "the statement "+kind+" is not modelled", true, true, true)
	}
}

// verdict reads a statement or the data of a map that gives one.
func (j *jsonReader) verdict(v any) (Verdict, bool) {
	o, ok := v.(object)
	if !ok || len(o) != 1 {
		return Verdict{}, false
	}
	for kind, body := range o {
		b, _ := body.(object)
		switch kind {
		case "accept", "drop", "return", "continue":
			return Verdict{Type: VerdictType(kind)}, true
		case "jump", "goto":
			name := plain(str(b, "target"))
			return Verdict{Type: VerdictType(kind), Chain: name}, name != ""
		case "reject":
			with := strings.TrimSpace(str(b, "type") + " " + str(b, "expr"))
			return Verdict{Type: Reject, With: plain(with)}, true
		case "queue":
			v := Verdict{Type: Queue}
			for _, f := range texts(b["flags"]) {
				v.Bypass = v.Bypass || f == "bypass"
			}
			return v, true
		}
	}
	return Verdict{}, false
}

// keys reads what a map looks at.
func (d *jsonRule) keys(v any) (lefts []left, kinds []string, fields []Field, ok bool) {
	parts := []any{v}
	if o, isObject := v.(object); isObject {
		if list, isConcat := o["concat"].([]any); isConcat {
			parts = list
		}
	}
	for _, p := range parts {
		l, ok := d.left(p)
		if !ok || l.present {
			return nil, nil, nil, false
		}
		lefts, kinds, fields = append(lefts, l), append(kinds, l.kind), append(fields, l.field)
	}
	return lefts, kinds, fields, true
}

func (d *jsonRule) vmap(b object) bool {
	lefts, kinds, fields, ok := d.keys(b["key"])
	if !ok {
		return false
	}
	m := Map{Fields: fields}
	if m.Set, m.Elements, ok = d.mapped(b["data"], kinds, []string{"verdict"}); !ok {
		return false
	}
	d.put(lefts, m)
	return true
}

// spread reads a map by a number drawn for the packet: each of its verdicts may be
// given. It becomes rules with a rate each, as iptables writes it; the last takes what
// is left where every number has one.
func (d *jsonRule) spread(b object) bool {
	key, _ := b["key"].(object)
	var draw object
	for _, kind := range []string{"numgen", "jhash", "symhash"} {
		if o, ok := key[kind].(object); ok {
			draw = o
		}
	}
	mod, ok := integer(draw["mod"])
	o, _ := b["data"].(object)
	entries, isList := o["set"].([]any)
	if offset, _ := integer(draw["offset"]); !ok || !isList || offset != 0 || len(entries) == 0 {
		return false
	}
	var verdicts []Verdict
	covered := int64(0)
	for _, entry := range entries {
		pair, ok := entry.([]any)
		if !ok || len(pair) != 2 {
			return false
		}
		v, ok := d.verdict(pair[1])
		if !ok || v.Type == Continue { // with the rest of the rule
			return false
		}
		n := int64(1)
		if o, ok := pair[0].(object); ok {
			list, _ := o["range"].([]any)
			if len(list) != 2 {
				return false
			}
			lo, ok1 := integer(list[0])
			hi, ok2 := integer(list[1])
			if !ok1 || !ok2 || lo > hi || hi >= mod {
				return false
			}
			n = hi - lo + 1
		} else if at, ok := integer(pair[0]); !ok || at >= mod {
			return false
		}
		covered += n
		verdicts = append(verdicts, v)
	}
	limit := Limit{Type: "statistic", Text: plain(nftText(object{"vmap": b}))}
	before := d.rule.Statements
	for i, v := range verdicts {
		if i == len(verdicts)-1 {
			if covered < mod {
				d.add(limit)
			}
			d.add(v)
			break
		}
		r := *d.rule
		r.Statements = append(append([]Statement(nil), before...), limit, v)
		d.spreads = append(d.spreads, &r)
	}
	return true
}

// mapped reads what a map leads to: a named map or one written out.
func (d *jsonRule) mapped(v any, kinds, data []string) (set string, list []Element, ok bool) {
	if s, isText := v.(string); isText && len(s) > 1 && s[0] == '@' {
		name := plain(s[1:])
		return name, nil, d.fits(name, kinds)
	}
	o, _ := v.(object)
	entries, ok := o["set"].([]any)
	if !ok {
		return "", nil, false
	}
	for _, entry := range entries {
		e, _ := d.element(entry, kinds, data)
		list = append(list, e)
	}
	return "", list, true
}

func (d *jsonRule) rate(kind string, b object, body, whole any) {
	l := Limit{Type: map[string]string{"limit": "limit", "quota": "quota", "ct count": "connlimit", "meter": "meter"}[kind], Text: plain(nftText(whole))}
	if kind == "meter" || b == nil {
		if _, named := body.(string); !named {
			d.lose(whole, "a rate that could not be read", true, false, false)
			return
		}
		d.add(l)
		return
	}
	l.Over, _ = b["inv"].(bool)
	if n, ok := integer(b["rate"]); ok {
		l.PerSecond = float64(n)
		if unit := str(b, "rate_unit"); unit != "" && unit != "packets" {
			factor := map[string]float64{"bytes": 1, "kbytes": 1 << 10, "mbytes": 1 << 20}[unit]
			l.PerSecond *= factor
		}
		if seconds := map[string]float64{"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}[str(b, "per")]; seconds > 0 {
			l.PerSecond /= seconds
		}
	}
	if n, ok := integer(b["burst"]); ok {
		l.Burst = int(n)
	}
	if n, ok := integer(b["val"]); ok && kind == "ct count" {
		l.Burst = int(n)
	}
	d.add(l)
}

func (d *jsonRule) log(b object) {
	l := Log{Group: -1, Prefix: plain(str(b, "prefix")), Level: plain(str(b, "level"))}
	if n, ok := integer(b["group"]); ok {
		l.Group = int(n)
	}
	l.Audit = l.Level == "audit"
	d.add(l)
}

// translation reads dnat, snat, redirect and masquerade, to an address, a range, or
// what a map gives.
func (d *jsonRule) translation(kind string, b object) bool {
	n := NAT{Type: kind}
	address := "ipv4_addr"
	if d.table.Family == IPv6 || str(b, "family") == "ip6" {
		address = "ipv6_addr"
	}
	if s, ok := b["addr"].(string); ok && strings.Contains(s, ":") {
		address = "ipv6_addr"
	}
	target := Target{}
	var before []left
	if d.table.Family == Inet && (kind == "dnat" || kind == "snat") {
		family := uint64(2)
		if address == "ipv6_addr" {
			family = 10
		}
		before = append(before, left{before: []Match{one(NFProto, family)}})
	}
	if o, ok := b["addr"].(object); ok && o["map"] != nil {
		m, _ := o["map"].(object)
		if to, ok := drawn(m, address); ok && b["port"] == nil {
			n.To = to
			d.prepare(before)
			d.add(n)
			return true
		}
		lefts, kinds, fields, ok := d.keys(m["key"])
		if !ok || b["port"] != nil {
			return false
		}
		data := []string{address}
		entries, _ := m["data"].(object)
		list, _ := entries["set"].([]any)
		if len(list) > 0 { // an address, or an address and a port
			if pair, ok := list[0].([]any); ok && len(pair) == 2 {
				if to, ok := pair[1].(object); ok && to["concat"] != nil {
					data = append(data, "inet_service")
				}
			}
		}
		n.Fields = fields
		if n.Set, n.Elements, ok = d.mapped(m["data"], kinds, data); !ok {
			return false
		}
		for _, f := range texts(b["flags"]) {
			if f == "netmap" {
				n.Type = "netmap"
			}
		}
		d.prepare(append(before, lefts...))
		d.add(n)
		return true
	}
	if v := b["addr"]; v != nil {
		to, ok := valueOf(v, address)
		if !ok || !to.From.IsValid() {
			return false
		}
		target.From, target.To = to.From, to.To
	}
	if v := b["port"]; v != nil {
		to, ok := valueOf(v, "inet_service")
		if !ok || to.Hi > 65535 {
			return false
		}
		target.PortLo, target.PortHi = uint16(to.Lo), uint16(to.Hi)
	}
	if target != (Target{}) {
		n.To = []Target{target}
	} else if kind == "dnat" || kind == "snat" {
		return false
	}
	for name := range b {
		switch name {
		case "addr", "port", "family", "flags":
		default:
			return false
		}
	}
	d.prepare(before)
	d.add(n)
	return true
}

// drawn reads a map by a number drawn for the packet: any of its targets may be given.
func drawn(m object, address string) ([]Target, bool) {
	key, _ := m["key"].(object)
	data, _ := m["data"].(object)
	entries, _ := data["set"].([]any)
	if key["numgen"] == nil && key["jhash"] == nil && key["symhash"] == nil || len(entries) == 0 {
		return nil, false
	}
	var list []Target
	for _, entry := range entries {
		pair, ok := entry.([]any)
		if !ok || len(pair) != 2 {
			return nil, false
		}
		to := pair[1]
		var t Target
		if o, ok := to.(object); ok && o["concat"] != nil {
			parts, _ := o["concat"].([]any)
			if len(parts) != 2 {
				return nil, false
			}
			port, ok := valueOf(parts[1], "inet_service")
			if !ok {
				return nil, false
			}
			t.PortLo, t.PortHi, to = uint16(port.Lo), uint16(port.Hi), parts[0]
		}
		v, ok := valueOf(to, address)
		if !ok {
			return nil, false
		}
		t.From, t.To = v.From, v.To
		list = append(list, t)
	}
	return list, true
}

// mangle reads what is written into a packet or its connection.
func (d *jsonRule) mangle(b object, whole any) {
	key, _ := b["key"].(object)
	meta, _ := key["meta"].(object)
	ct, _ := key["ct"].(object)
	payload, _ := key["payload"].(object)
	switch {
	case str(meta, "key") == "mark":
		d.value(b["value"], whole)
		d.add(assigned(Mark, b["value"], "meta"))
	case str(ct, "key") == "mark":
		d.value(b["value"], whole)
		d.add(assigned(ConnMark, b["value"], "ct"))
	case str(meta, "key") == "priority", str(meta, "key") == "nftrace", str(meta, "key") == "secmark",
		str(ct, "key") == "label", str(ct, "key") == "event", str(ct, "key") == "secmark",
		key["tcp option"] != nil,
		str(payload, "field") == "dscp", str(payload, "field") == "ecn", str(payload, "field") == "ttl", str(payload, "field") == "hoplimit":
		d.lose(whole, "it does not bear on who gets through", false, false, false)
	default:
		d.lose(whole, "what it writes is not modelled", false, false, true)
	}
}

// value notes that the rule ends where there is nothing to take a value from: a mark
// of a connection where there is none, a map without the element.
func (d *jsonRule) value(v, whole any) {
	if !assigned(Mark, v, "meta").Unknown {
		return
	}
	if !assigned(ConnMark, v, "ct").Unknown { // every connection has a direction
		d.add(Match{Fields: []Field{Direction}, Elements: elements(Value{Lo: 0, Hi: 1})})
		return
	}
	d.lose(whole, "the rule ends here where there is no such value", true, false, false)
}

// assigned reads a value for a mark: a number, or the old mark with bits set or taken.
func assigned(f Field, v any, owner string) Assign {
	unknown := Assign{Field: f, Unknown: true}
	if n, ok := numberOf(v, "mark"); ok {
		return Assign{Field: f, Mask: 0xffffffff, Value: n}
	}
	o, ok := v.(object)
	if !ok || len(o) != 1 {
		return unknown
	}
	if inner, ok := o[owner].(object); ok && str(inner, "key") == "mark" && len(inner) == 1 {
		return Assign{Field: f}
	}
	for op, operands := range o {
		list, ok := operands.([]any)
		if !ok || len(list) != 2 {
			return unknown
		}
		a := assigned(f, list[0], owner)
		n, ok := numberOf(list[1], "mark")
		if a.Unknown || !ok {
			return unknown
		}
		switch op { // of (old and not Mask) xor Value
		case "|":
			a.Mask, a.Value = a.Mask|n, a.Value&^n|n
		case "&":
			a.Mask, a.Value = a.Mask|^n&0xffffffff, a.Value&n
		case "^":
			a.Value ^= n
		default:
			return unknown
		}
		return a
	}
	return unknown
}

// update reads add, update and delete of a member. A set that is full ends the rule,
// and a rate that a member has may.
func (d *jsonRule) update(b object, whole any) {
	name, found := strings.CutPrefix(str(b, "set")+str(b, "map"), "@")
	elem := b["elem"]
	if o, ok := elem.(object); ok {
		if inner, ok := o["elem"].(object); ok {
			elem = inner["val"]
		}
	}
	u := Update{Set: plain(name), Delete: str(b, "op") == "delete"}
	lefts, _, fields, ok := d.keys(elem)
	if !found {
		d.lose(whole, "a change of a set that is not named", true, false, false)
		return
	}
	if ok {
		d.prepare(lefts)
		u.Fields = fields
	} else {
		d.lose(whole, "what is put into the set is not modelled", true, false, false)
	}
	list, _ := b["stmt"].([]any)
	d.add(u)
	for _, s := range list {
		o, _ := s.(object)
		for kind := range o {
			inner, _ := o[kind].(object)
			if kind == "counter" || kind == "last" {
				continue
			}
			l := Limit{Type: "meter", Text: plain(nftText(s))}
			l.Over, _ = inner["inv"].(bool)
			d.add(l)
		}
	}
	if !u.Delete {
		d.lose(whole, "the rule ends here where the set is full", true, false, false)
	}
}
