package kubernetes

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/yaml"
	"github.com/writ-policy/writ/engine/fact"
)

// rendered knows what of a tree is rendered by Helm or Kustomize before it reaches a
// cluster.
type rendered struct {
	tree *collectors.Tree
	read func(string) ([]byte, error)
	// charts are the folders of Helm charts, overlays those of Kustomize.
	charts   map[string]bool
	overlays map[string]*overlay
	// patches are files that an overlay applies to others → its folder.
	patches map[string]string
}

// overlay is one kustomization.
type overlay struct {
	resources []string // files and folders, relative to the tree
	changes   bool     // whether it does more than list resources
}

func isKustomization(name string) bool {
	switch path.Base(name) {
	case "kustomization.yaml", "kustomization.yml", "Kustomization":
		return true
	}
	return false
}

func newRendered(tree *collectors.Tree, read func(string) ([]byte, error)) *rendered {
	r := &rendered{tree: tree, read: read, charts: map[string]bool{}, overlays: map[string]*overlay{}, patches: map[string]string{}}
	for _, name := range tree.Files {
		switch {
		case path.Base(name) == "Chart.yaml" || path.Base(name) == "Chart.yml":
			r.charts[path.Dir(name)] = true
			tree.Leave(name, helm(path.Dir(name)))
		case isKustomization(name):
			if data, err := read(name); err == nil {
				r.kustomization(name, data)
			}
		}
	}
	for _, name := range tree.Files {
		if r.charts[path.Dir(name)] && strings.HasPrefix(path.Base(name), "values") {
			tree.Leave(name, helm(path.Dir(name)))
		}
	}
	return r
}

func helm(dir string) string {
	return "Helm chart: render it: helm template " + dir + " | writ check -"
}

func kustomize(dir string) string {
	return "Kustomize overlay: render it: kustomize build " + dir + " | writ check -"
}

// kustomization reads which files it patches others with.
func (r *rendered) kustomization(name string, data []byte) {
	dir := path.Dir(name)
	docs, _ := yaml.Read(name, data)
	if len(docs) > 0 {
		if v := scalar(docs[0].Root.Get("apiVersion")); v != "" && !strings.HasPrefix(v, "kustomize.config.k8s.io/") {
			return // an object of Flux, which names its file so
		}
	}
	o := &overlay{}
	r.overlays[dir] = o
	r.tree.Leave(name, kustomize(dir))
	for _, d := range docs {
		if d.Root.Kind != node.Object {
			o.changes = true
			continue
		}
		for i, key := range d.Root.Keys {
			value := d.Root.Elems[i]
			switch key.Name {
			case "apiVersion", "kind", "metadata":
			case "resources", "bases":
				for _, e := range value.Elems {
					o.resources = append(o.resources, path.Join(dir, scalar(e)))
				}
			default:
				o.changes = true
				r.patch(dir, key.Name, value)
			}
		}
	}
}

// patch notes the files of patchesStrategicMerge (names), patches and patchesJson6902
// (members named path), transformers and the like.
func (r *rendered) patch(dir, field string, value *node.Node) {
	switch field {
	case "patchesStrategicMerge", "patches", "patchesJson6902", "transformers", "validators", "generators", "configurations", "replacements":
	default:
		return
	}
	for _, e := range value.Elems {
		file := scalar(e)
		if e.Kind == node.Object {
			file = scalar(e.Get("path"))
		}
		if file != "" && !strings.Contains(file, "\n") {
			r.patches[path.Join(dir, file)] = dir
		}
	}
}

// leaves returns why a file is not judged as it stands, "" if it is.
func (r *rendered) leaves(name string, data []byte) string {
	if dir, ok := r.patches[name]; ok {
		return kustomize(dir)
	}
	if !bytes.Contains(data, []byte("{{")) {
		return ""
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if path.Base(dir) == "templates" && r.charts[path.Dir(dir)] {
			return helm(path.Dir(dir))
		}
	}
	return ""
}

// changed returns for each file that overlays change why it is not as it stands.
func (r *rendered) changed(files []string) map[string]string {
	out := map[string]string{}
	for _, dir := range fact.SortedKeys(r.overlays) {
		if !r.overlays[dir].changes {
			continue
		}
		reason := "changed before it is applied: " + kustomize(dir)
		r.reach(dir, map[string]bool{}, func(resource string) {
			for _, name := range files {
				if name == resource || path.Dir(name) == resource && r.overlays[resource] == nil {
					if out[name] == "" {
						out[name] = reason
					}
				}
			}
		})
	}
	return out
}

// reach calls f with the files and folders that an overlay is made of.
func (r *rendered) reach(dir string, seen map[string]bool, f func(string)) {
	if seen[dir] {
		return
	}
	seen[dir] = true
	for _, resource := range slices.Compact(slices.Sorted(slices.Values(r.overlays[dir].resources))) {
		if r.overlays[resource] != nil {
			r.reach(resource, seen, f)
		} else {
			f(resource)
		}
	}
}
