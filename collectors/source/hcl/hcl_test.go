package hcl

import (
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/node/nodetest"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "rewrite the .want files of the cases")

// Cases named *.v1.hcl are HCL 1.
func TestGolden(t *testing.T) {
	nodetest.Golden(t, "testdata/*.txtar", *update, func(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
		if strings.HasSuffix(source, ".v1.hcl") {
			return ReadV1(source, data)
		}
		return Read(source, data)
	})
}

func TestPlaces(t *testing.T) {
	nodetest.Places(t, func(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
		same(t, data)
		return Read(source, data)
	}, func(w *nodetest.Writer) { writeBody(w, "", 0, false) })
}

func TestPlacesV1(t *testing.T) {
	nodetest.Places(t, ReadV1, func(w *nodetest.Writer) { writeBody(w, "", 0, true) })
}

func writeBody(w *nodetest.Writer, path string, depth int, v1 bool) {
	for range 2 + w.IntN(5) {
		w.Put(w.Pick("", "\n", "# a = {\n", "// x\n", "/* a\n */ "), w.Pick("", "  ", "\t"))
		if depth < 3 && w.IntN(3) == 0 {
			writeBlocks(w, path, depth, v1)
			continue
		}
		name := w.Name("_-")
		w.Key(path + "/" + name)
		if v1 && w.IntN(3) == 0 {
			w.Put(`"`, name, `"`)
		} else {
			w.Put(name)
		}
		w.Put(w.Pick(" = ", "=", "\t= "))
		if w.IntN(6) == 0 { // nothing may stand behind a here-document
			text := w.Text(20, "\n\"\\é") + "\n"
			w.Expect(path+"/"+name, node.String, text)
			w.Put("<<END\n", text, "END\n")
			continue
		}
		writeValue(w, path+"/"+name, 0, v1)
		w.Put(w.Pick("\n", " # why\n", "\r\n"))
	}
}

// writeBlocks writes one or more blocks with the same labels.
func writeBlocks(w *nodetest.Writer, path string, depth int, v1 bool) {
	names := []string{w.Name("_-")}
	for range w.IntN(3) {
		names = append(names, w.Name("_- ./"))
	}
	for i := range 1 + w.IntN(2) {
		at := path
		for n, name := range names {
			at += "/" + name
			if n > 0 {
				w.Put(" ")
			}
			if i == 0 {
				w.Key(at)
			}
			if n > 0 {
				name = `"` + name + `"`
			}
			w.Put(name)
		}
		w.Put(" {\n")
		writeBody(w, fmt.Sprintf("%s/%d", at, i), depth+1, v1)
		w.Put("}\n")
	}
}

func writeValue(w *nodetest.Writer, path string, depth int, v1 bool) {
	kind := w.IntN(8)
	if depth > 2 {
		kind = 2 + w.IntN(6)
	}
	switch kind {
	case 0:
		w.Put("[")
		for i := range w.IntN(4) {
			w.Put(w.Pick("", " ", "\n  "))
			writeValue(w, fmt.Sprintf("%s/%d", path, i), depth+1, v1)
			w.Put(", ")
		}
		w.Put("]")
	case 1:
		w.Put("{")
		for range w.IntN(4) {
			w.Put(w.Pick(" ", "\n  "))
			name := w.Name("_-")
			w.Key(path + "/" + name)
			w.Put(w.Pick(name, `"`+name+`"`), " = ")
			writeValue(w, path+"/"+name, depth+1, v1)
			w.Put(w.Pick(",", "\n"))
		}
		w.Put("}")
	case 2:
		word := w.Pick("true", "false")
		w.Expect(path, node.Bool, word)
		w.Put(word)
	case 3:
		pick := [][2]string{{"0", "0"}, {"12345678901234567890", "12345678901234567890"}, {"1.50", "1.50"}, {"2e3", "2000"}, {"-7", "-7"}}[w.IntN(5)]
		if v1 && w.IntN(2) == 0 {
			pick = [][2]string{{"0x1F", "31"}, {"010", "8"}, {"-0xa", "-10"}}[w.IntN(3)]
		}
		w.Expect(path, node.Number, pick[1])
		w.Put(pick[0])
	default:
		s := w.Text(12, "\"\\\té\n{}#")
		w.Expect(path, node.String, s)
		w.Put(`"`, strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "é", w.Pick("é", `\u00e9`)).Replace(s), `"`)
	}
}

// same holds a text against the library: both refuse it, or every attribute whose
// value the reader knows has the value that the library evaluates.
func same(t *testing.T, data []byte) {
	docs, diags := Read("x", data)
	nodetest.Check(t, data, docs, diags)
	if tooDeep(data, "x", hcl.InitialPos) >= 0 || !utf8.Valid(data) || strings.HasPrefix(string(data), "\xef\xbb\xbf") {
		return
	}
	file, problems := hclsyntax.ParseConfig(data, "x", hcl.InitialPos)
	if problems.HasErrors() == (len(docs) == 1) {
		t.Fatalf("%q: the library says %v, the reader %v", data, problems, diags)
	}
	if len(docs) == 1 && len(diags) == 0 {
		compare(t, docs[0].Root, file.Body.(*hclsyntax.Body))
	}
}

