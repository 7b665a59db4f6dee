package main

import (
	"io"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/writ-policy/writ/cmd/internal/cli"
)

// allocationsPerFile is the most that checking one more Terraform file of the bench
// corpus (five resources) may allocate. What a run allocates does not depend on the
// machine, so more is a change of the program: make it cheaper, or say in the commit
// why it is worth it.
const allocationsPerFile = 8400

func TestAllocationsPerFile(t *testing.T) {
	if testing.Short() {
		t.Skip("checks 300 files")
	}
	allocations := func(files int) float64 {
		corpus := t.TempDir()
		gen := exec.Command("go", "run", "./testdata/bench/gen", "-kind", "tf", "-n", strconv.Itoa(files), "-out", corpus)
		gen.Dir = filepath.Join("..", "..")
		if out, err := gen.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return testing.AllocsPerRun(1, func() {
			if status := cli.Main([]string{"check", corpus}, nil, io.Discard, io.Discard); status != 1 {
				t.Fatalf("exit status %d, want 1", status)
			}
		})
	}
	got := int((allocations(200) - allocations(100)) / 100)
	t.Logf("%d allocations a file", got)
	if got > allocationsPerFile {
		t.Errorf("checking one more file allocates %d times, want at most %d", got, allocationsPerFile)
	}
}
