// Package dockerfile reads Dockerfiles by the rules of BuildKit: parser directives,
// continued lines, comments and empty lines between them, here-documents, flags,
// the exec and the shell form.
//
// The document is an object:
//
//	directives  those written at the top: syntax, escape, check
//	args        the ARG instructions before the first FROM
//	stages      {image, name, platform, instructions}; name and platform are "" if
//	            not given
//
// An instruction is an object:
//
//	cmd       in lower case: "run"
//	flags     {name, value}; value is "" if there is none
//	value     strings: the whole text of a shell form, the elements of an exec form,
//	          the words of others
//	form      "shell" or "exec", of run, cmd, entrypoint, shell and healthcheck
//	heredocs  {name, expand, content}, of run, copy and add
//	pairs     {name, value} instead of value, of env, label and arg; the value of an
//	          arg without default is opaque
//	trigger   the instruction of an onbuild, instead of value
//
// Variables are not expanded: "$X" and "${X:-y}" are text. Quotes around and within
// pairs are removed, others are kept; a dollar that begins no variable, for it is
// escaped or in single quotes, is "\\$". An instruction that is not known is opaque.
package dockerfile

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

// Read reads a Dockerfile: one document, or none and an error.
func Read(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
	f, ok := text.Open(source, data)
	if !ok {
		return nil, f.Diagnostics
	}
	p := &parser{File: f, at: f.Start(), escape: '\\'}
	root := p.members(f.Start(), len(data))
	directives := p.members(f.Start(), f.Start())
	p.directives(&directives)
	p.args, p.stages = p.Node(node.Array, f.Start(), f.Start()), p.Node(node.Array, f.Start(), f.Start())
	for p.next() && !f.Failed() {
		p.instruction()
	}
	if !f.Failed() && len(p.args.Elems)+len(p.stages.Elems) == 0 {
		f.Fail(f.Start(), "the file holds no instruction", "", "")
	}
	if f.Failed() {
		return nil, f.Diagnostics
	}
	p.endStage()
	for _, m := range []struct {
		name string
		n    *node.Node
	}{{"directives", directives.Node}, {"args", p.args}, {"stages", p.stages}} {
		span(m.n)
		root.Add(node.Key{Name: m.name, Line: m.n.Line, Column: m.n.Column}, m.n)
	}
	return f.Documents(root.Node)
}

type parser struct {
	*text.File
	at     int // of the next physical line
	escape byte
	line   logical

	args, stages *node.Node
	instructions *node.Node // of the last stage
}

func (p *parser) members(start, end int) text.Members {
	return text.Members{Node: p.Node(node.Object, start, end)}
}

// span makes an array or object reach from its first to its last element.
func span(n *node.Node) {
	if len(n.Elems) > 0 {
		first, last := n.Elems[0], n.Elems[len(n.Elems)-1]
		n.Line, n.Column, n.EndLine, n.EndColumn = first.Line, first.Column, last.EndLine, last.EndColumn
	}
}

// endStage makes the last stage reach to its last instruction.
func (p *parser) endStage() {
	if p.instructions == nil {
		return
	}
	stage := p.stages.Elems[len(p.stages.Elems)-1]
	if len(p.instructions.Elems) > 0 {
		span(p.instructions)
		stage.EndLine, stage.EndColumn = p.instructions.EndLine, p.instructions.EndColumn
	}
}

var directive = regexp.MustCompile(`^#[ \t]*([a-zA-Z][a-zA-Z0-9]*)[ \t]*=[ \t]*(.+?)[ \t\r]*$`)

// directives reads the comments "# name=value" that the file begins with.
func (p *parser) directives(m *text.Members) {
	for p.at < len(p.Data) {
		end := p.LineEnd(p.at)
		found := directive.FindSubmatchIndex(p.Data[p.at:end])
		if found == nil {
			return
		}
		name, value := strings.ToLower(string(p.Data[p.at+found[2]:p.at+found[3]])), string(p.Data[p.at+found[4]:p.at+found[5]])
		switch name {
		case "escape":
			if value != "\\" && value != "`" {
				p.Fail(p.at+found[4], "the escape character is a backslash or a backquote", "", "")
				return
			}
			p.escape = value[0]
		case "syntax", "check":
		default:
			return
		}
		if m.Find(name) >= 0 {
			p.Fail(p.at, "the directive stands twice", "", "")
			return
		}
		m.Add(p.Key(name, p.at+found[2]), p.String(value, p.at+found[4], p.at+found[5]))
		p.at = end + 1
	}
}

// comment reports whether a line is one.
func comment(line []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("#")) }

// next reads the next logical line; false at the end.
func (p *parser) next() bool {
	p.line.text, p.line.parts = p.line.text[:0], p.line.parts[:0]
	for p.at < len(p.Data) {
		end := p.LineEnd(p.at)
		line := bytes.TrimRight(p.Data[p.at:end], "\r")
		start := p.at
		p.at = end + 1
		blank := len(bytes.TrimSpace(line)) == 0
		if comment(line) || blank {
			continue // also between continued lines
		}
		if len(p.line.parts) == 0 {
			trimmed := bytes.TrimLeft(line, " \t\v\f")
			start += len(line) - len(trimmed)
			line = trimmed
		}
		rest, more := p.continued(line)
		p.line.add(rest, start)
		if !more {
			break
		}
	}
	p.line.trim()
	return len(p.line.text) > 0
}

// continued cuts the escape character off the end of a line.
func (p *parser) continued(line []byte) ([]byte, bool) {
	trimmed := bytes.TrimRight(line, " \t")
	n := len(trimmed)
	if n == 0 || trimmed[n-1] != p.escape || n > 1 && trimmed[n-2] == p.escape {
		return line, false
	}
	return trimmed[:n-1], true
}
