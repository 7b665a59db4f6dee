package dockerfile

import (
	"bytes"
	"sort"
)

// logical is a line with those that it goes on with, and where its bytes stand.
type logical struct {
	text  []byte
	parts []part
}

// part says that the text from at on stands at offset in the file.
type part struct{ at, offset int }

func (l *logical) add(text []byte, offset int) {
	l.parts = append(l.parts, part{len(l.text), offset})
	l.text = append(l.text, text...)
}

func (l *logical) trim() { l.text = bytes.TrimRight(l.text, " \t\v\f") }

// offset returns where in the file a byte of the text stands.
func (l *logical) offset(at int) int {
	i := sort.Search(len(l.parts), func(i int) bool { return l.parts[i].at > at }) - 1
	return l.parts[max(i, 0)].offset + at - l.parts[max(i, 0)].at
}

// end returns the offset behind the byte before at.
func (l *logical) end(at int) int {
	if at == 0 {
		return l.offset(0)
	}
	return l.offset(at-1) + 1
}

// word is a piece of the text.
type word struct{ from, to int }

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\v' || c == '\f' }

// skip passes over blanks.
func (l *logical) skip(at int) int {
	for at < len(l.text) && blank(l.text[at]) {
		at++
	}
	return at
}

// word finds the word at or behind a place: it ends at a blank outside of quotes that
// is not escaped.
func (l *logical) word(at int, escape byte) (word, bool) {
	at = l.skip(at)
	w := word{at, at}
	quote := byte(0)
	for ; w.to < len(l.text); w.to++ {
		switch c := l.text[w.to]; {
		case c == escape && quote != '\'' && w.to+1 < len(l.text):
			w.to++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case blank(c):
			return w, true
		}
	}
	return w, w.to > w.from
}

// words splits what is left.
func (l *logical) words(at int, escape byte) []word {
	var words []word
	for {
		w, ok := l.word(at, escape)
		if !ok {
			return words
		}
		words = append(words, w)
		at = w.to
	}
}

// unquote removes quotes and escapes, as they are removed from the values of ENV.
func unquote(s []byte, escape byte) string {
	var b []byte
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote == '\'' && c == '$':
			b = append(b, escape)
		case quote == '\'' && c != '\'':
		case c == escape && i+1 < len(s):
			next := s[i+1]
			if quote == '"' && next != '"' && next != '$' && next != escape {
				break // the escape character stays
			}
			if next == '$' {
				b = append(b, c) // so that it is seen not to be a variable
			}
			i++
			c = next
		case quote != 0 && c == quote:
			quote = 0
			continue
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
			continue
		}
		b = append(b, c)
	}
	return string(b)
}
