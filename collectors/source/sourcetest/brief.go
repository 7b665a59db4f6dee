package sourcetest

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Brief renders a document: an item's id and place, then one field a line,
// without those that say "none" (empty, zero, false, "no"). Gaps are shown as
// "?" with their reason.
func Brief(w io.Writer, d *fact.Document) {
	gaps := head(w, d)
	for i, item := range d.Items {
		at := fmt.Sprintf("/items/%d", i)
		fmt.Fprintf(w, "%s%s\n", item.ID(), position(d, at))
		for _, name := range fact.SortedKeys(item) {
			if name == "id" || name == "basis" && item[name] == "declared" {
				continue
			}
			p := at + fact.Pointer(name)
			if text := render(item[name], p, gaps); text != "" {
				fmt.Fprintf(w, "  %s %s%s\n", name, text, positionUnless(d, p, at))
			}
		}
	}
}

func position(d *fact.Document, pointer string) string {
	p, ok := d.Positions[pointer]
	if !ok {
		return ""
	}
	for _, s := range d.Sources {
		if s.ID == p.Source {
			p.Source = s.URI
		}
	}
	return " @" + p.String()
}

func positionUnless(d *fact.Document, pointer, parent string) string {
	if s := position(d, pointer); s != position(d, parent) {
		return s
	}
	return ""
}

func render(v any, pointer string, gaps map[string]string) string {
	switch v := v.(type) {
	case nil:
		return "? (" + gaps[pointer] + ")"
	case string:
		if v == "" || v == "no" || v == "none" {
			return ""
		}
		return v
	case bool:
		if !v {
			return ""
		}
	case int:
		if v == 0 {
			return ""
		}
	case []any:
		if len(v) == 0 {
			return ""
		}
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = render(e, fmt.Sprintf("%s/%d", pointer, i), gaps)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for _, name := range fact.SortedKeys(v) {
			if text := render(v[name], pointer+fact.Pointer(name), gaps); text != "" {
				parts = append(parts, name+"="+text)
			}
		}
		return "{" + strings.Join(parts, " ") + "}"
	}
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}
