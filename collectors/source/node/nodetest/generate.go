package nodetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors/source/node"
)

// generated is how many texts a format is held against.
const generated = 200

// Writer writes a text and knows where each scalar and key of it stands.
type Writer struct {
	*rand.Rand
	b            strings.Builder
	line, column int
	want         []string
}

// Put writes text.
func (w *Writer) Put(texts ...string) {
	for _, s := range texts {
		w.b.WriteString(s)
		if i := strings.LastIndexByte(s, '\n'); i >= 0 {
			w.line += strings.Count(s, "\n")
			w.column = len(s) - i
		} else {
			w.column += len(s)
		}
	}
}

// Expect says that a scalar begins here.
func (w *Writer) Expect(path string, kind node.Kind, text string) {
	w.want = append(w.want, fmt.Sprintf("%s %d:%d %s %q", path, w.line, w.column, kinds[kind], text))
}

// Key says that the name of the member at a path begins here.
func (w *Writer) Key(path string) {
	w.want = append(w.want, fmt.Sprintf("%s key %d:%d", path, w.line, w.column))
}

// Pick returns one of several.
func (w *Writer) Pick(texts ...string) string { return texts[w.IntN(len(texts))] }

// Name returns a name that no other has: letters, digits and what a format allows
// beside them.
func (w *Writer) Name(beside string) string {
	alphabet := []rune("abcXYZ019" + beside)
	name := []rune{'k'}
	for range w.IntN(6) {
		name = append(name, alphabet[w.IntN(len(alphabet))])
	}
	return fmt.Sprintf("%sn%d", string(name), len(w.want))
}

// Text returns a text of up to n characters out of words, blanks and what is
// beside them.
func (w *Writer) Text(n int, beside string) string {
	alphabet := []rune("abc xyz 0189 -_.," + beside)
	var text []rune
	for range w.IntN(n + 1) {
		text = append(text, alphabet[w.IntN(len(alphabet))])
	}
	return string(text)
}

// Places holds that for generated texts every scalar and every key is where it was
// written, as what it was written, and that there is no other.
func Places(t *testing.T, read Reader, write func(*Writer)) {
	t.Helper()
	scalars := 0
	for seed := range uint64(generated) {
		w := &Writer{Rand: rand.New(rand.NewPCG(seed, 7)), line: 1, column: 1}
		write(w)
		docs, diags := read("generated", []byte(w.b.String()))
		var got []string
		for _, d := range docs {
			got = flat(got, "", d.Root)
		}
		Check(t, []byte(w.b.String()), docs, diags)
		slices.Sort(got)
		slices.Sort(w.want)
		if diff := cmp.Diff(w.want, got); diff != "" || len(diags) > 0 {
			t.Fatalf("seed %d: %v\n(-want +got):\n%s\n%s", seed, diags, diff, w.b.String())
		}
		scalars += len(got)
	}
	if scalars < 10*generated {
		t.Errorf("only %d scalars and keys were written: the test has no bite", scalars)
	}
}

func flat(out []string, path string, n *node.Node) []string {
	for i, e := range n.Elems {
		at := fmt.Sprintf("%s/%d", path, i)
		if n.Kind == node.Object {
			at = path + "/" + n.Keys[i].Name
			out = append(out, fmt.Sprintf("%s key %d:%d", at, n.Keys[i].Line, n.Keys[i].Column))
		}
		out = flat(out, at, e)
	}
	if n.Kind != node.Object && n.Kind != node.Array {
		out = append(out, fmt.Sprintf("%s %d:%d %s %q", path, n.Line, n.Column, kinds[n.Kind], n.Text))
	}
	return out
}
