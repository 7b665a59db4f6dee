package logs

import (
	"fmt"
	"net/netip"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/nginx"
)

// mapped is what a variable holds that a map block makes: of each value, the
// variables in it. Where values take a part of what the block looks at, the block is
// known to shorten an address, or to leave the query string out, or what the values
// hold is not known.
func (v *nginxVariables) mapped(name string, d *nginx.Directive) record {
	if len(d.Args) != 2 {
		return notKnown("$" + name + ": map takes two parameters")
	}
	of := v.text(d.Text(0))
	m := nginxMap{of: strings.ToLower(strings.TrimPrefix(d.Text(0), "$"))}
	out := record{}
	captured := false
	for _, c := range d.Children {
		switch {
		case c.Opaque != "" || c.Block:
			return notKnown("$" + name + ": " + c.Opaque)
		case slices.Contains([]string{"hostnames", "volatile"}, c.Name) && len(c.Args) == 0:
			continue
		case len(c.Args) != 1:
			return notKnown("$" + name + ": invalid parameters of map")
		}
		e, why := nginxEntryOf(c)
		if why != "" {
			return notKnown("$" + name + ": " + why)
		}
		m.entries = append(m.entries, e)
		for _, used := range nginxNames(e.value) {
			if e.takes(used) {
				captured = true
				continue
			}
			if len(used) == 1 && used[0] >= '0' && used[0] <= '9' {
				continue // the expression has no such group: empty
			}
			out = out.with(v.variable(used))
		}
	}
	if !captured || of.why == "" && len(of.parts) == 0 {
		return out
	}
	if of.why != "" {
		return out.with(of)
	}
	return out.with(m.shortens(name, of))
}

type nginxMap struct {
	of      string
	entries []nginxEntry
}

// nginxEntry is a line of a map.
type nginxEntry struct {
	key   string
	re    *regexp.Regexp // nil for a plain one
	tree  *syntax.Regexp
	value string
}

func nginxEntryOf(d *nginx.Directive) (nginxEntry, string) {
	e := nginxEntry{key: d.Name, value: d.Text(0)}
	pattern, ok := strings.CutPrefix(e.key, "~")
	if !ok {
		return e, ""
	}
	if after, ok := strings.CutPrefix(pattern, "*"); ok {
		pattern = "(?i)" + after
	}
	var err error
	if e.tree, err = syntax.Parse(pattern, syntax.Perl); err == nil {
		e.re, err = regexp.Compile(pattern)
	}
	if err != nil {
		return e, fmt.Sprintf("a regular expression that is not modelled: %v", err)
	}
	return e, ""
}

// takes reports whether a variable is a group of the entry's expression.
func (e nginxEntry) takes(name string) bool { return e.re != nil && e.group(name) != nil }

// group finds a group by its number or name.
func (e nginxEntry) group(name string) *syntax.Regexp {
	var found *syntax.Regexp
	walkRegexp(e.tree, func(r *syntax.Regexp) {
		if r.Op == syntax.OpCapture && (fmt.Sprint(r.Cap) == name || strings.EqualFold(r.Name, name) && r.Name != "") {
			found = r
		}
	})
	if name == "0" {
		return e.tree
	}
	return found
}

func walkRegexp(r *syntax.Regexp, visit func(*syntax.Regexp)) {
	visit(r)
	for _, s := range r.Sub {
		walkRegexp(s, visit)
	}
}

// shortens is what remains of what the map looks at.
func (m nginxMap) shortens(name string, of record) record {
	switch m.of {
	case "remote_addr", "realip_remote_addr", "proxy_protocol_addr":
		if why := m.truncates(); why != "" {
			return notKnown("$" + name + ": " + why)
		}
		return record{parts: map[string]string{"client_address": "truncated"}}
	case "request_uri", "request", "http_referer":
		if why := m.beforeQuery(); why != "" {
			return notKnown("$" + name + ": " + why)
		}
		out := record{parts: map[string]string{}}
		if m.of == "http_referer" {
			out.parts["request_headers"] = of.parts["request_headers"]
		}
		return out
	}
	return notKnown(fmt.Sprintf("$%s holds parts of $%s", name, m.of))
}

