// Package judge asks conftest policies about configuration files: every policy is
// compiled once, every namespace is one prepared query over all its rules, and files
// are read and judged by several workers, in the order in which they are named.
package judge

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/loader"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"github.com/writ-policy/writ/cmd/internal/conftest/fetch"
)

// Options say which policies are asked, and how.
type Options struct {
	Policies     []string // paths
	Data         []string // paths
	Strict       bool
	RegoVersion  string // v0 or v1
	Capabilities string // a file, "" for what this version can
	ProtoDirs    []string
	AllowNet     bool // policies may use the network
	AllowEnv     bool // policies see the environment
}

// Engine holds compiled policies.
type Engine struct {
	Compiler *ast.Compiler
	Store    storage.Store // of the data
	Modules  map[string]*ast.Module
	Builtins []Builtin

	opts         Options
	capabilities *ast.Capabilities
	paths        []string // of the modules, sorted
	data         map[string]any
	// what the policies can tell apart
	prints   bool // print is called
	fileInfo bool // data.conftest is read
}

// Load loads and compiles policies and loads their data.
func Load(o Options) (*Engine, error) {
	capabilities, err := capabilitiesOf(o)
	if err != nil {
		return nil, fmt.Errorf("load capabilities: %w", err)
	}
	e := &Engine{opts: o, Builtins: builtins(o.ProtoDirs, o.AllowEnv)}
	if err := e.loadPolicies(capabilities); err != nil {
		return nil, fmt.Errorf("load: loading policies: %w", err)
	}
	if err := e.loadData(); err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	return e, nil
}

// NotPolicy passes over files that are no policies.
func NotPolicy(_ string, info fs.FileInfo, _ int) bool {
	if info.IsDir() {
		return strings.HasPrefix(info.Name(), fetch.Unfinished)
	}
	return !strings.HasSuffix(info.Name(), ".rego")
}

// NotData passes over files that are no data.
func NotData(_ string, info fs.FileInfo, _ int) bool {
	if info.IsDir() {
		return strings.HasPrefix(info.Name(), fetch.Unfinished)
	}
	return !slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(info.Name())))
}

// Version returns a version of Rego by its name.
func Version(name string) (ast.RegoVersion, error) {
	switch name {
	case "v0", "V0":
		return ast.RegoV0, nil
	case "v1", "V1":
		return ast.RegoV1, nil
	}
	return ast.RegoUndefined, fmt.Errorf("invalid Rego version: %s", name)
}

func (e *Engine) loadPolicies(capabilities *ast.Capabilities) error {
	version, err := Version(e.opts.RegoVersion)
	if err != nil {
		return err
	}
	loaded, err := loader.NewFileLoader().WithProcessAnnotation(true).WithRegoVersion(version).
		Filtered(e.opts.Policies, NotPolicy)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	if len(loaded.Modules) == 0 {
		return fmt.Errorf("no policies found in %v", e.opts.Policies)
	}
	e.Modules = loaded.ParsedModules()
	e.paths = slices.Sorted(maps.Keys(e.Modules))
	e.capabilities = capabilities
	e.Compiler = e.newCompiler(e.opts.Strict, Declared())
	e.Compiler.Compile(e.Modules)
	if e.Compiler.Failed() {
		return fmt.Errorf("get compiler: %w", e.withheld(e.Compiler.Errors))
	}
	if err := ifWithoutContains(e.Modules, e.paths); err != nil {
		return fmt.Errorf("rule is using 'if' keyword without 'contains' keyword: %w", err)
	}
	e.prints, e.fileInfo = seen(e.Modules)
	return nil
}

// newCompiler returns a compiler that has compiled nothing yet, with built-ins beside
// those of OPA.
func (e *Engine) newCompiler(strict bool, own map[string]*ast.Builtin) *ast.Compiler {
	return ast.NewCompiler().
		WithEnablePrintStatements(true).
		WithCapabilities(e.capabilities).
		WithBuiltins(own).
		WithStrict(strict)
}

func (e *Engine) loadData() error {
	loaded, err := loader.NewFileLoader().Filtered(e.opts.Data, NotData)
	if err != nil {
		return fmt.Errorf("load documents: %w", err)
	}
	e.data = loaded.Documents
	e.Store = inmem.NewFromObjectWithOpts(e.data, inmem.OptRoundTripOnWrite(false))
	return nil
}

// ownStore returns a store of the data in which conftest.file can be written: what
// else is in it is shared.
func (e *Engine) ownStore() storage.Store {
	data := maps.Clone(e.data)
	if data == nil {
		data = map[string]any{}
	}
	own, _ := data["conftest"].(map[string]any)
	if own = maps.Clone(own); own == nil {
		own = map[string]any{}
	}
	data["conftest"] = own
	return inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(false))
}

// tell writes a file's name under conftest.file of a store.
func tell(ctx context.Context, store storage.Store, file string) error {
	abs, err := filepath.Abs(file)
	if err != nil {
		return fmt.Errorf("add file info: get absolute path: %w", err)
	}
	err = storage.Txn(ctx, store, storage.WriteParams, func(txn storage.Transaction) error {
		return store.Write(ctx, txn, storage.AddOp, storage.Path{"conftest", "file"},
			map[string]any{"name": filepath.Base(abs), "dir": filepath.Dir(abs)})
	})
	if err != nil {
		return fmt.Errorf("add file info: %w", err)
	}
	return nil
}

// Namespaces returns the packages of the policies, in the order of their files.
func (e *Engine) Namespaces() []string {
	var names []string
	for _, p := range e.paths {
		name := namespace(e.Modules[p])
		if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
			names = append(names, name)
		}
	}
	return names
}

func namespace(m *ast.Module) string {
	return strings.TrimPrefix(m.Package.Path.String(), "data.")
}

// Select returns the namespaces that are asked: those named, or, where a name is a
// pattern or all are wanted, those that there are.
func (e *Engine) Select(names []string, all bool) ([]string, error) {
	if all {
		return e.Namespaces(), nil
	}
	if !slices.ContainsFunc(names, func(n string) bool { return strings.ContainsAny(n, "*?[") }) {
		return names, nil
	}
	return e.Match(names)
}

// Match returns the namespaces that any of the patterns matches.
func (e *Engine) Match(patterns []string) ([]string, error) {
	var matched []string
	for _, name := range e.Namespaces() {
		for _, pattern := range patterns {
			ok, err := path.Match(pattern, name)
			if err != nil {
				return nil, fmt.Errorf("filter namespaces: match pattern %q: %w", pattern, err)
			}
			if ok {
				matched = append(matched, name)
				break
			}
		}
	}
	return matched, nil
}

// Runtime is what opa.runtime() returns.
func (e *Engine) Runtime() *ast.Term {
	env := ast.NewObject()
	if e.opts.AllowEnv {
		for _, pair := range os.Environ() {
			name, value, ok := strings.Cut(pair, "=")
			t := ast.NullTerm()
			if ok {
				t = ast.StringTerm(value)
			}
			env.Insert(ast.StringTerm(name), t)
		}
	}
	return ast.ObjectTerm(
		[2]*ast.Term{ast.StringTerm("env"), ast.NewTerm(env)},
		[2]*ast.Term{ast.StringTerm("version"), ast.StringTerm("dev")},
		[2]*ast.Term{ast.StringTerm("commit"), ast.StringTerm("")},
	)
}
