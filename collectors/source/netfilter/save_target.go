package netfilter

import (
	"net/netip"
	"strconv"
	"strings"
)

// target decodes what a rule does at its end.
func (d *decoding) target(e *extension, jump bool) {
	chain := d.chains[e.name]
	switch {
	case jump && chain != nil && chain.Hook == Regular:
		d.add(Verdict{Type: Goto, Chain: e.name})
		return
	case jump:
		d.lose(e, "a chain that the table does not have")
		return
	}
	switch e.name {
	case "ACCEPT":
		d.add(Verdict{Type: Accept})
		return
	case "DROP":
		d.add(Verdict{Type: Drop})
		return
	case "RETURN":
		d.add(Verdict{Type: Return})
		return
	case "QUEUE":
		d.add(Verdict{Type: Queue})
		return
	}
	if chain != nil && chain.Hook == Regular {
		d.add(Verdict{Type: Jump, Chain: e.name})
		return
	}
	if d.Disabled["iptables/"+e.name] {
		d.lose(e, "not decoded")
		return
	}
	for _, o := range e.options {
		if strings.HasPrefix(o.name, "?") {
			d.lose(e, "an option of the target is not known")
			return
		}
	}
	if s := targetReader(d, e); s != nil {
		d.add(s...)
		return
	}
	d.lose(e, "the target "+e.name+" is not modelled")
}

// lose notes a target whose effect is not known.
func (d *decoding) lose(e *extension, reason string) {
	d.add(Opaque{Text: "-j" + strings.TrimPrefix(e.text(), "-m"), Reason: reason, Restricts: true, Decides: true, Alters: true})
}

// targetReader returns what a target does, nil if that is not known.
func targetReader(d *decoding, e *extension) []Statement {
	switch e.name {
	case "REJECT":
		v := Verdict{Type: Reject}
		for _, o := range e.options {
			v.With = o.arg()
		}
		return []Statement{v}
	case "LOG", "NFLOG", "ULOG", "AUDIT":
		return []Statement{recording(e)}
	case "DNAT", "SNAT", "REDIRECT", "MASQUERADE", "NETMAP":
		return d.translation(e)
	case "MARK", "CONNMARK":
		return marking(e)
	case "NOTRACK":
		return []Statement{Untrack{}}
	case "CT":
		return tracking(e)
	case "TPROXY":
		return []Statement{Opaque{Text: "-j" + strings.TrimPrefix(e.text(), "-m"), Reason: "the mark that it sets is not modelled", Alters: true}, Verdict{Type: Stolen}}
	case "SYNPROXY":
		return []Statement{Verdict{Type: Stolen}}
	case "NFQUEUE":
		v := Verdict{Type: Queue}
		for _, o := range e.options {
			v.Bypass = v.Bypass || o.name == "queue-bypass"
		}
		return []Statement{v}
	case "SET":
		return d.updating(e)
	case "TRACE", "TCPMSS", "TCPOPTSTRIP", "CLASSIFY", "CHECKSUM", "DSCP", "TOS", "ECN", "TTL", "HL", "TEE", "RATEEST", "LED", "IDLETIMER", "CONNSECMARK", "SECMARK":
		return []Statement{Opaque{Text: "-j" + strings.TrimPrefix(e.text(), "-m"), Reason: "it does not bear on who gets through"}}
	case "HMARK":
		return []Statement{Assign{Field: Mark, Unknown: true}}
	}
	return nil
}

func recording(e *extension) Log {
	l := Log{Group: -1, Audit: e.name == "AUDIT"}
	if e.name == "NFLOG" || e.name == "ULOG" {
		l.Group = 0
	}
	for _, o := range e.options {
		switch o.name {
		case "log-prefix", "nflog-prefix", "ulog-prefix":
			l.Prefix = o.arg()
		case "log-level":
			l.Level = o.arg()
		case "nflog-group", "ulog-nlgroup":
			l.Group, _ = strconv.Atoi(o.arg())
		}
	}
	return l
}

