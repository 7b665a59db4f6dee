package ports

import (
	"syscall"
	"testing"
	"time"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// BenchmarkListeners collects the listeners of this machine: testdata/bench/listeners
// runs it where there are 10,000.
func BenchmarkListeners(b *testing.B) {
	host, err := collectors.OpenHost("")
	if err != nil {
		b.Fatal(err)
	}
	defer host.Close()
	found := 0
	before := processor(b)
	for b.Loop() {
		env := &collectors.Env{Host: host, Now: time.Now(), Redactor: fact.NewRedactor()}
		docs, err := Collector{}.Collect(b.Context(), env)
		if err != nil {
			b.Fatal(err)
		}
		found = len(docs[0].Items)
	}
	b.ReportMetric(float64(found), "listeners")
	b.ReportMetric(float64(processor(b)-before)/float64(b.N), "cpu-ns/op")
}

// processor is what the process has used so far, in user and system mode.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
