package engine

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// index is a run's facts, ready to be judged and looked up.
type index struct {
	e        *Engine
	groups   map[groupKey]*group
	systems  map[string]*system
	systemOf func(target string) string
}

type groupKey struct{ target, kind string }

func (a groupKey) compare(b groupKey) int {
	return cmp.Or(strings.Compare(a.target, b.target), strings.Compare(a.kind, b.kind))
}

// group is all documents of one kind about one target.
type group struct {
	key      groupKey
	target   fact.Target
	kind     *fact.Kind // nil if it is not one
	docs     []*fact.Document
	items    []*item
	complete bool
	reasons  []string // why it is not complete
	invalid  []fact.Problem
	system   *system
	hasGaps  bool
	context  bool // looked up only

	once sync.Once
	refs []referring
}

// item is one fact with its document.
type item struct {
	group *group
	doc   *fact.Document
	// digest of doc, computed once
	digest func() string
	uris   map[string]string // of doc's sources, by id
	n      int               // in the document
	fact   fact.Item
	gaps   []gap

	once sync.Once
	term *ast.Term
}

type gap struct {
	segments []string // below the item
	reason   string
}

// ref is the reference that x-ref fields hold.
func (i *item) ref() string { return i.group.key.target + "#" + i.fact.ID() }

// pointer is the item's in its document.
func (i *item) pointer() string { return "/items/" + strconv.Itoa(i.n) }

// value returns the item's AST, made once.
func (i *item) value(keys map[string]*ast.Term) *ast.Term {
	i.once.Do(func() { i.term = term(map[string]any(i.fact), keys) })
	return i.term
}

// members returns the item's AST with some of its members; nil is all.
func (i *item) members(names []string, keys map[string]*ast.Term) *ast.Term {
	if names == nil {
		return i.value(keys)
	}
	some := make(map[string]any, len(names))
	for _, name := range names {
		if v, ok := i.fact[name]; ok {
			some[name] = v
		}
	}
	return term(some, keys)
}

// system is the targets that the register joins.
type system struct {
	byRef  map[string]map[string]*item // kind → ref
	groups []*group
	kinds  map[string]bool // collected and valid
	bad    map[string]bool // collected and invalid
	gaps   map[string]bool // kinds with any gap

	once  sync.Once
	facts *ast.Term
}

// sharedTargets belong to every system.
var sharedTargets = [...]string{"register", "run"}

func shared(target string) bool { return slices.Contains(sharedTargets[:], target) }

func (e *Engine) index(facts *Facts) *index {
	ix := &index{e: e, groups: map[groupKey]*group{}, systems: map[string]*system{}}
	ix.systemOf = func(target string) string {
		if s, ok := facts.Systems[target]; ok {
			return s
		}
		return target
	}
	for _, d := range facts.Documents {
		ix.add(d, facts.Invalid[d], false)
	}
	for _, d := range facts.Context {
		ix.add(d, facts.Invalid[d], true)
	}
	groups := sortedGroups(ix.groups)
	for _, g := range groups {
		s := ix.systems[ix.systemOf(g.key.target)]
		if s == nil {
			s = &system{byRef: map[string]map[string]*item{}, kinds: map[string]bool{}, bad: map[string]bool{}, gaps: map[string]bool{}}
			ix.systems[ix.systemOf(g.key.target)] = s
		}
		g.system = s
	}
	for _, g := range groups {
		if shared(g.key.target) {
			for _, s := range ix.systems {
				s.add(g)
			}
			continue
		}
		g.system.add(g)
		// Subjects of the register and of the run refer to facts of any system.
		for _, name := range sharedTargets {
			if s := ix.systems[name]; s != nil {
				s.add(g)
			}
		}
	}
	return ix
}

