package properties

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
			w.Put(w.Pick("", "\n", "# a=b \\\n", "! a\r\n", " \t\f\n"), w.Pick("", "  ", "\t"))
			name := w.Name("_.-é=: ")
			w.Key("/" + name)
			w.Put(strings.NewReplacer("=", `\=`, ":", `\:`, " ", `\ `, "a", w.Pick("a", `\u0061`)).Replace(name))
			w.Put(w.Pick("=", " : ", "\t", " \\\n  = ", "=\\\r\n\t"))
			s := w.Text(16, "=:/é$#\\\t\n😀")
			if s = strings.TrimLeft(s, " \t\n"); s == "" || strings.IndexByte("=:b", s[0]) >= 0 {
				s = "z" + s
			}
			w.Expect("/"+name, node.String, s)
			w.Put(strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", w.Pick("\t", `\t`), "😀", `\ud83d\uDE00`, "b", w.Pick("b", `\b`, "\\\n   b")).Replace(s), "\n")
		}
	})
}

func TestBudget(t *testing.T) {
	for name, data := range map[string]string{
		"one line":  "a=" + strings.Repeat("a", 100<<20),
		"many keys": strings.Repeat("a=\n", 1<<20+1),
	} {
		if docs, diags := Read("x", []byte(data)); !nodetest.Refused(docs, diags) {
			t.Errorf("%s: %d documents, %v", name, len(docs), diags)
		}
	}
	if docs, diags := Read("x", []byte("a="+strings.Repeat("\\\n  b", 1<<20))); len(docs) != 1 || len(docs[0].Root.Get("a").Text) != 1<<20 {
		t.Errorf("a long value: %v", diags)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"a=b\nc : d\\\n  e\n! x\nf\\=g h", "a\\u0041=\\ud83d\\ude00", "a=\\ud800", "a=\\u12", "a\\", "\\", "=", "a\\\r\n b", "\r\r", "a=\xff", "\xef\xbb\xbfa", "a=1\na=2", "a\\\n", "a \\\n= b",
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
		fmt.Fprintf(&s, "service.%d.port=%d\nservice.%d.name: a\\tb\n# why\n", i, 1000+i, i)
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
