package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/all"
	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// session is the collecting part of a command: what the sources say.
type session struct {
	now     time.Time
	sources []*source
	docs    []*fact.Document
	// invalid documents and their problems.
	invalid     map[*fact.Document][]fact.Problem
	diagnostics []fact.Diagnostic
	redactor    *fact.Redactor
	progress    *progress
	frames      frames
	yields      map[string]bool
	// told is every document that was added, in that order; docs is what of them is
	// still held. First says who spoke of which target.
	told  []*telling
	first map[string]*telling
}

// telling is what remains of a document when its facts were judged.
type telling struct {
	target, kind, from, digest string
	collectedAt                time.Time
	complete                   bool
	reasons                    []string
	items                      int
	asked                      []asked // by a scan
}

// source is one thing the user named.
type source struct {
	arg    string
	input  io.Reader // of "-": saved facts on standard input
	scheme collectors.Scheme
	env    *collectors.Env
	root   *os.Root
	plan   *collectors.Tree // where writ.hcl may stand, if the source is no tree itself
}

// maxRules bounds a file of rules for secrets.
const maxRules = 16 << 20

// open resolves the named sources; "." if there is none. A source that cannot be
// opened is an error: nothing would be known about it.
func open(args []string, f *flags) (*session, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	now, err := f.time()
	if err != nil {
		return nil, err
	}
	s := &session{now: now, invalid: map[*fact.Document][]fact.Problem{}, redactor: fact.NewRedactor(), progress: &progress{}, yields: map[string]bool{},
		first: map[string]*telling{}}
	var rules []collectors.File
	for _, name := range f.rules {
		data, err := collectors.ReadFile(os.DirFS(filepath.Dir(name)), filepath.Base(name), maxRules)
		if err != nil {
			return nil, fmt.Errorf("--secret-rules %s: %w", name, err)
		}
		rules = append(rules, collectors.File{Name: name, Data: data})
	}
	named := map[string]bool{}
	for _, arg := range argsOr(args) {
		key := arg
		if arg != "-" {
			key = absolute(arg)
		}
		if named[key] {
			continue
		}
		named[key] = true
		if arg == "-" {
			s.sources = append(s.sources, &source{arg: arg, scheme: collectors.Path, input: f.in, env: &collectors.Env{
				Tree: &collectors.Tree{FS: noFiles{}, Dir: "."}, Now: now, Version: Version, Redactor: s.redactor,
			}})
			continue
		}
		if remote, err := s.openRemote(arg, f); remote != nil || err != nil {
			if err != nil {
				s.close()
				return nil, fmt.Errorf("open source %s: %w", s.redactor.Line(arg), err)
			}
			if len(s.sources) == 0 {
				remote.plan, remote.root = besideRemote()
			}
			s.sources = append(s.sources, remote)
			continue
		}
		tree, root, err := collectors.OpenTree(arg, f.allowRead...)
		if err != nil {
			s.close()
			return nil, err
		}
		s.diagnostics = append(s.diagnostics, tree.Diagnostics...)
		varFiles, err := tree.Relative(f.varFiles)
		if err != nil {
			root.Close()
			s.close()
			return nil, fmt.Errorf("--var-file: %w", err)
		}
		s.sources = append(s.sources, &source{arg: arg, scheme: collectors.Path, root: root, env: &collectors.Env{
			Tree: tree, Now: now, Version: Version, VarFiles: varFiles, Redactor: s.redactor, SecretRules: rules, History: f.history,
		}})
	}
	return s, nil
}

func (s *session) close() {
	for _, src := range s.sources {
		if src.root != nil {
			src.root.Close()
		}
		if src.env.Host != nil {
			src.env.Host.Close()
		}
	}
}

// want tells collectors which kinds the controls ask for.
func (s *session) want(set *control.Set) {
	kinds := map[string]bool{}
	for _, c := range set.Controls {
		for _, k := range append(c.Kinds(), c.Subject) {
			kinds[k] = true
		}
	}
	for _, src := range s.sources {
		src.env.Kinds = kinds
	}
}

// collect runs the collectors over every source and validates what they say.
func (s *session) collect(ctx context.Context) {
	for _, src := range s.sources {
		s.progress.say("reading %s", src.arg)
		src.env.Progress = s.progress.say
		if saved := s.saved(src); saved {
			continue
		}
		docs, statuses := collectors.Run(ctx, all.Collectors(), src.scheme, src.env)
		s.add(docs, src.arg)
		s.failures(statuses, src.arg)
		s.diagnostics = append(s.diagnostics, src.env.Diagnostics()...)
		s.yield(src)
	}
}

// failures tells of collectors that failed, each error once.
func (s *session) failures(statuses []collectors.Status, from string) {
	for _, st := range statuses {
		if st.Err == nil {
			continue
		}
		d := fact.Diagnostic{Severity: "error", Summary: "collector failed", Detail: st.Err.Error(), Fatal: true, Pos: fact.Position{Source: from}}
		if !slices.Contains(s.diagnostics, d) {
			s.diagnostics = append(s.diagnostics, d)
		}
	}
}