// translation reads DNAT, REDIRECT, SNAT, MASQUERADE and NETMAP.
func (d *decoding) translation(e *extension) []Statement {
	n := NAT{Type: strings.ToLower(e.name)}
	for _, o := range e.options {
		switch o.name {
		case "to-destination", "to-source":
			t, ok := natTarget(o.arg())
			if !ok || t.From.IsValid() && t.From.Is6() != (d.Family == IPv6) {
				return nil
			}
			n.To = append(n.To, t)
		case "to-ports":
			lo, hi, ranged := strings.Cut(o.arg(), "-")
			if !ranged {
				hi = lo
			}
			a, ok1 := serviceNumber(lo)
			b, ok2 := serviceNumber(hi)
			if !ok1 || !ok2 || a > b {
				return nil
			}
			n.To = append(n.To, Target{PortLo: uint16(a), PortHi: uint16(b)})
		case "to":
			v, ok := block(o.arg())
			if !ok || v.From.Is6() != (d.Family == IPv6) {
				return nil
			}
			n.To = append(n.To, Target{From: v.From, To: v.To})
		}
	}
	if n.To == nil && (n.Type == "dnat" || n.Type == "snat" || n.Type == "netmap") {
		return nil
	}
	return []Statement{n}
}

// natTarget reads ADDRESS[-ADDRESS][:PORT[-PORT]]; IPv6 addresses stand in brackets
// where a port follows. A base of a range of ports ("/PORT") is not modelled.
func natTarget(text string) (Target, bool) {
	if from, to, ranged := strings.Cut(text, "-"); strings.Count(text, ":") > 1 && !strings.Contains(text, "[") {
		if !ranged {
			to = from
		}
		a, err1 := netip.ParseAddr(from)
		b, err2 := netip.ParseAddr(to)
		return Target{From: a, To: b}, err1 == nil && err2 == nil
	}
	t, ok := parseTarget(text)
	return t, ok && text != "-"
}

// marking reads MARK and CONNMARK: (old and not mask) xor value.
func marking(e *extension) []Statement {
	a := Assign{Field: Mark}
	if e.name == "CONNMARK" {
		a.Field = ConnMark
	}
	known := false
	for _, o := range e.options {
		value, mask, ok := markMask(o.arg())
		switch o.name {
		case "set-xmark":
			a.Value, a.Mask, known = value, mask, ok
		case "set-mark": // it also keeps the mask's bits that the value has
			a.Value, a.Mask, known = value, mask|value, ok
		case "and-mark":
			a.Value, a.Mask, known = 0, ^value&0xffffffff, ok
		case "or-mark":
			a.Value, a.Mask, known = value, value, ok
		case "xor-mark":
			a.Value, a.Mask, known = value, 0, ok
		case "save-mark":
			return []Statement{Assign{Field: ConnMark, Unknown: true}}
		case "restore-mark":
			return []Statement{Assign{Field: Mark, Unknown: true}}
		default:
			known = false
		}
	}
	if !known {
		a = Assign{Field: a.Field, Unknown: true}
	}
	return []Statement{a}
}

// tracking reads CT: whether the connection is tracked; helpers and zones do not say
// who gets through by themselves, but zones make connections of their own.
func tracking(e *extension) []Statement {
	var list []Statement
	for _, o := range e.options {
		switch o.name {
		case "notrack":
			list = append(list, Untrack{})
		default:
			list = append(list, Opaque{Text: "-j CT " + o.text, Reason: "it does not bear on who opens a connection"})
		}
	}
	if list == nil {
		list = []Statement{Opaque{Text: "-j CT", Reason: "it does nothing"}}
	}
	return list
}

// updating reads SET: sets change while rules run.
func (d *decoding) updating(e *extension) []Statement {
	var list []Statement
	for _, o := range e.options {
		switch o.name {
		case "add-set", "del-set":
			u := Update{Set: o.args[0], Delete: o.name == "del-set"}
			if set := (&Table{Sets: d.Sets}).Set(u.Set); set != nil {
				u.Fields, _ = sided(set.Fields, strings.Split(o.args[1], ","))
				set.Dynamic = true
			}
			list = append(list, u)
		case "map-set":
			list = append(list, Opaque{Text: "-j SET " + o.text, Reason: "what a set gives the packet is not modelled", Alters: true})
		}
	}
	return list
}
