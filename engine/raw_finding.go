package engine

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// file judges a file: each of its documents by each rule.
func (a *rawAsker) file(f *File) *rawResult {
	r := &rawResult{counts: map[finding.Outcome]int{}}
	if f.Unread != "" {
		for _, s := range a.p.spaces {
			for _, rule := range s.policy.Rules {
				if rule.Warning {
					continue // advice that cannot be given is none
				}
				fd := a.newFinding(rule, f, 0)
				fd.Outcome, fd.Message, fd.Reasons = finding.Unknown, f.Unread, []string{f.Unread}
				fd.Location = &finding.Location{URI: f.Name, StartLine: 1, EndLine: 1}
				r.add(fd, true)
			}
		}
		return r
	}
	if err := a.about(f); err != nil {
		return a.failed(r, f, "the policies cannot be told of the file: "+err.Error())
	}
	for n, document := range f.Documents {
		a.learner.learn(document)
		r.subjects++
		d := &rawDocument{file: f, n: n, root: document}
		for _, s := range a.p.spaces {
			a.judge(s, d, r)
		}
	}
	return r
}

// failed makes an error of every rule about a file.
func (a *rawAsker) failed(r *rawResult, f *File, why string) *rawResult {
	for _, s := range a.p.spaces {
		for _, rule := range s.policy.Rules {
			fd := a.newFinding(rule, f, 0)
			fd.Outcome, fd.Message, fd.Reasons = finding.Error, why, []string{why}
			r.add(fd, true)
		}
	}
	return r
}

func (r *rawResult) add(f *finding.Finding, show bool) {
	if f.Advisory && f.Outcome != finding.Pass && f.Outcome != finding.Waived {
		r.advisory++
	} else {
		r.counts[f.Outcome]++
	}
	if show {
		r.findings = append(r.findings, f)
	}
}

// judge turns what the rules of a namespace say of a document into findings. A rule
// that finds nothing and did not fail passes; what an exception covers is waived, entry
// by entry, and keeps its finding.
func (a *rawAsker) judge(s *space, d *rawDocument, r *rawResult) {
	answers, excepted, failed := a.ask(s, d.root)
	for i, rule := range s.policy.Rules {
		answer := &answers[i]
		var errs []string
		if failed != "" {
			errs = append(errs, "whether there is an exception is not known: "+failed)
		}
		for _, said := range answer.failed {
			errs = append(errs, said)
		}
		var entries []*rawEntry
		for _, t := range answer.entries {
			e, err := newRawEntry(rule.Name, t)
			if err != nil {
				if !slices.Contains(errs, err.Error()) {
					errs = append(errs, err.Error())
				}
				continue
			}
			entries = append(entries, e)
		}
		var found []*finding.Finding
		if len(entries) > 0 {
			proofs := a.prove(s, i, d, entries)
			for n, e := range entries {
				fd := a.newFinding(rule, d.file, d.n)
				a.fill(fd, e)
				a.show(fd, d, e, proofs[n])
				if slices.Contains(excepted, rule.Excepted) {
					fd.Outcome = finding.Waived
					fd.Waiver = &finding.Waiver{ID: s.policy.Namespace + ".exception", Reason: "an exception of the policy", Pos: s.policy.ExceptionPos}
				} else if a.p.opts.Waive != nil && !fd.Advisory {
					if w := a.p.opts.Waive(fd); w != nil {
						fd.Outcome, fd.Waiver = finding.Waived, w
					}
				}
				found = append(found, fd)
			}
			sortFindings(found)
		}
		if len(errs) > 0 && (len(answer.failed) > 0 || len(entries) < len(answer.entries) || failed != "") {
			fd := a.newFinding(rule, d.file, d.n)
			fd.Outcome, fd.Message, fd.Reasons = finding.Error, errs[0], errs
			fd.Location = d.location(nil, false)
			found = append(found, fd)
		}
		for _, fd := range found {
			r.add(fd, true)
		}
		if len(found) == 0 {
			a.pass(rule, d, r)
		}
	}
}

func (a *rawAsker) pass(rule *control.PolicyRule, d *rawDocument, r *rawResult) {
	if !a.p.opts.All {
		r.counts[finding.Pass]++
		return
	}
	fd := a.newFinding(rule, d.file, d.n)
	fd.Outcome, fd.Message, fd.Advisory = finding.Pass, "nothing found", false
	fd.Location = d.location(nil, false)
	r.add(fd, true)
}

func (a *rawAsker) newFinding(rule *control.PolicyRule, f *File, n int) *finding.Finding {
	id := f.Name
	if n > 0 {
		id += "#" + strconv.Itoa(n)
	}
	articles := slices.Clip(rule.GDPR)
	if articles == nil {
		articles = []string{}
	}
	return &finding.Finding{
		Control: rule.ID, Title: rule.Title, Severity: finding.Severity(rule.Severity), Target: f.Target,
		Subject: finding.Subject{Kind: RawKind, ID: id}, GDPR: articles, Advisory: rule.Warning,
		Remediation: rule.Remediation, Advice: []string{}, Evidence: []finding.Evidence{}, Reasons: []string{},
	}
}

