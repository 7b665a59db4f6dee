package engine

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// RawKind is the kind of the subjects of conftest policies.
const RawKind = finding.RawKind

// File is a file as conftest policies see it.
type File struct {
	Name   string // relative to the source: where its findings are
	Path   string // as named on the command line, which data.conftest.file tells
	Target string
	Digest string // "sha256:…"
	// Documents in the order of the file.
	Documents []*ast.Term
	// Unread says why the documents are not known, "" if they are.
	Unread string
	// Place finds a path of members and indexes in a document, or what of it there is;
	// the zero position if that is not known. Source is not set. It is called by one
	// goroutine at a time, and not after the file was judged.
	Place func(document int, path []string) fact.Position
}

// FileReader reads files one after the other; each worker has its own.
type FileReader interface {
	Read(name string) *File
}

// Function is a built-in of conftest policies beside OPA's own.
type Function struct {
	Decl *ast.Builtin
	Call func(topdown.BuiltinContext, []*ast.Term) (*ast.Term, error)
}

// Policies asks conftest policies about files.
type Policies struct {
	opts      Options
	set       *control.Set
	compiler  *ast.Compiler
	spaces    []*space
	functions map[string]*topdown.Builtin
	readsFile bool
	compiling sync.Mutex
}

// NewPolicies prepares the conftest policies of a set. Those that do not compile are in
// the diagnostics; without any other it returns nil.
func NewPolicies(set *control.Set, functions []Function, opts Options) (*Policies, []fact.Diagnostic) {
	if len(set.Policies) == 0 {
		return nil, nil
	}
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	if opts.Timeout <= 0 {
		opts.Timeout = 10 * time.Second
	}
	if opts.Redactor == nil {
		opts.Redactor = fact.NewRedactor()
	}
	compiler, policies, diagnostics := set.CompilePolicies()
	if compiler == nil {
		return nil, diagnostics
	}
	p := &Policies{opts: opts, set: set, compiler: compiler, functions: map[string]*topdown.Builtin{}, readsFile: set.ReadsFile()}
	for _, f := range functions {
		p.functions[f.Decl.Name] = &topdown.Builtin{Decl: f.Decl, Func: func(b topdown.BuiltinContext, args []*ast.Term, iter func(*ast.Term) error) error {
			t, err := f.Call(b, args)
			if err != nil {
				return &topdown.Error{Code: topdown.BuiltinErr, Message: f.Decl.Name + ": " + err.Error(), Location: b.Location}
			}
			return iter(t)
		}}
	}
	for _, policy := range policies {
		s, err := p.newSpace(policy)
		if err != nil {
			diagnostics = append(diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "cannot prepare policy", Detail: fmt.Sprintf("package %s: %s", policy.Namespace, err)})
			continue
		}
		p.spaces = append(p.spaces, s)
	}
	return p, diagnostics
}

// Rules counts the rules that are asked about each document.
func (p *Policies) Rules() int {
	n := 0
	for _, s := range p.spaces {
		n += len(s.policy.Rules)
	}
	return n
}

// rawResult is what came of one file.
type rawResult struct {
	findings []*finding.Finding
	counts   map[finding.Outcome]int
	subjects int
	advisory int
}

// Judge asks all rules about all documents of the files and hands every finding to
// emit, in the order of the files, then of documents, rules and entries. Files are read
// by the workers, each by a reader of its own, and dropped when they are judged. The
// findings are not fit to be shown before [Policies.Finish]: secrets are known when all
// files are read.
func (p *Policies) Judge(ctx context.Context, names []string, open func() FileReader, emit func(*finding.Finding) error) (*Tally, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	watch := newWatch(p.opts.Memory)
	defer watch.close()
	type work struct {
		name string
		done chan *rawResult
	}
	queue, order := make(chan *work, 4*p.opts.Workers), make(chan *work, 16*p.opts.Workers)
	go func() {
		defer close(queue)
		defer close(order)
		for _, name := range names {
			w := &work{name, make(chan *rawResult, 1)}
			select {
			case order <- w:
			case <-ctx.Done():
				return
			}
			queue <- w
		}
	}()
	var wg sync.WaitGroup
	var failed error
	var once sync.Once
	for range min(p.opts.Workers, max(1, len(names))) {
		wg.Go(func() {
			a, err := p.newAsker(ctx, watch)
			if err != nil {
				once.Do(func() { failed = err })
				stop()
			}
			reader := open()
			for w := range queue {
				if ctx.Err() != nil {
					w.done <- &rawResult{}
					continue
				}
				w.done <- a.file(reader.Read(w.name))
			}
			a.close()
		})
	}
	tally := NewTally()
	var err error
	for w := range order {
		r := <-w.done
		tally.Subjects += r.subjects
		tally.Advisory += r.advisory
		for o, n := range r.counts {
			tally.Outcomes[o] += n
		}
		for _, f := range r.findings {
			if err != nil {
				break
			}
			if err = emit(f); err != nil {
				stop()
			}
		}
	}
	wg.Wait()
	switch {
	case failed != nil:
		return tally, failed
	case err == nil:
		err = ctx.Err()
	}
	return tally, err
}

