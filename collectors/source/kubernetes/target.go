package kubernetes

import (
	"io/fs"
	"path"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// targets finds the target of a folder: the topmost of the folders upwards, without
// a gap and within what the user named, that hold manifests themselves.
type targets struct {
	holds map[string]bool // folders that hold manifests
	top   string          // what the user named
}

func newTargets(tree *collectors.Tree, manifests []found) targets {
	t := targets{holds: map[string]bool{}, top: tree.Dir}
	if info, err := fs.Stat(tree.FS, tree.Dir); err == nil && !info.IsDir() {
		t.top = path.Dir(tree.Dir)
	}
	for _, f := range manifests {
		if f.root {
			t.holds[path.Dir(f.name)] = true
		}
	}
	return t
}

func (t targets) of(name string) fact.Target {
	if name == collectors.Stream {
		return fact.Target{ID: "config/" + name}
	}
	dir := path.Dir(name)
	for dir != t.top && dir != "." && t.holds[path.Dir(dir)] {
		dir = path.Dir(dir)
	}
	return fact.Target{ID: "config/" + dir}
}
