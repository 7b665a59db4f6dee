package terraform

import (
	"bytes"
	"encoding/json"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/writ-policy/writ/engine/fact"
)

// planText is the text of a plan: valid JSON, read by byte offset. A plan may
// have tens of megabytes, most of which nobody asks for (the values before the
// change, the schema's noise), so values are skipped in place and only what is
// used becomes a tree. encoding/json is not used for that because it keeps no
// positions; terraform-json is not because it rounds the numbers of data
// sources and of the configuration to float64.
type planText struct {
	path  string
	data  []byte
	lines []int // offsets of the first byte of each line
}

func newPlanText(path string, data []byte) *planText {
	t := &planText{path: path, data: data, lines: []int{0}}
	for at := 0; ; {
		i := bytes.IndexByte(data[at:], '\n')
		if i < 0 {
			return t
		}
		at += i + 1
		t.lines = append(t.lines, at)
	}
}

// position is the place from byte start to byte end. Columns count bytes.
func (t *planText) position(start, end int) fact.Position {
	line := t.line(start)
	return fact.Position{Source: t.path, Line: line, Column: start - t.lines[line-1] + 1, EndLine: t.line(max(start, end-1))}
}

func (t *planText) line(offset int) int {
	return sort.Search(len(t.lines), func(i int) bool { return t.lines[i] > offset })
}

// planNode is one JSON value. Kind is its first byte, with '0' for any number.
type planNode struct {
	kind       byte
	name       string // as a member of an object
	start, end int    // with the name, if it has one
	text       string // of a string or number
	elems      []planNode
}

// get returns the member of that name, the last if there are several, nil if
// there is none or n is no object.
func (n *planNode) get(name string) *planNode {
	if n == nil || n.kind != '{' {
		return nil
	}
	for i := len(n.elems) - 1; i >= 0; i-- {
		if n.elems[i].name == name {
			return &n.elems[i]
		}
	}
	return nil
}

// planIndex finds the members of an object that has many, in constant time.
type planIndex struct {
	node   *planNode
	byName map[string]*planNode
}

func (n *planNode) index() planIndex {
	in := planIndex{node: n}
	if n.is('{') && len(n.elems) > 16 {
		in.byName = make(map[string]*planNode, len(n.elems))
		for i := range n.elems {
			in.byName[n.elems[i].name] = &n.elems[i]
		}
	}
	return in
}

func (in planIndex) get(name string) *planNode {
	if in.byName != nil {
		return in.byName[name]
	}
	return in.node.get(name)
}

// at returns element i of an array, nil if there is none.
func (n *planNode) at(i int) *planNode {
	if n == nil || n.kind != '[' || i >= len(n.elems) {
		return nil
	}
	return &n.elems[i]
}

func (n *planNode) is(kind byte) bool { return n != nil && n.kind == kind }

// str returns the text of a string, "" of anything else.
func (n *planNode) str() string {
	if !n.is('"') {
		return ""
	}
	return n.text
}

// strings returns the strings of an array.
func (n *planNode) strings() []string {
	if !n.is('[') {
		return nil
	}
	var out []string
	for i := range n.elems {
		if n.elems[i].kind == '"' {
			out = append(out, n.elems[i].text)
		}
	}
	return out
}

// holdsTrue reports whether n is true or holds a true at any depth.
func (n *planNode) holdsTrue() bool {
	return n != nil && (n.kind == 't' || slices.ContainsFunc(n.elems, func(e planNode) bool { return e.holdsTrue() }))
}

func (t *planText) space(at int) int {
	for at < len(t.data) {
		switch t.data[at] {
		case ' ', '\t', '\n', '\r':
			at++
		default:
			return at
		}
	}
	return at
}

// scalarEnd returns the offset after the string, number or word at offset at.
func (t *planText) scalarEnd(at int) int {
	if t.data[at] == '"' {
		for at++; t.data[at] != '"'; at++ {
			if t.data[at] == '\\' {
				at++
			}
		}
		return at + 1
	}
	for at < len(t.data) && strings.IndexByte(",]} \t\r\n", t.data[at]) < 0 {
		at++
	}
	return at
}

// skip returns the offset after the value at offset at.
func (t *planText) skip(at int) int {
	for depth := 0; ; {
		switch t.data[at] {
		case '{', '[':
			depth++
			at++
		case '}', ']':
			depth--
			at++
		case ',', ':', ' ', '\t', '\n', '\r':
			at++
		default:
			at = t.scalarEnd(at)
		}
		if depth == 0 {
			return at
		}
	}
}

// each calls f with every element of the array or member of the object at
// offset at, with the offsets of its name (of itself in an array) and of its
// value, and returns the offset after it. f returns the offset after the value
// if it has read it, else 0.
func (t *planText) each(at int, f func(name string, start, value int) int) (end int) {
	object := t.data[at] == '{'
	for at = t.space(at + 1); t.data[at] != '}' && t.data[at] != ']'; {
		name, start := "", at
		if object {
			stop := t.scalarEnd(at)
			name = unquote(t.data[at:stop])
			at = t.space(t.space(stop) + 1)
		}
		after := f(name, start, at)
		if after == 0 {
			after = t.skip(at)
		}
		at = t.space(after)
		if t.data[at] == ',' {
			at = t.space(at + 1)
		}
	}
	return at + 1
}

// node reads the value at offset at.
func (t *planText) node(at int) planNode {
	n := planNode{kind: t.data[at], start: at}
	switch n.kind {
	case '{', '[':
		n.end = t.each(at, func(name string, start, value int) int {
			e := t.node(value)
			e.name, e.start = name, start
			n.elems = append(n.elems, e)
			return e.end
		})
	case '"':
		n.end = t.scalarEnd(at)
		n.text = unquote(t.data[at:n.end])
	default:
		n.end = t.scalarEnd(at)
		if n.kind == '-' || n.kind >= '0' && n.kind <= '9' {
			n.kind, n.text = '0', string(t.data[at:n.end])
		}
	}
	return n
}

// members returns the offsets of the values of the object at offset at, by
// name; nil if there is no object.
func (t *planText) members(at int) map[string]int {
	if at < 0 || t.data[at] != '{' {
		return nil
	}
	out := map[string]int{}
	t.each(at, func(name string, _, value int) int {
		out[name] = value
		return 0
	})
	return out
}

// unquote decodes a JSON string literal.
func unquote(quoted []byte) string {
	if plain := quoted[1 : len(quoted)-1]; bytes.IndexByte(plain, '\\') < 0 && utf8.Valid(plain) {
		return string(plain)
	}
	var s string
	// The text was found valid before; a string literal of it always decodes.
	_ = json.Unmarshal(quoted, &s)
	return s
}
