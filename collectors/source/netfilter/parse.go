package netfilter

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Parse reads the text of a statement; see [Print].
func Parse(text string) (Statement, error) {
	p := &reader{rest: text}
	s := p.statement()
	if p.err == nil && p.next() != "" {
		p.fail("more after its end")
	}
	if p.err != nil {
		return nil, fmt.Errorf("parse statement %q: %w", clip(text), p.err)
	}
	return s, nil
}

// ParseElement reads one member of a set; see [Print].
func ParseElement(text string) (Element, error) {
	p := &reader{rest: text}
	e := p.element()
	if p.err == nil && p.next() != "" {
		p.fail("more after its end")
	}
	if p.err != nil {
		return Element{}, fmt.Errorf("parse element %q: %w", clip(text), p.err)
	}
	return e, nil
}

// clip bounds what an error repeats.
func clip(text string) string {
	if len(text) > 120 {
		return text[:120] + "…"
	}
	return text
}

// reader takes a statement's text apart into words: bare ones, quoted ones (with
// their quotes) and commas. "" is the end.
type reader struct {
	rest string
	err  error
}

func (p *reader) fail(why string) {
	if p.err == nil {
		p.err = errors.New(why)
	}
	p.rest = ""
}

func (p *reader) peek() string {
	held := *p
	w := p.next()
	err := p.err
	*p = held
	p.err = err
	return w
}

func (p *reader) next() string {
	p.rest = strings.TrimLeft(p.rest, " ")
	if p.rest == "" {
		return ""
	}
	if p.rest[0] == ',' {
		p.rest = p.rest[1:]
		return ","
	}
	at := 0
	if p.rest[0] == '@' {
		at = 1
	}
	n := strings.IndexAny(p.rest, " ,")
	if at < len(p.rest) && p.rest[at] == '"' {
		quoted, err := strconv.QuotedPrefix(p.rest[at:])
		if err != nil {
			p.fail("a quote without end")
			return ""
		}
		n = at + len(quoted)
	}
	if n < 0 {
		n = len(p.rest)
	}
	word := p.rest[:n]
	p.rest = p.rest[n:]
	return word
}

// accept takes the next word if it is that one.
func (p *reader) accept(word string) bool {
	if p.peek() != word {
		return false
	}
	p.next()
	return true
}

func (p *reader) quoted() string {
	s, err := strconv.Unquote(p.next())
	if err != nil {
		p.fail("a quoted word is missing")
	}
	return s
}

func (p *reader) number() uint64 {
	n, err := strconv.ParseUint(p.next(), 0, 64)
	if err != nil {
		p.fail("a number is missing")
	}
	return n
}

func (p *reader) whole() int {
	n, err := strconv.Atoi(p.next())
	if err != nil {
		p.fail("a number is missing")
	}
	return n
}

func (p *reader) statement() Statement {
	switch word := p.next(); word {
	case "match":
		m := Match{Negate: p.accept("not")}
		m.Fields = p.fields()
		if p.accept("&") {
			m.Mask = p.number()
		}
		m.Set, m.Elements = p.elements()
		return m
	case "map":
		m := Map{Fields: p.fields()}
		m.Set, m.Elements = p.elements()
		return m
	case "log":
		return p.log()
	case "limit":
		l := Limit{Type: p.quoted(), Over: p.accept("over")}
		rate, err := strconv.ParseFloat(p.next(), 64)
		if err != nil {
			p.fail("a rate is missing")
		}
		l.PerSecond, l.Burst, l.Text = rate, p.whole(), p.quoted()
		return l
	case "nat":
		return p.nat()
	case "assign":
		a := Assign{Field: p.field()}
		if p.accept("unknown") {
			a.Unknown = true
			return a
		}
		if !p.accept("&") {
			p.fail("a mask is missing")
		}
		a.Mask = p.number()
		if !p.accept("^") {
			p.fail("a value is missing")
		}
		a.Value = p.number()
		return a
	case "untrack":
		return Untrack{}
	case "update", "delete":
		u := Update{Delete: word == "delete", Set: p.set()}
		if p.peek() != "" {
			u.Fields = p.fields()
		}
		return u
	case "opaque":
		o := Opaque{Restricts: p.accept("restricts"), Decides: p.accept("decides"), Alters: p.accept("alters")}
		o.Text, o.Reason = p.quoted(), p.quoted()
		return o
	default:
		v, ok := p.verdict(word)
		if !ok {
			p.fail("not a statement")
		}
		return v
	}
}

func (p *reader) log() Log {
	l := Log{Group: -1}
	if p.accept("group") {
		l.Group = p.whole()
	}
	l.Audit = p.accept("audit")
	if p.accept("prefix") {
		l.Prefix = p.quoted()
	}
	if p.accept("level") {
		l.Level = p.quoted()
	}
	return l
}

func (p *reader) nat() NAT {
	n := NAT{Type: p.quoted()}
	if p.accept("to") {
		for {
			n.To = append(n.To, p.target())
			if !p.accept(",") {
				break
			}
		}
	}
	if p.peek() != "" {
		n.Fields = p.fields()
		n.Set, n.Elements = p.elements()
	}
	return n
}

