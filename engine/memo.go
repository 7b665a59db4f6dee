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