// fill takes over what an entry says.
func (a *rawAsker) fill(f *finding.Finding, e *rawEntry) {
	f.Outcome, f.Message, f.Key = finding.Fail, e.msg, e.key
	f.Expected, f.Actual = e.expected, e.actual
	if e.severity != "" {
		f.Severity = e.severity
	}
	if e.remediation != "" {
		f.Remediation = e.remediation
	}
	f.Custom = e.custom
}

// show adds place and evidence. The author's own word goes first: _loc, then at; else
// the value that decides.
func (a *rawAsker) show(f *finding.Finding, d *rawDocument, e *rawEntry, p *witness) {
	if e.line > 0 {
		f.Location = &finding.Location{URI: d.file.Name, StartLine: e.line, EndLine: e.line}
		if e.file != "" && e.file != d.file.Path {
			f.Location.URI = e.file
		}
	} else {
		f.Location = d.location(p.at, true)
	}
	if a.p.opts.Brief && f.Advisory {
		return
	}
	for _, path := range p.read {
		ev := finding.Evidence{Document: d.file.Digest, Pointer: "/items/" + strconv.Itoa(d.n) + fact.Pointer(path...), Value: compact(d.shown(path))}
		if pos := d.place(path); pos.Line > 0 {
			ev.Source, ev.Line, ev.Column = d.file.Name, pos.Line, pos.Column
		}
		f.Evidence = append(f.Evidence, ev)
	}
}

// rawDocument is a document while it is judged.
type rawDocument struct {
	file   *File
	n      int
	root   *ast.Term
	paths  map[*ast.Term]*way // of the values in it
	places map[string]fact.Position
}

// way is the way to a value, from its end.
type way struct {
	up   *way
	name string
}

// path has room for some more segments.
func (w *way) path(more int) []string {
	n := 0
	for up := w; up.up != nil; up = up.up {
		n++
	}
	out := make([]string, 0, n+more)
	for ; w.up != nil; w = w.up {
		out = append(out, w.name)
	}
	slices.Reverse(out)
	return out
}

// way returns the way to a value that is part of the document, known by its identity;
// nil for one that is not, or of which there is only one for all documents.
func (d *rawDocument) way(t *ast.Term) *way {
	if d.paths == nil {
		d.paths = map[*ast.Term]*way{}
		d.walk(d.root, &way{})
	}
	return d.paths[t]
}

func (d *rawDocument) walk(t *ast.Term, w *way) {
	switch v := t.Value.(type) {
	case *ast.Array:
		for i := range v.Len() {
			d.walk(v.Elem(i), &way{w, strconv.Itoa(i)})
		}
	case ast.Object:
		v.Foreach(func(k, e *ast.Term) {
			if name, ok := k.Value.(ast.String); ok {
				d.walk(e, &way{w, string(name)})
			}
		})
	case ast.String:
	default:
		return // numbers, booleans and null are shared
	}
	if _, again := d.paths[t]; again {
		w = nil
	}
	d.paths[t] = w
}

// at returns the value at a path, and how many of its segments lead somewhere.
func (d *rawDocument) at(path []string) (*ast.Term, int) {
	t := d.root
	for i, s := range path {
		var next *ast.Term
		switch v := t.Value.(type) {
		case *ast.Array:
			if n, err := strconv.Atoi(s); err == nil && n >= 0 && n < v.Len() {
				next = v.Elem(n)
			}
		case ast.Object:
			next = v.Get(ast.StringTerm(s))
		}
		if next == nil {
			return t, i
		}
		t = next
	}
	return t, len(path)
}

// shown is the value at a path; nil if nothing is there.
func (d *rawDocument) shown(path []string) any {
	t, n := d.at(path)
	if n < len(path) {
		return nil
	}
	return plain(t)
}

// place finds a path in the file, once.
func (d *rawDocument) place(path []string) fact.Position {
	if d.file.Place == nil {
		return fact.Position{}
	}
	_, n := d.at(path)
	path = path[:n]
	key := fmt.Sprint(len(path)) + fact.Pointer(path...)
	pos, known := d.places[key]
	if !known {
		if d.places == nil {
			d.places = map[string]fact.Position{}
		}
		pos = d.file.Place(d.n, path)
		d.places[key] = pos
	}
	return pos
}

// location is the place of a path. One that decides nothing is its first line; that of
// a document whose lines are not known is the first line of the file.
func (d *rawDocument) location(path []string, deciding bool) *finding.Location {
	pos := d.place(path)
	if pos.Line <= 0 {
		return &finding.Location{URI: d.file.Name, StartLine: 1, EndLine: 1}
	}
	l := &finding.Location{URI: d.file.Name, StartLine: pos.Line, EndLine: max(pos.EndLine, pos.Line), Column: pos.Column}
	if !deciding || len(path) == 0 {
		l.EndLine = l.StartLine
	}
	return l
}
