package terraform

import (
	"cmp"
	"slices"
	"strings"
)

const afterApply = "known only after apply"

// body joins the values of a resource n with what is unknown and sensitive of
// them (trees of the same shape with true at the places meant).
func (p *planReader) body(n, unknown, sensitive *planNode) *Value {
	values := n.get("values")
	if values == nil {
		values = &planNode{kind: '{', start: n.start, end: n.end}
	}
	body := p.value(values, unknown, sensitive, n.get("sensitive_values"), false)
	body.Pos = p.text.position(n.start, n.end)
	return body
}

// value joins one value with its marks; hidden is true below a sensitive one.
// Sensitivity comes from two places, the state's and the change's.
func (p *planReader) value(n, unknown, s1, s2 *planNode, hidden bool) *Value {
	hidden = hidden || s1.is('t') || s2.is('t')
	at := n
	if at == nil {
		at = unknown
	}
	v := &Value{Sensitive: hidden, Pos: p.text.position(at.start, at.end)}
	switch {
	case unknown.is('t'), (n == nil || n.kind == 'n') && unknown.holdsTrue():
		v.Kind, v.Reason = Unknown, afterApply
	case n == nil || n.kind == 'n':
		v.Kind = Null
	case n.kind == '{':
		v.Kind = Object
		values, unknowns, hides1, hides2 := n.index(), unknown.index(), s1.index(), s2.index()
		for i := range n.elems {
			e := &n.elems[i]
			v.Fields = append(v.Fields, Field{e.name, p.value(e, unknowns.get(e.name), hides1.get(e.name), hides2.get(e.name), hidden)})
		}
		if unknown.is('{') {
			for i := range unknown.elems {
				if u := &unknown.elems[i]; values.get(u.name) == nil && u.holdsTrue() {
					v.Fields = append(v.Fields, Field{u.name, p.value(nil, u, hides1.get(u.name), hides2.get(u.name), hidden)})
				}
			}
		}
		v.sortFields()
	case n.kind == '[':
		v.Kind = List
		for i := range n.elems {
			v.Elems = append(v.Elems, p.value(&n.elems[i], unknown.at(i), s1.at(i), s2.at(i), hidden))
		}
		for i := len(n.elems); unknown.at(i) != nil; i++ {
			if u := unknown.at(i); u.holdsTrue() {
				v.Elems = append(v.Elems, p.value(nil, u, s1.at(i), s2.at(i), hidden))
			}
		}
	case n.kind == '"':
		v.Kind, v.Text = String, n.text
	case n.kind == '0':
		v.Kind, v.Number = Number, plainNumber(n.text)
	default:
		v.Kind, v.Bool = Bool, n.kind == 't'
	}
	return v
}

// constant is a value of the configuration.
func (p *planReader) constant(n *planNode) *Value { return p.value(n, nil, nil, nil, false) }

// sortFields orders members by name; of several with one name the last stays,
// as in every reader of JSON.
func (v *Value) sortFields() {
	slices.SortStableFunc(v.Fields, func(a, b Field) int { return cmp.Compare(a.Name, b.Name) })
	kept := v.Fields[:0]
	for i, f := range v.Fields {
		if i+1 < len(v.Fields) && v.Fields[i+1].Name == f.Name {
			continue
		}
		kept = append(kept, f)
	}
	v.Fields = kept
}

// standsForAny reports whether an element of a list of objects is the one that
// Terraform plans where a dynamic block goes over a value that it does not know
// yet, and the provider declares the block as an attribute (the rules of
// security groups and network ACLs): everything its content sets is unknown, and
// the rest is empty. There may be any number of such blocks, also none.
func (v *Value) standsForAny() bool {
	if v.Kind != Object {
		return false
	}
	unknown := false
	for _, f := range v.Fields {
		if f.Value.Kind == Unknown {
			unknown = true
		} else if !f.Value.empty() {
			return false
		}
	}
	return unknown
}

// empty reports whether v is the zero value of its type.
func (v *Value) empty() bool {
	switch v.Kind {
	case Bool:
		return !v.Bool
	case Number:
		return v.Number == "0"
	case String:
		return v.Text == ""
	case List:
		return len(v.Elems) == 0
	case Object:
		return !slices.ContainsFunc(v.Fields, func(f Field) bool { return !f.Value.empty() })
	}
	return v.Kind != Unknown
}

// plainNumber writes out a JSON number without an exponent, as Terraform prints
// it. The digits are moved, never calculated with; an exponent of more than
// 1,000 stays, so that a short text cannot ask for a long number.
func plainNumber(s string) string {
	mantissa, exponent, ok := strings.Cut(strings.ToLower(s), "e")
	if !ok {
		return trimNumber(s)
	}
	shift, sign := 0, 1
	for _, c := range exponent {
		switch {
		case c == '-':
			sign = -1
		case c >= '0' && c <= '9':
			shift = shift*10 + int(c-'0')
			if shift > 1000 {
				return s
			}
		}
	}
	minus := strings.HasPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(mantissa, "-"), ".")
	point := len(whole) + sign*shift
	digits := whole + fraction
	if point <= 0 {
		digits, point = strings.Repeat("0", 1-point)+digits, 1
	}
	if point > len(digits) {
		digits += strings.Repeat("0", point-len(digits))
	}
	out := strings.TrimLeft(digits[:point], "0")
	if out == "" {
		out = "0"
	}
	out += "." + digits[point:]
	if minus {
		out = "-" + out
	}
	return trimNumber(out)
}

// trimNumber drops the zeros that end a fraction, and the sign of zero.
func trimNumber(s string) string {
	if strings.ContainsRune(s, '.') {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}
