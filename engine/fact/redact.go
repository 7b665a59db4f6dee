package fact

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Redacted stands where a secret was.
const Redacted = "(redacted)"

// Redactor masks secrets in everything that is written. Readers feed it what
// they recognise: sensitive attributes, Secret data, matches of the secret
// scanner. Safe for concurrent use.
type Redactor struct {
	mu       sync.RWMutex
	secrets  map[string]bool
	words    map[string]bool // secrets that are masked as a whole value only
	replacer *strings.Replacer
	begins   *[1 << 13]byte      // bits by the first two bytes of secrets, with the replacer
	learned  map[string]struct{} // texts that were searched
}

// NewRedactor returns a redactor that knows no secret.
func NewRedactor() *Redactor { return &Redactor{secrets: map[string]bool{}, words: map[string]bool{}} }

// minSecret is the shortest secret that is masked: anything shorter occurs by
// chance in every line.
const minSecret = 4

// Add notes a secret, each of its lines if it has several, and how it is written
// within quotes.
func (r *Redactor) Add(secret string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range append(strings.Split(secret, "\n"), secret) {
		s = strings.TrimSpace(s)
		for _, form := range written(s) {
			if len(form) >= minSecret && form != Redacted && !r.secrets[form] {
				r.secrets[form] = true
				r.replacer = nil
			}
		}
	}
}

// Known returns how many secrets are masked; it only grows.
func (r *Redactor) Known() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.secrets) + len(r.words)
}

// written returns a text as it is, and in the escapes of JSON and HCL where they
// differ.
func written(s string) []string {
	forms := []string{s}
	if strings.ContainsAny(s, "\"\\\n\r\t<>&$%\u2028\u2029") || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		html, _ := json.Marshal(s)
		plain := escapeQuoted.Replace(s)
		for _, form := range []string{strings.Trim(string(html), `"`), plain, strconv.Quote(s), strconv.QuoteToASCII(s), escapeTemplate.Replace(plain)} {
			form = strings.TrimSuffix(strings.TrimPrefix(form, `"`), `"`)
			if !slices.Contains(forms, form) {
				forms = append(forms, form)
			}
		}
	}
	return forms
}

var (
	escapeQuoted   = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)
	escapeTemplate = strings.NewReplacer("${", "$${", "%{", "%%{")
)

// Learn notes whatever [SecretsIn] finds in a text.
func (r *Redactor) Learn(text string) {
	if !worthALook(text) {
		return
	}
	r.mu.Lock()
	_, again := r.learned[text]
	if !again && len(r.learned) < maxLearned {
		if r.learned == nil {
			r.learned = map[string]struct{}{}
		}
		r.learned[text] = struct{}{}
	}
	r.mu.Unlock()
	if again {
		return
	}
	for _, s := range SecretsIn(text) {
		r.Add(s)
	}
}

// maxLearned bounds how many texts are remembered as searched.
const maxLearned = 1 << 20

// LearnValue is Learn for the strings of a JSON value.
func (r *Redactor) LearnValue(v any) { r.learn(v, false, false, false) }

// LearnRaw is LearnValue for what someone else named: what stands under the name
// of a secret is one, wherever it stands again. Of the elements of a list under such
// a name, words of our own schemas ("secret.match": ["format"]) are masked where
// they are a whole value, not inside of other texts, which would say nothing any
// more.
func (r *Redactor) LearnRaw(v any) { r.learn(v, true, false, false) }

func (r *Redactor) learn(v any, named, secret, element bool) {
	switch v := v.(type) {
	case string:
		switch {
		case !secret || !PlausibleSecret(v):
		case element && vocabulary()[v]:
			r.addWord(v)
		default:
			r.Add(v)
		}
		r.Learn(v)
	case []any:
		for _, m := range v {
			r.learn(m, named, secret, true)
		}
	case map[string]any:
		for name, m := range v {
			r.learn(m, named, named && (SensitiveName(name) || secret && !HarmlessName(name)), false)
		}
	}
}

// Line masks known secrets in a line of source, and what [SecretsIn] finds in it:
// comments hold secrets that nothing reads.
func (r *Redactor) Line(text string) string {
	text = r.Redact(text)
	for _, s := range SecretsIn(text) {
		if s != Redacted && !strings.Contains(Redacted, s) {
			text = strings.ReplaceAll(text, s, Redacted)
		}
	}
	return r.lineWords(text)
}

// Redact masks every known secret in a text.
func (r *Redactor) Redact(text string) string {
	r.mu.RLock()
	known, replacer, begins := len(r.secrets), r.replacer, r.begins
	r.mu.RUnlock()
	if known == 0 {
		return text
	}
	if replacer == nil {
		replacer, begins = r.build()
	}
	for i := 1; i < len(text); i++ {
		if pair := int(text[i-1])<<8 | int(text[i]); begins[pair>>3]&(1<<(pair&7)) != 0 {
			return replacer.Replace(text)
		}
	}
	return text
}

// build makes the replacer: longer secrets first, so that one that holds another
// goes whole. Beside it stands which two bytes a secret may begin with: most texts
// hold none of them.
func (r *Redactor) build() (*strings.Replacer, *[1 << 13]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := SortedKeys(r.secrets)
	slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(list))
	r.begins = new([1 << 13]byte)
	for _, s := range list {
		pairs = append(pairs, s, Redacted)
		pair := int(s[0])<<8 | int(s[1]) // none is shorter than minSecret
		r.begins[pair>>3] |= 1 << (pair & 7)
	}
	r.replacer = strings.NewReplacer(pairs...)
	return r.replacer, r.begins
}

// holds reports whether a text as a whole is a secret.
func (r *Redactor) holds(text string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.secrets[text]
}
