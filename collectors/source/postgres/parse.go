// Package postgres reads postgresql.conf as the server does: the grammar of
// guc-file.l, includes in their place, the last of several values, and values as
// guc.c takes them. Differences from `postgres -C` are faults.
package postgres

import (
	"fmt"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Setting is a line: a parameter, in lower case, and its value without its quotes.
type Setting struct {
	Name, Value string
	Quoted      bool
	Pos         fact.Position
}

// Parse reads one file; include directives stay among the settings. What the server
// would refuse is a diagnostic: it does not start with such a file.
func Parse(source string, data []byte) ([]Setting, []fact.Diagnostic) {
	var out []Setting
	var diagnostics []fact.Diagnostic
	l := lexer{data: string(data), line: 1}
	for {
		t := l.next()
		if t.kind == eof {
			return out, diagnostics
		}
		if t.kind == eol {
			continue
		}
		at := fact.Position{Source: source, Line: t.line, Column: t.column}
		bad := func(t token) {
			detail := fmt.Sprintf("syntax error near %.64q", t.text)
			if t.kind == eol || t.kind == eof {
				detail = "syntax error near the end of the line"
			}
			diagnostics = append(diagnostics, fact.Diagnostic{Severity: "error", Summary: "invalid postgresql.conf", Detail: detail, Pos: fact.Position{Source: source, Line: t.line, Column: t.column}})
			for t.kind != eol && t.kind != eof {
				t = l.next()
			}
		}
		if t.kind != id && t.kind != qualified {
			bad(t)
			continue
		}
		v := l.next()
		if v.kind == equals {
			v = l.next()
		}
		if v.kind != id && v.kind != text && v.kind != integer && v.kind != real && v.kind != unquoted {
			bad(v)
			continue
		}
		s := Setting{Name: strings.ToLower(t.text), Value: v.text, Quoted: v.kind == text, Pos: at}
		if s.Quoted {
			s.Value = unquote(v.text)
		}
		if end := l.next(); end.kind != eol && end.kind != eof {
			bad(end)
			continue
		}
		out = append(out, s)
	}
}

// unquote takes the quotes and escapes from a string (DeescapeQuotedString).
func unquote(s string) string {
	s = s[1 : len(s)-1]
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\'' && i+1 < len(s):
			i++
			b.WriteByte('\'')
		case s[i] == '\\' && i+1 < len(s):
			i++
			if at := strings.IndexByte("bfnrt", s[i]); at >= 0 {
				b.WriteByte("\b\f\n\r\t"[at])
				continue
			}
			if s[i] < '0' || s[i] > '7' {
				b.WriteByte(s[i])
				continue
			}
			n := 0
			k := 0
			for ; k < 3 && i+k < len(s) && s[i+k] >= '0' && s[i+k] <= '7'; k++ {
				n = n<<3 + int(s[i+k]-'0')
			}
			i += k - 1
			b.WriteByte(byte(n))
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
