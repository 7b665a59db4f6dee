package input

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v2"
)

// Whole is a file with all of its documents, in conftest's shape and in the order of
// the file. Those that conftest judges are there one for one; of a YAML stream also
// those behind separators that it does not know (with blanks, a comment or content
// behind the dashes, or the other line ending).
type Whole struct {
	Documents []*ast.Term

	format string
	data   []byte
	from   []origin
	hcl    *hclsyntax.Body
	plain  *mark // instead of the body
	trees  map[int]tree
}

// origin is where a document stands.
type origin struct {
	start, end, line int      // of the part of the file: bytes, and its first line
	n                int      // document in the part
	prefix           []string // the way to it, if it is an element
}

// Whole reads all documents of a file. The elements of a list are documents, as in
// conftest; an empty list holds none.
func (r *Reader) Whole(format, path string, data []byte) (w *Whole, err error) {
	if err := Check(format, path); err != nil {
		return nil, err
	}
	if format == "" {
		format, _ = Format(path)
	}
	w = &Whole{format: format, data: data}
	defer func() {
		if p := recover(); p != nil {
			w, err = nil, fmt.Errorf("parser unmarshal: %s: %v", format, p)
		}
	}()
	switch format {
	case "yaml":
		err = w.yaml(&r.b)
	case "hcl2":
		err = w.hcl2(&r.b)
	default:
		var t *ast.Term
		if t, err = r.Read(format, path, data); err == nil {
			w.add(t, origin{end: len(data), line: 1}, true)
		}
	}
	if err != nil {
		return nil, err
	}
	return w, nil
}

// add adds a document, or the elements of a list.
func (w *Whole) add(t *ast.Term, at origin, split bool) {
	list, ok := t.Value.(*ast.Array)
	if !ok || !split {
		w.Documents, w.from = append(w.Documents, t), append(w.from, at)
		return
	}
	for i := range list.Len() {
		at.prefix = []string{strconv.Itoa(i)}
		w.Documents, w.from = append(w.Documents, list.Elem(i)), append(w.from, at)
	}
}

func (w *Whole) yaml(b *builder) error {
	parts := yamlParts(w.data)
	at := origin{line: 1}
	for _, part := range parts {
		// What was put together of several parts is still one piece of the file.
		at.start = bytes.Index(w.data[at.end:], part) + at.end
		at.line += bytes.Count(w.data[at.end:at.start], []byte("\n"))
		at.end = at.start + len(part)
		decoder := yaml.NewDecoder(bytes.NewReader(part))
		for at.n = 0; ; at.n++ {
			var v any
			err := decoder.Decode(&v)
			if errors.Is(err, io.EOF) && at.n > 0 {
				break
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return fmt.Errorf("parser unmarshal: unmarshal yaml: %w", err)
			}
			t, err := b.value(v)
			if err != nil {
				return fmt.Errorf("parser unmarshal: unmarshal yaml: %w", err)
			}
			w.add(t, at, len(parts) == 1 && at.n == 0)
		}
		at.line += bytes.Count(part, []byte("\n"))
	}
	return nil
}

func (w *Whole) hcl2(b *builder) error {
	if t, m, ok := readPlainHCL(b, w.data, true); ok {
		w.plain = m
		w.add(t, origin{end: len(w.data), line: 1}, true)
		return nil
	}
	if err := shallow(w.data); err != nil {
		return fmt.Errorf("parser unmarshal: %w", err)
	}
	file, diags := hclsyntax.ParseConfig(w.data, "", hcl.Pos{Line: 1, Column: 1})
	if diags.HasErrors() {
		return fmt.Errorf("parser unmarshal: parse config: %w", diags)
	}
	w.hcl, _ = file.Body.(*hclsyntax.Body)
	h := &hclReader{b: b, text: string(w.data)}
	t, err := h.body(w.hcl)
	if err != nil {
		return fmt.Errorf("parser unmarshal: %w", err)
	}
	w.add(t, origin{end: len(w.data), line: 1}, true)
	return nil
}

// Extent is where something stands in a file: lines and columns from 1, 0 if that is
// not known.
type Extent struct{ Line, Column, EndLine int }

// Place finds a path of members and indexes in a document, or what encloses it.
func (w *Whole) Place(document int, path []string) Extent {
	if document < 0 || document >= len(w.from) {
		return Extent{}
	}
	at := w.from[document]
	path = slices.Concat(at.prefix, path)
	if w.plain != nil {
		return w.plain.place(w.data, path)
	}
	if w.hcl != nil {
		h := &hclReader{text: string(w.data)}
		return h.place(w.hcl, path)
	}
	return w.tree(at).place(path, at.line)
}
