package yaml

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
)

// resolve returns what a plain scalar is: the kind, and the text of a node of it. A
// number that is not finite is opaque.
func (rules Rules) resolve(text string) (node.Kind, string) {
	if text == "" {
		return node.Null, ""
	}
	switch c := text[0]; c {
	case '~', 'n', 'N', 't', 'T', 'f', 'F', 'y', 'Y', 'o', 'O':
		if kind, word, ok := rules.word(text); ok {
			return kind, word
		}
	case '+', '-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if n, ok := rules.number(text); ok {
			return node.Number, n
		}
		switch strings.TrimLeft(text, "+-") {
		case ".inf", ".Inf", ".INF":
			if len(text) <= len("+.inf") {
				return node.Opaque, text
			}
		case ".nan", ".NaN", ".NAN":
			if text[0] == '.' {
				return node.Opaque, text
			}
		}
	}
	return node.String, text
}

func (rules Rules) word(text string) (node.Kind, string, bool) {
	switch text {
	case "~", "null", "Null", "NULL":
		return node.Null, "", true
	case "true", "True", "TRUE":
		return node.Bool, "true", true
	case "false", "False", "FALSE":
		return node.Bool, "false", true
	}
	if rules != Kubernetes {
		return 0, "", false
	}
	switch text {
	case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON":
		return node.Bool, "true", true
	case "n", "N", "no", "No", "NO", "off", "Off", "OFF":
		return node.Bool, "false", true
	}
	return 0, "", false
}

// number returns the JSON literal of a plain scalar that is a number.
func (rules Rules) number(text string) (string, bool) {
	if rules == Core {
		if strings.HasPrefix(text, "0x") || strings.HasPrefix(text, "0o") {
			return based(text)
		}
		if !float(text) {
			return "", false
		}
		return decimal(text)
	}
	if text[0] != '.' { // the libraries look for "_" only behind a sign or a digit
		text = strings.ReplaceAll(text, "_", "")
	}
	if n, ok := based(text); ok {
		return n, true
	}
	if !float(text) {
		return "", false
	}
	return decimal(text)
}

// based reads the integers that strconv reads with base 0: 0x10, 0o17, 017, 0b1. A
// number beyond 64 bits is none to the libraries, but no decimal either: it stays a
// string, as it does there.
func based(text string) (string, bool) {
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 || len(digits) < 2 || digits[0] != '0' {
		return "", false
	}
	if i, err := strconv.ParseInt(text, 0, 64); err == nil {
		return strconv.FormatInt(i, 10), true
	}
	if u, err := strconv.ParseUint(text, 0, 64); err == nil {
		return strconv.FormatUint(u, 10), true
	}
	return "", false
}

// float matches [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?.
func float(s string) bool {
	digits := func() int {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		s = s[n:]
		return n
	}
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	whole, fraction := digits(), 0
	if s != "" && s[0] == '.' {
		s = s[1:]
		fraction = digits()
	}
	if whole+fraction == 0 {
		return false
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		if digits() == 0 {
			return false
		}
	}
	return s == ""
}

// maxZeros bounds the zeros that a number is written out with.
const maxZeros = 40

// decimal writes a decimal number as a JSON literal, the same for equal numbers:
// without exponent unless that needs many zeros, without zeros that say nothing.
func decimal(text string) (string, bool) {
	sign := ""
	if text[0] == '-' || text[0] == '+' {
		sign, text = strings.TrimPrefix(text[:1], "+"), text[1:]
	}
	if plainDigits(text) {
		return sign + text, true
	}
	exponent := new(big.Int)
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		if len(text)-i > 12 {
			return "", false // an exponent that no number has
		}
		exponent.SetString(strings.TrimPrefix(text[i+1:], "+"), 10)
		text = text[:i]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	e := int(exponent.Int64()) - len(fraction)
	trimmed := strings.TrimRight(digits, "0")
	e += len(digits) - len(trimmed)
	if digits = trimmed; digits == "" {
		return "0", true
	}
	switch {
	case e >= 0 && e <= maxZeros:
		return sign + digits + strings.Repeat("0", e), true
	case e < 0 && -e < len(digits):
		return sign + digits[:len(digits)+e] + "." + digits[len(digits)+e:], true
	case e < 0 && -e-len(digits) <= maxZeros:
		return sign + "0." + strings.Repeat("0", -e-len(digits)) + digits, true
	}
	return sign + digits + "e" + strconv.Itoa(e), true
}

// plainDigits reports whether text is an integer as JSON writes it, without a sign.
func plainDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != "" && (text[0] != '0' || len(text) == 1)
}
