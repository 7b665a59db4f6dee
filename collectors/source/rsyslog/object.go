package rsyslog

import (
	"strconv"
	"strings"
)

// object reads name(param="value" …), and the block of a rule set or a list template.
func (p *parser) object(depth int, c context) {
	start := p.at
	open := strings.IndexByte(p.text[start:], '(')
	name := strings.ToLower(strings.Trim(p.text[start:start+open], " \t\n"))
	p.at = start + open + 1
	s := Statement{Kind: Object, Name: name}
	for {
		p.blank()
		if p.failed {
			return
		}
		if p.at >= len(p.text) {
			p.fail(start, "an object does not end")
			return
		}
		switch ch := p.text[p.at]; {
		case ch == ')':
			p.at++
			p.close(start, depth, s, c)
			return
		case ch == ',':
			p.at++
		case letter(ch):
			if !p.param(&s) {
				return
			}
		default:
			p.fail(p.at, "it is no parameter")
			return
		}
	}
}

// close keeps an object and reads the block behind it.
func (p *parser) close(start, depth int, s Statement, c context) {
	switch s.Name {
	case "action":
		s.Kind = Action
	case "include":
		s.Kind = Include
		value, _, set, known := s.Get("file")
		s.Text = value
		if !set || !known { // text="…", or a file that the environment names
			s.Kind, s.Reason = Opaque, "what it includes is not a file that is named"
		}
	case "property", "constant":
		return // of a list template
	}
	p.add(start, s, c)
	if s.Name != "ruleset" && s.Name != "template" {
		return
	}
	p.blank()
	if p.at < len(p.text) && p.text[p.at] == '{' {
		p.at++
		value, _, _, _ := s.Get("name")
		p.statements(depth+1, context{filter: c.filter, conditional: c.conditional || value != ""})
	}
}

// param reads name="value", name=["a", "b"] or name=`program`.
func (p *parser) param(s *Statement) bool {
	start := p.at
	for p.at < len(p.text) && (letter(p.text[p.at]) || p.text[p.at] >= '0' && p.text[p.at] <= '9' || p.text[p.at] == '.') {
		p.at++
	}
	one := Param{Name: strings.ToLower(p.text[start:p.at]), Pos: p.pos(start)}
	p.blank()
	if p.at >= len(p.text) || p.text[p.at] != '=' {
		p.fail(start, "a parameter has no value")
		return false
	}
	p.at++
	p.blank()
	list := p.at < len(p.text) && p.text[p.at] == '['
	if list {
		p.at++
	}
	for {
		p.blank()
		if p.at >= len(p.text) {
			p.fail(start, "a value does not end")
			return false
		}
		switch ch := p.text[p.at]; {
		case ch == '"' || ch == '`':
			from := p.at
			if !p.quoted(ch) {
				return false
			}
			one.Values = append(one.Values, unescape(p.text[from+1:p.at-1]))
			one.Opaque = one.Opaque || ch == '`'
		case list && ch == ',':
			p.at++
			continue
		case list && ch == ']':
			p.at++
			s.Params = append(s.Params, one)
			return true
		default:
			p.fail(p.at, "a value is no string")
			return false
		}
		if !list {
			s.Params = append(s.Params, one)
			return true
		}
	}
}

// unescape reads what a backslash makes of the next characters.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if n := octal(s[i:]); n > 0 {
			v, _ := strconv.ParseUint(s[i:i+n], 8, 16)
			b.WriteByte(byte(v))
			i += n - 1
			continue
		}
		if at := strings.IndexByte("abfnrtv", s[i]); at >= 0 {
			b.WriteByte("\a\b\f\n\r\t\v"[at])
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// octal counts up to three octal digits at the beginning.
func octal(s string) int {
	n := 0
	for n < 3 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
		n++
	}
	return n
}
