package kubernetes

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// Visitor is shown the objects of one target.
type Visitor interface {
	// Object is called for each object in the order of the files; the tree is not
	// kept afterwards.
	Object(*Object)
	// Documents is called once, after the last object. Files that no document names
	// and reasons why objects may be missing are added to what it returns.
	Documents() []*fact.Document
}

// Watch subscribes a collector to the objects of some kinds, nil for all: make is
// called once for each target, also for one that has none of them. It is to be
// called before the first Collect of any collector.
func Watch(env *collectors.Env, collector string, kinds []string, make func(fact.Target) Visitor) {
	p := passOf(env)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watches = append(p.watches, &watch{collector: collector, kinds: kinds, make: make})
}

// Documents returns what the visitors of a collector made, in the order of the
// targets, once. The first call for any collector reads the source.
func Documents(ctx context.Context, env *collectors.Env, collector string) ([]*fact.Document, error) {
	if env.Tree == nil {
		return nil, nil
	}
	p := passOf(env)
	p.once.Do(func() { p.run(ctx) })
	var docs []*fact.Document
	for _, w := range p.watches {
		if w.collector != collector {
			continue
		}
		if w.err != nil {
			return nil, w.err
		}
		docs = append(docs, w.docs...)
		w.docs = nil
	}
	return docs, p.err
}

// watch is one subscription.
type watch struct {
	collector string
	kinds     []string
	make      func(fact.Target) Visitor
	docs      []*fact.Document
	err       error
}

func (w *watch) wants(kind string) bool { return w.kinds == nil || slices.Contains(w.kinds, kind) }

// contained calls a visitor: what goes wrong in one concerns its collector alone.
func (w *watch) contained(f func()) {
	if w.err != nil {
		return
	}
	defer func() {
		if r := recover(); r != nil {
			w.err = fmt.Errorf("read manifests for %s: panic: %v\n%s", w.collector, r, debug.Stack())
		}
	}()
	f()
}

// pass is the reading of one source.
type pass struct {
	env     *collectors.Env
	mu      sync.Mutex
	watches []*watch
	once    sync.Once
	err     error
	// changed are files that something changes before they are applied, and why.
	changed map[string]string
	unread  []unread
	learner learner
}

func passOf(env *collectors.Env) *pass {
	return env.Once("kubernetes", func() any { return &pass{env: env, learner: learner{env.Redactor, map[string]bool{}}} }).(*pass)
}

// part is one target while its files are read.
type part struct {
	target   fact.Target
	visitors []Visitor // one of each watch
	ids      IDs
	declared map[[4]string]fact.Position
	files    []string
	objects  int
	missing  []string
	// perhaps are files that may hold objects: they count where there are others.
	perhaps []string
}

func (p *pass) part(target fact.Target) *part {
	t := &part{target: target, ids: IDs{}, declared: map[[4]string]fact.Position{}}
	for _, w := range p.watches {
		var v Visitor
		w.contained(func() { v = w.make(target) })
		t.visitors = append(t.visitors, v)
	}
	return t
}

// object shows an object to those that watch its kind.
func (p *pass) object(t *part, o *Object) {
	t.objects++
	key := [4]string{o.Group, o.Kind, o.Namespace, o.Name}
	if first, again := t.declared[key]; again {
		o.Doubt = fmt.Sprintf("it is declared twice, first at %s", first)
		p.env.Diagnose(fact.Diagnostic{Severity: "warning", Summary: o.ID + " is declared twice", Detail: "first at " + first.String(),
			Hint: "which of the two is in force depends on the order in which they are applied", Pos: o.Pos()})
	} else {
		t.declared[key] = o.Pos()
	}
	o.ID = t.ids.take(o.ID, "#")
	for i, w := range p.watches {
		if w.wants(o.Kind) && t.visitors[i] != nil {
			w.contained(func() { t.visitors[i].Object(o) })
		}
	}
}

// finish collects the documents of a target.
func (p *pass) finish(t *part) {
	if t.objects > 0 {
		t.missing = append(t.missing, t.perhaps...)
	}
	if t.objects == 0 && len(t.missing) == 0 {
		return
	}
	for i, w := range p.watches {
		if t.visitors[i] == nil {
			continue
		}
		w.contained(func() {
			for _, d := range t.visitors[i].Documents() {
				complete(d, t)
				w.docs = append(w.docs, d)
			}
		})
	}
}

// complete names every file that was read as a source, and what was not read.
func complete(d *fact.Document, t *part) {
	known := map[string]bool{}
	for _, s := range d.Sources {
		known[s.URI] = true
	}
	for _, name := range t.files {
		if !known[name] {
			d.Sources = append(d.Sources, fact.Source{ID: fmt.Sprintf("s%d", len(d.Sources)+1), URI: name})
		}
	}
	for _, reason := range t.missing {
		d.Complete = false
		if !slices.Contains(d.Reasons, reason) {
			d.Reasons = append(d.Reasons, reason)
		}
	}
}
