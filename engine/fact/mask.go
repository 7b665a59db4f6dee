package fact

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// At is [Redactor.Value] for a value of an item, which stands at the end of a way of
// members and indexes; none is the item itself. What the kind's schema says itself
// stays, since no secret can stand there and a fact without it is no longer valid:
// the names of members, members of an enumeration, numbers, texts of a narrow
// pattern. Below a member that the schema leaves open (the body of a raw kind) and
// of a kind that is nil the names are someone else's, and masked; names that become
// the same are numbered. The value itself stays as it is.
func (r *Redactor) At(k *Kind, segments []string, value any) any {
	var s *shape
	if k != nil {
		s = k.shapes[1]()
	}
	for _, name := range segments {
		s = s.below(name)
	}
	return r.mask(s, value)
}

// Value masks every known secret in the strings of a JSON value, names included.
func (r *Redactor) Value(value any) any { return r.mask(nil, value) }

// Pointer masks the names in a JSON pointer of a document as [Redactor.At] masks
// them in its items, so that it still leads to what it led to. Without the items
// names that become the same stay so.
func (r *Redactor) Pointer(k *Kind, items []Item, pointer string) string {
	if r.Known() == 0 || strings.Count(pointer, "/") < 4 && k != nil { // an item's own member at most
		return pointer
	}
	segments := SplitPointer(pointer)
	if len(segments) < 3 || segments[0] != "items" {
		return pointer
	}
	var s *shape
	if k != nil {
		s = k.shapes[1]()
	}
	var value any
	if i, ok := index(segments[1], len(items)); ok {
		value = map[string]any(items[i])
	}
	changed := false
	for n, name := range segments[2:] {
		masked := name
		switch v := value.(type) {
		case map[string]any:
			masked, value = cmp.Or(r.names(s, v)[name], name), v[name]
		case []any:
			value = nil
			if i, ok := index(name, len(v)); ok {
				value = v[i]
			}
		default:
			if value = nil; s == nil || s.types == typeAny {
				masked = r.Redact(name)
			}
		}
		segments[n+2], changed = masked, changed || masked != name
		s = s.below(name)
	}
	if !changed {
		return pointer
	}
	return Pointer(segments...)
}

// below is the shape of a member or element; nil where the schema leaves it open.
func (s *shape) below(name string) *shape {
	switch {
	case s == nil:
		return nil
	case s.object:
		return s.properties[name]
	}
	return s.items
}

// names are those of an open object, masked; nil where they stay. Of those that
// become the same the first in order keeps the mask, the others are numbered.
func (r *Redactor) names(s *shape, v map[string]any) map[string]string {
	if s != nil && s.object || len(v) == 0 {
		return nil
	}
	var changed []string
	for name := range v {
		if r.Redact(name) != name {
			changed = append(changed, name)
		}
	}
	if changed == nil {
		return nil
	}
	out, taken := make(map[string]string, len(v)), make(map[string]bool, len(v))
	for _, name := range SortedKeys(v) {
		masked := r.Redact(name)
		for n := 2; taken[masked]; n++ {
			masked = fmt.Sprintf("%s %d", r.Redact(name), n)
		}
		out[name], taken[masked] = masked, true
	}
	return out
}

func (r *Redactor) mask(s *shape, value any) any {
	switch v := value.(type) {
	case string:
		if s != nil && (s.enum[v] || s.pattern != nil && s.pattern.MatchString(v)) {
			return value
		}
		if masked := r.Redact(v); masked != v {
			return masked
		}
		if r.isWord(v) {
			return Redacted
		}
	case []any:
		out := make([]any, len(v))
		for i, m := range v {
			out[i] = r.mask(s.below(""), m)
		}
		return out
	case map[string]any:
		names := r.names(s, v)
		out := make(map[string]any, len(v))
		for name, m := range v {
			out[cmp.Or(names[name], name)] = r.mask(s.below(name), m)
		}
		return out
	case json.Number, int, int64, float64:
		if s != nil && s.types != typeAny {
			return value
		}
		if text := fmt.Sprint(v); len(text) >= minSecret && r.holds(text) {
			return Redacted
		}
	}
	return value
}

// vocabulary are the words of our own schemas: lower-case names of members and
// members of enumerations. They stand in what writ itself writes (a list of
// attributes under "secret.match"), and masking them everywhere would leave no
// report to read.
var vocabulary = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	var walk func(s *shape)
	walk = func(s *shape) {
		if s == nil {
			return
		}
		for word := range s.enum {
			words[word] = oneWord.MatchString(word)
		}
		for name, p := range s.properties {
			words[name] = oneWord.MatchString(name)
			walk(p)
		}
		walk(s.items)
	}
	for _, k := range Kinds() {
		walk(k.shapes[1]())
	}
	return words
})

var (
	oneWord = regexp.MustCompile(`^[a-z]+(?:_[a-z]+)*$`)
	// standing is a word that is a whole value of its line: in quotes, or an element.
	standing = regexp.MustCompile(`"[a-z_]+"|'[a-z_]+'|^\s*-\s+[a-z_]+\s*(?:#.*)?$`)
	inside   = regexp.MustCompile(`[a-z_]+`)
)

// lineWords masks the words that are secrets where they stand in a line as a whole
// value.
func (r *Redactor) lineWords(text string) string {
	r.mu.RLock()
	n := len(r.words)
	r.mu.RUnlock()
	if n == 0 {
		return text
	}
	return standing.ReplaceAllStringFunc(text, func(value string) string {
		at := inside.FindStringIndex(value)
		if word := value[at[0]:at[1]]; r.isWord(word) {
			return value[:at[0]] + Redacted + value[at[1]:]
		}
		return value
	})
}

func (r *Redactor) isWord(text string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.words[text]
}

func (r *Redactor) addWord(word string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(word) >= minSecret {
		r.words[word] = true
	}
}
