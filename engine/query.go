package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/writ-policy/writ/engine/control"
)

// queries holds what is prepared: one array-literal query over all entry points
// of a kind, and on demand one for each clause. Nothing is prepared per subject.
type queries struct {
	e      *Engine
	mu     sync.Mutex
	batch  map[string]*batch
	single map[string]*single
}

// batch asks every set of every control of a kind at once.
type batch struct {
	once     sync.Once
	controls []*control.Control
	slots    []slot
	prepared rego.PreparedEvalQuery
	err      error
}

// slot is a place in the batch's array.
type slot struct {
	control int
	set     string
}

type single struct {
	once     sync.Once
	prepared rego.PreparedEvalQuery
	err      error
}

func newQueries(e *Engine) *queries {
	return &queries{e: e, batch: map[string]*batch{}, single: map[string]*single{}}
}

// forKind returns the batch of a kind.
func (q *queries) forKind(ctx context.Context, kind string) *batch {
	q.mu.Lock()
	b := q.batch[kind]
	if b == nil {
		b = &batch{controls: q.e.controls[kind]}
		q.batch[kind] = b
	}
	q.mu.Unlock()
	q.prepareBatch(ctx, b)
	return b
}

func (q *queries) prepareBatch(ctx context.Context, b *batch) {
	b.once.Do(func() {
		array := []*ast.Term{}
		for i, c := range b.controls {
			for _, set := range control.Sets {
				if c.Has[set] {
					b.slots = append(b.slots, slot{i, set})
					array = append(array, ast.NewTerm(c.Package().Append(ast.StringTerm(set))))
				}
			}
		}
		b.prepared, b.err = q.prepare(ctx, q.e.compiler, ast.ArrayTerm(array...))
	})
}

// forControl returns the batch of one control alone.
func (q *queries) forControl(ctx context.Context, c *control.Control) *batch {
	q.mu.Lock()
	b := q.batch[c.ID]
	if b == nil {
		b = &batch{controls: []*control.Control{c}}
		q.batch[c.ID] = b
	}
	q.mu.Unlock()
	q.prepareBatch(ctx, b)
	return b
}

// forRule returns the query of one clause's entry point or body, in the
// control's own compiler.
func (q *queries) forRule(ctx context.Context, a *control.Apart, ref ast.Ref) *single {
	name := ref.String()
	q.mu.Lock()
	s := q.single[name]
	if s == nil {
		s = &single{}
		q.single[name] = s
	}
	q.mu.Unlock()
	s.once.Do(func() { s.prepared, s.err = q.prepare(ctx, a.Compiler, ast.NewTerm(ref)) })
	return s
}

func (q *queries) prepare(ctx context.Context, compiler *ast.Compiler, t *ast.Term) (rego.PreparedEvalQuery, error) {
	return rego.New(
		rego.Compiler(compiler),
		rego.Store(q.e.store),
		rego.Transaction(q.e.txn),
		rego.ParsedQuery(ast.NewBody(ast.NewExpr(t))),
		rego.StrictBuiltinErrors(true),
		rego.GenerateJSON(func(t *ast.Term, _ *rego.EvalContext) (any, error) { return t, nil }),
	).PrepareForEval(ctx)
}

// asker evaluates prepared queries under a deadline and the memory ceiling. Each
// worker has its own.
type asker struct {
	e     *Engine
	watch *watch
	memo  memo
}

// ask returns the query's value, nil if it is undefined.
func (a *asker) ask(ctx context.Context, q rego.PreparedEvalQuery, input ast.Value) (*ast.Term, error) {
	cancel := topdown.NewCancel()
	stop := a.watch.start(cancel)
	timer := time.AfterFunc(a.e.opts.Timeout, cancel.Cancel)
	defer timer.Stop()
	rs, err := q.Eval(ctx,
		rego.EvalParsedInput(input),
		rego.EvalTransaction(a.e.txn),
		rego.EvalMetrics(metrics.NoOp()),
		rego.EvalExternalCancel(cancel),
		rego.EvalTime(a.e.opts.Now),
		rego.EvalSortSets(true),
	)
	tooLarge := stop()
	switch {
	case err != nil && tooLarge:
		return nil, fmt.Errorf("memory ceiling of %d MiB exceeded", a.e.opts.Memory>>20)
	case err != nil && topdown.IsCancel(err):
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("no answer within %s", a.e.opts.Timeout)
	case err != nil:
		return nil, err
	case len(rs) == 0:
		return nil, nil
	}
	t, _ := rs[0].Expressions[0].Value.(*ast.Term)
	return t, nil
}
