package firewall

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/vpc"
)

// query asks who may reach a port range with a protocol. A part that is not
// known is asked for everything it may be, and nothing of the answer is certain.
type query struct {
	protocol   string // "" where it is not known
	from, to   int
	portsKnown bool
}

func (q query) certain() bool { return q.protocol != "" && q.portsKnown }

// meets says whether a rule concerns the query: certainly, or perhaps.
func (q query) meets(r region) (certainly, perhaps bool) {
	protocol := r.protocol == vpc.Any || r.protocol == q.protocol && q.protocol != ""
	perhapsProtocol := protocol || r.protocol == "" || q.protocol == ""
	overlap := r.protocol == vpc.Any || !q.portsKnown || r.from <= q.to && q.from <= r.to
	perhaps = perhapsProtocol && overlap
	certainly = protocol && overlap && q.certain() && (r.portsKnown || r.protocol == vpc.Any) && r.certain
	return certainly, perhaps
}

// decider is a rule's part in an answer.
type decider struct {
	rule *filterRule
	bounds
}

// groupSource are the members of a security group, whose addresses are not
// known. An empty name is a group that is not known itself.
type groupSource struct {
	name    string
	certain bool
	rules   []string
}

// admission is who a filter lets in, and by which rules.
type admission struct {
	bounds
	groups   []groupSource
	deciders []decider
	reasons  []string // why something is not certain
}

func (a *admission) because(reason string) {
	if reason != "" && !slices.Contains(a.reasons, reason) {
		a.reasons = append(a.reasons, reason)
	}
}

// add lets in what a rule matches; sum must follow.
func (a *admission) add(r *filterRule, q query) {
	certainly, perhaps := q.meets(r.region)
	if !r.accept || !perhaps {
		return
	}
	peers := r.peers
	if !certainly {
		peers = peers.uncertain()
	}
	if !certainly || !peers.must.covers(peers.may) || r.unknownGroups {
		a.because(r.uncertainty())
	}
	a.deciders = append(a.deciders, decider{r, peers})
	for _, g := range r.groups {
		a.addGroup(groupSource{g, certainly, []string{r.ref()}})
	}
	if r.unknownGroups {
		a.addGroup(groupSource{"", false, []string{r.ref()}})
	}
}

// sum adds up what the deciding rules let in.
func (a *admission) sum() {
	list := make([]bounds, 0, len(a.deciders)+1)
	list = append(list, a.bounds)
	for _, d := range a.deciders {
		list = append(list, d.bounds)
	}
	a.bounds = unionOfBounds(list)
}

func (a *admission) addGroup(g groupSource) {
	for i := range a.groups {
		if a.groups[i].name == g.name {
			a.groups[i].certain = a.groups[i].certain || g.certain
			a.groups[i].rules = append(a.groups[i].rules, g.rules...)
			return
		}
	}
	a.groups = append(a.groups, g)
}

// uncertainty is the first reason the rule's document gives for a gap in it.
func (r *filterRule) uncertainty() string {
	prefix := r.pointer() + "/"
	for _, g := range r.doc.Unobserved {
		if len(g.Pointer) > len(prefix) && g.Pointer[:len(prefix)] == prefix {
			return r.item.ID() + ": " + g.Reason
		}
	}
	if list, ok := objectsOf(r.item, "opaque"); ok && len(list) > 0 {
		reason, _ := textOf(list[0], "reason")
		return r.item.ID() + ": " + reason
	}
	return r.item.ID() + " is not certain to match"
}

// doubt takes the certainty from all of it.
func (a *admission) doubt(reason string) {
	a.bounds = a.bounds.uncertain()
	for i := range a.groups {
		a.groups[i].certain = false
	}
	a.because(reason)
}

// everyone lets everybody in, perhaps.
func (a *admission) everyone(reason string) {
	a.bounds = a.bounds.union(possibly(allSources()))
	a.because(reason)
}

