//go:build linux

package firewall

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var kernelMutants = flag.String("kernel.mutants", "", "plant the mistakes of testdata/kernel_mutants.txtar whose names match, and see whether the kernel contradicts them")

// TestKernelMutants holds that mistakes planted in the readers and the evaluator are
// noticed within a few thousand cases. It builds this package once for each.
func TestKernelMutants(t *testing.T) {
	if *kernelMutants == "" {
		t.Skip("it takes minutes: make kernel-mutants")
	}
	a, err := txtar.ParseFile("testdata/kernel_mutants.txtar")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	wanted := regexp.MustCompile(*kernelMutants)
	tally := regexp.MustCompile(`(\d+) cases, (\d+) probes`)
	const most = 20000
	dir := t.TempDir()
	for _, m := range a.Files {
		if !wanted.MatchString(m.Name) {
			continue
		}
		name, body, _ := strings.Cut(string(m.Data), "\n")
		was, is, found := strings.Cut(body, "==========\n")
		file := filepath.Join(root, name)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !found || strings.Count(string(text), was) != 1 {
			t.Errorf("%s: the text is not there once in %s", m.Name, name)
			continue
		}
		mutant, overlay := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
		if err := os.WriteFile(mutant, []byte(strings.Replace(string(text), was, is, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		list, _ := json.Marshal(map[string]any{"Replace": map[string]string{file: mutant}})
		if err := os.WriteFile(overlay, list, 0o644); err != nil {
			t.Fatal(err)
		}
		binary := filepath.Join(dir, "mutant.test")
		if out, err := exec.Command("go", "test", "-c", "-o", binary, "-overlay", overlay, ".").CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", m.Name, err, out)
		}
		out, err := exec.Command(binary, "-test.run", "^TestKernel$", "-test.v", "-kernel.first", "-kernel.cases", strconv.Itoa(most)).CombinedOutput()
		n := tally.FindSubmatch(out)
		switch {
		case strings.Contains(string(out), "--- SKIP"):
			t.Skip("no namespaces with packet filters are to be had here")
		case err == nil || n == nil || !strings.Contains(string(out), "1 answers were wrong") && !strings.Contains(string(out), "2 answers were wrong"):
			t.Errorf("%-55s not noticed in %d cases\n%s", m.Name, most, out[:min(len(out), 500)])
		default:
			t.Logf("%-55s noticed after %5s cases, %7s probes", m.Name, n[1], n[2])
		}
	}
}
