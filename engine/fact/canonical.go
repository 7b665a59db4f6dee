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

// canonical writes the document's canonical form, item by item.
func (d *Document) canonical(to io.Writer) {
	b := append(make([]byte, 0, 16<<10), `{"collected_at":`...)
	b = appendString(b, d.CollectedAt.UTC().Format(time.RFC3339Nano))
	b = append(b, `,"collector":`...)
	b = AppendCanonical(b, map[string]any{"name": d.Collector.Name, "version": d.Collector.Version, "method": d.Collector.Method, "privileges": d.Collector.Privileges})
	b = append(b, `,"complete":`...)
	b = strconv.AppendBool(b, d.Complete)
	b = append(b, `,"items":[`...)
	for i, item := range d.Items {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendCanonical(b, map[string]any(item))
		_, _ = to.Write(b) // a hash, or a buffer
		b = b[:0]
	}
	b = append(b, `],"kind":`...)
	b = appendString(b, d.Kind)
	if len(d.Reasons) > 0 {
		b = append(b, `,"reasons":`...)
		b = AppendCanonical(b, anys(d.Reasons))
	}
	b = append(b, `,"schema":`...)
	b = appendString(b, d.Schema)
	b = append(b, `,"sources":[`...)
	for i, s := range d.Sources {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendCanonical(b, map[string]any{"id": s.ID, "uri": s.URI, "sha256": s.SHA256})
	}
	b = append(b, `],"target":`...)
	b = AppendCanonical(b, map[string]any{"id": d.Target.ID, "environment": d.Target.Environment})
	b = append(b, `,"unobserved":[`...)
	for i, g := range d.Unobserved {
		if i > 0 {
			b = append(b, ',')
		}
		gap := map[string]any{"pointer": g.Pointer, "reason": g.Reason}
		if g.Effect != "" {
			gap["effect"] = g.Effect
		}
		b = AppendCanonical(b, gap)
	}
	_, _ = to.Write(append(b, "]}"...))
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
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			data, err := json.Marshal(s)
			if err != nil {
				return append(b, `""`...)
			}
			return append(b, data...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
