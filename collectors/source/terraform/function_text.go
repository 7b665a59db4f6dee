package terraform

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// textFunctions are those on strings. What may blow a short argument up is
// bounded before it runs.
func (ev *evaluation) textFunctions() map[string]function.Function {
	return map[string]function.Function{
		"endswith":    test(strings.HasSuffix),
		"format":      typed(ev.checked(stdlib.FormatFunc, widths)),
		"formatlist":  typed(ev.checked(stdlib.FormatListFunc, widths)),
		"indent":      ev.checked(stdlib.IndentFunc, indentSize),
		"join":        ev.checked(stdlib.JoinFunc, joinSize),
		"jsondecode":  ev.checked(stdlib.JSONDecodeFunc, ev.jsonNesting),
		"replace":     ev.checked(replaceFunction(), replaceSize),
		"startswith":  test(strings.HasPrefix),
		"strcontains": test(strings.Contains),
		"timecmp":     timeCompare(),
	}
}

func test(f func(s, part string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("str", cty.String), parameter("part", cty.String)},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(f(args[0].AsString(), args[1].AsString())), nil
		},
	})
}

// replaceFunction replaces a substring, or a regular expression if the pattern
// stands between slashes.
func replaceFunction() function.Function {
	return textFunction([]string{"str", "substr", "replace"}, func(a []string) (string, error) {
		if p := a[1]; len(p) > 1 && p[0] == '/' && p[len(p)-1] == '/' {
			re, err := regexp.Compile(p[1 : len(p)-1])
			if err != nil {
				return "", err
			}
			return re.ReplaceAllString(a[0], a[2]), nil
		}
		return strings.ReplaceAll(a[0], a[1], a[2]), nil
	})
}

func timeCompare() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("timestamp_a", cty.String), parameter("timestamp_b", cty.String)},
		Type:   function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			var times [2]time.Time
			for i, a := range args {
				t, err := time.Parse(time.RFC3339, a.AsString())
				if err != nil {
					return cty.NilVal, function.NewArgErrorf(i, "not a valid RFC3339 timestamp: %s", a.AsString())
				}
				times[i] = t
			}
			return cty.NumberIntVal(int64(times[0].Compare(times[1]))), nil
		},
	})
}

// checked calls check on the arguments, unmarked and known only where they are,
// before f is called.
func (ev *evaluation) checked(f function.Function, check func(args []cty.Value) (size int, err error)) function.Function {
	limited := func(args []cty.Value) error {
		plain := make([]cty.Value, len(args))
		for i, a := range args {
			plain[i], _ = a.UnmarkDeep()
		}
		size, err := check(plain)
		if err == nil && size/textWeight > ev.limits.ValueSize {
			err = errors.New("the result is larger than the limit")
		}
		return err
	}
	spec := &function.Spec{
		Type: func(args []cty.Value) (cty.Type, error) { return f.ReturnTypeForValues(args) },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if err := limited(args); err != nil {
				return cty.NilVal, err
			}
			return f.Call(args)
		},
	}
	for _, p := range f.Params() {
		p.AllowMarked = true
		spec.Params = append(spec.Params, p)
	}
	if p := f.VarParam(); p != nil {
		rest := *p
		rest.AllowMarked = true
		spec.VarParam = &rest
	}
	return function.New(spec)
}

// typed makes a call with a null that has no type unknown, as Terraform does.
func typed(f function.Function) function.Function {
	rest := *f.VarParam()
	rest.AllowDynamicType = true
	return function.New(&function.Spec{
		Params:   f.Params(),
		VarParam: &rest,
		Type:     func(args []cty.Value) (cty.Type, error) { return f.ReturnTypeForValues(args) },
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) {
			for _, a := range args {
				if a.Type() == cty.DynamicPseudoType && a.IsNull() {
					return unknownBecause(t, "a null without a type is formatted").WithSameMarks(args...), nil
				}
			}
			return f.Call(args)
		},
	})
}

// knownText is the text of a known string, "" otherwise.
func knownText(v cty.Value) string {
	if v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
		return v.AsString()
	}
	return ""
}

var verbWidth = regexp.MustCompile(`%[^a-zA-Z%]*?(\d+)?(?:\.(\d+))?[a-zA-Z]`)

// widths bounds the padding that a format asks for.
func widths(args []cty.Value) (int, error) {
	if len(args) == 0 {
		return 0, nil
	}
	format := knownText(args[0])
	total := len(format)
	for _, m := range verbWidth.FindAllStringSubmatch(format, -1) {
		for _, digits := range m[1:] {
			if digits == "" {
				continue
			}
			n, err := strconv.Atoi(digits)
			if err != nil || n > 1<<20 {
				return 0, fmt.Errorf("a width of %s is beyond the limit", digits)
			}
			total += n
		}
	}
	return total, nil
}

func indentSize(args []cty.Value) (int, error) {
	if args[0].IsNull() || !args[0].IsKnown() {
		return 0, nil
	}
	n, _ := args[0].AsBigFloat().Float64()
	size := n * float64(1+strings.Count(knownText(args[1]), "\n"))
	if size > 1<<30 {
		return 0, errors.New("the result is larger than the limit")
	}
	return int(size), nil
}

func joinSize(args []cty.Value) (int, error) {
	elems := 0
	for _, list := range args[1:] {
		if list.IsKnown() && !list.IsNull() && list.CanIterateElements() {
			elems += list.LengthInt()
		}
	}
	return elems * len(knownText(args[0])), nil
}

func replaceSize(args []cty.Value) (int, error) {
	text, part, with := knownText(args[0]), knownText(args[1]), knownText(args[2])
	matches := len(text) + 1
	if len(part) > 0 && part[0] != '/' {
		matches = len(text)/len(part) + 1
	}
	return len(text) + matches*len(with), nil
}

func (ev *evaluation) jsonNesting(args []cty.Value) (int, error) {
	text := knownText(args[0])
	if jsonTooDeep([]byte(text), ev.limits.Nesting) {
		return 0, errors.New("the JSON text is nested too deeply")
	}
	return len(text), nil
}

// product bounds setproduct, whose result multiplies its arguments.
func (ev *evaluation) product(f function.Function) function.Function {
	return ev.checked(f, func(args []cty.Value) (int, error) {
		size := 1
		for _, a := range args {
			if !a.IsKnown() || a.IsNull() || !a.CanIterateElements() {
				return 0, nil
			}
			if size *= a.LengthInt(); size > ev.limits.ValueSize {
				return 0, errors.New("the result is larger than the limit")
			}
		}
		return size, nil
	})
}
