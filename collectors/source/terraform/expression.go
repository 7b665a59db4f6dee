package terraform

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// tree evaluates an expression to a tree. It follows the shape of the
// expression as far as that goes, so that each element of a list, however often
// handed on, has the place where it was written; the rest is computed.
func (f *frame) tree(expr hclsyntax.Expression) *Value {
	switch e := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return f.literal(e.Val, e.SrcRange)
	case *hclsyntax.TemplateExpr:
		if v := literal(e); v != cty.NilVal {
			return f.literal(v, e.SrcRange)
		}
		return f.templateTree(e)
	case *hclsyntax.TemplateWrapExpr:
		return f.tree(e.Wrapped)
	case *hclsyntax.ParenthesesExpr:
		return f.tree(e.Expression)
	case *hclsyntax.TupleConsExpr:
		t := &Value{Kind: List, Pos: position(e.SrcRange), Elems: make([]*Value, len(e.Exprs))}
		f.ev.spend(len(e.Exprs))
		for i, elem := range e.Exprs {
			t.Elems[i] = f.tree(elem)
		}
		return t
	case *hclsyntax.ObjectConsExpr:
		return f.objectTree(e)
	case *hclsyntax.ConditionalExpr:
		return f.conditionalTree(e)
	case *hclsyntax.ScopeTraversalExpr:
		return f.follow(e.Traversal, e.SrcRange)
	case *hclsyntax.IndexExpr, *hclsyntax.RelativeTraversalExpr:
		if t, ok := f.staticTraversal(expr); ok {
			return f.follow(t, expr.Range())
		}
	case *hclsyntax.SplatExpr:
		if t := f.splatTree(e); t != nil {
			return t
		}
	case *hclsyntax.FunctionCallExpr:
		if t := f.callTree(e); t != nil {
			return t
		}
	}
	return f.computedTree(expr)
}

// newValue takes a zero Value from a block of them: literals are most of what a
// module holds.
func (ev *evaluation) newValue() *Value {
	if len(ev.spare) == 0 {
		ev.spare = make([]Value, 64)
	}
	v := &ev.spare[0]
	ev.spare = ev.spare[1:]
	return v
}

func (f *frame) literal(v cty.Value, rng hcl.Range) *Value {
	t := f.ev.newValue()
	t.Pos, t.Literal = position(rng), true
	if v.IsNull() {
		t.Kind = Null
		return t
	}
	setScalar(t, v)
	return t
}

// computedTree is the tree of what only cty can compute.
func (f *frame) computedTree(expr hclsyntax.Expression) *Value {
	v := f.value(expr)
	pos := position(expr.Range())
	t := f.ev.treeOf(v, pos, nil)
	t.Literals = f.ev.literalsIn(expr)
	if moves(expr) {
		markDirect(t, false)
	}
	return t
}

// templateTree keeps the parts of a text that is not known whole.
func (f *frame) templateTree(e *hclsyntax.TemplateExpr) *Value {
	t := f.computedTree(e)
	if t.Kind == Unknown && len(e.Parts) > 1 && f.ev.spend(len(e.Parts)) {
		for _, part := range e.Parts {
			t.Parts = append(t.Parts, f.tree(part))
		}
	}
	return t
}

func (f *frame) objectTree(e *hclsyntax.ObjectConsExpr) *Value {
	t := &Value{Kind: Object, Pos: position(e.SrcRange), Fields: make([]Field, 0, len(e.Items))}
	f.ev.spend(len(e.Items))
	for _, item := range e.Items {
		name, ok := f.objectKey(item.KeyExpr)
		if !ok {
			return f.computedTree(e)
		}
		t.set(name, f.tree(item.ValueExpr))
	}
	t.sortFields()
	return t
}

// objectKey evaluates the key of an object item; ok is false for one that is
// not a known string.
func (f *frame) objectKey(expr hclsyntax.Expression) (string, bool) {
	k, isKey := expr.(*hclsyntax.ObjectConsKeyExpr)
	if isKey && !k.ForceNonLiteral {
		if name := hcl.ExprAsKeyword(k.Wrapped); name != "" {
			return name, true
		}
	}
	if isKey {
		expr = k.Wrapped
	}
	if s, ok := literalString(expr); ok {
		return s, true
	}
	v := f.value(expr)
	if v.IsMarked() || !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return "", false
	}
	return v.AsString(), true
}

