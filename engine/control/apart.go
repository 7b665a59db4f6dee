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
	Row            int
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
}

// Apart compiles the control clause by clause, once, on first need.
func (c *Control) Apart() (*Apart, error) {
	c.apart.once.Do(func() { c.apart.apart, c.apart.err = c.compileApart() })
	return c.apart.apart, c.apart.err
}

// Reads returns what the control's deny, not_applicable and unknown rules read:
// the evidence of any outcome.
func (c *Control) AllReads() (Reads, error) {
	a, err := c.Apart()
	if err != nil {
		return Reads{}, err
	}
	var all Reads
	for _, r := range a.Rules {
		if r.Set != Warn {
			all.merge(r.Decides)
		}
	}
	return all, nil
}

func (c *Control) compileApart() (*Apart, error) {
	capabilities := Capabilities()
	module, err := c.file.parse(capabilities)
	if err != nil {
		return nil, err
	}
	a := &Apart{}
	// Module.Copy shares the bodies of every: each variant is parsed anew.
	variants := map[string]*ast.Module{}
	for _, v := range []string{"entry", "body", "shows"} {
		if variants[v], err = c.file.parse(capabilities); err != nil {
			return nil, err
		}
	}
	count := map[string]int{}
	own := len(module.Rules)
	for i := range own {
		set := ruleName(module.Rules[i])
		if !slices.Contains(Sets, set) {
			continue
		}
		r := &Rule{Control: c, Set: set, Index: count[set], Row: module.Rules[i].Location.Row}
		count[set]++
		a.Rules = append(a.Rules, r)
		name := fmt.Sprintf("writ_%s_%d", set, r.Index)
		entry := variants["entry"].Rules[i]
		r.Entry = c.add(module, name, entry.Head.Key, nil, entry.Body, entry.Location)
		body := variants["body"].Rules[i]
		decides := members(body.Head.Key, func(k string) bool { return k == "key" || k == "severity" })
		r.Body = c.add(module, name+"_body", nil, decides, body.Body, body.Location)
		shows := variants["shows"].Rules[i]
		c.add(module, name+"_shows", nil, members(shows.Head.Key, func(k string) bool { return k != "key" && k != "severity" }), shows.Body, shows.Location)
	}
	modules := map[string]*ast.Module{c.file.path: module}
	for _, lib := range c.libs {
		if modules[lib.path], err = lib.parse(capabilities); err != nil {
			return nil, err
		}
	}
	// Not strict: a local used only in the entry is unused in the body.
	a.Compiler = ast.NewCompiler().WithCapabilities(capabilities).WithEnablePrintStatements(false)
	a.Compiler.Compile(modules)
	if a.Compiler.Failed() {
		return nil, a.Compiler.Errors
	}
	for _, r := range a.Rules {
		if r.Decides, err = readsOf(a.Compiler, r.Body); err != nil {
			return nil, fmt.Errorf("read dependencies of %s: %w", r.Body, err)
		}
		all, err := readsOf(a.Compiler, c.ref(fmt.Sprintf("writ_%s_%d_shows", r.Set, r.Index)))
		if err != nil {
			return nil, fmt.Errorf("read dependencies of %s: %w", r.Body, err)
		}
		r.Shows = all
	}
	return a, nil
}

// add appends a rule to a module: a partial set if it has a key, else a rule that
// is true where the body and the terms have a value.
func (c *Control) add(m *ast.Module, name string, key *ast.Term, terms []*ast.Term, body ast.Body, at *ast.Location) ast.Ref {
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

// members returns the values of an entry's members whose name is chosen. A
// string entry is all message.
func members(entry *ast.Term, chosen func(string) bool) []*ast.Term {
	if entry == nil {
		return nil
	}
	o, ok := entry.Value.(ast.Object)
	if !ok {
		if chosen("msg") {
			return []*ast.Term{entry}
		}
		return nil
	}
	var out []*ast.Term
	o.Foreach(func(k, v *ast.Term) {
		if name, ok := k.Value.(ast.String); !ok || chosen(string(name)) {
			out = append(out, v)
		}
	})
	return out
}