func (ix *index) add(d *fact.Document, problems []fact.Problem, context bool) {
	key := groupKey{d.Target.ID, d.Kind}
	g := ix.groups[key]
	if g == nil {
		g = &group{key: key, target: d.Target, kind: fact.LookupKind(d.Kind), complete: true, context: context}
		ix.groups[key] = g
	}
	g.docs = append(g.docs, d)
	g.invalid = append(g.invalid, problems...)
	if !d.Complete {
		g.complete = false
		g.reasons = append(g.reasons, d.Reasons...)
	}
	first := len(g.items)
	digest := sync.OnceValue(d.Digest)
	uris := make(map[string]string, len(d.Sources))
	for _, s := range d.Sources {
		uris[s.ID] = s.URI
	}
	items := make([]item, len(d.Items))
	g.items = slices.Grow(g.items, len(items))
	for n, it := range d.Items {
		items[n] = item{group: g, doc: d, digest: digest, uris: uris, n: n, fact: it}
		g.items = append(g.items, &items[n])
	}
	for _, u := range d.Unobserved {
		rest, ok := strings.CutPrefix(u.Pointer, "/items/")
		if !ok {
			continue
		}
		number, rest, below := strings.Cut(rest, "/")
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n >= len(d.Items) {
			continue
		}
		it := g.items[first+n]
		segments := []string{}
		if below {
			segments = fact.SplitPointer(u.Pointer[len(u.Pointer)-len(rest)-1:])
		}
		it.gaps = append(it.gaps, gap{segments, u.Reason})
		g.hasGaps = true
	}
}

func (s *system) add(g *group) {
	s.groups = append(s.groups, g)
	if len(g.invalid) > 0 {
		s.bad[g.key.kind] = true
	} else {
		s.kinds[g.key.kind] = true
	}
	if g.hasGaps {
		s.gaps[g.key.kind] = true
	}
	byRef := s.byRef[g.key.kind]
	if byRef == nil {
		byRef = make(map[string]*item, len(g.items))
		s.byRef[g.key.kind] = byRef
	}
	for _, it := range g.items {
		byRef[it.ref()] = it
	}
}

// input returns input.facts: the facts that anything in the system refers to, of
// every kind that a selected control may look up, keyed by reference. A control
// looks facts up only through references, so it cannot tell that others are left
// out. Made once and shared by all subjects of the system.
func (s *system) input(e *Engine) *ast.Term {
	s.once.Do(func() {
		kinds := e.lookedUp()
		found := map[string]map[string]*item{}
		for _, kind := range kinds {
			found[kind] = map[string]*item{}
		}
		for _, g := range s.groups {
			for _, f := range g.references() {
				byRef := s.byRef[f.kind]
				if found[f.kind] == nil || len(byRef) == 0 {
					continue
				}
				for _, it := range g.items {
					eachReference(map[string]any(it.fact), f.path, func(ref string) {
						if other := byRef[ref]; other != nil {
							found[f.kind][ref] = other
						}
					})
				}
			}
		}
		facts := ast.NewObject()
		for _, kind := range kinds {
			object, members := ast.NewObject(), e.membersRead(kind)
			for _, ref := range fact.SortedKeys(found[kind]) {
				object.Insert(ast.StringTerm(ref), found[kind][ref].members(members, e.keys))
			}
			facts.Insert(ast.StringTerm(kind), ast.NewTerm(object))
		}
		s.facts = ast.NewTerm(facts)
	})
	return s.facts
}

// membersRead lists the members of facts of a kind that any control of the run reads;
// nil is all of them.
func (e *Engine) membersRead(kind string) []string {
	names := []string{}
	for _, controls := range e.controls {
		for _, c := range controls {
			if !c.Reads(kind) {
				continue
			}
			r, err := e.reading(c)
			if err != nil {
				return nil
			}
			more := fields(r.all.OfKind(kind))
			if more == nil {
				return nil
			}
			names = append(names, more...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// lookedUp lists the kinds that any control of the run may look up, sorted.
func (e *Engine) lookedUp() []string {
	kinds := map[string]bool{}
	for _, controls := range e.controls {
		for _, c := range controls {
			for _, k := range c.Kinds() {
				kinds[k] = true
			}
		}
	}
	return fact.SortedKeys(kinds)
}
