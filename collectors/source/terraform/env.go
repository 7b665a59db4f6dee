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
	value, whole := env.Loaded()
	if !whole {
		if root, ok := value.(*Root); ok {
			return []*Root{root}
		}
		return nil
	}
	return env.Once("terraform", func() any { return readRoots(env) }).([]*Root)
}

// Parts returns the root modules and plans of the source, not yet read, in the
// order of their folders.
func Parts(env *collectors.Env) []*collectors.Part {
	if env.Tree == nil {
		return nil
	}
	var parts []*collectors.Part
	all := discoverRoots(env)
	owner := owners(all)
	for i, find := range all {
		parts = append(parts, &collectors.Part{Target: Target(&Root{Dir: find.dir}).ID, Owns: func(name string) bool { n, ok := owner(name); return ok && n == i }, Load: func(e *collectors.Env) any {
			root := find.load()
			note(e, root)
			return root
		}})
	}
	return parts
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

// found is a root module or a plan that can be read.
type found struct {
	dir     string
	modules []string // folders that it calls, and those that they call
	load    func() *Root
}

// owners gives each file to the root whose folder holds it, the innermost, else to
// the first that calls the module it is part of.
func owners(all []found) func(name string) (int, bool) {
	byDir, byModule := map[string]int{}, map[string]int{}
	for i, f := range all {
		byDir[path.Clean(f.dir)] = i
		for _, m := range f.modules {
			if _, ok := byModule[m]; !ok {
				byModule[m] = i
			}
		}
	}
	return func(name string) (int, bool) {
		for at := name; ; at = path.Dir(at) {
			if i, ok := byDir[at]; ok {
				return i, true
			}
			if at == "." {
				break
			}
		}
		i, ok := byModule[path.Dir(name)]
		return i, ok && isConfiguration(name)
	}
}

// discoverRoots finds what there is to read: root modules, then plans.
func discoverRoots(env *collectors.Env) []found {
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
	dirs, modules, read := discover(env.Tree.FS, fact.SortedKeys(folders))
	if named := env.Tree.Dir; folders[named] && !slices.Contains(dirs, named) {
		dirs = append(dirs, named)
		slices.Sort(dirs)
	}
	var all []found
	for _, dir := range dirs {
		all = append(all, found{dir, modules[dir], func() *Root { return Load(env.Tree.FS, dir, Options{VarFiles: env.VarFiles, read: read[dir]}) }})
	}
	for _, name := range plans {
		all = append(all, found{name, nil, func() *Root { return loadPlan(env.Tree.FS, name) }})
	}
	return all
}

func readRoots(env *collectors.Env) []*Root {
	all := discoverRoots(env)
	roots := make([]*Root, len(all))
	var wg sync.WaitGroup
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, f := range all {
		wg.Go(func() {
			gate <- struct{}{}
			roots[i] = f.load()
			<-gate
		})
	}
	wg.Wait()
	for _, r := range roots {
		note(env, r)
	}
	return roots
}

// note tells the run what was read, what was wrong with it and what is secret.
func note(env *collectors.Env, r *Root) {
	for _, f := range r.Files {
		env.MarkRead(f.Path, f.SHA256)
	}
	env.Diagnose(r.Diagnostics...)
	for _, secret := range Secrets(r) {
		env.Redactor.Add(secret)
	}
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
