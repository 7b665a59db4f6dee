package policytest

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Result is the outcome of one Rego unit test.
type Result struct {
	Name   string // package and rule: data.gdpr.port.documented_test.test_fail
	File   string
	Line   int    // of the rule
	Failed int    // line of the last expression reached that did not hold, 0 if none is known
	Err    string // why the test could not be evaluated, empty if it could
	Pass   bool
}

// RunRego runs every test rule of a tree of Rego files with OPA's own tester over
// data, as `opa test` would: no built-in and no input of ours. Results are sorted
// by name. A rule that is skipped (todo_test_…) counts as one that did not pass.
func RunRego(ctx context.Context, fsys fs.FS, data map[string]any) ([]Result, error) {
	found, err := runRego(ctx, fsys, data, "")
	if err != nil {
		return nil, err
	}
	var out []Result
	var failed []string
	for _, r := range found {
		one := Result{Name: r.Package + "." + r.Name, Pass: r.Pass()}
		if r.Location != nil {
			one.File, one.Line = r.Location.File, r.Location.Row
		}
		if r.Error != nil {
			one.Err = r.Error.Error()
		}
		if r.Fail && r.Error == nil {
			failed = append(failed, regexp.QuoteMeta(one.Name))
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b Result) int { return cmp.Or(cmp.Compare(a.Name, b.Name), a.Line-b.Line) })
	if len(failed) == 0 {
		return out, nil
	}
	// Tracing is slow: only what failed is asked again.
	traced, err := runRego(ctx, fsys, data, "^("+strings.Join(failed, "|")+")$")
	if err != nil {
		return nil, err
	}
	for _, r := range traced {
		i := slices.IndexFunc(out, func(o Result) bool { return o.Name == r.Package+"."+r.Name && o.Line == r.Location.Row })
		for _, e := range r.Trace {
			if i >= 0 && e.Op == topdown.FailOp && e.Location != nil && e.Location.File == out[i].File {
				out[i].Failed = max(out[i].Failed, e.Location.Row)
			}
		}
	}
	return out, nil
}

// runRego runs the tests whose names match a filter, traced if there is one.
func runRego(ctx context.Context, fsys fs.FS, data map[string]any, filter string) ([]*tester.Result, error) {
	modules := map[string]*ast.Module{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".rego" {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		modules[name], err = ast.ParseModuleWithOpts(name, string(text), ast.ParserOptions{RegoVersion: ast.RegoV1, ProcessAnnotation: true})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read rego tests: %w", err)
	}
	runner := tester.NewRunner().SetDefaultRegoVersion(ast.RegoV1).RaiseBuiltinErrors(true).SetStore(inmem.NewFromObject(data))
	found, err := runner.EnableTracing(filter != "").Filter(filter).Run(ctx, modules)
	if err != nil {
		return nil, fmt.Errorf("run rego tests: %w", err)
	}
	var out []*tester.Result
	for r := range found {
		out = append(out, r)
	}
	return out, nil
}

// Format returns Rego source as `opa fmt` writes it.
func Format(name string, source []byte) ([]byte, error) {
	out, err := format.SourceWithOpts(name, source, format.Opts{RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, fmt.Errorf("format %s: %w", name, err)
	}
	return out, nil
}
