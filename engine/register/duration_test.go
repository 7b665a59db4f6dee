package register

import "testing"

func TestParseDays(t *testing.T) {
	for text, want := range map[string]float64{
		"P10Y": 3650, "P1Y6M": 545, "P90D": 90, "P2W": 14, "PT36H": 1.5, "P1DT12H": 1.5, "P0D": 0, "PT90M": 0.0625, "unlimited": 999999,
	} {
		if got, err := ParseDays(text); err != nil || got != want {
			t.Errorf("ParseDays(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "P", "PT", "90D", "P90", "PD", "P1D1Y", "P1D1D", "PT1D", "P1H", "P1.5D", "P-1D", "P1DT", "P1T1T1H", "p1d", "P9999999999D", "P3000Y", " P1D", "forever"} {
		if got, err := ParseDays(text); err == nil {
			t.Errorf("ParseDays(%q) = %v, want an error", text, got)
		}
	}
}
