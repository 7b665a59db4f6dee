package terraform

import (
	"maps"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// functionTable is every function of Terraform 1.11 by name, made when the
// first call is met.
func (ev *evaluation) functionTable() map[string]function.Function {
	if ev.functions != nil {
		return ev.functions
	}
	ev.functions = libraryFunctions()
	maps.Copy(ev.functions, ev.valueFunctions())
	maps.Copy(ev.functions, ev.textFunctions())
	maps.Copy(ev.functions, encodingFunctions())
	maps.Copy(ev.functions, digestFunctions())
	maps.Copy(ev.functions, networkFunctions())
	maps.Copy(ev.functions, unknownFunctions())
	maps.Copy(ev.functions, ev.fileFunctions())
	for name, f := range maps.Clone(ev.functions) {
		ev.functions["core::"+name] = f
	}
	return ev.functions
}

// admitCall makes a call of a provider's function an unknown: only the provider
// can compute it.
func (ev *evaluation) admitCall(call *hclsyntax.FunctionCallExpr) {
	if _, known := ev.functionTable()[call.Name]; !known && strings.HasPrefix(call.Name, "provider::") {
		ev.functions[call.Name] = unknownFunction(cty.DynamicPseudoType, "function "+call.Name+" is computed by its provider")
	}
}

// libraryFunctions are those that cty has as Terraform wants them.
func libraryFunctions() map[string]function.Function {
	return map[string]function.Function{
		"abs":             stdlib.AbsoluteFunc,
		"ceil":            stdlib.CeilFunc,
		"chomp":           stdlib.ChompFunc,
		"chunklist":       stdlib.ChunklistFunc,
		"coalescelist":    stdlib.CoalesceListFunc,
		"compact":         stdlib.CompactFunc,
		"concat":          stdlib.ConcatFunc,
		"contains":        stdlib.ContainsFunc,
		"csvdecode":       stdlib.CSVDecodeFunc,
		"distinct":        stdlib.DistinctFunc,
		"flatten":         stdlib.FlattenFunc,
		"floor":           stdlib.FloorFunc,
		"formatdate":      stdlib.FormatDateFunc,
		"jsonencode":      stdlib.JSONEncodeFunc,
		"log":             stdlib.LogFunc,
		"lower":           stdlib.LowerFunc,
		"max":             stdlib.MaxFunc,
		"merge":           stdlib.MergeFunc,
		"min":             stdlib.MinFunc,
		"parseint":        stdlib.ParseIntFunc,
		"pow":             stdlib.PowFunc,
		"range":           stdlib.RangeFunc,
		"regex":           stdlib.RegexFunc,
		"regexall":        stdlib.RegexAllFunc,
		"reverse":         stdlib.ReverseListFunc,
		"setintersection": stdlib.SetIntersectionFunc,
		"setsubtract":     stdlib.SetSubtractFunc,
		"setunion":        stdlib.SetUnionFunc,
		"signum":          stdlib.SignumFunc,
		"slice":           stdlib.SliceFunc,
		"sort":            stdlib.SortFunc,
		"split":           stdlib.SplitFunc,
		"strrev":          stdlib.ReverseFunc,
		"substr":          stdlib.SubstrFunc,
		"timeadd":         stdlib.TimeAddFunc,
		"title":           stdlib.TitleFunc,
		"tobool":          stdlib.MakeToFunc(cty.Bool),
		"tolist":          stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)),
		"tomap":           stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)),
		"tonumber":        stdlib.MakeToFunc(cty.Number),
		"toset":           stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
		"tostring":        stdlib.MakeToFunc(cty.String),
		"trim":            stdlib.TrimFunc,
		"trimprefix":      stdlib.TrimPrefixFunc,
		"trimspace":       stdlib.TrimSpaceFunc,
		"trimsuffix":      stdlib.TrimSuffixFunc,
		"upper":           stdlib.UpperFunc,
		"zipmap":          stdlib.ZipmapFunc,
	}
}

// unknownFunctions depend on time, chance or the machine.
func unknownFunctions() map[string]function.Function {
	table := map[string]function.Function{}
	for name, reason := range map[string]string{
		"timestamp":     "timestamp() is the time of the run",
		"plantimestamp": "plantimestamp() is the time of the run",
		"uuid":          "uuid() is different in each run",
		"bcrypt":        "bcrypt() is different in each run",
		"pathexpand":    "pathexpand() depends on the machine",
		"abspath":       "abspath() depends on the machine",
	} {
		table[name] = unknownFunction(cty.String, reason)
	}
	return table
}

// unknownFunction takes any arguments and gives an unknown.
func unknownFunction(ty cty.Type, reason string) function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{
			Name: "arguments", Type: cty.DynamicPseudoType,
			AllowNull: true, AllowUnknown: true, AllowDynamicType: true,
		},
		Type: function.StaticReturnType(ty),
		Impl: func([]cty.Value, cty.Type) (cty.Value, error) { return unknownBecause(ty, reason), nil },
	})
}

// parameter is a parameter of the given type that takes nothing special: null is
// an error, and an unknown makes the result unknown.
func parameter(name string, ty cty.Type) function.Parameter {
	return function.Parameter{Name: name, Type: ty}
}

// textFunction makes a function from strings to a string.
func textFunction(names []string, f func(args []string) (string, error)) function.Function {
	spec := &function.Spec{
		Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			texts := make([]string, len(args))
			for i, a := range args {
				texts[i] = a.AsString()
			}
			s, err := f(texts)
			if err != nil {
				return cty.UnknownVal(cty.String), err
			}
			return cty.StringVal(s), nil
		},
	}
	for _, n := range names {
		spec.Params = append(spec.Params, parameter(n, cty.String))
	}
	return function.New(spec)
}
