// Package yaml reads YAML streams, and JSON as the YAML it is, into trees that keep
// the place of every value. The syntax is that of go.yaml.in/yaml/v3; streams are
// split here, so that a document that cannot be parsed hides no other, and plain
// scalars are resolved here, so that numbers stay exact.
//
// What has no one value is [node.Opaque], with the reason: a key that stands twice, a
// tag of the author's own, an alias that expands beyond the budget or into itself,
// what is nested too deeply, a document with a syntax error (as its root).
//
// A value that stands behind an alias has the place where it is written. A scalar
// begins behind its anchor and tag, a block scalar at its "|" or ">".
package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// Rules say which plain scalars are booleans and numbers, and what a merge key
// overrides: the programs that read YAML do not agree.
//
//	             yes, on, y   0777   0o17   1_000   "<<" behind a key of the same name
//	Go           string       511    15     1000    the key holds
//	Core         string       777    15     string  the key holds
//	Kubernetes   true         511    15     1000    not known
//
// Everywhere null, ~ and nothing are null; true, True and TRUE are true; 0x10 is 16;
// .inf and .nan are opaque, since no fact can hold them; dates are strings; 1:30 is a
// string.
type Rules uint8

const (
	// Go is what go.yaml.in/yaml/v3 decodes into an empty interface, and so what
	// most programs written in Go read: booleans of YAML 1.2, numbers of both versions.
	Go Rules = iota
	// Core is the core schema of YAML 1.2.
	Core
	// Kubernetes is sigs.k8s.io/yaml, which is yaml.v2: booleans and numbers of YAML
	// 1.1 but for those of base 60. It gives the merged value to a key that stands
	// before its "<<", other tools the key's own: hence not known.
	Kubernetes
)

// Limits of one document.
const (
	maxDepth   = 200     // of collections within each other, aliases followed
	maxAliased = 100_000 // nodes that aliases stand for, together
)

// Read reads a stream with the rules of [Go]. Documents are in the order of the
// stream, empty ones included; the diagnostics in that of their places.
func Read(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
	return ReadAs(Go, source, data)
}

// ReadAs is Read with other rules.
func ReadAs(rules Rules, source string, data []byte) ([]node.Document, []fact.Diagnostic) {
	r := &reader{rules: rules, source: source}
	t := newText(utf8Text(data))
	for _, c := range split(t.data) {
		r.chunk(t.cut(c))
	}
	return r.docs, r.diagnostics
}

type reader struct {
	rules       Rules
	source      string
	docs        []node.Document
	diagnostics []fact.Diagnostic
	broken      int // documents
}

func (r *reader) add(root *node.Node) {
	r.docs = append(r.docs, node.Document{Source: r.source, Index: len(r.docs), Root: root})
}

// chunk reads what stands between two separators: one document, or several where
// the library knows line breaks that YAML 1.2 does not.
func (r *reader) chunk(t *text) {
	dec := yaml.NewDecoder(bytes.NewReader(anyVersion(t.data)))
	for {
		var doc yaml.Node
		err := decode(dec, &doc)
		if err == io.EOF {
			return
		}
		if err != nil {
			r.syntax(t, err)
			return
		}
		if len(doc.Content) > 0 {
			r.add(r.convert(t, doc.Content[0]))
		}
	}
}

// anyVersion blanks the directives that name a version of YAML 1: the library refuses
// any but 1.1, which it is none of.
func anyVersion(data []byte) []byte {
	own := false
	lines := breaks{data: data, newline: -1}
	for at := 0; at < len(data); {
		next := lines.after(at)
		line := data[at:next]
		switch {
		case bytes.HasPrefix(line, []byte("%YAML 1.")):
			if !own {
				data, own = bytes.Clone(data), true
			}
			for i := range bytes.TrimRight(line, "\r\n") {
				data[at+i] = ' '
			}
		case !blank(line) && line[0] != '%':
			return data
		}
		at = next
	}
	return data
}

// decode contains the panics of the library, which are defects of its scanner.
func decode(dec *yaml.Decoder, doc *yaml.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("the parser gave up on this document")
		}
	}()
	return dec.Decode(doc)
}

// SyntaxError is the summary of the diagnostic of a document that cannot be parsed.
const SyntaxError = "cannot parse YAML"

// syntax keeps a document that cannot be parsed as an opaque one. The line itself is
// not shown: it may hold a secret that nobody has recognised yet.
func (r *reader) syntax(t *text, err error) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if rest, ok := strings.CutPrefix(message, "line "); ok {
		if number, said, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.Atoi(number); err == nil {
				line, message = n, said
			}
		}
	}
	at, _ := t.place(t.offset(line, 1))
	if r.broken++; r.broken <= maxDiagnostics {
		r.diagnostics = append(r.diagnostics, fact.Diagnostic{
			Severity: "error", Fatal: true, Summary: SyntaxError, Detail: message,
			Pos: fact.Position{Source: r.source, Line: at, Column: 1, EndLine: at},
		})
	}
	root := &node.Node{Kind: node.Opaque, Reason: "the document cannot be parsed: " + message}
	root.Line, root.Column = t.place(0)
	root.EndLine, root.EndColumn = t.place(max(0, len(t.data)-1))
	r.add(root)
}

// maxDiagnostics bounds the problems told of one stream: the first explain the others.
const maxDiagnostics = 200

func (r *reader) diagnose(n *node.Node, severity, summary, detail string) {
	if len(r.diagnostics) == maxDiagnostics {
		severity, summary, detail = "error", "more problems are not listed", ""
	}
	if len(r.diagnostics) > maxDiagnostics {
		return
	}
	r.diagnostics = append(r.diagnostics, fact.Diagnostic{
		Severity: severity, Fatal: severity == "error", Summary: summary, Detail: detail, Pos: n.Pos(r.source),
	})
}

func twice(name string, first, again node.Key) (summary, detail string) {
	return fmt.Sprintf("the key %q stands twice", name), fmt.Sprintf("on line %d and on line %d", first.Line, again.Line)
}
