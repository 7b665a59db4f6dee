package terraform

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// follow evaluates a reference to a tree.
func (f *frame) follow(t hcl.Traversal, rng hcl.Range) *Value {
	if name, rest, ok := f.resourceIn(t); ok {
		return f.followResource(name, rest, rng)
	}
	d, rest, done := f.lookup(t, rng)
	if done != nil {
		return done
	}
	if tree, ok := d.shaped(rng).at(rest); ok {
		return tree
	}
	return f.ev.treeOf(f.stepsOf(d.value(), rest, rng), position(rng), nil)
}

// traverse evaluates a reference to a cty value.
func (f *frame) traverse(t hcl.Traversal, rng hcl.Range) cty.Value {
	if name, rest, ok := f.resourceIn(t); ok {
		if g := f.group(name); g != nil && !g.reaches(rest) {
			return f.stepsOf(g.value(nil), rest, rng)
		}
		return f.ev.ctyWithin(f.followResource(name, rest, rng), Ref{}, false)
	}
	d, rest, done := f.lookup(t, rng)
	if done != nil {
		return f.ev.ctyWithin(done, Ref{}, false)
	}
	return f.stepsOf(d.value(), rest, rng)
}

// stepsOf takes the steps of a relative traversal on v.
func (f *frame) stepsOf(v cty.Value, rest hcl.Traversal, rng hcl.Range) cty.Value {
	if len(rest) == 0 {
		return v
	}
	got, diags := rest.TraverseRel(v)
	if !diags.HasErrors() {
		return explained(got, map[string]cty.Value{"": v})
	}
	reason := reasonOf(diags[0])
	f.ev.warn(rng, reason, "Terraform would refuse this reference")
	return unknownBecause(cty.DynamicPseudoType, reason)
}

// lookup finds the datum at the start of a traversal; done is the answer if
// there is none to follow.
func (f *frame) lookup(t hcl.Traversal, rng hcl.Range) (d *datum, rest hcl.Traversal, done *Value) {
	var problem string
	if f.in != nil && t.RootName() == "module" && f.binding("module") == nil {
		d, rest, problem = f.moduleOutput(t)
	} else {
		d, rest, problem = f.named(t)
	}
	if problem != "" {
		f.ev.warn(rng, problem, "")
		return nil, nil, &Value{Kind: Unknown, Reason: problem, Pos: position(rng)}
	}
	return d, rest, nil
}

// resourceIn reads the resource or data source that a traversal starts with.
func (f *frame) resourceIn(t hcl.Traversal) (name resourceName, rest hcl.Traversal, ok bool) {
	root := t.RootName()
	switch root {
	case "var", "local", "module", "path", "terraform", "count", "each", "self":
		return name, nil, false
	}
	if f.in == nil || f.binding(root) != nil {
		return name, nil, false
	}
	mode := managed
	i := 0
	switch root {
	case "resource":
		i = 1
	case data, ephemeral:
		mode, i = root, 1
	}
	kind, okKind := step(t, i)
	label, okName := step(t, i+1)
	if !okKind || !okName {
		return name, nil, false
	}
	return resourceName{mode, kind, label}, t[i+2:], true
}

// at follows steps within a tree; ok is false where nothing is written or cty
// has to decide.
func (v *Value) at(rest hcl.Traversal) (*Value, bool) {
	for i := range rest {
		next := v.next(rest[i])
		if v.Kind == Unknown && v.Direct && (next == nil || next.Kind == Null) {
			return v.beyond(rest[i:]), true
		}
		if next == nil {
			return nil, false
		}
		v = next
	}
	return v, true
}

// next takes one step, nil if there is nothing there.
func (v *Value) next(s hcl.Traverser) *Value {
	switch s := s.(type) {
	case hcl.TraverseAttr:
		return v.field(s.Name)
	case hcl.TraverseIndex:
		key, _ := s.Key.Unmark()
		if key.IsNull() || !key.IsKnown() {
			return nil
		}
		if key.Type() == cty.String && v.Kind != List {
			return v.field(key.AsString())
		}
		if key.Type() == cty.Number && v.Kind == List {
			if i, acc := key.AsBigFloat().Int64(); acc == 0 && i >= 0 && i < int64(len(v.Elems)) {
				return v.Elems[i]
			}
		}
	}
	return nil
}

// beyond is what lies within an attribute that only the provider knows.
func (v *Value) beyond(rest hcl.Traversal) *Value {
	u := *v
	u.Fields, u.Elems, u.Parts = nil, nil, nil
	u.Refs = []Ref{v.Refs[0].sub(pathOf(rest))}
	return &u
}

// references are the names an expression reads, found once per expression.
type references struct {
	traversals []hcl.Traversal
	tellsTypes bool
}

func (ev *evaluation) referencesIn(expr hclsyntax.Expression) *references {
	if r, ok := ev.variables[expr]; ok {
		return r
	}
	ev.prepare(expr)
	r := &references{traversals: expr.Variables(), tellsTypes: tellsTypes(expr)}
	ev.variables[expr] = r
	return r
}

// context holds what the expression refers to and nothing else: the cost of an
// expression does not grow with the module.
func (f *frame) context(expr hclsyntax.Expression) (*hcl.EvalContext, map[string]cty.Value) {
	refs := f.ev.referencesIn(expr)
	ctx := &hcl.EvalContext{Functions: f.ev.functionTable()}
	if len(refs.traversals) == 0 {
		return ctx, nil
	}
	b := contextBuilder{frame: f, vars: map[string]cty.Value{}, groups: map[string]map[string]cty.Value{}}
	for _, t := range refs.traversals {
		b.need(t)
	}
	for _, t := range refs.traversals {
		b.add(t)
	}
	b.close()
	ctx.Variables = b.vars
	return ctx, b.vars
}
