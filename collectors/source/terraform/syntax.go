package terraform

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// sortedAttributes returns the attributes of a body as they stand in the file;
// those of overriding files are placed by file name.
func sortedAttributes(body *hclsyntax.Body) []*hclsyntax.Attribute {
	if len(body.Attributes) == 0 {
		return nil
	}
	attrs := make([]*hclsyntax.Attribute, 0, len(body.Attributes))
	for _, a := range body.Attributes {
		attrs = append(attrs, a)
	}
	slices.SortFunc(attrs, func(a, b *hclsyntax.Attribute) int { return before(&a.NameRange, &b.NameRange) })
	return attrs
}

func before(a, b *hcl.Range) int {
	if c := strings.Compare(a.Filename, b.Filename); c != 0 {
		return c
	}
	return cmp.Compare(a.Start.Byte, b.Start.Byte)
}

// literal returns the value of an expression that is a literal: a scalar, or a
// string or heredoc without interpolation. Others give cty.NilVal, which is
// null of no type.
func literal(expr hclsyntax.Expression) cty.Value {
	switch e := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return e.Val
	case *hclsyntax.TemplateExpr:
		if len(e.Parts) == 1 {
			if part, ok := e.Parts[0].(*hclsyntax.LiteralValueExpr); ok {
				return part.Val
			}
			return cty.NilVal
		}
		for _, p := range e.Parts {
			if _, ok := p.(*hclsyntax.LiteralValueExpr); !ok {
				return cty.NilVal
			}
		}
		v, _ := e.Value(nil)
		return v
	case *hclsyntax.ParenthesesExpr:
		return literal(e.Expression)
	}
	return cty.NilVal
}

// step returns the name or string key of the i-th step of a traversal.
func step(t hcl.Traversal, i int) (string, bool) {
	if i >= len(t) {
		return "", false
	}
	switch s := t[i].(type) {
	case hcl.TraverseRoot:
		return s.Name, true
	case hcl.TraverseAttr:
		return s.Name, true
	case hcl.TraverseIndex:
		if s.Key.Type() == cty.String && s.Key.IsKnown() && !s.Key.IsNull() {
			return s.Key.AsString(), true
		}
	}
	return "", false
}

// pathOf writes the steps of a relative traversal as a path: "0.id".
func pathOf(t hcl.Traversal) string {
	var b strings.Builder
	for _, s := range t {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		switch s := s.(type) {
		case hcl.TraverseAttr:
			b.WriteString(s.Name)
		case hcl.TraverseIndex:
			b.WriteString(keyText(s.Key))
		default:
			b.WriteByte('*')
		}
	}
	return b.String()
}

// keyText is an index key as text.
func keyText(key cty.Value) string {
	key, _ = key.Unmark()
	switch {
	case key.IsNull() || !key.IsKnown():
		return "*"
	case key.Type() == cty.String:
		return key.AsString()
	case key.Type() == cty.Number:
		return decimal(key.AsBigFloat())
	}
	return "*"
}

// providerReference reads aws or aws.west, also quoted.
func providerReference(expr hclsyntax.Expression) (name, alias string, ok bool) {
	if s, isLiteral := literalString(expr); isLiteral {
		name, alias, _ = strings.Cut(s, ".")
		return name, alias, name != ""
	}
	t, diags := hcl.AbsTraversalForExpr(expr)
	if diags.HasErrors() || len(t) > 2 {
		return "", "", false
	}
	if len(t) == 2 {
		if alias, ok = step(t, 1); !ok {
			return "", "", false
		}
	}
	return t.RootName(), alias, true
}
