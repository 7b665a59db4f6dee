package ini

import (
	"cmp"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
)

// entry begins a key with its value.
func (p *parser) entry(body string, start, indent int) {
	p.flush()
	p.last = &entry{key: start, indent: indent, doubt: p.doubt}
	e := p.last
	p.doubt = ""
	if p.includes && body[0] == '!' {
		name, rest, _ := strings.Cut(body, " ")
		e.name, e.doubt = name, "it includes other files, which are not read"
		e.start = start + len(body) - len(strings.TrimSpace(rest))
		e.end = start + len(body)
		e.parts = []string{strings.TrimSpace(rest)}
		return
	}
	at := strings.IndexAny(body, p.separators)
	if at < 0 {
		e.alone = true
		name := body
		for _, c := range []byte("#;") {
			if i := strings.IndexByte(name, c); i > 0 && (c == p.comment || p.loose && (name[i-1] == ' ' || name[i-1] == '\t')) {
				name = strings.TrimSpace(name[:i])
			}
		}
		e.name, e.start, e.end = name, start, start+len(name)
		return
	}
	e.name = strings.TrimRight(body[:at], " \t")
	value := strings.TrimLeft(body[at+1:], " \t")
	e.start = start + len(body) - len(value)
	e.end = start + len(body)
	if p.backslash {
		if rest, more := strings.CutSuffix(value, `\`); more {
			e.goesOn, value = true, strings.TrimSpace(rest)
		}
	}
	if p.loose && strings.HasSuffix(value, `\`) {
		e.doubt = "a backslash ends the line: to some programs the next line goes on with the value"
		p.doubt = "a backslash ends the line above: to some programs this line goes on with its value"
	}
	e.parts = []string{value}
	if e.name == "" {
		p.Fail(start, "a value without a key", "", "")
	}
}

// flush puts the last entry into its section.
func (p *parser) flush() {
	e := p.last
	if e == nil || p.Failed() {
		return
	}
	p.last = nil
	v := p.value(e)
	e.name = text.Name(e.name)
	i := p.section.Find(e.name)
	switch {
	case i < 0:
		p.section.Add(p.Key(e.name, e.key), v)
	case p.section == p.root && p.sections[e.name] != nil:
		p.section.Once(p.File, p.Key(e.name, e.key), v, e.key)
	case p.loose:
		p.again(i, v)
	case p.section.Elems[i].Kind == node.Array:
		list := p.section.Elems[i]
		list.Elems = append(list.Elems, v)
		list.EndLine, list.EndColumn = v.EndLine, v.EndColumn
	default:
		first := p.section.Elems[i]
		list := p.Node(node.Array, e.start, e.end)
		list.Line, list.Column = first.Line, first.Column
		list.Elems = []*node.Node{first, v}
		p.section.Elems[i] = list
	}
	if p.section != p.root {
		p.End(p.section.Node, e.end)
	}
}

// again is a key that stands once more in a file of a program that is not known: the
// first may count, the last, all of them, or the file may be refused. All values are
// kept, for whoever looks for secrets.
func (p *parser) again(i int, v *node.Node) {
	const reason = "the key stands more than once: which of its values counts depends on the program that reads it"
	held := p.section.Elems[i]
	if held.Kind != node.Opaque || len(held.Elems) == 0 {
		first := held
		held = p.Opaque(reason, 0, 0)
		held.Elems = []*node.Node{first}
		held.Line, held.Column = first.Line, first.Column
		p.section.Elems[i] = held
	}
	held.Elems = append(held.Elems, v)
	held.EndLine, held.EndColumn = v.EndLine, v.EndColumn
}

// value makes the node of an entry.
func (p *parser) value(e *entry) *node.Node {
	opaque := func(reason string) *node.Node { return p.Opaque(reason, e.start, e.end) }
	switch {
	case e.doubt != "":
		return opaque(e.doubt)
	case e.alone && p.flags:
		return p.Text(node.Bool, "true", e.start, e.end)
	case e.alone:
		return opaque("a key without a value: what it means depends on the program that reads it")
	}
	value := strings.TrimRight(strings.Join(e.parts, cmp.Or(e.joined, "\n")), "\n")
	if e.joined != "" {
		value = strings.TrimSpace(value)
	}
	end := e.end
	if len(e.parts) == 1 {
		var reason string
		if value, reason = p.uncomment(value); reason != "" {
			return opaque(reason)
		}
		end = e.start + len(value)
		if e.end > p.LineEnd(e.start) {
			end = e.end
		}
		if p.quotes {
			value = unquote(value)
		}
	}
	if p.escapes {
		value = unescape(value)
	}
	for _, mark := range p.expands {
		if strings.Contains(value, mark) {
			return opaque("the program that reads it puts other values where " + mark + " stands")
		}
	}
	return p.String(value, e.start, end)
}

// uncomment cuts a comment off a value, outside of quotes.
func (p *parser) uncomment(value string) (string, string) {
	if p.comment == 0 && !p.loose {
		return value, ""
	}
	quote := byte(0)
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\' && p.escapes:
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' && i == 0:
			quote = c
		case p.comment != 0 && c == p.comment:
			return strings.TrimRight(value[:i], " \t"), ""
		case p.loose && (c == '#' || c == ';') && (i == 0 || value[i-1] == ' ' || value[i-1] == '\t'):
			return "", "what follows " + string(c) + " is a comment to some programs and part of the value to others"
		}
	}
	if quote != 0 {
		p.doubt = "a quote in the line above does not end there"
		return "", "a quote does not end in its line"
	}
	return value, ""
}

// unquote takes away a pair of quotes around all of a value.
func unquote(value string) string {
	if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] && strings.IndexByte(value[1:n-1], value[0]) < 0 {
		return value[1 : n-1]
	}
	return value
}

// unescape replaces the escapes of my.cnf.
func unescape(value string) string {
	if !strings.Contains(value, `\`) {
		return value
	}
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] == '\\' && i+1 < len(value) {
			if at := strings.IndexByte(`btnrs"'\`, value[i+1]); at >= 0 {
				b.WriteByte("\b\t\n\r \"'\\"[at])
				i++
				continue
			}
		}
		b.WriteByte(value[i])
	}
	return b.String()
}
