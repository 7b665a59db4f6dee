package firewall

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// coveredBy finds an earlier rule of the chain that is asked about all that a rule
// matches and gives a verdict. Where several meet the rule and none covers it alone, it
// says that it does not know: they may together.
func coveredBy(x *hostRule, before []*hostRule) (rules []string, why string) {
	meeting := 0
	for _, e := range before {
		switch e.action {
		case "accept", "drop", "reject", "return":
		default:
			continue
		}
		if len(e.opaque) > 0 || !meets(e, x) {
			continue
		}
		if covers(e, x) {
			return []string{e.id}, ""
		}
		meeting++
	}
	if meeting > 1 {
		return nil, "whether several earlier rules together cover it is not worked out"
	}
	return nil, ""
}

// covers reports whether all that x matches is matched by e.
func covers(e, x *hostRule) bool {
	for i, family := range x.families {
		if family && !e.families[i] {
			return false
		}
	}
	for f, m := range e.fields {
		mine, ok := x.fields[f]
		if !ok || !inside(mine, m) {
			return false
		}
	}
	return true
}

// inside reports whether what a match of one field lets through another does too; of
// named sets only where they are the same.
func inside(inner, outer netfilter.Match) bool {
	if netfilter.Print(inner) == netfilter.Print(outer) {
		return true
	}
	if inner.Set != "" || outer.Set != "" || inner.Negate {
		return false
	}
	for _, e := range inner.Elements {
		in := slices.ContainsFunc(outer.Elements, func(o netfilter.Element) bool { return holdsAll(o, e) })
		out := !slices.ContainsFunc(outer.Elements, func(o netfilter.Element) bool { return overlap(o, e) })
		if !outer.Negate && !in || outer.Negate && !out {
			return false
		}
	}
	return true
}

// meets reports whether some packet may be matched by both; true where that is not
// known.
func meets(e, x *hostRule) bool {
	if !(e.families[0] && x.families[0] || e.families[1] && x.families[1]) {
		return false
	}
	for f, m := range e.fields {
		mine, ok := x.fields[f]
		if !ok || m.Set != "" || mine.Set != "" || m.Negate && mine.Negate {
			continue
		}
		if m.Negate {
			m, mine = mine, m
		}
		if mine.Negate { // all of m's elements are named by the other, which takes them out
			if len(m.Elements) > 0 && !slices.ContainsFunc(m.Elements, func(e netfilter.Element) bool {
				return !slices.ContainsFunc(mine.Elements, func(o netfilter.Element) bool { return holdsAll(o, e) })
			}) {
				return false
			}
			continue
		}
		if !slices.ContainsFunc(m.Elements, func(a netfilter.Element) bool {
			return slices.ContainsFunc(mine.Elements, func(b netfilter.Element) bool { return overlap(a, b) })
		}) {
			return false
		}
	}
	return true
}

// holdsAll reports whether an element of one value holds all of another.
func holdsAll(outer, inner netfilter.Element) bool {
	if len(outer.Values) != 1 || len(inner.Values) != 1 {
		return false
	}
	o, i := outer.Values[0], inner.Values[0]
	switch {
	case o.From.IsValid():
		return i.From.IsValid() && o.From.BitLen() == i.From.BitLen() && !i.From.Less(o.From) && !o.To.Less(i.To)
	case i.From.IsValid() || o.Name != "" || i.Name != "":
		return !i.From.IsValid() && o.Name == i.Name && o.Name != ""
	}
	return o.Lo <= i.Lo && i.Hi <= o.Hi
}

// overlap reports whether two elements of one value may hold the same; true where that
// is not known, as of names with a wildcard.
func overlap(a, b netfilter.Element) bool {
	if len(a.Values) != 1 || len(b.Values) != 1 {
		return true
	}
	v, w := a.Values[0], b.Values[0]
	switch {
	case v.From.IsValid() && w.From.IsValid():
		return v.From.BitLen() == w.From.BitLen() && !v.To.Less(w.From) && !w.To.Less(v.From)
	case v.From.IsValid() || w.From.IsValid():
		return false
	case v.Name != "" || w.Name != "":
		wild := func(n string) bool { return n != "" && n[len(n)-1] == '*' }
		return v.Name == w.Name || wild(v.Name) || wild(w.Name)
	}
	return v.Lo <= w.Hi && w.Lo <= v.Hi
}
