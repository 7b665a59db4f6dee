package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/cache"

	"github.com/writ-policy/writ/engine/control"
)

// space is a namespace with its queries: one over all its rules, and one for each,
// which are made when a document first needs them.
type space struct {
	policy *control.Policy
	all    *compiled
	apart  []lazyQuery // by rule
	proofs []lazyProofs
	bases  []lazyPaths
	except lazyQuery
}

// compiled is a query; the body of a rule has no compiler of its own.
type compiled struct {
	body     ast.Body
	compiler ast.QueryCompiler
}

// answerVar is the variable of a query that holds its answer.
const answerVar = ast.Var("writ_answer")

// compile makes a query; the compiler takes one at a time.
func (p *Policies) compile(body ast.Body) (*compiled, error) {
	p.compiling.Lock()
	defer p.compiling.Unlock()
	c := &compiled{compiler: p.compiler.QueryCompiler()}
	var err error
	c.body, err = c.compiler.Compile(body)
	return c, err
}

// valueQuery asks for a term.
func (p *Policies) valueQuery(t *ast.Term) (*compiled, error) {
	return p.compile(ast.NewBody(ast.Equality.Expr(ast.NewTerm(answerVar), t)))
}

// newSpace makes the query over all rules: an array that begins with the array of all
// exceptions; a rule that may be undefined stands in an array of none or one.
func (p *Policies) newSpace(policy *control.Policy) (*space, error) {
	s := &space{policy: policy, apart: make([]lazyQuery, len(policy.Rules)), proofs: make([]lazyProofs, len(policy.Rules)), bases: make([]lazyPaths, len(policy.Rules))}
	terms := []*ast.Term{exceptions(policy)}
	for _, r := range policy.Rules {
		terms = append(terms, ruleTerm(policy, r))
	}
	var err error
	s.all, err = p.valueQuery(ast.ArrayTerm(terms...))
	return s, err
}

func exceptions(policy *control.Policy) *ast.Term {
	if !policy.Excepts {
		return ast.ArrayTerm()
	}
	ref := policy.Ref("exception").Append(ast.VarTerm("$0")).Append(ast.VarTerm("$1"))
	return held(ast.NewTerm(ref))
}

// held is the array of a term's values: none if it is undefined.
func held(t *ast.Term) *ast.Term {
	x := ast.VarTerm("writ_held")
	return ast.ArrayComprehensionTerm(x, ast.NewBody(ast.Equality.Expr(x, t)))
}

func ruleTerm(policy *control.Policy, r *control.PolicyRule) *ast.Term {
	t := ast.NewTerm(policy.Ref(r.Name))
	if r.Sets {
		return t
	}
	return held(t)
}

// rawAsker asks about documents one after the other; each worker has its own.
type rawAsker struct {
	p      *Policies
	ctx    context.Context
	watch  *watch
	store  storage.Store
	txn    storage.Transaction
	seed   zeros
	cached cache.InterQueryCache

	learner learner
}

// zeros is chance that is the same in every run.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func (p *Policies) newAsker(ctx context.Context, w *watch) (*rawAsker, error) {
	data := maps.Clone(p.set.Data)
	if data == nil {
		data = map[string]any{}
	}
	if p.readsFile {
		own, _ := data["conftest"].(map[string]any)
		if own = maps.Clone(own); own == nil {
			own = map[string]any{}
		}
		data["conftest"] = own
	}
	a := &rawAsker{p: p, ctx: ctx, watch: w, learner: learner{p.opts.Redactor, map[ast.String]bool{}}, cached: cache.NewInterQueryCache(nil),
		store: inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(!p.readsFile))}
	var err error
	if a.txn, err = a.store.NewTransaction(ctx); err != nil {
		return nil, fmt.Errorf("open policy store: %w", err)
	}
	return a, nil
}

func (a *rawAsker) close() {
	if a != nil && a.txn != nil {
		a.store.Abort(a.ctx, a.txn)
	}
}

// about tells data.conftest.file of a file, if a policy may read it.
func (a *rawAsker) about(f *File) error {
	if !a.p.readsFile {
		return nil
	}
	abs, err := filepath.Abs(f.Path)
	if err != nil {
		return err
	}
	a.store.Abort(a.ctx, a.txn)
	err = storage.Txn(a.ctx, a.store, storage.WriteParams, func(txn storage.Transaction) error {
		return a.store.Write(a.ctx, txn, storage.AddOp, storage.Path{"conftest", "file"}, map[string]any{"name": filepath.Base(abs), "dir": filepath.Dir(abs)})
	})
	if err != nil {
		return err
	}
	a.txn, err = a.store.NewTransaction(a.ctx)
	return err
}

// errEnough ends an evaluation that has given what it was asked for.
var errEnough = errors.New("enough")

