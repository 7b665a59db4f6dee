package compose

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/yaml"
	"github.com/writ-policy/writ/engine/fact"
)

// maxFile is the largest file that is read, in bytes.
const maxFile = 8 << 20

// File is one file of a project as it stands, variables not filled in.
type File struct {
	Name string
	Docs []node.Document

	digest      string // hex SHA-256
	diagnostics []fact.Diagnostic
	// unread says why it, or a part of it, could not be read.
	unread string
	// template is set if what cannot be parsed is a text that something fills in.
	template bool
	tags     map[*node.Node]string
}

// parse reads a file. A defect of the reader costs the file and nothing else.
func parse(name string, data []byte) (f *File) {
	f = &File{Name: name}
	defer func() {
		if r := recover(); r != nil {
			f.Docs, f.unread = nil, "the reader gave up"
			f.diagnostics = []fact.Diagnostic{{Severity: "error", Fatal: true, Summary: "cannot read Compose file", Detail: fmt.Sprint(r),
				Hint: "this is a defect of the reader: please report it", Pos: fact.Position{Source: name}}}
		}
	}()
	sum := sha256.Sum256(data)
	f.digest = hex.EncodeToString(sum[:])
	f.Docs, f.diagnostics, f.tags = readTagged(name, data)
	fillsIn := bytes.Contains(data, []byte("{{")) || bytes.Contains(data, []byte("{%"))
	for i := range f.diagnostics {
		d := &f.diagnostics[i]
		if !d.Fatal {
			continue
		}
		f.unread = d.Summary
		if fillsIn && d.Summary == yaml.SyntaxError {
			f.template = true
			d.Severity, d.Fatal, d.Hint = "warning", false, "it looks like a template: render it and check the result"
		}
	}
	for _, d := range f.Docs {
		if d.Root.Kind == opaque && f.unread == "" {
			f.unread = d.Root.Reason
		}
	}
	return f
}

// The tags of the specification ("Reset value", "Replace value").
const (
	tagReset    = "!reset"
	tagOverride = "!override"
)

// maxRounds bounds how deeply tags may stand within each other.
const maxRounds = 6

// readTagged reads YAML in which nodes may have one of the two tags, and returns which
// have. To the reader of YAML a node with a tag of its author's own is opaque, so
// the tags are blanked and the text is read again, which changes no place. A tag
// that is not found in the text leaves its node opaque.
func readTagged(name string, data []byte) ([]node.Document, []fact.Diagnostic, map[*node.Node]string) {
	docs, diagnostics := yaml.Read(name, data)
	if !bytes.Contains(data, []byte(tagReset)) && !bytes.Contains(data, []byte(tagOverride)) {
		return docs, diagnostics, nil
	}
	t := &tagged{data: bytes.Clone(data), paths: map[string]taggedPath{}}
	for range maxRounds {
		blanked := false
		for i, d := range docs {
			blanked = t.blank(d.Root, []int{i}) || blanked
		}
		if !blanked {
			break
		}
		docs, diagnostics = yaml.Read(name, t.data)
	}
	tags := map[*node.Node]string{}
	for _, p := range t.paths {
		if n := follow(docs, p.path); n != nil {
			tags[n] = p.tag
		}
	}
	return docs, diagnostics, tags
}

type tagged struct {
	data  []byte
	paths map[string]taggedPath
}

type taggedPath struct {
	path []int // the index of the document, then of elements
	tag  string
}

// blank blanks the tags of a tree, and reports whether there were any.
func (t *tagged) blank(n *node.Node, path []int) bool {
	if n.Kind == opaque {
		for _, tag := range []string{tagReset, tagOverride} {
			if strings.HasSuffix(n.Reason, "the tag "+tag+" is not modelled") {
				t.paths[fmt.Sprint(path)] = taggedPath{append([]int(nil), path...), tag}
				return t.erase(n, tag)
			}
		}
		return false
	}
	found := false
	for i, e := range n.Elems {
		found = t.blank(e, append(path, i)) || found
	}
	return found
}

// erase blanks the tag of a node: it stands before it, with nothing but blanks,
// comments and an anchor between, or where the node is empty, at its place.
func (t *tagged) erase(n *node.Node, tag string) bool {
	at := 0
	for line := 1; line < n.Line; line++ {
		i := bytes.IndexByte(t.data[at:], '\n')
		if i < 0 {
			return false
		}
		at += i + 1
	}
	at = min(at+n.Column-1, len(t.data))
	if bytes.HasPrefix(t.data[at:], []byte(tag)) {
		copy(t.data[at:], "null"+strings.Repeat(" ", len(tag)-len("null")))
		return true
	}
	i := bytes.LastIndex(t.data[:at], []byte(tag))
	if i < 0 || !empty(t.data[i+len(tag):at]) {
		return false
	}
	copy(t.data[i:], strings.Repeat(" ", len(tag)))
	return true
}

// empty reports whether a text holds nothing but blanks, comments and anchors.
func empty(text []byte) bool {
	for line := range bytes.Lines(text) {
		for _, word := range bytes.Fields(line) {
			if word[0] == '#' {
				break
			}
			if word[0] != '&' {
				return false
			}
		}
	}
	return true
}

func follow(docs []node.Document, path []int) *node.Node {
	if path[0] >= len(docs) {
		return nil
	}
	n := docs[path[0]].Root
	for _, i := range path[1:] {
		if i >= len(n.Elems) {
			return nil
		}
		n = n.Elems[i]
	}
	return n
}

// read reads a file of the source.
func (l *loader) read(name string) ([]byte, error) {
	return collectors.ReadFile(l.env.Tree.FS, name, maxFile)
}

// file parses a file, once.
func (l *loader) file(name string) *File {
	if f := l.files[name]; f != nil {
		return f
	}
	var f *File
	if data, err := l.read(name); err != nil {
		f = &File{Name: name, unread: err.Error()}
	} else {
		f = parse(name, data)
	}
	l.files[name] = f
	for _, d := range f.Docs {
		l.learnAll(d.Root, false)
	}
	return f
}
