package collectors

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/writ-policy/writ/engine/fact"
)

// Status says how a collector did.
type Status struct {
	Name     string
	Err      error
	Duration time.Duration
}

// Limit bounds one collector on one source.
const Limit = 5 * time.Minute

// Run runs the collectors that can read the source and returns their documents
// sorted by target and kind. A collector that fails, panics or exceeds its time
// leaves the others alone: for each kind it would have yielded, the kind has no
// document, and what depends on it is unknown. Its error is in the status.
func Run(ctx context.Context, list []Collector, scheme Scheme, env *Env) ([]*fact.Document, []Status) {
	var docs []*fact.Document
	var statuses []Status
	watch(list, scheme, env)
	for _, c := range list {
		if len(c.Yields(scheme)) == 0 {
			continue
		}
		start := time.Now()
		found, err := runOne(ctx, c, env)
		statuses = append(statuses, Status{Name: c.Name(), Err: err, Duration: time.Since(start)})
		docs = append(docs, found...)
	}
	for _, d := range docs {
		for i := range d.Sources {
			if d.Sources[i].SHA256 == "" {
				d.Sources[i].SHA256 = env.read[d.Sources[i].URI]
			}
		}
	}
	slices.SortStableFunc(docs, func(a, b *fact.Document) int {
		return cmp.Or(cmp.Compare(a.Target.ID, b.Target.ID), cmp.Compare(a.Kind, b.Kind))
	})
	return docs, statuses
}

func runOne(ctx context.Context, c Collector, env *Env) (docs []*fact.Document, err error) {
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			docs, err = nil, fmt.Errorf("collect %s: panic: %v\n%s", c.Name(), r, debug.Stack())
		}
	}()
	docs, err = c.Collect(ctx, env)
	if err != nil {
		return nil, fmt.Errorf("collect %s: %w", c.Name(), err)
	}
	return docs, nil
}

// Yields lists the kinds that a source of a scheme could yield, derived ones
// included, sorted.
func Yields(list []Collector, derivers []Deriver, schemes ...Scheme) []string {
	var kinds []string
	for _, c := range list {
		for _, s := range schemes {
			kinds = append(kinds, c.Yields(s)...)
		}
	}
	return Closure(kinds, derivers)
}

// Closure adds to kinds those that derivers could make of them, sorted.
func Closure(kinds []string, derivers []Deriver) []string {
	kinds = slices.Clone(kinds)
	for grown := true; grown; {
		grown = false
		for _, d := range derivers {
			if !slices.ContainsFunc(d.Needs(), func(k string) bool { return slices.Contains(kinds, k) }) {
				continue
			}
			for _, k := range d.Yields() {
				if !slices.Contains(kinds, k) {
					kinds = append(kinds, k)
					grown = true
				}
			}
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}
