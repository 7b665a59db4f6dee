package hcl

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

// ReadV1 reads HCL 1: one document, or none and an error. The shape is that of
// [Read]: "key { … }" is a block and "key = { … }" an object. A text with an
// interpolation is opaque: whether it is one depends on the program.
func ReadV1(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
	f, ok := text.Open(source, data)
	if !ok || !f.UTF8() {
		return nil, f.Diagnostics
	}
	p := &v1{tree: newTree(f), at: f.Start()}
	root := p.object(f.Start(), len(data))
	p.items(root, 0, 0)
	return f.Documents(root.Node)
}

type v1 struct {
	*tree
	at int
}

func (p *v1) fail(at int, summary string) {
	if !p.Failed() {
		p.Fail(at, summary, "", "")
	}
	p.at = len(p.Data)
}

func (p *v1) peek() byte {
	if p.at < len(p.Data) {
		return p.Data[p.at]
	}
	return 0
}

func (p *v1) starts(s string) bool {
	return len(p.Data)-p.at >= len(s) && string(p.Data[p.at:p.at+len(s)]) == s
}

// blank passes over white space, line breaks and comments.
func (p *v1) blank() {
	for p.at < len(p.Data) {
		switch c := p.peek(); {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			p.at++
		case c == '#' || p.starts("//"):
			p.at = p.LineEnd(p.at)
		case p.starts("/*"):
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

// items reads what stands in a file (end is 0) or an object (end is '}', which is
// passed over).
func (p *v1) items(into *text.Members, end byte, depth int) {
	if depth > text.MaxDepth {
		p.fail(p.at, fmt.Sprintf("objects stand more than %d deep within each other", text.MaxDepth))
		return
	}
	for {
		p.blank()
		switch {
		case p.Failed():
			return
		case p.at >= len(p.Data):
			if end != 0 {
				p.fail(p.at, `"}" is expected`)
			}
			return
		case end != 0 && p.peek() == end:
			p.at++
			return
		}
		p.item(into, depth)
		p.blank()
		if p.peek() == ',' && end != 0 {
			p.at++
		}
	}
}

// item reads keys and a value, or a block.
func (p *v1) item(into *text.Members, depth int) {
	start := p.at
	var keys []key
	for {
		p.blank()
		at := p.at
		switch c := p.peek(); {
		case p.Failed():
			return
		case c == '"':
			n := p.quoted()
			if n == nil {
				return
			}
			keys = append(keys, key{p.Key(n.Text, at), at})
		case wordByte(c) && c != '-' && c != '.' && (c < '0' || c > '9'):
			keys = append(keys, key{p.Key(p.word(), at), at})
		case c == '=' && len(keys) > 0:
			if len(keys) > 1 {
				p.fail(at, "a value has one key")
				return
			}
			p.at++
			p.blank()
			if v := p.value(depth + 1); v != nil {
				p.attribute(into, keys[0].Key, v, keys[0].at)
			}
			return
		case c == '{' && len(keys) > 0:
			p.at++
			block := p.object(start, start+1)
			p.items(block, '}', depth+1)
			p.End(block.Node, p.at)
			if !p.Failed() {
				p.block(into, keys, block.Node)
			}
			return
		default:
			p.fail(at, "a key, \"=\" or \"{\" is expected")
			return
		}
		if len(keys) > text.MaxDepth {
			p.fail(at, "a block with too many labels")
			return
		}
	}
}

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.' || c >= 0x80
}

func (p *v1) word() string {
	start := p.at
	for p.at < len(p.Data) && wordByte(p.Data[p.at]) {
		p.at++
	}
	return string(p.Data[start:p.at])
}

// value reads a value; nil after an error.
func (p *v1) value(depth int) *node.Node {
	start := p.at
	switch c := p.peek(); {
	case c == '"':
		return p.quoted()
	case p.starts("<<"):
		return p.heredoc()
	case c == '{':
		p.at++
		m := p.object(start, start+1)
		p.items(m, '}', depth)
		p.End(m.Node, p.at)
		return m.Node
	case c == '[':
		return p.list(depth)
	}
	if p.peek() == '+' {
		p.at++
	}
	word := p.word()
	switch word {
	case "true", "false":
		return p.Text(node.Bool, word, start, p.at)
	}
	if number, ok := v1Number(word); ok {
		return p.Text(node.Number, number, start, p.at)
	}
	p.fail(start, "a value is expected")
	return nil
}

// v1Number reads a decimal, hexadecimal (0x10) or octal (010) number.
func v1Number(word string) (string, bool) {
	digits, negative := strings.CutPrefix(word, "-")
	number, ok := "", false
	switch {
	case strings.HasPrefix(digits, "0x") || strings.HasPrefix(digits, "0X"):
		number, ok = text.Integer(digits[2:], 16)
	case len(digits) > 1 && digits[0] == '0' && !strings.ContainsAny(digits, ".eE"):
		number, ok = text.Integer(digits, 8)
	case digits != "" && digits[0] != '-':
		number, ok = text.Decimal(digits)
	}
	if negative {
		number = "-" + number
	}
	return number, ok
}

func (p *v1) list(depth int) *node.Node {
	if depth > text.MaxDepth {
		p.fail(p.at, fmt.Sprintf("lists stand more than %d deep within each other", text.MaxDepth))
		return nil
	}
	n := p.Node(node.Array, p.at, p.at+1)
	p.at++
	for {
		p.blank()
		if p.peek() == ']' {
			p.at++
			p.End(n, p.at)
			return n
		}
		v := p.value(depth + 1)
		if v == nil || p.Failed() {
			return nil
		}
		n.Elems = append(n.Elems, v)
		p.blank()
		if p.peek() == ',' {
			p.at++
		} else if p.peek() != ']' {
			p.fail(p.at, `"," or "]" is expected`)
			return nil
		}
	}
}
