package firewall

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// program is all filters of a machine as one family's packets meet them, with the
// addresses of one side cut into cells: the sources of what comes in, or the
// destinations of what goes out.
type program struct {
	v6, outgoing bool
	cuts         *partition
	ports        []int // where a match of ports begins, in order, with 0
	sourcePorts  []int
	spaces       []*spaceCode // the host's own first
	links        []string     // names of interfaces; 0 is none
	rates        []float64    // of sampled logs; 0 is none
	rules        []*code      // by number
	translations []*code      // of destinations
	redirects    bool
	protocols    []uint8  // that rules name
	patterns     []string // of names of interfaces
	destinations []span   // fixed addresses that rules ask for
	arena        arena
	decisions    []decision // by number
	numbered     map[decision]int32
	lists        []decided // of decisions, by number
	listed       map[decided]int32
	foreignCells []bool
	summaries    map[uint32]answer // by the ways to get through and to be refused
	joined       map[[2]int32]int32
	asked        map[question][]choice
	entries      []entrance
	anywhere     *part
	held         int // cells of what was asked and is kept
}

// spaceCode is a namespace's base chains by hook.
type spaceCode struct {
	*space
	hooks map[netfilter.Hook][]*chainCode
	// unread are the reasons why anything may happen beside its chains, bridged why
	// a packet that is let through may yet be refused.
	unread, bridged []string
	// tracks says that connections are tracked because rules ask for them.
	tracks bool
}

type chainCode struct {
	*netfilter.Chain
	table *netfilter.Table
	code  []code
	at    int  // when it is asked: base chains of type nat have a fixed place
	acts  bool // it, or what it jumps to, changes more than the verdict
}

// code is a rule made ready.
type code struct {
	*netfilter.Rule
	number int32
	chain  *chainCode
	// A packet that is not of the protocol (0: any) or not to these ports meets
	// nothing in the rule.
	protocol       uint8
	portLo, portHi uint16
	steps          []step
}

// step is a statement made ready.
type step struct {
	match *matcher
	keys  *matcher // of a map
	jump  *target
	nat   *natCode
	rate  uint16 // of a limit that stands only before a log
	netfilter.Statement
}

// target is a verdict; chain is nil where a jump leads nowhere.
type target struct {
	netfilter.Verdict
	chain *chainCode
}

type natCode struct {
	netfilter.NAT
	keys *matcher
}

type setKey struct {
	table *netfilter.Table
	name  string
}

type compiler struct {
	*program
	space  *space
	filled map[setKey]bool
	chains map[*netfilter.Chain]*chainCode
	byName map[setKey]*chainCode
}

// compile makes filters ready for one family; more are addresses that cells must keep
// apart besides.
func compile(spaces []*space, v6, outgoing bool, more []span) *program {
	p := &program{v6: v6, outgoing: outgoing, links: []string{""}, rates: []float64{0}, numbered: map[decision]int32{}, lists: []decided{{}}, listed: map[decided]int32{}, joined: map[[2]int32]int32{}, summaries: map[uint32]answer{}, asked: map[question][]choice{}}
	c := &compiler{program: p, filled: map[setKey]bool{}, chains: map[*netfilter.Chain]*chainCode{}, byName: map[setKey]*chainCode{}}
	spans := slices.Clone(more)
	ports, sourcePorts := []int{0}, []int{0}
	cut := func(field netfilter.Field, v netfilter.Value) {
		switch {
		case v.From.IsValid() && v.To.IsValid() && v.From.Is6() == v6 && v.To.Is6() == v6:
			s := span{number(v.From), number(v.To)}
			spans = append(spans, s)
			if !p.isOpen(field) {
				p.destinations = append(p.destinations, s)
			}
		case field == netfilter.Protocol && v.Lo == v.Hi && v.Lo < 256:
			if n := uint8(v.Lo); !slices.Contains(p.protocols, n) {
				p.protocols = append(p.protocols, n)
			}
		case field == netfilter.DestPort || field == netfilter.OrigDestPort:
			ports = append(ports, portCuts(v)...)
		case field == netfilter.SourcePort:
			sourcePorts = append(sourcePorts, portCuts(v)...)
		case slices.Contains(nameFields, field):
			p.link(strings.TrimSuffix(v.Name, "*"))
			if !slices.Contains(p.patterns, v.Name) {
				p.patterns = append(p.patterns, v.Name)
			}
		}
	}
	for _, s := range spaces {
		spans = append(spans, s.wiring.spans(v6)...)
		for _, t := range s.tables {
			eachElement(t, cut)
			for _, ch := range t.Chains {
				for _, d := range ch.Devices {
					p.link(strings.TrimSuffix(d, "*"))
					p.patterns = append(p.patterns, d)
				}
				for _, r := range ch.Rules {
					for _, st := range r.Statements {
						if u, ok := st.(netfilter.Update); ok {
							c.filled[setKey{t, u.Set}] = true
						}
					}
				}
			}
		}
	}
	p.cuts = newPartition(v6, spans)
	p.arena.size = wordCount(p.cuts.count())
	p.ports, p.sourcePorts = sortedPorts(ports), sortedPorts(sourcePorts)
	for _, s := range spaces {
		c.space = s
		p.spaces = append(p.spaces, c.compileSpace(s))
	}
	return p
}

