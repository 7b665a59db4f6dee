package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// draw hands on the facts of the kinds that a report draws, without secrets.
// Documents that broke their contract are not shown: nothing was judged by them.
func (j *judging) draw(docs []*fact.Document, take func(*finding.Item) error) error {
	kinds := j.out.kinds()
	for _, d := range docs {
		if !kinds[d.Kind] || len(j.ses.invalid[d]) > 0 {
			continue
		}
		kind := fact.LookupKind(d.Kind)
		for _, item := range d.Items {
			shown := shown(kind, j.ses.redactor.At(kind, nil, map[string]any(item)), nil).(map[string]any)
			if err := take(&finding.Item{Target: d.Target.ID, Kind: d.Kind, ID: fmt.Sprint(shown["id"]), Item: shown}); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep holds back an item of a part.
func (j *judging) keep(it *finding.Item) error {
	j.drawn = append(j.drawn, it)
	return nil
}

// items hands on what is drawn, by target and kind: what parts kept, and what stands
// in documents that are still held.
func (j *judging) items() error {
	take := func(it *finding.Item) error { return j.out.Handle(&finding.Message{Item: it}) }
	if !j.parted {
		docs := slices.Clone(j.ses.docs)
		slices.SortStableFunc(docs, func(a, b *fact.Document) int {
			return cmp.Or(cmp.Compare(a.Target.ID, b.Target.ID), cmp.Compare(a.Kind, b.Kind))
		})
		return j.draw(docs, take)
	}
	slices.SortStableFunc(j.drawn, func(a, b *finding.Item) int {
		return cmp.Or(cmp.Compare(a.Target, b.Target), cmp.Compare(a.Kind, b.Kind))
	})
	for _, it := range j.drawn {
		it.Item, _ = j.ses.redactor.At(fact.LookupKind(it.Kind), nil, it.Item).(map[string]any) // secrets that other parts declare
		it.ID = fmt.Sprint(it.Item["id"])
		if err := take(it); err != nil {
			return err
		}
	}
	return nil
}

// shown is a value of an item without what its kind never shows; the fact itself
// stays.
func shown(kind *fact.Kind, v any, segments []string) any {
	if len(segments) > 0 && kind.Sensitive(segments) {
		return "(sensitive)"
	}
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, m := range v {
			out[name] = shown(kind, m, append(segments, name))
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, m := range v {
			out[i] = shown(kind, m, append(segments, strconv.Itoa(i)))
		}
		return out
	}
	return v
}
