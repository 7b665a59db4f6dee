package fact

import (
	"regexp"
	"slices"
	"strings"
)

// secretWords make a name that of a secret, wherever they stand in it.
var secretWords = []string{
	"password", "passwd", "passphrase", "passwort", "secret", "token", "credential", "apikey", "privatekey", "accesskey", "secretkey",
	"accountkey", "sharedkey", "presharedkey", "signingkey", "encryptionkey", "sastoken", "connectionstring",
}

// aboutSecrets end names that say something about a secret and hold none.
var aboutSecrets = []string{
	"age", "algorithm", "arn", "arns", "bits", "count", "days", "enabled", "endpoint", "expiration", "expiry", "file", "format", "hours", "id", "ids",
	"identifier", "issuer", "keepers", "length", "lifetime", "manager", "mode", "name", "names", "path", "policy", "prefix", "provider", "ref",
	"required", "rotation", "seconds", "spec", "status", "strategy", "suffix", "ttl", "type", "uri", "url", "usage", "validity", "version", "wo",
}

// SensitiveName reports whether a name of an argument, variable or key says that
// its value is a secret: db_password, clientSecret, DB_PASSWORD, but not
// password_length or secret_arn. It is generous: what it hides can be looked up in
// the source.
func SensitiveName(name string) bool {
	words := nameWords(name)
	if slices.Contains(words, "secretsmanager") {
		return false
	}
	if len(words) == 0 || len(words) > 1 && slices.Contains(aboutSecrets, words[len(words)-1]) {
		return false
	}
	flat := strings.Join(words, "")
	return slices.Contains(words, "pwd") || slices.Contains(words, "pass") ||
		slices.ContainsFunc(secretWords, func(w string) bool { return strings.Contains(flat, w) })
}

// besideSecrets end names that stand beside a secret in one object.
var besideSecrets = []string{"account", "database", "db", "engine", "host", "hostname", "login", "port", "region", "scheme", "server", "user", "username"}

// HarmlessName reports whether a member of something that is secret by its name is
// none itself: credentials = { username = …, region = … }.
func HarmlessName(name string) bool {
	words := nameWords(name)
	return len(words) > 0 && (slices.Contains(aboutSecrets, words[len(words)-1]) || slices.Contains(besideSecrets, words[len(words)-1]))
}

// PlausibleSecret leaves out what stands in the place of a secret and is none:
// words of a language, names of cloud resources.
func PlausibleSecret(value string) bool {
	return plausible(value, false) && !strings.HasPrefix(value, "arn:")
}