// ofGroup is who the rules of a security group let in: the union of what each
// admits. Rules whose group is not known may be among them.
func (f *facts) ofGroup(ref string, q query) admission {
	var a admission
	c := f.chains[ref]
	if c == nil {
		a.everyone(ref + " was not collected")
		return a
	}
	if c.prioritised() {
		return f.throughPriorities(c, q)
	}
	for _, o := range c.opaque {
		a.everyone(o)
	}
	if c.defaultAccept {
		a.bounds = exactly(allSources())
	}
	for _, r := range f.rules[ref] {
		a.add(r, q)
	}
	for _, r := range f.loose[c.doc.Target.ID] {
		if r.mayBeGroup() {
			a.add(r.perhaps(), q)
		}
	}
	a.sum()
	if c.item["product"] == nil { // its rules may refuse, and be asked in an order
		a.doubt(c.why("product"))
	}
	return a
}

// perhaps is the rule where it is not known to be in the chain.
func (r *filterRule) perhaps() *filterRule {
	c := *r
	c.certain, c.peers = false, r.peers.uncertain()
	return &c
}

// union merges the admissions of several groups in front of one thing: each
// lets in what it lets in.
func (a admission) union(b admission) admission {
	a.bounds = a.bounds.union(b.bounds)
	a.deciders = append(slices.Clip(a.deciders), b.deciders...)
	for _, g := range b.groups {
		a.addGroup(g)
	}
	for _, r := range b.reasons {
		a.because(r)
	}
	return a
}

// ofACL is who a stateless filter lets through: in by its input chain, and with
// some port of their own choice back out by its output chain.
func (f *facts) ofACL(refs []string, q query) (bounds, []decider) {
	all := exactly(allSources())
	var deciders []decider
	for _, ref := range refs {
		c := f.chains[ref]
		if c == nil || c.hook == "" || c.product == "" {
			all = bounds{may: all.may}
			continue
		}
		part := q
		if c.hook == "output" {
			part.from, part.to, part.portsKnown = 0, 65535, true
		}
		one, by := f.paint(c, part)
		if c.hook != "output" {
			deciders = append(deciders, by...)
		}
		all = all.intersect(one)
	}
	return all, deciders
}

// paint runs an ordered chain over all peers for each part of the port range in
// which its rules do not change, and returns who some port admits. In each part
// the first rule that matches a peer decides it; the paint carries on with those
// who certainly have not been refused and those who possibly are undecided.
func (f *facts) paint(c *filterChain, q query) (bounds, []decider) {
	rules := f.byPriority(c)
	disorder := false
	for _, r := range rules {
		disorder = disorder || !r.ordered()
	}
	var admitted bounds
	var deciders []decider
	for _, cell := range portCells(rules, q) {
		left := exactly(allSources())
		for _, r := range rules {
			certainly, perhaps := cell.meets(r.region)
			if !perhaps {
				continue
			}
			match := r.peers
			if !certainly || disorder {
				match = match.uncertain()
			}
			carved := left.intersect(match)
			if r.accept {
				if r.refuse {
					carved = carved.uncertain()
				}
				admitted = admitted.union(carved)
				deciders = append(deciders, decider{r, carved})
			}
			// Whom an allow rule only may match is admitted by it or still there.
			decided := match.must
			if r.refuse {
				decided = match.may
			}
			left = bounds{left.must.minus(decided), left.may.minus(match.must)}
			if r.refusesMembers() {
				left.must = left.must.minus(internal()) // members have addresses inside, but which is not known
			}
		}
		if c.defaultAccept {
			admitted = admitted.union(left)
		}
	}
	switch {
	case c.unsure || disorder:
		admitted = possibly(allSources())
	case len(c.opaque) > 0:
		admitted = admitted.union(possibly(allSources()))
	}
	return admitted, deciders
}

// portCells cuts a query's range where a rule begins or ends.
func portCells(rules []*filterRule, q query) []query {
	if !q.portsKnown {
		return []query{q}
	}
	cuts := []int{q.from, q.to + 1}
	for _, r := range rules {
		for _, p := range []int{r.from, r.to + 1} {
			if q.from < p && p <= q.to {
				cuts = append(cuts, p)
			}
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var cells []query
	for i := 1; i < len(cuts); i++ {
		cells = append(cells, query{q.protocol, cuts[i-1], cuts[i] - 1, true})
	}
	return cells
}
