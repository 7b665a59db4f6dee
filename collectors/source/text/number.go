package text

import (
	"math/big"
	"strconv"
	"strings"
)

// maxExpanded bounds the digits of a number whose exponent is written out.
const maxExpanded = 40

// Decimal returns the exact JSON literal of a decimal number: [+-] digits with an
// optional fraction and exponent, of which some formats allow a missing side of the
// point, a plus and leading zeros. An exponent is written out where the number
// stays short: 1e3 is 1000. It reports false for anything else.
func Decimal(text string) (string, bool) {
	if plainInteger(text) {
		return text, true
	}
	rest, negative := strings.CutPrefix(text, "-")
	if !negative {
		rest = strings.TrimPrefix(rest, "+")
	}
	mantissa, exponent := rest, 0
	written := ""
	if i := strings.IndexAny(rest, "eE"); i >= 0 {
		mantissa, written = rest[:i], rest[i+1:]
		digits := strings.TrimLeft(written, "+-")
		if digits == "" || len(written)-len(digits) > 1 || !allDigits(digits) {
			return "", false
		}
		if e, err := strconv.Atoi(written); err == nil {
			exponent, written = e, strconv.Itoa(e)
		} else {
			exponent = 1 << 30 // stays as written
		}
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole+fraction == "" || !allDigits(whole) || !allDigits(fraction) {
		return "", false
	}
	if written != "" {
		if expanded, ok := shift(whole, fraction, exponent); ok {
			whole, fraction, written = expanded[0], expanded[1], ""
		}
	}
	whole = strings.TrimLeft(whole, "0")
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	if whole == "" {
		whole = "0"
	}
	b.WriteString(whole)
	if fraction != "" {
		b.WriteString("." + fraction)
	}
	if written != "" {
		b.WriteString("e" + strings.TrimPrefix(written, "+"))
	}
	return b.String(), true
}

// shift moves the point by an exponent; a fraction of zeros only is dropped.
func shift(whole, fraction string, exponent int) ([2]string, bool) {
	if n := len(whole) + len(fraction); exponent > maxExpanded || exponent < -maxExpanded || n > maxExpanded {
		return [2]string{}, false
	}
	digits := whole + fraction
	point := len(whole) + exponent
	if point < 0 {
		digits, point = strings.Repeat("0", -point)+digits, 0
	}
	if point > len(digits) {
		digits += strings.Repeat("0", point-len(digits))
	}
	return [2]string{digits[:point], strings.TrimRight(digits[point:], "0")}, true
}

// Integer returns the JSON literal of digits in a base from 2 to 16.
func Integer(digits string, base int) (string, bool) {
	if digits == "" || strings.ContainsAny(digits, "+-_") || len(digits) > 1<<10 {
		return "", false
	}
	if n, err := strconv.ParseUint(digits, base, 64); err == nil {
		return strconv.FormatUint(n, 10), true
	}
	n, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return "", false
	}
	return n.String(), true
}

// plainInteger reports whether a text is a JSON integer as it stands.
func plainInteger(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	return digits != "" && allDigits(digits) && (digits[0] != '0' || digits == "0")
}

func allDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}
