package terraform

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// errOutside says that a path leads out of the tree; the call is unknown,
// since Terraform would find something there or not.
var errOutside = errors.New("file outside the tree")

func (ev *evaluation) fileFunctions() map[string]function.Function {
	table := map[string]function.Function{
		"basename": textFunction([]string{"path"}, func(a []string) (string, error) { return path.Base(a[0]), nil }),
		"dirname":  textFunction([]string{"path"}, func(a []string) (string, error) { return path.Dir(a[0]), nil }),
		"file": ev.fileFunction(cty.String, func(name string, b []byte) (cty.Value, error) {
			if !utf8.Valid(b) {
				return cty.NilVal, fmt.Errorf("contents of %q are not valid UTF-8", name)
			}
			return cty.StringVal(string(b)), nil
		}),
		"filebase64": ev.fileFunction(cty.String, func(_ string, b []byte) (cty.Value, error) {
			return cty.StringVal(base64.StdEncoding.EncodeToString(b)), nil
		}),
		"fileexists":     ev.fileExistsFunction(),
		"fileset":        ev.fileSetFunction(),
		"templatefile":   ev.templateFileFunction(),
		"templatestring": ev.templateStringFunction(),
	}
	for name, d := range digests() {
		f := ev.fileFunction(cty.String, func(_ string, b []byte) (cty.Value, error) { return cty.StringVal(d(b)), nil })
		if size, ok := strings.CutPrefix(name, "base64"); ok {
			table["filebase64"+size] = f
		} else {
			table["file"+name] = f
		}
	}
	return table
}

// inRoot is the path in the tree of a path that a configuration names: relative
// to the root module's folder, where Terraform runs.
func (ev *evaluation) inRoot(name string) (string, error) {
	if strings.HasPrefix(name, "~") {
		return "", errOutside
	}
	p, ok := inTree(ev.dir, name)
	if !ok {
		return "", errOutside
	}
	return p, nil
}

// readFor reads a file for a function. What does not exist in the tree is an
// error; what the tree does not say is errOutside or a limit.
func (ev *evaluation) readFor(name string) ([]byte, string, error) {
	p, err := ev.inRoot(name)
	if err != nil {
		return nil, "", err
	}
	b, err := ev.read(p)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, p, fmt.Errorf("no file exists at %q", name)
	}
	if err != nil {
		return nil, p, &unreadable{err}
	}
	return b, p, nil
}

// unreadable is a file that exists but cannot be read here.
type unreadable struct{ error }

// orUnknown turns an error that says nothing about Terraform's answer into an
// unknown.
func orUnknown(ty cty.Type, err error) (cty.Value, error) {
	var u *unreadable
	if errors.Is(err, errOutside) || errors.As(err, &u) {
		return unknownBecause(ty, err.Error()), nil
	}
	return cty.NilVal, function.NewArgError(0, err)
}

func (ev *evaluation) fileFunction(ty cty.Type, f func(name string, b []byte) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("path", cty.String)},
		Type:   function.StaticReturnType(ty),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			b, _, err := ev.readFor(args[0].AsString())
			if err != nil {
				return orUnknown(ty, err)
			}
			return f(args[0].AsString(), b)
		},
	})
}

func (ev *evaluation) fileExistsFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("path", cty.String)},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			p, err := ev.inRoot(args[0].AsString())
			if err != nil {
				return orUnknown(cty.Bool, err)
			}
			info, err := fs.Stat(ev.fsys, p)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return cty.False, nil
			case err != nil:
				return orUnknown(cty.Bool, &unreadable{reading(p, err)})
			case info.Mode().IsRegular():
				return cty.True, nil
			}
			return cty.NilVal, fmt.Errorf("%q is not a regular file", args[0].AsString())
		},
	})
}

func (ev *evaluation) templateFileFunction() function.Function {
	render := func(args []cty.Value) (cty.Value, error) {
		b, p, err := ev.readFor(args[0].AsString())
		if err != nil {
			return orUnknown(cty.DynamicPseudoType, err)
		}
		return ev.render(b, p, args[1])
	}
	return templateFunction(parameter("path", cty.String), render)
}