// yield notes which kinds a source could have yielded.
func (s *session) yield(src *source) {
	for _, kind := range collectors.Yields(all.Collectors(), all.Derivers(), src.scheme) {
		s.yields[kind] = true
	}
}

// derivedFacts is where derived documents come from.
const derivedFacts = "what was derived"

// empty reports whether there was nothing to look at: no document, or no file that
// one could be about. That is not a pass.
func (s *session) empty() bool {
	return len(s.told) == 0 || !slices.ContainsFunc(s.sources, func(src *source) bool { return src.input != nil || src.env.Tree == nil || len(src.env.Tree.Files) > 0 })
}

// add validates documents and keeps them.
func (s *session) add(docs []*fact.Document, from string) {
	for _, d := range docs {
		t := tell(d, from) // as collected: what follows adds what depends on the run
		key := strings.Join([]string{d.Target.ID, d.Kind, d.Collector.Name, d.Collector.Method}, "\x00")
		switch before := s.first[key]; {
		case before == nil:
			s.first[key] = t
		case before.digest == t.digest:
			continue // named twice, or a folder and one inside it
		case from != derivedFacts:
			problem := fact.Diagnostic{Severity: "error", Fatal: true, Summary: "two sources speak of one target",
				Detail: fmt.Sprintf("%s and %s both hold facts of %s", before.from, from, d.Target.ID),
				Hint:   "check them apart, or from the repository that holds both", Pos: fact.Position{Source: from}}
			if !slices.Contains(s.diagnostics, problem) { // one for all kinds
				s.diagnostics = append(s.diagnostics, problem)
			}
		}
		s.told = append(s.told, t)
		s.holds(d.Kind)
		if problems := fact.Validate(d); len(problems) > 0 {
			s.invalid[d] = problems
			for _, p := range problems {
				s.diagnostics = append(s.diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "invalid facts",
					Detail: fmt.Sprintf("%s of %s: %s", d.Kind, d.Target.ID, p), Pos: fact.Position{Source: from}})
			}
		}
		for _, item := range d.Items {
			if strings.HasPrefix(d.Kind, "terraform.") || strings.HasPrefix(d.Kind, "kubernetes.") || strings.HasPrefix(d.Kind, "config.") {
				s.redactor.LearnRaw(map[string]any(item))
			} else {
				s.redactor.LearnValue(map[string]any(item))
			}
		}
		s.docs = append(s.docs, d)
	}
}

// holds notes that a source does yield a kind, which its scheme alone did not promise.
func (s *session) holds(kind string) {
	if s.yields[kind] || ownKind(kind) {
		return
	}
	s.yields[kind] = true
	for _, k := range collectors.Closure(fact.SortedKeys(s.yields), all.Derivers()) {
		s.yields[k] = true
	}
}

func tell(d *fact.Document, from string) *telling {
	return &telling{target: d.Target.ID, kind: d.Kind, from: from, digest: d.Digest(), collectedAt: d.CollectedAt,
		complete: d.Complete, reasons: d.Reasons, items: len(d.Items), asked: askedBy(d)}
}

// derive runs the derivers over each system and returns what they made.
func (s *session) derive(ctx context.Context, systems map[string]string) []*fact.Document {
	bySystem := map[string][]*fact.Document{}
	var common []*fact.Document
	for _, d := range s.docs {
		switch {
		case len(s.invalid[d]) > 0:
		case d.Target.ID == "register" || d.Target.ID == "run":
			common = append(common, d)
		default:
			name := d.Target.ID
			if joined, ok := systems[name]; ok {
				name = joined
			}
			bySystem[name] = append(bySystem[name], d)
		}
	}
	var made []*fact.Document
	for _, deriver := range all.Derivers() {
		for _, name := range fact.SortedKeys(bySystem) {
			docs, err := deriver.Derive(ctx, append(slices.Clone(bySystem[name]), common...))
			if err != nil {
				s.diagnostics = append(s.diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "cannot derive facts", Detail: fmt.Sprintf("%s of %s: %s", deriver.Name(), name, err)})
				continue
			}
			bySystem[name] = append(bySystem[name], docs...)
			made = append(made, docs...)
		}
	}
	return made
}

// files sums up what discovery met.
func (s *session) files(verbose bool) finding.Files {
	var out finding.Files
	byReason := map[string][]string{}
	for _, src := range s.sources {
		out.Read += src.env.ReadCount()
		if src.env.Tree == nil {
			continue
		}
		for _, sk := range src.env.Tree.Skipped {
			byReason[sk.Reason] = append(byReason[sk.Reason], sk.Path)
		}
		for _, name := range src.env.Tree.Files {
			if !src.env.WasRead(name) {
				reason := unread(src.env.Tree, name)
				byReason[reason] = append(byReason[reason], name)
			}
		}
	}
	for _, reason := range fact.SortedKeys(byReason) {
		paths := byReason[reason]
		out.Skipped += len(paths)
		sk := finding.Skipped{Reason: reason, Count: len(paths)}
		if verbose {
			sk.Paths = paths
		}
		out.Reasons = append(out.Reasons, sk)
	}
	return out
}

// absolute makes a flag's path independent of the folder, for messages it stays
// as the user wrote it.
func absolute(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	return abs
}
