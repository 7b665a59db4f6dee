package cli

import (
	"fmt"
	"strconv"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// items hands on the facts of the kinds that a report draws, without secrets.
// Documents that broke their contract are not shown: nothing was judged by them.
func (j *judging) items() error {
	kinds := j.out.kinds()
	if len(kinds) == 0 {
		return nil
	}
	for _, d := range j.ses.docs {
		if !kinds[d.Kind] || len(j.ses.invalid[d]) > 0 {
			continue
		}
		kind := fact.LookupKind(d.Kind)
		for _, item := range d.Items {
			shown := shown(kind, j.ses.redactor, map[string]any(item), nil).(map[string]any)
			m := &finding.Message{Item: &finding.Item{Target: d.Target.ID, Kind: d.Kind, ID: fmt.Sprint(shown["id"]), Item: shown}}
			if err := j.out.Handle(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// shown is a value of an item without what its kind never shows and without
// secrets; the fact itself stays.
func shown(kind *fact.Kind, r *fact.Redactor, v any, segments []string) any {
	if len(segments) > 0 && kind.Sensitive(segments) {
		return "(sensitive)"
	}
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, m := range v {
			out[name] = shown(kind, r, m, append(segments, name))
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, m := range v {
			out[i] = shown(kind, r, m, append(segments, strconv.Itoa(i)))
		}
		return out
	}
	return r.Value(v)
}
