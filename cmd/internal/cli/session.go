package cli

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
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
	yields      map[string]bool
}

// source is one thing the user named.
type source struct {
	arg    string
	scheme collectors.Scheme
	env    *collectors.Env
	root   *os.Root
}

// open resolves the named sources; "." if there is none. A source that cannot be
// opened is an error: nothing would be known about it.
func open(args []string, f *flags) (*session, error) {
	now, err := f.time()
	if err != nil {
		return nil, err
	}
	s := &session{now: now, invalid: map[*fact.Document][]fact.Problem{}, redactor: fact.NewRedactor(), yields: map[string]bool{}}
	if len(args) == 0 {
		args = []string{"."}
	}
	for _, arg := range args {
		if scheme, _, found := strings.Cut(arg, "://"); found || arg == "host:" {
			s.close()
			return nil, fmt.Errorf("cannot read source %s: %q sources have no collector in this version; name a folder, a file or saved facts", arg, strings.TrimSuffix(scheme, ":"))
		}
		tree, root, err := collectors.OpenTree(arg, f.allowRead...)
		if err != nil {
			s.close()
			return nil, err
		}
		s.diagnostics = append(s.diagnostics, tree.Diagnostics...)
		s.sources = append(s.sources, &source{arg: arg, scheme: collectors.Path, root: root, env: &collectors.Env{
			Tree: tree, Now: now, Version: Version, VarFiles: f.varFiles, Redactor: s.redactor,
		}})
	}
	return s, nil
}

func (s *session) close() {
	for _, src := range s.sources {
		if src.root != nil {
			src.root.Close()
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
		if saved := s.saved(src); saved {
			continue
		}
		docs, statuses := collectors.Run(ctx, all.Collectors(), src.scheme, src.env)
		s.add(docs)
		for _, st := range statuses {
			if st.Err != nil {
				s.diagnostics = append(s.diagnostics, fact.Diagnostic{Severity: "error", Summary: "collector failed", Detail: st.Err.Error(), Fatal: true, Pos: fact.Position{Source: src.arg}})
			}
		}
		s.diagnostics = append(s.diagnostics, src.env.Diagnostics()...)
		for _, kind := range collectors.Yields(all.Collectors(), all.Derivers(), src.scheme) {
			s.yields[kind] = true
		}
	}
}

// add validates documents and keeps them.
func (s *session) add(docs []*fact.Document) {
	for _, d := range docs {
		d.Digest() // as collected: what follows adds what depends on the run
		if problems := fact.Validate(d); len(problems) > 0 {
			s.invalid[d] = problems
			for _, p := range problems {
				s.diagnostics = append(s.diagnostics, fact.Diagnostic{Severity: "error", Summary: "invalid facts",
					Detail: fmt.Sprintf("%s of %s: %s", d.Kind, d.Target.ID, p)})
			}
		}
		s.docs = append(s.docs, d)
	}
}

// saved reads a source that is a saved fact document, or a folder of them as
// written by collect --out. Derived documents are dropped: they are derived anew.
func (s *session) saved(src *source) bool {
	tree := src.env.Tree
	if len(tree.Files) == 0 {
		return false
	}
	for _, name := range tree.Files {
		if !strings.HasSuffix(name, ".fact.json") && !strings.HasSuffix(name, ".facts.jsonl") && !(tree.Named(name) && looksLikeFacts(tree.FS, name)) {
			return false
		}
	}
	derived := map[string]bool{}
	for _, d := range all.Derivers() {
		for _, kind := range d.Yields() {
			derived[kind] = true
		}
	}
	for _, name := range tree.Files {
		file, err := tree.FS.Open(name)
		if err != nil {
			s.diagnostics = append(s.diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "cannot read facts", Detail: err.Error(), Pos: fact.Position{Source: name}})
			continue
		}
		docs, err := fact.Read(file)
		file.Close()
		if err != nil {
			s.diagnostics = append(s.diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "cannot read facts", Detail: err.Error(), Pos: fact.Position{Source: name}})
		}
		s.add(slices.DeleteFunc(docs, func(d *fact.Document) bool { return derived[d.Kind] && d.Collector.Method == "derived" }))
		for _, d := range docs {
			s.yields[d.Kind] = true
		}
	}
	for _, kind := range collectors.Yields(nil, all.Derivers()) {
		s.yields[kind] = true
	}
	return true
}

func looksLikeFacts(fsys fs.FS, name string) bool {
	if ext := path.Ext(name); ext != ".json" && ext != ".jsonl" {
		return false
	}
	file, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer file.Close()
	head := make([]byte, 512)
	n, _ := file.Read(head)
	return strings.Contains(string(head[:n]), fact.Schema)
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
		for _, sk := range src.env.Tree.Skipped {
			byReason[sk.Reason] = append(byReason[sk.Reason], sk.Path)
		}
		for _, name := range src.env.Tree.Files {
			if !src.env.WasRead(name) {
				reason := "no collector reads it"
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

// snippet returns source lines for a code frame.
func (s *session) snippet(uri string, from, to int) []string {
	for _, src := range s.sources {
		data, err := fs.ReadFile(src.env.Tree.FS, uri)
		if err != nil {
			continue
		}
		lines := strings.Split(string(data), "\n")
		if from > len(lines) {
			return nil
		}
		out := slices.Clone(lines[from-1 : min(to, len(lines))])
		for i := range out {
			out[i] = strings.TrimSuffix(out[i], "\r")
		}
		return out
	}
	return nil
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
