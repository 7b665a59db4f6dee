package terraform

import (
	"errors"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// truth is alltrue or anytrue.
func truth(all bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("list", cty.List(cty.Bool))},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			unknown := false
			for it := args[0].ElementIterator(); it.Next(); {
				_, v := it.Element()
				switch {
				case !v.IsKnown() && all:
					return cty.UnknownVal(cty.Bool), nil
				case !v.IsKnown():
					unknown = true
				case v.IsNull() && all, !v.IsNull() && v.True() != all:
					return cty.BoolVal(!all), nil
				}
			}
			if unknown {
				return cty.UnknownVal(cty.Bool), nil
			}
			return cty.BoolVal(all), nil
		},
	})
}

func matchKeysFunction() function.Function {
	list := cty.List(cty.DynamicPseudoType)
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("values", list), parameter("keys", list), parameter("searchset", list)},
		Type: func(args []cty.Value) (cty.Type, error) {
			if t, _ := convert.UnifyUnsafe([]cty.Type{args[1].Type(), args[2].Type()}); t == cty.NilType {
				return cty.NilType, errors.New("keys and searchset must be of the same type")
			}
			return args[0].Type(), nil
		},
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			values := args[0]
			if !values.IsKnown() {
				return cty.UnknownVal(t), nil
			}
			if values.LengthInt() != args[1].LengthInt() {
				return cty.NilVal, errors.New("length of keys and values should be equal")
			}
			one, _ := convert.UnifyUnsafe([]cty.Type{args[1].Type(), args[2].Type()})
			keys, err := convert.Convert(args[1], one)
			if err != nil {
				return cty.NilVal, err
			}
			search, err := convert.Convert(args[2], one)
			if err != nil {
				return cty.NilVal, err
			}
			if search.LengthInt() == 0 {
				return cty.ListValEmpty(t.ElementType()), nil
			}
			if !values.IsWhollyKnown() || !keys.IsWhollyKnown() {
				return cty.UnknownVal(t), nil
			}
			return matched(values, keys, search, t)
		},
	})
}

func matched(values, keys, search cty.Value, t cty.Type) (cty.Value, error) {
	var found []cty.Value
	for it := keys.ElementIterator(); it.Next(); {
		i, key := it.Element()
		for is := search.ElementIterator(); is.Next(); {
			_, s := is.Element()
			equal, err := stdlib.Equal(key, s)
			if err != nil {
				return cty.NilVal, err
			}
			if !equal.IsKnown() {
				return cty.UnknownVal(t), nil
			}
			if equal.True() {
				found = append(found, values.Index(i))
				break
			}
		}
	}
	if len(found) == 0 {
		return cty.ListValEmpty(t.ElementType()), nil
	}
	return cty.ListVal(found), nil
}

func oneFunction() function.Function {
	problem := errors.New("must be a list, set, or tuple value with either zero or one elements")
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("list", cty.DynamicPseudoType)},
		Type: func(args []cty.Value) (cty.Type, error) {
			t := args[0].Type()
			switch {
			case t.IsListType() || t.IsSetType():
				return t.ElementType(), nil
			case t.IsTupleType() && t.Length() == 0:
				return cty.DynamicPseudoType, nil
			case t.IsTupleType() && t.Length() == 1:
				return t.TupleElementType(0), nil
			}
			return cty.NilType, function.NewArgError(0, problem)
		},
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			list := args[0]
			switch n := list.LengthInt(); {
			case n == 0:
				return cty.NullVal(t), nil
			case n > 1:
				return cty.NilVal, function.NewArgError(0, problem)
			}
			it := list.ElementIterator()
			it.Next()
			_, v := it.Element()
			return v, nil
		},
	})
}

func sumFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("list", cty.DynamicPseudoType)},
		Type:   function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			list := args[0]
			t := list.Type()
			if !list.CanIterateElements() {
				return cty.NilVal, function.NewArgErrorf(0, "cannot sum noniterable")
			}
			if list.LengthInt() == 0 {
				return cty.NilVal, function.NewArgErrorf(0, "cannot sum an empty list")
			}
			if !t.IsListType() && !t.IsSetType() && !t.IsTupleType() {
				return cty.NilVal, function.NewArgErrorf(0, "argument must be list, set, or tuple. Received %s", t.FriendlyName())
			}
			if !list.IsWhollyKnown() {
				return cty.UnknownVal(cty.Number), nil
			}
			total := cty.Zero
			for it := list.ElementIterator(); it.Next(); {
				_, v := it.Element()
				if v.IsNull() {
					return cty.NilVal, function.NewArgErrorf(0, "argument must be list, set, or tuple of number values")
				}
				n, err := convert.Convert(v, cty.Number)
				if err != nil {
					return cty.NilVal, function.NewArgErrorf(0, "argument must be list, set, or tuple of number values")
				}
				total = total.Add(n)
			}
			return total, nil
		},
	})
}

func transposeFunction() function.Function {
	t := cty.Map(cty.List(cty.String))
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("values", t)},
		Type:   function.StaticReturnType(t),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if !args[0].IsWhollyKnown() {
				return cty.UnknownVal(t), nil
			}
			lists := map[string][]cty.Value{}
			for it := args[0].ElementIterator(); it.Next(); {
				key, list := it.Element()
				if list.IsNull() {
					return cty.NilVal, errors.New("input must not contain null list")
				}
				for il := list.ElementIterator(); il.Next(); {
					_, v := il.Element()
					if v.IsNull() {
						return cty.NilVal, errors.New("input list must not contain null string")
					}
					lists[v.AsString()] = append(lists[v.AsString()], key)
				}
			}
			if len(lists) == 0 {
				return cty.MapValEmpty(cty.List(cty.String)), nil
			}
			out := map[string]cty.Value{}
			for name, keys := range lists {
				out[name] = cty.ListVal(keys)
			}
			return cty.MapVal(out), nil
		},
	})
}

// fromStart refuses what element of Terraform 1.11 refuses: to count
// from the end of a tuple.
func fromStart(args []cty.Value) (int, error) {
	if i := args[1]; args[0].Type().IsTupleType() && i.IsKnown() && !i.IsNull() && i.AsBigFloat().Sign() < 0 {
		return 0, errors.New("cannot use element function with a negative index")
	}
	return 0, nil
}
