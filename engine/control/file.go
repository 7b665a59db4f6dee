package control

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// Source is a tree of Rego files.
type Source struct {
	// Name stands before file names in diagnostics; "" for the embedded set.
	Name string
	FS   fs.FS
	// Embedded marks the set that ships with writ, which is sealed: no other
	// source may add to its packages.
	Embedded bool
}

// file is one Rego file. That of an embedded control of which all else is known is
// parsed only when its module is asked for.
type file struct {
	path     string
	data     []byte
	module   *ast.Module // see parsed, where it may not be there yet
	embedded bool
	known    *known  // nil if the file was parsed
	policy   *Policy // whose file it is, nil if none
	err      error

	once         sync.Once
	capabilities *ast.Capabilities
}

// parsed returns the module.
func (f *file) parsed() *ast.Module {
	f.once.Do(func() {
		if f.known == nil {
			return
		}
		// Its METADATA is known already.
		f.module, f.err = ast.ParseModuleWithOpts(f.path, string(f.data), ast.ParserOptions{RegoVersion: ast.RegoV1, Capabilities: f.capabilities})
		if f.err != nil {
			panic("parse " + f.path + ", which was parsed before: " + f.err.Error())
		}
	})
	return f.module
}

// isControl reports whether the file says what it judges.
func (f *file) isControl() bool { return f.known != nil || isControl(f.module) }

// read parses all Rego files of the sources except tests, in parallel, sorted by
// path.
func read(sources []Source, capabilities *ast.Capabilities, recorded map[string]known) ([]*file, []fact.Diagnostic) {
	var files []*file
	var diagnostics []fact.Diagnostic
	for _, s := range sources {
		err := fs.WalkDir(s.FS, ".", func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				diagnostics = append(diagnostics, fatal(path.Join(s.Name, p), "cannot read policy", err.Error()))
				return nil
			}
			if d.IsDir() || path.Ext(p) != ".rego" || strings.HasSuffix(p, "_test.rego") {
				return nil
			}
			data, err := fs.ReadFile(s.FS, p)
			if err != nil {
				diagnostics = append(diagnostics, fatal(path.Join(s.Name, p), "cannot read policy", err.Error()))
				return nil
			}
			files = append(files, &file{path: path.Join(s.Name, p), data: data, embedded: s.Embedded})
			return nil
		})
		if err != nil {
			diagnostics = append(diagnostics, fatal(s.Name, "cannot read policies", err.Error()))
		}
	}
	slices.SortFunc(files, func(a, b *file) int { return strings.Compare(a.path, b.path) })
	recall(files, recorded, capabilities)
	var wg sync.WaitGroup
	gate := make(chan struct{}, 8)
	for _, f := range files {
		if f.known != nil {
			continue
		}
		wg.Go(func() {
			gate <- struct{}{}
			f.module, f.err = f.parse(capabilities)
			<-gate
		})
	}
	wg.Wait()
	parsed := files[:0]
	for _, f := range files {
		if f.err != nil {
			diagnostics = append(diagnostics, f.explainAll(f.err)...)
			continue
		}
		parsed = append(parsed, f)
	}
	return parsed, diagnostics
}

func (f *file) parse(capabilities *ast.Capabilities) (*ast.Module, error) {
	return ast.ParseModuleWithOpts(f.path, string(f.data), ast.ParserOptions{
		ProcessAnnotation: true, RegoVersion: ast.RegoV1, Capabilities: capabilities,
	})
}

func (f *file) line(row int) string {
	n := 0
	for line := range bytes.Lines(f.data) {
		if n++; n == row {
			return string(bytes.TrimRight(line, "\r\n"))
		}
	}
	return ""
}

// metadataAt finds a word in the package's METADATA, else where that begins.
func (f *file) metadataAt(word string) *ast.Location {
	a := packageAnnotations(f.parsed())
	if a == nil {
		return f.parsed().Package.Location
	}
	for row := a.Location.Row; row < f.parsed().Package.Location.Row; row++ {
		line := f.line(row)
		if i := wordIndex(line, word); i >= 0 {
			return ast.NewLocation(nil, f.path, row, i+1)
		}
	}
	return a.Location
}

// wordIndex is where a word stands by itself in a line of YAML, -1 if nowhere.
func wordIndex(line, word string) int {
	part := func(c byte) bool {
		return c == '_' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	for i := 0; word != "" && i+len(word) <= len(line); i++ {
		if line[i:i+len(word)] == word && (i == 0 || !part(line[i-1])) && (i+len(word) == len(line) || !part(line[i+len(word)])) {
			return i
		}
	}
	return -1
}

func (f *file) diagnose(at *ast.Location, summary, detail, hint string) fact.Diagnostic {
	d := fact.Diagnostic{Severity: "error", Summary: summary, Detail: detail, Hint: hint, Fatal: true, Pos: fact.Position{Source: f.path}}
	if at != nil {
		d.Pos.Line, d.Pos.Column = at.Row, at.Col
		d.Line = f.line(at.Row)
	}
	return d
}

func fatal(source, summary, detail string) fact.Diagnostic {
	return fact.Diagnostic{Severity: "error", Summary: summary, Detail: detail, Fatal: true, Pos: fact.Position{Source: source}}
}

// digest is over the sorted paths and contents of the files.
func digest(files []*file, more ...[]byte) string {
	h := sha256.New()
	for _, f := range files {
		sum := sha256.Sum256(f.data)
		h.Write([]byte(f.path))
		h.Write(sum[:])
	}
	for _, m := range more {
		h.Write(m)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
