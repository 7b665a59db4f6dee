//go:build linux

package kerneltest

import (
	"errors"
	"strings"
	"testing"
)

// TestGenerated holds that programs take most of what is made, and that a seed always
// makes the same one.
func TestGenerated(t *testing.T) {
	l := start(t)
	const n = 48
	refused, dropped, lines := 0, 0, 0
	for seed := range uint64(n) {
		r := Generate(seed)
		for part, text := range Generate(seed) {
			if r[part] != text {
				t.Fatalf("seed %d makes two rulesets", seed)
			}
		}
		count := func(r Ruleset) (n int) {
			for _, text := range r {
				n += strings.Count(text, "\n")
			}
			return n
		}
		kept, _, err := l.LoadMost(r)
		lines += count(r)
		dropped += count(r) - count(kept)
		if errors.Is(err, ErrRules) {
			refused++
			t.Logf("seed %d: %v", seed, err)
		} else if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d rulesets refused, %d of %d lines of the rest", refused, n, dropped, lines)
	if refused > n/20 || dropped > lines/20 {
		t.Error("programs refuse more than one of twenty")
	}
}
