package logs

import (
	"regexp/syntax"
	"strings"
)

// many stands for a number without a bound.
const many = 1 << 20

// most is how many of a character an expression can match at most.
func most(r *syntax.Regexp, c rune) int {
	sum, top := 0, 0
	for _, s := range r.Sub {
		n := most(s, c)
		sum, top = min(sum+n, many), max(top, n)
	}
	switch r.Op {
	case syntax.OpLiteral:
		return strings.Count(string(r.Rune), string(c))
	case syntax.OpCharClass:
		for i := 0; i+1 < len(r.Rune); i += 2 {
			if r.Rune[i] <= c && c <= r.Rune[i+1] {
				return 1
			}
		}
		return 0
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpAlternate:
		return top
	case syntax.OpStar, syntax.OpPlus:
		if sum > 0 {
			return many
		}
	case syntax.OpRepeat:
		if r.Max < 0 && sum > 0 {
			return many
		}
		return min(sum*max(r.Max, 0), many)
	}
	return sum
}

// needs reports whether nothing without a character is matched, as far as the
// outermost sequence says.
func needs(r *syntax.Regexp, c rune) bool {
	switch r.Op {
	case syntax.OpLiteral:
		return strings.ContainsRune(string(r.Rune), c)
	case syntax.OpConcat, syntax.OpCapture, syntax.OpPlus:
		for _, s := range r.Sub {
			if needs(s, c) {
				return true
			}
		}
	}
	return false
}

// literalDigit reports whether an expression names a hexadecimal digit: it is then
// made for certain addresses.
func literalDigit(r *syntax.Regexp) (found bool) {
	walkRegexp(r, func(s *syntax.Regexp) {
		switch s.Op {
		case syntax.OpLiteral:
			found = found || strings.ContainsAny(string(s.Rune), "0123456789abcdefABCDEF")
		case syntax.OpCharClass:
			for i := 0; i+1 < len(s.Rune); i += 2 {
				if s.Rune[i] == s.Rune[i+1] && strings.ContainsRune("0123456789", s.Rune[i]) {
					found = true
				}
			}
		}
	})
	return found
}

// plainOf is a text without its variables.
func plainOf(s string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "$")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		s = strings.TrimLeft(rest, "{}_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	}
}
