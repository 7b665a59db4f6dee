package terraform

import (
	"math/big"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// loose is the cty mark of a scalar read from another resource that was written
// there as one type and may be another in the provider's schema: port = "443"
// reads as a number, tags = { n = 5 } as a string. Most expressions convert
// either to what they need; those that tell the two apart become unknown.
type loose struct{}

const looseReason = "the type of an attribute it reads is decided by the provider"

// isLoose reports whether a scalar could be of another type.
func isLoose(v *Value) bool {
	switch v.Kind {
	case Number, Bool:
		return true
	case String:
		if v.Text == "true" || v.Text == "false" {
			return true
		}
		_, _, err := big.ParseFloat(v.Text, 10, 64, big.ToNearestEven)
		return err == nil
	}
	return false
}

// tellsTypes reports whether an expression contains an operation whose result
// is not the same for "5" and 5.
func tellsTypes(expr hclsyntax.Expression) bool {
	found := false
	_ = hclsyntax.VisitAll(expr, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.BinaryOpExpr:
			found = found || n.Op == hclsyntax.OpEqual || n.Op == hclsyntax.OpNotEqual
		case *hclsyntax.FunctionCallExpr:
			switch n.Name {
			case "contains", "distinct", "index", "jsonencode", "length", "matchkeys", "setintersection",
				"setproduct", "setsubtract", "setunion", "templatefile", "templatestring", "toset", "yamlencode":
				found = true
			}
		}
		return nil
	})
	return found
}

// settleTypes makes the scalars of a tree that came by reference unknown where
// nothing converts them: the arguments of terraform_data take any type.
func settleTypes(v *Value) *Value {
	if len(v.Refs) > 0 && isLoose(v) {
		return &Value{Kind: Unknown, Reason: looseReason, Refs: v.Refs, Sensitive: v.Sensitive, Pos: v.Pos}
	}
	if len(v.Elems)+len(v.Fields) == 0 {
		return v
	}
	t := *v
	t.Elems, t.Fields = make([]*Value, len(v.Elems)), make([]Field, len(v.Fields))
	for i, e := range v.Elems {
		t.Elems[i] = settleTypes(e)
	}
	for i, f := range v.Fields {
		t.Fields[i] = Field{f.Name, settleTypes(f.Value)}
	}
	return &t
}

// strict returns v, or an unknown if it was computed by telling types apart
// that are not certain.
func (f *frame) strict(expr hclsyntax.Expression, v cty.Value) cty.Value {
	if !f.ev.referencesIn(expr).tellsTypes {
		return v
	}
	left := 100_000
	marks := cty.ValueMarks{}
	deepMarks(v, marks, &left)
	if _, found := marks[loose{}]; !found && left >= 0 {
		return v
	}
	delete(marks, loose{})
	return unknownBecause(v.Type(), looseReason).WithMarks(marks)
}
