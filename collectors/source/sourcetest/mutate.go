package sourcetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/yaml"
	"github.com/writ-policy/writ/engine/fact"
)

// read reads YAML as the format does.
func (f Format) read(name, text string) ([]node.Document, []fact.Diagnostic) {
	if f == Kubernetes {
		return yaml.ReadAs(yaml.Kubernetes, name, []byte(text))
	}
	return yaml.Read(name, []byte(text))
}

// value is a place in a text.
type value struct {
	offset, line int
	path         string
}

// values lists what can be made unknown: everything but the whole of a file, and who
// an object of Kubernetes is.
func (f Format) values(text string) []value {
	docs, _ := f.read("f", text)
	lines := strings.SplitAfter(text, "\n")
	starts := make([]int, len(lines)+1)
	for i, l := range lines {
		starts[i+1] = starts[i] + len(l)
	}
	var out []value
	seen := map[int]bool{}
	var walk func(n *node.Node, path string)
	walk = func(n *node.Node, path string) {
		at := starts[n.Line-1] + n.Column - 1
		block := (n.Kind == node.Array || n.Kind == node.Object) && at < len(text) && text[at] != '[' && text[at] != '{'
		if path != "" && !seen[at] && !block && n.Kind != node.Opaque && n.Kind != node.Null {
			seen[at] = true
			out = append(out, value{at, n.Line, path})
		}
		for i, e := range n.Elems {
			switch {
			case n.Kind != node.Object:
				walk(e, fmt.Sprintf("%s/%d", path, i))
			case path != "" || f != Kubernetes || !identifies(n.Keys[i].Name):
				walk(e, path+"/"+n.Keys[i].Name)
			case e.Get("annotations") != nil:
				walk(e.Get("annotations"), "/metadata/annotations")
			}
		}
	}
	for _, d := range docs {
		if d.Root.Kind == node.Object {
			walk(d.Root, "")
		}
	}
	return out
}

// identifies reports whether a member says which object of Kubernetes it is of.
func identifies(name string) bool {
	return slices.Contains([]string{"apiVersion", "kind", "metadata", "items"}, name)
}

// leaves lists the paths of known scalars in a body of Terraform. Elements of lists are
// named by number.
func leaves(v *terraform.Value, at []string) [][]string {
	var out [][]string
	switch v.Kind {
	case terraform.Bool, terraform.Number, terraform.String:
		out = append(out, at)
	case terraform.Object:
		for _, f := range v.Fields {
			out = append(out, leaves(f.Value, append(slices.Clone(at), f.Name))...)
		}
	case terraform.List:
		for i, e := range v.Elems {
			out = append(out, leaves(e, append(slices.Clone(at), fmt.Sprint(i)))...)
		}
	}
	return out
}

// forget copies a body with the value at a path unknown.
func forget(v *terraform.Value, at []string) *terraform.Value {
	if len(at) == 0 {
		return &terraform.Value{Kind: terraform.Unknown, Reason: "made unknown", Pos: v.Pos}
	}
	out := *v
	out.Fields, out.Elems = slices.Clone(v.Fields), slices.Clone(v.Elems)
	for i, f := range out.Fields {
		if f.Name == at[0] {
			out.Fields[i].Value = forget(f.Value, at[1:])
		}
	}
	for i, e := range out.Elems {
		if fmt.Sprint(i) == at[0] {
			out.Elems[i] = forget(e, at[1:])
		}
	}
	return &out
}
