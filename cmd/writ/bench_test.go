package main

import (
	"io"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/writ-policy/writ/cmd/internal/cli"
)

// BenchmarkCheck is the whole job on 100 generated Terraform files of one root
// module: collect, judge by all embedded controls, report.
func BenchmarkCheck(b *testing.B) {
	corpus := b.TempDir()
	gen := exec.Command("go", "run", "./testdata/bench/gen", "-kind", "tf", "-n", "100", "-out", corpus)
	gen.Dir = filepath.Join("..", "..")
	if out, err := gen.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	b.ReportAllocs()
	for b.Loop() {
		if status := cli.Main([]string{"check", corpus, "-o", "json"}, nil, io.Discard, io.Discard); status != 1 {
			b.Fatalf("exit status %d, want 1", status)
		}
	}
}
