package postgres

// kind of a token of guc-file.l.
type kind int

const (
	eof kind = iota
	eol
	id
	qualified
	equals
	text
	integer
	real
	unquoted
	wrong
)

type token struct {
	kind         kind
	text         string
	line, column int
}

type lexer struct {
	data      string
	at        int
	line      int
	lineStart int
}

// next gives the longest token, as the server's scanner does; of two of one length the
// first of its rules.
func (l *lexer) next() token {
	for l.at < len(l.data) {
		switch c := l.data[l.at]; {
		case c == ' ' || c == '\t' || c == '\r':
			l.at++
			continue
		case c == '#':
			for l.at < len(l.data) && l.data[l.at] != '\n' {
				l.at++
			}
			continue
		case c == '\n':
			t := token{eol, "", l.line, l.at - l.lineStart + 1}
			l.at++
			l.line++
			l.lineStart = l.at
			return t
		}
		break
	}
	t := token{eof, "", l.line, l.at - l.lineStart + 1}
	rest := l.data[l.at:]
	if rest == "" {
		return t
	}
	best, length := wrong, 1
	for _, rule := range []struct {
		kind kind
		n    int
	}{
		{id, identifier(rest)}, {qualified, qualifiedID(rest)}, {text, quoted(rest)}, {unquoted, plain(rest)}, {integer, whole(rest)}, {real, fraction(rest)},
	} {
		if rule.n > length || rule.n == length && best == wrong {
			best, length = rule.kind, rule.n
		}
	}
	if rest[0] == '=' {
		best, length = equals, 1
	}
	t.kind, t.text = best, rest[:length]
	l.at += length
	return t
}

func letter(c byte) bool { return c == '_' || c >= 0x80 || c|0x20 >= 'a' && c|0x20 <= 'z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }
func hex(c byte) bool    { return digit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// run is how many bytes from at on are of a class.
func run(s string, at int, is func(byte) bool) int {
	n := at
	for n < len(s) && is(s[n]) {
		n++
	}
	return n - at
}

func identifier(s string) int {
	if !letter(s[0]) {
		return 0
	}
	return run(s, 0, func(c byte) bool { return letter(c) || digit(c) })
}

func qualifiedID(s string) int {
	n := identifier(s)
	if n == 0 || n+1 >= len(s) || s[n] != '.' {
		return 0
	}
	m := identifier(s[n+1:])
	if m == 0 {
		return 0
	}
	return n + 1 + m
}

func plain(s string) int {
	if !letter(s[0]) {
		return 0
	}
	return run(s, 0, func(c byte) bool {
		return letter(c) || digit(c) || c == '-' || c == '.' || c == '_' || c == ':' || c == '/'
	})
}

// quoted is a string in quotes, on one line.
func quoted(s string) int {
	if s[0] != '\'' {
		return 0
	}
	longest := 0
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\n':
			return longest
		case '\\':
			if i+1 >= len(s) || s[i+1] == '\n' {
				return longest
			}
			i++
		case '\'':
			if i+1 < len(s) && s[i+1] == '\'' {
				longest = i + 1
				i++
				continue
			}
			return i + 1
		}
	}
	return longest
}

func sign(s string) int {
	if s[0] == '-' || s[0] == '+' {
		return 1
	}
	return 0
}

func whole(s string) int {
	at := sign(s)
	n := run(s, at, digit)
	if n == 0 {
		return 0
	}
	units := func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
	end := at + n
	if n == 1 && s[at] == '0' && end < len(s) && s[end] == 'x' {
		if h := run(s, end+1, hex); h > 0 {
			end += 1 + h
		}
	}
	return end + run(s, end, units)
}

func fraction(s string) int {
	at := sign(s)
	at += run(s, at, digit)
	if at >= len(s) || s[at] != '.' {
		return 0
	}
	at++
	at += run(s, at, digit)
	if at < len(s) && s[at]|0x20 == 'e' {
		e := at + 1
		if e < len(s) && (s[e] == '-' || s[e] == '+') {
			e++
		}
		if n := run(s, e, digit); n > 0 {
			at = e + n
		}
	}
	return at
}
