package netfilter

import (
	"net/netip"
	"strconv"
	"strings"
)

// Statements have a text of their own, in which facts carry them and reports show
// them. [Print] writes it and [Parse] reads it back:
//
//	match [not] FIELD [. FIELD …] [& MASK] ELEMENTS
//	map FIELD [. FIELD …] ELEMENTS
//	accept, drop, return, continue, stolen, reject "WITH", jump "CHAIN", goto "CHAIN", queue [bypass]
//	log [group N] [audit] [prefix "P"] [level "L"]
//	limit "TYPE" [over] PER-SECOND BURST "TEXT"
//	nat "TYPE" [to TARGET, TARGET …] [FIELD [. FIELD …] ELEMENTS]
//	assign FIELD & MASK ^ VALUE, assign FIELD unknown
//	untrack
//	update @"SET" FIELD …, delete @"SET" FIELD …
//	opaque [restricts] [decides] [alters] "TEXT" "REASON"
//
// ELEMENTS is @"SET", none, or elements with commas between. An element is a value
// for each field with " . " between, after it " : " and a verdict or data; one that
// could not be read is ?, that of all others is *. A value is an address, a block, a number, a range of
// either (A-B), or a quoted name. A target is ADDRESS or ADDRESS-ADDRESS, then
// ":PORT" or ":PORT-PORT", IPv6 in brackets; "-" leaves the address.
func Print(s Statement) string {
	var b strings.Builder
	switch s := s.(type) {
	case Match:
		b.WriteString("match ")
		if s.Negate {
			b.WriteString("not ")
		}
		printFields(&b, s.Fields)
		if s.Mask != 0 {
			b.WriteString("& " + hexText(s.Mask) + " ")
		}
		printElements(&b, s.Set, s.Elements)
	case Map:
		b.WriteString("map ")
		printFields(&b, s.Fields)
		printElements(&b, s.Set, s.Elements)
	case Verdict:
		printVerdict(&b, s)
	case Log:
		b.WriteString("log")
		if s.Group >= 0 {
			b.WriteString(" group " + strconv.Itoa(s.Group))
		}
		if s.Audit {
			b.WriteString(" audit")
		}
		if s.Prefix != "" {
			b.WriteString(" prefix " + strconv.Quote(s.Prefix))
		}
		if s.Level != "" {
			b.WriteString(" level " + strconv.Quote(s.Level))
		}
	case Limit:
		b.WriteString("limit " + strconv.Quote(s.Type))
		if s.Over {
			b.WriteString(" over")
		}
		b.WriteString(" " + strconv.FormatFloat(s.PerSecond, 'g', -1, 64) + " " + strconv.Itoa(s.Burst) + " " + strconv.Quote(s.Text))
	case NAT:
		b.WriteString("nat " + strconv.Quote(s.Type))
		for i, t := range s.To {
			b.WriteString([]string{" to ", ", "}[min(i, 1)])
			printTarget(&b, t)
		}
		if len(s.Fields) > 0 {
			b.WriteString(" ")
			printFields(&b, s.Fields)
			printElements(&b, s.Set, s.Elements)
		}
	case Assign:
		b.WriteString("assign " + string(s.Field))
		if s.Unknown {
			b.WriteString(" unknown")
		} else {
			b.WriteString(" & " + hexText(s.Mask) + " ^ " + hexText(s.Value))
		}
	case Untrack:
		b.WriteString("untrack")
	case Update:
		b.WriteString("update @")
		if s.Delete {
			b.Reset()
			b.WriteString("delete @")
		}
		b.WriteString(strconv.Quote(s.Set) + " ")
		printFields(&b, s.Fields)
		return strings.TrimSuffix(b.String(), " ")
	case Opaque:
		b.WriteString("opaque ")
		for _, f := range []struct {
			yes  bool
			name string
		}{{s.Restricts, "restricts "}, {s.Decides, "decides "}, {s.Alters, "alters "}} {
			if f.yes {
				b.WriteString(f.name)
			}
		}
		b.WriteString(strconv.Quote(s.Text) + " " + strconv.Quote(s.Reason))
	}
	return b.String()
}

func hexText(n uint64) string { return "0x" + strconv.FormatUint(n, 16) }

