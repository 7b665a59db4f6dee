package nginx

import (
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// kind of a token.
type kind int

const (
	word  kind = iota
	end        // ";"
	open       // "{"
	shut       // "}"
	eof        // end of file
	wrong      // what nginx refuses; text says why
)

type token struct {
	kind   kind
	text   string
	quoted bool
	pos    fact.Position
}

// maxParameter is the length from which nginx refuses a parameter: the size of its
// buffer (NGX_CONF_BUFFER).
const maxParameter = 4096

// scanner cuts a file into tokens as ngx_conf_read_token does: words are parted by
// space, ";", "{" and "}" end a statement, a quote begins a quoted word only at its
// first character, "#" a comment only where a word could begin, and "${" does not
// open a block.
type scanner struct {
	source    string
	data      string
	at        int
	line      int
	lineStart int
}

func (s *scanner) pos() fact.Position {
	return fact.Position{Source: s.source, Line: s.line, Column: s.at - s.lineStart + 1}
}

func (s *scanner) peek() (byte, bool) {
	if s.at >= len(s.data) {
		return 0, false
	}
	return s.data[s.at], true
}

func (s *scanner) step() {
	if s.data[s.at] == '\n' {
		s.line++
		s.lineStart = s.at + 1
	}
	s.at++
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func (s *scanner) next() token {
	for {
		c, ok := s.peek()
		switch {
		case !ok:
			return token{kind: eof, pos: s.pos()}
		case isSpace(c):
			s.step()
			continue
		case c == '#':
			for c, ok := s.peek(); ok && c != '\n'; c, ok = s.peek() {
				s.step()
			}
			continue
		}
		t := token{pos: s.pos()}
		switch c {
		case ';':
			t.kind = end
		case '{':
			t.kind = open
		case '}':
			t.kind = shut
		case '"', '\'':
			return s.quotedWord(t, c)
		default:
			return s.plainWord(t)
		}
		s.step()
		return t
	}
}

func (s *scanner) quotedWord(t token, quote byte) token {
	s.step()
	t.quoted = true
	from := s.at
	for {
		c, ok := s.peek()
		switch {
		case !ok:
			t.kind, t.text = wrong, "the quote is not closed"
			return t
		case c == '\\':
			s.step()
			if _, ok := s.peek(); ok {
				s.step()
			}
			continue
		case c != quote:
			s.step()
			continue
		}
		t.text = unescaped(s.data[from:s.at])
		s.step()
		if c, ok := s.peek(); ok && !isSpace(c) && c != ';' && c != '{' && c != ')' {
			t.kind, t.text = wrong, "after a quoted parameter a space is needed"
			return t
		}
		return s.bounded(t, s.at-from)
	}
}

func (s *scanner) plainWord(t token) token {
	from := s.at
	for {
		c, ok := s.peek()
		switch {
		case !ok:
			t.kind, t.text = wrong, "the file ends in a statement"
			return t
		case c == '\\':
			s.step()
			if _, ok := s.peek(); ok {
				s.step()
			}
			continue
		case c == '$' && s.at+1 < len(s.data) && s.data[s.at+1] == '{':
			s.step()
			s.step()
			continue
		case isSpace(c) || c == ';' || c == '{':
			t.text = unescaped(s.data[from:s.at])
			return s.bounded(t, s.at-from)
		}
		s.step()
	}
}

func (s *scanner) bounded(t token, length int) token {
	if length >= maxParameter {
		t.kind, t.text = wrong, "a parameter of more than 4095 bytes"
	}
	return t
}

// unescaped resolves the escapes that nginx knows; before any other character the
// backslash stays.
func unescaped(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			if at := strings.IndexByte(`"'\trn`, s[i+1]); at >= 0 {
				b.WriteByte("\"'\\\t\r\n"[at])
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