// conditionalTree takes the chosen branch's tree if the condition is known. The
// literals of the other branch are kept: they are written there all the same.
func (f *frame) conditionalTree(e *hclsyntax.ConditionalExpr) *Value {
	cond, marks := f.value(e.Condition).Unmark()
	if !cond.IsKnown() || cond.IsNull() || !truthy(cond) && !falsy(cond) {
		return f.computedTree(e)
	}
	branch, other := e.TrueResult, e.FalseResult
	if falsy(cond) {
		branch, other = other, branch
	}
	t := *f.tree(branch)
	if whole := f.value(e); !whole.Type().Equals(f.value(branch).Type()) {
		t = *f.ev.treeOf(whole, t.Pos, &t)
	}
	from := originsOf(marks)
	if len(from.refs) > 0 {
		t.Refs = sortedRefs(slices.Concat(t.Refs, from.refs))
		t.Direct = t.Direct && len(t.Refs) == 1
	}
	t.Sensitive = t.Sensitive || from.sensitive
	t.Literals = slices.Concat(t.Literals, f.ev.literalsIn(other))
	return &t
}

func truthy(v cty.Value) bool {
	return v.Type() == cty.Bool && v.True() || v.Type() == cty.String && v.AsString() == "true"
}

func falsy(v cty.Value) bool {
	return v.Type() == cty.Bool && v.False() || v.Type() == cty.String && v.AsString() == "false"
}

// staticTraversal writes x[each.key].y as a traversal, with known keys put in.
func (f *frame) staticTraversal(expr hclsyntax.Expression) (hcl.Traversal, bool) {
	switch e := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return e.Traversal, true
	case *hclsyntax.ParenthesesExpr:
		return f.staticTraversal(e.Expression)
	case *hclsyntax.RelativeTraversalExpr:
		t, ok := f.staticTraversal(e.Source)
		if !ok {
			return nil, false
		}
		return append(t[:len(t):len(t)], e.Traversal...), true
	case *hclsyntax.IndexExpr:
		t, ok := f.staticTraversal(e.Collection)
		if !ok {
			return nil, false
		}
		key := f.value(e.Key)
		if key.IsMarked() || !key.IsKnown() || key.IsNull() || key.Type() != cty.String && key.Type() != cty.Number {
			return nil, false
		}
		return append(t[:len(t):len(t)], hcl.TraverseIndex{Key: key, SrcRange: e.SrcRange}), true
	}
	return nil, false
}

// value evaluates an expression with cty. A failure is a diagnostic and gives
// an unknown with the message as reason.
func (f *frame) value(expr hclsyntax.Expression) cty.Value {
	switch e := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return e.Val
	case *hclsyntax.ParenthesesExpr:
		return f.value(e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return f.value(e.Wrapped)
	case *hclsyntax.TemplateExpr:
		if v := literal(e); v != cty.NilVal {
			return v
		}
	case *hclsyntax.ScopeTraversalExpr:
		return f.traverse(e.Traversal, e.SrcRange)
	}
	return f.compute(expr)
}

func (f *frame) compute(expr hclsyntax.Expression) (v cty.Value) {
	defer func() {
		if p := recover(); p != nil {
			reason := fmt.Sprintf("the expression could not be evaluated: %v", p)
			f.ev.fail(expr.Range(), reason, "this is a defect of the reader: please report it")
			v = unknownBecause(cty.DynamicPseudoType, reason)
		}
	}()
	if !f.ev.spend(1) {
		return unknownBecause(cty.DynamicPseudoType, f.ev.overValues())
	}
	ctx, seen := f.context(expr)
	v, diags := expr.Value(ctx)
	if diags.HasErrors() {
		return f.failed(expr, diags)
	}
	return explained(f.strict(expr, f.ev.bounded(v)), seen)
}

// failed reports an expression that Terraform would refuse.
func (f *frame) failed(expr hclsyntax.Expression, diags hcl.Diagnostics) cty.Value {
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		rng := expr.Range()
		if d.Subject != nil && d.Subject.Filename == rng.Filename {
			rng = *d.Subject
		}
		reason := reasonOf(d)
		f.ev.problem(severityWarning, rng, reason, "", "Terraform would refuse this expression")
		return unknownBecause(cty.DynamicPseudoType, reason)
	}
	return unknownBecause(cty.DynamicPseudoType, dependsOnUnknown)
}

func reasonOf(d *hcl.Diagnostic) string {
	reason := lowerFirst(d.Summary)
	if d.Detail != "" {
		reason += ": " + d.Detail
	}
	const most = 300
	if len(reason) > most {
		reason = reason[:most]
	}
	return reason
}

// explained gives unknowns that carry no cause the causes of everything the
// expression read: some functions drop marks.
func explained(v cty.Value, seen map[string]cty.Value) cty.Value {
	if v.IsWhollyKnown() {
		return v
	}
	left := 10_000
	marks := cty.ValueMarks{}
	deepMarks(v, marks, &left)
	for m := range marks {
		if c, ok := m.(cause); ok && c.Reason != "" {
			return v
		}
	}
	for _, s := range seen {
		deepMarks(s, marks, &left)
	}
	return v.WithMarks(marks)
}