func printFields(b *strings.Builder, fields []Field) {
	for i, f := range fields {
		if i > 0 {
			b.WriteString(". ")
		}
		b.WriteString(string(f) + " ")
	}
}

func printElements(b *strings.Builder, set string, elements []Element) {
	switch {
	case set != "":
		b.WriteString("@" + strconv.Quote(set))
	case len(elements) == 0:
		b.WriteString("none")
	}
	for i, e := range elements {
		if i > 0 {
			b.WriteString(", ")
		}
		printElement(b, e)
	}
}

// PrintElement writes one member of a set as [Print] does.
func PrintElement(e Element) string {
	var b strings.Builder
	printElement(&b, e)
	return b.String()
}

func printElement(b *strings.Builder, e Element) {
	if e.Opaque {
		b.WriteString("?")
		if len(e.Values) > 0 {
			b.WriteString(" ")
		}
	} else if len(e.Values) == 0 {
		b.WriteString("*")
	}
	printValues(b, e.Values)
	if e.Verdict == nil && len(e.Data) == 0 {
		return
	}
	b.WriteString(" : ")
	if e.Verdict != nil {
		printVerdict(b, *e.Verdict)
		return
	}
	printValues(b, e.Data)
}

func printValues(b *strings.Builder, values []Value) {
	for i, v := range values {
		if i > 0 {
			b.WriteString(" . ")
		}
		printValue(b, v)
	}
}

func printValue(b *strings.Builder, v Value) {
	switch {
	case v.From.IsValid():
		if p, ok := prefixOf(v.From, v.To); ok {
			if p.IsSingleIP() {
				b.WriteString(v.From.String())
			} else {
				b.WriteString(p.String())
			}
			return
		}
		b.WriteString(v.From.String() + "-" + v.To.String())
	case v.Name != "":
		b.WriteString(strconv.Quote(v.Name))
	case v.Lo == v.Hi:
		b.WriteString(strconv.FormatUint(v.Lo, 10))
	default:
		b.WriteString(strconv.FormatUint(v.Lo, 10) + "-" + strconv.FormatUint(v.Hi, 10))
	}
}

// prefixOf returns the block that is exactly the range.
func prefixOf(from, to netip.Addr) (netip.Prefix, bool) {
	if !from.IsValid() || from.BitLen() != to.BitLen() {
		return netip.Prefix{}, false
	}
	a, z := from.AsSlice(), to.AsSlice()
	bits := 0
	for i := range a {
		x := a[i] ^ z[i]
		for x&0x80 == 0 && bits < i*8+8 {
			bits++
			x <<= 1
		}
		if x != 0 {
			break
		}
	}
	p := netip.PrefixFrom(from, bits)
	return p, p.Masked().Addr() == from && last(p) == to
}

// last returns the highest address of a block.
func last(p netip.Prefix) netip.Addr {
	a := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < len(a)*8; i++ {
		a[i/8] |= 0x80 >> (i % 8)
	}
	out, _ := netip.AddrFromSlice(a)
	return out
}

func printVerdict(b *strings.Builder, v Verdict) {
	b.WriteString(string(v.Type))
	switch {
	case v.Type == Jump || v.Type == Goto:
		b.WriteString(" " + strconv.Quote(v.Chain))
	case v.Type == Reject && v.With != "":
		b.WriteString(" " + strconv.Quote(v.With))
	case v.Type == Queue && v.Bypass:
		b.WriteString(" bypass")
	}
}

func printTarget(b *strings.Builder, t Target) {
	bracket := func(a netip.Addr) string {
		if a.Is6() {
			return "[" + a.String() + "]"
		}
		return a.String()
	}
	switch {
	case !t.From.IsValid():
		b.WriteString("-")
	case t.From == t.To:
		b.WriteString(bracket(t.From))
	default:
		b.WriteString(bracket(t.From) + "-" + bracket(t.To))
	}
	if t.PortLo != 0 || t.PortHi != 0 {
		b.WriteString(":" + strconv.Itoa(int(t.PortLo)))
		if t.PortHi != t.PortLo {
			b.WriteString("-" + strconv.Itoa(int(t.PortHi)))
		}
	}
}
