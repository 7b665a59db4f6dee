package yaml_test

import (
	"bytes"
	"testing"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/yaml"
)

// FuzzRead holds: no panic; every node has a place in the text and ends behind its
// beginning; keys stand once; a stream without a line of three dots or dashes is at
// most one document.
func FuzzRead(f *testing.F) {
	for seed := range uint64(20) {
		text, _, _ := stream(seed)
		f.Add(text)
	}
	f.Add("a: &a [*a]\n<<: {b: 1}\nb: 2\n--- !x |2\n y\n...\n%YAML 1.2\n---\n? [a]\n")
	f.Add("\xff\xfea\x00:\x00")
	f.Add("{a: , b}\n---\r[a: , &x , *x]\u2028--- \u0085")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		for rules := range yaml.Rules(3) {
			docs, diagnostics := yaml.ReadAs(rules, "f", []byte(text))
			lines := bytes.Count([]byte(text), []byte("\n")) + 1
			if bytes.HasPrefix([]byte(text), []byte("\xff\xfe")) || bytes.HasPrefix([]byte(text), []byte("\xfe\xff")) {
				lines = len(text) + 1
			}
			opaque := false
			for i, d := range docs {
				if d.Index != i || d.Source != "f" {
					t.Fatalf("document %d is said to be %d of %s", i, d.Index, d.Source)
				}
				budget := 300_000
				check(t, d.Root, lines, &budget)
				opaque = opaque || d.Root.Kind == node.Opaque
			}
			for _, d := range diagnostics {
				if d.Pos.Line < 1 || d.Pos.Line > lines || d.Pos.Column < 1 {
					t.Fatalf("a diagnostic at %v of %d lines", d.Pos, lines)
				}
			}
		}
	})
}

func check(t *testing.T, n *node.Node, lines int, budget *int) {
	if *budget--; *budget < 0 {
		t.Fatal("the tree is larger than the budget of aliases allows")
	}
	if n.Line < 1 || n.Column < 1 || n.EndLine < n.Line || n.EndLine > lines || n.EndLine == n.Line && n.EndColumn < n.Column {
		t.Fatalf("a node at %d:%d to %d:%d of %d lines", n.Line, n.Column, n.EndLine, n.EndColumn, lines)
	}
	if n.Kind == node.Opaque && n.Reason == "" {
		t.Fatal("opaque without a reason")
	}
	if n.Kind == node.Object && len(n.Keys) != len(n.Elems) {
		t.Fatalf("%d keys, %d elements", len(n.Keys), len(n.Elems))
	}
	seen := map[string]bool{}
	for _, k := range n.Keys {
		if seen[k.Name] {
			t.Fatalf("the key %q stands twice", k.Name)
		}
		seen[k.Name] = true
	}
	for _, e := range n.Elems {
		check(t, e, lines, budget)
	}
}
