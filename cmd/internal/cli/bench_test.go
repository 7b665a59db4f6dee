package cli

import (
	"context"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/finding"
)

// BenchmarkJudge is the evaluation alone: all embedded controls on the facts of
// 100 generated Terraform files, every finding with its evidence. It reports CPU
// time per subject and control, which the design bounds at a mean of 40 µs.
func BenchmarkJudge(b *testing.B) {
	corpus := b.TempDir()
	gen := exec.Command("go", "run", "./testdata/bench/gen", "-kind", "tf", "-n", "100", "-out", corpus)
	gen.Dir = filepath.Join("..", "..", "..")
	if out, err := gen.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	ctx, f := context.Background(), &flags{now: "2026-11-22"}
	ses, err := open([]string{corpus}, f)
	if err != nil {
		b.Fatal(err)
	}
	defer ses.close()
	p, err := ses.project(f)
	if err != nil {
		b.Fatal(err)
	}
	set, diagnostics, err := f.load(p)
	if err != nil || len(diagnostics) > 0 {
		b.Fatal(err, diagnostics)
	}
	ses.want(set)
	ses.collect(ctx)
	systems := ses.join(ctx, p, set)
	kinds := map[string]bool{}
	for _, d := range ses.docs {
		kinds[d.Kind] = true
	}
	asked := 0 // subjects × controls
	for _, d := range ses.docs {
		for _, c := range set.Controls {
			if c.Subject == d.Kind {
				asked += len(d.Items)
			}
		}
	}
	e, diagnostics, err := engine.New(ctx, set, kinds, engine.Options{Now: ses.now, Redactor: ses.redactor, Snippet: ses.snippet})
	if err != nil || len(diagnostics) > 0 {
		b.Fatal(err, diagnostics)
	}
	defer e.Close(ctx)
	facts := &engine.Facts{Documents: ses.docs, Systems: systems, Yields: ses.yields, Invalid: ses.invalid}
	evaluate := func() {
		if _, err := e.Evaluate(ctx, facts, func(*finding.Finding) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	evaluate() // compile what is compiled on demand
	b.ReportAllocs()
	start := cpuTime(b)
	for b.Loop() {
		evaluate()
	}
	spent := cpuTime(b) - start
	b.ReportMetric(float64(spent.Microseconds())/float64(b.N)/float64(asked), "cpu-µs/subject·control")
	b.ReportMetric(float64(asked), "subjects·controls")
}

func cpuTime(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
