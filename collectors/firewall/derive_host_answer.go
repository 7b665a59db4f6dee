package firewall

import (
	"slices"
	"strconv"
	"strings"
)

// hostExposure is who reaches a listener of a host.
type hostExposure struct {
	exposure
	machine *machine
	reached [2]*reached // IPv4, IPv6; nil for a family it does not have
	sibling *reached    // by IPv4, what listens on the same port
	groups  [2][]group
	lone    bool   // only the host itself has a route to it
	reason  string // why nothing is known
}

// group is sources with one answer.
type group struct {
	answer
	set    addrSet
	rules  []string // ids of rule facts
	why    string   // what it hangs on
	unless string   // why it may be otherwise
}

// settle sums up the answers as sets of sources.
func (h *hostExposure) settle(f *facts) {
	a := &h.admission
	for i, r := range h.reached {
		if r == nil {
			continue
		}
		if r.reason != "" {
			h.reason = r.reason
			a.everyone(r.reason)
			continue
		}
		h.groups[i] = h.gather(f, r, i == 1)
		for _, g := range h.groups[i] {
			one := bounds{}
			switch g.verdict {
			case reachable, limited:
				one = exactly(ofFamily(g.set, i == 1))
			case conditional, unknown:
				one = possibly(ofFamily(g.set, i == 1))
				a.because(g.why)
			case unreachable:
				if past := h.past(); past != "" { // by netfilter alone
					one = possibly(ofFamily(g.set, i == 1))
					a.because("what may send packets past netfilter is not modelled: " + past)
				}
			}
			a.bounds = a.bounds.union(one)
			for _, id := range g.rules {
				if rule := f.everyRule[h.target.ID+"#"+id]; rule != nil && g.verdict != unreachable {
					a.deciders = append(a.deciders, decider{rule, one})
				}
			}
		}
	}
}

func ofFamily(s addrSet, v6 bool) sources {
	if v6 {
		return sources{v6: s}
	}
	return sources{v4: s}
}

// gather joins cells with the same answer.
func (h *hostExposure) gather(f *facts, r *reached, v6 bool) []group {
	p := h.machine.programs[0]
	if v6 {
		p = h.machine.programs[1]
	}
	at := map[answer]int{}
	var list []group
	for cell := 0; cell < len(r.answers); {
		end := cell + 1
		for end < len(r.answers) && r.answers[end] == r.answers[cell] {
			end++
		}
		key := r.answers[cell]
		i, found := at[key]
		if !found {
			i = len(list)
			at[key] = i
			list = append(list, group{answer: key})
		}
		list[i].set = append(list[i].set, p.cuts.span(run{int32(cell), int32(end - 1)}))
		cell = end
	}
	for i := range list {
		list[i].rules = h.deciding(f, p, list[i])
		list[i].why = r.why(p, list[i])
	}
	return h.merge(list)
}

// merge joins groups that come to the same.
func (h *hostExposure) merge(list []group) []group {
	var out []group
	at := map[string]int{}
	for _, g := range list {
		key := strings.Join(append([]string{strconv.Itoa(int(g.verdict)), strconv.Itoa(int(g.recording)), strconv.Itoa(int(g.rate)), g.why}, g.rules...), "\x00")
		if i, found := at[key]; found {
			out[i].set = out[i].set.union(g.set)
			continue
		}
		at[key] = len(out)
		out = append(out, g)
	}
	for i := range out {
		out[i].set = normal(slices.Clone(out[i].set))
	}
	return out
}

// deciding are the rules whose verdict a group's answer is.
func (h *hostExposure) deciding(f *facts, p *program, g group) []string {
	var ids []string
	for _, d := range p.list(g.by) {
		if d.rule < 0 || d.accept && g.verdict == unreachable || !d.accept && g.verdict == reachable {
			continue
		}
		k := p.rules[d.rule]
		id := k.ID
		if s := p.spaceOf(k); s != "" {
			id = s + "/" + id
		}
		if f.everyRule[h.target.ID+"#"+id] != nil {
			ids = append(ids, id)
			continue
		}
		for n := 1; f.everyRule[h.target.ID+"#"+id+"/"+strconv.Itoa(n)] != nil; n++ { // of a map of verdicts
			one := f.everyRule[h.target.ID+"#"+id+"/"+strconv.Itoa(n)]
			if one.accept == d.accept || one.accept == one.refuse {
				ids = append(ids, id+"/"+strconv.Itoa(n))
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// spaceOf is the namespace that a rule is in.
func (p *program) spaceOf(k *code) string {
	for _, s := range p.spaces {
		if slices.Contains(s.tables, k.chain.table) {
			return s.name
		}
	}
	return ""
}

// why says what an answer hangs on: the first cause that is about any of its cells.
func (r *reached) why(p *program, g group) string {
	want := doubtful
	switch g.verdict {
	case reachable, unreachable:
		return ""
	case limited:
		want = byRate
	case conditional:
		want = later
	}
	for i, c := range r.causes {
		if c.level != want || !p.cuts.set(r.doubts[i]).meets(g.set) {
			continue
		}
		if c.rule < 0 {
			return c.reason
		}
		k := p.rules[c.rule]
		text := k.Text
		if text == "" {
			text = k.ID
		}
		if c.reason != "" {
			text += " (" + c.reason + ")"
		}
		return text
	}
	return "not all rules are certain"
}