func portCuts(v netfilter.Value) []int {
	return []int{int(min(v.Lo, 65536)), int(min(v.Hi, 65535)) + 1}
}

func sortedPorts(list []int) []int {
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(p int) bool { return p > 65535 })
}

// eachElement calls f for every value that a table compares.
func eachElement(t *netfilter.Table, f func(netfilter.Field, netfilter.Value)) {
	list := func(fields []netfilter.Field, set string, elements []netfilter.Element) {
		if s := t.Set(set); set != "" && s != nil {
			elements = s.Elements
		}
		for _, e := range elements {
			for i, v := range e.Values {
				if i < len(fields) {
					f(fields[i], v)
				}
			}
		}
	}
	for _, c := range t.Chains {
		for _, r := range c.Rules {
			for _, s := range r.Statements {
				switch s := s.(type) {
				case netfilter.Match:
					list(s.Fields, s.Set, s.Elements)
				case netfilter.Map:
					list(s.Fields, s.Set, s.Elements)
				case netfilter.NAT:
					list(s.Fields, s.Set, s.Elements)
				}
			}
		}
	}
}

// spans are the addresses that routing tells apart.
func (w *wiring) spans(v6 bool) []span {
	list := slices.Concat(w.locals(v6), multicasts(v6), internal().of(v6), w.anycastTypes(v6))
	if !v6 {
		list = slices.Concat(list, w.broadcasts())
	}
	for _, r := range w.routes {
		if r.to.Addr().Is6() == v6 {
			list = append(list, spanOf(r.to))
		}
	}
	return list
}

// link returns the number of an interface's name.
func (p *program) link(name string) int {
	i := slices.Index(p.links, name)
	if i < 0 {
		i = len(p.links)
		p.links = append(p.links, name)
	}
	return i
}

// Places of the kernel's own steps among the base chains of a hook.
const (
	atConntrack = -200
	atDNAT      = -100
	atSNAT      = 100
)

