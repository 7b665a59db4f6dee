package toml

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/node/nodetest"
	"github.com/writ-policy/writ/collectors/source/text"
)

var update = flag.Bool("update", false, "rewrite the .want files of the cases")

func TestGolden(t *testing.T) { nodetest.Golden(t, "testdata/*.txtar", *update, Read) }

func TestPlaces(t *testing.T) {
	nodetest.Places(t, Read, func(w *nodetest.Writer) {
		comment(w)
		pairs(w, "", 2)
		for range 1 + w.IntN(3) {
			tables(w, "", "", 0)
		}
	})
}

func comment(w *nodetest.Writer) { w.Put(w.Pick("", "", "\n", "# a = 1 [x]\n", "\t\r\n")) }

// writeKey writes a key, bare or in quotes.
func writeKey(w *nodetest.Writer, path string) (written, below string) {
	name := w.Name("_-")
	if w.IntN(3) == 0 {
		name = w.Name("_-. é#")
		q := w.Pick(`"`, "'")
		return q + name + q, path + "/" + name
	}
	return name, path + "/" + name
}

// pairs writes some keys with values, some of them dotted.
func pairs(w *nodetest.Writer, path string, n int) {
	for range n + w.IntN(5) {
		below := path
		w.Put(w.Pick("", "  ", "\t"))
		for i := range 1 + w.IntN(2)*w.IntN(3) {
			if i > 0 {
				w.Put(w.Pick(".", " . "))
			}
			var k string
			k, below = writeKey(w, below)
			w.Key(below)
			w.Put(k)
		}
		w.Put(w.Pick("=", " = "))
		value(w, below, 0)
		w.Put(w.Pick("", " ", " # \"why\" = 3"), w.Pick("\n", "\r\n"))
		comment(w)
	}
}

// tables writes a table or an array of tables with its headers, and some below it.
func tables(w *nodetest.Writer, header, path string, depth int) {
	k, below := writeKey(w, path)
	if header != "" {
		header += "."
	}
	header += k
	list := w.IntN(3) == 0
	for i := range 1 + w.IntN(3) {
		here := below
		left, right := "[", "]"
		if list {
			here = fmt.Sprintf("%s/%d", below, i)
			left, right = "[[", "]]"
		} else if i > 0 {
			return
		}
		w.Put(left, header[:len(header)-len(k)])
		if i == 0 {
			w.Key(below)
		}
		w.Put(k, right, "\n")
		comment(w)
		pairs(w, here, 0)
		if depth < 3 && w.IntN(2) == 0 {
			tables(w, header, here, depth+1)
		}
	}
}

func value(w *nodetest.Writer, path string, depth int) {
	kind := w.IntN(9)
	if depth > 2 {
		kind = 2 + w.IntN(7)
	}
	switch kind {
	case 0:
		w.Put("[")
		for i := range w.IntN(5) {
			w.Put(w.Pick("", " ", "\n  ", "# [\n"))
			value(w, fmt.Sprintf("%s/%d", path, i), depth+1)
			w.Put(w.Pick("", " ", "\n"), ",")
		}
		w.Put(w.Pick("", "\n"), "]")
	case 1:
		w.Put("{")
		for i := range w.IntN(4) {
			if i > 0 {
				w.Put(", ")
			}
			k, below := writeKey(w, path)
			w.Key(below)
			w.Put(k, " = ")
			value(w, below, depth+1)
		}
		w.Put("}")
	case 2:
		word := w.Pick("true", "false")
		w.Expect(path, node.Bool, word)
		w.Put(word)
	case 3:
		pick := [][2]string{{"0", "0"}, {"+99", "99"}, {"-17", "-17"}, {"1_000", "1000"}, {"0xDEAD_beef", "3735928559"}, {"0o755", "493"}, {"0b1101", "13"},
			{"3.14", "3.14"}, {"-0.01", "-0.01"}, {"5e+22", "50000000000000000000000"}, {"6.626e-3", "0.006626"}, {"9223372036854775807", "9223372036854775807"}}[w.IntN(12)]
		w.Expect(path, node.Number, pick[1])
		w.Put(pick[0])
	case 4:
		moment := w.Pick("1979-05-27T07:32:00Z", "1979-05-27 07:32:00.999-07:00", "1979-05-27T00:32:00", "1979-05-27", "07:32:00.5")
		w.Expect(path, node.String, moment)
		w.Put(moment)
	case 5:
		s := w.Text(10, "\"#[]{}=\\é")
		w.Expect(path, node.String, s)
		w.Put("'", s, "'")
	case 6:
		s := w.Text(20, "#[]{}=é\n\n")
		w.Expect(path, node.String, s)
		q := w.Pick("'''", `"""`)
		w.Put(q, "\n", s, q)
	default:
		s := w.Text(12, "\"\\\t\n'#[]{}=é😀")
		w.Expect(path, node.String, s)
		w.Put(`"`, strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", w.Pick("\t", `\t`, `\u0009`, `\x09`), "é", w.Pick("é", `\u00e9`, `\U000000e9`)).Replace(s), `"`)
	}
}

// What nobody writes is refused within the budget.
func TestBudget(t *testing.T) {
	for name, data := range map[string]string{
		"deep arrays":    "a = " + strings.Repeat("[", 10_000),
		"deep inlines":   "a = " + strings.Repeat("{a=", 10_000),
		"deep dots":      strings.Repeat("a.", 10_000) + "a = 1",
		"deep header":    "[" + strings.Repeat("a.", 10_000) + "a]",
		"one line":       "a = '" + strings.Repeat("a", 100<<20) + "'",
		"many values":    "a = [0" + strings.Repeat(",0", text.MaxNodes) + "]",
		"many in a line": "a = [" + strings.Repeat("0,", 15<<20) + "]",
		"not UTF-8":      "a = 1 # \xff",
	} {
		t.Run(name, func(t *testing.T) {
			if docs, diags := Read("x", []byte(data)); !nodetest.Refused(docs, diags) {
				t.Errorf("%d documents, %v", len(docs), diags)
			}
		})
	}
	// Deep by what may stand within each other, and short of the bound.
	deep := "[" + strings.Repeat("a.", 400) + "b]\n" + strings.Repeat("c.", 200) + "d = " + strings.Repeat("[", 200) + strings.Repeat("]", 200)
	if docs, diags := Read("x", []byte(deep)); len(docs) != 1 {
		t.Error(diags)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"a = 1\n[b]\nc.d = \"x\\u00e9\"\n[[e]]\n[[e]]\nf = {g = [1, 2.5e3, 0xff], h.i = 1979-05-27T07:32:00Z}\n", "a = '''\nx\n'''\nb = \"\"\"\\\n  x\"\"\"\"\"",
		"a = inf\nb = -nan", "a = 1\na = 2", "[a]\n[a]", "a.b = 1\n[a]", "[a.b]\n[a]\nb.c = 1", "a = 0_1", "a = 1__0", "a = 1e1_0", "a = 00:60", "\xef\xbb\xbfa = 1", "a = 1\r", "= 1", "[]", "[[]]", "[a", "'", "\"\\",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, diags := Read("x", data)
		nodetest.Check(t, data, docs, diags)
		if len(docs) > 0 && len(diags) > 0 {
			t.Errorf("both a document and %v", diags)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var s strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&s, "[[service]]\nname = \"service-%d\"\nport = %d\ntls = true\nlabels = { team = \"shop\", tier = 'a b' }\n\n", i, 1000+i)
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
