package firewall

import (
	"cmp"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// cluster is what the manifests of a target say of pods and who filters them.
type cluster struct {
	namespaces map[string]*namespace
	everywhere []unmodelled // policies that may concern every namespace
}

// namespace holds what stands in one; the name is "" where manifests leave it to
// whoever applies them.
type namespace struct {
	name      string
	pos       fact.Position // of its object, else of the first thing in it
	declared  bool          // it has an object
	workloads []*workload
	policies  []*netpol
	opaque    []unmodelled

	labels    map[string]*labelSet // sets seen, by name
	fixed     map[[2]string][]int  // policies that select by a label and value, by those
	others    []int                // the other policies
	selecting map[*labelSet][]selected
	byLabel   map[[2]string][]*workload // those with a label and value
	vague     []*workload               // those that may have any label
}

// unmodelled is a policy of which only the place is known.
type unmodelled struct {
	text, reason string
	pos          fact.Position
}

// selected is a policy that selects pods, certainly or perhaps.
type selected struct {
	policy *netpol
	by     truth
}

func newCluster() *cluster { return &cluster{namespaces: map[string]*namespace{}} }

// namespace returns the one of that name; at is where something is seen in it.
func (c *cluster) namespace(name string, at fact.Position) *namespace {
	n := c.namespaces[name]
	if n == nil {
		n = &namespace{name: name, pos: at, labels: map[string]*labelSet{}}
		c.namespaces[name] = n
	}
	return n
}

// declare notes a Namespace object.
func (c *cluster) declare(name string, at fact.Position) {
	if n := c.namespace(name, at); !n.declared {
		n.declared, n.pos = true, at
	}
}

func (c *cluster) addWorkload(w *workload) {
	n := c.namespace(w.namespace, w.pos)
	key := w.labels.name()
	if known := n.labels[key]; known != nil {
		w.labels = known
	} else {
		n.labels[key] = w.labels
	}
	n.workloads = append(n.workloads, w)
}

// addPolicy notes a policy.
func (c *cluster) addPolicy(p *netpol) {
	n := c.namespace(p.namespace, p.pos)
	n.policies = append(n.policies, p)
}

// addOpaque notes a policy that is not modelled; an empty name is every namespace.
func (c *cluster) addOpaque(name string, everywhere bool, u unmodelled) {
	if everywhere {
		c.everywhere = append(c.everywhere, u)
		return
	}
	n := c.namespace(name, u.pos)
	n.opaque = append(n.opaque, u)
}

// sorted returns the namespaces by name.
func (c *cluster) sorted() []*namespace {
	list := make([]*namespace, 0, len(c.namespaces))
	for _, name := range fact.SortedKeys(c.namespaces) {
		list = append(list, c.namespaces[name])
	}
	return list
}

// settle brings what was seen into a fixed order and makes policies of one name
// doubtful.
func (n *namespace) settle() {
	slices.SortStableFunc(n.policies, func(a, b *netpol) int { return strings.Compare(a.id, b.id) })
	slices.SortStableFunc(n.workloads, func(a, b *workload) int { return strings.Compare(a.id, b.id) })
	for i := 1; i < len(n.policies); i++ {
		if a, b := n.policies[i-1], n.policies[i]; a.name == b.name {
			for _, p := range []*netpol{a, b} {
				p.doubt = cmp.Or(p.doubt, "it is declared twice, and which one is in force is not known")
			}
		}
	}
	n.fixed, n.selecting = map[[2]string][]int{}, map[*labelSet][]selected{}
	for i, p := range n.policies {
		if key, value, ok := p.pods.fixed(); ok {
			for _, place := range [][2]string{{key, value}, {key, anyValue}} {
				n.fixed[place] = append(n.fixed[place], i)
			}
		} else {
			n.others = append(n.others, i)
		}
	}
}

// anyValue stands for a label's value that is not known; no value can be that.
const anyValue = "\x00"

// selectors returns the policies that select pods with these labels, in order.
func (n *namespace) selectors(l *labelSet) []selected {
	if list, ok := n.selecting[l]; ok {
		return list
	}
	var list []selected
	try := func(i int) {
		if by := n.policies[i].selects(l); by != never {
			list = append(list, selected{n.policies[i], by})
		}
	}
	candidates := slices.Clone(n.others)
	for _, one := range l.list {
		if one.unknown {
			one.value = anyValue
		}
		candidates = append(candidates, n.fixed[[2]string{one.key, one.value}]...)
	}
	if l.open != "" {
		for i := range n.policies {
			try(i)
		}
	} else {
		slices.Sort(candidates)
		for _, i := range slices.Compact(candidates) {
			try(i)
		}
	}
	n.selecting[l] = list
	return list
}

// selects says whether pods with these labels are under the policy.
func (p *netpol) selects(l *labelSet) truth {
	by := p.pods.matches(l)
	if p.doubt != "" {
		by = and(by, perhaps)
	}
	return by
}

// isolated says whether pods of a workload accept, or send, only what rules admit,
// and why that is not known.
func (n *namespace) isolated(w *workload, d int) (answer truth, reason string) {
	for _, s := range n.selectors(w.labels) {
		by := and(s.by, s.policy.isolates[d])
		if by == perhaps && reason == "" {
			reason = s.policy.uncertainty(w.labels)
		}
		answer = or(answer, by)
	}
	return answer, reason
}

// uncertainty is why it is not known whether the policy is in force for pods.
func (p *netpol) uncertainty(l *labelSet) string {
	reason := p.doubt
	for _, why := range []string{p.pods.reason(), l.open} {
		if reason == "" {
			reason = why
		}
	}
	if reason == "" {
		reason = "the value of a label it selects by is not known"
	}
	return p.id + ": " + reason
}

// normally says what becomes of new traffic of pods that the namespace holds
// whatever their labels are: whether a policy for all pods isolates them.
func (n *namespace) normally(d int) (isolated truth, reason string) {
	for _, p := range n.policies {
		by := always
		for _, r := range p.pods.list {
			if r.reason == "" {
				by = never
				break
			}
			by = perhaps
		}
		if by = and(by, p.isolates[d]); by != never && p.doubt != "" {
			by = perhaps
		}
		if by == perhaps && reason == "" {
			reason = p.uncertainty(&labelSet{})
		}
		isolated = or(isolated, by)
	}
	return isolated, reason
}

// resolve returns the ports that a match stands for on pods of a workload: with
// perhaps where that is not known.
func (m portMatch) resolve(w *workload) (list []portSpan, by truth) {
	switch {
	case m.reason != "" || m.protocol == "":
		return []portSpan{{0, 65535}}, perhaps
	case m.name == "":
		return []portSpan{{m.from, m.to}}, always
	}
	by = always
	for _, p := range w.ports {
		switch {
		case p.name != m.name && p.name != "?" || p.protocol != m.protocol && p.protocol != "":
			continue
		case p.port == 0:
			return []portSpan{{0, 65535}}, perhaps
		case p.name == "?" || p.protocol == "":
			by = perhaps
		}
		list = append(list, portSpan{p.port, p.port})
	}
	if w.portsReason != "" {
		return []portSpan{{0, 65535}}, perhaps
	}
	slices.SortFunc(list, func(a, b portSpan) int { return a.from - b.from })
	list = slices.Compact(list)
	if len(list) > 1 {
		by = perhaps // which of two containers' ports the name means
	}
	return list, by
}

// portSpan is a range of ports, both ends included.
type portSpan struct{ from, to int }
