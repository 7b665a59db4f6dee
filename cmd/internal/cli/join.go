package cli

import (
	"context"
	"slices"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/register"
)

// join adds the register and what it says to the session's documents, derives,
// and returns the systems.
func (s *session) join(ctx context.Context, p *project, set *control.Set) map[string]string {
	var targets []string
	for _, d := range s.docs {
		targets = append(targets, d.Target.ID)
	}
	systems := p.register.Systems(targets)
	collected := slices.Clone(s.told)
	s.plan(p)
	s.annotate(ctx, p, set, systems)
	s.conclude(p, set, collected)
	p.register.Link(s.valid(s.docs))
	return systems
}

// plan adds the register's own documents.
func (s *session) plan(p *project) {
	planned := p.register.Documents(s.now)
	for _, d := range planned {
		s.told = append(s.told, tell(d, register.Target))
		for _, item := range d.Items {
			s.redactor.LearnValue(map[string]any(item))
		}
	}
	s.docs = append(s.docs, planned...)
	for _, kind := range []string{"run", "register.change", "register.dataset", "register.network", "register.port", "register.processor", "register.service", "register.waiver"} {
		s.yields[kind] = true
	}
}

// annotate adds what the register says of documents, and what is derived of them.
func (s *session) annotate(ctx context.Context, p *project, set *control.Set, systems map[string]string) {
	options := register.Options{Now: s.now, Params: set.Params.Tree()}
	s.diagnostics = append(s.diagnostics, p.register.Annotate(s.valid(s.docs), options)...)
	first := len(s.docs)
	s.add(s.derive(ctx, systems), derivedFacts)
	s.diagnostics = append(s.diagnostics, p.register.Annotate(s.valid(s.docs[first:]), options)...)
}

// conclude adds the fact about the run itself.
func (s *session) conclude(p *project, set *control.Set, collected []*telling) {
	run := runDocument(s, p, set, collected)
	s.told = append(s.told, tell(run, "run"))
	s.docs = append(s.docs, run)
	s.diagnostics = append(s.diagnostics, p.register.Annotate([]*fact.Document{run}, register.Options{Now: s.now, Params: set.Params.Tree()})...)
}

// valid leaves out documents that broke their contract.
func (s *session) valid(docs []*fact.Document) []*fact.Document {
	return slices.DeleteFunc(slices.Clone(docs), func(d *fact.Document) bool { return len(s.invalid[d]) > 0 })
}
