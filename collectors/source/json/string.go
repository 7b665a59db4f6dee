package json

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string in double quotes. A problem is one of its content: its
// syntax is right, and reading goes on behind it.
func (p *parser) str() (s, problem string) {
	start := p.at
	p.at++
	from := p.at
	for p.at < len(p.Data) {
		switch c := p.Data[p.at]; {
		case c == '"':
			p.at++
			return string(p.Data[from : p.at-1]), ""
		case c == '\\':
			return p.escaped(start, from)
		case c < ' ':
			p.fail(p.at, fmt.Sprintf("the control character %U stands in a string", rune(c)))
			return "", ""
		}
		p.at++
	}
	p.fail(start, "the string does not end")
	return "", ""
}

// escaped goes on with a string that holds an escape.
func (p *parser) escaped(start, from int) (s, problem string) {
	b := append([]byte(nil), p.Data[from:p.at]...)
	for p.at < len(p.Data) {
		switch c := p.Data[p.at]; {
		case c == '"':
			p.at++
			return string(b), problem
		case c < ' ':
			p.fail(p.at, fmt.Sprintf("the control character %U stands in a string", rune(c)))
			return "", ""
		case c != '\\':
			b = append(b, c)
			p.at++
		case p.at+1 < len(p.Data) && p.Data[p.at+1] == 'u':
			r, ok := p.unicode()
			if !ok {
				return "", ""
			}
			if utf16.IsSurrogate(r) {
				problem = "half of a surrogate pair is no character"
			}
			b = utf8.AppendRune(b, r)
		default:
			if p.at+1 >= len(p.Data) || escapes[p.Data[p.at+1]] == 0 {
				p.fail(p.at, "not an escape of JSON")
				return "", ""
			}
			b = append(b, escapes[p.Data[p.at+1]])
			p.at += 2
		}
	}
	p.fail(start, "the string does not end")
	return "", ""
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unicode reads \uXXXX, and the second half of a pair.
func (p *parser) unicode() (rune, bool) {
	first, ok := p.hex(p.at)
	if !ok {
		p.fail(p.at, `four hexadecimal digits are expected after \u`)
		return 0, false
	}
	p.at += 6
	if utf16.IsSurrogate(first) {
		if second, ok := p.hex(p.at); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				p.at += 6
				return r, true
			}
		}
	}
	return first, true
}

func (p *parser) hex(at int) (rune, bool) {
	if at+6 > len(p.Data) || p.Data[at] != '\\' || p.Data[at+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(p.Data[at+2:at+6]), 16, 16)
	return rune(n), err == nil
}
