// Package hcl reads HCL as it is written, without evaluating it: HCL 2 (Terraform,
// Packer, Nomad, Terragrunt) and HCL 1 (older files of Vault, Consul, Nomad).
//
// The document is an object. An attribute is a member. Blocks of one type are an
// array of objects, below a member for each label:
//
//	resource "aws_s3_bucket" "logs" { bucket = "x" }
//	{"resource": {"aws_s3_bucket": {"logs": [{"bucket": "x"}]}}}
//
// which is what conftest makes of them. Literals, and lists and objects of them, are
// values; numbers are exact. Every other expression, a template with an
// interpolation included, is opaque with its text. So is an object with a key that is
// no literal, and a name that is given both to an attribute and to a block.
package hcl

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

// maxSize of a file in HCL 2, in bytes: the library keeps more than a hundred for
// each token, of which a byte may be one.
const maxSize = 4 << 20

// Read reads HCL 2: one document, or none and an error.
func Read(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
	f, ok := text.Open(source, data)
	if !ok || !f.UTF8() {
		return nil, f.Diagnostics
	}
	if len(data) > maxSize {
		f.Fail(0, "the file is too large to be read as configuration", fmt.Sprintf("%d bytes, at most %d", len(data), maxSize), "")
		return nil, f.Diagnostics
	}
	start := hcl.Pos{Byte: f.Start(), Line: 1, Column: 1}
	src := data[f.Start():]
	if at := tooDeep(src, source, start); at >= 0 {
		f.Fail(at, fmt.Sprintf("expressions stand more than %d deep within each other", text.MaxDepth), "", "")
		return nil, f.Diagnostics
	}
	file, diags := hclsyntax.ParseConfig(src, source, start)
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		at := f.Start()
		if d.Subject != nil {
			at = d.Subject.Start.Byte
		}
		f.Fail(at, clean(d.Summary), clean(d.Detail), "")
	}
	if f.Failed() {
		return nil, f.Diagnostics
	}
	r := &reader{tree: newTree(f)}
	root := r.object(f.Start(), len(data))
	r.body(root, file.Body.(*hclsyntax.Body))
	return f.Documents(root.Node)
}

type reader struct{ *tree }

// body adds attributes and blocks in the order of the file.
func (r *reader) body(into *text.Members, body *hclsyntax.Body) {
	type item struct {
		at        int
		attribute *hclsyntax.Attribute
		block     *hclsyntax.Block
	}
	items := make([]item, 0, len(body.Attributes)+len(body.Blocks))
	for _, a := range body.Attributes {
		items = append(items, item{a.NameRange.Start.Byte, a, nil})
	}
	for _, b := range body.Blocks {
		items = append(items, item{b.TypeRange.Start.Byte, nil, b})
	}
	slices.SortFunc(items, func(a, b item) int { return a.at - b.at })
	for _, i := range items {
		if r.Failed() {
			return
		}
		if a := i.attribute; a != nil {
			r.attribute(into, r.Key(a.Name, i.at), r.expression(a.Expr), i.at)
			continue
		}
		b := i.block
		keys := []key{{r.Key(b.Type, i.at), i.at}}
		for n, label := range b.Labels {
			at := b.LabelRanges[n].Start.Byte
			keys = append(keys, key{r.Key(label, at), at})
		}
		block := r.object(i.at, b.CloseBraceRange.End.Byte)
		r.body(block, b.Body)
		r.block(into, keys, block.Node)
	}
}

const notLiteral = "an expression, which is not evaluated here"

// expression makes a node of an expression.
func (r *reader) expression(e hclsyntax.Expression) *node.Node {
	rng := e.Range()
	start, end := rng.Start.Byte, rng.End.Byte
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		if n := r.expression(e.Expression); n.Kind != node.Opaque {
			return n
		}
	case *hclsyntax.LiteralValueExpr:
		return r.literal(e, start, end)
	case *hclsyntax.UnaryOpExpr:
		if l, ok := e.Val.(*hclsyntax.LiteralValueExpr); ok && e.Op == hclsyntax.OpNegate {
			if n := r.literal(l, l.SrcRange.Start.Byte, l.SrcRange.End.Byte); n.Kind == node.Number {
				return r.Text(node.Number, "-"+n.Text, start, end)
			}
		}
	case *hclsyntax.TemplateExpr:
		if s, ok := templateText(e); ok {
			return r.String(s, start, end)
		}
	case *hclsyntax.TupleConsExpr:
		n := r.Node(node.Array, start, end)
		for _, elem := range e.Exprs {
			n.Elems = append(n.Elems, r.expression(elem))
		}
		return n
	case *hclsyntax.ObjectConsExpr:
		if n := r.constructor(e, start, end); n != nil {
			return n
		}
	}
	return r.Opaque(notLiteral, start, end)
}

func (r *reader) literal(e *hclsyntax.LiteralValueExpr, start, end int) *node.Node {
	switch written := string(r.Data[start:end]); written {
	case "null":
		return r.Node(node.Null, start, end)
	case "true", "false":
		return r.Text(node.Bool, written, start, end)
	default:
		if number, ok := text.Decimal(written); ok {
			return r.Text(node.Number, number, start, end)
		}
	}
	return r.Opaque(notLiteral, start, end)
}

// constructor makes an object; nil if a key is no literal.
func (r *reader) constructor(e *hclsyntax.ObjectConsExpr, start, end int) *node.Node {
	m := r.object(start, end)
	for _, item := range e.Items {
		name, ok := r.keyName(item.KeyExpr)
		if !ok {
			return nil
		}
		at := item.KeyExpr.Range().Start.Byte
		m.Once(r.File, r.Key(name, at), r.expression(item.ValueExpr), at)
	}
	return m.Node
}

func (r *reader) keyName(e hclsyntax.Expression) (string, bool) {
	k, ok := e.(*hclsyntax.ObjectConsKeyExpr)
	if !ok {
		return "", false
	}
	if word := hcl.ExprAsKeyword(k.Wrapped); word != "" {
		return word, !k.ForceNonLiteral
	}
	switch n := r.expression(k.Wrapped); n.Kind {
	case node.String, node.Number, node.Bool:
		return n.Text, true
	}
	return "", false
}

// templateText returns the text of a template without interpolations.
func templateText(e *hclsyntax.TemplateExpr) (string, bool) {
	s := ""
	for _, part := range e.Parts {
		l, ok := part.(*hclsyntax.LiteralValueExpr)
		if !ok || l.Val.IsNull() || l.Val.Type().FriendlyName() != "string" {
			return "", false
		}
		s += l.Val.AsString()
	}
	return s, true
}