// Finish makes findings fit to be shown, in their order: without the secrets that any
// file of the run gave away, with ids, and with the lines around their places.
func (p *Policies) Finish() func(*finding.Finding) {
	ids, shown := map[string]int{}, map[[2]string]int{}
	masks := p.opts.Redactor.Known() > 0
	return func(f *finding.Finding) {
		if masks {
			f.Mask(p.opts.Redactor)
		}
		p.identify(f, ids)
		p.frame(f, shown)
	}
}

// identify gives a finding its id. Policies of conftest give no keys: what tells the
// entries of a rule apart is the message, as it is shown, for an id must not betray a
// secret.
func (p *Policies) identify(f *finding.Finding, ids map[string]int) {
	key := ""
	switch f.Outcome {
	case finding.Fail, finding.Waived:
		key = cmp.Or(f.Key, f.Message)
	case finding.Error:
		key = "error"
	}
	f.ID = finding.ID(f.Control, f.Subject.Kind, f.Target, f.Subject.ID, key)
	if ids[f.ID]++; ids[f.ID] > 1 { // entries with one message
		f.ID = finding.ID(f.Control, f.Subject.Kind, f.Target, f.Subject.ID, key+" "+strconv.Itoa(ids[f.ID]))
	}
}

// frame adds the lines around a place, in a brief report of what it shows in full only.
func (p *Policies) frame(f *finding.Finding, shown map[[2]string]int) {
	if p.opts.Snippet == nil || f.Location == nil || f.Location.StartLine <= 0 {
		return
	}
	if p.opts.Brief {
		if f.Outcome != finding.Fail && f.Outcome != finding.Waived {
			return
		}
		key := [2]string{f.Control, f.Target}
		if shown[key]++; p.opts.Full > 0 && shown[key] > p.opts.Full {
			return
		}
	}
	l := f.Location
	l.SnippetLine = max(1, l.StartLine-1)
	l.Snippet = p.opts.Snippet(l.URI, l.SnippetLine, l.StartLine+1)
}

// learner notes the secrets of documents, as of any raw fact: what stands under the name
// of one, and what looks like one.
type learner struct {
	redactor  *fact.Redactor
	sensitive map[ast.String]bool // names that were met
}

// maxNames bounds the names that a learner keeps.
const maxNames = 4096

func (l *learner) learn(t *ast.Term) {
	switch v := t.Value.(type) {
	case ast.String:
		l.redactor.Learn(string(v))
	case *ast.Array:
		v.Foreach(l.learn)
	case ast.Object:
		v.Foreach(func(k, e *ast.Term) {
			if name, ok := k.Value.(ast.String); ok && l.isSensitive(name) {
				l.redactor.LearnRaw(map[string]any{string(name): plain(e)})
				return
			}
			l.learn(e)
		})
	}
}

func (l *learner) isSensitive(name ast.String) bool {
	is, met := l.sensitive[name]
	if !met {
		if is = fact.SensitiveName(string(name)); len(l.sensitive) < maxNames {
			l.sensitive[name] = is
		}
	}
	return is
}

// sortFindings orders what one rule found in one document.
func sortFindings(list []*finding.Finding) {
	slices.SortStableFunc(list, func(a, b *finding.Finding) int {
		if a.Location != nil && b.Location != nil && a.Location.StartLine != b.Location.StartLine {
			return a.Location.StartLine - b.Location.StartLine
		}
		if a.Message < b.Message {
			return -1
		} else if a.Message > b.Message {
			return 1
		}
		return 0
	})
}
