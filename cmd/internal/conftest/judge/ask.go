package judge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/cache"
	"github.com/open-policy-agent/opa/v1/topdown/print"

	"github.com/writ-policy/writ/cmd/internal/conftest/output"
)

// asker asks the rules of namespaces about documents, one after the other; each
// worker has its own.
type asker struct {
	run     *Run
	file    string // that is judged
	store   storage.Store
	txn     storage.Transaction
	task    *task
	batches map[string]*batch
	apart   map[string]*single
	cached  cache.InterQueryCache
}

// batch is the query over all rules of a namespace.
type batch struct {
	space    space
	prepared rego.PreparedEvalQuery
	err      error
}

// single is a query that conftest asks by itself.
type single struct {
	prepared rego.PreparedEvalQuery
	err      error
	errors   []topdown.Error // of built-ins, in the last answer
	metadata map[string]any
}

func (r *Run) newAsker() (*asker, error) {
	a := &asker{
		run: r, store: r.engine.Store, task: r.watch.newTask(), cached: cache.NewInterQueryCache(nil),
		batches: map[string]*batch{}, apart: map[string]*single{},
	}
	if r.engine.fileInfo {
		a.store = r.engine.ownStore()
	}
	var err error
	a.txn, err = a.store.NewTransaction(r.ctx)
	return a, err
}

// about prepares for documents of a file.
func (a *asker) about(file string) error {
	a.file = file
	if !a.run.engine.fileInfo {
		return nil
	}
	a.store.Abort(a.run.ctx, a.txn)
	if err := tell(a.run.ctx, a.store, file); err != nil {
		return err
	}
	var err error
	a.txn, err = a.store.NewTransaction(a.run.ctx)
	return err
}

func (a *asker) options(extra ...func(*rego.Rego)) []func(*rego.Rego) {
	e := a.run.engine
	o := []func(*rego.Rego){
		rego.Compiler(e.Compiler),
		rego.Store(a.store),
		rego.Transaction(a.txn),
		rego.Runtime(e.Runtime()),
		rego.EnablePrintStatements(true),
	}
	for _, b := range e.Builtins {
		o = append(o, b.Option())
	}
	return append(o, extra...)
}

func (a *asker) batch(s space) *batch {
	b := a.batches[s.name]
	if b != nil {
		return b
	}
	b = &batch{space: s}
	a.batches[s.name] = b
	var query ast.Body
	if query, b.err = s.query(); b.err == nil {
		b.prepared, b.err = rego.New(a.options(
			rego.ParsedQuery(query),
			rego.GenerateJSON(func(t *ast.Term, _ *rego.EvalContext) (any, error) { return t, nil }),
		)...).PrepareForEval(a.run.ctx)
	}
	return b
}

// ask judges one document by the rules of a namespace. Where the query over all of
// them cannot be answered, or what is asked for shows how often each was, they are
// asked as conftest asks them.
func (a *asker) ask(s space, document ast.Value) (output.Check, error) {
	if len(s.rules) == 0 {
		return output.Check{}, nil
	}
	if !a.run.Trace && !a.run.BuiltinErrors && !a.run.engine.prints {
		if b := a.batch(s); b.err == nil {
			rs, err := a.askTogether(b, document)
			if err == nil && len(rs) == 1 {
				return s.settle(rs[0].Expressions[0].Value.(*ast.Term).Value.(*ast.Array))
			}
			if a.run.ctx.Err() != nil {
				return output.Check{}, context.Cause(a.run.ctx)
			}
			if errors.As(err, new(limitError)) {
				// Only one by one do they say which it is.
				a.run.watch.alone.Lock()
				defer a.run.watch.alone.Unlock()
				a.run.watch.collect()
			}
		}
	}
	return a.askApart(s, document)
}

func (a *asker) askTogether(b *batch, document ast.Value) (rego.ResultSet, error) {
	a.run.watch.alone.RLock()
	defer a.run.watch.alone.RUnlock()
	return a.answer(b.prepared, a.eval(document))
}

