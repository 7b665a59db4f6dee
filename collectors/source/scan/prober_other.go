//go:build !linux

package scan

func room(wanted int) int { return min(wanted, 200) }

func newProber(concurrency int, _ bool) (prober, error) { return newDialer(concurrency), nil }
