package xml

import (
	"bytes"
	stdxml "encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/node/nodetest"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "rewrite the .want files of the cases")

func TestGolden(t *testing.T) { nodetest.Golden(t, "testdata/*.txtar", *update, Read) }

func TestPlaces(t *testing.T) {
	nodetest.Places(t, func(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
		same(t, data)
		return Read(source, data)
	}, func(w *nodetest.Writer) {
		w.Put(w.Pick("", "<?xml version=\"1.0\"?>\n", "<!-- <a> -->\r\n"))
		writeElement(w, "/root", "/root", "root", 0)
		w.Put(w.Pick("", "\n", "<!-- end -->"))
	})
}

// writeElement writes the element at a path, with the key if it is the first of its
// name.
func writeElement(w *nodetest.Writer, here, key, name string, depth int) {
	attributes := w.IntN(3)
	nested := depth < 3 && (depth == 0 || w.IntN(2) == 0)
	s := ""
	if !nested {
		s = strings.TrimSpace(w.Text(10, "é<&\n'\"]"))
	}
	if !nested && s == "" && attributes == 0 {
		w.Expect(here, node.String, "") // an empty element begins where its tag does
	}
	w.Put("<")
	if key != "" {
		w.Key(key)
	}
	w.Put(name)
	for range attributes {
		w.Put(w.Pick(" ", "\n  "))
		n := w.Name("_-")
		at := here + "/-" + n
		w.Key(at)
		w.Put(n, w.Pick("=", " = "))
		s := w.Text(8, "é<&'>")
		w.Expect(at, node.String, s)
		w.Put(`"`, strings.NewReplacer("<", "&lt;", "&", "&amp;", "'", w.Pick("'", "&apos;", "&#39;")).Replace(s), `"`)
	}
	switch {
	case nested:
		w.Put(">", w.Pick("", "\n  "))
		for range 1 + w.IntN(4) {
			writeElements(w, here, depth+1)
		}
		w.Put("</", name, ">")
	case s == "":
		w.Put(w.Pick("></"+name+">", "/>", "> \n</"+name+">"))
	default:
		at := here
		w.Put(">", w.Pick("", "\n ", "\t"))
		if attributes > 0 {
			at += "/#content"
			w.Key(at)
		}
		w.Expect(at, node.String, s)
		if w.IntN(3) == 0 {
			w.Put("<![CDATA[", s, "]]>")
		} else {
			w.Put(strings.NewReplacer("<", "&lt;", "&", "&#x26;").Replace(s))
		}
		w.Put(w.Pick("", "\n"), "</", name, ">")
	}
}

// writeElements writes some elements of one name.
func writeElements(w *nodetest.Writer, path string, depth int) {
	n := w.Name("_-.")
	at := path + "/" + n
	several := 1 + w.IntN(2)*w.IntN(3)
	for i := range several {
		here, key := at, ""
		if i == 0 {
			key = at
		}
		if several > 1 {
			here = fmt.Sprintf("%s/%d", at, i)
		}
		writeElement(w, here, key, n, depth)
		w.Put(w.Pick("", "\n", "<!-- \n -->"))
	}
}

// same holds a text against the standard library: what the reader takes the library
// takes, and all text and all attributes are the same.
func same(t *testing.T, data []byte) {
	docs, diags := Read("x", data)
	nodetest.Check(t, data, docs, diags)
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) || latin1.Match(data) {
		return
	}
	dec := stdxml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var want []string
	var content []string
	for {
		token, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			if len(docs) > 0 {
				t.Fatalf("%q: the library says %v", data, err)
			}
			return
		}
		switch token := token.(type) {
		case stdxml.StartElement:
			content = append(content, "")
			for _, a := range token.Attr {
				want = append(want, a.Value)
			}
		case stdxml.EndElement:
			if len(content) == 0 {
				return
			}
			if s := strings.TrimSpace(content[len(content)-1]); s != "" {
				want = append(want, s)
			}
			content = content[:len(content)-1]
		case stdxml.CharData:
			if len(content) > 0 {
				content[len(content)-1] += string(token)
			}
		}
	}
	if len(docs) == 0 {
		return
	}
	count := map[string]int{}
	for _, s := range want {
		if s != "" {
			count[s]++
		}
	}
	got := map[string]int{}
	scalars(docs[0].Root, got)
	if diff := cmp.Diff(count, got); diff != "" {
		t.Errorf("%q (-library +reader):\n%s", data, diff)
	}
}

func scalars(n *node.Node, into map[string]int) {
	if len(n.Elems) == 0 && n.Text != "" {
		into[n.Text]++
	}
	for _, e := range n.Elems {
		scalars(e, into)
	}
}

func TestBudget(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">")
	for c := 'b'; c < 'z'; c++ {
		fmt.Fprintf(&bomb, "<!ENTITY %c \"%s\">", c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
	}
	bomb.WriteString("]><x>&y;</x>")
	for name, data := range map[string]string{
		"deep":           strings.Repeat("<a>", 10_000),
		"closed":         strings.Repeat("<a>", 10_000) + strings.Repeat("</a>", 10_000),
		"one line":       "<a>" + strings.Repeat("a", 100<<20) + "</a>",
		"many elements":  "<a>" + strings.Repeat("<b/>", text.MaxNodes) + "</a>",
		"entity bomb":    bomb.String(),
		"external":       `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>`,
		"unknown entity": "<x>&nbsp;</x>",
	} {
		t.Run(name, func(t *testing.T) {
			if docs, diags := Read("x", []byte(data)); !nodetest.Refused(docs, diags) {
				t.Errorf("%d documents, %v", len(docs), diags)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"<?xml version='1.0' encoding='UTF-8'?><a b='c' d=\"&lt;\">x<!-- y --><c/><c>1</c> z <![CDATA[<q>]]></a>", "<a/>", "<a", "<a></b>", "<a/><b/>", "x<a/>", "<a b='1' b='2'/>", "<a b=c/>", "<a b/>",
		"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>", "<?xml version='1.0' encoding='utf-16'?><a/>", "<!DOCTYPE a><a/>", "<x:a xmlns:x='u' x:b=''>\n</x:a>", "\xef\xbb\xbf<a>\r\n b</a>", "<a>&#10;x&#x41;</a>", "<a>]]></a>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { same(t, data) })
}

func BenchmarkRead(b *testing.B) {
	var s strings.Builder
	s.WriteString("<services>\n")
	for i := range 2000 {
		fmt.Fprintf(&s, "  <service name=\"service-%d\"><port>%d</port><tls>true</tls><!-- why --></service>\n", i, 1000+i)
	}
	data := []byte(s.String() + "</services>")
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if docs, diags := Read("x", data); len(docs) != 1 {
			b.Fatal(diags)
		}
	}
}
