package judge

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/writ-policy/writ/cmd/internal/conftest/input"
)

// Builtin is a function of Rego beside OPA's own.
type Builtin struct {
	Decl *ast.Builtin
	Func topdown.BuiltinFunc
}

// Option adds the built-in to a query.
func (b Builtin) Option() func(*rego.Rego) {
	f := &rego.Function{Name: b.Decl.Name, Decl: b.Decl.Decl}
	return rego.FunctionDyn(f, func(bctx rego.BuiltinContext, terms []*ast.Term) (*ast.Term, error) {
		var result *ast.Term
		err := b.Func(bctx, terms, func(t *ast.Term) error { result = t; return nil })
		return result, err
	})
}

// builtins are conftest's: they read configuration that stands in a policy or beside
// it. The paths are relative to the policy's.
func builtins() []Builtin {
	object := types.NewObject(nil, types.NewDynamicProperty(types.S, types.NewAny()))
	builtin := func(name string, args []types.Type, f func(topdown.BuiltinContext, []*ast.Term) (*ast.Term, error)) Builtin {
		return Builtin{
			Decl: &ast.Builtin{Name: name, Decl: types.NewFunction(args, object)},
			Func: func(bctx topdown.BuiltinContext, terms []*ast.Term, iter func(*ast.Term) error) error {
				t, err := f(bctx, terms)
				if err != nil {
					return &topdown.Error{Code: topdown.BuiltinErr, Message: name + ": " + err.Error(), Location: bctx.Location}
				}
				return iter(t)
			},
		}
	}
	return []Builtin{
		builtin("parse_config", []types.Type{types.S, types.S}, parseConfig),
		builtin("parse_config_file", []types.Type{types.S}, parseConfigFile),
		builtin("parse_combined_config_files", []types.Type{types.NewArray(nil, types.S)}, parseCombined),
	}
}

func parseConfig(bctx topdown.BuiltinContext, terms []*ast.Term) (*ast.Term, error) {
	format, ok := terms[0].Value.(ast.String)
	text, ok2 := terms[1].Value.(ast.String)
	if !ok || !ok2 {
		return nil, fmt.Errorf("decode args: an argument is not a string")
	}
	return placed(bctx)(input.NewReader(input.Rego).Read(string(format), "", []byte(text)))
}

func parseConfigFile(bctx topdown.BuiltinContext, terms []*ast.Term) (*ast.Term, error) {
	name, ok := terms[0].Value.(ast.String)
	if !ok {
		return nil, fmt.Errorf("decode args: the argument is not a string")
	}
	path := filepath.Join(filepath.Dir(bctx.Location.File), string(name))
	if err := input.Check("", path); err != nil {
		return nil, fmt.Errorf("create config parser: %w", err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read config file %s: %w", path, err)
	}
	return placed(bctx)(input.NewReader(input.Rego).Read("", path, data))
}

func parseCombined(bctx topdown.BuiltinContext, terms []*ast.Term) (*ast.Term, error) {
	var paths []string
	if err := ast.As(terms[0].Value, &paths); err != nil {
		return nil, fmt.Errorf("decode args: %w", err)
	}
	var files []File
	r := input.NewReader(input.JSON)
	for _, p := range paths {
		path := filepath.Join(filepath.Dir(bctx.Location.File), p)
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("parse combine configurations: %w", err)
		}
		t, err := r.Read("", path, data)
		if err != nil {
			return nil, fmt.Errorf("parse combine configurations: %w, path: %s", err, path)
		}
		files = append(files, File{path, t})
	}
	return placed(bctx)(Combine(files), nil)
}

// placed gives what a built-in returns the place of the call.
func placed(bctx topdown.BuiltinContext) func(*ast.Term, error) (*ast.Term, error) {
	return func(t *ast.Term, err error) (*ast.Term, error) {
		if err != nil {
			return nil, err
		}
		return &ast.Term{Value: t.Value, Location: bctx.Location}, nil
	}
}

// Plain converts a value to what encoding/json marshals, with its numbers as written.
func Plain(v ast.Value) (any, error) {
	plain, err := ast.JSON(v)
	if err != nil {
		return nil, err
	}
	if n, ok := plain.(int); ok {
		return json.Number(fmt.Sprint(n)), nil
	}
	return plain, nil
}
