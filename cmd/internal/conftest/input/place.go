package input

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/writ-policy/writ/collectors/source/dotenv"
	sourcehcl "github.com/writ-policy/writ/collectors/source/hcl"
	"github.com/writ-policy/writ/collectors/source/ini"
	"github.com/writ-policy/writ/collectors/source/json"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/properties"
	"github.com/writ-policy/writ/collectors/source/toml"
	"github.com/writ-policy/writ/collectors/source/xml"
	"github.com/writ-policy/writ/collectors/source/yaml"
	"github.com/writ-policy/writ/engine/fact"
)

// tree knows the places in one document; its lines count from 1.
type tree struct {
	root  *node.Node
	lines []int // of the elements of a list of lines
	whole Extent
}

// tree reads a document once more, by the strict reader of its format, whose trees have
// the members that conftest's shapes have. It is done only for what was found.
func (w *Whole) tree(at origin) tree {
	key := at.start<<16 | at.n
	if t, ok := w.trees[key]; ok {
		return t
	}
	t := w.read(w.data[at.start:at.end], at.n)
	if w.trees == nil {
		w.trees = map[int]tree{}
	}
	w.trees[key] = t
	return t
}

func (w *Whole) read(data []byte, n int) tree {
	t := tree{whole: Extent{1, 1, 1}}
	var read func(string, []byte) ([]node.Document, []fact.Diagnostic)
	switch w.format {
	case "yaml":
		read = func(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
			return yaml.ReadAs(yaml.Kubernetes, source, data)
		}
	case "json", "jsonc", "cyclonedx":
		read = json.ReadC
	case "toml":
		read = toml.Read
	case "ini":
		read = ini.Read
	case "properties":
		read = properties.Read
	case "dotenv":
		read = dotenv.Read
	case "xml":
		read = xml.Read
	case "hcl1":
		read = sourcehcl.ReadV1
	case "ignore":
		for i := range strings.Count(string(data), "\n") + 1 {
			t.lines = append(t.lines, i+1)
		}
		return t
	case "codeowners":
		t.lines = ownerLines(data)
		return t
	case "dockerfile":
		t.lines = instructionLines(data)
		return t
	default:
		return t
	}
	if docs, _ := read("", data); n < len(docs) {
		t.root = docs[n].Root
	}
	return t
}

// place finds a path, or what of it there is, in a document that begins on a line.
func (t tree) place(path []string, first int) Extent {
	e := t.whole
	switch {
	case t.root != nil:
		e = under(t.root, path)
	case len(t.lines) > 0:
		// A list of lines stands in another list, or under one name.
		if len(path) > 1 {
			if i, err := strconv.Atoi(path[1]); err == nil && i < len(t.lines) && i >= 0 {
				e = Extent{t.lines[i], 1, t.lines[i]}
			}
		}
	}
	if e.Line > 0 {
		e.Line, e.EndLine = e.Line+first-1, e.EndLine+first-1
	}
	return e
}

// under follows a path as far as there are nodes. A member stands where its name does.
func under(n *node.Node, path []string) Extent {
	e := Extent{n.Line, n.Column, n.EndLine}
	for _, s := range path {
		i := slices.IndexFunc(n.Keys, func(k node.Key) bool { return k.Name == s })
		if n.Kind == node.Array {
			var err error
			if i, err = strconv.Atoi(s); err != nil {
				i = -1
			}
		}
		if i < 0 || i >= len(n.Elems) {
			break
		}
		key := node.Key{}
		if n.Kind == node.Object {
			key = n.Keys[i]
		}
		if n = n.Elems[i]; n.Line > 0 {
			e = Extent{n.Line, n.Column, max(n.EndLine, n.Line)}
		}
		if key.Line > 0 {
			e.Line, e.Column = key.Line, key.Column
		}
	}
	return e
}

// ownerLines are the lines of the rules in CODEOWNERS.
func ownerLines(data []byte) []int {
	var lines []int
	n := 0
	for line := range strings.SplitSeq(string(data), "\n") {
		n++
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines = append(lines, n)
		}
	}
	return lines
}

// instructionLines are the first lines of a Dockerfile's instructions.
func instructionLines(data []byte) []int {
	d := &dockerfile{lines: strings.SplitAfter(strings.TrimPrefix(string(data), "\ufeff"), "\n"), escape: '\\'}
	if d.read() != nil {
		return nil
	}
	lines := make([]int, len(d.list))
	for i, in := range d.list {
		lines[i] = in.line
	}
	return lines
}

// place finds a path in a body: attributes, and blocks below their type and labels.
func (h *hclReader) place(body *hclsyntax.Body, path []string) Extent {
	e := extent(body.SrcRange)
	for len(path) > 0 {
		if a := body.Attributes[path[0]]; a != nil {
			return h.within(a.Expr, path[1:], Extent{a.NameRange.Start.Line, a.NameRange.Start.Column, a.SrcRange.End.Line})
		}
		var inner *hclsyntax.Body
		count := 0 // of blocks that have the path as their way
		for _, b := range body.Blocks {
			n, labels := len(b.Labels)+1, min(len(b.Labels), len(path)-1)
			if b.Type != path[0] || !slices.Equal(b.Labels[:labels], path[1:labels+1]) {
				continue
			}
			own := Extent{b.TypeRange.Start.Line, b.TypeRange.Start.Column, b.CloseBraceRange.End.Line}
			if len(path) <= n { // of several blocks, the first
				return own
			}
			if i, err := strconv.Atoi(path[n]); err == nil && i == count {
				inner, path, e = b.Body, path[n+1:], own
				break
			}
			count++
		}
		if inner == nil {
			break
		}
		body = inner
	}
	return e
}

// within finds a path in the literals of an expression.
func (h *hclReader) within(e hclsyntax.Expression, path []string, at Extent) Extent {
	if len(path) == 0 {
		return at
	}
	switch e := e.(type) {
	case *hclsyntax.TupleConsExpr:
		if i, err := strconv.Atoi(path[0]); err == nil && i >= 0 && i < len(e.Exprs) {
			return h.within(e.Exprs[i], path[1:], extent(e.Exprs[i].Range()))
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range slices.Backward(e.Items) { // of a name that stands twice the last holds
			if name, err := h.name(item.KeyExpr); err == nil && name == path[0] {
				return h.within(item.ValueExpr, path[1:], extent(hcl.RangeBetween(item.KeyExpr.Range(), item.ValueExpr.Range())))
			}
		}
	case *hclsyntax.TemplateWrapExpr:
		return h.within(e.Wrapped, path, at)
	}
	return at
}

func extent(r hcl.Range) Extent { return Extent{r.Start.Line, r.Start.Column, r.End.Line} }
