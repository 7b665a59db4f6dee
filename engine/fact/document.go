// Package fact holds what collectors observe and controls judge: documents of
// items, each value traceable to the place it was read from.
//
// A [Document] is one collector's answer about one target and one kind. Kinds
// are described by JSON Schemas embedded here ([Kinds]); every document, ours
// or a user's, goes through [Validate] before it is judged.
package fact

import (
	"strconv"
	"strings"
	"time"
)

// Schema is the envelope version every document carries.
const Schema = "writ.fact/v1"

// Document is one collector's answer about one target and one kind.
//
// Null in an item means "not known" and nothing else, and each null has an
// entry in Unobserved; what is known to be none is a value (an enumeration
// member, an empty string or array, 999999 for an unbounded number of days).
type Document struct {
	Schema      string    `json:"schema"`
	Kind        string    `json:"kind"`
	Target      Target    `json:"target"`
	Collector   Collector `json:"collector"`
	CollectedAt time.Time `json:"collected_at"`
	DurationMS  int64     `json:"duration_ms"`
	// Complete is false if the collector may have missed items.
	Complete bool `json:"complete"`
	// Reasons say why the document is not complete; empty if it is.
	Reasons    []string `json:"reasons,omitempty"`
	Unobserved []Gap    `json:"unobserved"`
	// Searched counts the files whose text was searched for items; 0 if the collector
	// does not count them: then Sources names what was read.
	Searched int      `json:"searched,omitempty"`
	Sources  []Source `json:"sources"`
	// Positions maps JSON pointers ("/items/0", "/items/0/port") to the place
	// the value was read from, or for a default to the block it is missing from.
	Positions map[string]Position `json:"positions"`
	Items     []Item              `json:"items"`

	digest string
	lookup lookup
}

// Item is one fact. It has a string "id", stable across runs and unique within
// target and kind, and a "basis": observed, declared, inherited or default.
// Values are nil, bool, string, json.Number, int, int64, float64, []any and
// map[string]any.
type Item map[string]any

// ID returns the item's id, "" if it has none.
func (i Item) ID() string {
	id, _ := i["id"].(string)
	return id
}

// Target is what facts are about: "config/infra/prod", "host/db1", "register".
type Target struct {
	ID          string `json:"id"`
	Environment string `json:"environment"`
}

// Collector says who observed, how, and with what privileges.
type Collector struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	Method     string `json:"method"`
	Privileges string `json:"privileges"`
}

// Gap is an attribute that the collector could not observe. Pointer is a JSON
// pointer into the document ("/items/0/owners").
type Gap struct {
	Pointer string `json:"pointer"`
	Reason  string `json:"reason"`
	Effect  string `json:"effect,omitempty"`
}

// Source is a file, kernel answer or endpoint that values were read from. URI
// is relative to the target's root for files. SHA256 is lower-case hex, "" if
// the source is not a file.
type Source struct {
	ID     string `json:"id"`
	URI    string `json:"uri"`
	SHA256 string `json:"sha256"`
}

// Position is a place in a source. Source is the source's id inside a document
// and its URI while a reader or collector holds it; [Builder] turns one into
// the other. Lines and columns count from 1; 0 means not known.
type Position struct {
	Source  string `json:"source"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	EndLine int    `json:"end_line"`
}

// IsZero reports whether nothing is known about the place.
func (p Position) IsZero() bool { return p.Source == "" && p.Line == 0 }

// String renders "file:line:column", leaving out what is not known.
func (p Position) String() string {
	if p.Line <= 0 {
		return p.Source
	}
	b := append(make([]byte, 0, len(p.Source)+16), p.Source...)
	b = strconv.AppendInt(append(b, ':'), int64(p.Line), 10)
	if p.Column > 0 {
		b = strconv.AppendInt(append(b, ':'), int64(p.Column), 10)
	}
	return string(b)
}

// Pointer joins segments to a JSON pointer (RFC 6901).
func Pointer(segments ...string) string {
	n := 0
	for _, s := range segments {
		n += 1 + len(s)
	}
	var b strings.Builder
	b.Grow(n)
	for _, s := range segments {
		b.WriteByte('/')
		if strings.ContainsAny(s, "~/") {
			s = pointerEscaper.Replace(s)
		}
		b.WriteString(s)
	}
	return b.String()
}

// SplitPointer returns the unescaped segments of a JSON pointer.
func SplitPointer(p string) []string {
	if p == "" {
		return nil
	}
	segments := strings.Split(strings.TrimPrefix(p, "/"), "/")
	if !strings.Contains(p, "~") {
		return segments
	}
	for i, s := range segments {
		segments[i] = pointerUnescaper.Replace(s)
	}
	return segments
}

var (
	pointerEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)
