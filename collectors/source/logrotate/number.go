package logrotate

import (
	"math"
	"math/bits"
	"strings"
)

// integer reads a number as strtol(3) with base 0 does: blanks, a sign, and 0x for
// hexadecimal or 0 for octal. Rest is what follows it; the number of a text without
// one is 0, and the text is the rest. Over is set where it is larger than 64 bits,
// and the magnitude is then the largest.
func integer(text string) (magnitude uint64, negative, over bool, rest string) {
	s := text
	for s != "" && space(s[0]) {
		s = s[1:]
	}
	if s != "" && (s[0] == '+' || s[0] == '-') {
		negative = s[0] == '-'
		s = s[1:]
	}
	base := uint64(10)
	switch {
	case len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' && digit(s[2]) < 16:
		base, s = 16, s[2:]
	case strings.HasPrefix(s, "0"):
		base = 8
	}
	n := 0
	for n < len(s) && digit(s[n]) < base {
		high, low := bits.Mul64(magnitude, base)
		sum, carry := bits.Add64(low, digit(s[n]), 0)
		if over = over || high+carry > 0; !over {
			magnitude = sum
		}
		n++
	}
	if n == 0 {
		return 0, false, false, text
	}
	if over {
		magnitude = math.MaxUint64
	}
	return magnitude, negative, over, s[n:]
}

func digit(c byte) uint64 {
	switch {
	case c >= '0' && c <= '9':
		return uint64(c - '0')
	case alpha(c):
		return uint64(c|0x20-'a') + 10
	}
	return 99
}

// signed is strtol, cut to an int.
func signed(text string) (value int32, ok bool) {
	m, negative, over, rest := integer(text)
	v := int64(m)
	switch {
	case negative && (over || m > 1<<63):
		v = math.MinInt64
	case over || !negative && m > math.MaxInt64:
		v = math.MaxInt64
	case negative:
		v = -int64(m)
	}
	return int32(v), rest == ""
}

// unsigned is strtoul, cut to an int.
func unsigned(text string) (value int32, ok bool) {
	m, negative, over, rest := integer(text)
	if negative && !over {
		m = -m
	}
	return int32(uint32(m)), rest == ""
}

// bytes reads a size with its unit. Unit says that the unit is at fault.
func bytes(text string) (size int64, unit, ok bool) {
	multiplier := uint64(1)
	switch c := text[len(text)-1]; {
	case c == 'k' || c == 'K':
		multiplier = 1 << 10
	case c == 'M':
		multiplier = 1 << 20
	case c == 'G':
		multiplier = 1 << 30
	case c < '0' || c > '9':
		return 0, true, false
	}
	if multiplier > 1 {
		text = text[:len(text)-1]
	}
	m, negative, over, rest := integer(text)
	if negative && !over {
		m = -m
	}
	size = int64(m * multiplier)
	return size, false, rest == "" && size >= 0
}

// day reads a decimal number as scanf's %u does, with nothing behind it.
func day(text string, most uint32) (uint32, bool) {
	s := strings.TrimLeft(text, " \t\n\v\f\r")
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	if s == "" {
		return 0, false
	}
	var v uint64
	over := false
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		high, low := bits.Mul64(v, 10)
		sum, carry := bits.Add64(low, uint64(s[i]-'0'), 0)
		over = over || high+carry > 0
		v = sum
	}
	if negative {
		v = -v
	}
	if over {
		v = math.MaxUint64
	}
	return uint32(v), uint32(v) <= most
}

// words splits a text as popt does: quotes, and a backslash that takes the next
// character. It fails where a backslash ends the text, or there is no word.
func words(text string) ([]string, bool) {
	var out []string
	var word strings.Builder
	quote := byte(0)
	end := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == quote && quote != 0:
			quote = 0
		case c == '\\':
			if i++; i == len(text) {
				return nil, false
			}
			if quote != 0 && text[i] != quote {
				word.WriteByte('\\')
			}
			word.WriteByte(text[i])
		case quote != 0:
			word.WriteByte(c)
		case space(c):
			end()
		case c == '"' || c == '\'':
			quote = c
		default:
			word.WriteByte(c)
		}
	}
	end()
	return out, len(out) > 0
}
