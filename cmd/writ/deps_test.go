package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/writ-policy/writ/"

// allowed says which of our packages each may import: design, not accident. A
// trailing "/..." takes the whole tree. The first pattern that matches counts.
var allowed = []struct {
	pkg     string
	imports []string
}{
	{"cmd/writ", []string{"cmd/internal/cli"}},
	{"cmd/internal/cli", []string{"cmd/internal/...", "engine/...", "collectors", "collectors/all", "policies"}},
	{"cmd/internal/conftest/input", []string{"collectors/source/...", "engine/fact"}}, // shapes of files, and where in them things stand
	{"cmd/internal/...", []string{"cmd/internal/conftest/...", "engine/...", "collectors", "policies"}},
	{"collectors/all", []string{"collectors", "collectors/*", "collectors/source/*"}},
	{"collectors/source/...", []string{"collectors", "collectors/source/...", "engine/fact"}},
	{"collectors/firewall/kerneltest", []string{"collectors/source/..."}}, // loads rule sets into kernels, for tests
	{"collectors", []string{"engine/fact"}},
	{"collectors/*", []string{"collectors", "collectors/source/...", "engine/fact"}},
	{"engine/fact", nil},
	{"engine/finding", []string{"engine/fact"}},
	{"engine/control", []string{"engine/fact"}},
	{"engine/register", []string{"engine/fact", "engine/finding"}},
	{"engine/report", []string{"engine/finding", "engine/fact"}},
	{"engine/policytest", []string{"engine", "engine/control", "engine/fact", "engine/finding", "engine/register"}},
	{"engine", []string{"engine/control", "engine/fact", "engine/finding"}},
	{"policies", nil},
	{"testdata/...", nil},
}

// confined says which packages may import a library.
var confined = []struct {
	library string
	in      []string
}{
	{"github.com/open-policy-agent/opa/", []string{"engine", "engine/control", "engine/policytest", "engine/lint", "cmd/internal/conftest", "cmd/internal/conftest/input", "cmd/internal/conftest/judge"}},
	{"github.com/hashicorp/hcl/v2", []string{"engine/register", "collectors/source/terraform", "collectors/source/hcl", "cmd/internal/conftest/input"}},
	{"github.com/santhosh-tekuri/jsonschema/v5", []string{"engine/fact"}},
	{"github.com/spf13/cobra", []string{"cmd/internal/cli", "cmd/internal/conftest", "cmd/internal/server"}},
}

type listed struct {
	ImportPath string
	Imports    []string
	Standard   bool
	Module     *struct{ Path string }
}

func TestImports(t *testing.T) {
	for _, p := range list(t, "./...") {
		own := strings.TrimPrefix(p.ImportPath, module)
		rule := slices.IndexFunc(allowed, func(r struct {
			pkg     string
			imports []string
		}) bool {
			return matches(r.pkg, own)
		})
		if rule < 0 {
			t.Errorf("%s is in no line of the import table", own)
			continue
		}
		for _, imp := range p.Imports {
			if ours, ok := strings.CutPrefix(imp, module); ok {
				if !slices.ContainsFunc(allowed[rule].imports, func(pattern string) bool { return matches(pattern, ours) }) {
					t.Errorf("%s imports %s: allowed are %v", own, ours, allowed[rule].imports)
				}
			}
			for _, c := range confined {
				if strings.HasPrefix(imp+"/", strings.TrimSuffix(c.library, "/")+"/") && !slices.Contains(c.in, own) {
					t.Errorf("%s imports %s, which belongs in %v", own, imp, c.in)
				}
			}
		}
	}
}

// TestDependencies holds that every module of the shipped binary has its reason
// in testdata/deps.txt, and nothing stands there that is not shipped.
func TestDependencies(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "deps.txt"))
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for line := range strings.Lines(string(data)) {
		name, reason, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name != "" && name != "#" {
			reasons[name] = strings.TrimSpace(reason)
		}
	}
	shipped := map[string]bool{}
	for _, p := range list(t, "-deps", "./cmd/writ") {
		if p.Module != nil && !strings.HasPrefix(p.ImportPath, module) {
			shipped[p.Module.Path] = true
		}
	}
	for name := range shipped {
		if reasons[name] == "" {
			t.Errorf("testdata/deps.txt gives no reason for %s", name)
		}
	}
	for name := range reasons {
		if !shipped[name] {
			t.Errorf("testdata/deps.txt lists %s, which is not in the binary", name)
		}
	}
}

func list(t *testing.T, args ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Standard,Module"}, args...)...)
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func matches(pattern, name string) bool {
	if tree, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == tree || strings.HasPrefix(name, tree+"/")
	}
	ok, err := filepath.Match(pattern, name)
	return err == nil && ok
}
