package fact

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Secrets that are words of the schemas leave facts valid: what the schema says
// stays, what was collected does not.
func TestMaskedFactsStayValid(t *testing.T) {
	secrets := []string{synthetic}
	var collect func(v any)
	collect = func(v any) {
		switch v := v.(type) {
		case string:
			secrets = append(secrets, v)
		case []any:
			for _, m := range v {
				collect(m)
			}
		case map[string]any:
			for name, m := range v {
				secrets = append(secrets, name)
				collect(m)
			}
		case float64:
			text, _ := json.Marshal(v)
			secrets = append(secrets, string(text))
		}
	}
	for _, k := range Kinds() {
		if k.Example == nil {
			continue
		}
		collect(map[string]any(k.Example))
		r := NewRedactor()
		for _, s := range secrets {
			if _, err := ParseTime(s); err != nil { // a time would no longer be one
				r.Add(s)
			}
		}
		masked := r.At(k, nil, map[string]any(k.Example)).(map[string]any)
		d := &Document{Schema: Schema, Kind: k.Name, Target: Target{ID: "config/x"}, Complete: true, Items: []Item{masked}}
		for _, p := range Validate(d) {
			if strings.HasPrefix(p.Pointer, "/items") {
				t.Errorf("%s: %s", k.Name, p)
			}
		}
		secrets = secrets[:1]
	}
}

func TestMaskNames(t *testing.T) {
	other := strings.ToUpper(synthetic)
	r := NewRedactor()
	for _, s := range []string{synthetic, other, "format", "body", "5432", "json"} {
		r.Add(s)
	}
	item := Item{"id": "a/" + synthetic, "format": "json", "index": json.Number("5432"), "path": "json",
		"body": map[string]any{synthetic: nil, other: "x", "format": "json", "port": json.Number("5432"), "a": []any{map[string]any{"x/" + synthetic: nil}}}}
	k := LookupKind("config.document")
	want := map[string]any{"id": "a/" + Redacted, "format": "json", "index": json.Number("5432"), "path": Redacted,
		"body": map[string]any{Redacted: "x", Redacted + " 2": Redacted, Redacted + " 3": nil, "port": Redacted, "a": []any{map[string]any{"x/" + Redacted: nil}}}}
	if diff := cmp.Diff(want, r.At(k, nil, map[string]any(item))); diff != "" {
		t.Error(diff)
	}
	for pointer, want := range map[string]string{
		"/items/0/body/" + synthetic:          "/items/0/body/" + Redacted + " 3",
		"/items/0/body/format":                "/items/0/body/" + Redacted + " 2",
		"/items/0/body/a/0/x~1" + synthetic:   "/items/0/body/a/0/x~1" + Redacted,
		"/items/0/body/port/not/" + synthetic: "/items/0/body/port/not/" + Redacted,
		"/items/0/format":                     "/items/0/format",
		"/items/0/body":                       "/items/0/body",
		"/items/0":                            "/items/0",
		"/items":                              "/items",
		"":                                    "",
	} {
		if got := r.Pointer(k, []Item{item}, pointer); got != want {
			t.Errorf("%s: got %s, want %s", pointer, got, want)
		}
	}
	if got := r.At(k, []string{"body", "a"}, map[string]any{"format": "json"}); !cmp.Equal(got, any(map[string]any{Redacted: Redacted})) {
		t.Errorf("below a body: got %v", got)
	}
	if got := r.Value(map[string]any{synthetic: synthetic}); !cmp.Equal(got, any(map[string]any{Redacted: Redacted})) {
		t.Errorf("of no kind: got %v", got)
	}
}

// What stands under the name of a secret is one. In lists under it, words of the
// schemas are masked as a whole value, and nothing else is left out.
func TestLearnRaw(t *testing.T) {
	r := NewRedactor()
	r.LearnRaw(map[string]any{
		"secret.match": []any{"format", "owners/*/unit", "Format", "formats", "sha256"},
		"passwords":    map[string]any{"alice": "severity", "bob": []any{synthetic, "basis"}, "user_id": "class"},
		"password":     "engine",
		"plain":        []any{"protocol"},
	})
	for text, want := range map[string]string{
		"the format of it":        "the format of it", // a sentence stays one
		"owners/*/unit":           Redacted,
		"x Format y":              "x " + Redacted + " y",
		"formats":                 Redacted,
		"sha256":                  Redacted,
		"see " + synthetic:        "see " + Redacted,
		"an engine of this class": "an " + Redacted + " of this class", // given itself: everywhere
		"a severity":              "a " + Redacted,                     // so is a member
		"protocol":                "protocol",
	} {
		if got := r.Redact(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	for _, word := range []string{"format", "basis"} {
		for _, line := range []string{`  "` + word + `",`, `  - ` + word, `  - ` + word + ` # old`, `x = '` + word + `'`} {
			if got := r.Line(line); strings.Contains(got, word) || !strings.Contains(got, Redacted) {
				t.Errorf("line %q became %q", line, got)
			}
		}
		if got := r.Line("the " + word + " of it"); got != "the "+word+" of it" {
			t.Errorf("got %q", got)
		}
		if got := r.Value([]any{word, "a " + word}); !cmp.Equal(got, any([]any{Redacted, "a " + word})) {
			t.Errorf("got %v", got)
		}
	}
}

// The words of the schemas are plain: anything with a digit, a capital or a sign may
// be a secret.
func TestVocabulary(t *testing.T) {
	var words []string
	for word, ok := range vocabulary() {
		if ok {
			words = append(words, word)
		}
	}
	if len(words) < 100 || !slices.Contains(words, "format") || !slices.Contains(words, "service") {
		t.Errorf("%d words: %q", len(words), words)
	}
	for _, word := range append([]string{"", "sha256", "tls1.2", "Format", "a b", "eu-central-1"}, synthetic) {
		if vocabulary()[word] {
			t.Errorf("%q is taken for a word of ours", word)
		}
	}
}
