// Package text is what the readers of configuration formats share: places in a
// text, nodes made at them, problems told with their place, and the budgets
// that keep a hostile file from taking the machine.
package text

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// Budgets of one file. Nobody writes configuration beyond them; what exceeds them
// is refused with a diagnostic, never cut.
const (
	MaxSize  = 32 << 20 // bytes
	MaxDepth = 500      // values within each other
	MaxNodes = 1 << 20
)

// maxDiagnostics bounds the errors, and the warnings, told of one file: the first
// explain the others.
const maxDiagnostics = 20

// File is a file while it is read. Offsets count bytes of Data.
type File struct {
	Source string
	Data   []byte
	// Diagnostics in the order found.
	Diagnostics []fact.Diagnostic

	start  int   // of the text: after a byte order mark
	starts []int // of the lines
	last   int   // the line that was asked for last
	nodes  int
	slab   []node.Node
	failed bool
	told   map[string]int // by severity
}

// Open begins a file. It reports false, with a diagnostic, if the file is too
// large or not a text in UTF-8 at all. A byte order mark is passed over.
func Open(source string, data []byte) (*File, bool) {
	f := &File{Source: source, Data: data}
	switch {
	case len(data) > MaxSize:
		f.Data = nil
		f.fail(fact.Position{Source: source}, "the file is too large to be read as configuration", fmt.Sprintf("%d bytes, at most %d", len(data), MaxSize), "")
		return f, false
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		f.Data = nil
		f.fail(fact.Position{Source: source, Line: 1, Column: 1, EndLine: 1}, "the file is in UTF-16", "only UTF-8 is read", "save it as UTF-8")
		return f, false
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		f.start = 3
	}
	f.starts = append(make([]int, 0, 16+len(data)/32), f.start)
	for at := f.start; ; {
		next := bytes.IndexByte(data[at:], '\n')
		if next < 0 {
			break
		}
		at += next + 1
		f.starts = append(f.starts, at)
	}
	return f, true
}

// UTF8 reports whether all of the file is UTF-8, with a diagnostic if it is not:
// for formats that know nothing else.
func (f *File) UTF8() bool {
	if utf8.Valid(f.Data) {
		return true
	}
	for at := 0; at < len(f.Data); {
		r, size := utf8.DecodeRune(f.Data[at:])
		if r == utf8.RuneError && size <= 1 {
			f.Fail(at, "not UTF-8", "", "")
			break
		}
		at += size
	}
	return false
}

// Start is the offset of the first character.
func (f *File) Start() int { return f.start }

// Failed reports whether an error was told: the document at hand is not whole.
func (f *File) Failed() bool { return f.failed }

// Place returns the line and the column of an offset, both from 1; a column counts
// bytes. The end of the text has a place.
func (f *File) Place(offset int) (line, column int) {
	if len(f.starts) == 0 {
		return 0, 0
	}
	i := f.last
	if offset < f.starts[i] || i+1 < len(f.starts) && offset >= f.starts[i+1] {
		if i+2 < len(f.starts) && offset >= f.starts[i+1] && offset < f.starts[i+2] {
			i++
		} else {
			i = max(0, sort.SearchInts(f.starts, offset+1)-1)
		}
		f.last = i
	}
	return i + 1, max(offset-f.starts[i], 0) + 1
}

// LineEnd returns the offset of the newline that ends the line at an offset, or of
// the end of the text.
func (f *File) LineEnd(offset int) int {
	line, _ := f.Place(offset)
	if line < len(f.starts) {
		return f.starts[line] - 1
	}
	return len(f.Data)
}

// Node makes a node of the bytes from start up to end.
func (f *File) Node(kind node.Kind, start, end int) *node.Node {
	if f.nodes++; f.nodes == MaxNodes+1 {
		f.Fail(start, "the file holds too many values", fmt.Sprintf("at most %d are read", MaxNodes), "")
	}
	if len(f.slab) == 0 {
		f.slab = make([]node.Node, min(256, 8+len(f.Data)/16))
	}
	n := &f.slab[0]
	f.slab = f.slab[1:]
	n.Kind = kind
	n.Line, n.Column = f.Place(start)
	f.End(n, end)
	return n
}

// End sets the end of a node: end is the offset after its last character.
func (f *File) End(n *node.Node, end int) {
	n.EndLine, n.EndColumn = f.Place(max(end-1, 0))
	if n.EndLine < n.Line || n.EndLine == n.Line && n.EndColumn < n.Column {
		n.EndLine, n.EndColumn = n.Line, n.Column
	}
}

// Text makes a scalar with a text.
func (f *File) Text(kind node.Kind, text string, start, end int) *node.Node {
	n := f.Node(kind, start, end)
	n.Text = text
	return n
}

// String makes a string, or an opaque if the text is not UTF-8.
func (f *File) String(text string, start, end int) *node.Node {
	if !utf8.ValidString(text) {
		return f.Opaque("the text is not UTF-8", start, end)
	}
	return f.Text(node.String, text, start, end)
}

// Opaque makes a node for what is not modelled; its text is the source.
func (f *File) Opaque(reason string, start, end int) *node.Node {
	n := f.Node(node.Opaque, start, end)
	n.Text, n.Reason = strings.ToValidUTF8(string(f.Data[start:min(end, len(f.Data))]), "\uFFFD"), reason
	return n
}

// Key makes the name of a member.
func (f *File) Key(name string, offset int) node.Key {
	k := node.Key{Name: Name(name)}
	k.Line, k.Column = f.Place(offset)
	return k
}

// Name is a name in UTF-8, whatever was written.
func Name(name string) string { return strings.ToValidUTF8(name, "\uFFFD") }

// Pos returns the place of an offset.
func (f *File) Pos(offset int) fact.Position {
	line, column := f.Place(offset)
	return fact.Position{Source: f.Source, Line: line, Column: column, EndLine: line}
}

// Fail tells an error: the document cannot be read. The line itself is not shown: it
// may hold a secret that nobody has recognised yet. Neither is a value.
func (f *File) Fail(offset int, summary, detail, hint string) {
	offset = min(offset, len(f.Data))
	f.fail(f.Pos(offset), summary, detail, hint)
}

func (f *File) fail(at fact.Position, summary, detail, hint string) {
	f.failed = true
	f.tell(fact.Diagnostic{Severity: "error", Fatal: true, Summary: summary, Detail: detail, Hint: hint, Pos: at})
}

// Warn tells of something that a reader kept and that its writer may not have
// meant.
func (f *File) Warn(offset int, summary, detail, hint string) {
	f.tell(fact.Diagnostic{Severity: "warning", Summary: summary, Detail: detail, Hint: hint, Pos: f.Pos(offset)})
}

func (f *File) tell(d fact.Diagnostic) {
	if f.told == nil {
		f.told = map[string]int{}
	}
	if f.told[d.Severity]++; f.told[d.Severity] <= maxDiagnostics {
		f.Diagnostics = append(f.Diagnostics, d)
	}
}

// Documents is what a reader of one document returns: none if it failed.
func (f *File) Documents(root *node.Node) ([]node.Document, []fact.Diagnostic) {
	if f.failed || root == nil {
		return nil, f.Diagnostics
	}
	return []node.Document{{Source: f.Source, Root: root}}, f.Diagnostics
}
