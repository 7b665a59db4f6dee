package toml

import (
	"strings"
	"time"
)

// isMoment reports whether a word is a date, a time, or both, with or without an
// offset (RFC 3339; seconds may be missing).
func isMoment(word string) bool {
	if len(word) >= 3 && digit(word[0]) && word[2] == ':' {
		return isTime(word)
	}
	if len(word) == len("2006-01-02") {
		return isDate(word)
	}
	if len(word) < len("2006-01-02T00:00") || !isDate(word[:10]) || strings.IndexByte("Tt ", word[10]) < 0 {
		return false
	}
	clock := word[11:]
	switch last := clock[len(clock)-1]; {
	case last == 'Z' || last == 'z':
		return isTime(clock[:len(clock)-1])
	case len(clock) > 6 && (clock[len(clock)-6] == '+' || clock[len(clock)-6] == '-'):
		offset := clock[len(clock)-5:]
		return isTime(clock[:len(clock)-6]) && len(offset) == 5 && clockPart(offset)
	}
	return isTime(clock)
}

func isDate(word string) bool {
	_, err := time.Parse("2006-01-02", word)
	return err == nil && len(word) == 10
}

// isTime reads hh:mm, hh:mm:ss and fractions. The last second of a day may be a
// leap second.
func isTime(word string) bool {
	if len(word) < 5 || !clockPart(word[:5]) {
		return false
	}
	rest := word[5:]
	if rest == "" {
		return true
	}
	if len(rest) < 3 || rest[0] != ':' || !digit(rest[1]) || !digit(rest[2]) || rest[1:3] > "60" {
		return false
	}
	fraction, ok := strings.CutPrefix(rest[3:], ".")
	return rest[3:] == "" || ok && fraction != "" && strings.Trim(fraction, "0123456789") == ""
}

// clockPart reads hh:mm.
func clockPart(word string) bool {
	return digit(word[0]) && digit(word[1]) && word[2] == ':' && digit(word[3]) && digit(word[4]) && word[:2] < "24" && word[3:5] < "60"
}
