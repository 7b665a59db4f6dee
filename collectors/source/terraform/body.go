package terraform

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// meta says which arguments and blocks of a body are Terraform's own.
type meta func(name string) bool

func noMeta(string) bool { return false }

func resourceMeta(name string) bool {
	switch name {
	case "count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection":
		return true
	}
	return false
}

func callMeta(name string) bool {
	switch name {
	case "source", "version", "count", "for_each", "providers", "depends_on":
		return true
	}
	return false
}

func providerMeta(name string) bool { return name == "alias" || name == "version" }

// body evaluates the arguments and nested blocks of a block to an Object, in
// source order; blocks of one type make one List where the first one stands.
func (f *frame) body(b *hclsyntax.Body, rng hcl.Range, own meta) *Value {
	t := &Value{Kind: Object, Pos: position(rng), Fields: make([]Field, 0, len(b.Attributes)+len(b.Blocks))}
	f.fill(t, b, own)
	return t
}

// items gives the arguments and blocks of a body in source order; one of both
// is nil.
func items(b *hclsyntax.Body, yield func(*hclsyntax.Attribute, *hclsyntax.Block)) {
	attrs := sortedAttributes(b)
	for _, block := range b.Blocks {
		for len(attrs) > 0 && before(&attrs[0].NameRange, &block.TypeRange) < 0 {
			yield(attrs[0], nil)
			attrs = attrs[1:]
		}
		yield(nil, block)
	}
	for _, a := range attrs {
		yield(a, nil)
	}
}

func (f *frame) fill(t *Value, b *hclsyntax.Body, own meta) {
	items(b, func(a *hclsyntax.Attribute, block *hclsyntax.Block) {
		switch {
		case a != nil:
			if !own(a.Name) {
				f.argument(t, a)
			}
		case block.Type == "dynamic" && len(block.Labels) == 1:
			if name := block.Labels[0]; !own(name) {
				f.dynamic(t.blocks(name, block.TypeRange, f.ev), block)
				t.dropEmpty(name)
			}
		case block.Type == "_" && len(block.Labels) == 0:
			// The escape for arguments that are named like Terraform's own.
			f.fill(t, block.Body, noMeta)
		case !own(block.Type):
			if len(block.Labels) > 0 {
				f.ev.warn(block.LabelRanges[0], "a nested block has no labels", "")
			}
			list := t.blocks(block.Type, block.TypeRange, f.ev)
			list.Elems = append(list.Elems, f.body(block.Body, blockRange(block), noMeta))
		}
	})
}

func (f *frame) argument(t *Value, a *hclsyntax.Attribute) {
	if t.field(a.Name) != nil {
		f.ev.fail(a.NameRange, a.Name+" is both an argument and a block", "")
		list := t.field(a.Name)
		list.Kind, list.Reason = Unknown, a.Name+" is both an argument and a block"
		return
	}
	v := f.tree(a.Expr)
	switch a.Expr.(type) {
	case *hclsyntax.LiteralValueExpr, *hclsyntax.TemplateExpr:
		f.ev.spend(1)
	default:
		if size := 0; !treeFits(v, f.ev.limits.ValueSize, f.ev.limits.Nesting, &size) || !f.ev.spend(size) {
			reason := "the value is larger or deeper than the limit"
			f.ev.warn(a.Expr.Range(), reason, "")
			v = &Value{Kind: Unknown, Reason: reason, Pos: v.Pos}
		}
	}
	t.Fields = append(t.Fields, Field{Name: a.Name, Value: v})
}

// treeFits is measure for trees.
func treeFits(v *Value, limit, depth int, size *int) bool {
	*size += 1 + len(v.Text)/textWeight
	if depth == 0 || *size > limit {
		return false
	}
	for _, e := range v.Elems {
		if !treeFits(e, limit, depth-1, size) {
			return false
		}
	}
	for _, field := range v.Fields {
		if !treeFits(field.Value, limit, depth-1, size) {
			return false
		}
	}
	return true
}

// blocks returns the list of the nested blocks of a type, made if need be.
func (v *Value) blocks(name string, rng hcl.Range, ev *evaluation) *Value {
	if list := v.field(name); list != nil {
		if list.Kind != List && list.Kind != Unknown || list.Literal {
			ev.fail(rng, name+" is both an argument and a block", "")
			list.Kind, list.Reason = Unknown, name+" is both an argument and a block"
		}
		return list
	}
	list := &Value{Kind: List, Pos: position(rng)}
	v.Fields = append(v.Fields, Field{Name: name, Value: list})
	return list
}

// dropEmpty takes away a list of blocks that none was generated for: nothing of
// that type is written then.
func (v *Value) dropEmpty(name string) {
	last := len(v.Fields) - 1
	if f := v.Fields[last]; f.Name == name && f.Value.Kind == List && len(f.Value.Elems) == 0 {
		v.Fields = v.Fields[:last]
	}
}

// set replaces or adds a member.
func (v *Value) set(name string, value *Value) {
	for i := range v.Fields {
		if v.Fields[i].Name == name {
			v.Fields[i].Value = value
			return
		}
	}
	v.Fields = append(v.Fields, Field{Name: name, Value: value})
}
