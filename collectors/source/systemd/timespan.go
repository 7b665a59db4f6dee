package systemd

import (
	"math"
	"math/bits"
	"strings"
)

// Infinity is a time span without end, in microseconds.
const Infinity = math.MaxUint64

// unit of a time span in microseconds, in the order in which they are tried: a name
// comes before those that it begins with. A month is 30.44 days, a year 365.25 days
// (systemd.time(7)); "M" is a month and "m" a minute.
type unit struct {
	name   string
	length uint64
}

const (
	second = 1_000_000
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
	month  = 2_629_800 * second
	year   = 31_557_600 * second
)

func units() []unit {
	return []unit{
		{"seconds", second}, {"second", second}, {"sec", second}, {"s", second},
		{"minutes", minute}, {"minute", minute}, {"min", minute},
		{"months", month}, {"month", month}, {"M", month},
		{"msec", 1000}, {"ms", 1000}, {"m", minute},
		{"hours", hour}, {"hour", hour}, {"hr", hour}, {"h", hour},
		{"days", day}, {"day", day}, {"d", day},
		{"weeks", 7 * day}, {"week", 7 * day}, {"w", 7 * day},
		{"years", year}, {"year", year}, {"y", year},
		{"usec", 1}, {"us", 1}, {"μs", 1}, {"µs", 1},
	}
}

const spaces = " \t\n\r"

// TimeSpan reads a time span in microseconds, such as "1h 30min" or "2.5 days"; a
// number without a unit counts seconds. It returns false for what systemd refuses.
func TimeSpan(s string) (uint64, bool) {
	s = strings.TrimLeft(s, spaces)
	if rest, ok := strings.CutPrefix(s, "infinity"); ok {
		return Infinity, strings.Trim(rest, spaces) == ""
	}
	var sum uint64
	for something := false; ; something = true {
		s = strings.TrimLeft(s, spaces)
		if s == "" {
			return sum, something
		}
		if s[0] == '-' {
			return 0, false
		}
		whole, signed := strings.TrimPrefix(s, "+"), s[0] == '+'
		n, rest, ok := number(whole)
		if !ok {
			return 0, false
		}
		digits := len(whole) - len(rest)
		if signed && digits == 0 {
			return 0, false
		}
		fraction := ""
		if after, ok := strings.CutPrefix(rest, "."); ok {
			fraction, rest = cutDigits(after)
			if fraction == "" {
				return 0, false
			}
		} else if digits == 0 {
			return 0, false
		}
		length := uint64(second)
		after := strings.TrimLeft(rest, spaces)
		found := false
		for _, u := range units() {
			if tail, ok := strings.CutPrefix(after, u.name); ok {
				length, rest, found = u.length, tail, true
				break
			}
		}
		if !found {
			// As systemd: "12.34.56" is refused, "12.34 .56" is not.
			if len(after) == len(rest) && rest != "" {
				return 0, false
			}
			rest = after
		}
		if sum, ok = add(sum, n, length); !ok {
			return 0, false
		}
		for part := length / 10; fraction != ""; fraction, part = fraction[1:], part/10 {
			if sum, ok = add(sum, uint64(fraction[0]-'0'), part); !ok {
				return 0, false
			}
		}
		s = rest
	}
}

// add adds n times a length, unless that comes to infinity.
func add(sum, n, length uint64) (uint64, bool) {
	high, product := bits.Mul64(n, length)
	total, carry := bits.Add64(sum, product, 0)
	return total, high == 0 && carry == 0 && total < Infinity
}

// number reads digits that fit in 63 bits.
func number(s string) (n uint64, rest string, ok bool) {
	digits, rest := cutDigits(s)
	for _, d := range []byte(digits) {
		if n > (math.MaxInt64-uint64(d-'0'))/10 {
			return 0, rest, false
		}
		n = n*10 + uint64(d-'0')
	}
	return n, rest, true
}

func cutDigits(s string) (digits, rest string) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return s[:i], s[i:]
}
