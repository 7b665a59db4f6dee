package firewall

// verdict is what the filters decide of packets from one cell, in the order in which
// a client who may choose takes the best.
type verdict uint8

const (
	unreachable verdict = iota
	unknown
	conditional // it is so when members of a set have changed
	limited     // it is so as long as a rate is kept
	reachable
)

// recording is whether it is recorded: as for [logged], or not known.
type recording uint8

const recordingUnknown = recording(loggedKinds)

// answer is that of one cell; by is the number of a list of decisions.
type answer struct {
	verdict   verdict
	recording recording
	rate      uint16
	by        int32
}

const (
	anyLevel  = 1<<uint(levels*level(loggedKinds)) - 1
	plainOnly = 1<<uint(loggedKinds) - 1
)

// judge sums up the ways there are to get through and to be refused.
func judge(accept, deny uint16) verdict {
	at := func(ways uint16, l level) bool { return ways>>(uint(l)*uint(loggedKinds))&plainOnly != 0 }
	switch {
	case accept == 0:
		return unreachable
	case deny == 0:
		return reachable
	case at(accept, certain) && !at(deny, certain):
		return reachable // as long as members of sets stay
	case at(accept, certain):
		return unknown
	case at(accept, byRate):
		return limited
	case at(accept, later):
		return conditional
	}
	return unknown
}

// recordingOf sums up whether packets are recorded by the ways they go; by a limit's
// choice they are sampled.
func recordingOf(ways uint16) recording {
	var some, certainly [loggedKinds]bool
	doubt := ways>>(uint(later)*uint(loggedKinds)) != 0
	for k := notLogged; k < loggedKinds; k++ {
		for l := certain; l < levels; l++ {
			if ways&bitOf(l, k) != 0 {
				some[k] = true
				certainly[k] = certainly[k] || l <= byRate
			}
		}
	}
	n := 0
	only := notLogged
	for k, yes := range some {
		if yes {
			n, only = n+1, logged(k)
		}
	}
	switch {
	case n == 1:
		return recording(only)
	case doubt:
		return recordingUnknown
	case some[notLogged] && !some[sampled]:
		return recording(sampled)
	}
	return recording(sampled)
}

// goal is the end that packets are to reach.
type goal func(s sink) truth

// read sums up an outcome for a goal, for the cells that were asked about.
func (p *program) read(o *outcome, g goal, into []answer) {
	type part struct {
		*paint
		meets truth
	}
	var parts []part
	for i, s := range o.sinks {
		parts = append(parts, part{o.painted[i], g(s)})
	}
	var last struct{ accept, deny uint16 }
	sum := summary(0, 0)
	for _, r := range o.asked {
		for cell := r.lo; cell <= r.hi; cell++ {
			deny, accept, rate := o.deny.ways[cell], uint16(0), o.deny.rate(cell)
			for _, q := range parts {
				ways := q.ways[cell]
				if ways == 0 {
					continue
				}
				switch q.meets {
				case always:
					accept |= ways
				case never:
					deny |= ways
				default:
					both := doubted(ways)
					accept, deny = accept|both, deny|both
				}
				if n := q.rate(cell); n != 0 {
					rate = n
				}
			}
			if accept != last.accept || deny != last.deny {
				last.accept, last.deny = accept, deny
				key := uint32(accept)<<16 | uint32(deny)
				known, found := p.summaries[key]
				if !found {
					known = summary(accept, deny)
					p.summaries[key] = known
				}
				sum = known
			}
			a := sum
			a.by = o.by[cell]
			if a.recording == recording(sampled) {
				a.rate = rate
			}
			into[cell] = a
		}
	}
}

// summary is an answer as far as it follows from the ways there are.
func summary(accept, deny uint16) answer {
	a := answer{verdict: judge(accept, deny)}
	switch a.verdict {
	case unreachable:
		a.recording = recordingOf(deny)
	case unknown:
		a.recording = recordingOf(accept | deny)
	default:
		a.recording = recordingOf(accept)
	}
	return a
}

// doubted are ways as doubtful ones.
func doubted(ways uint16) (out uint16) {
	for l := certain; l < levels; l++ {
		for k := notLogged; k < loggedKinds; k++ {
			if ways&bitOf(l, k) != 0 {
				out |= bitOf(doubtful, k)
			}
		}
	}
	return out
}

// choose is the answer where the client has the choice: the best that it gets, and
// of equal ones the least recorded.
func (p *program) choose(a, b answer) answer {
	switch {
	case b.verdict > a.verdict:
		return b
	case b.verdict < a.verdict:
		return a
	}
	return p.together(a, b, a.verdict)
}

// either is the answer where it is not known which holds.
func (p *program) either(a, b answer) answer {
	v := a.verdict
	switch lo, hi := min(a.verdict, b.verdict), max(a.verdict, b.verdict); {
	case lo == hi:
	case lo >= limited:
		v = limited
	default:
		v = unknown
	}
	return p.together(a, b, v)
}

func (p *program) together(a, b answer, v verdict) answer {
	out := answer{verdict: v, recording: min(a.recording, b.recording), rate: a.rate, by: p.joint(a.by, b.by)}
	if a.recording != b.recording && (a.recording == recordingUnknown || b.recording == recordingUnknown || v == unknown) {
		out.recording = recordingUnknown
		if min(a.recording, b.recording) == recording(notLogged) && v != unknown {
			out.recording = recording(notLogged)
		}
	}
	switch {
	case out.recording != recording(sampled):
		out.rate = 0
	case b.rate != 0 && (a.rate == 0 || p.rates[b.rate] < p.rates[a.rate]):
		out.rate = b.rate
	}
	return out
}
