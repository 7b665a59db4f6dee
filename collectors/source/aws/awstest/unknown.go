package awstest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Unknowns holds a collector to its promise that what is not known never becomes
// a default, a pass or nothing: it takes the modules of golden cases, makes one
// value after another unknown, and compares the facts. A member that changes must
// have become a gap; an item that vanishes must leave the document incomplete.
// Members whose path is in free name other items and may change.
func Unknowns(t *testing.T, pattern string, run func(*terraform.Root) []*fact.Document, free ...string) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no case matches %s: %v", pattern, err)
	}
	tried := 0
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tree := fstest.MapFS{}
		for _, f := range a.Files {
			if f.Name != want {
				tree[f.Name] = &fstest.MapFile{Data: f.Data}
			}
		}
		root := terraform.Load(tree, ".", terraform.Options{})
		before := run(root)
		for i, r := range root.Resources {
			for _, at := range leaves(r.Body, nil) {
				tried++
				changed := *r
				changed.Body = forget(r.Body, at)
				mutated := *root
				mutated.Resources = slices.Clone(root.Resources)
				mutated.Resources[i] = &changed
				where := fmt.Sprintf("%s: %s.%s unknown", filepath.Base(name), r.Address, strings.Join(at, "."))
				for n, after := range run(&mutated) {
					for _, p := range fact.Validate(after) {
						t.Errorf("%s: %v", where, p)
					}
					compare(t, where, before[n], after, free)
				}
			}
		}
	}
	if tried == 0 {
		t.Error("nothing was tried")
	}
}

// leaves lists the paths of known scalars in a body. Elements of lists are named
// by number.
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

func compare(t *testing.T, where string, before, after *fact.Document, free []string) {
	t.Helper()
	found := map[string]fact.Item{}
	for _, item := range after.Items {
		found[item.ID()] = item
	}
	lost := 0
	for _, item := range before.Items {
		if now, ok := found[item.ID()]; ok {
			differ(t, where+": "+item.ID(), "", map[string]any(item), map[string]any(now), free)
		} else {
			lost++
		}
	}
	if lost > 0 && len(after.Items) < len(before.Items) && after.Complete {
		t.Errorf("%s: %d of %d items are gone, and the document says it is complete", where, len(before.Items)-len(after.Items), len(before.Items))
	}
}

func differ(t *testing.T, where, path string, before, after any, free []string) {
	t.Helper()
	if after == nil || slices.Contains(free, path) {
		return
	}
	switch b := before.(type) {
	case map[string]any:
		a, ok := after.(map[string]any)
		if !ok {
			t.Errorf("%s: %s is of another type", where, path)
			return
		}
		for name := range b {
			differ(t, where, strings.TrimPrefix(path+"."+name, "."), b[name], a[name], free)
		}
	case []any:
		a, ok := after.([]any)
		if !ok || len(a) != len(b) {
			t.Errorf("%s: %s was %v, is %v", where, path, before, after)
			return
		}
		for i := range b {
			differ(t, where, path, b[i], a[i], free)
		}
	default:
		if before != nil && before != after {
			t.Errorf("%s: %s was %v, is %v", where, path, before, after)
		}
	}
}
