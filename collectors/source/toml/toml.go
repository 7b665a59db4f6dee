// Package toml reads TOML 1.0, and what 1.1 added to it: line breaks, comments and a
// last comma in inline tables, times without seconds, the escapes \e and \xHH.
//
// Tables are objects, arrays of tables arrays of objects, in the order in which
// their names first stand in the file. A table begins at its header, or, if it has
// none, at the part of a key that made it; it ends with the last of its values.
// Numbers are exact JSON literals, whatever their base. Dates and times are strings
// as they are written. An infinity and a number that is none are opaque: JSON has
// neither.
//
// A file is read whole or not at all: a definition that stands twice is an error of
// the format.
package toml

import (
	"fmt"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

// Read reads a TOML file: one document, or none and an error.
func Read(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
	f, ok := text.Open(source, data)
	if !ok || !f.UTF8() {
		return nil, f.Diagnostics
	}
	p := &parser{File: f, at: f.Start(), tables: map[*node.Node]*table{}}
	root := p.document()
	if !p.Failed() {
		extend(root)
	}
	return f.Documents(root)
}

type parser struct {
	*text.File
	at int
	// tables by their nodes.
	tables map[*node.Node]*table
}

// fail tells an error and ends reading. The first error is the one to mend.
func (p *parser) fail(at int, summary string, args ...any) {
	if !p.Failed() {
		p.Fail(at, fmt.Sprintf(summary, args...), "", "")
	}
	p.at = len(p.Data)
}

func (p *parser) peek() byte {
	if p.at < len(p.Data) {
		return p.Data[p.at]
	}
	return 0
}

// take passes over a byte if it is here.
func (p *parser) take(c byte) bool {
	if p.at < len(p.Data) && p.Data[p.at] == c {
		p.at++
		return true
	}
	return false
}

// starts reports whether a text is here.
func (p *parser) starts(s string) bool {
	return len(p.Data)-p.at >= len(s) && string(p.Data[p.at:p.at+len(s)]) == s
}

// document reads the lines: headers and keys with their values.
func (p *parser) document() *node.Node {
	root := p.newTable(p.at)
	here := root
	for {
		p.lines()
		if p.at >= len(p.Data) {
			break
		}
		if p.peek() == '[' {
			here = p.header(root)
		} else {
			p.pair(here)
		}
		if p.Failed() {
			return nil
		}
		p.lineEnd()
	}
	p.End(root.Node, len(p.Data))
	return root.Node
}

// header reads [a.b] or [[a.b]] and returns the table that it opens.
func (p *parser) header(root *table) *table {
	start := p.at
	p.at++
	list := p.take('[')
	p.blanks()
	keys := p.keys()
	if p.Failed() {
		return root
	}
	if !p.take(']') || list && !p.take(']') {
		p.fail(p.at, "the header of a table ends with a bracket")
		return root
	}
	return p.open(root, keys, start, list)
}

// pair reads a key and its value into a table.
func (p *parser) pair(t *table) {
	keys := p.keys()
	if p.Failed() {
		return
	}
	if !p.take('=') {
		p.fail(p.at, `"=" is expected after a key`)
		return
	}
	p.blanks()
	v := p.value(len(keys))
	if p.Failed() {
		return
	}
	p.set(t, keys, v)
}

// blanks passes over blanks and tabs.
func (p *parser) blanks() {
	for p.at < len(p.Data) && (p.Data[p.at] == ' ' || p.Data[p.at] == '\t') {
		p.at++
	}
}

// comment passes over a comment.
func (p *parser) comment() {
	if !p.take('#') {
		return
	}
	for p.at < len(p.Data) && !p.newlineHere() {
		if c := p.Data[p.at]; c < ' ' && c != '\t' || c == 0x7f {
			p.fail(p.at, "the control character %U stands in a comment", rune(c))
			return
		}
		p.at++
	}
}

func (p *parser) newlineHere() bool { return p.peek() == '\n' || p.starts("\r\n") }

func (p *parser) newline() bool {
	if p.starts("\r\n") {
		p.at++
	}
	return p.take('\n')
}

// lines passes over what stands between expressions: blanks, line breaks, comments.
func (p *parser) lines() {
	for {
		p.blanks()
		p.comment()
		if !p.newline() {
			return
		}
	}
}

// lineEnd holds that nothing follows in a line.
func (p *parser) lineEnd() {
	p.blanks()
	p.comment()
	if p.at < len(p.Data) && !p.newline() {
		p.fail(p.at, "the line goes on where it should end")
	}
}

// extend makes every table end where the last of its values does.
func extend(n *node.Node) {
	for _, e := range n.Elems {
		extend(e)
		if e.EndLine > n.EndLine || e.EndLine == n.EndLine && e.EndColumn > n.EndColumn {
			n.EndLine, n.EndColumn = e.EndLine, e.EndColumn
		}
	}
}
