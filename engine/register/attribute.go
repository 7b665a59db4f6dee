package register

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// The readers of one attribute each: the value, or its zero if it is absent or
// was refused with a diagnostic.

func (b *block) text(name string) string {
	l, ok := b.literal(name)
	if !ok {
		return ""
	}
	return b.asText(name, l)
}

func (b *block) asText(name string, l literal) string {
	s, ok := l.value.(string)
	if !ok {
		b.refuse(name, l.at, "A string is needed, this is "+l.what()+".", "")
		return ""
	}
	return strings.TrimSpace(s)
}

// elements reads a list of strings: none empty, none twice, in the file's order.
func (b *block) elements(name string) []literal {
	l, ok := b.literal(name)
	if !ok {
		return nil
	}
	list, ok := l.value.([]literal)
	if !ok {
		hint := ""
		if s, isText := l.value.(string); isText {
			hint = "Write [" + quote(s) + "]."
		}
		b.refuse(name, l.at, "A list of strings is needed, this is "+l.what()+".", hint)
		return nil
	}
	var out []literal
	for _, each := range list {
		s, isText := each.value.(string)
		s = strings.TrimSpace(s)
		switch {
		case !isText:
			b.refuse(name, each.at, "A string is needed, this is "+each.what()+".", "")
		case s == "":
			b.refuse(name, each.at, "An empty string says nothing.", "")
		case slices.ContainsFunc(out, func(o literal) bool { return o.value == s }):
			b.refuse(name, each.at, quote(s)+" is listed twice.", "")
		default:
			out = append(out, literal{each.at, s})
			b.entry.at[name+"\x00"+s] = each.at
		}
	}
	return out
}

// texts reads a list of strings, sorted.
func (b *block) texts(name string) []string {
	return b.filter(name, func(literal) bool { return true })
}

// filter reads a list of strings that pass a check, sorted.
func (b *block) filter(name string, good func(literal) bool) []string {
	out := []string{}
	for _, each := range b.elements(name) {
		if good(each) {
			out = append(out, each.value.(string))
		}
	}
	slices.Sort(out)
	return out
}

func (b *block) flag(name string, otherwise bool) bool {
	l, ok := b.literal(name)
	if !ok {
		return otherwise
	}
	v, ok := l.value.(bool)
	if !ok {
		b.refuse(name, l.at, "true or false is needed, this is "+l.what()+".", "")
		return otherwise
	}
	return v
}

// choice reads a member of an enumeration.
func (b *block) choice(name, otherwise string, members ...string) string {
	l, ok := b.literal(name)
	if !ok {
		return otherwise
	}
	s, ok := l.value.(string)
	if !ok {
		b.refuse(name, l.at, "A string is needed, this is "+l.what()+".", "")
		return otherwise
	}
	if !slices.Contains(members, s) {
		b.refuse(name, l.at, fmt.Sprintf("%q is none of %s.", s, strings.Join(members, ", ")), suggest(s, members))
		return otherwise
	}
	return s
}

// date reads a calendar date, "" if there is none.
func (b *block) date(name string) string {
	l, ok := b.literal(name)
	if !ok {
		return ""
	}
	s, _ := l.value.(string)
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		b.refuse(name, l.at, fmt.Sprintf("%s is not a date.", shown(l)), `Write it as "2027-04-01".`)
		return ""
	}
	return s
}

// days reads a duration.
func (b *block) days(name string, otherwise float64) float64 {
	l, ok := b.literal(name)
	if !ok {
		return otherwise
	}
	s, ok := l.value.(string)
	if !ok {
		b.refuse(name, l.at, "A duration is a string.", `Write for example "P90D".`)
		return otherwise
	}
	n, err := ParseDays(s)
	if err != nil {
		b.refuse(name, l.at, quote(s)+" "+err.Error()+".", "")
		return otherwise
	}
	return n
}

// categories reads data category keys, and whether they were given at all.
func (b *block) categories(name string) (keys []string, said bool) {
	keys = b.filter(name, func(l literal) bool {
		key := l.value.(string)
		c, known := LookupCategory(key)
		if !known {
			hint := suggest(key, categoryKeys())
			if _, under := LookupCategory("user." + key); under {
				hint = "Did you mean " + quote("user."+key) + "?"
			}
			b.refuse(name, l.at, quote(key)+" is no data category.", hint)
			return false
		}
		if c.Successor != "" {
			b.d.report("warning", l.at, "Deprecated data category", quote(key)+" is an older name.", "Use "+quote(c.Successor)+".")
		}
		return true
	})
	return keys, b.has(name) && b.entry.invalid[name] == ""
}

// places reads globs over target ids, each with an optional glob over item ids.
func (b *block) places(name string) []Place {
	out := []Place{}
	for _, s := range b.filter(name, func(l literal) bool { return b.target(name, l) }) {
		out = append(out, Place(s))
	}
	return out
}

// targets reads globs over target ids alone.
func (b *block) targets(name string) []string {
	return b.filter(name, func(l literal) bool {
		if strings.Contains(l.value.(string), "#") {
			b.refuse(name, l.at, shown(l)+` names an item: only targets are possible here.`, "")
			return false
		}
		return b.target(name, l)
	})
}

// items reads globs over item ids.
func (b *block) items(name string) []string {
	return b.filter(name, func(l literal) bool { return b.glob(name, l) })
}

func (b *block) glob(name string, l literal) bool {
	if strings.Contains(l.value.(string), "***") {
		b.refuse(name, l.at, shown(l)+` is not a glob: "*" stays within a segment, "**" crosses segments.`, "")
		return false
	}
	return true
}

func (b *block) target(name string, l literal) bool {
	s := l.value.(string)
	target, item, parts := strings.Cut(s, "#")
	switch {
	case target == "":
		b.refuse(name, l.at, shown(l)+" names no target.", "")
	case parts && item == "":
		b.refuse(name, l.at, shown(l)+" names no item.", "")
	case strings.HasPrefix(target, "/") || strings.Contains(target, "//"):
		b.refuse(name, l.at, shown(l)+" can match no target id.", `Target ids look like "host/db1" and "config/infra/prod".`)
	default:
		return b.glob(name, l)
	}
	return false
}

// parsePrefix reads an address or CIDR in canonical form.
func parsePrefix(s string) (p netip.Prefix, problem, hint string) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), "", ""
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, quote(s) + " is neither an address nor a CIDR block.", ""
	}
	if p.Addr().Is4In6() {
		return netip.Prefix{}, quote(s) + " is an IPv4 block written as IPv6.", "Write the IPv4 block."
	}
	if p != p.Masked() {
		return netip.Prefix{}, quote(s) + " has bits set beyond its length.", "Did you mean " + quote(p.Masked().String()) + "?"
	}
	return p, "", ""
}

func shown(l literal) string {
	if s, ok := l.value.(string); ok {
		return quote(s)
	}
	return l.what()
}
