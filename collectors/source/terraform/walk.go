package terraform

import (
	"regexp"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// literalsIn collects the string literals within an expression.
func (ev *evaluation) literalsIn(expr hclsyntax.Expression) []*Value {
	var found []*Value
	_ = hclsyntax.VisitAll(expr, func(n hclsyntax.Node) hcl.Diagnostics {
		if l, ok := n.(*hclsyntax.LiteralValueExpr); ok && l.Val.Type() == cty.String && !l.Val.IsNull() && l.Val.AsString() != "" {
			found = append(found, &Value{Kind: String, Text: l.Val.AsString(), Literal: true, Pos: position(l.SrcRange)})
		}
		return nil
	})
	return found
}

// countedExpr is the body of a for expression: each round takes from the
// budget, because nested ones multiply.
type countedExpr struct {
	hclsyntax.Expression
	ev *evaluation
}

// Value evaluates one round. Beyond the budget it fails at once, because the
// loop goes on after an error.
func (c *countedExpr) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if !c.ev.spend(1) {
		rng := c.Range()
		return cty.DynamicVal, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: c.ev.overValues(), Subject: &rng}}
	}
	v, diags := c.Expression.Value(ctx)
	if plain, _ := v.Unmark(); plain.Type() == cty.String {
		c.ev.spend(len(knownText(plain)) / textWeight)
	}
	return v, diags
}

// prepare readies an expression for its first evaluation: for expressions count
// their rounds, and functions of providers can be called.
func (ev *evaluation) prepare(expr hclsyntax.Expression) {
	_ = hclsyntax.VisitAll(expr, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.ForExpr:
			if _, done := n.ValExpr.(*countedExpr); !done {
				// In parentheses, so that what walks the expression finds the
				// body as a child: a bare reference would be hidden by the type.
				body := &hclsyntax.ParenthesesExpr{Expression: n.ValExpr, SrcRange: n.ValExpr.Range()}
				n.ValExpr = &countedExpr{body, ev}
			}
		case *hclsyntax.FunctionCallExpr:
			ev.admitCall(n)
		}
		return nil
	})
}

var (
	attributeName = regexp.MustCompile(`\.\s*([A-Za-z_][A-Za-z0-9_-]*)`)
	indexName     = regexp.MustCompile(`\[\s*\\?"([A-Za-z_][A-Za-z0-9_-]*)\\?"\s*\]`)
	memberName    = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_-]*)\s*=\s*(?:string|number|bool|any|list|set|map|object|tuple|optional)\b`)
)

// mentionedIn adds the names by which the text of a file may read an attribute
// of a resource: x.NAME, x["NAME"], and NAME = string in an object type.
func mentionedIn(text []byte, names map[string]struct{}) {
	for _, pattern := range []*regexp.Regexp{attributeName, indexName, memberName} {
		for _, m := range pattern.FindAllSubmatch(text, -1) {
			names[string(m[1])] = struct{}{}
		}
	}
}
