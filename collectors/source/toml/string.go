package toml

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// basic reads a string in double quotes.
func (p *parser) basic() string {
	start := p.at
	p.at++
	var b []byte
	for p.at < len(p.Data) && !p.newlineHere() {
		switch c := p.Data[p.at]; {
		case c == '"':
			p.at++
			return string(b)
		case c == '\\':
			b = p.escape(b)
		case control(c):
			p.control()
		default:
			b = append(b, c)
			p.at++
		}
	}
	p.fail(start, "the string does not end in its line")
	return ""
}

// literal reads a string in single quotes.
func (p *parser) literal() string {
	start := p.at
	p.at++
	for p.at < len(p.Data) && !p.newlineHere() {
		switch c := p.Data[p.at]; {
		case c == '\'':
			p.at++
			return string(p.Data[start+1 : p.at-1])
		case control(c):
			p.control()
		default:
			p.at++
		}
	}
	p.fail(start, "the string does not end in its line")
	return ""
}

// multiline reads a string in three quotes. A line break behind the first three is
// not part of it; up to two quotes may stand before the last three. A line break is
// "\n", however it is written.
func (p *parser) multiline(quote byte) string {
	start := p.at
	three := strings.Repeat(string(quote), 3)
	p.at += 3
	p.newline()
	var b []byte
	for p.at < len(p.Data) {
		switch c := p.Data[p.at]; {
		case p.starts(three):
			p.at += 3
			for more := 0; more < 2 && p.take(quote); more++ {
				b = append(b, quote)
			}
			return string(b)
		case p.newline():
			b = append(b, '\n')
		case c == '\\' && quote == '"':
			if !p.folded() {
				b = p.escape(b)
			}
		case control(c):
			p.control()
		default:
			b = append(b, c)
			p.at++
		}
	}
	p.fail(start, "the string does not end")
	return ""
}

// folded passes over a backslash at the end of a line, and all white space behind it.
func (p *parser) folded() bool {
	at := p.at
	p.at++
	p.blanks()
	if !p.newline() {
		p.at = at
		return false
	}
	for p.blanks(); p.newline(); p.blanks() {
	}
	return true
}

func control(c byte) bool { return c < ' ' && c != '\t' || c == 0x7f }

func (p *parser) control() {
	p.fail(p.at, "the control character %U stands in a string", rune(p.Data[p.at]))
}

// escape appends what an escape stands for.
func (p *parser) escape(b []byte) []byte {
	at := p.at
	p.at++
	c := p.peek()
	p.at++
	if i := strings.IndexByte(`btnfr"\e`, c); i >= 0 {
		return append(b, "\b\t\n\f\r\"\\\x1b"[i])
	}
	digits := 0
	switch c {
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	}
	if digits == 0 || p.at+digits > len(p.Data) {
		p.fail(at, "not an escape of TOML")
		return nil
	}
	n, err := strconv.ParseUint(string(p.Data[p.at:p.at+digits]), 16, 32)
	if err != nil || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		p.fail(at, "the escape stands for no character")
		return nil
	}
	p.at += digits
	return utf8.AppendRune(b, rune(n))
}
