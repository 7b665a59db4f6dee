package ini

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/node/nodetest"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "rewrite the .want files of the cases")

func TestGolden(t *testing.T) { nodetest.Golden(t, "testdata/*.txtar", *update, Read) }

// In every dialect keys, sections and values are where they were written.
func TestPlaces(t *testing.T) {
	for _, name := range []string{"app.ini", "my.cnf", "php.ini", "x.service", "setup.cfg"} {
		t.Run(name, func(t *testing.T) {
			d := dialectOf(name)
			nodetest.Places(t, func(_ string, data []byte) ([]node.Document, []fact.Diagnostic) { return Read(name, data) }, func(w *nodetest.Writer) {
				entries(w, d, "")
				for range 1 + w.IntN(5) {
					section := w.Name(" .\"-/")
					w.Put("[")
					w.Key("/" + section)
					w.Put(section, "]", w.Pick("", "  ", " ; why", "\r"), "\n")
					entries(w, d, "/"+section)
				}
			})
		})
	}
}

func entries(w *nodetest.Writer, d dialect, path string) {
	for range w.IntN(6) {
		w.Put(w.Pick("", "\n", "# a = b\n", "; [x]\n"))
		writeEntry(w, d, path)
	}
}

func writeEntry(w *nodetest.Writer, d dialect, path string) {
	name := w.Name("_-. ")
	values := 1 + w.IntN(2)*w.IntN(3)
	for i := range values {
		at := path + "/" + name
		if i == 0 {
			w.Key(at)
		}
		if values > 1 {
			at = fmt.Sprintf("%s/%d", at, i)
		}
		if d.flags && w.IntN(5) == 0 {
			w.Expect(at, node.Bool, "true")
			w.Put(name, "\n")
			continue
		}
		separator := "="
		if strings.Contains(d.separators, ":") {
			separator = w.Pick("=", ":")
		}
		w.Put(name, w.Pick("", " ", "\t"), separator, w.Pick("", " ", "  "))
		if values > 1 && i == 0 && d.loose { // which of them counts is not known
			w.Expect(path+"/"+name, node.Opaque, "")
		}
		writeValue(w, d, at)
		w.Put(w.Pick("", " ", "\r"), "\n")
	}
}

func writeValue(w *nodetest.Writer, d dialect, at string) {
	s := strings.TrimSpace(w.Text(12, "=:[]/é")) + "z"
	switch {
	case d.quotes && w.IntN(3) == 0:
		s = w.Text(8, "=:[]é;#")
		w.Expect(at, node.String, s)
		q := w.Pick(`"`, "'")
		w.Put(q, s, q)
	case d.indented && w.IntN(3) == 0:
		w.Expect(at, node.String, s+"\nmore = x\n\n[end]")
		w.Put(s, "\n   more = x\n  # not this\n\n\t[end]")
	case d.backslash && w.IntN(3) == 0:
		w.Expect(at, node.String, s+" more = x end")
		w.Put(s, "\\\n   more = x \\\n# not this\nend")
	case d.comment != 0 && w.IntN(3) == 0:
		w.Expect(at, node.String, s)
		w.Put(s, " ", string(d.comment), " why \"")
	default:
		w.Expect(at, node.String, s)
		w.Put(s)
	}
}

// What nobody writes is read or refused within the budget.
func TestBudget(t *testing.T) {
	for name, data := range map[string]string{
		"one line":      "a=" + strings.Repeat("a", 100<<20),
		"many keys":     strings.Repeat("a=\n", 1<<20+1),
		"many sections": strings.Repeat("[a]\n", 1<<21) + "[",
	} {
		if docs, diags := Read("x.ini", []byte(data)); !nodetest.Refused(docs, diags) {
			t.Errorf("%s: %d documents, %v", name, len(docs), diags)
		}
	}
	long := "a = b\n" + strings.Repeat("  c\n", 1<<20)
	if docs, diags := Read("setup.cfg", []byte(long)); len(docs) != 1 || len(docs[0].Root.Get("a").Text) != 1+2<<20 {
		t.Errorf("a long value: %v", diags)
	}
	long = "a = b \\\n" + strings.Repeat("c \\\n", 1<<18)
	if docs, diags := Read("x.service", []byte(long)); len(docs) != 1 || len(docs[0].Root.Get("a").Text) != 1+2<<18 {
		t.Errorf("a long value: %v", diags)
	}
}

func FuzzRead(f *testing.F) {
	for i, s := range []string{
		"a = 1\n[s]\nb: 'x' ; c\n  d\n\nk\n", "[mysqld]\nskip-name-resolve\na=\"b#c\" # d\n!includedir /etc/x", "a=\"b\nc=${d}", "[Unit]\nA=b \\\n# x\n c\nA=", "[a]\nb=\n x\n\n y=1\nc=%(b)s",
		"[a", "=", "[]", "a\\\n=b", "[a] ; x]\n[a]\n", "a=1\na=2\na=3\n[a]", "\xef\xbb\xbf[x]\r\ny=\xff\r\n", "!include", "!", "x=\"\\", "a = b\n c = d\n[e]\n",
	} {
		f.Add(i%5, []byte(s))
	}
	f.Fuzz(func(t *testing.T, dialect int, data []byte) {
		names := []string{"x.ini", "my.cnf", "php.ini", "x.service", "setup.cfg"}
		docs, diags := Read(names[uint(dialect)%5], data)
		nodetest.Check(t, data, docs, diags)
	})
}

func BenchmarkRead(b *testing.B) {
	var s strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&s, "[service-%d]\nport = %d\ntls = \"on\"\n# why\nteam: shop\n\n", i, 1000+i)
	}
	data := []byte(s.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if docs, diags := Read("x.ini", data); len(docs) != 1 {
			b.Fatal(diags)
		}
	}
}
