package dockerfile

import (
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/node/nodetest"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "rewrite the .want files of the cases")

func TestGolden(t *testing.T) { nodetest.Golden(t, "testdata/*.txtar", *update, Read) }

// TestPlaces holds every text that people write; the keys are the reader's own.
func TestPlaces(t *testing.T) {
	nodetest.Places(t, func(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
		docs, diags := Read(source, data)
		for _, d := range docs {
			hide(d.Root)
		}
		return docs, diags
	}, func(w *nodetest.Writer) {
		w.Put(w.Pick("", "\n", "# a comment\n"))
		for i := range w.IntN(3) {
			w.Put("ARG ")
			name := w.Name("_")
			w.Expect(fmt.Sprintf("/1/%d/0/0/0", i), node.String, name)
			w.Put(name, "=")
			w.Expect(fmt.Sprintf("/1/%d/0/0/1", i), node.String, "1")
			w.Put("1\n")
		}
		for i := range 1 + w.IntN(3) {
			at := fmt.Sprintf("/2/%d", i)
			w.Put(w.Pick("FROM ", "from \\\n  "))
			image := w.Name("./:@${}")
			w.Expect(at+"/0", node.String, image)
			w.Put(image, w.Pick(" AS ", " as "))
			name := w.Name("-")
			w.Expect(at+"/1", node.String, name)
			w.Put(name, "\n")
			for j := range 2 + w.IntN(6) {
				w.Put(w.Pick("", "\n", "# why \\\n", "  "))
				writeInstruction(w, fmt.Sprintf("%s/2/%d", at, j))
			}
		}
	})
}

// hide turns objects into arrays without what has no text of its own.
func hide(n *node.Node) {
	var elems []*node.Node
	for i, e := range n.Elems {
		hide(e)
		if n.Kind == node.Object {
			switch n.Keys[i].Name {
			case "cmd", "form", "platform", "expand":
				continue
			case "flags", "heredocs":
				if len(e.Elems) == 0 {
					continue
				}
			}
		}
		elems = append(elems, e)
	}
	if n.Kind == node.Object {
		n.Kind = node.Array
	}
	n.Keys, n.Elems = nil, elems
}

// gap is what stands between words.
func gap(w *nodetest.Writer) string {
	return w.Pick(" ", "\t", "  ", " \\\n  ", " \\  \n\n# x \\\n ")
}

func writeInstruction(w *nodetest.Writer, at string) {
	switch w.IntN(6) {
	case 0:
		w.Put(w.Pick("RUN", "cmd", "ENTRYPOINT"), gap(w))
		s := w.Name(" =;&|$(){}/-") + "z"
		w.Expect(at+"/0/0", node.String, s)
		w.Put(s, w.Pick("\n", "  \n", "\r\n"))
	case 1:
		w.Put(w.Pick("CMD", "VOLUME", "Shell", "COPY"), gap(w), "[")
		for i := range 1 + w.IntN(4) {
			if i > 0 {
				w.Put(",", w.Pick("", " ", " \\\n"))
			}
			s := w.Text(10, "é\"[]'$")
			quoted, _ := json.Marshal(s)
			w.Expect(fmt.Sprintf("%s/0/%d", at, i), node.String, s)
			w.Put(string(quoted))
		}
		w.Put("]\n")
	case 2:
		w.Put(w.Pick("EXPOSE", "COPY", "ADD"))
		for i := range 1 + w.IntN(4) {
			w.Put(gap(w))
			s := w.Name("/.${}:")
			w.Expect(fmt.Sprintf("%s/0/%d", at, i), node.String, s)
			w.Put(s)
		}
		w.Put("\n")
	case 3:
		w.Put(w.Pick("ENV", "LABEL", "ARG"))
		for i := range 1 + w.IntN(4) {
			w.Put(gap(w))
			name := w.Name("_.-")
			w.Expect(fmt.Sprintf("%s/0/%d/0", at, i), node.String, name)
			w.Put(name, "=")
			s := w.Text(8, "é=/")
			w.Expect(fmt.Sprintf("%s/0/%d/1", at, i), node.String, s)
			q := w.Pick(`"`, "'")
			w.Put(q, s, q)
		}
		w.Put("\n")
	case 4:
		w.Put("COPY", gap(w), "--")
		name := w.Name("-")
		w.Expect(at+"/0/0/0", node.String, name)
		w.Put(name, "=")
		s := w.Name("/=,")
		w.Expect(at+"/0/0/1", node.String, s)
		w.Put(s, gap(w))
		w.Expect(at+"/1/0", node.String, "x")
		w.Put("x", gap(w))
		w.Expect(at+"/1/1", node.String, "y")
		w.Put("y\n")
	default:
		w.Put("RUN", gap(w))
		w.Expect(at+"/0/0", node.String, "<<END")
		w.Expect(at+"/1/0/0", node.String, "END")
		w.Put("<<END\n")
		s := w.Text(20, "\n#\\'\"") + "\n"
		w.Expect(at+"/1/0/1", node.String, s)
		w.Put(s, "END\n")
	}
}

func TestBudget(t *testing.T) {
	for name, data := range map[string]string{
		"one line":      "FROM x\nRUN " + strings.Repeat("a", 100<<20),
		"many":          "FROM x\n" + strings.Repeat("RUN x\n", text.MaxNodes/4),
		"open heredoc":  "FROM x\nRUN <<A\n" + strings.Repeat("<<A\n", 1<<20),
		"only comments": strings.Repeat("# a\n", 1<<20),
		"words":         "FROM x\nEXPOSE" + strings.Repeat(" 1", 2<<20),
		"elements":      "FROM x\nCMD [\"\"" + strings.Repeat(",\"\"", 2<<20) + "]",
		"pairs":         "FROM x\nENV" + strings.Repeat(" a=", 2<<20),
		"triggers":      "FROM x\n" + strings.Repeat("ONBUILD ", 10_000),
	} {
		if docs, diags := Read("x", []byte(data)); !nodetest.Refused(docs, diags) {
			t.Errorf("%s: %d documents, %v", name, len(docs), diags)
		}
	}
	if docs, diags := Read("x", []byte("FROM x\nRUN a"+strings.Repeat(" \\\n  b", 1<<20))); len(docs) != 1 {
		t.Error(diags)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"# syntax=x\n# escape=`\nARG A=1\nFROM --platform=$P x AS y\nRUN --mount=type=cache `\n a\nCMD [\"a\", \"b\"]\nENV A=\"b c\" D='$e'\nENV A b c\n", "FROM x\nRUN <<-A <<'B'\n\tx\nA\ny\nB\nCOPY <<C /d\nC",
		"FROM x\nHEALTHCHECK --interval=5s CMD a\nHEALTHCHECK NONE\nONBUILD RUN x\nEXPOSE 80/tcp $P", "RUN x", "FROM", "FROM a b", "FROM a\nARG\nX y\nENV", "FROM a\nONBUILD", "FROM a\nHEALTHCHECK", "FROM a\nCMD [null]", "FROM a\nENV a=1 b",
		"\\", "\\\n\\\n", "FROM a\\", "\xef\xbb\xbfFROM x\r\nUSER y\r\n", "FROM x\nLABEL a=\\", "# escape=x\nFROM a", "FROM a\nRUN <<", "FROM a\nRUN <<A",
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
	s.WriteString("FROM example/base:1 AS build\n")
	for i := range 2000 {
		fmt.Fprintf(&s, "# why\nENV PORT_%d=%d\nRUN --mount=type=cache,target=/x make \\\n  install service-%d\n", i, 1000+i, i)
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
