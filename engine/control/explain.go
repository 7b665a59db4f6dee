package control

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/writ-policy/writ/engine/fact"
)

// explainAll spreads OPA's error lists over diagnostics.
func (f *file) explainAll(err error) []fact.Diagnostic {
	list, ok := err.(ast.Errors) //nolint:errorlint // the parser and compiler return it bare
	if !ok {
		return []fact.Diagnostic{f.diagnose(nil, "cannot read policy", err.Error(), "")}
	}
	var out []fact.Diagnostic
	for _, e := range list {
		out = append(out, f.explain(e))
	}
	return out
}

// explain words an error of OPA's parser or compiler for who wrote the policy.
func (f *file) explain(e *ast.Error) fact.Diagnostic {
	message := strings.ReplaceAll(e.Message, "data.", "")
	switch d := e.Details.(type) {
	case *ast.RefErrInvalidDetail:
		return f.diagnose(e.Location, "unknown field", describeRef(d), oneOf(d))
	case *ast.RefErrUnsupportedDetail:
		return f.diagnose(e.Location, "unknown field", fmt.Sprintf("%s is %s and has no members", d.Ref[:d.Pos+1], kindOfType(d.Have)), "")
	case *ast.UnificationErrDetail:
		return f.diagnose(e.Location, "values never compare", fmt.Sprintf("one side is %s, the other %s", kindOfType(d.Left), kindOfType(d.Right)), "")
	case *ast.ArgErrDetail:
		return f.diagnose(e.Location, "wrong arguments", message+"\n"+strings.Join(d.Lines(), "\n"), "")
	}
	word := func(before, after string) string {
		_, rest, _ := strings.Cut(message, before)
		name, _, _ := strings.Cut(rest, after)
		return name
	}
	switch {
	case e.Code == ast.ParseErr:
		return f.diagnose(e.Location, "cannot parse policy", strings.TrimPrefix(e.Message, "rego_parse_error: "), parseHint(f.lineOf(e.Location)))
	case e.Code == ast.UnsafeVarErr:
		name := word("var ", " ")
		if name == "_" {
			return f.diagnose(e.Location, "variable has no value", "[_] iterates inside a negation or call, where it cannot", "iterate first, with some x in …")
		}
		return f.diagnose(e.Location, "variable has no value", fmt.Sprintf("nothing in the rule gives %s a value", name),
			fmt.Sprintf("assign it (%s := …), iterate (some %s in …), or check the spelling", name, name))
	case e.Code == ast.RecursionErr:
		return f.diagnose(e.Location, "rule needs itself", message, "no rule may depend on its own result")
	case strings.HasPrefix(message, "undefined function "):
		name := word("undefined function ", " ")
		if f.policy != nil && slices.Contains(withheld, name) {
			return f.diagnose(e.Location, "forbidden built-in", name+" reaches outside the evaluation", "policies see neither the network nor the environment; `writ conftest` has --allow-net and --allow-env")
		}
		if slices.Contains(forbidden, name) {
			return f.diagnose(e.Location, "forbidden built-in", name+" reaches outside the evaluation", "facts are what collectors saw; the run's time is input.run.now")
		}
		return f.diagnose(e.Location, "undefined function", "no function "+name+fact.Suggest(name, builtinNames()), "")
	case strings.HasSuffix(message, " unused"):
		return f.diagnose(e.Location, "never used", message, "remove it, or use it")
	}
	return f.diagnose(e.Location, "cannot compile policy", message, "")
}

func (f *file) lineOf(at *ast.Location) string {
	if at == nil {
		return ""
	}
	return f.line(at.Row)
}

// parseHint guesses from the line what is most often meant.
func parseHint(line string) string {
	head := strings.TrimSpace(line)
	for _, set := range Sets {
		if strings.HasPrefix(head, set+"[") || strings.HasPrefix(head, set+" {") {
			return fmt.Sprintf("write %s contains {\"msg\": …} if { … }", set)
		}
	}
	return ""
}

func describeRef(d *ast.RefErrInvalidDetail) string {
	at := d.Ref[d.Pos]
	name, ok := at.Value.(ast.String)
	if !ok {
		return fmt.Sprintf("%s has no member %s", d.Ref[:d.Pos], at)
	}
	var names []string
	for _, v := range d.OneOf {
		if s, ok := v.(ast.String); ok {
			names = append(names, string(s))
		}
	}
	return fmt.Sprintf("%s has no field %q%s", d.Ref[:d.Pos], string(name), fact.Suggest(string(name), names))
}

func oneOf(d *ast.RefErrInvalidDetail) string {
	var names []string
	for _, v := range d.OneOf {
		if s, ok := v.(ast.String); ok {
			names = append(names, string(s))
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return "it has " + strings.Join(names, ", ")
}

func kindOfType(t types.Type) string {
	switch t.(type) {
	case types.Number:
		return "a number"
	case types.String:
		return "a string"
	case types.Boolean:
		return "a boolean"
	case types.Null:
		return "null"
	case *types.Array:
		return "an array"
	case *types.Object:
		return "an object"
	case *types.Set:
		return "a set"
	}
	return types.Sprint(t)
}

func builtinNames() []string {
	var names []string
	for _, b := range Capabilities().Builtins {
		names = append(names, b.Name)
	}
	return names
}
