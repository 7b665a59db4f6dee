package apache

import "testing"

// Any text is read without a fault; positions stand in it.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"<VirtualHost *:80>\nCustomLog \"a\\\"b\" \\\n combined\n</VirtualHost>", "</x", "<\n", "<a>\n<b>\n</a>", "LogFormat 'x' y # z"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, diagnostics := Parse("x", data)
		for _, d := range list {
			if d.Name == "" && len(diagnostics) == 0 && !d.Section || d.Pos.Line < 1 || d.Pos.Column < 1 {
				// A quoted name may be empty.
				if len(d.Args) == 0 && d.Pos.Line < 1 {
					t.Fatalf("%+v", d)
				}
			}
		}
	})
}
