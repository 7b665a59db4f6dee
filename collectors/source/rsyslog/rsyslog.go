// Package rsyslog reads the configuration of rsyslogd in both of its languages,
// RainerScript and the older directives and selectors, as its lexer does
// (grammar/lexer.l, rsyslog.conf(5)): what it writes to, wherever in a rule set or behind
// a filter that stands. Filters are kept as text and not judged.
//
// What a file holds that is not read so is kept as Opaque: what rsyslogd writes is then
// not known in full.
package rsyslog

import (
	"sort"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Kind of a statement.
type Kind int

// Statements.
const (
	Action    Kind = iota // action(…), or one of the older form
	Directive             // $Name value
	Object                // module(…), template(…), global(…), …
	Include               // include(…) or $IncludeConfig
	Opaque
)

// Statement is one that counts here. Statements of blocks stand in the order of the file,
// after what opens them.
type Statement struct {
	Kind Kind
	// Name of a directive without "$", or of an object, in lower case.
	Name string
	// Text is the value of a directive, an action of the older form, the file of an
	// include, the source text of what is opaque.
	Text string
	// Params of an object or an action.
	Params []Param
	// Filter is the selector before an action, "" if there is none; Conditional says
	// that it stands behind more than that: an if, a property, a rule set of a name.
	Filter      string
	Conditional bool
	// Reason of what is opaque.
	Reason string
	Pos    fact.Position
}

// Param is a parameter of an object. The value of one in backticks is what a program or
// the environment yields: Opaque.
type Param struct {
	Name   string // in lower case
	Values []string
	Opaque bool
	Pos    fact.Position
}

// Get returns the value of a parameter; known is false if it cannot be told.
func (s *Statement) Get(name string) (value string, at fact.Position, set, known bool) {
	for _, p := range s.Params {
		if p.Name == name && len(p.Values) > 0 {
			return p.Values[0], p.Pos, true, !p.Opaque
		}
	}
	return "", s.Pos, false, true
}

// most bounds the statements of a file; depth those within each other.
const (
	mostStatements = 100_000
	mostDepth      = 100
)

// Parse reads a file.
func Parse(source string, data []byte) []Statement {
	p := &parser{source: source, text: joined(string(data)), starts: []int{0}}
	for i := range len(p.text) {
		if p.text[i] == '\n' {
			p.starts = append(p.starts, i+1)
		}
	}
	p.statements(0, context{})
	return p.out
}

// joined puts lines that end with a backslash together with the next, and keeps the
// count of lines.
func joined(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	pending := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == '\n':
			pending++
			i++
			for i+1 < len(s) && (s[i+1] == ' ' || s[i+1] == '\t') {
				i++
			}
		case s[i] == '\n' && pending > 0:
			b.WriteString(strings.Repeat("\n", pending+1))
			pending = 0
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// context is what stands before a statement.
type context struct {
	filter      string
	conditional bool
}

type parser struct {
	source string
	text   string
	at     int
	starts []int // of lines
	out    []Statement
	failed bool
}

// lineOf is the line of a place, from 0, and where it begins.
func (p *parser) lineOf(at int) (line, start int) {
	line = sort.SearchInts(p.starts, at+1) - 1
	return line, p.starts[line]
}

func (p *parser) pos(at int) fact.Position {
	line, start := p.lineOf(at)
	return fact.Position{Source: p.source, Line: line + 1, Column: at - start + 1, EndLine: line + 1}
}

// add keeps a statement.
func (p *parser) add(at int, s Statement, c context) {
	if len(p.out) > mostStatements {
		p.failed = true
		return
	}
	s.Pos = p.pos(at)
	s.Filter, s.Conditional = c.filter, c.conditional
	p.out = append(p.out, s)
}

// fail keeps the rest of the file as opaque.
func (p *parser) fail(at int, reason string) {
	if !p.failed {
		p.add(at, Statement{Kind: Opaque, Reason: reason, Text: firstLine(p.text[at:])}, context{})
	}
	p.failed = true
	p.at = len(p.text)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
