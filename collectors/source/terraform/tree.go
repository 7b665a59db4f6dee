package terraform

import (
	"math/big"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/writ-policy/writ/engine/fact"
)

// treeOf turns a cty value into a tree. All of it gets the position pos, but
// where origin, the tree of the expression that the value was converted or
// chosen from, has the same element or member, that one's place and refs.
func (ev *evaluation) treeOf(v cty.Value, pos fact.Position, origin *Value) *Value {
	return ev.treeWithin(v, pos, origin, origins{})
}

func (ev *evaluation) treeWithin(v cty.Value, pos fact.Position, origin *Value, outer origins) *Value {
	v, marks := v.Unmark()
	from := originsOf(marks).join(outer)
	t := &Value{Pos: pos, Refs: from.refs, Sensitive: from.sensitive}
	if origin != nil {
		t.Pos = origin.Pos
		t.Sensitive = t.Sensitive || origin.Sensitive
		if len(t.Refs) == 0 {
			t.Refs = origin.Refs
		}
	}
	if origin.isOpen() && isOpen(v) {
		whole := *origin
		whole.Sensitive = t.Sensitive
		return &whole
	}
	if origin != nil {
		t.Encodes, t.Literals = origin.Encodes, origin.Literals
	}
	switch {
	case !v.IsKnown():
		t.Kind = Unknown
		t.Reason = from.reason
		if origin != nil && origin.Kind == Unknown {
			t.Direct, t.Refs, t.Reason = origin.Direct, origin.Refs, origin.Reason
			t.Elems, t.Fields, t.Parts = origin.Elems, origin.Fields, origin.Parts
		}
		if t.Reason == "" {
			t.Reason = dependsOnUnknown
		}
		return t
	case v.IsNull():
		t.Kind = Null
		return t
	}
	if origin != nil {
		t.Literal = origin.Literal
	}
	inner := origins{reason: from.reason, refs: from.refs, sensitive: t.Sensitive}
	switch ty := v.Type(); {
	case ty.IsPrimitiveType():
		setScalar(t, v)
	case ty.IsListType() || ty.IsSetType() || ty.IsTupleType():
		ev.treeElems(t, v, origin, inner)
	case ty.IsMapType() || ty.IsObjectType():
		ev.treeFields(t, v, origin, inner)
	default:
		t.Kind, t.Reason = Unknown, "a value that only Terraform itself can hold"
	}
	return t
}

const dependsOnUnknown = "depends on a value that is not known"

func (ev *evaluation) treeElems(t *Value, v cty.Value, origin *Value, inner origins) {
	t.Kind = List
	t.Elems = make([]*Value, 0, v.LengthInt())
	set := v.Type().IsSetType()
	for it := v.ElementIterator(); it.Next(); {
		_, elem := it.Element()
		var from *Value
		if origin != nil {
			if set || len(origin.Elems) != v.LengthInt() {
				from = origin.sameScalar(elem)
			} else {
				from = origin.Elems[len(t.Elems)]
			}
		}
		t.Elems = append(t.Elems, ev.treeWithin(elem, t.Pos, from, inner))
	}
}

func (ev *evaluation) treeFields(t *Value, v cty.Value, origin *Value, inner origins) {
	t.Kind = Object
	t.Fields = make([]Field, 0, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		key, elem := it.Element()
		name := key.AsString()
		if name == openAttribute {
			// Part of a whole resource: what it has besides only the provider knows.
			t.Kind, t.Reason = Unknown, afterApply
			continue
		}
		var from *Value
		if origin != nil {
			if from = origin.field(name); from == nil && origin.isOpen() {
				from = origin.beyond(hcl.Traversal{hcl.TraverseAttr{Name: name}})
			}
		}
		t.Fields = append(t.Fields, Field{Name: name, Value: ev.treeWithin(elem, t.Pos, from, inner)})
	}
}

// isOpen reports whether v is a whole resource: what was not written of it only
// the provider knows.
func (v *Value) isOpen() bool {
	return v != nil && v.Kind == Unknown && v.Direct && v.Refs[0].Path == ""
}

