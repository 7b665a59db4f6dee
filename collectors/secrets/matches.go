package secrets

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/secret"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// matches gathers the matches of one target.
type matches struct {
	b    *fact.Builder
	env  *collectors.Env
	list []match
	ids  map[string]int
	// lines holds the values that a pattern matched in each line, so that a name
	// given to one is not told twice. They never leave the memory.
	lines map[string][]string
	// elsewhere are lines that were told of as parts of manifests.
	elsewhere map[line]bool
	// literals holds the literals that were noted by name.
	literals map[literal]bool
}

// literal is a text at a place; without a place it stands for any.
type literal struct {
	at   fact.Position
	text string
}

// match is one secret.match before it is written. It holds no value.
type match struct {
	rule, carrier, form, by, place string
	category                       string // credential unless said
	reason                         string // why the form is not known
	commit                         string // that brought it in, of what history holds
	count                          int    // 1 unless said
	at                             fact.Position
}

func newMatches(env *collectors.Env, root *terraform.Root, name string) *matches {
	b := fact.NewBuilder("secret.match", terraform.Target(root), env.Envelope(name, "files"), env.Now)
	for _, f := range root.Files {
		b.Source(f.Path, f.SHA256)
	}
	for _, reason := range root.Incomplete {
		b.Incomplete(reason)
	}
	return &matches{b: b, env: env, ids: map[string]int{}, lines: map[string][]string{}, literals: map[literal]bool{}}
}

// secret notes a match and tells the redactor of the value.
func (m *matches) secret(one match, value string) {
	if m.env.Redactor != nil && value != "" && one.form == "literal" {
		m.env.Redactor.Add(value)
	}
	line := one.at.Source + ":" + strconv.Itoa(one.at.Line) + one.commit
	switch shaped := func(found string) bool { return strings.Contains(value, found) }; {
	case one.by == "pattern" && one.rule != sensitiveArgument:
		m.lines[line] = append(m.lines[line], value)
	case one.by == "name" && slices.ContainsFunc(m.lines[line], shaped):
		return
	}
	m.list = append(m.list, one)
}

// text takes over what a file holds.
func (m *matches) text(f file, s searched) {
	if s.reason != "" {
		m.b.Incomplete(s.reason)
	}
	for i, one := range s.found {
		if one.commit == "" && m.elsewhere[line{f.name, one.at.Line}] && one.category != secret.Identifier {
			continue
		}
		m.secret(one, s.values[i])
	}
}

// document writes the matches, in the order found. Matches of one rule at one
// place are numbered.
func (m *matches) document() *fact.Document {
	for _, one := range m.list {
		id := one.rule + "/" + one.place
		if one.commit != "" { // where the line stood then makes no other match
			id = one.rule + "/" + one.at.Source + "@" + one.commit[:12]
		}
		m.ids[id]++
		if n := m.ids[id]; n > 1 {
			id += "#" + strconv.Itoa(n)
		}
		item := m.b.Add(id, "declared", one.at)
		item.Set("category", cmp.Or(one.category, "credential"), fact.Position{}).Set("rule", one.rule, fact.Position{}).Set("carrier", one.carrier, fact.Position{})
		if one.reason != "" {
			item.Gap("form", one.reason, one.at)
		} else {
			item.Set("form", one.form, one.at)
		}
		item.Set("by", one.by, fact.Position{}).Set("place", one.place, fact.Position{})
		item.Set("tracked", true, fact.Position{}).Set("count", max(1, one.count), fact.Position{})
		item.Set("commit", one.commit, fact.Position{}).Set("hash", "", fact.Position{})
	}
	return m.b.Document()
}

// words splits a name at case changes and at what is no letter or digit.
func words(name string) []string {
	var out []string
	var word strings.Builder
	lower := false
	flush := func() {
		if word.Len() > 0 {
			out = append(out, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	for _, r := range name {
		switch {
		case r >= 'A' && r <= 'Z':
			if lower {
				flush()
			}
			word.WriteRune(r)
			lower = false
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			word.WriteRune(r)
			lower = true
		default:
			flush()
			lower = false
		}
	}
	flush()
	return out
}

// secretWords make a name one of a secret; secretPairs do so together.
var (
	secretWords = []string{"password", "passwd", "pwd", "passphrase", "secret", "secrets", "token", "apikey", "credential", "credentials", "pat"}
	secretPairs = [][2]string{{"api", "key"}, {"access", "key"}, {"private", "key"}, {"secret", "key"}, {"encryption", "key"}, {"signing", "key"},
		{"shared", "key"}, {"preshared", "key"}, {"account", "key"}, {"master", "key"}, {"connection", "string"}, {"auth", "key"}}
	// aside are last words that make it a name for something about a secret.
	aside = []string{"arn", "id", "ids", "name", "names", "path", "file", "url", "uri", "endpoint", "length", "policy", "enabled", "version", "ttl", "type",
		"parameter", "ref", "rotation", "days", "expiry", "expiration", "algorithm", "size", "prefix", "suffix", "field", "header", "scope", "validity",
		"count", "key_name", "description", "provider", "manager", "engine", "mount", "required", "rule", "rules", "format", "issuer", "audience", "alias", "wo",
		"age", "prevention", "hours", "minutes", "seconds", "lifetime", "strategy", "spec", "attempts", "characters", "status", "usage", "bits", "mode", "interval", "frequency", "namespace"}
	// handles are tokens that only keep a request from being made twice.
	handles = []string{"creation_token", "client_token", "client_request_token", "idempotency_token"}
)

// isSecretName reports whether a name is one that secrets are given.
func isSecretName(name string) bool {
	w := words(name)
	if len(w) == 0 || slices.Contains(aside, w[len(w)-1]) || slices.Contains(handles, strings.Join(w, "_")) {
		return false
	}
	for i, one := range w {
		if slices.Contains(secretWords, one) {
			return true
		}
		if i > 0 && slices.Contains(secretPairs, [2]string{w[i-1], one}) {
			return true
		}
	}
	return false
}

// formOf tells what a text given to a secret's name is: "" if it is no secret at
// all, a reference to where one is kept, an encrypted one, or the secret itself.
func formOf(text string) string {
	t := strings.TrimSpace(text)
	lower := strings.ToLower(t)
	switch {
	case t == "" || lower == "true" || lower == "false" || lower == "null" || lower == "none":
		return ""
	case t == "string" || t == "number" || t == "bool" || t == "boolean": // a schema, which names the type
		return ""
	case strings.HasPrefix(t, "ENC["), strings.HasPrefix(lower, "vault:v"), strings.HasPrefix(t, "AQICAH"), strings.HasPrefix(t, "-----BEGIN PGP MESSAGE"):
		return "encrypted"
	}
	for _, prefix := range []string{"arn:", "vault:", "ssm:", "secretsmanager:", "secret://", "op://", "{{", "${", "$(", "<%", "projects/", "https://vault.", "file:", "ref+"} {
		if strings.HasPrefix(lower, prefix) {
			return "reference"
		}
	}
	if strings.HasPrefix(t, "/") && strings.Count(t, "/") > 1 && !strings.ContainsAny(t, " \t\n") {
		return "reference" // a path of a parameter store or a file
	}
	return "literal"
}
