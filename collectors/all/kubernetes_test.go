package all

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"weak"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

// keeper is a collector and its visitor: it remembers the trees that are shown, and
// counts those that someone keeps.
type keeper struct {
	trees *[]weak.Pointer[node.Node]
	kept  *int
}

func (keeper) Name() string                      { return "keeper" }
func (keeper) Yields(collectors.Scheme) []string { return []string{"run"} }
func (keeper) Collect(context.Context, *collectors.Env) ([]*fact.Document, error) {
	return nil, nil
}

func (k keeper) Watch(env *collectors.Env) {
	kubernetes.Watch(env, "keeper", nil, func(fact.Target) kubernetes.Visitor { return k })
}

func (k keeper) Object(o *kubernetes.Object) { *k.trees = append(*k.trees, weak.Make(o.Root)) }

func (k keeper) Documents() []*fact.Document {
	runtime.GC()
	runtime.GC()
	for _, tree := range *k.trees {
		if tree.Value() != nil {
			*k.kept++
		}
	}
	return nil
}

// No collector keeps the tree of a manifest: a target may have thousands.
func TestManifestsAreForgotten(t *testing.T) {
	files := map[string]string{}
	names, err := filepath.Glob("../*/testdata/kubernetes/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range txtar.Parse(data).Files {
			if strings.HasSuffix(f.Name, ".yaml") {
				files[fmt.Sprintf("%s-%d-%s.yaml", filepath.Base(filepath.Dir(filepath.Dir(filepath.Dir(name)))), i, filepath.Base(name))] = string(f.Data)
			}
		}
	}
	var trees []weak.Pointer[node.Node]
	kept := 0
	env := sourcetest.Env(files)
	collectors.Run(t.Context(), append(Collectors(), keeper{&trees, &kept}), collectors.Path, env)
	if len(trees) < 50 {
		t.Errorf("%d objects were shown", len(trees))
	}
	if kept > 1 { // the last one may still be on the stack
		t.Errorf("%d of %d trees are kept when all files are read", kept, len(trees))
	}
}