// run evaluates a query about a document under the limits, and hands on each result.
// Errors of built-ins go to errs if that is given; else the first of them is the error.
func (a *rawAsker) run(q *compiled, input *ast.Term, errs *[]topdown.Error, iter func(topdown.QueryResult) error) error {
	cancel := topdown.NewCancel()
	stop := a.watch.start(cancel)
	timer := time.AfterFunc(a.p.opts.Timeout, cancel.Cancel)
	defer timer.Stop()
	defer context.AfterFunc(a.ctx, cancel.Cancel)()
	query := topdown.NewQuery(q.body).
		WithCompiler(a.p.compiler).
		WithStore(a.store).
		WithTransaction(a.txn).
		WithInput(input).
		WithBuiltins(a.p.functions).
		WithMetrics(metrics.NoOp()).
		WithCancel(cancel).
		WithTime(a.p.opts.Now).
		WithSeed(a.seed).
		WithInterQueryBuiltinCache(a.cached)
	if q.compiler != nil {
		query = query.WithQueryCompiler(q.compiler)
	}
	if errs != nil {
		query = query.WithBuiltinErrorList(errs)
	} else {
		query = query.WithStrictBuiltinErrors(true)
	}
	err := query.Iter(a.ctx, iter)
	tooLarge := stop()
	switch {
	case err == nil || errors.Is(err, errEnough):
		return nil
	case tooLarge:
		return fmt.Errorf("memory ceiling of %d MiB exceeded", a.p.opts.Memory>>20)
	case topdown.IsCancel(err):
		if a.ctx.Err() != nil {
			return a.ctx.Err()
		}
		return fmt.Errorf("no answer within %s", a.p.opts.Timeout)
	}
	return err
}

// value returns the answer of a query, nil if it is undefined.
func (a *rawAsker) value(q *compiled, input *ast.Term, errs *[]topdown.Error) (*ast.Term, error) {
	var out *ast.Term
	err := a.run(q, input, errs, func(r topdown.QueryResult) error {
		out = r[answerVar]
		return nil
	})
	return out, err
}

// ruleAnswer is what one rule said about one document.
type ruleAnswer struct {
	entries []*ast.Term
	failed  []string // errors of the evaluation
}

// ask asks all rules of a namespace about a document at once. If that fails, one by one:
// an error of one hides nothing of another.
func (a *rawAsker) ask(s *space, document *ast.Term) (answers []ruleAnswer, excepted []string, failed string) {
	t, err := a.value(s.all, document, nil)
	if values, ok := arrayOf(t); err == nil && ok && values.Len() == len(s.policy.Rules)+1 {
		answers = make([]ruleAnswer, len(s.policy.Rules))
		for i, r := range s.policy.Rules {
			answers[i].take(r, values.Elem(i+1))
		}
		return answers, names(values.Elem(0)), ""
	}
	if s.policy.Excepts {
		q, err := s.except.get(func() (*compiled, error) { return a.p.valueQuery(exceptions(s.policy)) })
		if err == nil {
			t, err = a.value(q, document, nil)
			excepted = names(t)
		}
		if err != nil { // nothing is excepted then
			failed = describeError(err)
		}
	}
	answers = make([]ruleAnswer, len(s.policy.Rules))
	for i, r := range s.policy.Rules {
		q, err := s.apart[i].get(func() (*compiled, error) { return a.p.valueQuery(ruleTerm(s.policy, r)) })
		if err != nil {
			answers[i].failed = append(answers[i].failed, describeError(err))
			continue
		}
		var errs []topdown.Error
		t, err := a.value(q, document, &errs)
		if err != nil {
			answers[i].failed = append(answers[i].failed, describeError(err))
			continue
		}
		for _, e := range errs {
			if said := describeError(&e); !slices.Contains(answers[i].failed, said) {
				answers[i].failed = append(answers[i].failed, said)
			}
		}
		if t != nil {
			answers[i].take(r, t)
		}
	}
	return answers, excepted, failed
}

func arrayOf(t *ast.Term) (*ast.Array, bool) {
	if t == nil {
		return nil, false
	}
	v, ok := t.Value.(*ast.Array)
	return v, ok
}

// take reads the entries of a rule's value: a set or an array.
func (r *ruleAnswer) take(rule *control.PolicyRule, t *ast.Term) {
	if !rule.Sets {
		outer, _ := arrayOf(t)
		if outer.Len() == 0 {
			return
		}
		t = outer.Elem(0)
	}
	switch v := t.Value.(type) {
	case ast.Set:
		if v.Len() > 0 {
			r.entries = v.Slice()
		}
	case *ast.Array:
		v.Foreach(func(e *ast.Term) { r.entries = append(r.entries, e) })
	default:
		r.failed = append(r.failed, fmt.Sprintf("%s is %s here: want a set or an array of findings", rule.Name, described(t.Value)))
	}
}

// names are the strings of an array.
func names(t *ast.Term) []string {
	list, ok := arrayOf(t)
	if !ok {
		return nil
	}
	var out []string
	list.Foreach(func(e *ast.Term) {
		if s, ok := e.Value.(ast.String); ok {
			out = append(out, string(s))
		}
	})
	return out
}

// described names a value's type with its article.
func described(v ast.Value) string {
	switch name := ast.ValueName(v); name {
	case "null":
		return name
	case "array", "object":
		return "an " + name
	default:
		return "a " + name
	}
}
