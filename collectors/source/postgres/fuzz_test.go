package postgres

import "testing"

// Any text is read without a fault; positions stand in it.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"log_statement = 'all' # x\n", "a.b=1.5kB\r\ninclude 'x'", "x 'it''s \\101", "= =\n'\\", "é = ü\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		settings, diagnostics := Parse("x", data)
		for _, s := range settings {
			if s.Name == "" || s.Pos.Line < 1 || s.Pos.Column < 1 {
				t.Fatalf("%+v", s)
			}
			Int(s.Value, Milliseconds)
			Bool(s.Value)
		}
		for _, d := range diagnostics {
			if d.Pos.Line < 1 {
				t.Fatalf("%+v", d)
			}
		}
	})
}