// captures lists the groups that an entry's value takes.
func (e nginxEntry) captures() []*syntax.Regexp {
	var out []*syntax.Regexp
	for _, name := range nginxNames(e.value) {
		if e.takes(name) {
			out = append(out, e.group(name))
		}
	}
	return out
}

// beforeQuery reports "" if all that values take stands before the first "?": the
// expression begins at the start of the text, and nothing up to the group's end
// matches a "?".
func (m nginxMap) beforeQuery() string {
	for _, e := range m.entries {
		for _, g := range e.captures() {
			top := e.tree
			if top.Op != syntax.OpConcat || top.Sub[0].Op != syntax.OpBeginText {
				return "an expression that does not begin at the start"
			}
			for _, s := range top.Sub {
				if most(s, '?') != 0 {
					return "a group may hold a query string"
				}
				if inside(s, g) {
					break
				}
			}
		}
	}
	return ""
}

func inside(r, g *syntax.Regexp) (found bool) {
	walkRegexp(r, func(s *syntax.Regexp) { found = found || s == g })
	return found
}

// truncates reports "" if the values keep at most three of the four numbers of an
// IPv4 address, not the last, and at most three of the eight groups of an IPv6
// address. How much can be taken follows from how many separators the groups can
// match; that the last number is not among it is tried with every such number.
func (m nginxMap) truncates() string {
	for _, e := range m.entries {
		groups := e.captures()
		if len(groups) == 0 {
			continue
		}
		if literalDigit(e.tree) || strings.ContainsAny(plainOf(e.value), "123456789abcdefABCDEF") {
			return "an expression for certain addresses"
		}
		dots, colons := len(groups), len(groups)
		for _, g := range groups {
			dots, colons = dots+most(g, '.'), colons+most(g, ':')
		}
		if dots > 3 || colons > 3 {
			// Of a text with the other separator, groups may still take the whole.
			if !(dots <= 3 && needs(e.tree, '.')) && !(colons <= 3 && needs(e.tree, ':')) {
				return "it keeps more than three numbers or groups of an address"
			}
		}
	}
	for _, a := range []string{"1.2.3.", "12.34.56.", "123.234.245.", "9.87.101.", "203.0.113.", "::ffff:1.2.3.", "::ffff:203.0.113."} {
		same := m.value(a + "0")
		for last := range 256 {
			if m.value(fmt.Sprintf("%s%d", a, last)) != same {
				return "what it keeps of an IPv4 address depends on the last number"
			}
		}
	}
	for _, a := range sampleAddresses() {
		if strings.Contains(m.value(a), strings.TrimLeft(a, ":")) {
			return "it keeps an IPv6 address whole"
		}
	}
	return ""
}

// sampleAddresses are IPv6 addresses as nginx writes them, with zeros in many places
// and something behind the first three groups.
func sampleAddresses() []string {
	var out []string
	for zeros := range 1 << 8 {
		if zeros>>3 == 1<<5-1 {
			continue
		}
		var b [16]byte
		for i := range b {
			if zeros&(1<<(i/2)) == 0 {
				b[i] = byte(0x21 + 13*i)
			}
		}
		if a := netip.AddrFrom16(b); !a.Is4In6() && !a.IsUnspecified() {
			out = append(out, a.String())
		}
	}
	return out
}

// value is what the map gives for a text: of a plain key, else of the first
// expression that matches, else the default. Other variables stand as they are.
func (m nginxMap) value(text string) string {
	otherwise := ""
	for _, e := range m.entries {
		if e.re == nil && e.key == "default" {
			otherwise = e.value
		} else if e.re == nil && strings.EqualFold(e.key, text) {
			return e.value
		}
	}
	for _, e := range m.entries {
		if e.re == nil {
			continue
		}
		at := e.re.FindStringSubmatch(text)
		if at == nil {
			continue
		}
		out := e.value
		for _, name := range nginxNames(e.value) {
			if g := e.group(name); g != nil && g.Op == syntax.OpCapture {
				out = strings.ReplaceAll(strings.ReplaceAll(out, "${"+name+"}", at[g.Cap]), "$"+name, at[g.Cap])
			} else if g != nil {
				out = strings.ReplaceAll(out, "$"+name, at[0])
			}
		}
		return out
	}
	return otherwise
}
