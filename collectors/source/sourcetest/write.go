package sourcetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Write renders a document: an item's id and line, then one member a line with
// its line where that is another, a gap as "?" with the reason.
func Write(w io.Writer, d *fact.Document) {
	gaps := head(w, d)
	for i, item := range d.Items {
		at := fmt.Sprintf("/items/%d", i)
		fmt.Fprintf(w, "%s (%s)%s\n", item.ID(), item["basis"], place(d, at, ""))
		member(w, d, gaps, at, at, "  ", map[string]any(item))
	}
}

// head renders what a document says of itself and returns its gaps, by pointer.
func head(w io.Writer, d *fact.Document) map[string]string {
	fmt.Fprintf(w, "== %s %s\n", d.Target.ID, d.Kind)
	for _, r := range d.Reasons {
		fmt.Fprintf(w, "incomplete: %s\n", r)
	}
	gaps := map[string]string{}
	for _, g := range d.Unobserved {
		gaps[g.Pointer] = g.Reason
	}
	return gaps
}

func member(w io.Writer, d *fact.Document, gaps map[string]string, pointer, item, indent string, object map[string]any) {
	for _, name := range fact.SortedKeys(object) {
		p := pointer + fact.Pointer(name)
		if pointer == item && (name == "id" || name == "basis") {
			continue
		}
		switch v := object[name].(type) {
		case nil:
			fmt.Fprintf(w, "%s%s ? %s%s\n", indent, name, gaps[p], place(d, p, item))
		case map[string]any:
			fmt.Fprintf(w, "%s%s\n", indent, name)
			member(w, d, gaps, p, item, indent+"  ", v)
		case []any:
			list(w, d, gaps, p, item, indent, name, v)
		default:
			text, _ := json.Marshal(v)
			fmt.Fprintf(w, "%s%s %s%s\n", indent, name, text, place(d, p, item))
		}
	}
}

func list(w io.Writer, d *fact.Document, gaps map[string]string, pointer, item, indent, name string, v []any) {
	plain := !slices.ContainsFunc(v, func(e any) bool { _, object := e.(map[string]any); return object || e == nil })
	if plain {
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(v)
		fmt.Fprintf(w, "%s%s %s%s\n", indent, name, strings.TrimSpace(text.String()), place(d, pointer, item))
		return
	}
	for i, e := range v {
		p := fmt.Sprintf("%s/%d", pointer, i)
		if object, ok := e.(map[string]any); ok {
			fmt.Fprintf(w, "%s%s %d\n", indent, name, i)
			member(w, d, gaps, p, item, indent+"  ", object)
		} else {
			fmt.Fprintf(w, "%s%s %d ? %s\n", indent, name, i, gaps[p])
		}
	}
}

// place renders where a value stands, nothing if it is the same line as its item.
func place(d *fact.Document, pointer, item string) string {
	p, ok := d.Positions[pointer]
	if !ok || item != "" && d.Positions[item].Line == p.Line && d.Positions[item].Source == p.Source {
		return ""
	}
	for _, s := range d.Sources {
		if s.ID == p.Source {
			return fmt.Sprintf(" @%s:%d", s.URI, p.Line)
		}
	}
	return fmt.Sprintf(" @%d", p.Line)
}