// nameWords splits snake_case, kebab-case, dots and camelCase, in lower case.
func nameWords(name string) []string {
	if strings.ContainsFunc(name, func(r rune) bool { return 'A' <= r && r <= 'Z' }) {
		name = camel.ReplaceAllString(name, "${1}_${2}")
	}
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

var camel = regexp.MustCompile(`([a-z0-9])([A-Z])`)

var (
	// assignment is a name and the sign of what it is given: name = "value",
	// name: value, NAME=value, "name": "value", name => value.
	assignment = regexp.MustCompile(`(?:^|[^\w:])([A-Za-z_][\w.-]*)\\?["']?\s*(?:=>|:=|[:=])`)
	// option is a command line's: --password value, "--password", "value".
	option = regexp.MustCompile(`--?([A-Za-z][\w-]*)(?:\\?["']\s*,\s*|\s+)`)
	// pair is a name beside its value in an object: "name": "X", "value": "Y".
	pair = regexp.MustCompile(`(?i)"?(?:name|key)\\?"?\s*[:=]\s*\\?"([\w.-]+)\\?"\s*,?\s*\\?"?value\\?"?\s*[:=]\s*`)

	// shapes are of keys and tokens that say themselves what they are.
	shapes = regexp.MustCompile(strings.Join([]string{
		`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`, `\bgh[pousr]_\w{16,}`, `\bgithub_pat_\w{20,}`, `\bglpat-[\w-]{16,}`, `\bxox[a-z]-[\w-]{10,}`,
		`\b[sr]k_(?:live|test)_\w{10,}`, `\bsk-[\w-]{20,}`, `\bAIza[\w-]{30,}`, `\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?`, `\bhv[sbr]\.[\w-]{20,}`,
		`(?s)-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----.*?(?:-----END [A-Z ]*PRIVATE KEY[A-Z ]*-----|$)`,
	}, "|"))
	// shapeMarks are what a text holds, as it stands, if it holds a shape.
	shapeMarks = []string{"AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "k_live_", "k_test_", "sk-", "AIza", "eyJ", "hvs.", "hvb.", "hvr.", "-----BEGIN "}
	// userinfo is the password in a URL.
	userinfo = regexp.MustCompile(`[A-Za-z][\w+.-]*://[^\s/:@"']*:([^\s/@"']+)@`)

	reference = regexp.MustCompile(`^[a-z][\w-]*(?:\.[\w*-]+|\[[^\]]*\])+[,;]?$|^[a-z_]\w*\(`)
)

// maxSecret bounds how far the end of a value is looked for.
const maxSecret = 4096

// given reads the value that a text begins with: in quotes, in quotes that are
// escaped themselves, or bare.
func given(text string) (value string, bare bool) {
	text = strings.TrimLeft(text[:min(len(text), maxSecret)], " \t")
	for _, quote := range []string{`\"`, `"`, `'`} {
		rest, quoted := strings.CutPrefix(text, quote)
		if !quoted {
			continue
		}
		for i := 0; i < len(rest); i++ {
			switch {
			case strings.HasPrefix(rest[i:], quote):
				return rest[:i], false
			case rest[i] == '\n':
				return rest[:i], false
			case rest[i] == '\\' && quote != `'`:
				i++
			}
		}
		return rest, false
	}
	end := strings.IndexAny(text, " \t\r\n\"'`,;(){}[]<>")
	switch {
	case end < 0:
		return text, true
	case text[end] == '(': // a call
		return "", true
	}
	return text[:end], true
}

// arguments are the strings of a call, up to the end of the line. Those of a call
// that reads a file or a variable name it.
func arguments(text string) []string {
	text, _, _ = strings.Cut(text[:min(len(text), maxSecret)], "\n")
	name, inside, call := strings.Cut(text, "(")
	if !call || strings.Contains(name, "file") || strings.Contains(name, "env") {
		return nil
	}
	var out []string
	for {
		at := strings.IndexByte(inside, '"')
		if at < 0 {
			return out
		}
		value, _ := given(inside[at:])
		if plausible(value, false) {
			out = append(out, value)
		}
		inside = inside[min(len(inside), at+len(value)+2):]
	}
}

// SecretsIn returns what looks like a secret in a text of any kind (source,
// script, JSON, URL, message): values given to names of secrets, keys and tokens
// of known shapes, private keys, passwords in URLs. References (var.password)
// are not secrets. It sees no secret that neither name nor shape gives away.
func SecretsIn(text string) []string {
	var out []string
	if !worthALook(text) {
		return nil
	}
	for _, search := range []struct {
		*regexp.Regexp
		marks string // a match holds one of them
	}{{assignment, "=:"}, {option, "-"}, {pair, "=:"}} {
		if !strings.ContainsAny(text, search.marks) {
			continue
		}
		for _, m := range search.FindAllStringSubmatchIndex(text, -1) {
			if !SensitiveName(text[m[2]:m[3]]) {
				continue
			}
			value, bare := given(text[m[1]:])
			if value == "" && bare {
				out = append(out, arguments(text[m[1]:])...)
			} else if plausible(value, bare) {
				out = append(out, value)
			}
		}
	}
	if slices.ContainsFunc(shapeMarks, func(m string) bool { return strings.Contains(text, m) }) {
		out = append(out, shapes.FindAllString(text, -1)...)
	}
	if !strings.Contains(text, "://") {
		return out
	}
	for _, m := range userinfo.FindAllStringSubmatch(text, -1) {
		if plausible(m[1], false) {
			out = append(out, m[1])
		}
	}
	return out
}

// marks are what a text holds, in any case, if it holds a secret that SecretsIn
// finds: part of a sensitive name, of a shape, or of a URL.
var marks = []string{
	"pass", "pwd", "secret", "token", "credential", "key", "conn", "://", "akia", "asia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "_pat_",
	"glpat", "xox", "k_live", "k_test", "sk-", "aiza", "eyj", "hvs.", "hvb.", "hvr.",
}

// marksBy indexes marks by their first byte.
var marksBy = func() (by [256][]string) {
	for _, m := range marks {
		by[m[0]] = append(by[m[0]], m)
	}
	return by
}()

// worthALook clears most texts in one pass without a regular expression.
func worthALook(text string) bool {
	for i := range len(text) {
		for _, m := range marksBy[lower(text[i])] {
			if len(text)-i >= len(m) && foldPrefix(text[i:], m) {
				return true
			}
		}
	}
	return false
}

// foldPrefix reports whether a text begins with a mark, which is in lower case.
func foldPrefix(text, mark string) bool {
	for i := range len(mark) {
		if lower(text[i]) != mark[i] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// plausible leaves out what is no value: references, interpolations alone, words
// of a language.
func plausible(value string, bare bool) bool {
	switch strings.Trim(strings.ToLower(value), ",;") {
	case "", "true", "false", "null", "nil", "none", "string", "number", "bool", "any", "undefined", "required", "sensitive":
		return false
	}
	if strings.HasPrefix(value, "${") && strings.IndexByte(value, '}') == len(value)-1 || strings.HasPrefix(value, "$") && !strings.ContainsAny(value[1:], "$!#%") && bare {
		return false
	}
	return !bare || !reference.MatchString(value)
}
