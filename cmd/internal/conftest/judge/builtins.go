package judge

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/writ-policy/writ/cmd/internal/conftest/input"
)

// Builtin is a function of Rego beside OPA's own.
type Builtin struct {
	Decl *ast.Builtin
	call rego.BuiltinDyn
}

// Option adds the built-in to a query.
func (b Builtin) Option() func(*rego.Rego) {
	return rego.FunctionDyn(&rego.Function{Name: b.Decl.Name, Decl: b.Decl.Decl}, b.call)
}

// builtins are conftest's: they read configuration that stands in a policy or beside
// it. The paths are relative to the policy's.
func builtins(protoDirs []string, env bool) []Builtin {
	object := types.NewObject(nil, types.NewDynamicProperty(types.S, types.NewAny()))
	builtin := func(name string, call rego.BuiltinDyn, args ...types.Type) Builtin {
		return Builtin{&ast.Builtin{Name: name, Decl: types.NewFunction(args, object)}, call}
	}
	p := parsers{protoDirs, env}
	return []Builtin{
		builtin("parse_config", p.config, types.S, types.S),
		builtin("parse_config_file", p.file, types.S),
		builtin("parse_combined_config_files", p.combined, types.NewArray(nil, types.S)),
	}
}

// Declared returns the declarations of conftest's built-ins, for who compiles and does
// not ask.
func Declared() map[string]*ast.Builtin {
	declared := map[string]*ast.Builtin{}
	for _, b := range builtins(nil, false) {
		declared[b.Decl.Name] = b.Decl
	}
	return declared
}

// parsers know the folders of .proto files.
type parsers struct {
	protoDirs []string
	env       bool // may be seen
}

func (p parsers) reader(numbers input.Spelling) *input.Reader {
	return input.NewReader(numbers).Define(p.protoDirs).Environment(p.env)
}

func (p parsers) config(bctx rego.BuiltinContext, terms []*ast.Term) (*ast.Term, error) {
	format, ok := terms[0].Value.(ast.String)
	text, ok2 := terms[1].Value.(ast.String)
	if !ok || !ok2 {
		return nil, fmt.Errorf("decode args: an argument is not a string")
	}
	return placed(bctx)(p.reader(input.Rego).Read(string(format), "", []byte(text)))
}

func (p parsers) file(bctx rego.BuiltinContext, terms []*ast.Term) (*ast.Term, error) {
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
	return placed(bctx)(p.reader(input.Rego).Read("", path, data))
}

func (p parsers) combined(bctx rego.BuiltinContext, terms []*ast.Term) (*ast.Term, error) {
	var paths []string
	if err := ast.As(terms[0].Value, &paths); err != nil {
		return nil, fmt.Errorf("decode args: %w", err)
	}
	var files []File
	r := p.reader(input.JSON)
	for _, name := range paths {
		path := filepath.Join(filepath.Dir(bctx.Location.File), name)
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
func placed(bctx rego.BuiltinContext) func(*ast.Term, error) (*ast.Term, error) {
	return func(t *ast.Term, err error) (*ast.Term, error) {
		if err != nil {
			return nil, err
		}
		return &ast.Term{Value: t.Value, Location: bctx.Location}, nil
	}
}
