package terraform

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var makePlans = flag.Bool("plans", false, "write testdata/corpus/terraform/*/plan.json anew with terraform")

const corpusDir = "../../../testdata/corpus/terraform"

// corpusModules returns the names of the corpus's root modules, sorted.
func corpusModules(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir(corpusDir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// planOptions is how a module is planned beyond its own files: the lines of
// plan.args, where "-x" is an argument of terraform plan and "A=b" a variable
// of its environment.
type planOptions struct{ args, env []string }

func readPlanOptions(t testing.TB, dir string) (o planOptions) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "plan.args"))
	if errors.Is(err, fs.ErrNotExist) {
		return o
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case strings.HasPrefix(line, "-"):
			o.args = append(o.args, line)
		default:
			o.env = append(o.env, line)
		}
	}
	return o
}

// TestMakePlans writes the corpus's plans with the terraform on this machine;
// see plan.sh. It works on a copy, so that the tree stays clean and no path of
// this machine can enter a plan unseen.
func TestMakePlans(t *testing.T) {
	if !*makePlans {
		t.Skip("only with -plans")
	}
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Fatal(err)
	}
	for _, name := range corpusModules(t) {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(corpusDir, name)
			options := readPlanOptions(t, dir)
			scratch := t.TempDir()
			work := filepath.Join(scratch, name)
			if err := os.CopyFS(work, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			terraform := func(args ...string) []byte {
				cmd := exec.Command("terraform", args...)
				cmd.Dir = work
				cmd.Env = append(os.Environ(), options.env...)
				cmd.Env = append(cmd.Env, "TF_IN_AUTOMATION=1", "TF_DATA_DIR="+filepath.Join(scratch, "data"))
				var stdout, stderr bytes.Buffer
				cmd.Stdout, cmd.Stderr = &stdout, &stderr
				if err := cmd.Run(); err != nil {
					t.Fatalf("terraform %s: %v\n%s%s", args[0], err, stdout.Bytes(), stderr.Bytes())
				}
				return stdout.Bytes()
			}
			os.Remove(filepath.Join(work, "plan.json"))
			plan := filepath.Join(scratch, "plan")
			terraform("init", "-input=false", "-no-color")
			terraform(append([]string{"plan", "-input=false", "-no-color", "-lock=false", "-out=" + plan}, options.args...)...)
			normal := normalPlan(t, terraform("show", "-json", plan))
			if bytes.Contains(normal, []byte(scratch)) {
				t.Fatalf("the plan holds a path of this machine")
			}
			if err := os.WriteFile(filepath.Join(dir, "plan.json"), normal, 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// normalPlan drops from a plan what differs from run to run and what no reader
// needs, sorts the modules, which Terraform lists in no order, and lays it out
// one value a line, so that a change of a plan can be read.
func normalPlan(t *testing.T, data []byte) []byte {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var plan map[string]any
	if err := decoder.Decode(&plan); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"timestamp", "relevant_attributes", "applyable", "checks"} {
		delete(plan, name)
	}
	sortModules(plan)
	out, err := json.MarshalIndent(plan, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

// sortModules sorts every list of modules or changes within v by address.
func sortModules(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			sortModules(member)
			list, ok := member.([]any)
			if ok && (name == "child_modules" || name == "resource_changes") {
				slices.SortStableFunc(list, func(a, b any) int { return strings.Compare(addressIn(a), addressIn(b)) })
			}
		}
	case []any:
		for _, e := range v {
			sortModules(e)
		}
	}
}

func addressIn(v any) string {
	m, _ := v.(map[string]any)
	s, _ := m["address"].(string)
	return s
}
