package engine

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
)

// missing says why a control cannot be asked about a subject at all: a kind it
// needs was not collected for the system, or is invalid.
func (e *Engine) missing(c *control.Control, it *item) []string {
	var reasons []string
	s := it.group.system
	for _, kind := range c.Facts {
		switch {
		case s.bad[kind]:
			reasons = append(reasons, fmt.Sprintf("the facts of kind %s are invalid", kind))
		case !s.kinds[kind]:
			reasons = append(reasons, fmt.Sprintf("facts of kind %s were not collected", kind))
		}
	}
	for _, kind := range c.MayRead {
		if s.bad[kind] {
			reasons = append(reasons, fmt.Sprintf("the facts of kind %s are invalid", kind))
		}
	}
	return reasons
}

// touchesGap reports whether any clause of a control may read a gap: then it is
// asked clause by clause.
func (e *Engine) touchesGap(c *control.Control, it *item) bool {
	if len(it.gaps) > 0 {
		return true
	}
	for _, kind := range c.Kinds() {
		if it.group.system.gaps[kind] {
			return true
		}
	}
	return false
}

// undecided returns the reasons why what a clause reads is not known: a path of
// the subject meets a gap of the subject, or a path of a kind meets a gap of a
// reached fact of that kind.
func (e *Engine) undecided(reads control.Reads, c *control.Control, it *item) []string {
	var reasons []string
	note := func(where string, g gap) {
		reason := fmt.Sprintf("%s%s is not known: %s", where, strings.Join(g.segments, "."), g.reason)
		for _, r := range reasons {
			if r == reason {
				return
			}
		}
		reasons = append(reasons, reason)
	}
	for _, g := range it.gaps {
		if control.Meets(reads.Subject, g.segments) {
			note("", g)
		}
	}
	if len(reads.Facts) == 0 {
		return reasons
	}
	for _, other := range e.reached(c, it) {
		paths := reads.OfKind(other.group.key.kind)
		for _, g := range other.gaps {
			if control.Meets(paths, g.segments) {
				note(other.group.key.kind+" "+other.fact.ID()+": ", g)
			}
		}
	}
	return reasons
}

// reached returns the facts a subject reaches through references, over the kinds
// the control may look up, in the order reached.
func (e *Engine) reached(c *control.Control, it *item) []*item {
	var out []*item
	seen := map[*item]bool{it: true}
	queue := []*item{it}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		k := fact.LookupKind(next.group.key.kind)
		if k == nil {
			continue
		}
		for _, f := range k.Fields {
			if f.Ref == "" || !c.Reads(f.Ref) {
				continue
			}
			for _, ref := range references(map[string]any(next.fact), strings.Split(f.Path, ".")) {
				other := it.group.system.byRef[f.Ref][ref]
				if other != nil && !seen[other] {
					seen[other] = true
					out = append(out, other)
					queue = append(queue, other)
				}
			}
		}
	}
	return out
}

// references collects the strings at a dotted path; "name[]" descends into the
// elements of an array.
func references(v any, path []string) []string {
	if len(path) == 0 {
		var out []string
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case []any:
			for _, e := range v {
				out = append(out, references(e, nil)...)
			}
		}
		return out
	}
	name, each := strings.CutSuffix(path[0], "[]")
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	if !each {
		return references(m[name], path[1:])
	}
	var out []string
	list, _ := m[name].([]any)
	for _, e := range list {
		out = append(out, references(e, path[1:])...)
	}
	return out
}

// at resolves segments below a value; ok is false if nothing is there.
func at(v any, segments []string) (any, bool) {
	for _, s := range segments {
		switch x := v.(type) {
		case map[string]any:
			m, ok := x[s]
			if !ok {
				return nil, false
			}
			v = m
		case []any:
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 || n >= len(x) {
				return nil, false
			}
			v = x[n]
		default:
			return nil, false
		}
	}
	return v, true
}
