package engine

import (
	"slices"

	"github.com/writ-policy/writ/engine/control"
)

// excluded is the key of what a control's not_applicable clauses alone depend on. If
// one of them holds, nothing else counts: most subjects are settled by the few values
// that these read. Ok is false where advice would count all the same.
func (m *memo) excluded(e *Engine, c *control.Control, it *item) (key memoKey, ok bool) {
	r, err := e.reading(c)
	if err != nil || !c.Has[control.NotApplicable] || c.Has[control.Warn] {
		return key, false
	}
	b := m.begin(r, it)
	b = appendGaps(m.appendSubject(append(b, 5), it, r.excludes.Subject, r.excludesAt), it, r.excludes.Subject)
	if len(r.excludes.Facts) > 0 {
		b = appendReached(b, e.reached(c, it), r.excludes)
	}
	m.buf = b
	return m.sum(c, b), true
}

// leaves returns the key of one exclusion that needs no other to be known.
func (m *memo) leaves(c *control.Control, r *reading, n int, it *item) memoKey {
	x := r.exits[n]
	b := append(m.begin(r, it), 6, byte(n))
	b = appendGaps(m.appendSubject(b, it, x.reads.Subject, x.at), it, x.reads.Subject)
	m.buf = b
	return m.sum(c, b)
}

// excludedBy returns the answer of a control that does not apply to a subject for a
// reason that was met before, nil if there is none.
func (m *memo) excludedBy(e *Engine, c *control.Control, it *item) *answer {
	clear(m.refs.handles) // of the control before
	r, err := e.reading(c)
	if err != nil {
		return nil
	}
	for n := range r.exits {
		if a := m.answers[m.leaves(c, r, n, it)]; a != nil {
			return a
		}
	}
	return nil
}

// exclude remembers why a control does not apply to a subject.
func (m *memo) exclude(e *Engine, c *control.Control, it *item, key memoKey, entries []*entry) {
	a := &answer{entries: map[string][]*entry{control.NotApplicable: entries}}
	m.put(key, a)
	r, err := e.reading(c)
	if err != nil {
		return
	}
	for n, x := range r.exits {
		if slices.ContainsFunc(entries, func(en *entry) bool { return en.msg == x.text }) {
			m.put(m.leaves(c, r, n, it), a)
		}
	}
}
