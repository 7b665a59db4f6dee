// Package nodetest holds what the tests of readers share: golden files of trees
// with their places, generated texts whose places are known, and the promises that
// every tree keeps.
package nodetest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// Reader is the signature of every reader.
type Reader func(source string, data []byte) ([]node.Document, []fact.Diagnostic)

// Golden reads the files of each archive that matches a pattern and compares them
// with NAME.want beside them, or rewrites those.
func Golden(t *testing.T, pattern string, update bool, read Reader) {
	t.Helper()
	archives, err := filepath.Glob(pattern)
	if err != nil || len(archives) == 0 {
		t.Fatalf("no cases in %s: %v", pattern, err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for _, f := range archive.Files {
			want[f.Name] = string(f.Data)
		}
		out := &txtar.Archive{Comment: archive.Comment}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".want") {
				continue
			}
			t.Run(filepath.Base(name)+"/"+f.Name, func(t *testing.T) {
				docs, diags := read(f.Name, f.Data)
				got := Dump(docs, diags)
				out.Files = append(out.Files, f, txtar.File{Name: f.Name + ".want", Data: []byte(got)})
				if diff := cmp.Diff(want[f.Name+".want"], got); diff != "" && !update {
					t.Errorf("(-want +got):\n%s", diff)
				}
				Check(t, f.Data, docs, diags)
			})
		}
		if update {
			if err := os.WriteFile(name, txtar.Format(out), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Dump renders documents and diagnostics, one value a line: the path, where its key
// stands, from where to where it goes, and what it is.
func Dump(docs []node.Document, diags []fact.Diagnostic) string {
	var b strings.Builder
	for _, d := range docs {
		fmt.Fprintf(&b, "document %d\n", d.Index)
		dump(&b, "", nil, d.Root)
	}
	for _, d := range diags {
		fatal := ""
		if d.Fatal {
			fatal = "fatal "
		}
		fmt.Fprintf(&b, "%s%s %v\n", fatal, d.Severity, d)
		if d.Hint != "" {
			fmt.Fprintf(&b, "\thint: %s\n", d.Hint)
		}
	}
	return b.String()
}

var kinds = map[node.Kind]string{node.Null: "null", node.Bool: "bool", node.Number: "number", node.String: "string",
	node.Array: "array", node.Object: "object", node.Opaque: "opaque"}

func dump(b *strings.Builder, path string, key *node.Key, n *node.Node) {
	shown := path
	if shown == "" {
		shown = "."
	}
	fmt.Fprintf(b, "%s", shown)
	if key != nil {
		fmt.Fprintf(b, " (%d:%d)", key.Line, key.Column)
	}
	fmt.Fprintf(b, " %d:%d-%d:%d %s", n.Line, n.Column, n.EndLine, n.EndColumn, kinds[n.Kind])
	switch n.Kind {
	case node.Bool, node.Number:
		fmt.Fprintf(b, " %s", n.Text)
	case node.String:
		fmt.Fprintf(b, " %q", n.Text)
	case node.Opaque:
		fmt.Fprintf(b, " %q: %s", n.Text, n.Reason)
	}
	b.WriteByte('\n')
	for i, e := range n.Elems {
		if n.Kind == node.Object {
			dump(b, path+fact.Pointer(n.Keys[i].Name), &n.Keys[i], e)
		} else {
			dump(b, path+"/"+strconv.Itoa(i), nil, e)
		}
	}
}

// Check holds the promises of a tree: kinds and their members, unique keys, exact
// numbers, texts in UTF-8, places inside of the file; and that what yields no
// document says why.
func Check(t *testing.T, data []byte, docs []node.Document, diags []fact.Diagnostic) {
	t.Helper()
	lines := strings.Split(string(data), "\n")
	for i, d := range docs {
		if d.Index != i || d.Root == nil {
			t.Errorf("document %d has the index %d, root %v", i, d.Index, d.Root)
			continue
		}
		check(t, lines, d.Root)
	}
	for _, d := range diags {
		if d.Severity != "error" && d.Severity != "warning" || d.Summary == "" || d.Pos.Source == "" {
			t.Errorf("diagnostic %+v", d)
		}
		if !utf8.ValidString(d.Error()+d.Line) || len(d.Error()) > 2000 {
			t.Errorf("diagnostic is no readable text: %.200q", d.Error())
		}
	}
	if len(docs) == 0 && len(diags) == 0 && strings.TrimSpace(string(data)) != "" {
		t.Errorf("neither a document nor a diagnostic")
	}
}

func check(t *testing.T, lines []string, n *node.Node) {
	if n.Line < 1 || n.Line > len(lines) || n.Column < 1 || n.Column > len(lines[n.Line-1])+1 {
		t.Errorf("%s %q at %d:%d is outside of the file", kinds[n.Kind], n.Text, n.Line, n.Column)
	}
	if n.EndLine < n.Line || n.EndLine > len(lines) || n.EndLine == n.Line && n.EndColumn < n.Column {
		t.Errorf("%s %q at %d:%d ends at %d:%d", kinds[n.Kind], n.Text, n.Line, n.Column, n.EndLine, n.EndColumn)
	}
	if !utf8.ValidString(n.Text) {
		t.Errorf("%q is not UTF-8", n.Text)
	}
	container := n.Kind == node.Array || n.Kind == node.Object || n.Kind == node.Opaque
	if !container && len(n.Elems) > 0 || (n.Kind == node.Object) != (len(n.Keys) > 0) && len(n.Elems) > 0 || n.Kind == node.Object && len(n.Keys) != len(n.Elems) {
		t.Errorf("%s with %d keys and %d elements", kinds[n.Kind], len(n.Keys), len(n.Elems))
	}
	switch n.Kind {
	case node.Bool:
		if n.Text != "true" && n.Text != "false" {
			t.Errorf("bool %q", n.Text)
		}
	case node.Number:
		if !json.Valid([]byte(n.Text)) || !strings.ContainsAny(n.Text[:1], "-0123456789") {
			t.Errorf("number %q is not a JSON number", n.Text)
		}
	case node.Opaque:
		if n.Reason == "" {
			t.Errorf("opaque %q without a reason", n.Text)
		}
	}
	names := make([]string, len(n.Keys))
	for i, k := range n.Keys {
		names[i] = k.Name
		if k.Line < 1 || k.Line > len(lines) || k.Column < 1 || !utf8.ValidString(k.Name) {
			t.Errorf("key %q at %d:%d", k.Name, k.Line, k.Column)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(n.Keys) {
		t.Errorf("a key stands twice: %q", names)
	}
	for _, e := range n.Elems {
		check(t, lines, e)
	}
}

// Refused reports whether a reader yielded nothing, and said so with an error.
func Refused(docs []node.Document, diags []fact.Diagnostic) bool {
	return len(docs) == 0 && slices.ContainsFunc(diags, func(d fact.Diagnostic) bool { return d.Fatal && d.Severity == "error" })
}

// Value turns a node into what encoding/json decodes with UseNumber; an opaque
// becomes its reason in parentheses.
func Value(n *node.Node) any {
	switch n.Kind {
	case node.Bool:
		return n.Text == "true"
	case node.Number:
		return json.Number(n.Text)
	case node.String:
		return n.Text
	case node.Array:
		list := make([]any, len(n.Elems))
		for i, e := range n.Elems {
			list[i] = Value(e)
		}
		return list
	case node.Object:
		m := make(map[string]any, len(n.Elems))
		for i, e := range n.Elems {
			m[n.Keys[i].Name] = Value(e)
		}
		return m
	case node.Opaque:
		return "(" + n.Reason + ")"
	}
	return nil
}
