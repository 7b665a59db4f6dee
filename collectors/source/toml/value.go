package toml

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
)

// value reads a value; nil after an error.
func (p *parser) value(depth int) *node.Node {
	if depth > text.MaxDepth {
		p.fail(p.at, "values stand more than %d deep within each other", text.MaxDepth)
	}
	if p.Failed() {
		return nil
	}
	start := p.at
	switch p.peek() {
	case '"':
		s := ""
		if p.starts(`"""`) {
			s = p.multiline('"')
		} else {
			s = p.basic()
		}
		return p.String(s, start, p.at)
	case '\'':
		s := ""
		if p.starts("'''") {
			s = p.multiline('\'')
		} else {
			s = p.literal()
		}
		return p.String(s, start, p.at)
	case '[':
		return p.array(depth)
	case '{':
		return p.inline(depth)
	}
	return p.bareValue()
}

func (p *parser) array(depth int) *node.Node {
	n := p.Node(node.Array, p.at, p.at)
	p.at++
	for {
		p.lines()
		if p.take(']') {
			p.End(n, p.at)
			return n
		}
		v := p.value(depth + 1)
		if v == nil {
			return nil
		}
		n.Elems = append(n.Elems, v)
		p.lines()
		if !p.take(',') && p.peek() != ']' {
			p.fail(p.at, `"," or "]" is expected`)
			return nil
		}
	}
}

func (p *parser) inline(depth int) *node.Node {
	t := p.newTable(p.at)
	p.at++
	for {
		p.lines()
		if p.take('}') {
			p.End(t.Node, p.at)
			p.close(t.Node)
			return t.Node
		}
		keys := p.keys()
		if p.Failed() {
			return nil
		}
		if !p.take('=') {
			p.fail(p.at, `"=" is expected after a key`)
			return nil
		}
		p.blanks()
		v := p.value(depth + len(keys))
		if v == nil {
			return nil
		}
		p.set(t, keys, v)
		p.lines()
		if !p.take(',') && p.peek() != '}' {
			p.fail(p.at, `"," or "}" is expected`)
			return nil
		}
	}
}

// bareValue reads a boolean, number, date or time.
func (p *parser) bareValue() *node.Node {
	start := p.at
	for p.at < len(p.Data) && (bare(p.Data[p.at]) || strings.IndexByte("+.:", p.Data[p.at]) >= 0) {
		p.at++
	}
	// A date may be followed by a blank and a time.
	if p.at-start == len("2006-01-02") && p.at+2 < len(p.Data) && p.Data[p.at] == ' ' && digit(p.Data[p.at+1]) && digit(p.Data[p.at+2]) && isDate(string(p.Data[start:p.at])) {
		p.at++
		for p.at < len(p.Data) && (bare(p.Data[p.at]) || strings.IndexByte("+.:", p.Data[p.at]) >= 0) {
			p.at++
		}
	}
	word := string(p.Data[start:p.at])
	switch {
	case word == "":
		p.fail(start, "a value is expected")
		return nil
	case word == "true" || word == "false":
		return p.Text(node.Bool, word, start, p.at)
	case strings.TrimLeft(word, "+-") == "inf" && len(word) <= 4, strings.TrimLeft(word, "+-") == "nan" && len(word) <= 4:
		return p.Opaque("JSON has no such number", start, p.at)
	case isMoment(word):
		return p.String(word, start, p.at)
	}
	number, ok := number(word)
	if !ok {
		p.fail(start, "neither a number nor a date nor a boolean; a text stands in quotes")
		return nil
	}
	return p.Text(node.Number, number, start, p.at)
}

// number returns the JSON literal of a number.
func number(word string) (string, bool) {
	for i := range len(word) { // an underscore stands between two digits
		if word[i] == '_' && (i == 0 || i+1 == len(word) || !hexadecimal(word[i-1]) || !hexadecimal(word[i+1])) {
			return "", false
		}
	}
	if len(word) > 2 && word[0] == '0' && word[2] != '_' {
		digits := strings.ReplaceAll(word[2:], "_", "")
		switch word[1] {
		case 'x':
			return text.Integer(digits, 16)
		case 'o':
			return text.Integer(digits, 8)
		case 'b':
			return text.Integer(digits, 2)
		}
	}
	digits := strings.TrimLeft(word, "+-")
	if len(word)-len(digits) > 1 || digits == "" || !digit(digits[0]) || !digit(digits[len(digits)-1]) {
		return "", false
	}
	for i := range len(digits) { // both sides of a point are digits, an underscore is in neither exponent's nor point's reach
		if c := digits[i]; (c == '.' && (!digit(digits[i-1]) || !digit(digits[i+1]))) || (c == 'e' || c == 'E') && !digit(digits[i-1]) ||
			c == '_' && (!digit(digits[i-1]) || !digit(digits[i+1])) {
			return "", false
		}
	}
	if len(digits) > 1 && digits[0] == '0' && (digit(digits[1]) || digits[1] == '_') {
		return "", false
	}
	return text.Decimal(strings.ReplaceAll(word, "_", ""))
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func hexadecimal(c byte) bool {
	return digit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
