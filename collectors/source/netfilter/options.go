package netfilter

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/writ-policy/writ/engine/fact"
)

// Options say what a reader cannot see in its input.
type Options struct {
	// Backend and Family of iptables-save; its output does not name them.
	Backend Backend
	Family  Family
	// Sets are the ipsets of the network namespace; nil if they were not read.
	Sets []*Set
	// Disabled names decoders that are not used, so that what they would decode is
	// opaque: "iptables/multiport", "nft/ct". [Decoders] lists all. For tests: less
	// knowledge may turn an answer into unknown and nothing else.
	Disabled map[string]bool
}

// problems gathers what a reader could not make out.
type problems struct {
	source string
	list   []fact.Diagnostic
	more   int
}

// maxProblems is how many are told one by one.
const maxProblems = 20

func (p *problems) at(line int) fact.Position {
	return fact.Position{Source: p.source, Line: line, Column: 1, EndLine: line}
}

func (p *problems) warn(line int, summary, text string) {
	if len(p.list) >= maxProblems {
		p.more++
		return
	}
	p.list = append(p.list, fact.Diagnostic{Severity: "warning", Summary: summary, Pos: p.at(line), Line: clip(text)})
}

func (p *problems) all() []fact.Diagnostic {
	if p.more > 0 {
		p.list = append(p.list, fact.Diagnostic{Severity: "warning", Summary: fmt.Sprintf("%d more such", p.more), Pos: fact.Position{Source: p.source}})
		p.more = 0
	}
	return p.list
}

// plain makes a text valid UTF-8: bytes that are none stand there as \xNN, so that
// names that differ stay different.
func plain(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, `\x%02x`, s[0])
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}

// identify gives every rule its id.
func identify(tables []*Table) {
	for _, t := range tables {
		seen := map[string]int{}
		for _, c := range t.Chains {
			for _, r := range c.Rules {
				h := sha256.New()
				for _, s := range r.Statements {
					h.Write([]byte(Print(s) + "\n"))
				}
				h.Write([]byte(r.Comment))
				id := fmt.Sprintf("%s/%s/%s/%s/%x", t.Backend, t.Family, t.Name, c.Name, h.Sum(nil)[:4])
				seen[id]++
				if n := seen[id]; n > 1 {
					id = fmt.Sprintf("%s-%d", id, n)
				}
				r.ID = id
			}
		}
	}
}
