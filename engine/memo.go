package engine

import (
	"encoding/binary"
	"hash/maphash"
	"slices"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
)

// memo remembers the answers that a worker got. A control's answer is a function
// of what its rules read: of the values at those paths of the subject and of the
// facts it reaches, of the gaps there, of the target if they name it, and of what is the same for
// the whole run. So of a thousand alike subjects one is asked. What rules read is
// found by the walker of engine/control, whose tests change every value that it
// says is not read and see no other answer.
//
// Of a key two keyed 64-bit hashes are kept: two keys that differ have the same
// hashes with a chance of 2^-128, whatever is in them, since the seeds are the
// process's secret.
type memo struct {
	answers map[memoKey]*answer
	seeds   [2]maphash.Seed
	buf     []byte // of a key
	value   []byte // of what stands at one path
	// What stands at paths of the subject, by their numbers: several controls read
	// the same. Those of another turn are of another subject.
	read []hashed
	turn uint64
	refs references
}

type hashed struct {
	turn uint64
	sum  [2]uint64
}

type memoKey struct {
	control *control.Control
	sum     [2]uint64
}

// memoKeys are the keys under which one answer may be remembered.
type memoKeys struct{ excluded, plain, full memoKey }

// maxAnswers bounds a worker's memo; beyond it the memo starts anew.
const maxAnswers = 1 << 18