// hidden is v with all of it sensitive.
func (v *Value) hidden() *Value {
	t := *v
	t.Sensitive = true
	t.Elems, t.Fields = make([]*Value, len(v.Elems)), make([]Field, len(v.Fields))
	for i, e := range v.Elems {
		t.Elems[i] = e.hidden()
	}
	for i, f := range v.Fields {
		t.Fields[i] = Field{f.Name, f.Value.hidden()}
	}
	return &t
}

// sameScalar returns the element of v that holds the scalar elem, nil if there
// is none: sets reorder what was written.
func (v *Value) sameScalar(elem cty.Value) *Value {
	elem, _ = elem.Unmark()
	if !elem.IsKnown() || elem.IsNull() || !elem.Type().IsPrimitiveType() {
		return nil
	}
	var want Value
	setScalar(&want, elem)
	for _, e := range v.Elems {
		if e.Kind == want.Kind && e.Bool == want.Bool && e.Number == want.Number && e.Text == want.Text {
			return e
		}
	}
	return nil
}

// setScalar fills t with a known scalar.
func setScalar(t *Value, v cty.Value) {
	switch v.Type() {
	case cty.Bool:
		t.Kind, t.Bool = Bool, v.True()
	case cty.String:
		t.Kind, t.Text = String, v.AsString()
	default:
		f := v.AsBigFloat()
		if f.IsInf() {
			t.Kind, t.Reason = Unknown, "not a finite number"
			return
		}
		t.Kind, t.Number = Number, decimal(f)
	}
}

// decimal writes a number as Terraform does: all digits, no exponent.
func decimal(f *big.Float) string {
	if i, acc := f.Int64(); acc == big.Exact {
		return strconv.FormatInt(i, 10)
	}
	return f.Text('f', -1)
}

// ctyOf is the way back, for expressions that read what another block wrote.
// Unknowns carry their reason and refs; at is the attribute's ref, which the
// whole is marked with.
func (ev *evaluation) ctyOf(t *Value, at Ref) cty.Value {
	return ev.ctyWithin(t, at, false).Mark(cause{Ref: at})
}

func (ev *evaluation) ctyWithin(t *Value, at Ref, listed bool) cty.Value {
	var v cty.Value
	switch t.Kind {
	case Bool:
		v = cty.BoolVal(t.Bool)
	case String:
		v = cty.StringVal(t.Text)
	case Number:
		n, err := cty.ParseNumberVal(t.Number)
		if err != nil {
			return unknownBecause(cty.Number, "not a number: "+t.Number)
		}
		v = n
	case List:
		elems := make([]cty.Value, len(t.Elems))
		for i, e := range t.Elems {
			elems[i] = ev.ctyWithin(e, at.sub(strconv.Itoa(i)), true)
		}
		v = cty.TupleVal(elems)
	case Object:
		attrs := make(map[string]cty.Value, len(t.Fields))
		for _, f := range t.Fields {
			attrs[f.Name] = ev.ctyWithin(f.Value, at.sub(f.Name), false)
		}
		if listed {
			// Possibly a block, which has more attributes than were written.
			ev.open(attrs, at)
		}
		v = cty.ObjectVal(attrs)
	case Null, Absent:
		v = cty.NullVal(cty.DynamicPseudoType)
	default:
		ty := cty.DynamicPseudoType
		if t.Direct {
			ty = typeOf(t.Refs[0])
		}
		v = cty.UnknownVal(ty)
	}
	o := origins{refs: t.Refs, sensitive: t.Sensitive}
	if t.Kind == Unknown {
		o.reason = t.Reason
	}
	if isLoose(t) {
		v = v.Mark(loose{})
	}
	return v.WithMarks(o.marks())
}

func (r Ref) sub(name string) Ref {
	if r.Path != "" {
		name = r.Path + "." + name
	}
	return Ref{Address: r.Address, Path: name}
}
