// Package nginx reads the configuration of nginx: a tree of directives with
// positions, includes put in their place, and what of it holds in a server or a
// location. The grammar is that of ngx_conf_read_token in nginx's
// src/core/ngx_conf_file.c; differences from `nginx -t` are faults.
package nginx

import (
	"fmt"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Directive is a statement: simple, or a block.
type Directive struct {
	Name string
	Args []Arg
	// Block says that it has one; Children are the directives in it.
	Block    bool
	Children []*Directive
	// Code is the text of a block that is not nginx's: Lua, or another language that
	// a module brings.
	Code string
	// Opaque says why what stands in it or what it includes is not known; "" if it is.
	Opaque string
	Pos    fact.Position
	End    fact.Position
}

// Arg is a parameter, without its quotes and escapes.
type Arg struct {
	Text   string
	Quoted bool
	Pos    fact.Position
}

// Text is the parameter at i, "" if there is none.
func (d *Directive) Text(i int) string {
	if i < len(d.Args) {
		return d.Args[i].Text
	}
	return ""
}

// Texts are all parameters.
func (d *Directive) Texts() []string {
	out := make([]string, len(d.Args))
	for i, a := range d.Args {
		out[i] = a.Text
	}
	return out
}

// maxDepth bounds blocks in blocks, and files in files.
const maxDepth = 64

// Parse reads one file; includes stay as they are. What nginx would refuse is a
// diagnostic: it then does not start with this file, and nothing of it is in force.
// The directives before the fault are returned all the same.
func Parse(source string, data []byte) ([]*Directive, []fact.Diagnostic) {
	p := &parser{scanner: scanner{source: source, data: string(data), line: 1}}
	list, _ := p.block(0)
	return list, p.diagnostics
}

type parser struct {
	scanner
	diagnostics []fact.Diagnostic
}

func (p *parser) fail(pos fact.Position, detail string) {
	p.diagnostics = append(p.diagnostics, fact.Diagnostic{Severity: "error", Summary: "invalid nginx configuration", Detail: detail, Pos: pos})
}

// block reads directives to the end of the block, or of the file at depth 0; ok is
// false after a fault.
func (p *parser) block(depth int) (list []*Directive, ok bool) {
	if depth > maxDepth {
		p.fail(p.pos(), fmt.Sprintf("more than %d blocks in each other", maxDepth))
		return nil, false
	}
	for {
		t := p.next()
		switch t.kind {
		case eof:
			if depth > 0 {
				p.fail(t.pos, `the file ends before a "}"`)
			}
			return list, depth == 0
		case shut:
			if depth == 0 {
				p.fail(t.pos, `a "}" that closes nothing`)
			}
			return list, depth > 0
		case end:
			p.fail(t.pos, `a ";" that ends nothing`)
			return list, false
		case open:
			p.fail(t.pos, `a "{" without a name before it`)
			return list, false
		case wrong:
			p.fail(t.pos, t.text)
			return list, false
		}
		d := &Directive{Name: t.text, Pos: t.pos}
		list = append(list, d)
		if !p.directive(d, depth) {
			return list, false
		}
	}
}

// directive reads what follows the name.
func (p *parser) directive(d *Directive, depth int) bool {
	for {
		t := p.next()
		switch t.kind {
		case word:
			d.Args = append(d.Args, Arg{t.text, t.quoted, t.pos})
		case end:
			d.End = t.pos
			return true
		case open:
			d.Block = true
			if strings.HasSuffix(d.Name, "_by_lua_block") {
				return p.code(d)
			}
			var ok bool
			d.Children, ok = p.block(depth + 1)
			d.End = p.pos()
			return ok
		case wrong:
			p.fail(t.pos, t.text)
			return false
		default:
			p.fail(t.pos, fmt.Sprintf("%q is not ended by \";\"", shortened(d.Name)))
			return false
		}
	}
}

// code skips Lua to the brace that closes it. Braces in its strings, long brackets
// and comments count for nothing.
func (p *parser) code(d *Directive) bool {
	from, depth := p.at, 1
	for {
		c, ok := p.peek()
		if !ok {
			p.fail(d.Pos, fmt.Sprintf("%s is not closed", shortened(d.Name)))
			return false
		}
		switch {
		case c == '"' || c == '\'':
			p.luaString(c)
			continue
		case strings.HasPrefix(p.data[p.at:], "--"):
			p.step()
			p.step()
			if !p.longBracket() {
				for c, ok := p.peek(); ok && c != '\n'; c, ok = p.peek() {
					p.step()
				}
			}
			continue
		case c == '[':
			if p.longBracket() {
				continue
			}
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				d.Code = p.data[from:p.at]
				d.End = p.pos()
				p.step()
				return true
			}
		}
		p.step()
	}
}

func (p *parser) luaString(quote byte) {
	p.step()
	for c, ok := p.peek(); ok; c, ok = p.peek() {
		p.step()
		switch {
		case c == quote || c == '\n':
			return
		case c == '\\':
			if _, ok := p.peek(); ok {
				p.step()
			}
		}
	}
}

// longBracket skips [[…]] and [==[…]==], if one begins here.
func (p *parser) longBracket() bool {
	rest := p.data[p.at:]
	if !strings.HasPrefix(rest, "[") {
		return false
	}
	level := 1
	for level < len(rest) && rest[level] == '=' {
		level++
	}
	if level >= len(rest) || rest[level] != '[' {
		return false
	}
	closing := "]" + strings.Repeat("=", level-1) + "]"
	to := strings.Index(rest[level+1:], closing)
	if to < 0 {
		to = len(rest) - level - 1 - len(closing)
	}
	for stop := p.at + level + 1 + to + len(closing); p.at < stop && p.at < len(p.data); {
		p.step()
	}
	return true
}

func shortened(s string) string {
	if len(s) > 64 {
		return s[:64] + "…"
	}
	return s
}
