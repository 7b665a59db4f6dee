package openssl

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Ciphers is what a cipher string comes to.
type Ciphers struct {
	// Suites of TLS 1.2 and before, in the order of preference. Those of TLS 1.3 are
	// set elsewhere (ciphersuites) and are not among them.
	Suites []Suite
	// Level is the security level that @SECLEVEL sets, -1 where it does not. It takes
	// suites, keys and versions away when a connection is made, not here.
	Level int
	// Ignored are the parts that OpenSSL passes over because it knows no such name;
	// other builds may know it.
	Ignored []string
}

// ErrNoCipher says that a string selects nothing: the program that is given it does
// not start.
var ErrNoCipher = errors.New("no cipher match")

// ErrCommand says that a string is none: the program that is given it does not start.
var ErrCommand = errors.New("invalid command in a cipher string")

// Default is what the keyword DEFAULT stands for at the beginning of a string.
const Default = "ALL:!COMPLEMENTOFDEFAULT:!eNULL"

// Expand returns the suites that OpenSSL 3.0 selects. The algorithm is that of
// ssl_create_cipher_list in ssl/ssl_ciph.c: all suites stand in one list, ordered by
// preference before the string is read; each part of it takes suites in, moves them
// to the end, or out for now or for ever.
func Expand(text string) (Ciphers, error) {
	l := newList()
	c := Ciphers{Level: -1}
	if rest, ok := strings.CutPrefix(text, "DEFAULT"); ok {
		if err := l.apply(Default, &c); err != nil {
			return c, err
		}
		text = strings.TrimPrefix(rest, ":")
	}
	if strings.HasPrefix(text, "SUITEB") {
		return c, fmt.Errorf("%w: Suite B is not modelled", ErrCommand)
	}
	if err := l.apply(text, &c); err != nil {
		return c, err
	}
	for _, e := range l.entries {
		if e.active {
			c.Suites = append(c.Suites, e.suite)
		}
	}
	if len(c.Suites) == 0 {
		return c, ErrNoCipher
	}
	return c, nil
}

type entry struct {
	suite  Suite
	active bool
}

type list struct{ entries []*entry }

// newList orders all suites by preference, none of them active.
func newList() *list {
	l := &list{}
	for _, s := range slices.Backward(Suites()) {
		if s.Version != "TLSv1.3" {
			l.entries = append(l.entries, &entry{suite: s})
		}
	}
	aead := []string{"AEAD"}
	ephemeral := []string{"DH", "ECDH"}
	for _, step := range []struct {
		keyword
		rule byte
	}{
		{keyword{exchange: []string{"ECDH"}, authentication: []string{"ECDSA"}}, add},
		{keyword{exchange: []string{"ECDH"}}, add},
		{keyword{exchange: []string{"ECDH"}}, remove},
		{keyword{cipher: bothOf([]string{"AESGCM"})}, add},
		{keyword{cipher: bothOf([]string{"CHACHA20/POLY1305"})}, add},
		{keyword{cipher: bothOf([]string{"AES", "AESCCM", "AESCCM8"})}, add},
		{keyword{}, add},
		{keyword{mac: []string{"MD5"}}, order},
		{keyword{authentication: []string{"None"}}, order},
		{keyword{exchange: []string{"RSA"}}, order},
		{keyword{exchange: []string{"PSK"}}, order},
	} {
		l.rule(step.matches, step.rule)
	}
	l.byStrength()
	for _, step := range []keyword{{version: "TLSv1.2"}, {mac: aead}, {exchange: ephemeral}, {exchange: ephemeral, mac: aead}} {
		l.rule(step.matches, bump)
	}
	l.rule(keyword{}.matches, remove)
	return l
}

// What a part of the string does with the suites it selects.
const (
	add    = ' ' // those that are out come in, at the end
	order  = '+' // those that are in go to the end
	remove = '-' // those that are in go out, to the beginning
	kill   = '!' // they go for ever
	bump   = '^' // those that are in go to the beginning; not in strings
)

// rule moves suites one by one: from the end where they go to the beginning, so that
// they keep their order.
func (l *list) rule(matches func(Suite) bool, rule byte) {
	var moved, rest []*entry
	for _, e := range l.entries {
		takes := matches(e.suite) && (rule == kill || e.active == (rule != add))
		switch {
		case !takes:
			rest = append(rest, e)
		case rule != kill:
			e.active = rule != remove
			moved = append(moved, e)
		}
	}
	if rule == remove || rule == bump {
		l.entries = append(moved, rest...)
		return
	}
	l.entries = append(rest, moved...)
}

// byStrength puts those that are in behind the others, the strongest first.
func (l *list) byStrength() {
	var bits []int
	for _, e := range l.entries {
		if e.active && !slices.Contains(bits, e.suite.Bits) {
			bits = append(bits, e.suite.Bits)
		}
	}
	slices.Sort(bits)
	for _, n := range slices.Backward(bits) {
		l.rule(func(s Suite) bool { return s.Bits == n }, order)
	}
}

func isSeparator(c byte) bool { return c == ':' || c == ' ' || c == ';' || c == ',' }

// isName: no underscore, so registered names are none in OpenSSL 3.0.
func isName(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '-' || c == '.' || c == '='
}

// apply reads a string part by part.
func (l *list) apply(text string, c *Ciphers) error {
	for at := 0; at < len(text); {
		rule := byte(add)
		switch ch := text[at]; {
		case isSeparator(ch):
			at++
			continue
		case ch == '-', ch == '+', ch == '!', ch == '@':
			rule = ch
			at++
		}
		selected, found, special := keyword{}, true, ""
		from := at
		for first := true; ; first = false {
			start := at
			for at < len(text) && isName(text[at]) {
				at++
			}
			name := text[start:at]
			if name == "" {
				return fmt.Errorf("%w: %.32q at byte %d", ErrCommand, text, start)
			}
			if rule == '@' {
				special = name
				break
			}
			more := at < len(text) && text[at] == '+'
			if more {
				at++
			}
			k, known := lookup(name)
			if known && first {
				selected = k
			} else if known {
				selected, known = selected.and(k)
			}
			if !known {
				found = false
				break
			}
			if !more {
				break
			}
		}
		switch {
		case rule == '@':
			if err := l.special(special, c); err != nil {
				return err
			}
			fallthrough
		case !found:
			for at < len(text) && !isSeparator(text[at]) {
				at++
			}
			if rule != '@' {
				c.Ignored = append(c.Ignored, text[from:at])
			}
		default:
			l.rule(selected.matches, rule)
		}
	}
	return nil
}

// special is a command behind "@".
func (l *list) special(name string, c *Ciphers) error {
	level, isLevel := strings.CutPrefix(name, "SECLEVEL=")
	switch {
	case name == "STRENGTH":
		l.byStrength()
	case isLevel && len(level) == 1 && level[0] >= '0' && level[0] <= '5':
		c.Level = int(level[0] - '0')
	default:
		return fmt.Errorf("%w: @%.32s", ErrCommand, name)
	}
	return nil
}
