package judge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/cmd/internal/conftest/input"
	"github.com/writ-policy/writ/cmd/internal/conftest/output"
)

// Run is one judgement of files.
type Run struct {
	Files         []string // in the order of the results; "-" is standard input
	Stdin         io.Reader
	StdinName     string // "" for "-"
	Parser        string // "" to tell by the name
	ProtoDirs     []string
	AllowEnv      bool // documents may refer to the environment
	Namespaces    []string
	Combine       bool
	Trace         bool
	BuiltinErrors bool
	Largest       int64 // size of a file, in bytes
	Paced         bool  // garbage is collected between files

	watch  *Watch
	ctx    context.Context
	engine *Engine
	spaces []space
	need   *input.Need // of large documents
}

// File is a file that was read.
type File struct {
	Path     string
	Document *ast.Term
}

// outcome is what became of one file. A file is held no longer than it takes to judge
// it.
type outcome struct {
	parse, judge error
	broken       int // the namespace that could not be asked
	checks       []output.Check
}

// Do judges the files. Results are in the order of namespaces, then of files. A file
// that cannot be read is an error, the first of the files; then a namespace that
// cannot be asked, and there are no results.
func (r *Run) Do(ctx context.Context, e *Engine, w *Watch) (output.Checks, error) {
	r.ctx, r.engine, r.watch = ctx, e, w
	for _, name := range r.Namespaces {
		r.spaces = append(r.spaces, e.space(name))
	}
	if r.Largest >= wide && !r.Trace {
		r.need = e.need()
	}
	if len(r.Files) >= many || r.Largest >= wide {
		e.merge(r.spaces)
	}
	if r.Combine {
		return r.combined()
	}
	outcomes := make([]outcome, len(r.Files))
	var next atomic.Int64
	var lost atomic.Bool // a limit was passed: the rest is only read
	var group sync.WaitGroup
	var between *pace
	if r.Paced {
		between = newPace()
	}
	for range min(runtime.GOMAXPROCS(0), len(r.Files)) {
		group.Go(func() {
			a, err := r.newAsker()
			reader := input.NewReader(input.Rego).Define(r.ProtoDirs).Only(r.need).Environment(r.AllowEnv)
			if err == nil {
				defer a.task.stop(ctx)()
			}
			for {
				i := int(next.Add(1)) - 1
				if i >= len(r.Files) {
					return
				}
				if err != nil {
					outcomes[i].judge = err
					continue
				}
				a.task.at(r.Files[i])
				between.work(func() { outcomes[i] = r.file(a, reader, r.Files[i], lost.Load()) })
				a.task.at("")
				if outcomes[i].judge != nil && errors.As(outcomes[i].judge, new(limitError)) {
					lost.Store(true)
				}
			}
		})
	}
	group.Wait()
	return r.gather(outcomes)
}

func (r *Run) gather(outcomes []outcome) (output.Checks, error) {
	for _, o := range outcomes {
		if o.parse != nil {
			return nil, fmt.Errorf("parse configurations: %w", o.parse)
		}
	}
	if r.ctx.Err() != nil {
		return nil, context.Cause(r.ctx)
	}
	for _, o := range outcomes {
		if o.judge != nil && errors.As(o.judge, new(limitError)) {
			return nil, fmt.Errorf("query rule: %w", o.judge)
		}
	}
	var checks output.Checks
	for n := range r.spaces {
		for _, o := range outcomes {
			if o.judge != nil && o.broken == n {
				return nil, fmt.Errorf("query rule: %w", o.judge)
			}
		}
		for _, o := range outcomes {
			checks = append(checks, o.checks[n])
		}
	}
	return checks, nil
}

func (r *Run) file(a *asker, reader *input.Reader, path string, readOnly bool) outcome {
	document, err := r.Read(reader, path)
	if err != nil || readOnly {
		return outcome{parse: err}
	}
	name := path
	if path == "-" && r.StdinName != "" {
		name = r.StdinName
	}
	if err := a.about(name); err != nil {
		return outcome{judge: fmt.Errorf("check: %w", err)}
	}
	o := outcome{checks: make([]output.Check, 0, len(r.spaces))}
	for n, s := range r.spaces {
		c := output.Check{FileName: name, Namespace: s.name}
		for document := range documents(document.Value) {
			one, err := a.ask(s, document)
			if err != nil {
				o.judge, o.broken = err, n
				return o
			}
			c.Add(one)
		}
		o.checks = append(o.checks, c)
	}
	return o
}

// documents yields the documents of a file: the elements of an array.
func documents(v ast.Value) func(func(ast.Value) bool) {
	return func(yield func(ast.Value) bool) {
		list, ok := v.(*ast.Array)
		if !ok {
			yield(v)
			return
		}
		for i := range list.Len() {
			if !yield(list.Elem(i).Value) {
				return
			}
		}
	}
}

// Read reads one file.
func (r *Run) Read(reader *input.Reader, path string) (*ast.Term, error) {
	if err := input.Check(r.Parser, path); err != nil {
		return nil, fmt.Errorf("%w, path: %s", err, path)
	}
	var data []byte
	var err error
	if path == "-" {
		if data, err = io.ReadAll(r.Stdin); err != nil {
			return nil, fmt.Errorf("get configuration content: read standard in: %w, path: %s", err, path)
		}
	} else if data, err = os.ReadFile(path); err != nil {
		return nil, fmt.Errorf("get configuration content: open file: %w, path: %s", err, path)
	}
	t, err := reader.Read(r.Parser, path, data)
	if err != nil {
		return nil, fmt.Errorf("%w, path: %s", err, path)
	}
	return t, nil
}

// ReadAll reads all files.
func (r *Run) ReadAll(numbers input.Spelling) ([]File, error) {
	reader := input.NewReader(numbers).Define(r.ProtoDirs).Environment(r.AllowEnv)
	var files []File
	for _, path := range r.Files {
		t, err := r.Read(reader, path)
		if err != nil {
			return nil, fmt.Errorf("parse configurations: %w", err)
		}
		if path == "-" && r.StdinName != "" {
			path = r.StdinName
		}
		files = append(files, File{path, t})
	}
	return files, nil
}

// Combine makes one document of files: an array of {path, contents}, by path.
func Combine(files []File) *ast.Term {
	sort.SliceStable(files, func(i, j int) bool { return files[i].Path < files[j].Path })
	var all []*ast.Term
	for _, f := range files {
		for document := range documents(f.Document.Value) {
			all = append(all, ast.ObjectTerm(
				[2]*ast.Term{ast.StringTerm("path"), ast.StringTerm(f.Path)},
				[2]*ast.Term{ast.StringTerm("contents"), ast.NewTerm(document)},
			))
		}
	}
	return ast.ArrayTerm(all...)
}

func (r *Run) combined() (output.Checks, error) {
	files, err := r.ReadAll(input.JSON)
	if err != nil {
		return nil, err
	}
	document := Combine(files).Value
	a, err := r.newAsker()
	if err != nil {
		return nil, err
	}
	defer a.task.stop(r.ctx)()
	a.task.at("Combined")
	if err := a.about("Combined"); err != nil {
		return nil, fmt.Errorf("check combined: check: %w", err)
	}
	var checks output.Checks
	for _, s := range r.spaces {
		c, err := a.ask(s, document)
		if err != nil {
			return nil, fmt.Errorf("check combined: %w", err)
		}
		c.FileName, c.Namespace = "Combined", s.name
		checks = append(checks, c)
	}
	return checks, nil
}
