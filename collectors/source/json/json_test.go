package json

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/node/nodetest"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "rewrite the .want files of the cases")

func TestGolden(t *testing.T) {
	nodetest.Golden(t, "testdata/*.txtar", *update, func(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
		if strings.HasSuffix(source, ".jsonc") {
			return ReadC(source, data)
		}
		return Read(source, data)
	})
}

func TestPlaces(t *testing.T) {
	nodetest.Places(t, Read, func(w *nodetest.Writer) { value(w, "", 0, func() { w.Put(w.Pick("", " ", "\n", "\r\n\t")) }) })
}

func TestPlacesWithComments(t *testing.T) {
	nodetest.Places(t, ReadC, func(w *nodetest.Writer) {
		value(w, "", 0, func() { w.Put(w.Pick("", "\n", "// \"a\": {\n", "/* [ \n * */ ", "/**/")) })
	})
}

// value writes a value, and blank between its tokens.
func value(w *nodetest.Writer, path string, depth int, blank func()) {
	kind := w.IntN(8)
	if depth == 0 {
		kind = w.IntN(2)
	} else if depth > 4 {
		kind = 2 + w.IntN(6)
	}
	switch kind {
	case 0:
		w.Put("{")
		for i := range w.IntN(20) {
			if i > 0 {
				w.Put(",")
			}
			blank()
			name := w.Name("_-. /é")
			w.Key(path + "/" + name)
			w.Put(`"`+name+`"`, w.Pick("", " ", "\n"), ":")
			blank()
			value(w, path+"/"+name, depth+1, blank)
			blank()
		}
		w.Put("}")
	case 1:
		w.Put("[")
		for i := range 2 + w.IntN(8) {
			if i > 0 {
				w.Put(",")
			}
			blank()
			value(w, fmt.Sprintf("%s/%d", path, i), depth+1, blank)
			blank()
		}
		w.Put("]")
	case 2:
		w.Expect(path, node.Null, "")
		w.Put("null")
	case 3:
		word := w.Pick("true", "false")
		w.Expect(path, node.Bool, word)
		w.Put(word)
	case 4, 5:
		number := w.Pick("", "-") + w.Pick("0", "7", "120", "12345678901234567890", "0.10", "3.25")
		w.Expect(path, node.Number, number)
		w.Put(number)
	default:
		s := w.Text(12, "\"\\/\n\té€😀\u2028{}[]:,#")
		quoted, _ := stdjson.Marshal(s)
		w.Expect(path, node.String, s)
		w.Put(string(quoted))
	}
}

// decoded is what the standard library makes of a stream.
func decoded(data []byte) ([]any, error) {
	dec := stdjson.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var all []any
	for {
		var v any
		if err := dec.Decode(&v); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return all, err
		}
		all = append(all, plain(v))
	}
}

// plain writes numbers as the reader does.
func plain(v any) any {
	switch v := v.(type) {
	case stdjson.Number:
		n, _ := text.Decimal(v.String())
		return stdjson.Number(n)
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = plain(v[k])
		}
	}
	return v
}

// same holds a text against the standard library: both refuse it, or both read the
// same values, but for those that the reader calls opaque.
func same(t *testing.T, data []byte) {
	docs, diags := Read("x", data)
	nodetest.Check(t, data, docs, diags)
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) || !utf8.Valid(data) {
		return // the library has no byte order mark, and takes what is not UTF-8 in another way
	}
	want, err := decoded(data)
	refused := fatal(diags)
	if (err != nil || len(want) == 0) != refused {
		// Of a stream the library takes 01 as 0 and 1; the reader wants them apart.
		if err == nil && (deep(data) || !stdjson.Valid(data)) {
			return
		}
		t.Fatalf("%q: the library says %v, the reader %v", data, err, diags)
	}
	if refused || len(diags) > 0 || strings.Contains(nodetest.Dump(docs, nil), "opaque") {
		return
	}
	var got []any
	for _, d := range docs {
		got = append(got, nodetest.Value(d.Root))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q (-library +reader):\n%s", data, diff)
	}
}

func deep(data []byte) bool {
	return bytes.Count(data, []byte("["))+bytes.Count(data, []byte("{")) > text.MaxDepth
}

func fatal(diags []fact.Diagnostic) bool {
	for _, d := range diags {
		if d.Fatal {
			return true
		}
	}
	return false
}

func seeds() []string {
	return []string{
		`{"a": [1, 2.50, -3e2, 1E-9, true, false, null, "x\u00e9\ud83d\ude00\n"], "": {}}`, "1 2\n[3] {}", `"\ud800"`, `"\udc00\ud800\u0041"`, "{\"a\":1,\"a\":2}",
		"", " ", "[", "]", "{", "}", "[1,]", "{,}", `{"a"}`, `{"a":}`, `{"a":1,}`, "[1 2]", "01", "-", "-01", "1.", ".5", "+1", "1e", "1e+", "0x1", "1_0", "NaN", "nul", "truefalse",
		`"a`, `"\x"`, `"\u12"`, `"\u+123"`, "\"\n\"", "\"\x00\"", "\"\xff\"", "{\"\xff\":1}", "\xef\xbb\xbf{}", "// x\n1", "/* x */ 1", "/", "1 /", "[1] x", "'a'", "\u00a01", "1e999999", "[1.0e0]", "1.5.2", "1a",
	}
}

func TestAgainstLibrary(t *testing.T) {
	for _, s := range seeds() {
		same(t, []byte(s))
	}
	nodetest.Places(t, func(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
		same(t, data)
		return Read(source, data)
	}, func(w *nodetest.Writer) { value(w, "", 0, func() { w.Put(w.Pick("", " ")) }) })
}

// What nobody writes is refused within the budget, with the place.
func TestBudget(t *testing.T) {
	for name, data := range map[string]string{
		"deep arrays":   strings.Repeat("[", 10_000),
		"deep objects":  strings.Repeat(`{"a":`, 10_000),
		"closed":        strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000),
		"one line":      `"` + strings.Repeat("a", 100<<20) + `"`,
		"many values":   "[0" + strings.Repeat(",0", text.MaxNodes) + "]",
		"open comments": strings.Repeat("/*", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			for _, read := range []nodetest.Reader{Read, ReadC} {
				if docs, diags := read("x", []byte(data)); !nodetest.Refused(docs, diags) {
					t.Errorf("%d documents, %v", len(docs), diags)
				}
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range seeds() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		same(t, data)
		docs, diags := ReadC("x", data)
		nodetest.Check(t, data, docs, diags)
	})
}

func BenchmarkRead(b *testing.B) {
	var s strings.Builder
	s.WriteString("[")
	for i := range 2000 {
		fmt.Fprintf(&s, "{\"name\": \"service-%d\", \"port\": %d, \"tls\": true, \"labels\": {\"team\": \"shop\", \"tier\": \"a\\tb\"}},\n", i, 1000+i)
	}
	data := []byte(s.String() + "{}]")
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if docs, diags := Read("x", data); len(docs) != 1 {
			b.Fatal(diags)
		}
	}
}
