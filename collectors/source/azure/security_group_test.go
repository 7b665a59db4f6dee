package azure

import (
	"strings"
	"testing"
)

func TestPortRange(t *testing.T) {
	for text, want := range map[string]Ports{
		"22": {22, 22}, "0-65535": {0, 65535}, " 80 - 90 ": {80, 90}, "0": {0, 0},
		"": {-1, 0}, "90-80": {-1, 0}, "65536": {-1, 0}, "-1": {-1, 0}, "80-": {-1, 0}, "ssh": {-1, 0}, "1-2-3": {-1, 0},
	} {
		got, ok := portRange(text)
		if !ok {
			got = Ports{-1, 0}
		}
		if got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func FuzzPortRange(f *testing.F) {
	for _, s := range []string{"22", "80-90", "*", "-", "65535-65536", "0x10"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := portRange(s)
		if ok && (p.From < 0 || p.To > 65535 || p.From > p.To || !strings.ContainsAny(s, "0123456789")) {
			t.Errorf("%q: %v", s, p)
		}
	})
}
