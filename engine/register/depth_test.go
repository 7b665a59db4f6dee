package register

import (
	"strings"
	"testing"
)

// A file that nests without end is a diagnostic: a stack overflow would end the
// process.
func TestTooDeep(t *testing.T) {
	for _, part := range []string{"[", "!", "-", "(", `"${`, "{a=", "x?y:", "[for a in ", "f(", "x {\n", "-[", "a[", "<<A\n${", "%{if ", `"%{if `, "{("} {
		text := "a = " + strings.Repeat(part, (1<<18)/len(part))
		if strings.HasPrefix(part, "x {") {
			text = strings.TrimPrefix(text, "a = ")
		}
		if r, diags := Read([]File{{"r.hcl", []byte(text)}}); len(r.Errors) == 0 {
			t.Errorf("%q is read: %s", part, showDiagnostics(diags))
		}
	}
	for _, part := range []string{"[", `{"a":`, `"[",`} {
		text := strings.Repeat(part, (1<<18)/len(part))
		if r, diags := Read([]File{{"r.hcl.json", []byte(text)}}); len(r.Errors) == 0 {
			t.Errorf("json %q is read: %s", part, showDiagnostics(diags))
		}
	}
}
