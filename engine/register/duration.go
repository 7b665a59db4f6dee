package register

import (
	"errors"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// ParseDays reads an ISO 8601 duration ("P10Y", "P1Y6M", "P90D", "P2W", "PT36H")
// as days; a year is 365 of them, a month 30. "unlimited" is fact.Unbounded.
// Amounts are whole and units are in order, each at most once.
func ParseDays(text string) (float64, error) {
	if text == "unlimited" {
		return fact.Unbounded, nil
	}
	bad := errors.New(`is not a duration such as "P90D", "P6M", "P10Y", "PT36H" or "unlimited"`)
	if len(text) < 3 || text[0] != 'P' {
		return 0, bad
	}
	units, days := "YMWD", map[byte]float64{'Y': 365, 'M': 30, 'W': 7, 'D': 1}
	total, rest, time := 0.0, text[1:], false
	for rest != "" {
		if rest[0] == 'T' {
			if time || len(rest) == 1 {
				return 0, bad
			}
			time, rest = true, rest[1:]
			units, days = "HMS", map[byte]float64{'H': 1.0 / 24, 'M': 1.0 / 1440, 'S': 1.0 / 86400}
		}
		n := 0
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		if n == 0 || n > 9 || n == len(rest) {
			return 0, bad
		}
		amount, err := strconv.Atoi(rest[:n])
		at := strings.IndexByte(units, rest[n])
		if err != nil || at < 0 {
			return 0, bad
		}
		total += float64(amount) * days[rest[n]]
		units, rest = units[at+1:], rest[n+1:]
	}
	if total >= fact.Unbounded {
		return 0, errors.New(`is longer than can be written; say "unlimited"`)
	}
	return total, nil
}
