package dotenv

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/node/nodetest"
)

var update = flag.Bool("update", false, "rewrite the .want files of the cases")

func TestGolden(t *testing.T) { nodetest.Golden(t, "testdata/*.txtar", *update, Read) }

func TestPlaces(t *testing.T) {
	nodetest.Places(t, Read, func(w *nodetest.Writer) {
		for range 4 + w.IntN(12) {
			w.Put(w.Pick("", "\n", "# A=b\n", " \t# 'x\n"), w.Pick("", "  ", "export ", " export\t"))
			name := w.Name("_.-")
			w.Key("/" + name)
			w.Put(name, w.Pick("=", " = ", ": "))
			writeValue(w, "/"+name)
			w.Put(w.Pick("", " ", " # why 'x"), w.Pick("\n", "\r\n"))
		}
	})
}

func writeValue(w *nodetest.Writer, at string) {
	switch w.IntN(3) {
	case 0:
		s := strings.TrimSpace(w.Text(10, "=:/é$")) + "z"
		s = strings.ReplaceAll(strings.ReplaceAll(s, "$", "$ "), "$ $", "$ ")
		w.Expect(at, node.String, s)
		w.Put(s)
	case 1:
		s := w.Text(16, "=:/é$#\"`\n\n")
		w.Expect(at, node.String, s)
		w.Put("'", s, "'")
	default:
		s := w.Text(16, "=:/é$#\"'\\\t\n\n")
		w.Expect(at, node.String, s)
		w.Put(`"`, strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "\n", w.Pick("\n", `\n`, "\r\n"), "\t", w.Pick("\t", `\t`)).Replace(s), `"`)
	}
}

func TestBudget(t *testing.T) {
	for name, data := range map[string]string{
		"one line":   "A=" + strings.Repeat("a", 100<<20),
		"many names": strings.Repeat("A=\n", 1<<20+1),
		"open":       "A='" + strings.Repeat("\nB=\"", 1<<20),
	} {
		if docs, diags := Read("x", []byte(data)); !nodetest.Refused(docs, diags) {
			t.Errorf("%s: %d documents, %v", name, len(docs), diags)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"A=b # c\nexport B='x\ny'\nC=\"a\\n$D\"\n", "A", "export A", "A=`x`", "A='", "A=\"\\", "A=b#c", "A=$", "A='x'y", "=", "A b", "\xef\xbb\xbfA: b\r\n", "A=\xff", "A=1\nA=2", "export", "A=b\\\nc",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, diags := Read("x", data)
		nodetest.Check(t, data, docs, diags)
	})
}

func BenchmarkRead(b *testing.B) {
	var s strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&s, "PORT_%d=%d\nexport NAME_%d=\"service\\n%d\"\n# why\n", i, 1000+i, i, i)
	}
	data := []byte(s.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if docs, diags := Read("x", data); len(docs) != 1 {
			b.Fatal(diags)
		}
	}
}
