package kubernetes_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "write want.txt of the cases anew")

// lister is a visitor that lists what it is shown.
type lister struct {
	out    *bytes.Buffer
	target fact.Target
	env    *collectors.Env
}

func (l lister) Object(o *kubernetes.Object) {
	fmt.Fprintf(l.out, "%s %s %s @%s", l.target.ID, o.APIVersion, o.ID, o.Pos())
	if o.Doubt != "" {
		fmt.Fprintf(l.out, " (%s)", o.Doubt)
	}
	fmt.Fprintln(l.out)
}

func (l lister) Documents() []*fact.Document {
	return []*fact.Document{fact.NewBuilder("data.store", l.target, l.env.Envelope("test", "kubernetes"), l.env.Now).Document()}
}

// list reads files and returns the objects seen, the documents, what was left out
// and the diagnostics.
func list(t *testing.T, files map[string]string) string {
	t.Helper()
	env := sourcetest.Env(files)
	var out bytes.Buffer
	kubernetes.Watch(env, "test", nil, func(target fact.Target) kubernetes.Visitor { return lister{&out, target, env} })
	docs, err := kubernetes.Documents(t.Context(), env, "test")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		fmt.Fprintf(&out, "document %s of %d files", d.Target.ID, len(d.Sources))
		if !d.Complete {
			fmt.Fprintf(&out, ", incomplete: %s", strings.Join(d.Reasons, "; "))
		}
		fmt.Fprintln(&out)
	}
	for _, name := range env.Tree.Files {
		if reason := env.Tree.Left(name); reason != "" {
			fmt.Fprintf(&out, "left out %s: %s\n", name, reason)
		}
	}
	for _, d := range env.Diagnostics() {
		fmt.Fprintf(&out, "%s %s\n", d.Severity, d.Error())
	}
	return out.String()
}

func TestObjects(t *testing.T) {
	names, err := filepath.Glob("testdata/objects/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]string{}
			for _, f := range a.Files {
				files[f.Name] = string(f.Data)
			}
			want := files["want.txt"]
			delete(files, "want.txt")
			got := list(t, files)
			if *update {
				a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == "want.txt" })
				a.Files = append(a.Files, txtar.File{Name: "want.txt", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestIsManifest(t *testing.T) {
	for text, want := range map[string]bool{
		"apiVersion: v1\nkind: Pod\n": true, "kind: Pod\n'apiVersion' : v1\n": true, `{"kind":"Pod","apiVersion":"v1"}`: true,
		"  apiVersion: v1\n  kind: Pod\n": true, "\ufeffkind: A\napiVersion: v1\n": true, "? kind\n: A\n? apiVersion\n: v1\n": true,
		"\xff\xfek\x00i\x00n\x00d\x00:\x00A\x00\n\x00a\x00p\x00i\x00V\x00e\x00r\x00s\x00i\x00o\x00n\x00:\x00": true,
		"kind: Pod\n": false, "apiVersion: v2\nname: chart\n": false, "# apiVersion and kind\na: 1\n": false, "my-apiVersion: 1\nmankind: 2\n": false,
	} {
		if got := kubernetes.IsManifest([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
