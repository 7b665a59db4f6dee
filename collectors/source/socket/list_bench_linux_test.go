package socket

import (
	"syscall"
	"testing"
	"time"
)

// BenchmarkList lists the sockets of this machine and who holds them:
// testdata/bench/listeners runs it where there are 10,000.
func BenchmarkList(b *testing.B) {
	found := 0
	before := processor(b)
	for b.Loop() {
		table, err := List(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		found = len(table.Sockets)
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
