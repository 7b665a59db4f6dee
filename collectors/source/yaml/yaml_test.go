package yaml_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/yaml"
)

// gather lists the scalars and the keys of a tree in the order of the text.
func gather(n *node.Node, scalars, keys *[]place) {
	if n.Kind != node.Array && n.Kind != node.Object {
		*scalars = append(*scalars, place{n.Kind, n.Text, n.Line, n.Column, n.EndLine, n.EndColumn})
	}
	for i, e := range n.Elems {
		if n.Kind == node.Object {
			k := n.Keys[i]
			*keys = append(*keys, place{Kind: node.String, Text: k.Name, Line: k.Line, Column: k.Column})
		}
		gather(e, scalars, keys)
	}
}

func TestPlaces(t *testing.T) {
	for seed := range uint64(400) {
		text, scalars, keys := stream(seed)
		docs, diagnostics := yaml.Read("a.yaml", []byte(text))
		if len(diagnostics) > 0 {
			t.Fatalf("seed %d: %v\n%s", seed, diagnostics, text)
		}
		if len(docs) != len(scalars) {
			t.Fatalf("seed %d: %d documents, want %d\n%s", seed, len(docs), len(scalars), text)
		}
		for i, d := range docs {
			var gotScalars, gotKeys []place
			gather(d.Root, &gotScalars, &gotKeys)
			for j := range keys[i] {
				keys[i][j].EndLine, keys[i][j].EndColumn = 0, 0
			}
			if diff := cmp.Diff(scalars[i], gotScalars); diff != "" {
				t.Fatalf("seed %d, scalars of document %d (-written +read):\n%s\n%s", seed, i, diff, text)
			}
			if diff := cmp.Diff(keys[i], gotKeys); diff != "" {
				t.Fatalf("seed %d, keys of document %d (-written +read):\n%s\n%s", seed, i, diff, text)
			}
		}
	}
}
