package terraform

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// Roots returns the evaluated root modules and plans of the source, read once
// and shared by all collectors, in the order of their folders. A folder that is
// called as a module is judged through its callers only, unless it was named.
func Roots(env *collectors.Env) []*Root {
	if env.Tree == nil {
		return nil
	}
	return env.Once("terraform", func() any { return readRoots(env) }).([]*Root)
}

// EachRoot returns what read yields for each root module of the source, in their
// order.
func EachRoot(ctx context.Context, env *collectors.Env, read func(*Root) *fact.Document) ([]*fact.Document, error) {
	var docs []*fact.Document
	for _, root := range Roots(env) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		docs = append(docs, read(root))
	}
	return docs, nil
}

// Target returns what the facts of a root module are about: "config/" and its
// folder.
func Target(r *Root) fact.Target {
	if r.Dir == "" || r.Dir == "." {
		return fact.Target{ID: "config/."}
	}
	return fact.Target{ID: "config/" + r.Dir}
}

func readRoots(env *collectors.Env) []*Root {
	folders := map[string]bool{}
	var plans []string
	for _, name := range env.Tree.Files {
		switch {
		case isConfiguration(name):
			folders[path.Dir(name)] = true
			env.MarkRead(name, "")
		case isVariables(name):
			env.MarkRead(name, "")
		case strings.HasSuffix(name, ".json") && looksLikePlan(env.Tree.FS, name):
			plans = append(plans, name)
			env.MarkRead(name, "")
		}
	}
	for _, s := range env.Tree.Skipped {
		if s.Refused && isConfiguration(s.Path) {
			folders[path.Dir(s.Path)] = true // loading it says what is wrong
		}
	}
	dirs := Discover(env.Tree.FS, fact.SortedKeys(folders))
	if named := env.Tree.Dir; folders[named] && !slices.Contains(dirs, named) {
		dirs = append(dirs, named)
		slices.Sort(dirs)
	}
	roots := make([]*Root, len(dirs)+len(plans))
	var wg sync.WaitGroup
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	read := func(i int, load func() *Root) {
		wg.Go(func() {
			gate <- struct{}{}
			roots[i] = load()
			<-gate
		})
	}
	for i, dir := range dirs {
		read(i, func() *Root { return Load(env.Tree.FS, dir, Options{VarFiles: env.VarFiles}) })
	}
	for i, name := range plans {
		read(len(dirs)+i, func() *Root { return loadPlan(env.Tree.FS, name) })
	}
	wg.Wait()
	for _, r := range roots {
		for _, f := range r.Files {
			env.MarkRead(f.Path, f.SHA256)
		}
		env.Diagnose(r.Diagnostics...)
		for _, secret := range Secrets(r) {
			env.Redactor.Add(secret)
		}
	}
	return roots
}

// loadPlan reads a plan, and takes the places of the configuration beside it.
func loadPlan(fsys fs.FS, name string) *Root {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return &Root{Dir: name, Incomplete: []string{"the plan cannot be read"}, Diagnostics: []Diagnostic{{
			Severity: "error", Fatal: true, Summary: "cannot read plan", Detail: fmt.Sprint(err), Pos: fact.Position{Source: name}}}}
	}
	plan := ReadPlan(data, name)
	if beside, err := fs.Glob(fsys, path.Join(path.Dir(name), "*.tf")); err == nil && len(beside) > 0 {
		plan.AttachHCL(Load(fsys, path.Dir(name), Options{}))
	}
	return plan
}

func isConfiguration(name string) bool {
	return strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tf.json")
}

func isVariables(name string) bool {
	return strings.HasSuffix(name, ".tfvars") || strings.HasSuffix(name, ".tfvars.json")
}

// looksLikePlan reads the beginning of a file for what terraform show -json
// writes there, in whatever order the members stand.
func looksLikePlan(fsys fs.FS, name string) bool {
	file, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer file.Close()
	head := make([]byte, 64<<10)
	n, _ := io.ReadFull(file, head)
	head = head[:n]
	return bytes.Contains(head, []byte(`"format_version"`)) ||
		bytes.Contains(head, []byte(`"planned_values"`)) || bytes.Contains(head, []byte(`"resource_changes"`))
}
