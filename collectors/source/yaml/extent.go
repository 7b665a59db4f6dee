package yaml

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// value returns where a node begins behind its anchor and tag, which is where the
// library has it begin.
func (t *text) value(at int) int {
	for at < len(t.data) && (t.data[at] == '&' || t.data[at] == '!') {
		if strings.HasPrefix(string(t.data[at:min(at+2, len(t.data))]), "!<") {
			for at < len(t.data) && t.data[at] != '>' {
				at++
			}
		}
		for at < len(t.data) && strings.IndexByte(" \t\r\n,[]{}", t.data[at]) < 0 {
			at++
		}
		at = t.space(at)
	}
	return at
}

// space skips blanks, line breaks and comments.
func (t *text) space(at int) int {
	for at < len(t.data) {
		switch t.data[at] {
		case ' ', '\t', '\r', '\n':
			at++
		case '#':
			for at < len(t.data) && t.data[at] != '\n' && t.data[at] != '\r' {
				at++
			}
		default:
			return at
		}
	}
	return at
}

// scalar returns the offset behind a scalar that begins at an offset.
func (t *text) scalar(n *yaml.Node, at int) int {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return t.quoted(at, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return t.quoted(at, '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return t.block(n.Value, at)
	}
	if end := at + len(n.Value); end <= len(t.data) && string(t.data[at:end]) == n.Value {
		return end
	}
	return t.follow(n.Value, at)
}

// quoted returns the offset behind the closing quote.
func (t *text) quoted(at int, quote byte) int {
	for at++; at < len(t.data); at++ {
		switch c := t.data[at]; {
		case c == '\\' && quote == '"':
			at++
		case c == quote && quote == '\'' && at+1 < len(t.data) && t.data[at+1] == quote:
			at++
		case c == quote:
			return at + 1
		}
	}
	return len(t.data)
}

// block returns the offset behind a block scalar, without its line break.
func (t *text) block(value string, at int) int {
	end := at
	for end < len(t.data) && t.data[end] != '\n' && t.data[end] != '\r' && t.data[end] != ' ' {
		end++
	}
	if strings.TrimSpace(value) == "" {
		return end
	}
	for end < len(t.data) && t.data[end] != '\n' && t.data[end] != '\r' {
		end++ // a comment behind the indicator
	}
	end = t.follow(value, end)
	for end < len(t.data) && t.data[end] != '\n' && t.data[end] != '\r' {
		end++ // blanks are content here
	}
	return end
}

// follow returns the offset behind text that was folded or indented: its characters
// stand in the source in order, with nothing but blanks and line breaks between.
func (t *text) follow(value string, at int) int {
	end := at
	for i := 0; i < len(value); {
		c, size := utf8.DecodeRuneInString(value[i:])
		i += size
		if folds(c) {
			continue
		}
		for at < len(t.data) {
			d, n := utf8.DecodeRune(t.data[at:])
			at += n
			if d == c {
				break
			}
		}
		end = at
	}
	return end
}

func folds(c rune) bool {
	switch c {
	case ' ', '\t', '\r', '\n', '\u0085', '\u2028', '\u2029', '\ufeff':
		return true
	}
	return false
}

// closing returns the offset behind the bracket of a flow collection whose last
// element ends at an offset.
func (t *text) closing(at int, bracket byte) int {
	for at < len(t.data) {
		at = t.space(at)
		if at == len(t.data) {
			break
		}
		at++
		if t.data[at-1] == bracket {
			return at
		}
	}
	return at
}
