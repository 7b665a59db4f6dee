package all

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// The list is whole: one collector for each topic's folder, in its order.
func TestCollectors(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() && !slices.Contains([]string{"all", "source", "testdata"}, e.Name()) {
			folders = append(folders, e.Name())
		}
	}
	var names []string
	for _, c := range Collectors() {
		names = append(names, c.Name())
		kinds := c.Yields(collectors.Path)
		if !slices.IsSorted(kinds) {
			t.Errorf("%s yields %v, which is not sorted", c.Name(), kinds)
		}
		known(t, c.Name(), kinds)
	}
	if diff := cmp.Diff(folders, names); diff != "" {
		t.Errorf("folders and collectors differ (-folders +list):\n%s", diff)
	}
}

// Every file that derives is listed; a deriver comes after those that yield what
// it needs.
func TestDerivers(t *testing.T) {
	files, err := filepath.Glob("../*/derive_*.go")
	if err != nil {
		t.Fatal(err)
	}
	topics := map[string]bool{}
	for _, f := range files {
		if data, err := os.ReadFile(f); err == nil && strings.Contains(string(data), ") Derive(") {
			topics[filepath.Base(filepath.Dir(f))] = true
		}
	}
	if len(topics) != len(Derivers()) {
		t.Errorf("derivers stand in %v, listed are %d", fact.SortedKeys(topics), len(Derivers()))
	}
	later := map[string]bool{}
	for _, d := range slices.Backward(Derivers()) {
		known(t, d.Name(), append(slices.Clone(d.Needs()), d.Yields()...))
		for _, kind := range d.Needs() {
			if later[kind] {
				t.Errorf("%s needs %s, which a later deriver yields", d.Name(), kind)
			}
		}
		for _, kind := range d.Yields() {
			later[kind] = true
		}
	}
}

func known(t *testing.T, name string, kinds []string) {
	t.Helper()
	for _, kind := range kinds {
		if fact.LookupKind(kind) == nil {
			t.Errorf("%s names %s, which is not a kind", name, kind)
		}
	}
}
