package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// moves reports whether an expression only moves values about: then an unknown
// in its result that has one ref is that very attribute, not made from it.
func moves(expr hclsyntax.Expression) bool {
	switch e := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr, *hclsyntax.LiteralValueExpr, *hclsyntax.AnonSymbolExpr:
		return true
	case *hclsyntax.ParenthesesExpr:
		return moves(e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return moves(e.Wrapped)
	case *hclsyntax.RelativeTraversalExpr:
		return moves(e.Source)
	case *hclsyntax.IndexExpr:
		return moves(e.Collection)
	case *hclsyntax.SplatExpr:
		return moves(e.Source) && moves(e.Each)
	case *hclsyntax.TupleConsExpr:
		return all(e.Exprs)
	case *hclsyntax.ForExpr:
		val := e.ValExpr
		if c, ok := val.(*countedExpr); ok {
			val = c.Expression
		}
		return e.CondExpr == nil && !e.Group && moves(e.CollExpr) && moves(val)
	case *hclsyntax.FunctionCallExpr:
		switch e.Name {
		case "concat", "flatten", "values", "one", "element", "tolist", "merge":
			return all(e.Args)
		}
	}
	return false
}

func all(exprs []hclsyntax.Expression) bool {
	for _, e := range exprs {
		if !moves(e) {
			return false
		}
	}
	return true
}

// markDirect marks the unknowns within t, and t itself if top is set. What a
// function returns as a whole may be made of several.
func markDirect(t *Value, top bool) {
	if top && t.Kind == Unknown && len(t.Refs) == 1 && isProviders(t.Reason) {
		t.Direct = true
	}
	for _, e := range t.Elems {
		markDirect(e, true)
	}
	for _, f := range t.Fields {
		markDirect(f.Value, true)
	}
}

// isProviders reports whether reason is that of an attribute which the provider
// decides, and no other.
func isProviders(reason string) bool {
	return reason == afterApply || strings.HasPrefix(reason, "data source ") && !strings.Contains(reason, ";")
}

// splatTree follows x[*].path to each element; nil where cty has to decide.
func (f *frame) splatTree(e *hclsyntax.SplatExpr) *Value {
	var path hcl.Traversal
	switch each := e.Each.(type) {
	case *hclsyntax.AnonSymbolExpr:
	case *hclsyntax.RelativeTraversalExpr:
		if _, plain := each.Source.(*hclsyntax.AnonSymbolExpr); !plain {
			return nil
		}
		path = each.Traversal
	default:
		return nil
	}
	t := &Value{Kind: List, Pos: position(e.SrcRange)}
	if members, ok := f.listed(e.Source); ok {
		for _, m := range members {
			t.Elems = append(t.Elems, m.read(path, t.Pos))
		}
		return t
	}
	source := f.tree(e.Source)
	if source.Kind != List {
		return nil
	}
	for _, elem := range source.Elems {
		at, ok := elem.at(path)
		if !ok {
			return nil
		}
		t.Elems = append(t.Elems, at)
	}
	t.Refs, t.Sensitive = source.Refs, source.Sensitive
	return t
}

// listed returns the instances of a resource that an expression names as a
// whole, if a splat takes each of them.
func (f *frame) listed(expr hclsyntax.Expression) ([]*member, bool) {
	e, ok := expr.(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		return nil, false
	}
	name, rest, ok := f.resourceIn(e.Traversal)
	if !ok || len(rest) > 0 {
		return nil, false
	}
	g := f.group(name)
	if g == nil || !g.expand() || g.expansion.form == keyed || g.expansion.form == unsettled {
		return nil, false
	}
	return g.members, true
}

// callTree follows the functions that return one of their arguments as it is;
// nil where cty has to decide.
func (f *frame) callTree(e *hclsyntax.FunctionCallExpr) *Value {
	if e.ExpandFinal || len(e.Args) == 0 {
		return nil
	}
	switch e.Name {
	case "jsonencode":
		t := f.computedTree(e)
		t.Encodes = f.tree(e.Args[0])
		return t
	case "concat", "merge", "tolist", "tomap", "toset":
		return f.gatheredTree(e)
	case "one":
		if t := f.tree(e.Args[0]); t.Kind == List && len(t.Elems) == 1 {
			return t.Elems[0]
		}
	case "try":
		for _, arg := range e.Args {
			ctx, _ := f.context(arg)
			if _, diags := arg.Value(ctx); diags.HasErrors() {
				continue
			}
			if t := f.tree(arg); t.Direct && t.Kind == Unknown {
				return t
			}
			return nil
		}
	}
	return nil
}

// gatheredTree is the tree of a function that puts its arguments together: each
// part keeps its place.
func (f *frame) gatheredTree(e *hclsyntax.FunctionCallExpr) *Value {
	t := f.computedTree(e)
	if t.Kind != List && t.Kind != Object {
		return t
	}
	origin := &Value{Kind: t.Kind, Pos: t.Pos}
	for _, arg := range e.Args {
		from := f.tree(arg)
		origin.Elems = append(origin.Elems, from.Elems...)
		for _, field := range from.Fields {
			origin.set(field.Name, field.Value)
		}
	}
	return f.ev.treeOf(f.value(e), t.Pos, origin)
}
