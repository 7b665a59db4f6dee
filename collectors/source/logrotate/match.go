package logrotate

import "strings"

// match reports whether a name matches a pattern of fnmatch(3). With period, a leading
// dot must be matched by a dot.
func match(pattern, name string, period bool) bool {
	if period && strings.HasPrefix(name, ".") && !strings.HasPrefix(pattern, ".") && !strings.HasPrefix(pattern, `\.`) {
		return false
	}
	// One star is tried again at a time: a later one makes an earlier one settle.
	p, n, star, mark := 0, 0, -1, 0
	for n < len(name) {
		if p < len(pattern) {
			if pattern[p] == '*' {
				star, mark = p, n
				p++
				continue
			}
			if next, ok := one(pattern, p, name[n]); ok {
				p, n = next, n+1
				continue
			}
		}
		if star < 0 {
			return false
		}
		mark++
		p, n = star+1, mark
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// one matches one character, and returns where the pattern goes on.
func one(pattern string, at int, c byte) (int, bool) {
	switch pattern[at] {
	case '?':
		return at + 1, true
	case '\\':
		if at+1 < len(pattern) {
			return at + 2, pattern[at+1] == c
		}
		return at + 1, c == '\\'
	case '[':
		if end, ok := class(pattern, at, c); end > 0 {
			return end, ok
		}
	}
	return at + 1, pattern[at] == c
}

// class matches a bracket expression; end is 0 where it is not closed, and the bracket
// stands for itself.
func class(pattern string, at int, c byte) (end int, ok bool) {
	i := at + 1
	not := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if not {
		i++
	}
	found := false
	for first := true; i < len(pattern); first = false {
		if pattern[i] == ']' && !first {
			return i + 1, found != not
		}
		if strings.HasPrefix(pattern[i:], "[:") {
			if stop := strings.Index(pattern[i+2:], ":]"); stop >= 0 {
				found = found || named(pattern[i+2:i+2+stop], c)
				i += stop + 4
				continue
			}
		}
		low := pattern[i]
		if low == '\\' && i+1 < len(pattern) {
			i++
			low = pattern[i]
		}
		i++
		high := low
		if i+1 < len(pattern) && pattern[i] == '-' && pattern[i+1] != ']' {
			high = pattern[i+1]
			i += 2
			if high == '\\' && i < len(pattern) {
				high = pattern[i]
				i++
			}
		}
		found = found || low <= c && c <= high
	}
	return 0, false
}

// named is a class of the C locale.
func named(class string, c byte) bool {
	lower, upper, digit := c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9'
	switch class {
	case "alpha":
		return lower || upper
	case "digit":
		return digit
	case "alnum":
		return lower || upper || digit
	case "lower":
		return lower
	case "upper":
		return upper
	case "xdigit":
		return digit || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
	case "space":
		return space(c)
	case "blank":
		return blank(c)
	case "punct":
		return c > ' ' && c < 0x7f && !lower && !upper && !digit
	case "graph":
		return c > ' ' && c < 0x7f
	case "print":
		return c >= ' ' && c < 0x7f
	case "cntrl":
		return c < ' ' || c == 0x7f
	}
	return false
}

func space(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }
func blank(c byte) bool { return c == ' ' || c == '\t' }
func alpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
