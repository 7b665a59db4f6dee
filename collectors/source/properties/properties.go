// Package properties reads the properties files of Java, by the rules of
// java.util.Properties.load: a key ends at "=", ":" or white space, a backslash at
// the end of a line goes on with the next, \uXXXX is a UTF-16 unit, and a backslash
// before any other character is that character.
//
// The document is an object of strings; keys are flat, as written ("a.b" is one
// name). Of a key that stands several times the last counts, as in Java, with a
// warning. Values are not expanded: the format has no placeholders, and "${x}" is
// text. The file is taken as UTF-8; a text that is none is opaque, and so is one
// with half of a surrogate pair. A malformed \u is an error, as in Java.
package properties

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

// Read reads a properties file: one document, or none and an error.
func Read(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
	f, ok := text.Open(source, data)
	if !ok {
		return nil, f.Diagnostics
	}
	p := &parser{File: f, at: f.Start()}
	root := text.Members{Node: f.Node(node.Object, f.Start(), len(data))}
	for p.at < len(data) && !f.Failed() {
		p.property(&root)
	}
	return f.Documents(root.Node)
}

type parser struct {
	*text.File
	at int
}

// property reads a logical line.
func (p *parser) property(root *text.Members) {
	for p.at < len(p.Data) && bytes.IndexByte([]byte(" \t\f\r\n"), p.Data[p.at]) >= 0 {
		p.at++
	}
	if p.at >= len(p.Data) {
		return
	}
	if c := p.Data[p.at]; c == '#' || c == '!' {
		for p.at < len(p.Data) && !lineBreak(p.Data[p.at]) {
			p.at++
		}
		return
	}
	start := p.at
	name, _ := p.part(true)
	p.white()
	if p.at < len(p.Data) && (p.Data[p.at] == '=' || p.Data[p.at] == ':') {
		p.at++
		p.white()
	}
	from := p.at
	value, problem := p.part(false)
	if p.Failed() {
		return
	}
	v := p.String(value, from, p.at)
	if problem != "" {
		v = p.Opaque(problem, from, p.at)
	}
	k := p.Key(name, start)
	i := root.Find(k.Name)
	if i < 0 {
		root.Add(k, v)
		return
	}
	p.Warn(start, "the key stands twice", fmt.Sprintf("it is in line %d already; the last counts", root.Keys[i].Line), "remove one of them")
	root.Keys[i], root.Elems[i] = k, v
}

func lineBreak(c byte) bool { return c == '\n' || c == '\r' }

// white passes over white space and over a backslash at the end of a line.
func (p *parser) white() {
	for p.at < len(p.Data) {
		switch c := p.Data[p.at]; {
		case c == ' ' || c == '\t' || c == '\f':
			p.at++
		case c == '\\' && p.continued():
		default:
			return
		}
	}
}

// continued passes over a backslash at the end of a line and the white space that
// the next one begins with.
func (p *parser) continued() bool {
	at := p.at + 1
	switch {
	case at < len(p.Data) && !lineBreak(p.Data[at]):
		return false
	case at+1 < len(p.Data) && p.Data[at] == '\r' && p.Data[at+1] == '\n':
		at++
	}
	for at++; at < len(p.Data) && (p.Data[at] == ' ' || p.Data[at] == '\t' || p.Data[at] == '\f'); at++ {
	}
	p.at = min(at, len(p.Data))
	return true
}

// part reads a key or a value with its escapes.
func (p *parser) part(key bool) (s, problem string) {
	var b []byte
	for p.at < len(p.Data) {
		c := p.Data[p.at]
		switch {
		case lineBreak(c), key && (c == '=' || c == ':' || c == ' ' || c == '\t' || c == '\f'):
			return string(b), problem
		case c != '\\':
			b = append(b, c)
			p.at++
		case p.continued():
		case p.Data[p.at+1] == 'u':
			r, ok := p.unicode()
			if !ok {
				p.Fail(p.at, `four hexadecimal digits are expected after \u`, "", `write a backslash as \\`)
				p.at = len(p.Data)
				return "", ""
			}
			if utf16.IsSurrogate(r) {
				problem = "half of a surrogate pair is no character"
			}
			b = utf8.AppendRune(b, r)
		default:
			c = p.Data[p.at+1]
			if i := strings.IndexByte("tnrf", c); i >= 0 {
				c = "\t\n\r\f"[i]
			}
			b = append(b, c)
			p.at += 2
		}
	}
	return string(b), problem
}

// unicode reads \uXXXX, and the second half of a pair.
func (p *parser) unicode() (rune, bool) {
	first, ok := p.hex(p.at)
	if !ok {
		return 0, false
	}
	p.at += 6
	if utf16.IsSurrogate(first) {
		if second, ok := p.hex(p.at); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				p.at += 6
				return r, true
			}
		}
	}
	return first, true
}

func (p *parser) hex(at int) (rune, bool) {
	if at+6 > len(p.Data) || p.Data[at] != '\\' || p.Data[at+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(p.Data[at+2:at+6]), 16, 16)
	return rune(n), err == nil
}
