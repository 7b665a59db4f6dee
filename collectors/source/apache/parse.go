// Package apache reads the configuration of the Apache HTTP server: directives and
// sections with positions, and what it includes in its place. The grammar is that of
// ap_cfg_getline, ap_getword_conf and ap_build_config in server/util.c and config.c.
package apache

import (
	"fmt"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Directive is a line, or a section with what stands in it.
type Directive struct {
	// Name as it stands there; the server takes any case.
	Name string
	Args []string
	// Section says that it is one: <Name Args>.
	Section  bool
	Children []*Directive
	// Maybe says why it is not known whether it is in force; "" if it is.
	Maybe string
	Pos   fact.Position
}

// Is compares names as the server does.
func (d *Directive) Is(name string) bool { return strings.EqualFold(d.Name, name) }

// Arg is the argument at i, "" if there is none.
func (d *Directive) Arg(i int) string {
	if i < len(d.Args) {
		return d.Args[i]
	}
	return ""
}

const maxDepth = 64

// conditional reports whether a section is one whose end the server does not miss where
// the condition holds.
func conditional(name string) bool {
	return strings.EqualFold(name, "IfDefine") || strings.EqualFold(name, "IfModule") || strings.EqualFold(name, "IfVersion")
}

// Parse reads one file. What the server would refuse of its form is a diagnostic.
func Parse(source string, data []byte) ([]*Directive, []fact.Diagnostic) {
	p := &parser{source: source, rest: string(data)}
	list := p.block("", 0)
	return list, p.diagnostics
}

type parser struct {
	source      string
	rest        string
	line        int
	closed      bool // whether the last section that ended was closed
	diagnostics []fact.Diagnostic
}

func (p *parser) fail(at fact.Position, format string, args ...any) {
	p.diagnostics = append(p.diagnostics, fact.Diagnostic{Severity: "error", Summary: "invalid Apache configuration", Detail: fmt.Sprintf(format, args...), Pos: at})
}

// next gives a line without the space around it: a backslash at the end joins the line
// behind it.
func (p *parser) next() (text string, at fact.Position, ok bool) {
	if p.rest == "" {
		return "", fact.Position{Source: p.source, Line: p.line + 1, Column: 1}, false
	}
	var b strings.Builder
	at = fact.Position{Source: p.source, Line: p.line + 1, Column: 1}
	for p.rest != "" {
		line, rest, ended := strings.Cut(p.rest, "\n")
		p.rest = rest
		p.line++
		if ended {
			line = strings.TrimSuffix(line, "\r")
		}
		if joined, ok := strings.CutSuffix(line, `\`); ok && ended {
			b.WriteString(joined)
			continue
		}
		b.WriteString(line)
		break
	}
	text = b.String()
	trimmed := strings.TrimLeft(text, " \t\r\n\v\f")
	at.Column += len(text) - len(trimmed)
	return strings.TrimRight(trimmed, " \t\r\n\v\f"), at, true
}

func (p *parser) block(name string, depth int) (list []*Directive) {
	for {
		text, at, ok := p.next()
		switch {
		case !ok:
			p.closed = false
			if name != "" && !conditional(name) {
				p.fail(at, "<%.64s> is not closed", name)
			}
			return list
		case text == "" || text[0] == '#':
			continue
		case strings.HasPrefix(text, "</"):
			closing := strings.TrimSpace(strings.TrimSuffix(text[2:], ">"))
			if !strings.HasSuffix(text, ">") || !strings.EqualFold(closing, name) || name == "" {
				p.fail(at, "%.64q closes nothing that is open", text)
			}
			p.closed = true
			return list
		}
		d := &Directive{Pos: at}
		if text[0] == '<' {
			d.Section = true
			inner, ok := strings.CutSuffix(text[1:], ">")
			if !ok {
				p.fail(at, "%.64q has no \">\" at the end", text)
			}
			text = inner
		}
		words := Words(text)
		if len(words) == 0 {
			p.fail(at, "a section without a name")
			continue
		}
		d.Name, d.Args = words[0], words[1:]
		list = append(list, d)
		if d.Section {
			if depth >= maxDepth {
				p.fail(at, "more than %d sections in each other", maxDepth)
				p.rest = ""
				return list
			}
			d.Children = p.block(d.Name, depth+1)
			if p.rest == "" && !p.closed && conditional(d.Name) {
				d.Maybe = "it is not closed"
			}
		}
	}
}

// Words cuts a line into words as ap_getword_conf does: in quotes, a backslash before a
// quote of the kind or another backslash goes.
func Words(s string) []string {
	var out []string
	for {
		s = strings.TrimLeft(s, " \t\r\n\v\f")
		if s == "" {
			return out
		}
		if q := s[0]; q == '"' || q == '\'' {
			var b strings.Builder
			i := 1
			for i < len(s) && s[i] != q {
				if s[i] == '\\' && i+1 < len(s) && (s[i+1] == q || s[i+1] == '\\') {
					i++
				}
				b.WriteByte(s[i])
				i++
			}
			out = append(out, b.String())
			s = s[min(i+1, len(s)):]
			continue
		}
		n := strings.IndexAny(s, " \t\r\n\v\f")
		if n < 0 {
			n = len(s)
		}
		out = append(out, s[:n])
		s = s[n:]
	}
}
