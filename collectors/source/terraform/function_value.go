package terraform

import (
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// valueFunctions are those on collections and on values as such.
func (ev *evaluation) valueFunctions() map[string]function.Function {
	return map[string]function.Function{
		"alltrue":         truth(true),
		"anytrue":         truth(false),
		"can":             canFunction(),
		"coalesce":        coalesceFunction(),
		"element":         ev.checked(stdlib.ElementFunc, fromStart),
		"ephemeralasnull": markFunction(func(v cty.Value) cty.Value { return v }),
		"index":           indexFunction(),
		"issensitive":     isSensitiveFunction(),
		"keys":            closed(stdlib.KeysFunc),
		"length":          closed(lengthFunction()),
		"lookup":          lookupFunction(),
		"matchkeys":       matchKeysFunction(),
		"nonsensitive":    markFunction(withoutSecret),
		"one":             oneFunction(),
		"sensitive":       markFunction(func(v cty.Value) cty.Value { return v.Mark(secret{}) }),
		"setproduct":      ev.product(stdlib.SetProductFunc),
		"sum":             sumFunction(),
		"transpose":       transposeFunction(),
		"try":             tryFunction(),
		"values":          closed(stdlib.ValuesFunc),
	}
}

// closed makes a function of one argument unknown for objects that have more
// members than are known.
func closed(f function.Function) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{
			Name: "value", Type: cty.DynamicPseudoType,
			AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true,
		}},
		Type: func(args []cty.Value) (cty.Type, error) {
			if isOpen(args[0]) {
				return cty.DynamicPseudoType, nil
			}
			return f.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if isOpen(args[0]) {
				v, _ := args[0].Unmark()
				return cty.DynamicVal.WithSameMarks(args[0], v.GetAttr(openAttribute)), nil
			}
			return f.Call(args)
		},
	})
}

func isOpen(v cty.Value) bool {
	return v.Type().IsObjectType() && v.Type().HasAttribute(openAttribute) && v.IsKnown() && !v.IsNull()
}

func lengthFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{
			Name: "value", Type: cty.DynamicPseudoType,
			AllowDynamicType: true, AllowUnknown: true, AllowMarked: true,
		}},
		Type: func(args []cty.Value) (cty.Type, error) {
			t := args[0].Type()
			switch {
			case t == cty.String, t == cty.DynamicPseudoType, t.IsTupleType(), t.IsObjectType(), t.IsCollectionType():
				return cty.Number, nil
			}
			return cty.Number, errors.New("argument must be a string, a collection type, or a structural type")
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, marks := args[0].Unmark()
			n := cty.UnknownVal(cty.Number).Refine().NotNull().NumberRangeLowerBound(cty.Zero, true).NewValue()
			switch t := v.Type(); {
			case t.IsTupleType():
				n = cty.NumberIntVal(int64(len(t.TupleElementTypes())))
			case t.IsObjectType():
				n = cty.NumberIntVal(int64(len(t.AttributeTypes())))
			case t == cty.DynamicPseudoType, !v.IsKnown() && t == cty.String:
			case t == cty.String:
				s, err := stdlib.Strlen(v)
				if err != nil {
					return n, err
				}
				n = s
			default:
				n = v.Length()
			}
			return n.WithMarks(marks), nil
		},
	})
}

func coalesceFunction() function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{
			Name: "vals", Type: cty.DynamicPseudoType,
			AllowUnknown: true, AllowDynamicType: true, AllowNull: true,
		},
		Type: func(args []cty.Value) (cty.Type, error) {
			types := make([]cty.Type, len(args))
			for i, a := range args {
				types[i] = a.Type()
			}
			t, _ := convert.UnifyUnsafe(types)
			if t == cty.NilType {
				return cty.NilType, errors.New("all arguments must have the same type")
			}
			return t, nil
		},
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			for _, a := range args {
				if !a.IsKnown() {
					return cty.UnknownVal(t), nil
				}
				a, err := convert.Convert(a, t)
				if err != nil {
					return cty.NilVal, err
				}
				if a.IsNull() || t == cty.String && a.RawEquals(cty.StringVal("")) {
					continue
				}
				return a, nil
			}
			return cty.NilVal, errors.New("no non-null, non-empty-string arguments")
		},
	})
}

func indexFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("list", cty.DynamicPseudoType), parameter("value", cty.DynamicPseudoType)},
		Type:   function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			list := args[0]
			switch {
			case !list.Type().IsListType() && !list.Type().IsTupleType():
				return cty.NilVal, errors.New("argument must be a list or tuple")
			case !list.IsKnown():
				return cty.UnknownVal(cty.Number), nil
			case list.LengthInt() == 0:
				return cty.NilVal, errors.New("cannot search an empty list")
			}
			for it := list.ElementIterator(); it.Next(); {
				i, v := it.Element()
				equal, err := stdlib.Equal(v, args[1])
				if err != nil {
					return cty.NilVal, err
				}
				if !equal.IsKnown() {
					return cty.UnknownVal(cty.Number), nil
				}
				if equal.True() {
					return i, nil
				}
			}
			return cty.NilVal, errors.New("item not found")
		},
	})
}

