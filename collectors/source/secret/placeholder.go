package secret

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// fillers are words that stand where a secret will be put; a value that is made of
// them, their numbers and separators is none.
var fillers = []string{
	"changeme", "change", "replaceme", "replace", "placeholder", "example", "sample", "dummy", "fake", "mock", "todo", "tbd", "none", "null", "nil",
	"undefined", "redacted", "masked", "hidden", "secret", "password", "passwd", "pass", "pwd", "token", "key", "api", "apikey", "value", "string", "text",
	"your", "my", "the", "here", "me", "this", "to", "with", "be", "set", "insert", "enter", "put", "add", "some", "a", "an", "user", "username", "test",
	"testing", "foo", "bar", "baz", "access", "auth", "client", "private", "super", "very", "real", "not", "no", "is", "in", "from", "env", "var", "bearer",
	"abc", "abcd", "abcdef", "xyz", "qwerty", "asdf", "it", "please", "default", "empty", "unset", "random", "generated", "long", "strong", "app", "db",
	"database", "admin", "root", "service", "account", "id", "name",
}

// Placeholder reports whether a value only stands where a secret will be put:
// a reference to be filled in, one character again and again, or words that say so
// (changeme, your-api-key, <password>). A published format is asked by [Dummy]
// instead, which gives less away.
func Placeholder(value string) bool {
	v := strings.Trim(strings.TrimSpace(value), `"'`+"`")
	if v == "" || Dummy(v) || templated(v) || strings.HasSuffix(v, "...") || strings.HasSuffix(v, "…") {
		return true
	}
	words := strings.FieldsFunc(strings.ToLower(v), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	said := false
	for _, w := range words {
		if w = strings.Trim(w, "0123456789"); w == "" {
			continue
		}
		said = true
		if !slices.Contains(fillers, w) && strings.Trim(w, "x") != "" && !madeOf(w) {
			return false
		}
	}
	return said
}

// saysSo reports whether a value is made of words of which one says that it is none.
// A value of other fillers may be a password, if a weak one.
func saysSo(value string) bool {
	low := strings.ToLower(value)
	return Placeholder(value) && slices.ContainsFunc([]string{"redacted", "masked", "hidden", "placeholder", "changeme", "replaceme", "your", "example", "insert"},
		func(w string) bool { return strings.Contains(low, w) })
}

// madeOf reports whether a word is two or more fillers written together:
// mysecretpassword.
func madeOf(word string) bool {
	reach := make([]bool, len(word)+1)
	reach[0] = true
	for i := range word {
		if !reach[i] {
			continue
		}
		for _, f := range fillers {
			if len(f) > 2 && strings.HasPrefix(word[i:], f) || f == "my" && strings.HasPrefix(word[i:], f) {
				reach[i+len(f)] = true
			}
		}
	}
	return reach[len(word)]
}

// templated reports whether a text is an expression that something fills in.
func templated(v string) bool {
	for _, mark := range []string{"${", "{{", "$(", "<%", "%(", "#{", "@{", "!{"} {
		if strings.Contains(v, mark) {
			return true
		}
	}
	return strings.HasPrefix(v, "<") && strings.HasSuffix(v, ">") || strings.HasPrefix(v, "[") && strings.HasSuffix(v, "]") ||
		strings.HasPrefix(v, "{") && strings.HasSuffix(v, "}") || strings.HasPrefix(v, "$") && isName(v[1:]) ||
		strings.HasPrefix(v, "%") && (strings.HasSuffix(v, "%") || len(v) <= 3) || strings.HasPrefix(v, "__") && strings.HasSuffix(v, "__")
}

func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// Dummy reports whether what issuers hand out at random is obviously made up: no
// more than x, dots, stars and zeros, the digits in a row, or a value that its
// issuer's documentation publishes.
func Dummy(value string) bool {
	body := value
	if i := strings.LastIndexAny(body[:min(len(body), 12)], "_-."); i >= 0 {
		body = body[i+1:]
	}
	if strings.Trim(body, "xX*.0-_") == "" && len(body) > 3 {
		return true
	}
	return sequence(body) || strings.Contains(value, "EXAMPLE") || published(value)
}

// sequence reports whether a text counts: 1234567890, abcdef, 0123456789abcdef.
func sequence(v string) bool {
	if len(v) < 6 {
		return strings.HasPrefix("123456", v) && v != ""
	}
	const count = "0123456789abcdefghijklmnopqrstuvwxyz"
	v = strings.ToLower(v)
	for _, long := range []string{strings.Repeat("1234567890", 8), strings.Repeat("0123456789abcdef", 8), strings.Repeat("1234567890abcdef", 8), count, "abcdefghijklmnopqrstuvwxyz" + count} {
		if strings.HasPrefix(long, v) {
			return true
		}
	}
	return false
}

// documented are the SHA-256 of values that their issuers publish as examples or
// build into emulators, so that no tool has to hold the values themselves.
var documented = []string{
	"0011cc25eb4320717494d2703e8cba85743e71b500283c21c8b88147992f9059", // storage emulator, account devstoreaccount1
	"aa6547439583c3a275d4542a0df6c1ad6a863971be9f2a2220f027cc02aef615", // document database emulator
}

func published(value string) bool {
	sum := sha256.Sum256([]byte(value))
	return slices.Contains(documented, hex.EncodeToString(sum[:]))
}
