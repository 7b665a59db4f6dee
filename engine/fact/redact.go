package fact

import (
	"slices"
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
	replacer *strings.Replacer
}

// NewRedactor returns a redactor that knows no secret.
func NewRedactor() *Redactor { return &Redactor{secrets: map[string]bool{}} }

// minSecret is the shortest secret that is masked: anything shorter occurs by
// chance in every line.
const minSecret = 4

// Add notes a secret, and each of its lines if it has several.
func (r *Redactor) Add(secret string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range append(strings.Split(secret, "\n"), secret) {
		if s = strings.TrimSpace(s); len(s) >= minSecret && !r.secrets[s] {
			r.secrets[s] = true
			r.replacer = nil
		}
	}
}

// Redact masks every known secret in a text.
func (r *Redactor) Redact(text string) string {
	r.mu.RLock()
	known, replacer := len(r.secrets), r.replacer
	r.mu.RUnlock()
	if known == 0 {
		return text
	}
	if replacer == nil {
		replacer = r.build()
	}
	return replacer.Replace(text)
}

// build makes the replacer: longer secrets first, so that one that holds another
// goes whole.
func (r *Redactor) build() *strings.Replacer {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := SortedKeys(r.secrets)
	slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(list))
	for _, s := range list {
		pairs = append(pairs, s, Redacted)
	}
	r.replacer = strings.NewReplacer(pairs...)
	return r.replacer
}

// Value masks every known secret in the strings of a JSON value, names included.
func (r *Redactor) Value(v any) any {
	switch v := v.(type) {
	case string:
		return r.Redact(v)
	case []any:
		out := make([]any, len(v))
		for i, m := range v {
			out[i] = r.Value(m)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, m := range v {
			out[r.Redact(name)] = r.Value(m)
		}
		return out
	}
	return v
}