// answer evaluates within the limits. A built-in that panics, as one does that is asked
// for more memory than there can be, is an error like others.
func (a *asker) answer(q rego.PreparedEvalQuery, o []rego.EvalOption) (rs rego.ResultSet, err error) {
	cancel := a.task.begin()
	defer func() {
		if p := recover(); p != nil {
			rs, err = nil, limitError(fmt.Sprintf("panic: %v", p))
		}
		if limit := a.task.end(); limit != nil && err != nil {
			err = limit
		}
	}()
	return q.Eval(a.run.ctx, append(o, rego.EvalExternalCancel(cancel))...)
}

func (a *asker) eval(document ast.Value) []rego.EvalOption {
	return []rego.EvalOption{
		rego.EvalParsedInput(document),
		rego.EvalTransaction(a.txn),
		rego.EvalMetrics(metrics.NoOp()),
		rego.EvalInterQueryBuiltinCache(a.cached),
	}
}

// settle makes a check of the values of all rules.
func (s space) settle(values *ast.Array) (output.Check, error) {
	t := tally{space: s}
	exceptions, _ := values.Elem(0).Value.(*ast.Array)
	next := 1
	var sets [][]*ast.Term // by rule
	if s.merged {
		sets = make([][]*ast.Term, len(s.rules))
		values.Elem(next).Value.(ast.Set).Foreach(func(t *ast.Term) {
			pair := t.Value.(*ast.Array)
			n, _ := pair.Elem(0).Value.(ast.Number).Int()
			sets[n] = append(sets[n], pair.Elem(1))
		})
		next++
	}
	for i, r := range s.rules {
		excepted := 0
		for n := range exceptions.Len() {
			if name, ok := exceptions.Elem(n).Value.(ast.String); ok && string(name) == r.excepted {
				excepted++
			}
		}
		var results []output.Result
		var err error
		if r.set && s.merged {
			results, err = each(sets[i], r.metadata)
		} else {
			value := values.Elem(next)
			next++
			if !r.set {
				if value.Value.(*ast.Array).Len() == 0 {
					t.add(r, excepted, nil)
					continue
				}
				value = value.Value.(*ast.Array).Elem(0)
			}
			results, err = held(value.Value, r.metadata)
		}
		if err != nil {
			return output.Check{}, fmt.Errorf("check: query rule: %w", err)
		}
		t.add(r, excepted, results)
	}
	return t.check(), nil
}

// tally counts as conftest does: what is not a finding, of all definitions, passed.
type tally struct {
	space space
	c     output.Check
}

func (t *tally) add(r rule, excepted int, results []output.Result) {
	for range excepted {
		t.c.Exceptions = append(t.c.Exceptions, output.Result{Message: t.space.exceptionQuery(r)})
	}
	if excepted > 0 {
		return
	}
	for _, result := range results {
		switch {
		case result.Passed():
			t.c.Successes++
		case r.warning:
			t.c.Warnings = append(t.c.Warnings, result)
		default:
			t.c.Failures = append(t.c.Failures, result)
		}
	}
}

func (t *tally) check() output.Check {
	counted := len(t.c.Failures) + len(t.c.Warnings) + len(t.c.Exceptions) + t.c.Successes
	t.c.Successes += max(0, t.space.count-counted)
	return t.c
}

// held returns what a defined rule's value holds: the strings and the objects of a set
// or an array; of anything else, and of nothing, one result that passed. The metadata
// are the query's.
func held(v ast.Value, metadata map[string]any) ([]output.Result, error) {
	switch v := v.(type) {
	case ast.Set:
		return each(v.Slice(), metadata)
	case *ast.Array:
		var elements []*ast.Term
		v.Foreach(func(t *ast.Term) { elements = append(elements, t) })
		return each(elements, metadata)
	}
	return each(nil, metadata)
}

