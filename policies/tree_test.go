package policies_test

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/policytest"
	"github.com/writ-policy/writ/policies"
)

// TestTree checks what holds for every control: it type-checks, stands where its
// package path says, is formatted, and names exactly the parameters it reads.
func TestTree(t *testing.T) {
	params := parameters(t)
	set, diagnostics := control.Load([]control.Source{{FS: policies.FS, Embedded: true}}, control.Options{CheckEmbedded: true, Params: params})
	for _, d := range diagnostics {
		t.Error(d)
	}
	for _, c := range set.Controls {
		if want := folder(c) + "/" + path.Base(folder(c)) + ".rego"; c.Pos.Source != want {
			t.Errorf("%s stands in %s, want %s", c.ID, c.Pos.Source, want)
		}
		if len(c.GDPR) == 0 {
			t.Errorf("%s supports no provision", c.ID)
		}
		parts, err := c.Apart()
		if err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
		var read []string
		for _, r := range parts.Rules {
			read = append(append(read, r.Decides.Params...), r.Shows.Params...)
		}
		for _, name := range c.Params {
			if !slices.ContainsFunc(read, func(r string) bool { return within(r, name) }) {
				t.Errorf("%s: METADATA names the parameter %s, which no rule reads", c.ID, name)
			}
		}
		for _, r := range read {
			if !slices.ContainsFunc(c.Params, func(name string) bool { return within(r, name) }) {
				t.Errorf("%s: a rule reads the parameter %s, which METADATA does not name", c.ID, r)
			}
		}
		for _, name := range c.Params {
			if _, _, ok := params.Value(name); !ok && !isTable(name) {
				t.Errorf("%s: there is no parameter and no table %s", c.ID, name)
			}
		}
	}
}

// within reports whether a path read lies in a parameter or table.
func within(read, name string) bool { return read == name || strings.HasPrefix(read, name+".") }

func isTable(name string) bool {
	_, err := fs.Stat(policies.FS, "data/"+name+".yaml")
	return err == nil
}

// TestFormat holds that every Rego file is as `opa fmt` writes it.
func TestFormat(t *testing.T) {
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".rego" {
			return err
		}
		have, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		want, err := policytest.Format(name, have)
		switch {
		case err != nil:
			t.Error(err)
		case bytes.Equal(have, want):
		case *update:
			return os.WriteFile(name, want, 0o644)
		default:
			t.Errorf("%s is not formatted: opa fmt -w %s", name, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// registered are the parameters that the register reads when it annotates facts,
// and the engine, instead of a control.
var registered = [...]string{"data.assumed_class", "data.environments.production", "firewall.justification_pattern", "log.profiles", "log.regimes"}

// TestParameters holds that each parameter is read by a control or the register,
// and says where its default comes from.
func TestParameters(t *testing.T) {
	read := slices.Clone(registered[:])
	for _, c := range load(t, parameters(t)).Controls {
		read = append(read, c.Params...)
	}
	for _, p := range parameters(t).List() {
		if !slices.ContainsFunc(read, func(name string) bool { return within(p.Name, name) }) {
			t.Errorf("nothing reads the parameter %s", p.Name)
		}
		if p.Source == "" || p.Description == "" {
			t.Errorf("the parameter %s has no source or no description", p.Name)
		}
	}
	var names []string
	file, err := os.ReadFile("params.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(file), "\n") {
		if name, ok := strings.CutSuffix(line, ":"); ok && !strings.HasPrefix(line, " ") {
			names = append(names, name)
		}
	}
	if !slices.IsSorted(names) {
		sorted := slices.Sorted(slices.Values(names))
		t.Errorf("params.yaml is not sorted by name: want %s", text(sorted, ", "))
	}
	if len(names) != len(parameters(t).List()) {
		t.Errorf("params.yaml names %d parameters, %d are declared", len(names), len(parameters(t).List()))
	}
}
