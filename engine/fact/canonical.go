package fact

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"time"
)

// Digest returns "sha256:" and the hex digest of the document's canonical JSON:
// members sorted by name at every level, no blanks, numbers as written, without
// duration_ms and positions. (Where a value stands follows from the sources, whose
// digests are part of it.) It is that of the document when first asked, which is as
// collected: what annotation adds later depends on the run, the digest does not.
// Not safe for concurrent first use.
func (d *Document) Digest() string {
	if d.digest == "" {
		h := sha256.New()
		d.canonical(h)
		d.digest = "sha256:" + hex.EncodeToString(h.Sum(nil))
	}
	return d.digest
}

// flushed is how much of a canonical form is gathered before it is written.
const flushed = 8 << 10

// canonical writes the document's canonical form, piece by piece.
func (d *Document) canonical(to io.Writer) {
	b := append(make([]byte, 0, 2*flushed), `{"collected_at":`...)
	flush := func() {
		if len(b) >= flushed {
			_, _ = to.Write(b) // a hash, or a buffer
			b = b[:0]
		}
	}
	b = appendString(b, d.CollectedAt.UTC().Format(time.RFC3339Nano))
	b = append(b, `,"collector":`...)
	b = AppendCanonical(b, map[string]any{"name": d.Collector.Name, "version": d.Collector.Version, "method": d.Collector.Method, "privileges": d.Collector.Privileges})
	b = append(b, `,"complete":`...)
	b = strconv.AppendBool(b, d.Complete)
	b = append(b, `,"items":[`...)
	var usual *shape
	if k := LookupKind(d.Kind); k != nil {
		usual = k.shapes[0]()
	}
	for i, item := range d.Items {
		if i > 0 {
			b = append(b, ',')
		}
		b = usual.appendCanonical(b, map[string]any(item))
		flush()
	}
	b = append(b, `],"kind":`...)
	b = appendString(b, d.Kind)
	if len(d.Reasons) > 0 {
		b = append(b, `,"reasons":`...)
		b = AppendCanonical(b, anys(d.Reasons))
	}
	b = append(b, `,"schema":`...)
	b = appendString(b, d.Schema)
	if d.Searched > 0 {
		b = strconv.AppendInt(append(b, `,"searched":`...), int64(d.Searched), 10)
	}
	b = append(b, `,"sources":[`...)
	for i, s := range d.Sources {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(append(b, `{"id":`...), s.ID)
		b = appendString(append(b, `,"sha256":`...), s.SHA256)
		b = append(appendString(append(b, `,"uri":`...), s.URI), '}')
		flush()
	}
	b = append(b, `],"target":`...)
	b = AppendCanonical(b, map[string]any{"id": d.Target.ID, "environment": d.Target.Environment})
	b = append(b, `,"unobserved":[`...)
	for i, g := range d.Unobserved {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		if g.Effect != "" {
			b = append(appendString(append(b, `"effect":`...), g.Effect), ',')
		}
		b = appendString(append(b, `"pointer":`...), g.Pointer)
		b = append(appendString(append(b, `,"reason":`...), g.Reason), '}')
		flush()
	}
	_, _ = to.Write(append(b, "]}"...))
}

// appendCanonical is [AppendCanonical] of a value that most likely has a shape: then
// the names of its members need not be sorted again. A nil shape is any.
func (s *shape) appendCanonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case []any:
		if s == nil || s.items == nil {
			break
		}
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = s.items.appendCanonical(b, e)
		}
		return append(b, ']')
	case map[string]any:
		if s == nil || len(v) == 0 || len(v) != len(s.names) {
			break
		}
		start := len(b)
		for _, name := range s.names {
			m, there := v[name]
			if !there {
				return AppendCanonical(b[:start], v)
			}
			b = append(appendString(append(b, ','), name), ':')
			b = s.properties[name].appendCanonical(b, m)
		}
		b[start] = '{' // in place of the first comma
		return append(b, '}')
	}
	return AppendCanonical(b, v)
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// AppendCanonical appends the canonical JSON of a value of a fact.
func AppendCanonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case string:
		return appendString(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case json.Number:
		return append(b, v...)
	case []any:
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = AppendCanonical(b, e)
		}
		return append(b, ']')
	case map[string]any:
		var room [16]string
		names := room[:0]
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		b = append(b, '{')
		for i, name := range names {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, name), ':')
			b = AppendCanonical(b, v[name])
		}
		return append(b, '}')
	}
	data, err := json.Marshal(v)
	if err != nil {
		return append(b, "null"...)
	}
	return append(b, data...)
}

// appendString appends a JSON string.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if escaped[s[i]] {
			data, err := json.Marshal(s)
			if err != nil {
				return append(b, `""`...)
			}
			return append(b, data...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// escaped holds the bytes that a JSON string may not hold as they are; what is not
// ASCII is left to the library.
var escaped = func() (e [256]bool) {
	for c := range e {
		e[c] = c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&'
	}
	return e
}()
