package cli

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/writ-policy/writ/cmd/internal/conftest/judge"
	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/policies"
)

// load reads the controls of the flags, and of the project file if there is one.
func (f *flags) load(p *project) (*control.Set, []fact.Diagnostic, error) {
	params, err := control.ReadParameters(policies.FS)
	if err != nil {
		return nil, nil, err
	}
	now, err := f.time()
	if err != nil {
		return nil, nil, err
	}
	if err := params.ReadTables(policies.FS, now); err != nil {
		return nil, nil, err
	}
	var diagnostics []fact.Diagnostic
	if p != nil {
		diagnostics = append(diagnostics, p.apply(params)...)
	}
	for _, arg := range f.params {
		if err := setParams(params, arg); err != nil {
			return nil, nil, err
		}
	}
	var sources []control.Source
	if !f.noBuiltin {
		sources = append(sources, control.Source{FS: policies.FS, Embedded: true})
	}
	for _, name := range f.policies {
		source, err := policySource(name)
		if err != nil {
			return nil, nil, err
		}
		sources = append(sources, source)
	}
	if p != nil {
		sources = append(sources, p.policies...)
	}
	options := control.Options{Select: f.selects, Skip: f.skips, Params: params, Namespaces: f.namespaces, Permissive: f.permissive}
	if options.Data, err = judge.Data(f.data); err != nil {
		return nil, nil, fmt.Errorf("read --data: %w", err)
	}
	for _, each := range functions(p) {
		options.Builtins = append(options.Builtins, each.Decl)
	}
	set, problems := control.Load(sources, options)
	diagnostics = append(diagnostics, problems...)
	if len(set.Controls) == 0 && len(set.Policies) == 0 && !slices.ContainsFunc(diagnostics, func(d fact.Diagnostic) bool { return d.Fatal }) {
		diagnostics = append(diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "no controls", Detail: "no control is selected, so nothing would be judged"})
	}
	return set, diagnostics, nil
}

// functions are the built-ins of conftest policies. Those that read files are not
// there if the checked tree supplies a policy.
func functions(p *project) []engine.Function {
	return judge.Functions(p == nil || p.trusted || len(p.policies) == 0)
}

// policySource opens a folder or one file of Rego.
func policySource(name string) (control.Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return control.Source{}, fmt.Errorf("read policy %s: %w", name, unwrapPath(err))
	}
	if info.IsDir() {
		return control.Source{Name: filepath.ToSlash(name), FS: collectors.Regular{FS: os.DirFS(name)}}, nil
	}
	return control.Source{Name: filepath.ToSlash(filepath.Dir(name)), FS: oneFile{collectors.Regular{FS: os.DirFS(filepath.Dir(name))}, filepath.Base(name)}}, nil
}

// oneFile is a file system in which a folder holds a single file.
type oneFile struct {
	fs.FS
	name string
}

func (o oneFile) ReadDir(dir string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, dir)
	for _, e := range entries {
		if e.Name() == o.name {
			return []fs.DirEntry{e}, err
		}
	}
	return nil, err
}

// setParams applies NAME=VALUE, in which VALUE is JSON or a bare word, or a YAML
// file of names and values.
func setParams(params *control.Parameters, arg string) error {
	if name, text, ok := strings.Cut(arg, "="); ok {
		var v any = text
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		var parsed any
		if dec.Decode(&parsed) == nil && !dec.More() {
			v = parsed
		}
		if err := params.Set(name, v, "--params"); err != nil {
			return fmt.Errorf("--params %s: %w", arg, err)
		}
		return nil
	}
	data, err := readBounded(arg)
	if err != nil {
		return fmt.Errorf("read parameters %s: %w", arg, unwrapPath(err))
	}
	var values map[string]any
	if err := yaml.Unmarshal(data, &values); err != nil {
		return fmt.Errorf("read parameters %s: %w", arg, err)
	}
	for _, name := range fact.SortedKeys(values) {
		if err := params.Set(name, values[name], "--params "+path.Base(arg)); err != nil {
			return fmt.Errorf("read parameters %s: %w", arg, err)
		}
	}
	return nil
}