func (c *compiler) compileSpace(s *space) *spaceCode {
	out := &spaceCode{space: s, hooks: map[netfilter.Hook][]*chainCode{}}
	if s.unread != "" {
		out.unread = append(out.unread, s.unread)
	}
	for _, l := range s.wiring.interfaces {
		c.link(l.name)
	}
	var registered []*chainCode
	for _, t := range s.tables {
		for _, o := range t.Opaque {
			out.unread = append(out.unread, o.Text+": "+o.Reason)
		}
		if t.Dormant || t.Family == netfilter.ARP {
			continue
		}
		if t.Family == netfilter.Bridge {
			for _, ch := range t.Chains {
				if ch.Hook != netfilter.Regular && (len(ch.Rules) > 0 || ch.Policy == netfilter.Drop) {
					out.bridged = append(out.bridged, "chain "+ch.Name+" of table bridge "+t.Name)
				}
			}
			continue
		}
		if t.Family == netfilter.IPv4 && c.v6 || t.Family == netfilter.IPv6 && !c.v6 {
			continue
		}
		out.tracks = out.tracks || tracks(t, c.v6)
		for _, ch := range t.Chains {
			cc := &chainCode{Chain: ch, table: t, at: ch.Priority}
			c.chains[ch] = cc
			if key := (setKey{t, ch.Name}); c.byName[key] == nil {
				c.byName[key] = cc
			}
			if ch.Hook == netfilter.Regular {
				continue
			}
			if ch.Type == "nat" {
				cc.at = atDNAT
				if ch.Hook == netfilter.Input || ch.Hook == netfilter.Postrouting {
					cc.at = atSNAT
				}
			}
			registered = append(registered, cc)
		}
		for _, ch := range t.Chains {
			c.compileChain(c.chains[ch])
		}
	}
	for _, cc := range registered {
		cc.acts = acts(cc, map[*chainCode]bool{})
		out.hooks[cc.Hook] = append(out.hooks[cc.Hook], cc)
	}
	for _, list := range out.hooks {
		slices.SortStableFunc(list, func(a, b *chainCode) int {
			if a.at != b.at {
				return a.at - b.at
			}
			return a.Priority - b.Priority
		})
	}
	return out
}

// tracks reports whether rules of a table need connections of a family to be tracked.
func tracks(t *netfilter.Table, v6 bool) bool {
	of := func(list []netfilter.Field) bool {
		return slices.ContainsFunc(list, func(f netfilter.Field) bool {
			switch f {
			case netfilter.State, netfilter.Status, netfilter.Direction, netfilter.OrigSource, netfilter.OrigDest, netfilter.OrigDestPort, netfilter.ConnMark:
				return true
			}
			return false
		})
	}
	for _, c := range t.Chains {
		for _, r := range c.Rules {
			for _, s := range r.Statements {
				switch s := s.(type) {
				case netfilter.NAT:
					if translates(t, s, v6) {
						return true
					}
				case netfilter.Match:
					if of(s.Fields) {
						return true
					}
				case netfilter.Map:
					if of(s.Fields) {
						return true
					}
				}
			}
		}
	}
	return false
}

// translates reports whether a translation is for a family: of a table of both it is
// that of its target.
func translates(t *netfilter.Table, n netfilter.NAT, v6 bool) bool {
	if t.Family != netfilter.Inet || n.Type == "redirect" || n.Type == "masquerade" {
		return true
	}
	for _, to := range n.To {
		if to.From.IsValid() {
			return to.From.Is6() == v6
		}
	}
	list, _ := elements(t, n.Set, n.Elements)
	for _, e := range list {
		for _, v := range e.Data {
			if v.From.IsValid() {
				return v.From.Is6() == v6
			}
		}
	}
	return false
}

// acts reports whether asking a chain earlier or later may matter to another.
func acts(cc *chainCode, seen map[*chainCode]bool) bool {
	if cc == nil || seen[cc] {
		return false
	}
	seen[cc] = true
	for i := range cc.code {
		for _, s := range cc.code[i].steps {
			switch st := s.Statement.(type) {
			case netfilter.Assign, netfilter.Untrack, netfilter.Log, netfilter.NAT:
				return true
			case netfilter.Opaque:
				if st.Alters {
					return true
				}
			}
			if s.jump != nil && acts(s.jump.chain, seen) {
				return true
			}
			if s.keys != nil {
				for _, r := range s.keys.rows {
					if r.verdict != nil && acts(r.verdict.chain, seen) {
						return true
					}
				}
			}
		}
	}
	return false
}

