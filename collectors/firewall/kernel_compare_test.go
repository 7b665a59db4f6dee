//go:build linux

package firewall

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/firewall/kerneltest"
	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// kernelSpaces are the namespaces of a lab as the readers see them: what was listed of
// the rules, and the wiring that a lab always has.
func kernelSpaces(l kerneltest.Listing, disabled map[string]bool) []*space {
	on := [2]bool{true, true}
	host := &space{wiring: wiring{known: true, routed: true}}
	box := &space{name: "box", wiring: wiring{known: true, routed: true}}
	lo := link{name: "lo", loopback: true, addresses: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/8"), netip.MustParsePrefix("::1/128")}}
	host.wiring.interfaces = []link{lo}
	for _, k := range kerneltest.Links() {
		host.wiring.interfaces = append(host.wiring.interfaces, link{name: k.Name, addresses: k.Addresses, forward: on})
		for _, p := range k.Addresses {
			host.wiring.routes = append(host.wiring.routes, wayOut{to: p.Masked(), link: k.Name})
		}
	}
	box.wiring.interfaces = []link{lo, {name: "eth0", addresses: kerneltest.Box}}
	for _, s := range []*space{host, box} {
		for _, all := range []string{"0.0.0.0/0", "::/0"} {
			s.wiring.routes = append(s.wiring.routes, wayOut{to: netip.MustParsePrefix(all), link: "eth0"})
		}
	}
	for _, p := range kerneltest.Box {
		box.wiring.routes = append(box.wiring.routes, wayOut{to: p.Masked(), link: "eth0"})
	}
	var sets []*netfilter.Set
	if text := l[kerneltest.IPSet]; text != "" {
		sets, _ = netfilter.ReadIPSet("ipset", []byte(text))
	}
	native := func(part string) *netfilter.Ruleset {
		r, _ := netfilter.ReadJSON(part, []byte(l[part]), netfilter.Options{Disabled: disabled})
		r.Tables = slices.DeleteFunc(r.Tables, func(t *netfilter.Table) bool { return t.Name == kerneltest.Observer })
		return r
	}
	saved, legacy := &netfilter.Ruleset{}, &netfilter.Ruleset{}
	for _, part := range []struct {
		name    string
		backend netfilter.Backend
		family  netfilter.Family
		into    *netfilter.Ruleset
	}{
		{kerneltest.IPTablesNFT, netfilter.IPTablesNFT, netfilter.IPv4, saved},
		{kerneltest.IP6TablesNFT, netfilter.IPTablesNFT, netfilter.IPv6, saved},
		{kerneltest.IPTablesLegacy, netfilter.IPTablesLegacy, netfilter.IPv4, legacy},
		{kerneltest.IP6TablesLegacy, netfilter.IPTablesLegacy, netfilter.IPv6, legacy},
	} {
		r, _ := netfilter.ReadSave(part.name, []byte(l[part.name]), netfilter.Options{Backend: part.backend, Family: part.family, Sets: sets, Disabled: disabled})
		part.into.Tables = append(part.into.Tables, r.Tables...)
	}
	host.tables = append(netfilter.Merge(native(kerneltest.NFT), saved).Tables, legacy.Tables...)
	if l[kerneltest.Container] != "" {
		box.tables = native(kerneltest.Container).Tables
	}
	return []*space{host, box}
}

// kernelQuestion is a place where packets come in, or a listener that is asked about,
// with the packets that were sent for it.
type kernelQuestion struct {
	v6     bool
	at     entryPoint
	ear    *ear
	probes []kerneltest.Probe
	some   bool       // there are more ways to the listener than are tried
	about  netip.Addr // source of what was found wrong
}

func (q *kernelQuestion) String() string {
	version := "IPv4"
	if q.v6 {
		version = "IPv6"
	}
	if q.ear != nil {
		return fmt.Sprintf("%s listener %q %s port %d protocol %d", version, q.ear.space, q.ear.address, q.ear.port, q.ear.protocol)
	}
	return fmt.Sprintf("%s in %s protocol %d to %s port %d from port %d", version, q.at.in, q.at.protocol, address(q.at.address, q.v6), q.at.port, q.at.sourcePort)
}

// asker makes questions about a ruleset, with sources at the borders of what it names.
type asker struct {
	*rand.Rand
	texts   []string
	borders [2][]netip.Addr
	ports   []uint16
}

var (
	addressWord = regexp.MustCompile(`[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+(?:/[0-9]+)?|[0-9a-f]*:[0-9a-f:]*:[0-9a-f:]*(?:/[0-9]+)?`)
	portWord    = regexp.MustCompile(`\b[0-9]{1,5}\b`)
)

func newAsker(seed uint64, r kerneltest.Ruleset) *asker {
	a := &asker{Rand: rand.New(rand.NewPCG(seed, 6))}
	for _, part := range kerneltest.Parts() {
		text := r[part]
		for _, word := range addressWord.FindAllString(text, -1) {
			ends := []netip.Addr{}
			if p, err := netip.ParsePrefix(word); err == nil {
				s := spanOf(p.Masked())
				ends = append(ends, address(s.lo, p.Addr().Is6()), address(s.hi, p.Addr().Is6()))
			} else if x, err := netip.ParseAddr(word); err == nil {
				ends = append(ends, x)
			}
			for _, x := range ends {
				v := 0
				if x.Is6() {
					v = 1
				}
				a.borders[v] = append(a.borders[v], x, x.Next(), x.Prev())
			}
		}
		for _, word := range portWord.FindAllString(addressWord.ReplaceAllString(text, " "), -1) {
			var n int
			if fmt.Sscan(word, &n); n > 0 && n <= 65535 && len(a.ports) < 400 {
				a.ports = append(a.ports, uint16(n), uint16(max(1, n-1)), uint16(min(65535, n+1)))
			}
		}
	}
	for i := range a.borders {
		slices.SortFunc(a.borders[i], netip.Addr.Compare)
		a.borders[i] = slices.Compact(a.borders[i])
	}
	slices.Sort(a.ports)
	a.ports = slices.Compact(a.ports)
	return a
}

// strange are sources that the kernel refuses whatever rules say.
func strange(x netip.Addr) bool {
	if !x.IsValid() {
		return true
	}
	for _, k := range kerneltest.Links() {
		for _, p := range k.Addresses {
			if p.Addr() == x || x.Is4() && p.Bits() < 31 && address(spanOf(p).hi, false) == x {
				return true
			}
		}
	}
	for _, p := range kerneltest.Box {
		if p.Addr() == x {
			return true
		}
	}
	b := x.AsSlice()
	if x.Is4() {
		return b[0] == 0 || b[0] == 127 || b[0] >= 224
	}
	return b[0] == 0 || b[0] == 0xff || b[0] == 0xfe
}

func (a *asker) source(p *program) netip.Addr {
	v := 0
	if p.v6 {
		v = 1
	}
	for range 20 {
		var x netip.Addr
		switch n := a.IntN(6); {
		case n < 3 && len(a.borders[v]) > 0:
			x = a.borders[v][a.IntN(len(a.borders[v]))]
		case n < 5:
			s := p.cuts.starts[a.IntN(p.cuts.count())]
			if (s != u128{}) && a.IntN(2) == 0 {
				s = s.prev()
			}
			x = address(s, p.v6)
		case p.v6:
			x = address(u128{0x2001_0db8_0000_0000 | a.Uint64()>>34, a.Uint64()}, true)
		default:
			x = address(u128{0, uint64(a.Uint32())}, false)
		}
		if x.IsValid() && !strange(x) {
			return x
		}
	}
	if p.v6 {
		return netip.MustParseAddr("2001:db8:77::7")
	}
	return netip.MustParseAddr("9.9.9.9")
}

func (a *asker) port() uint16 {
	if len(a.ports) == 0 || a.IntN(8) == 0 {
		return uint16(1 + a.IntN(65535))
	}
	return a.ports[a.IntN(len(a.ports))]
}

func (a *asker) protocol() uint8 {
	if a.IntN(3) == 0 {
		return 17
	}
	return 6
}

// addresses are destinations of a family; those of the host are likely.
func (a *asker) destination(v6 bool) netip.Addr {
	v := 0
	if v6 {
		v = 1
	}
	links := kerneltest.Links()
	switch a.IntN(9) {
	case 3:
		if v6 { // every router's
			return links[a.IntN(len(links))].Addresses[v].Masked().Addr()
		}
	case 0:
		return kerneltest.Box[v].Addr()
	case 1:
		return kerneltest.Gateways[v]
	case 2:
		x := links[a.IntN(len(links))].Addresses[v].Addr().AsSlice()
		x[len(x)-1] = byte(2 + a.IntN(250))
		y, _ := netip.AddrFromSlice(x)
		if !strange(y) {
			return y
		}
	}
	return links[a.IntN(len(links))].Addresses[v].Addr()
}

// entry is a question about packets that come in alike.
func (a *asker) entry(p *program, probes int) *kernelQuestion {
	links := kerneltest.Links()
	to := a.destination(p.v6)
	at := entryPoint{space: p.spaces[0], in: links[a.IntN(len(links))].Name, protocol: a.protocol(), port: a.port(), sourcePort: ordinary, address: number(to), addressKnown: true, from: p.cuts.all()}
	if a.IntN(3) == 0 {
		at.sourcePort = a.port()
	}
	q := &kernelQuestion{v6: p.v6, at: at}
	seen := map[netip.Addr]bool{}
	for range probes {
		x := a.source(p)
		if !seen[x] {
			seen[x] = true
			q.probes = append(q.probes, kerneltest.Probe{In: at.in, Protocol: at.protocol, Source: x, Dest: to, SourcePort: at.sourcePort, DestPort: at.port})
		}
	}
	return q
}

// listener is a question about who reaches a listener, with a packet for each of its
// doors and source ports.
func (a *asker) listener(p *program, sources int) *kernelQuestion {
	v := 0
	if p.v6 {
		v = 1
	}
	e := ear{protocol: a.protocol(), port: a.port()}
	links := kerneltest.Links()
	e.address = links[a.IntN(len(links))].Addresses[v].Addr()
	switch a.IntN(4) {
	case 0:
		e.address = netip.IPv4Unspecified()
		if p.v6 {
			e.address = netip.IPv6Unspecified()
		}
	case 1:
		e.space, e.address = "box", kerneltest.Box[v].Addr()
	}
	q := &kernelQuestion{v6: p.v6, ear: &e}
	targets, _ := p.addressesOf(e)
	seen := map[netip.Addr]bool{}
	doors := p.doors(e, targets)
	for range sources {
		x := a.source(p)
		if seen[x] {
			continue
		}
		seen[x] = true
		in := entranceOf(x)
		for i, d := range doors {
			if i >= 24 {
				q.some = true
				break
			}
			to := d.address
			if !to.IsValid() {
				q.some = true
				continue
			}
			ports := []uint16{ordinary}
			for _, n := range p.sourcePorts {
				if n != ordinary {
					ports = append(ports, uint16(n))
				}
			}
			if len(ports) > 12 {
				ports, q.some = ports[:12], true
			}
			for _, from := range ports {
				q.probes = append(q.probes, kerneltest.Probe{In: in, Protocol: e.protocol, Source: x, Dest: to, SourcePort: from, DestPort: d.port})
			}
		}
	}
	return q
}

// entranceOf is the interface that an address is routed to.
func entranceOf(x netip.Addr) string {
	for _, k := range kerneltest.Links() {
		for _, p := range k.Addresses {
			if p.Contains(x) {
				return k.Name
			}
		}
	}
	return "eth0"
}

// kernelFinding is what is wrong with an answer; unsound or merely not exact.
type kernelFinding struct {
	question *kernelQuestion
	what     string
}

// fewest are the packets that shrinking begins with: of a listener all from the source
// that the finding is about, for any of them may get through.
func (f *kernelFinding) fewest() []kerneltest.Probe {
	if f.question.ear == nil {
		return f.question.probes
	}
	return slices.DeleteFunc(slices.Clone(f.question.probes), func(b kerneltest.Probe) bool { return b.Source != f.question.about })
}

// kernelTally counts what was compared.
type kernelTally struct {
	rulesets, cases, probes int
	uncertain, asked        int            // probes of entry points: of those, where nothing ought to be uncertain
	reasons                 map[string]int // of uncertain ones
	unknown, sources        int            // answers about listeners
	refused                 int
}

func (t *kernelTally) add(u kernelTally) {
	t.rulesets += u.rulesets
	t.cases += u.cases
	t.probes += u.probes
	t.uncertain += u.uncertain
	t.asked += u.asked
	t.unknown += u.unknown
	t.sources += u.sources
	t.refused += u.refused
	for r, n := range u.reasons {
		if t.reasons == nil {
			t.reasons = map[string]int{}
		}
		t.reasons[r] += n
	}
}

func (t *kernelTally) String() string {
	return fmt.Sprintf("%d rulesets, %d cases, %d probes; of %d packets under rules that say everything %d have no certain answer; %d of %d answers about listeners are unknown",
		t.rulesets, t.cases, t.probes, t.asked, t.uncertain, t.unknown, t.sources)
}

// outcomes evaluates an entry point, in each order that equal chains may be asked in.
func (q *kernelQuestion) outcomes(p *program) []*outcome {
	at := q.at
	at.space, at.from = p.spaces[0], p.cuts.all()
	return p.everyOrder(at)
}

// wrong compares the answers to a question with what the kernel did; "" if they agree.
func (q *kernelQuestion) wrong(p *program, fates []kerneltest.Fate, sure bool, t *kernelTally) string {
	if q.ear != nil {
		return q.wrongListener(p, fates, t)
	}
	list := q.outcomes(p)
	for i := range q.probes {
		t.probes++
		var why string
		agreed, certainly := false, true
		for _, o := range list {
			cell := int(p.cuts.cell(number(q.probes[i].Source)))
			w, exact := contradiction(o, p, cell, fates[i])
			if w == "" {
				agreed = true
			} else {
				why = w
			}
			certainly = certainly && exact
		}
		if !agreed {
			return fmt.Sprintf("%+v: the kernel: %+v; the evaluator %s", q.probes[i], fates[i], why)
		}
		if sure && len(list) == 1 {
			t.asked++
			if !certainly {
				t.uncertain++
				for _, c := range list[0].causes {
					if t.reasons == nil {
						t.reasons = map[string]int{}
					}
					text := c.reason
					if c.rule >= 0 {
						text = p.rules[c.rule].Text + " | " + text
					}
					t.reasons[text]++
				}
			}
		}
	}
	return ""
}

// contradiction says how an outcome excludes what the kernel did; exact is that it
// leaves one end alone.
func contradiction(o *outcome, p *program, cell int, f kerneltest.Fate) (why string, exact bool) {
	ways, others := uint16(0), o.deny.ways[cell]
	if !f.Delivered {
		ways, others = o.deny.ways[cell], 0
	}
	for i, k := range o.sinks {
		w := o.painted[i].ways[cell]
		name := "out"
		if k.space != nil {
			name = k.space.name
		}
		if f.Delivered && (!k.known || name == f.Space && (k.addressUnknown || address(k.address, p.v6) == f.Dest) && (k.portUnknown || k.port == f.DestPort || k.portKept && k.port == 0)) {
			ways |= w
		} else {
			others |= w
		}
	}
	kinds := []logged{notLogged, sampled}
	if f.Logged {
		kinds = []logged{recorded, sampled}
	}
	all := ways | others
	exact = all&plainOnly == all
	if all == 0 {
		return "has no answer at all", false
	}
	found := false
	for l := certain; l < levels; l++ {
		for _, k := range kinds {
			found = found || ways&bitOf(l, k) != 0
		}
	}
	switch {
	case ways == 0:
		return "excludes that end" + evaluatorEnds(o, p, cell), exact
	case !found:
		return "excludes that it is recorded so" + evaluatorEnds(o, p, cell), exact
	case judge(others, ways) == reachable && ways != 0:
		return "is certain of another end" + evaluatorEnds(o, p, cell), exact
	}
	return "", exact
}

func evaluatorEnds(o *outcome, p *program, cell int) string {
	var b strings.Builder
	fmt.Fprintf(&b, ": dropped %b", o.deny.ways[cell])
	for i, k := range o.sinks {
		if w := o.painted[i].ways[cell]; w != 0 {
			name := "out"
			if k.space != nil {
				name = "in " + k.space.name
			}
			fmt.Fprintf(&b, "; known %v %q %s:%d %b", k.known, name, address(k.address, p.v6), k.port, w)
		}
	}
	return b.String()
}

// wrongListener compares who reaches a listener with what got to it.
func (q *kernelQuestion) wrongListener(p *program, fates []kerneltest.Fate, t *kernelTally) string {
	e := *q.ear
	r := p.listen(e)
	if r.reason != "" {
		return "it is not known: " + r.reason
	}
	type got struct {
		reached, unlogged   bool
		reachedBy, unseenBy string
	}
	by := map[netip.Addr]*got{}
	for i, b := range q.probes {
		t.probes++
		g := by[b.Source]
		if g == nil {
			g = &got{}
			by[b.Source] = g
		}
		f := fates[i]
		if f.Delivered && f.Space == e.space && f.DestPort == e.port && (e.address.IsUnspecified() || f.Dest == e.address) {
			g.reached = true
			g.reachedBy = fmt.Sprintf("%+v: %+v", b, f)
			if !f.Logged {
				g.unlogged, g.unseenBy = true, g.reachedBy
			}
		}
	}
	for x, g := range by {
		a := r.answers[p.cuts.cell(number(x))]
		t.sources++
		if a.verdict == unknown {
			t.unknown++
		}
		q.about = x
		switch {
		case a.verdict == unreachable && g.reached:
			return "it is unreachable for " + x.String() + ", but not for the kernel: " + g.reachedBy
		case a.verdict == reachable && !g.reached && !q.some:
			return "it is reachable for " + x.String() + ", but not for the kernel"
		case a.verdict == reachable && a.recording == recording(recorded) && g.unlogged:
			return "who reaches it is recorded, but not by the kernel: " + g.unseenBy
		}
	}
	return ""
}
