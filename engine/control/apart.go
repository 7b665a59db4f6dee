package control

import (
	"fmt"
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Rule is one clause of one of a control's sets, compiled as an entry point of
// its own, so that a gap or an error in one clause leaves the others decided.
type Rule struct {
	Control *Control
	Set     string // deny, not_applicable, unknown, warn
	Index   int    // among the clauses of its set, in source order
	// Entry evaluates to the clause's set alone, Body to true if its body holds.
	Entry, Body ast.Ref
	// Decides is what body, key and severity read, with everything they call: a
	// gap there leaves the clause undecided. Shows is what the rest of the entry
	// reads: a gap there is null in the message.
	Decides, Shows Reads
	// Builds is Decides and what says whether the entry has a value at all.
	Builds Reads
	// proves is Decides and what the entry calls actual; for evidence alone.
	proves Reads
	Row    int
}

// Apart is a control compiled by itself, clause by clause.
type Apart struct {
	Compiler *ast.Compiler
	Rules    []*Rule
}

type lazyApart struct {
	once  sync.Once
	apart *Apart
	err   error

	mu    sync.Mutex
	parts map[part]*lazyPart
}

// part is the entries of the clauses of a set, or their bodies.
type part struct {
	set  string
	body bool
}

type lazyPart struct {
	once  sync.Once
	apart *Apart
	err   error
}

// Part compiles the entries of the clauses of one set, or their bodies, once, on
// first need. Where nothing is known of the control it is [Control.Apart].
func (c *Control) Part(set string, body bool) (*Apart, error) {
	if c.clauses == nil {
		return c.Apart()
	}
	c.apart.mu.Lock()
	p := c.apart.parts[part{set, body}]
	if p == nil {
		p = &lazyPart{}
		if c.apart.parts == nil {
			c.apart.parts = map[part]*lazyPart{}
		}
		c.apart.parts[part{set, body}] = p
	}
	c.apart.mu.Unlock()
	p.once.Do(func() {
		module := c.frame()
		for _, r := range c.clauses {
			if r.Set != set {
				continue
			}
			clause := c.clause(r)
			name := fmt.Sprintf("writ_%s_%d", set, r.Index)
			if body {
				c.add(module, name+"_body", nil, deciding(clause.Head.Key), clause)
			} else {
				c.add(module, name, clause.Head.Key, nil, clause)
			}
		}
		p.apart = &Apart{Rules: c.clauses}
		p.apart.Compiler, p.err = c.compileWith(module)
	})
	return p.apart, p.err
}

// clause is the rule of a clause that is known.
func (c *Control) clause(r *Rule) *ast.Rule {
	n := 0
	for _, rule := range c.file.parsed().Rules {
		if ruleName(rule) != r.Set {
			continue
		}
		if n == r.Index {
			return rule
		}
		n++
	}
	panic(fmt.Sprintf("%s has no clause %d of %s", c.ID, r.Index, r.Set)) // it is known by a digest of this text
}

// frame is a module of what the clauses may use.
func (c *Control) frame() *ast.Module {
	m := c.file.parsed()
	return &ast.Module{Package: m.Package, Imports: m.Imports, Rules: helpers(m)}
}

// compileWith compiles a module with what it imports. Not strict: a local used only
// in the entry is unused in the body. What needs no second check is left out.
func (c *Control) compileWith(module *ast.Module) (*ast.Compiler, error) {
	modules := map[string]*ast.Module{c.file.path: module} // the compiler works on copies
	for _, lib := range c.imported() {
		modules[lib.path] = lib.module
	}
	compiler := ast.NewCompiler().WithCapabilities(c.capabilities).WithEnablePrintStatements(false).
		WithSkipStages(append(skip(c.file.known != nil), ast.StageCheckUnsafeBuiltins, ast.StageCheckDeprecatedBuiltins, ast.StageCheckRuleConflicts)...)
	compiler.Compile(modules)
	if compiler.Failed() {
		return nil, compiler.Errors
	}
	return compiler, nil
}

// Apart compiles the control clause by clause, once, on first need.
func (c *Control) Apart() (*Apart, error) {
	c.apart.once.Do(func() { c.apart.apart, c.apart.err = c.compileApart() })
	return c.apart.apart, c.apart.err
}

func (c *Control) compileApart() (*Apart, error) {
	a, clauses, module := &Apart{}, c.file.parsed().Rules, c.frame()
	count := map[string]int{}
	builds, proves := map[*Rule]ast.Ref{}, map[*Rule]ast.Ref{}
	for _, clause := range clauses {
		set := ruleName(clause)
		if !slices.Contains(Sets, set) {
			continue
		}
		r := &Rule{Control: c, Set: set, Index: count[set], Row: clause.Location.Row}
		count[set]++
		a.Rules = append(a.Rules, r)
		name := fmt.Sprintf("writ_%s_%d", set, r.Index)
		r.Entry = c.add(module, name, clause.Head.Key, nil, clause)
		decides := deciding(clause.Head.Key)
		r.Body = c.add(module, name+"_body", nil, decides, clause)
		if c.clauses != nil {
			continue // what it reads is known
		}
		if unsure := c.unsure(clause.Head.Key); len(unsure) > 0 {
			builds[r] = c.add(module, name+"_builds", nil, slices.Concat(decides, unsure), clause)
		}
		if actual := member(clause.Head.Key, "actual"); actual != nil {
			proves[r] = c.add(module, name+"_proves", nil, slices.Concat(decides, actual), clause)
		}
	}
	var err error
	if a.Compiler, err = c.compileWith(module); err != nil {
		return nil, err
	}
	if c.clauses != nil {
		a.Rules = c.clauses
		return a, nil
	}
	for _, r := range a.Rules {
		if r.Decides, err = c.reads(a.Compiler, r.Body, nil); err != nil {
			return nil, err
		}
		r.Builds, r.proves = r.Decides, r.Decides
		if ref, ok := builds[r]; ok {
			if r.Builds, err = c.reads(a.Compiler, ref, nil); err != nil {
				return nil, err
			}
		}
		if ref, ok := proves[r]; ok {
			if r.proves, err = c.reads(a.Compiler, ref, nil); err != nil {
				return nil, err
			}
		}
		if r.Shows, err = c.reads(a.Compiler, r.Entry, nil); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// helpers returns the rules that the control's clauses may use: all but the sets,
// which are compiled clause by clause, unless a rule reads a set as a whole.
func helpers(m *ast.Module) []*ast.Rule {
	read := false
	for _, rule := range m.Rules {
		for r := rule; r != nil; r = r.Else {
			head := slices.Concat(r.Head.Args, ast.Args(r.Head.Reference[min(1, len(r.Head.Reference)):]), ast.Args{r.Head.Key, r.Head.Value})
			head = slices.DeleteFunc(head, func(t *ast.Term) bool { return t == nil })
			read = read || readsSet(r.Body) || readsSet(head)
		}
	}
	if read {
		return slices.Clone(m.Rules)
	}
	return slices.DeleteFunc(slices.Clone(m.Rules), func(r *ast.Rule) bool { return slices.Contains(Sets, ruleName(r)) })
}

// readsSet reports whether a part of a rule may mean one of the sets.
func readsSet(part any) bool {
	found := false
	ast.WalkVars(part, func(v ast.Var) bool {
		found = found || slices.Contains(Sets, string(v))
		return found
	})
	ast.WalkRefs(part, func(ref ast.Ref) bool {
		found = found || ref[0].Equal(ast.DefaultRootDocument) && slices.ContainsFunc(ref[1:], func(t *ast.Term) bool {
			name, ok := t.Value.(ast.String)
			return !ok || slices.Contains(Sets, string(name))
		})
		return found
	})
	return found
}

// reads returns what a rule of the control compiled apart reads.
func (c *Control) reads(compiler *ast.Compiler, ref ast.Ref, n *notes) (Reads, error) {
	f := newFollower(compiler, n)
	for _, rule := range compiler.GetRulesExact(ref) {
		f.rule(rule)
	}
	r := f.result()
	base, err := readsOf(compiler, ref)
	if err != nil {
		return r, fmt.Errorf("read dependencies of %s: %w", ref, err)
	}
	r.complete(base)
	r.Params = cutParams(r.Params, c.declares)
	return r, nil
}

// add appends a rule to a module: a partial set if it has a key, else a rule that
// is true where the body and the terms have a value.
func (c *Control) add(m *ast.Module, name string, key *ast.Term, terms []*ast.Term, clause *ast.Rule) ast.Ref {
	at, body := clause.Location, slices.Clone(clause.Body)
	var head *ast.Head
	if key != nil {
		head = ast.NewHead(ast.Var(name), key)
	} else {
		head = ast.NewHead(ast.Var(name), nil, ast.BooleanTerm(true))
		for i, t := range terms {
			e := ast.Equality.Expr(ast.VarTerm(fmt.Sprintf("writ_%d", i)), t)
			e.SetLocation(at)
			body.Append(e)
		}
	}
	head.Location = at
	head.Reference = ast.Ref{ast.VarTerm(name)}
	m.Rules = append(m.Rules, &ast.Rule{Head: head, Body: body, Module: m, Location: at})
	return c.ref(name)
}

func (c *Control) ref(name string) ast.Ref {
	return c.Package().Append(ast.StringTerm(name))
}

// member returns the value of a member of an entry, none if it has none.
func member(entry *ast.Term, name string) []*ast.Term {
	if o, ok := entry.Value.(ast.Object); ok {
		if v := o.Get(ast.StringTerm(name)); v != nil {
			return []*ast.Term{v}
		}
	}
	return nil
}

// deciding returns the values of the members of an entry that say which finding
// it is, key and severity; the others only show what was found. A string entry
// is all message.
func deciding(entry *ast.Term) []*ast.Term {
	o, ok := entry.Value.(ast.Object)
	if !ok {
		return nil
	}
	var out []*ast.Term
	o.Foreach(func(k, v *ast.Term) {
		if name, literal := k.Value.(ast.String); !literal || name == "key" || name == "severity" {
			out = append(out, v)
		}
	})
	return out
}
