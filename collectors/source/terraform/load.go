package terraform

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function"
)

// Options say how a root module is evaluated.
type Options struct {
	// VarFiles are variable files as of -var-file, in order: slash-separated
	// paths relative to the root of the file system.
	VarFiles []string
	// Workspace is terraform.workspace, "default" if empty.
	Workspace string
	// Limits bound the work; members that are zero take their default.
	Limits Limits

	read map[string]*source // files that discovery read already
}

// Load evaluates the root module in the folder dir of fsys, which is rooted at
// the repository: nothing outside of it is read. It follows Terraform 1.11
// without state, providers and environment (TF_VAR_ variables are ignored). It
// always returns a Root; problems are in its Diagnostics and Incomplete.
func Load(fsys fs.FS, dir string, opts Options) *Root {
	ev := newEvaluation(fsys, path.Clean(dir), opts)
	ev.contained("root module "+ev.dir, func() {
		in := newInstance(ev, ev.module(ev.dir))
		ev.preload(in.mod, "", 0)
		in.setRootVariables(opts.VarFiles)
		in.emit()
	})
	ev.root.sort()
	return ev.root
}

// evaluation is the work of one Load.
type evaluation struct {
	fsys      fs.FS
	dir       string
	workspace string
	limits    Limits
	root      *Root
	functions map[string]function.Function

	sources   map[string]*source // by path
	known     map[string]*source // files that were read before, by path
	modules   map[string]*module // by folder
	manifest  map[string]string  // folders of downloaded modules by module path
	mentions  []string           // see mentioned
	variables map[hclsyntax.Expression]*references
	reported  map[report]struct{}
	spent     spent
	spare     []Value // see newValue
	templates map[templateKey]hclsyntax.Expression
}

func newEvaluation(fsys fs.FS, dir string, opts Options) *evaluation {
	ev := &evaluation{
		fsys:      fsys,
		dir:       dir,
		workspace: opts.Workspace,
		known:     opts.read,
		limits:    opts.Limits.withDefaults(),
		root:      &Root{Dir: dir},
		sources:   map[string]*source{},
		modules:   map[string]*module{},
		variables: map[hclsyntax.Expression]*references{},
		reported:  map[report]struct{}{},
	}
	if ev.workspace == "" {
		ev.workspace = "default"
	}
	return ev
}

// incomplete records once why resources may be missing.
func (ev *evaluation) incomplete(reason string) {
	if !slices.Contains(ev.root.Incomplete, reason) {
		ev.root.Incomplete = append(ev.root.Incomplete, reason)
	}
}

// inTree joins name to the folder dir; ok is false if that leaves the tree.
func inTree(dir, name string) (p string, ok bool) {
	if path.IsAbs(name) || strings.HasPrefix(name, `\`) {
		return "", false
	}
	p = path.Join(dir, name)
	return p, p != ".." && !strings.HasPrefix(p, "../")
}