// templateStringFunction renders the string that its first argument, which has
// to be a reference, holds.
func (ev *evaluation) templateStringFunction() function.Function {
	render := func(args []cty.Value) (cty.Value, error) {
		closure := customdecode.ExpressionClosureFromVal(args[0])
		switch closure.Expression.(type) {
		case *hclsyntax.ScopeTraversalExpr, *hclsyntax.RelativeTraversalExpr, *hclsyntax.IndexExpr:
		default:
			return cty.NilVal, function.NewArgErrorf(0, "the template has to be a reference to a string defined elsewhere")
		}
		v, diags := closure.Value()
		if diags.HasErrors() {
			return cty.NilVal, function.NewArgErrorf(0, "%s", reasonOf(diags[0]))
		}
		v, marks := v.Unmark()
		switch {
		case !v.IsKnown():
			return cty.DynamicVal.WithMarks(marks), nil
		case v.IsNull() || v.Type() != cty.String:
			return cty.NilVal, function.NewArgErrorf(0, "the template has to be a string")
		}
		out, err := ev.render([]byte(v.AsString()), "<template>", args[1])
		if err != nil {
			return cty.NilVal, err
		}
		return out.WithMarks(marks), nil
	}
	return templateFunction(function.Parameter{Name: "template", Type: customdecode.ExpressionClosureType}, render)
}

func templateFunction(first function.Parameter, render func(args []cty.Value) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{first, parameter("vars", cty.DynamicPseudoType)},
		Type: func(args []cty.Value) (cty.Type, error) {
			if !args[0].IsKnown() || !args[1].IsKnown() {
				return cty.DynamicPseudoType, nil
			}
			v, err := render(args)
			if err != nil {
				return cty.NilType, err
			}
			return v.Type(), nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return render(args) },
	})
}

// render evaluates a template with vars as its only names.
func (ev *evaluation) render(text []byte, name string, vars cty.Value) (cty.Value, error) {
	if t := vars.Type(); !t.IsObjectType() && !t.IsMapType() {
		return cty.NilVal, function.NewArgErrorf(1, "invalid vars value: must be a map")
	}
	expr, err := ev.template(text, name)
	if err != nil {
		return cty.NilVal, err
	}
	ctx := &hcl.EvalContext{Variables: vars.AsValueMap(), Functions: ev.templateFunctions()}
	for n := range ctx.Variables {
		if !hclsyntax.ValidIdentifier(n) {
			return cty.NilVal, function.NewArgErrorf(1, "invalid template variable name %q", n)
		}
	}
	for _, t := range expr.Variables() {
		if _, ok := ctx.Variables[t.RootName()]; !ok {
			return cty.NilVal, function.NewArgErrorf(1, "vars map does not contain key %q", t.RootName())
		}
	}
	v, diags := expr.Value(ctx)
	if diags.HasErrors() {
		return cty.NilVal, fmt.Errorf("template %s: %s", name, reasonOf(diags[0]))
	}
	return v, nil
}

// template parses a template, each text once: those of files are rendered for every
// instance, and twice, as functions are asked for their type first.
func (ev *evaluation) template(text []byte, name string) (hclsyntax.Expression, error) {
	key := templateKey{name, sha256.Sum256(text)}
	if expr := ev.templates[key]; expr != nil {
		return expr, nil
	}
	if rng, deep := templateTooDeep(text, name, ev.limits.Nesting); deep {
		return nil, fmt.Errorf("template %s is nested too deeply at line %d", name, rng.Start.Line)
	}
	expr, diags := hclsyntax.ParseTemplate(text, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Errorf("template %s: %s", name, reasonOf(diags[0]))
	}
	ev.prepare(expr)
	if ev.templates == nil {
		ev.templates = map[templateKey]hclsyntax.Expression{}
	}
	ev.templates[key] = expr
	return expr, nil
}

// templateKey is the name of a template and the digest of its text.
type templateKey struct {
	name string
	sum  [sha256.Size]byte
}

// templateFunctions are those that a template may call: all but the ones that
// render another.
func (ev *evaluation) templateFunctions() map[string]function.Function {
	table := make(map[string]function.Function, len(ev.functions))
	for name, f := range ev.functions {
		switch strings.TrimPrefix(name, "core::") {
		case "templatefile", "templatestring":
			f = refusingFunction("templates cannot render other templates")
		}
		table[name] = f
	}
	return table
}

func refusingFunction(problem string) function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "arguments", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true},
		Type:     func([]cty.Value) (cty.Type, error) { return cty.NilType, errors.New(problem) },
		Impl:     func([]cty.Value, cty.Type) (cty.Value, error) { return cty.NilVal, errors.New(problem) },
	})
}