// lookupFunction reads a member of a map or object, with an optional default.
func lookupFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{
			{Name: "map", Type: cty.DynamicPseudoType, AllowMarked: true},
			{Name: "key", Type: cty.String, AllowMarked: true},
		},
		VarParam: &function.Parameter{
			Name: "default", Type: cty.DynamicPseudoType,
			AllowUnknown: true, AllowDynamicType: true, AllowNull: true, AllowMarked: true,
		},
		Type: func(args []cty.Value) (cty.Type, error) {
			if len(args) > 3 {
				return cty.NilType, fmt.Errorf("lookup() takes two or three arguments, got %d", len(args))
			}
			t := args[0].Type()
			switch {
			case t.IsObjectType():
				key, _ := args[1].Unmark()
				switch {
				case !key.IsKnown():
					return cty.DynamicPseudoType, nil
				case t.HasAttribute(key.AsString()):
					return t.AttributeType(key.AsString()), nil
				case isOpen(args[0]):
					return cty.DynamicPseudoType, nil
				case len(args) == 3:
					return args[2].Type(), nil
				}
				return cty.NilType, function.NewArgErrorf(0, "the given object has no attribute %q", key.AsString())
			case t.IsMapType():
				if len(args) == 3 {
					if _, err := convert.Convert(args[2], t.ElementType()); err != nil {
						return cty.NilType, function.NewArgErrorf(2, "the default value must have the same type as the map elements")
					}
				}
				return t.ElementType(), nil
			}
			return cty.NilType, function.NewArgErrorf(0, "lookup() requires a map as the first argument")
		},
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			m, marks := args[0].Unmark()
			key, keyMarks := args[1].Unmark()
			if !m.IsKnown() || !key.IsKnown() {
				return cty.UnknownVal(t).WithMarks(marks, keyMarks), nil
			}
			name := key.AsString()
			if m.Type().IsObjectType() && m.Type().HasAttribute(name) {
				return m.GetAttr(name).WithMarks(marks, keyMarks), nil
			}
			if m.Type().IsMapType() && m.HasIndex(key).True() {
				return m.Index(key).WithMarks(marks, keyMarks), nil
			}
			if isOpen(args[0]) {
				return cty.UnknownVal(t).WithMarks(marks, keyMarks).WithSameMarks(m.GetAttr(openAttribute)), nil
			}
			if len(args) == 3 {
				v, err := convert.Convert(args[2], t)
				if err != nil {
					return cty.NilVal, err
				}
				return v.WithMarks(marks, keyMarks), nil
			}
			return cty.NilVal, fmt.Errorf("lookup failed to find key %q", name)
		},
	})
}

// tryFunction returns the first argument that can be evaluated. One that holds
// an unknown might yet fail, so the result is unknown then.
func tryFunction() function.Function {
	try := func(args []cty.Value) (cty.Value, error) {
		if len(args) == 0 {
			return cty.NilVal, errors.New("at least one argument is required")
		}
		var last error
		for _, arg := range args {
			v, diags := customdecode.ExpressionClosureFromVal(arg).Value()
			if diags.HasErrors() {
				last = errors.New(reasonOf(diags[0]))
				continue
			}
			return certain(v, cty.DynamicPseudoType, v), nil
		}
		return cty.NilVal, fmt.Errorf("no expression succeeded: %w", last)
	}
	return function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
		Type: func(args []cty.Value) (cty.Type, error) {
			v, err := try(args)
			if err != nil {
				return cty.NilType, err
			}
			return v.Type(), nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return try(args) },
	})
}

func canFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "expression", Type: customdecode.ExpressionClosureType}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, diags := customdecode.ExpressionClosureFromVal(args[0]).Value()
			if diags.HasErrors() {
				return cty.False, nil
			}
			return certain(v, cty.Bool, cty.True), nil
		},
	})
}

// certain is result if all of v is known, else an unknown with all marks of v.
func certain(v cty.Value, ty cty.Type, result cty.Value) cty.Value {
	if v.IsWhollyKnown() {
		return result
	}
	left := 10_000
	marks := cty.ValueMarks{}
	deepMarks(v, marks, &left)
	return cty.UnknownVal(ty).WithMarks(marks)
}

// markFunction returns its argument with other marks.
func markFunction(f func(cty.Value) cty.Value) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{
			Name: "value", Type: cty.DynamicPseudoType,
			AllowUnknown: true, AllowNull: true, AllowMarked: true, AllowDynamicType: true,
		}},
		Type: func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return f(args[0]), nil },
	})
}

func withoutSecret(v cty.Value) cty.Value {
	v, marks := v.Unmark()
	delete(marks, secret{})
	return v.WithMarks(marks)
}

func isSensitiveFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{
			Name: "value", Type: cty.DynamicPseudoType,
			AllowUnknown: true, AllowNull: true, AllowMarked: true, AllowDynamicType: true,
		}},
		Type: function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, marks := args[0].Unmark()
			delete(marks, secret{})
			switch {
			case args[0].HasMark(secret{}):
				return cty.True, nil
			case !v.IsKnown():
				return cty.UnknownVal(cty.Bool).WithMarks(marks), nil
			}
			return cty.False, nil
		},
	})
}
