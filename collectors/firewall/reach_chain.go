package firewall

import (
	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// packet is what may change of a packet on its way, and what is known of the way.
type packet struct {
	address                      u128 // that is not open: the destination of what comes in
	mark, connMark               uint64
	out                          int // link; 0 is none yet
	port                         uint16
	state                        uint8 // of connection tracking; 0 is not known
	level                        level
	logged                       logged
	sampled                      uint16 // rate
	addressUnknown, portUnknown  bool
	markUnknown, connMarkUnknown bool
	outUnknown, natted           bool
	masked                       bool  // its source was rewritten
	sentElsewhere                truth // by a translation: it may leave all as it is
	portGiven                    bool  // by a translation
	here                         bool  // sent to this host, whatever the address
	altered                      bool  // by something not modelled: any field may have changed
}

// level is how far what becomes of a packet is certain.
type level uint8

const (
	certain  level = iota
	byRate         // it hangs on how many there are, or which of several is picked
	later          // it is so when members of a set have changed
	doubtful       // it hangs on what is not modelled
	levels
)

// logged is whether a packet was recorded on its way.
type logged uint8

const (
	notLogged logged = iota
	sampled
	recorded
	loggedKinds
)

// stream is packets that are alike but for the open address.
type stream struct {
	packet
	cellSet
}

// add joins a stream to those of a list that are alike.
func (ev *evaluation) add(list []stream, f stream) []stream {
	if f.empty() {
		ev.arena.release(f.cellSet)
		return list
	}
	for i := range list {
		if list[i].packet == f.packet {
			ev.arena.join(&list[i].cellSet, f.cellSet)
			return list
		}
	}
	if len(list) >= mostFlows {
		ev.give(f, "too many kinds of packets to tell apart")
		return list
	}
	return append(list, f)
}

// Bounds of one evaluation. Beyond them nothing is known of the packets that are left.
const (
	mostFlows = 256
	mostSteps = 20_000_000
	deepest   = 64
)

// run asks the rules of a chain in order and returns the packets that leave it at its
// end or by return.
func (ev *evaluation) run(cc *chainCode, live []stream, depth int) (back []stream) {
	if depth > deepest {
		for _, f := range live {
			ev.give(f, "chain "+cc.Name+" is jumped to without end")
		}
		return nil
	}
	var spare []stream
	for i := range cc.code {
		if len(live) == 0 {
			return back
		}
		k := &cc.code[i]
		met := false
		for j := range live {
			if ev.mayMeet(k, &live[j].packet) {
				met = true
				break
			}
		}
		if !met {
			continue
		}
		ev.steps += len(live)
		stay := spare[:0]
		for _, f := range live {
			if !ev.mayMeet(k, &f.packet) {
				stay = ev.add(stay, f)
				continue
			}
			w := walk{ev: ev, code: k, stay: stay, back: back, depth: depth}
			w.from(0, f)
			stay, back = w.stay, w.back
		}
		spare, live = live, stay
		if ev.steps > mostSteps {
			for _, f := range live {
				ev.give(f, "the rules take too many steps")
			}
			return back
		}
	}
	for _, f := range live {
		back = ev.add(back, f)
	}
	return back
}

func (ev *evaluation) mayMeet(k *code, pk *packet) bool {
	if pk.altered {
		return true
	}
	if k.protocol != 0 && k.protocol != ev.at.protocol {
		return false
	}
	return pk.portUnknown || k.portLo <= pk.port && pk.port <= k.portHi || k.portLo == 0 && k.portHi == 65535
}

// walk is one rule's statements over a stream. Packets go to the rule's verdict, stay
// for the next rule, or go back to where the chain was jumped from.
type walk struct {
	ev         *evaluation
	code       *code
	stay, back []stream
	depth      int
}

// from does the statements from the i-th on.
func (w *walk) from(i int, f stream) {
	ev := w.ev
	for ; i < len(w.code.steps); i++ {
		if f.empty() {
			break
		}
		s := &w.code.steps[i]
		switch st := s.Statement.(type) {
		case netfilter.Match:
			if !w.match(s.match, i, &f) {
				return
			}
		case netfilter.Map:
			i++
			if s.keys.changing || s.keys.unread {
				w.anything(f, "the members of map "+st.Set+" are not known")
				f = ev.with(f, doubtful)
				w.from(i, stream{f.packet, ev.arena.clone(f.cellSet)})
			}
			w.choose(s.keys, s.keys.rows, f, func(r row, g stream) {
				switch {
				case r.verdict == nil:
					w.from(i, stream{ev.with(g, doubtful).packet, ev.arena.clone(g.cellSet)})
				case r.verdict.Type == netfilter.Continue:
					w.from(i, g) // with the rule itself
					return
				}
				w.verdict(r.verdict, g)
			})
			return
		case netfilter.Verdict:
			if st.Type == netfilter.Continue {
				continue
			}
			w.verdict(s.jump, f)
			return
		case netfilter.Log:
			f.logged = max(f.logged, recorded)
		case netfilter.Limit:
			if s.rate != 0 {
				if f.logged < sampled {
					f.logged, f.sampled = sampled, s.rate
				}
				i = len(w.code.steps) // what follows only records
				continue
			}
			ev.blame(w.code, f.cellSet, byRate, "")
			f = ev.with(f, byRate)
			w.stay = ev.add(w.stay, stream{f.packet, ev.arena.clone(f.cellSet)})
		case netfilter.NAT:
			w.translate(s.nat, f)
			return
		case netfilter.Assign:
			assign(&f.packet, st)
		case netfilter.Untrack:
			if ev.early {
				f.state = netfilter.StateUntracked
			}
		case netfilter.Update:
		case netfilter.Opaque:
			f = w.opaque(st, f)
		}
	}
	w.stay = ev.add(w.stay, f)
}

// match keeps those packets in f that the rule goes on with; false if it goes on with
// none.
func (w *walk) match(m *matcher, i int, f *stream) bool {
	ev := w.ev
	if m.plain && !f.altered && !m.changing && ev.opens(m, f) {
		rest := stream{f.packet, ev.arena.carve(&f.cellSet, m.not)}
		w.stay = ev.add(w.stay, rest)
		return true
	}
	sure, may := ev.holds(m, &f.packet)
	no := stream{f.packet, ev.arena.carve(&f.cellSet, ev.outside(may))}
	if sure != may { // those for whom it may hold or not go both ways
		unsure := stream{f.packet, ev.arena.carve(&f.cellSet, ev.outside(sure))}
		if !unsure.empty() {
			ev.blame(w.code, unsure.cellSet, doubtful, "")
		}
		unsure = ev.with(unsure, doubtful)
		w.stay = ev.add(w.stay, stream{unsure.packet, ev.arena.clone(unsure.cellSet)})
		if !unsure.empty() {
			w.from(i+1, unsure)
		} else {
			ev.arena.release(unsure.cellSet)
		}
	}
	if m.changing {
		// Who is a member now may be none later, and the other way round; which it
		// is while rules add members themselves is not known even now.
		for _, g := range []stream{*f, no} {
			ev.blame(w.code, g.cellSet, later, "")
		}
		later1 := ev.with(stream{no.packet, ev.arena.clone(no.cellSet)}, later)
		later2 := ev.with(stream{f.packet, ev.arena.clone(f.cellSet)}, later)
		if m.filled {
			no, *f = ev.with(no, later), ev.with(*f, later)
		}
		w.stay = ev.add(w.stay, later2)
		if !later1.empty() {
			w.from(i+1, later1)
		} else {
			ev.arena.release(later1.cellSet)
		}
	}
	w.stay = ev.add(w.stay, no)
	if f.empty() {
		ev.arena.release(f.cellSet)
		return false
	}
	return true
}

// opens reports whether the open field is still as it was.
func (ev *evaluation) opens(m *matcher, f *stream) bool {
	switch m.fields[0] {
	case netfilter.OrigSource, netfilter.OrigDest:
		return f.state != netfilter.StateUntracked && !ev.early
	}
	return true
}

func (ev *evaluation) with(f stream, l level) stream {
	f.level = max(f.level, l)
	return f
}

// holds returns for which cells a match holds, certainly and perhaps; the two are
// the same part where that is certain.
func (ev *evaluation) holds(m *matcher, pk *packet) (sure, may *part) {
	if m.alien && !m.unread {
		return ev.none, ev.none
	}
	if len(m.fields) == 1 && m.fields[0] == netfilter.Status {
		answer, absent := ev.status(m, pk)
		if absent {
			return ev.absent(m, netfilter.Status)
		}
		if m.negate {
			answer = always - answer
		}
		return ev.sides(answer)
	}
	for i, f := range m.fields {
		if i == m.open {
			if f == netfilter.OrigSource || f == netfilter.OrigDest {
				if pk.state == netfilter.StateUntracked || ev.early {
					return ev.absent(m, f)
				}
			}
			continue
		}
		if _, absent := ev.field(f, pk); absent && !pk.altered {
			return ev.absent(m, f)
		}
	}
	if m.unread {
		return ev.none, ev.all
	}
	if m.open < 0 {
		answer := never
		for _, r := range m.rows {
			answer = max(answer, ev.row(m, r, pk))
			if answer == always {
				break
			}
		}
		if m.negate {
			answer = always - answer
		}
		return ev.sides(answer)
	}
	if pk.altered {
		return ev.none, ev.all
	}
	words, possible := make([]uint64, ev.arena.size), make([]uint64, ev.arena.size)
	differ := false
	for _, r := range m.rows {
		answer, in := ev.row(m, r, pk), ev.all
		if answer == never {
			continue
		}
		if !r.opaque && r.values[m.open].cells != nil {
			in = r.values[m.open].cells
		} else {
			answer = perhaps
		}
		if answer == perhaps {
			differ = true
		}
		for _, x := range ev.prog.cuts.runs(in) {
			setRun(possible, x)
			if answer == always {
				setRun(words, x)
			}
		}
	}
	sure = &part{bits: words}
	may = sure
	if differ {
		may = &part{bits: possible}
	}
	if m.negate {
		sure, may = ev.outside(may), ev.outside(sure)
		if !differ {
			may = sure
		}
	}
	return sure, may
}

// absent answers for a field that the packet does not have: nothing holds of it,
// negated or not. What iptables makes of a connection that is not there hangs on what
// else the rule asks.
func (ev *evaluation) absent(m *matcher, f netfilter.Field) (sure, may *part) {
	switch f {
	case netfilter.Status, netfilter.Direction, netfilter.OrigSource, netfilter.OrigDest, netfilter.OrigDestPort:
		if m.lenient {
			return ev.none, ev.all
		}
	}
	return ev.none, ev.none
}

func (ev *evaluation) sides(answer truth) (sure, may *part) {
	switch answer {
	case always:
		return ev.all, ev.all
	case perhaps:
		return ev.none, ev.all
	}
	return ev.none, ev.none
}

// row says whether an element holds as far as fields are not open.
func (ev *evaluation) row(m *matcher, r row, pk *packet) truth {
	if r.opaque {
		return perhaps
	}
	answer := always
	for i, cond := range r.values {
		if i == m.open {
			continue
		}
		one, _ := ev.fixed(m.fields[i], cond, m.mask, pk)
		if answer = and(answer, one); answer == never {
			break
		}
	}
	return answer
}

// outside is all other cells.
func (ev *evaluation) outside(p *part) *part {
	switch p {
	case ev.all:
		return ev.none
	case ev.none:
		return ev.all
	}
	return ev.prog.cuts.complement(p)
}

// choose gives the packets of each element of a map to f; those of none go on with
// the next rule.
func (w *walk) choose(m *matcher, rows []row, f stream, give func(row, stream)) {
	ev := w.ev
	for j, r := range rows {
		if f.empty() {
			break
		}
		one := *m
		one.rows, one.unread, one.plain = rows[j:j+1], false, false
		sure, may := ev.holds(&one, &f.packet)
		chosen := stream{f.packet, ev.arena.carve(&f.cellSet, may)}
		if may != sure { // it may as well be another element's, or nobody's
			unsure := stream{f.packet, ev.arena.carve(&chosen.cellSet, ev.outside(sure))}
			unsure = ev.with(unsure, doubtful)
			ev.blame(w.code, unsure.cellSet, doubtful, "")
			if c := ev.arena.clone(unsure.cellSet); !c.empty() {
				give(r, stream{unsure.packet, c})
			}
			w.choose(m, rows[j+1:], unsure, give)
		}
		if chosen.empty() {
			ev.arena.release(chosen.cellSet)
		} else {
			give(r, chosen)
		}
	}
	w.stay = ev.add(w.stay, f)
}

// verdict gives packets to a verdict.
func (w *walk) verdict(t *target, f stream) {
	ev := w.ev
	if t == nil {
		w.anything(f, "the verdict is not known")
		ev.arena.release(f.cellSet)
		return
	}
	switch t.Type {
	case netfilter.Accept:
		ev.accept(f, w.code)
	case netfilter.Drop, netfilter.Reject:
		ev.deny(f, w.code)
	case netfilter.Return:
		w.back = ev.add(w.back, f)
	case netfilter.Continue:
		w.stay = ev.add(w.stay, f)
	case netfilter.Jump, netfilter.Goto:
		if t.chain == nil {
			w.anything(f, "there is no chain "+t.Chain)
			ev.arena.release(f.cellSet)
			return
		}
		out := ev.run(t.chain, []stream{f}, w.depth+1)
		for _, g := range out {
			if t.Type == netfilter.Jump {
				w.stay = ev.add(w.stay, g)
			} else {
				w.back = ev.add(w.back, g)
			}
		}
	default: // queue, stolen: a program or another device decides
		ev.blame(w.code, f.cellSet, doubtful, "")
		f = ev.with(f, doubtful)
		ev.deny(stream{f.packet, ev.arena.clone(f.cellSet)}, w.code)
		ev.accept(f, w.code)
	}
}

// anything lets whatever verdict there is be given to packets, which the caller keeps.
func (w *walk) anything(f stream, reason string) {
	ev := w.ev
	if f.empty() {
		return
	}
	ev.blame(w.code, f.cellSet, doubtful, reason)
	f = ev.with(f, doubtful)
	copied := func() stream { return stream{f.packet, ev.arena.clone(f.cellSet)} }
	ev.accept(copied(), w.code)
	ev.deny(copied(), w.code)
	w.back = ev.add(w.back, copied())
	w.stay = ev.add(w.stay, copied())
}

// opaque does what a statement that is not modelled may do, and returns the packets
// that the rule goes on with.
func (w *walk) opaque(o netfilter.Opaque, f stream) stream {
	ev := w.ev
	if !o.Restricts && !o.Decides && !o.Alters {
		return f
	}
	ev.blame(w.code, f.cellSet, doubtful, o.Text+": "+o.Reason)
	if o.Alters {
		f.altered = true
	}
	if o.Decides {
		w.anything(f, o.Text+": "+o.Reason)
		return ev.with(f, doubtful)
	}
	if o.Restricts {
		f = ev.with(f, doubtful)
		w.stay = ev.add(w.stay, stream{f.packet, ev.arena.clone(f.cellSet)})
	}
	return f
}

func assign(pk *packet, a netfilter.Assign) {
	n, unknown := &pk.mark, &pk.markUnknown
	if a.Field == netfilter.ConnMark {
		n, unknown = &pk.connMark, &pk.connMarkUnknown
	}
	switch {
	case a.Unknown || *unknown && a.Mask&0xffffffff != 0xffffffff:
		*n, *unknown = 0, true
	default:
		*n, *unknown = (*n&^a.Mask^a.Value)&0xffffffff, false
	}
}
