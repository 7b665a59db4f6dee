package register

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "rewrite the expected files")

// now is the time of every test run.
var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func each(t *testing.T, pattern string, do func(t *testing.T, path string, f File)) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: no files (%v)", pattern, err)
	}
	for _, p := range paths {
		t.Run(filepath.Base(p), func(t *testing.T) {
			data, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			do(t, p, File{Name: filepath.Base(p), Data: data})
		})
	}
}

func showDiagnostics(list []fact.Diagnostic) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%s: %s\n", d.Severity, d.Error())
		if d.Line != "" {
			fmt.Fprintf(&b, "\t%s\n", strings.TrimSpace(d.Line))
		}
		if d.Hint != "" {
			fmt.Fprintf(&b, "\thint: %s\n", d.Hint)
		}
	}
	return b.String()
}

// showDocuments writes one line per field: its value and where it was read.
func showDocuments(docs []*fact.Document) string {
	var b strings.Builder
	for _, d := range docs {
		fmt.Fprintf(&b, "%s of %s", d.Kind, d.Target.ID)
		if d.Target.Environment != "" {
			fmt.Fprintf(&b, " (%s)", d.Target.Environment)
		}
		if !d.Complete {
			fmt.Fprintf(&b, ", incomplete: %s", strings.Join(d.Reasons, "; "))
		}
		b.WriteString("\n")
		gaps := map[string]string{}
		for _, g := range d.Unobserved {
			gaps[g.Pointer] = g.Reason
		}
		for i, item := range d.Items {
			at := fmt.Sprintf("/items/%d", i)
			fmt.Fprintf(&b, "  %s%s\n", item.ID(), showPosition(d, at))
			for _, name := range fact.SortedKeys(item) {
				if name == "id" || name == "basis" {
					continue
				}
				v, _ := json.Marshal(item[name])
				p := at + fact.Pointer(name)
				fmt.Fprintf(&b, "    %s = %s%s", name, v, showPosition(d, p))
				if item[name] == nil {
					fmt.Fprintf(&b, " because %s", gaps[p])
				}
				b.WriteString("\n")
			}
		}
	}
	return b.String()
}

func showPosition(d *fact.Document, pointer string) string {
	p, ok := d.Positions[pointer]
	if !ok {
		return ""
	}
	for _, s := range d.Sources {
		if s.ID == p.Source {
			return fmt.Sprintf(" @%s:%d:%d-%d", s.URI, p.Line, p.Column, p.EndLine)
		}
	}
	return " @nowhere"
}

func validate(t *testing.T, docs []*fact.Document, check func(*fact.Document) []fact.Problem) {
	t.Helper()
	for _, d := range docs {
		for _, p := range check(d) {
			t.Errorf("%s of %s: %v", d.Kind, d.Target.ID, p)
		}
	}
}

func TestBad(t *testing.T) {
	for _, pattern := range []string{"testdata/bad/*.bad.hcl", "testdata/bad/*.bad.hcl.json"} {
		each(t, pattern, func(t *testing.T, path string, f File) {
			r, diags := Read([]File{f})
			if len(r.Errors) == 0 {
				t.Errorf("no errors")
			}
			for _, d := range diags {
				if d.Pos.Line == 0 || d.Pos.Source != f.Name {
					t.Errorf("no position: %v", d)
				}
			}
			docs := r.Documents(now)
			validate(t, docs, fact.Validate)
			golden(t, path+".txt", showDiagnostics(diags))
			for _, d := range docs {
				if d.Complete {
					t.Errorf("%s is complete in spite of errors", d.Kind)
				}
			}
		})
	}
}

func TestGood(t *testing.T) {
	for _, pattern := range []string{"testdata/good/*.hcl", "testdata/good/*.hcl.json"} {
		each(t, pattern, func(t *testing.T, path string, f File) {
			r, diags := Read([]File{f})
			if len(diags) > 0 {
				t.Errorf("diagnostics:\n%s", showDiagnostics(diags))
			}
			docs := r.Documents(now)
			validate(t, docs, fact.Validate)
			if problems := r.Annotate(docs, Options{Now: now}); len(problems) > 0 {
				t.Errorf("annotation:\n%s", showDiagnostics(problems))
			}
			r.Link(docs)
			validate(t, docs, fact.ValidateAnnotated)
			golden(t, path+".txt", showDocuments(docs))
		})
	}
}

func TestProject(t *testing.T) {
	each(t, "testdata/project/*.hcl", func(t *testing.T, path string, f File) {
		p, diags := ReadProject(f.Data, f.Name)
		var b strings.Builder
		for _, s := range p.Registers {
			fmt.Fprintf(&b, "register %s @%s\n", s.Value, s.Pos)
		}
		for _, s := range p.Policies {
			fmt.Fprintf(&b, "policy %s @%s\n", s.Value, s.Pos)
		}
		fmt.Fprintf(&b, "gate %q @%s\n", p.Gate.Value, p.Gate.Pos)
		if p.Pinned.Value != "" {
			fmt.Fprintf(&b, "pinned %s @%s\n", p.Pinned.Value, p.Pinned.Pos)
		}
		for _, x := range p.Params {
			fmt.Fprintf(&b, "param %s = %#v @%s\n", x.Key, x.Value, x.Pos)
		}
		if bad := strings.Contains(path, ".bad."); bad != (len(diags) > 0) {
			t.Errorf("%d diagnostics", len(diags))
		}
		golden(t, path+".txt", b.String()+showDiagnostics(diags))
	})
}

func TestExamplesOfKinds(t *testing.T) {
	for _, k := range fact.Kinds() {
		if !strings.HasPrefix(k.Name, "register.") {
			continue
		}
		d := fact.NewBuilder(k.Name, fact.Target{ID: Target}, fact.Collector{}, now).Document()
		d.Items = append(d.Items, k.Example)
		validate(t, []*fact.Document{d}, fact.Validate)
	}
}
