package firewall

import (
	"regexp"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// facts are the documents of a system, read for deriving exposure.
type facts struct {
	targets  []fact.Target // with chains or published ports, in order
	chains   map[string]*filterChain
	order    []*filterChain
	rules    map[string][]*filterRule // by chain
	loose    map[string][]*filterRule // by target: their chain is not known
	ports    []entry
	behind   map[string][]entry // those, by the chains in front of them
	stores   map[string]bool    // references
	networks []network
	admins   bool // an administration network is defined
	declared []*declaration
	docs     map[string][]*fact.Document // by target

	workloads map[string][]*podGroup // by target
	leading   map[string][]leading   // to pods, by what publishes
	byRef     map[string]*filterRule // rules that workloads are under

	machines  map[string]*machine    // hosts, by target
	everyRule map[string]*filterRule // by reference
}

// filterChain is a firewall.chain.
type filterChain struct {
	entry
	name, product, hook string
	defaultAccept       bool
	opaque              []string // why it may let in more than its rules say
	unread              bool     // it has rules here that could not be read
	unsure              bool     // opaque may refuse as well
	addresses           sources  // of its network, empty if not known
}

// declaration is a register.port.
type declaration struct {
	entry
	places       []place
	protocol     string
	from, to     int
	bound        bool // to an address
	sources      sources
	sourcesKnown bool
	known        bool // everything else
}

// place is where an entry applies: targets, and on them items, nil for all.
type place struct{ target, item *regexp.Regexp }

// holds reports whether the place holds an item; a glob for a leading part of
// its id, up to a "/", does.
func (p place) holds(target, id string) bool {
	if !p.target.MatchString(target) {
		return false
	}
	for ; p.item != nil && !p.item.MatchString(id); id = id[:strings.LastIndexByte(id, '/')] {
		if !strings.Contains(id, "/") {
			return false
		}
	}
	return true
}

func readFacts(docs []*fact.Document) *facts {
	f := &facts{
		chains: map[string]*filterChain{}, rules: map[string][]*filterRule{}, loose: map[string][]*filterRule{},
		behind: map[string][]entry{}, stores: map[string]bool{}, docs: map[string][]*fact.Document{},
		workloads: map[string][]*podGroup{}, leading: map[string][]leading{}, byRef: map[string]*filterRule{},
		machines: map[string]*machine{}, everyRule: map[string]*filterRule{},
	}
	for _, d := range docs {
		switch d.Kind {
		case "firewall.chain", "firewall.namespace", "firewall.rule", "firewall.ruleset", "firewall.workload", "port.listener", "port.published":
			if !slices.ContainsFunc(f.targets, func(t fact.Target) bool { return t.ID == d.Target.ID }) {
				f.targets = append(f.targets, d.Target)
			}
			f.docs[d.Target.ID] = append(f.docs[d.Target.ID], d)
		}
		switch d.Kind {
		case "firewall.namespace", "firewall.ruleset", "port.listener":
			f.addHost(d)
			continue
		}
		for _, e := range entries(d) {
			switch d.Kind {
			case "firewall.chain":
				c := readChain(e)
				f.chains[e.ref()] = c
				f.order = append(f.order, c)
			case "firewall.rule":
				f.addRule(e)
			case "firewall.workload":
				f.addWorkload(e)
			case "port.published":
				f.addPort(e)
			case "data.store":
				f.stores[e.ref()] = true
			case "register.network":
				f.addNetwork(e)
			case "register.port":
				f.declared = append(f.declared, readDeclaration(e))
			}
		}
	}
	slices.SortFunc(f.targets, func(a, b fact.Target) int { return strings.Compare(a.ID, b.ID) })
	return f
}

func readChain(e entry) *filterChain {
	c := &filterChain{entry: e}
	c.name, _ = textOf(e.item, "name")
	c.product, _ = textOf(e.item, "product")
	c.hook, _ = textOf(e.item, "hook")
	verdict, known := textOf(e.item, "default_verdict")
	switch {
	case !known:
		c.opaque, c.unsure = append(c.opaque, c.name+": "+e.why("default_verdict")), true
	case verdict == "accept":
		c.defaultAccept = true
	}
	list, known := objectsOf(e.item, "opaque")
	if !known {
		c.opaque, c.unread, c.unsure = append(c.opaque, c.name+": "+e.why("opaque")), true, true
	}
	for _, o := range list {
		may, _ := textOf(o, "verdict")
		if may == "drop" && c.product != "network_acl" {
			continue
		}
		c.unread = c.unread || may != "unknown" && !c.prioritised()
		c.unsure = c.unsure || may != "accept"
		text, _ := textOf(o, "text")
		reason, _ := textOf(o, "reason")
		c.opaque = append(c.opaque, text+": "+reason)
	}
	c.addresses, _ = blocksOf(e.item, "addresses")
	return c
}

// may reports whether a text member has a value, or is not known.
func (e entry) may(name, value string) bool {
	s, known := textOf(e.item, name)
	return !known || s == value
}

func (f *facts) addRule(e entry) {
	hook, known := textOf(e.item, "hook")
	side := "sources"
	if known && hook == "output" {
		side = "destinations"
	}
	r := readRule(e, side)
	f.everyRule[e.ref()] = r
	chain, known := textsOf(e.item, "chain")
	if !known {
		if hook != "output" || r.mayBeACL() {
			f.loose[e.doc.Target.ID] = append(f.loose[e.doc.Target.ID], r)
		}
		return
	}
	for _, ref := range chain {
		f.rules[ref] = append(f.rules[ref], r)
		f.byRef[r.ref()] = r
	}
}

func (f *facts) addNetwork(e entry) {
	n := network{scope: scopeInternet}
	n.name, _ = textOf(e.item, "name")
	n.environment, _ = textOf(e.item, "environment")
	if scope, known := textOf(e.item, "scope"); known {
		n.scope = scopeRank(scope)
	}
	n.admin, _ = boolOf(e.item, "admin")
	n.addresses, _ = blocksOf(e.item, "cidrs")
	f.admins = f.admins || n.admin
	f.networks = append(f.networks, n)
}

func readDeclaration(e entry) *declaration {
	d := &declaration{entry: e}
	targets, ok1 := textsOf(e.item, "targets")
	for _, text := range targets {
		target, item, narrowed := strings.Cut(text, "#")
		p := place{target: globPattern(target)}
		if narrowed {
			p.item = globPattern(item)
		}
		d.places = append(d.places, p)
	}
	var ok2, ok3, ok4 bool
	d.protocol, ok2 = textOf(e.item, "protocol")
	d.from, ok3 = numberOf(e.item, "port_from")
	d.to, ok4 = numberOf(e.item, "port_to")
	address, _ := textOf(e.item, "address")
	d.bound = address != ""
	d.known = ok1 && ok2 && ok3 && ok4
	d.sources, d.sourcesKnown = blocksOf(e.item, "source_cidrs")
	return d
}

// globPattern is the register's glob over ids: "*" within a segment, "**"
// across them, everything else itself.
func globPattern(glob string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString("^")
	for len(glob) > 0 {
		switch {
		case strings.HasPrefix(glob, "**"):
			b.WriteString(".*")
			glob = strings.TrimLeft(glob, "*")
		case glob[0] == '*':
			b.WriteString("[^/]*")
			glob = glob[1:]
		default:
			i := strings.IndexByte(glob, '*')
			if i < 0 {
				i = len(glob)
			}
			b.WriteString(regexp.QuoteMeta(glob[:i]))
			glob = glob[i:]
		}
	}
	b.WriteString("$")
	return regexp.MustCompile(b.String())
}

// declarations are the register entries of an exposure's port range: those the
// annotated fact refers to, or where it does not carry references those that
// match. known is false where the references are a gap.
func (f *facts) declarations(e exposure) (list []*declaration, known bool) {
	q, of := e.q, e.port
	if of.item != nil {
		if v, present := of.item["register"]; present {
			refs, known := textsOf(of.item, "register")
			if v == nil || !known {
				return nil, false
			}
			for _, d := range f.declared {
				if slices.Contains(refs, d.ref()) {
					list = append(list, d)
				}
			}
			return list, true
		}
	}
	for _, d := range f.declared {
		if d.known && !d.bound && d.protocol == q.protocol && d.from <= q.to && q.from <= d.to &&
			slices.ContainsFunc(d.places, func(p place) bool { return p.holds(e.target.ID, e.id) }) {
			list = append(list, d)
		}
	}
	return list, true
}

// declaredSources are the sources that entries declare for every port of a
// range. known is false where an entry's sources are not.
func declaredSources(list []*declaration, q query) (s sources, known bool) {
	if !q.certain() {
		return sources{}, true
	}
	s = allSources()
	for _, cell := range declarationCells(list, q) {
		var here sources
		for _, d := range list {
			if d.protocol == q.protocol && d.from <= cell && cell <= d.to {
				if !d.sourcesKnown {
					return sources{}, false
				}
				here = here.union(d.sources)
			}
		}
		s = s.intersect(here)
	}
	return s, true
}

func declarationCells(list []*declaration, q query) []int {
	cuts := []int{q.from}
	for _, d := range list {
		for _, p := range []int{d.from, d.to + 1} {
			if q.from < p && p <= q.to {
				cuts = append(cuts, p)
			}
		}
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}