func (c *compiler) compileChain(cc *chainCode) {
	cc.code = make([]code, len(cc.Chain.Rules))
	for i, r := range cc.Chain.Rules {
		k := &cc.code[i]
		*k = code{Rule: r, number: int32(len(c.rules)), chain: cc, portHi: 65535}
		c.rules = append(c.rules, k)
		leading := true
		for j, st := range r.Statements {
			s := step{Statement: st}
			switch st := st.(type) {
			case netfilter.Match:
				s.match = c.matcher(cc.table, st.Fields, st.Negate, st.Mask, st.Set, st.Elements)
				s.match.lenient = s.match.lenient && asksState(r)
				if leading {
					k.expect(s.match)
				}
			case netfilter.Map:
				s.keys = c.matcher(cc.table, st.Fields, false, 0, st.Set, st.Elements)
			case netfilter.Verdict:
				s.jump = c.target(cc.table, st)
			case netfilter.NAT:
				s.nat = &natCode{NAT: st}
				if st.Type == "dnat" || st.Type == "redirect" || st.Type == "netmap" {
					c.translations = append(c.translations, k)
					c.redirects = c.redirects || st.Type == "redirect"
				}
				if len(st.Fields) > 0 {
					s.nat.keys = c.matcher(cc.table, st.Fields, false, 0, st.Set, st.Elements)
				}
			case netfilter.Limit:
				if onlyLogs(r.Statements[j+1:]) {
					s.rate = c.rate(st.PerSecond)
				}
			}
			_, still := st.(netfilter.Match)
			leading = leading && still
			k.steps = append(k.steps, s)
		}
	}
}

// asksState reports whether a rule asks for the state of the connection. A match of
// iptables that does holds without one whatever else it asks; one that does not never.
func asksState(r *netfilter.Rule) bool {
	return slices.ContainsFunc(r.Statements, func(s netfilter.Statement) bool {
		m, ok := s.(netfilter.Match)
		return ok && (slices.Contains(m.Fields, netfilter.State) || slices.Contains(m.Fields, netfilter.Status))
	})
}

// expect keeps what a rule asks of the packet before anything else.
func (k *code) expect(m *matcher) {
	if len(m.ports) == 0 {
		return
	}
	lo, hi := m.ports[0].lo, m.ports[0].hi
	for _, r := range m.ports {
		lo, hi = min(lo, r.lo), max(hi, r.hi)
	}
	switch {
	case m.fields[0] == netfilter.DestPort && hi <= 65535:
		k.portLo, k.portHi = max(k.portLo, uint16(lo)), min(k.portHi, uint16(hi))
	case m.fields[0] == netfilter.Protocol && lo == hi && lo < 256 && k.protocol == 0:
		k.protocol = uint8(lo)
	}
}

// onlyLogs reports whether what is left of a rule records packets and does no more.
func onlyLogs(list []netfilter.Statement) bool {
	logs := false
	for _, s := range list {
		switch s := s.(type) {
		case netfilter.Log:
			logs = true
		case netfilter.Opaque:
			if s.Restricts || s.Decides || s.Alters {
				return false
			}
		case netfilter.Verdict:
			if s.Type != netfilter.Continue {
				return false
			}
		default:
			return false
		}
	}
	return logs
}

// rate returns the number of a rate.
func (c *compiler) rate(perSecond float64) uint16 {
	i := slices.Index(c.rates, perSecond)
	if i < 0 {
		i = len(c.rates)
		c.rates = append(c.rates, perSecond)
	}
	return uint16(i)
}

func (c *compiler) target(t *netfilter.Table, v netfilter.Verdict) *target {
	out := &target{Verdict: v}
	if v.Type == netfilter.Jump || v.Type == netfilter.Goto {
		out.chain = c.byName[setKey{t, v.Chain}]
	}
	return out
}

// prefixSpans are blocks of a family as spans.
func prefixSpans(list []netip.Prefix, v6 bool) []span {
	var out []span
	for _, p := range list {
		if p.Addr().Is6() == v6 {
			out = append(out, spanOf(p))
		}
	}
	return out
}
