package kubernetes_test

import (
	"fmt"
	"runtime"
	"testing"
	"weak"

	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

// watcher remembers the trees it is shown without keeping them.
type watcher struct {
	t     *testing.T
	trees *[]weak.Pointer[node.Node]
}

func (w watcher) Object(o *kubernetes.Object) { *w.trees = append(*w.trees, weak.Make(o.Root)) }

func (w watcher) Documents() []*fact.Document {
	runtime.GC()
	runtime.GC()
	kept := 0
	for _, tree := range *w.trees {
		if tree.Value() != nil {
			kept++
		}
	}
	if kept > 1 { // the last one may still be on the stack
		w.t.Errorf("%d of %d trees are kept when all files are read", kept, len(*w.trees))
	}
	return nil
}

// Nothing keeps the tree of a file that was read.
func TestTreesAreForgotten(t *testing.T) {
	files := map[string]string{}
	for i := range 200 {
		files[fmt.Sprintf("a%03d.yaml", i)] = fmt.Sprintf("apiVersion: v1\nkind: Service\nmetadata: {name: s%d}\n", i)
	}
	env := sourcetest.Env(files)
	var trees []weak.Pointer[node.Node]
	kubernetes.Watch(env, "test", nil, func(fact.Target) kubernetes.Visitor { return watcher{t, &trees} })
	if _, err := kubernetes.Documents(t.Context(), env, "test"); err != nil {
		t.Fatal(err)
	}
	if len(trees) != 200 {
		t.Errorf("%d objects were shown, want 200", len(trees))
	}
}
