// Package dotenv reads files of environment variables: NAME=value, one a line, with
// "export" before it or not. The programs that read them agree on little, so what
// they read in different ways is opaque.
//
// The document is an object of strings. A value stands bare, up to the end of the
// line or to a blank and "#"; in single quotes, as it is; or in double quotes, with
// the escapes \n \r \t \" \\ and \$. A value in quotes may have several lines, which
// end in "\n". Opaque are:
//
//   - a value with $NAME, ${NAME…} or $(…), outside of single quotes: what stands for
//     it is another variable or the output of a command
//   - a bare value with "#" and no blank before it: a comment to some
//   - any other escape, a backslash in single quotes or at the end of a bare value,
//     quotes within a value or with something beside them, backquotes
//   - a name without a value, which is taken from the environment
//   - a name that stands twice
package dotenv

import (
	"bytes"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

// Read reads a file of environment variables: one document, or none and an error.
func Read(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
	f, ok := text.Open(source, data)
	if !ok {
		return nil, f.Diagnostics
	}
	p := &parser{File: f, at: f.Start()}
	root := text.Members{Node: f.Node(node.Object, f.Start(), len(data))}
	for p.at < len(data) && !f.Failed() {
		p.variable(&root)
	}
	return f.Documents(root.Node)
}

type parser struct {
	*text.File
	at int
}

// variable reads a line, or the lines of a value in quotes.
func (p *parser) variable(root *text.Members) {
	p.blanks()
	end := p.LineEnd(p.at)
	line := bytes.TrimRight(p.Data[p.at:end], " \t\r")
	if len(line) == 0 || line[0] == '#' {
		p.at = end + 1
		return
	}
	if rest, ok := bytes.CutPrefix(line, []byte("export")); ok && len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') {
		p.at += len("export")
		p.blanks()
	}
	start := p.at
	for p.at < end && nameByte(p.Data[p.at]) {
		p.at++
	}
	name := string(p.Data[start:p.at])
	p.blanks()
	rest := p.Data[p.at:end]
	switch {
	case name == "":
		p.fail(start, "a name is expected", "a line is NAME=value or a comment")
		return
	case len(rest) > 0 && rest[0] == '=', len(rest) > 1 && rest[0] == ':' && (rest[1] == ' ' || rest[1] == '\t'):
		p.at++
	case len(bytes.TrimSpace(rest)) == 0 || rest[0] == '#':
		v := p.Opaque("it has no value here: some programs take it from their environment", start, start+len(name))
		root.Once(p.File, p.Key(name, start), v, start)
		p.at = end + 1
		return
	default:
		p.fail(p.at, `"=" is expected after a name`, "")
		return
	}
	p.blanks()
	v := p.value(min(end, len(p.Data)))
	if v != nil {
		root.Once(p.File, p.Key(name, start), v, start)
	}
	p.at = p.LineEnd(min(p.at, len(p.Data))) + 1
}

func (p *parser) fail(at int, summary, hint string) {
	p.Fail(at, summary, "", hint)
	p.at = len(p.Data)
}

func (p *parser) blanks() {
	for p.at < len(p.Data) && (p.Data[p.at] == ' ' || p.Data[p.at] == '\t') {
		p.at++
	}
}

func nameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '.' || c == '-'
}

// value reads what stands behind the sign; nil after an error.
func (p *parser) value(end int) *node.Node {
	if p.at < end {
		switch q := p.Data[p.at]; q {
		case '"', '\'', '`':
			return p.quoted(q)
		}
	}
	start := p.at
	line := bytes.TrimRight(p.Data[start:end], " \t\r")
	value, reason := line, ""
	for i, c := range line {
		if c != '#' {
			continue
		}
		if i == 0 || line[i-1] == ' ' || line[i-1] == '\t' {
			value = bytes.TrimRight(line[:i], " \t")
			break
		}
		reason = `what follows "#" is a comment to some programs and part of the value to others`
	}
	if bytes.HasSuffix(value, []byte(`\`)) {
		reason = "a backslash ends the line: to some programs the next line goes on with the value"
	}
	s := string(value)
	if strings.ContainsAny(s, `"'`) {
		reason = "quotes within a value are part of it to some programs"
	}
	if expands(s) {
		reason = expanded
	}
	p.at = end
	if reason != "" {
		return p.Opaque(reason, start, start+len(value))
	}
	return p.String(s, start, start+len(value))
}

const expanded = "it stands for another variable or for the output of a command"

// expands reports whether a text holds a variable or a command.
func expands(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if c := s[i+1]; s[i] == '$' && (c == '{' || c == '(' || c == '$' || c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
			return true
		}
	}
	return strings.Contains(s, "`")
}

// quoted reads a value in quotes, which may have several lines.
func (p *parser) quoted(q byte) *node.Node {
	start, reason := p.at, ""
	if q == '`' {
		reason = "in backquotes it is a text to some programs and a command to others"
	}
	p.at++
	var b []byte
	for p.at < len(p.Data) && p.Data[p.at] != q {
		switch c := p.Data[p.at]; {
		case c == '\\' && q == '"' && p.at+1 < len(p.Data) && strings.IndexByte(`nrt"\$`, p.Data[p.at+1]) >= 0:
			b = append(b, "\n\r\t\"\\$"[strings.IndexByte(`nrt"\$`, p.Data[p.at+1])])
			p.at += 2
			continue
		case c == '\\':
			reason = "programs differ in what the backslash is"
			if p.at+1 < len(p.Data) && p.Data[p.at+1] == q && q != '\'' {
				p.at++
			}
		case c == '$' && q == '"' && expands(string(p.Data[p.at:min(len(p.Data), p.at+2)])):
			reason = expanded
		case c == '`' && q == '"':
			reason = expanded
		case c == '\r' && p.at+1 < len(p.Data) && p.Data[p.at+1] == '\n':
			p.at++
			continue
		}
		b = append(b, p.Data[p.at])
		p.at++
	}
	if p.at >= len(p.Data) {
		p.fail(start, "the quote does not end", "")
		return nil
	}
	p.at++
	end := p.at
	rest := bytes.TrimSpace(p.Data[end:p.LineEnd(end)])
	if len(rest) > 0 && (rest[0] != '#' || p.Data[end] == '#') {
		reason, end = "more than the quotes stands in the value", p.LineEnd(end)
	}
	if reason != "" {
		return p.Opaque(reason, start, end)
	}
	return p.String(string(b), start, end)
}