func newMemo() memo {
	return memo{answers: map[memoKey]*answer{}, seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
}

// reading is what the clauses of a control read, put together once.
type reading struct {
	decides  control.Reads // which entries there are: bodies, keys, severities, helpers that may be undefined
	all      control.Reads // and what entries show
	excludes control.Reads // all that not_applicable clauses read
	exits    []exit        // those of them that are told by their entry
	// numbers of their paths of the subject
	decidesAt, allAt, excludesAt []int
	handles                      map[string]bool // members that hold references which only look facts up
	target                       bool            // what input.target says may decide
	fields                       []string        // members of the subject that are read; nil is all
	shows                        map[string]bool // sets of which an entry shows what does not decide
}

// exit is a not_applicable clause that holds wherever its text is among the entries.
type exit struct {
	text  string
	reads control.Reads
	at    []int
}

// keys stand for what a control's answer on a subject depends on: plain for one
// whose entries show nothing but what decides (most pass, or do not apply), full
// for any. Ok is false if it is not known what the control reads.
func (m *memo) keys(e *Engine, c *control.Control, it *item) (plain, full memoKey, ok bool) {
	r, err := e.reading(c)
	if err != nil {
		return plain, full, false
	}
	var reached []*item
	if len(c.Facts)+len(c.MayRead) > 0 {
		reached = e.reached(c, it)
	}
	m.refs.of(r, c, it, reached)
	b := m.begin(r, it)
	b = appendGaps(m.appendSubject(b, it, r.decides.Subject, r.decidesAt), it, r.all.Subject)
	for i, other := range reached {
		kind := other.group.key.kind
		b = append(append(append(b, 1), kind...), 0)
		before := len(b)
		b = appendGaps(b, other, r.all.OfKind(kind))
		if m.refs.named[i] || len(b) > before { // a gap's reason says whose it is
			b = append(append(b, 7), other.ref()...)
		}
		b = appendReads(append(b, 0), other, r.decides.OfKind(kind))
	}
	plain = m.sum(c, b)
	if len(r.shows) == 0 {
		m.buf = b
		return plain, plain, true
	}
	b = m.appendSubject(append(b, 4), it, r.all.Subject, r.allAt)
	for _, other := range reached {
		b = appendReads(append(b, 1), other, r.all.OfKind(other.group.key.kind))
	}
	m.buf = b
	return plain, m.sum(c, b), true
}

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

// appendReached writes what is read of the facts that a subject reaches.
func appendReached(b []byte, reached []*item, reads control.Reads) []byte {
	for _, other := range reached {
		kind := other.group.key.kind
		b = append(append(b, 1), other.ref()...)
		b = append(append(b, 0), kind...)
		b = appendGaps(appendReads(append(b, 0), other, reads.OfKind(kind)), other, reads.OfKind(kind))
	}
	return b
}

// begin starts a key with what of the target decides.
func (m *memo) begin(r *reading, it *item) []byte {
	b := m.buf[:0]
	if r.target {
		b = append(append(append(b, it.group.target.ID...), 0), it.group.target.Environment...)
		b = append(b, 0)
	}
	return b
}

// next begins another subject.
func (m *memo) next() { m.turn++ }

// appendSubject writes hashes of the values at paths of the subject.
func (m *memo) appendSubject(b []byte, it *item, paths []control.Path, at []int) []byte {
	for i, p := range paths {
		if len(p) == 2 && p[1] == "*" {
			if list, ok := m.refs.handles[p[0]]; ok {
				b = append(append(b, 8, byte(len(list)), byte(len(list)>>8), byte(len(list)>>16)), list...)
				continue
			}
		}
		for at[i] >= len(m.read) {
			m.read = append(m.read, hashed{})
		}
		h := &m.read[at[i]]
		if h.turn != m.turn {
			m.value = appendAt(m.value[:0], map[string]any(it.fact), p)
			*h = hashed{m.turn, [2]uint64{maphash.Bytes(m.seeds[0], m.value), maphash.Bytes(m.seeds[1], m.value)}}
		}
		b = binary.LittleEndian.AppendUint64(b, h.sum[0])
		b = binary.LittleEndian.AppendUint64(b, h.sum[1])
	}
	return b
}

func (m *memo) sum(c *control.Control, b []byte) memoKey {
	return memoKey{c, [2]uint64{maphash.Bytes(m.seeds[0], b), maphash.Bytes(m.seeds[1], b)}}
}

// plain reports whether an answer holds nothing that its deciding values do not
// determine.
func (r *reading) plain(a *answer) bool {
	for set := range a.entries {
		if r.shows[set] {
			return false
		}
	}
	return len(a.failed) == 0
}

func (m *memo) put(key memoKey, a *answer) {
	if len(m.answers) >= maxAnswers {
		clear(m.answers)
	}
	m.answers[key] = a
}

// reading is what a control's clauses read, computed once.
func (e *Engine) reading(c *control.Control) (*reading, error) {
	e.readsMu.RLock()
	r := e.readings[c]
	e.readsMu.RUnlock()
	if r != nil {
		return r, nil
	}
	rules, err := c.Rules()
	if err != nil {
		return nil, err
	}
	r = &reading{shows: map[string]bool{}, target: c.ReadsTarget(), handles: c.Handles()}
	for _, rule := range rules {
		r.decides.Add(rule.Decides)
		r.decides.Add(rule.Builds)
	}
	r.all.Add(r.decides)
	for _, rule := range rules {
		r.all.Add(rule.Shows)
		if rule.Set == control.NotApplicable {
			r.excludes.Add(rule.Decides)
			r.excludes.Add(rule.Builds)
			r.excludes.Add(rule.Shows)
		}
		if !r.decides.Holds(rule.Shows) {
			r.shows[rule.Set] = true
		}
	}
	r.fields = fields(r.all.Subject)
	// Which exclusions hold beside the one matters only where they are shown.
	if exits, err := c.Exclusions(); err == nil && !e.opts.All && !c.Has[control.Warn] {
		for _, text := range fact.SortedKeys(exits) {
			var reads control.Reads
			reads.Add(exits[text].Decides)
			reads.Add(exits[text].Builds)
			if len(reads.Facts) == 0 {
				r.exits = append(r.exits, exit{text: text, reads: reads})
			}
		}
	}
	e.readsMu.Lock()
	defer e.readsMu.Unlock()
	for i := range r.exits {
		r.exits[i].at = e.numbers(r.exits[i].reads.Subject)
	}
	r.decidesAt, r.allAt, r.excludesAt = e.numbers(r.decides.Subject), e.numbers(r.all.Subject), e.numbers(r.excludes.Subject)
	e.readings[c] = r
	return r, nil
}

// numbers gives each path one number for the whole run.
func (e *Engine) numbers(paths []control.Path) []int {
	out := make([]int, len(paths))
	for i, p := range paths {
		name := p.String()
		n, ok := e.pathNumbers[name]
		if !ok {
			n = len(e.pathNumbers)
			e.pathNumbers[name] = n
		}
		out[i] = n
	}
	return out
}

// fields are the members of a subject that paths begin with; nil if one of them
// reads the subject as a whole.
func fields(paths []control.Path) []string {
	names := []string{}
	for _, p := range paths {
		if len(p) == 0 || p[0] == "*" || p[0] == "#" {
			return nil
		}
		if !slices.Contains(names, p[0]) {
			names = append(names, p[0])
		}
	}
	return names
}

// appendReads writes the values at paths.
func appendReads(b []byte, it *item, paths []control.Path) []byte {
	for _, p := range paths {
		b = append(appendAt(b, map[string]any(it.fact), p), 2)
	}
	return b
}

// appendGaps writes the gaps that paths meet.
func appendGaps(b []byte, it *item, paths []control.Path) []byte {
	for _, g := range it.gaps {
		if control.Meets(paths, g.segments) {
			b = append(b, 3)
			for _, s := range g.segments {
				b = append(append(b, s...), 0)
			}
			b = append(b, g.reason...)
		}
	}
	return b
}

// appendAt writes what stands at a path below a value: with "*" at each element,
// with "#" what the value is and which members it has.
func appendAt(b []byte, v any, path control.Path) []byte {
	if len(path) == 0 {
		return fact.AppendCanonical(b, v)
	}
	switch x := v.(type) {
	case map[string]any:
		switch path[0] {
		case "#", "*":
			names := make([]string, 0, len(x))
			for name := range x {
				names = append(names, name)
			}
			slices.Sort(names)
			b = append(b, '{')
			for _, name := range names {
				b = append(append(b, name...), 0)
				if path[0] == "*" {
					b = append(appendAt(b, x[name], path[1:]), 0)
				}
			}
			return append(b, '}')
		}
		m, ok := x[path[0]]
		if !ok {
			return append(b, '!')
		}
		return appendAt(b, m, path[1:])
	case []any:
		b = append(append(b, '['), byte(len(x)), byte(len(x)>>8), byte(len(x)>>16))
		if path[0] == "#" {
			return b
		}
		// "*", or one index of several: all elements are the safe reading.
		for _, m := range x {
			b = append(appendAt(b, m, path[1:]), 0)
		}
		return b
	}
	return fact.AppendCanonical(b, v)
}
