// Package json reads JSON (RFC 8259), several texts one after the other included,
// and JSONC: JSON with comments and commas after the last element. Numbers are
// exact, and every value and key has its place.
//
// A key that stands twice has a value nobody knows, for programs differ in which
// they take: it becomes an opaque, with a warning. So do a string that is not
// UTF-8 and one with half a surrogate pair.
package json

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

// Read reads JSON. Every text of a stream is a document; an error leaves those
// before it.
func Read(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
	return read(source, data, false)
}

// ReadC reads JSONC.
func ReadC(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
	return read(source, data, true)
}

func read(source string, data []byte, comments bool) ([]node.Document, []fact.Diagnostic) {
	f, ok := text.Open(source, data)
	if !ok {
		return nil, f.Diagnostics
	}
	p := &parser{File: f, at: f.Start(), comments: comments}
	var docs []node.Document
	for p.blank(); p.at < len(p.Data); p.blank() {
		root := p.value(0)
		if p.Failed() {
			return docs, p.Diagnostics
		}
		docs = append(docs, node.Document{Source: source, Index: len(docs), Root: root})
	}
	if len(docs) == 0 && !p.Failed() {
		p.Fail(p.at, "the file holds no value", "", "")
	}
	return docs, p.Diagnostics
}

type parser struct {
	*text.File
	at       int
	comments bool
}

// blank passes over white space and, in JSONC, comments.
func (p *parser) blank() {
	for p.at < len(p.Data) {
		switch c := p.Data[p.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			p.at++
		case c == '/' && bytes.HasPrefix(p.Data[p.at:], []byte("//")) && p.comment():
			p.at = p.LineEnd(p.at)
		case c == '/' && bytes.HasPrefix(p.Data[p.at:], []byte("/*")) && p.comment():
			end := bytes.Index(p.Data[p.at+2:], []byte("*/"))
			if end < 0 {
				p.fail(p.at, "the comment does not end")
				return
			}
			p.at += end + 4
		default:
			return
		}
	}
}

func (p *parser) comment() bool {
	if !p.comments {
		p.Fail(p.at, "JSON has no comments", "", "a file with comments is JSONC: give it the extension .jsonc")
		p.at = len(p.Data)
	}
	return p.comments
}

// fail tells an error and ends reading. The first error is the one to mend.
func (p *parser) fail(at int, summary string) {
	if !p.Failed() {
		p.Fail(at, summary, "", "")
	}
	p.at = len(p.Data)
}

func (p *parser) value(depth int) *node.Node {
	if depth > text.MaxDepth {
		p.fail(p.at, fmt.Sprintf("values stand more than %d deep within each other", text.MaxDepth))
	}
	if p.Failed() {
		return nil
	}
	if p.at >= len(p.Data) {
		p.fail(p.at, "the file ends where a value is expected")
		return nil
	}
	switch c := p.Data[p.at]; {
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '"':
		start := p.at
		s, problem := p.str()
		if problem != "" {
			return p.Opaque(problem, start, p.at)
		}
		return p.String(s, start, p.at)
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	default:
		return p.word()
	}
}

func (p *parser) object(depth int) *node.Node {
	start := p.at
	m := text.Members{Node: p.Node(node.Object, start, start)}
	p.at++
	for more := false; ; more = true {
		p.blank()
		if more && !p.separator('}') || !more && p.closes('}') {
			break
		}
		if p.Failed() {
			return nil
		}
		at := p.at
		if at >= len(p.Data) || p.Data[at] != '"' {
			p.fail(at, "a key in double quotes is expected")
			return nil
		}
		name, problem := p.str()
		if problem != "" {
			p.fail(at, problem)
		}
		p.blank()
		if p.at >= len(p.Data) || p.Data[p.at] != ':' {
			p.fail(p.at, `":" is expected after a key`)
			return nil
		}
		p.at++
		p.blank()
		v := p.value(depth + 1)
		if v == nil {
			return nil
		}
		m.Once(p.File, p.Key(name, at), v, at)
	}
	p.End(m.Node, p.at)
	return m.Node
}

func (p *parser) array(depth int) *node.Node {
	n := p.Node(node.Array, p.at, p.at)
	p.at++
	for more := false; ; more = true {
		p.blank()
		if more && !p.separator(']') || !more && p.closes(']') {
			break
		}
		v := p.value(depth + 1)
		if v == nil {
			return nil
		}
		n.Elems = append(n.Elems, v)
	}
	p.End(n, p.at)
	return n
}

// closes passes over the end of an object or array, if it is here.
func (p *parser) closes(c byte) bool {
	if p.at < len(p.Data) && p.Data[p.at] == c {
		p.at++
		return true
	}
	return false
}

// separator passes over the comma between two elements; false is the end, which is
// passed over too. In JSONC a comma may stand before it.
func (p *parser) separator(end byte) bool {
	if p.closes(end) {
		return false
	}
	comma := p.at
	if !p.closes(',') {
		p.fail(p.at, fmt.Sprintf(`"," or "%c" is expected`, end))
		return true
	}
	p.blank()
	if p.at < len(p.Data) && p.Data[p.at] == end {
		if !p.comments {
			p.Fail(comma, "JSON has no comma after the last element", "", "remove the comma")
			p.at = len(p.Data)
			return true
		}
		p.at++
		return false
	}
	return true
}

func (p *parser) word() *node.Node {
	start := p.at
	for p.at < len(p.Data) && isWord(p.Data[p.at]) {
		p.at++
	}
	switch word := string(p.Data[start:p.at]); word {
	case "true", "false":
		return p.Text(node.Bool, word, start, p.at)
	case "null":
		return p.Node(node.Null, start, p.at)
	case "":
		r, _ := utf8.DecodeRune(p.Data[start:])
		p.fail(start, fmt.Sprintf("%q begins no value", r))
	default:
		p.fail(start, "a word without quotes is no value")
	}
	return nil
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

func (p *parser) number() *node.Node {
	start := p.at
	p.closes('-')
	digits := func() bool {
		from := p.at
		for p.at < len(p.Data) && '0' <= p.Data[p.at] && p.Data[p.at] <= '9' {
			p.at++
		}
		return p.at > from
	}
	first := p.at
	ok := digits() && (p.Data[first] != '0' || p.at == first+1)
	plain := true
	if ok && p.closes('.') {
		ok, plain = digits(), false
	}
	if ok && (p.closes('e') || p.closes('E')) {
		if !p.closes('+') {
			p.closes('-')
		}
		ok, plain = digits(), false
	}
	if !ok || p.at < len(p.Data) && (isWord(p.Data[p.at]) || p.Data[p.at] == '.') {
		p.fail(start, "not a number")
		return nil
	}
	literal := string(p.Data[start:p.at])
	if !plain {
		literal, _ = text.Decimal(literal)
	}
	return p.Text(node.Number, literal, start, p.at)
}
