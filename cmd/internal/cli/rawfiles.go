package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/writ-policy/writ/cmd/internal/conftest/strict"
	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
	"github.com/writ-policy/writ/engine/report"
)

// Conftest policies are asked about files, not about facts: what they find is held back
// until everything is read, since a secret that one file declares may stand in plain
// sight in another.

// policiesAlone judges by conftest policies where there is no control: then no facts are
// collected.
func (j *judging) policiesAlone(ctx context.Context) (*engine.Tally, error) {
	j.heap.alone()
	for _, src := range j.ses.sources {
		if src.input != nil {
			j.ses.saved(src)
		}
	}
	held, tally, err := j.policies(ctx)
	if err != nil {
		return tally, err
	}
	if len(j.ses.told) == 0 {
		j.ses.diagnostics = append(j.ses.diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "nothing to judge",
			Detail: "no file of a format that conftest policies are asked about: " + strings.Join(j.args, ", "), Hint: "-v names the files that were skipped, and why"})
	}
	if err := j.begin(); err != nil {
		return tally, err
	}
	return tally, j.release(held)
}

// policies asks the conftest policies about the files of all sources.
func (j *judging) policies(ctx context.Context) ([]*heldBack, *engine.Tally, error) {
	tally := engine.NewTally()
	p, diagnostics := engine.NewPolicies(j.set, functions(j.p), engine.Options{
		Now: j.ses.now, Workers: j.f.jobs, Timeout: j.f.timeout, Memory: uint64(j.f.memory) << 20, All: j.f.verbose, Brief: j.out.brief(), Full: j.full(),
		Redactor: j.ses.redactor, Snippet: j.ses.snippet, Waive: j.p.waive(j.ses.now),
	})
	j.ses.diagnostics = append(j.ses.diagnostics, diagnostics...)
	if p == nil {
		return nil, tally, nil
	}
	var held []*heldBack
	taken := map[string]bool{}
	for _, src := range j.ses.sources {
		if src.env.Tree == nil {
			continue
		}
		files := strict.New(src.arg, src.env, isSaved)
		var names []string
		for _, name := range files.Files() {
			if path := absolute(files.Path(name)); !taken[path] {
				taken[path] = true
				names = append(names, name)
			}
		}
		j.ses.progress.say("judging %s", src.arg)
		for _, name := range names {
			src.env.MarkRead(name, "") // code frames show what was read, while other files are
		}
		t := &tellingReader{ses: j.ses, from: src.arg}
		counted, err := p.Judge(ctx, names, func() engine.FileReader { return t.of(files.Reader()) }, func(f *finding.Finding) error {
			if len(held) == 0 || held[len(held)-1].target != f.Target {
				held = append(held, &heldBack{target: f.Target})
			}
			h := held[len(held)-1]
			h.findings = append(h.findings, f)
			return nil
		})
		tally.Add(counted)
		if err != nil {
			return nil, tally, err
		}
		j.ses.told = append(j.ses.told, t.sorted()...)
		for _, f := range t.told {
			src.env.MarkRead(f.file, strings.TrimPrefix(f.digest, "sha256:"))
		}
		j.ses.diagnostics = append(j.ses.diagnostics, sorted(files.Diagnostics())...)
	}
	finish := p.Finish()
	for _, h := range held {
		for _, f := range h.findings {
			finish(f)
		}
		h.known = j.ses.redactor.Known()
	}
	return held, tally, nil
}

// full is how many failures of one control on one target a brief report shows whole.
func (j *judging) full() int {
	if j.known != nil { // a baseline changes which failures come first
		return 0
	}
	return report.InFull
}

// tellingReader notes what was read.
type tellingReader struct {
	ses  *session
	from string
	mu   sync.Mutex
	told []*toldFile
}

// toldFile is what remains of a file.
type toldFile struct {
	telling
	file string
}

// of wraps the reader of one worker.
func (t *tellingReader) of(r engine.FileReader) engine.FileReader { return noting{t, r} }

type noting struct {
	to *tellingReader
	engine.FileReader
}

func (n noting) Read(name string) *engine.File {
	f := n.FileReader.Read(name)
	t := &toldFile{telling{target: f.Target, kind: engine.RawKind, from: n.to.from, digest: f.Digest, collectedAt: n.to.ses.now, complete: f.Unread == "", items: len(f.Documents)}, name}
	n.to.mu.Lock()
	n.to.told = append(n.to.told, t)
	n.to.mu.Unlock()
	return f
}

// sorted are the tellings by file.
func (t *tellingReader) sorted() []*telling {
	slices.SortFunc(t.told, func(a, b *toldFile) int { return cmp.Compare(a.file, b.file) })
	out := make([]*telling, len(t.told))
	for i, f := range t.told {
		out[i] = &f.telling
	}
	return out
}

func sorted(list []fact.Diagnostic) []fact.Diagnostic {
	slices.SortStableFunc(list, func(a, b fact.Diagnostic) int { return cmp.Compare(a.Pos.Source, b.Pos.Source) })
	return list
}