func (p *reader) verdict(word string) (Verdict, bool) {
	v := Verdict{Type: VerdictType(word)}
	switch v.Type {
	case Accept, Drop, Return, Continue, Stolen:
	case Jump, Goto:
		v.Chain = p.quoted()
	case Reject:
		if strings.HasPrefix(p.peek(), `"`) {
			v.With = p.quoted()
		}
	case Queue:
		v.Bypass = p.accept("bypass")
	default:
		return v, false
	}
	return v, true
}

func (p *reader) field() Field {
	f := Field(p.next())
	if !f.valid() {
		p.fail("not a field")
	}
	return f
}

func (p *reader) fields() []Field {
	list := []Field{p.field()}
	for p.accept(".") {
		list = append(list, p.field())
	}
	return list
}

func (p *reader) set() string {
	word, found := strings.CutPrefix(p.next(), "@")
	name, err := strconv.Unquote(word)
	if !found || err != nil {
		p.fail("the name of a set is missing")
	}
	return name
}

func (p *reader) elements() (set string, list []Element) {
	if strings.HasPrefix(p.peek(), "@") {
		return p.set(), nil
	}
	if p.accept("none") {
		return "", nil
	}
	for {
		list = append(list, p.element())
		if p.err != nil || !p.accept(",") {
			return "", list
		}
	}
}

func (p *reader) element() Element {
	e := Element{Opaque: p.accept("?")}
	if !e.Opaque && p.accept("*") {
		// for all others
	} else if w := p.peek(); !e.Opaque || w != "" && w != "," && w != ":" {
		e.Values = p.values()
	}
	if !p.accept(":") {
		return e
	}
	switch word := p.peek(); VerdictType(word) {
	case Accept, Drop, Return, Continue, Stolen, Jump, Goto, Reject, Queue:
		p.next()
		v, _ := p.verdict(word)
		e.Verdict = &v
	default:
		e.Data = p.values()
	}
	return e
}

func (p *reader) values() []Value {
	list := []Value{p.value()}
	for p.accept(".") {
		list = append(list, p.value())
	}
	return list
}

func (p *reader) value() Value {
	word := p.next()
	if strings.HasPrefix(word, `"`) {
		name, err := strconv.Unquote(word)
		if err != nil {
			p.fail("a quoted word is missing")
		}
		return Value{Name: name}
	}
	v, ok := parseRange(word)
	if !ok {
		p.fail("not a value")
	}
	return v
}

// parseRange reads an address, a block, a number or a range of addresses or numbers.
func parseRange(word string) (Value, bool) {
	if block, err := netip.ParsePrefix(word); err == nil {
		return Value{From: block.Masked().Addr(), To: last(block)}, block.Masked() == block
	}
	from, to, ranged := strings.Cut(word, "-")
	if !ranged {
		to = from
	}
	if a, err := netip.ParseAddr(from); err == nil {
		b, err := netip.ParseAddr(to)
		return Value{From: a, To: b}, err == nil && a.Zone()+b.Zone() == "" && a.BitLen() == b.BitLen() && a.Compare(b) <= 0
	}
	lo, err1 := strconv.ParseUint(from, 0, 64)
	hi, err2 := strconv.ParseUint(to, 0, 64)
	return Value{Lo: lo, Hi: hi}, err1 == nil && err2 == nil && lo <= hi
}

func (p *reader) target() Target {
	t, ok := parseTarget(p.next())
	if !ok {
		p.fail("not a target")
	}
	return t
}

// parseTarget reads ADDRESS[-ADDRESS][:PORT[-PORT]], IPv6 addresses in brackets,
// and "-" or nothing for the address.
func parseTarget(word string) (Target, bool) {
	var t Target
	rest := word
	address := func() (netip.Addr, bool) {
		if inner, ok := strings.CutPrefix(rest, "["); ok {
			text, after, closed := strings.Cut(inner, "]")
			rest = after
			a, err := netip.ParseAddr(text)
			return a, closed && err == nil
		}
		n := strings.IndexAny(rest, "-:")
		if n < 0 {
			n = len(rest)
		}
		a, err := netip.ParseAddr(rest[:n])
		rest = rest[n:]
		return a, err == nil
	}
	var ok bool
	switch {
	case rest == "-":
		return t, true
	case strings.HasPrefix(rest, "-:"):
		rest = rest[1:]
	case !strings.HasPrefix(rest, ":"):
		if t.From, ok = address(); !ok {
			return t, false
		}
		t.To = t.From
		if after, more := strings.CutPrefix(rest, "-"); more {
			rest = after
			if t.To, ok = address(); !ok || t.To.BitLen() != t.From.BitLen() {
				return t, false
			}
		}
	}
	if rest == "" {
		return t, word != ""
	}
	ports, found := strings.CutPrefix(rest, ":")
	lo, hi, ranged := strings.Cut(ports, "-")
	if !ranged {
		hi = lo
	}
	a, err1 := strconv.ParseUint(lo, 10, 16)
	b, err2 := strconv.ParseUint(hi, 10, 16)
	t.PortLo, t.PortHi = uint16(a), uint16(b)
	return t, found && err1 == nil && err2 == nil
}

// valid reports whether a field is one of the form's.
func (f Field) valid() bool {
	switch f {
	case NFProto, Protocol, SourceAddr, DestAddr, SourcePort, DestPort, InInterface, OutInterface, State, Status, Direction,
		OrigSource, OrigDest, OrigDestPort, TCPFlags, ICMPType, Fragment, PacketType, SourceType, DestType, Mark, ConnMark, ReversePath:
		return true
	}
	return false
}