func compare(t *testing.T, n *node.Node, body *hclsyntax.Body) {
	for name, a := range body.Attributes {
		got := n.Get(name)
		if got == nil {
			t.Errorf("%s is missing", name)
			continue
		}
		want, problems := a.Expr.Value(nil)
		if hasOpaque(got) || problems.HasErrors() {
			continue
		}
		data, err := json.Marshal(ctyjson.SimpleJSONValue{Value: want})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(normal(t, data), normal(t, mustJSON(t, nodetest.Value(got)))); diff != "" {
			t.Errorf("%s (-library +reader):\n%s", name, diff)
		}
	}
	seen := map[string]int{}
	for _, b := range body.Blocks {
		at := n.Get(b.Type)
		path := b.Type
		for _, l := range b.Labels {
			at = at.Get(l)
			path += "\x00" + l
		}
		if at == nil || at.Kind != node.Array || seen[path] >= len(at.Elems) {
			t.Errorf("block %q is missing", path)
			continue
		}
		compare(t, at.Elems[seen[path]], b.Body)
		seen[path]++
	}
}

func mustJSON(t *testing.T, v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// normal decodes JSON with numbers in one spelling.
func normal(t *testing.T, data []byte) any {
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case json.Number:
			f, _ := v.Float64()
			return f
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for k := range v {
				v[k] = walk(v[k])
			}
		}
		return v
	}
	return walk(v)
}

func hasOpaque(n *node.Node) bool {
	if n.Kind == node.Opaque {
		return true
	}
	for _, e := range n.Elems {
		if hasOpaque(e) {
			return true
		}
	}
	return false
}

func TestBudget(t *testing.T) {
	for name, data := range map[string]string{
		"lists":       "a = " + strings.Repeat("[", 10_000),
		"closed":      "a = " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000),
		"objects":     "a = " + strings.Repeat("{a=", 10_000),
		"blocks":      strings.Repeat("a {\n", 10_000),
		"not":         "a = " + strings.Repeat("!", 10_000) + "true",
		"minus":       "a = " + strings.Repeat("-", 10_000) + "1",
		"conditions":  "a = " + strings.Repeat("x ? y : ", 10_000) + "z",
		"templates":   "a = " + strings.Repeat(`"${`, 10_000),
		"parentheses": "a = " + strings.Repeat("(", 10_000),
		"one line":    "a = \"" + strings.Repeat("a", 100<<20) + "\"",
		"many tokens": strings.Repeat("a=1\n", 2<<20),
		"many values": "a = [0" + strings.Repeat(",0", text.MaxNodes) + "]",
	} {
		t.Run(name, func(t *testing.T) {
			if docs, diags := Read("x", []byte(data)); !nodetest.Refused(docs, diags) {
				t.Errorf("%d documents, %v", len(docs), diags)
			}
			if docs, diags := ReadV1("x", []byte(data)); !nodetest.Refused(docs, diags) {
				t.Errorf("HCL 1: %d documents, %v", len(docs), diags)
			}
		})
	}
	if docs, diags := ReadV1("x", []byte(strings.Repeat("/**/", 1<<20))); len(docs) != 1 {
		t.Error(diags)
	}
}

func seeds() []string {
	return []string{
		"a = 1\nb \"c\" {\n  d = [true, null, \"x\"]\n}\n", "a = { b = 1, \"c\" = -2, (d) = 3 }\n", "a = \"x${y}\"\nb = <<-E\n  x\n  E\n", "a = 1\na = 2\n", "a = 1\na {}\n", "a {}\na \"b\" {}\n",
		"a = x.y\nb = f(1)\nc = (1)\n", "a = {b = 1, b = 2}\n", "\xef\xbb\xbfa = 1\n", "a", "a = ", "a {", "\"a\" = 1\n", "a = 0x10\nb = 010\n", "a = \"\\u00e9\\q\"", "a = [1 2]", "a { b = 1, c = 2 }", "a \"b\" = 1", "/*", "a = \"${\"}\"}\"\n",
		"a = \"$${x}\"\nb = \"%%{x}\"\n", "a = \"\"\nb = <<E\nE\n", "a = 1e3\nb = 1.50\nc = -0\n", "a = \xff", "a = \"\xff\"",
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range seeds() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { same(t, data) })
}

func FuzzReadV1(f *testing.F) {
	for _, s := range seeds() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, diags := ReadV1("x", data)
		nodetest.Check(t, data, docs, diags)
	})
}

func benchmark(b *testing.B, read nodetest.Reader) {
	var s strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&s, "service \"s%d\" {\n  name = \"service-%d\"\n  port = %d\n  tls = true\n  labels = { team = \"shop\", tier = \"a\\tb\" }\n}\n", i, i, 1000+i)
	}
	data := []byte(s.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if docs, diags := read("x", data); len(docs) != 1 {
			b.Fatal(diags)
		}
	}
}

func BenchmarkRead(b *testing.B)   { benchmark(b, Read) }
func BenchmarkReadV1(b *testing.B) { benchmark(b, ReadV1) }
