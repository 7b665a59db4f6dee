package register

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/engine/fact"
)

// A case of testdata/annotate holds register.hcl (any name ending in .hcl or
// .hcl.json, or none), params.json, facts.json and want.txt. facts.json lists
// documents by kind and target; an item is the example of its kind with the
// members that are given, and a member that is null is a gap. "file" is where it stands.
type brief struct {
	Kind       string           `json:"kind"`
	Target     string           `json:"target"`
	Incomplete string           `json:"incomplete"`
	Items      []map[string]any `json:"items"`
}

func (x brief) document() *fact.Document {
	b := fact.NewBuilder(x.Kind, fact.Target{ID: x.Target}, fact.Collector{Name: "test"}, now)
	if x.Incomplete != "" {
		b.Incomplete(x.Incomplete)
	}
	for _, given := range x.Items {
		id, _ := given["id"].(string)
		at := fact.Position{}
		if file, ok := given["file"].(string); ok {
			at = fact.Position{Source: file, Line: 1}
			delete(given, "file")
		}
		item := b.Add(id, "declared", at)
		all := maps.Clone(map[string]any(fact.LookupKind(x.Kind).Example))
		maps.Copy(all, given)
		for _, name := range fact.SortedKeys(all) {
			switch {
			case name == "id":
			case all[name] == nil:
				item.Gap(name, name+" was not seen", fact.Position{})
			default:
				item.Set(name, all[name], fact.Position{})
			}
		}
		nested(b.Document(), fmt.Sprintf("/items/%d", b.Len()-1), all)
	}
	return b.Document()
}

// nested lists what is null inside of a member.
func nested(d *fact.Document, at string, members map[string]any) {
	for _, name := range fact.SortedKeys(members) {
		list, _ := members[name].([]any)
		for i, e := range list {
			element, _ := e.(map[string]any)
			for _, field := range fact.SortedKeys(element) {
				if element[field] == nil {
					pointer := fmt.Sprintf("%s/%s/%d/%s", at, name, i, field)
					d.Unobserved = append(d.Unobserved, fact.Gap{Pointer: pointer, Reason: field + " was not seen"})
				}
			}
		}
	}
}

func TestAnnotate(t *testing.T) {
	paths, err := filepath.Glob("testdata/annotate/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var files []File
			var facts []brief
			o, want := Options{Now: now}, -1
			for i, f := range archive.Files {
				switch f.Name {
				case "want.txt":
					want = i
				case "params.json":
					if err := json.Unmarshal(f.Data, &o.Params); err != nil {
						t.Fatal(err)
					}
				case "facts.json":
					if err := json.Unmarshal(f.Data, &facts); err != nil {
						t.Fatal(err)
					}
				default:
					files = append(files, File{f.Name, f.Data})
				}
			}
			got := annotated(t, files, facts, o)
			if *update {
				if want < 0 {
					archive.Files, want = append(archive.Files, txtar.File{Name: "want.txt"}), len(archive.Files)
				}
				archive.Files[want].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want < 0 {
				t.Fatal("no want.txt")
			}
			if diff := cmp.Diff(string(archive.Files[want].Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func annotated(t *testing.T, files []File, facts []brief, o Options) string {
	r, diags := Read(files)
	var docs []*fact.Document
	for _, f := range facts {
		docs = append(docs, f.document())
	}
	validate(t, docs, fact.Validate)
	docs = append(docs, r.Documents(now)...)
	diags = append(diags, r.Annotate(docs, o)...)
	r.Link(docs)
	validate(t, docs, fact.ValidateAnnotated)
	once := showDocuments(docs)

	// Asking again changes nothing.
	r.Annotate(docs, o)
	r.Link(docs)
	validate(t, docs, fact.ValidateAnnotated)
	if diff := cmp.Diff(once, showDocuments(docs)); diff != "" {
		t.Errorf("asked again (-first +second):\n%s", diff)
	}

	var b strings.Builder
	b.WriteString(showDiagnostics(diags))
	for _, d := range docs {
		if d.Target.ID != Target || refers(d) {
			b.WriteString(showAnnotated(d))
		}
	}
	return b.String()
}

// refers reports whether a document of the register refers to others.
func refers(d *fact.Document) bool {
	return len(d.Items) > 0 && (d.Kind == "register.port" || d.Kind == "register.dataset")
}

func showAnnotated(d *fact.Document) string {
	k := fact.LookupKind(d.Kind)
	cut := *d
	cut.Items = nil
	for _, item := range d.Items {
		kept := fact.Item{"id": item.ID()}
		for name, v := range item {
			if f := k.Field(name); f != nil && f.Annotated {
				kept[name] = v
			}
		}
		cut.Items = append(cut.Items, kept)
	}
	return fmt.Sprint(showDocuments([]*fact.Document{&cut}))
}