func each(elements []*ast.Term, metadata map[string]any) ([]output.Result, error) {
	if len(elements) == 0 {
		return []output.Result{{}}, nil
	}
	var results []output.Result
	for _, t := range elements {
		switch v := t.Value.(type) {
		case ast.String:
			results = append(results, output.Result{Message: strings.Clone(string(v)), Metadata: metadata})
		case ast.Object:
			plain, err := ast.JSON(v)
			members, ok := plain.(map[string]any)
			if err != nil || !ok {
				return nil, fmt.Errorf("new result: %w", err)
			}
			r, err := output.NewResult(members)
			if err != nil {
				return nil, fmt.Errorf("new result: %w", err)
			}
			maps.Copy(r.Metadata, metadata)
			results = append(results, r)
		}
	}
	return results, nil
}

// askApart asks an exception and a rule at a time, in conftest's words.
func (a *asker) askApart(s space, document ast.Value) (output.Check, error) {
	t := tally{space: s}
	for _, r := range s.rules {
		exceptions, err := a.query(s.exceptionQuery(r), document)
		if err != nil {
			return output.Check{}, fmt.Errorf("check: query exception: %w", err)
		}
		excepted := 0
		for _, result := range exceptions.Results {
			if result.Passed() {
				excepted++
			}
		}
		answer, err := a.query(s.ruleQuery(r), document)
		if err != nil {
			return output.Check{}, fmt.Errorf("check: query rule: %w", err)
		}
		t.add(r, excepted, answer.Results)
		if a.run.Trace || len(exceptions.Outputs)+len(answer.Outputs) > 0 {
			t.c.Queries = append(t.c.Queries, exceptions, answer)
		}
	}
	return t.check(), nil
}

func (a *asker) query(text string, document ast.Value) (output.Query, error) {
	q := a.apart[text]
	if q == nil {
		q = &single{metadata: map[string]any{"query": text}}
		a.apart[text] = q
		o := a.options(rego.Query(text), rego.BuiltinErrorList(&q.errors))
		q.prepared, q.err = rego.New(o...).PrepareForEval(a.run.ctx)
	}
	if q.err != nil {
		return output.Query{}, fmt.Errorf("evaluating policy: %w", q.err)
	}
	answer := output.Query{Query: text}
	q.errors = nil
	options := append(a.eval(document), rego.EvalPrintHook(printer{&answer.Outputs}))
	tracer := topdown.NewBufferTracer()
	if a.run.Trace {
		options = append(options, rego.EvalQueryTracer(tracer))
	}
	rs, err := a.answer(q.prepared, options)
	if errors.As(err, new(limitError)) {
		return output.Query{}, fmt.Errorf("%s of %s: %w", text, a.file, err)
	}
	if err != nil {
		return output.Query{}, fmt.Errorf("evaluating policy: %w", err)
	}
	if a.run.BuiltinErrors && len(q.errors) > 0 {
		return output.Query{}, fmt.Errorf("built-in error: %+v", q.errors)
	}
	if a.run.Trace {
		var b bytes.Buffer
		topdown.PrettyTrace(&b, *tracer)
		for line := range strings.SplitSeq(b.String(), "\n") {
			if line != "" {
				answer.Traces = append(answer.Traces, line)
			}
		}
	}
	for _, result := range rs {
		for _, expression := range result.Expressions {
			v, err := ast.InterfaceToValue(expression.Value)
			if err != nil {
				return output.Query{}, err
			}
			results, err := held(v, q.metadata)
			if err != nil {
				return output.Query{}, err
			}
			answer.Results = append(answer.Results, results...)
		}
	}
	return answer, nil
}

// printer keeps what print says.
type printer struct{ lines *[]string }

func (p printer) Print(at print.Context, message string) error {
	*p.lines = append(*p.lines, fmt.Sprintf("%v: %s\n", at.Location, message))
	return nil
}

var _ print.Hook = printer{}
