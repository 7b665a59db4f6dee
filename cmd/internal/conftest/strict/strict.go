// Package strict reads the files of a source for conftest policies that writ's own
// engine asks: in conftest's shape, with all documents and the places of their values.
package strict

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/writ-policy/writ/cmd/internal/conftest/input"
	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/fact"
)

// Source is what was named on the command line.
type Source struct {
	Arg  string // as it was named
	Env  *collectors.Env
	skip func(string) bool

	mu          sync.Mutex
	diagnostics []fact.Diagnostic
}

// New returns a source without the files that skip names.
func New(arg string, env *collectors.Env, skip func(string) bool) *Source {
	return &Source{Arg: arg, Env: env, skip: skip}
}

// Files lists those that have one of conftest's formats by their name. One that was
// named itself and has none is a problem.
func (s *Source) Files() []string {
	var out []string
	for _, name := range s.Env.Tree.Files {
		if s.skip(name) {
			continue
		}
		if _, ok := s.format(name); ok {
			out = append(out, name)
		} else if s.Env.Tree.Named(name) {
			s.tell(fact.Diagnostic{Severity: "error", Fatal: true, Summary: "no such format", Pos: fact.Position{Source: name},
				Detail: "conftest policies are asked about files of known formats, and the name tells none", Hint: "the formats are " + strings.Join(input.Names(), ", ")})
		}
	}
	return out
}

// format tells a file's format by its name; standard input is YAML.
func (s *Source) format(name string) (string, bool) {
	if name == collectors.Stream {
		return "yaml", true
	}
	return input.Format(name)
}

// Path is a file's, from the working directory.
func (s *Source) Path(name string) string {
	tree := s.Env.Tree
	if tree.Named(name) || name == collectors.Stream {
		return s.Arg
	}
	return filepath.Join(s.Arg, filepath.FromSlash(strings.TrimPrefix(name, tree.Dir+"/")))
}

// Diagnostics are what reading met with, by file.
func (s *Source) Diagnostics() []fact.Diagnostic { return s.diagnostics }

func (s *Source) tell(d fact.Diagnostic) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.diagnostics = append(s.diagnostics, d)
}

// reader reads files of a source; each worker has its own.
type reader struct {
	of     *Source
	reader *input.Reader
}

// Reader returns a reader for one worker.
func (s *Source) Reader() engine.FileReader { return &reader{s, input.NewReader(input.Rego)} }

// Read reads a file. One that cannot be read, or not be parsed, is a problem and a file
// whose documents are not known; one without a document is named.
func (r *reader) Read(name string) *engine.File {
	s := r.of
	f := &engine.File{Name: name, Path: s.Path(name), Target: "config/" + path.Dir(name)}
	data, err := collectors.ReadFile(s.Env.Tree.FS, name, collectors.MaxFile)
	if err != nil {
		f.Unread = "the file cannot be read: " + err.Error()
		s.tell(fact.Diagnostic{Severity: "error", Fatal: true, Summary: "cannot read", Detail: err.Error(), Pos: fact.Position{Source: name}})
		return f
	}
	sum := sha256.Sum256(data)
	f.Digest = "sha256:" + hex.EncodeToString(sum[:])
	format, _ := s.format(name)
	w, err := r.reader.Whole(format, name, data)
	if err != nil {
		f.Unread = "the file cannot be parsed"
		s.tell(fact.Diagnostic{Severity: "error", Fatal: true, Summary: "cannot parse " + format, Detail: strings.TrimPrefix(err.Error(), "parser unmarshal: "), Pos: fact.Position{Source: name}})
		return f
	}
	if len(w.Documents) == 0 {
		s.tell(fact.Diagnostic{Severity: "warning", Summary: "nothing to judge", Detail: "the file is an empty list: it holds no document for a conftest policy", Pos: fact.Position{Source: name, Line: 1, Column: 1}})
	}
	f.Documents = w.Documents
	f.Place = func(document int, path []string) fact.Position {
		e := w.Place(document, path)
		return fact.Position{Line: e.Line, Column: e.Column, EndLine: e.EndLine}
	}
	return f
}
