//go:build unix

package control_test

import (
	"syscall"
	"testing"
	"time"
)

// cpu reports the processor time a benchmark takes, which other work on the
// machine does not distort as it does the time on the wall.
func cpu(b *testing.B) func(per int, unit string) {
	start := processorTime(b)
	return func(per int, unit string) {
		used := processorTime(b) - start
		b.ReportMetric(float64(used.Microseconds())/float64(b.N*per), unit)
	}
}

func processorTime(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
