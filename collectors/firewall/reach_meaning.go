package firewall

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// What two rulesets mean is compared packet by packet, in classes: protocols that
// either names and one that none does, interfaces, the host's addresses and those that
// rules name, destination ports cut where either changes, source ports likewise, and
// all sources. How the rules are written, and in which chains, makes no difference.

// witness is a packet that two rulesets treat differently, and what each does.
type witness struct {
	packet        string
	before, after string
}

// subject is a direction of which the meaning is asked.
type subject uint8

const (
	incoming   subject = iota // to the host's own addresses
	forwarding                // to others
)

// mostRows is how many classes of packets are asked about.
const mostRows = 200_000

// compared says where the two differ, at most most witnesses; an error where that is
// too much to ask.
func compared(before, after []*space, v6 bool, s subject, most int) ([]witness, error) {
	probe := compile(before, v6, false, nil)
	other := compile(after, v6, false, nil)
	p := compile(before, v6, false, cutSpans(other))
	q := compile(after, v6, false, cutSpans(probe))
	var list []witness
	err := classes(p, q, s, func(at entryPoint) bool {
		a, b := p.evaluateAll(at), q.evaluateAll(movedTo(q, at))
		for cell := range a {
			if a[cell] != b[cell] && len(list) < most {
				list = append(list, witness{at.describe(p, cell), a[cell], b[cell]})
				break
			}
		}
		return len(list) < most
	})
	return list, err
}

func cutSpans(p *program) []span {
	list := make([]span, 0, p.cuts.count())
	for i := range p.cuts.starts {
		list = append(list, p.cuts.span(run{int32(i), int32(i)}))
	}
	return list
}

func movedTo(q *program, at entryPoint) entryPoint {
	at.space, at.from = q.spaces[0], q.cuts.all()
	return at
}

// meaning is a digest of what filters do with every packet of a direction: the same for
// rulesets that mean the same on the same host.
func meaning(spaces []*space, v6 bool, s subject) (string, error) {
	p := compile(spaces, v6, false, nil)
	var rows []classRow
	err := classes(p, p, s, func(at entryPoint) bool {
		fates := p.evaluateAll(at)
		var b strings.Builder
		for cell := 0; cell < len(fates); {
			end := cell + 1
			for end < len(fates) && fates[end] == fates[cell] {
				end++
			}
			from := p.cuts.span(run{int32(cell), int32(end - 1)})
			fmt.Fprintf(&b, "%s-%s %s\n", address(from.lo, v6), address(from.hi, v6), fates[cell])
			cell = end
		}
		digest := fmt.Sprintf("%x", sha256.Sum256([]byte(b.String())))
		rows = append(rows, classRow{[]string{fmt.Sprint(at.protocol), at.in, address(at.address, v6).String(), fmt.Sprint(at.port), fmt.Sprint(at.sourcePort)}, digest})
		return true
	})
	if err != nil {
		return "", err
	}
	// From the source port outwards, neighbours that are treated alike are one class,
	// however they were cut; the host's addresses and interfaces stand for themselves.
	rows = folded(rows, true)
	rows = folded(rows, true)
	rows = folded(rows, s == forwarding)
	rows = folded(rows, false)
	whole := sha256.New()
	rest := ""
	for _, r := range rows {
		if r.keys[0] == unnamedProtocol {
			rest = r.digest
		}
	}
	for _, r := range rows {
		// A protocol that rules name to no effect is like one that they do not.
		if r.digest != rest || slices.Contains(protocolsAlways, r.keys[0]) {
			fmt.Fprintf(whole, "%s %s\n", r.keys[0], r.digest)
		}
	}
	return fmt.Sprintf("sha256:%x", whole.Sum(nil)), nil
}

// classRow is what becomes of a class of packets; its keys are protocol, interface,
// destination, destination port and source port, the last ones folded away.
type classRow struct {
	keys   []string
	digest string
}

// unnamedProtocol stands for those that no rule names and that have no ports.
const unnamedProtocol = "253"

var protocolsAlways = []string{"6", "17", "132", unnamedProtocol}

// folded makes one row of those that differ in the last key alone; with join the key
// is left out of a row that is as the one before.
func folded(rows []classRow, join bool) []classRow {
	var out []classRow
	for i := 0; i < len(rows); {
		n := len(rows[i].keys) - 1
		var b strings.Builder
		last := ""
		j := i
		for ; j < len(rows) && slices.Equal(rows[j].keys[:n], rows[i].keys[:n]); j++ {
			if join && rows[j].digest == last {
				continue
			}
			last = rows[j].digest
			fmt.Fprintf(&b, "%s %s\n", rows[j].keys[n], last)
		}
		out = append(out, classRow{rows[i].keys[:n], fmt.Sprintf("%x", sha256.Sum256([]byte(b.String())))})
		i = j
	}
	return out
}

// classes calls f for one packet of each class that either program tells apart.
func classes(p, q *program, s subject, f func(entryPoint) bool) error {
	w := &p.spaces[0].wiring
	protocols := []uint8{6, 17, 132, 253}
	for _, one := range []*program{p, q} {
		for _, n := range one.protocols {
			if !slices.Contains(protocols, n) {
				protocols = append(protocols, n)
			}
		}
	}
	slices.Sort(protocols)
	ports := sortedPorts(slices.Concat(p.ports, q.ports))
	sources := sortedPorts(slices.Concat(p.sourcePorts, q.sourcePorts))
	var addresses []netip.Addr
	own := w.own(p.v6)
	if s == incoming {
		addresses = own
	} else {
		for _, d := range slices.Concat(p.destinations, q.destinations, []span{everything(p.v6)[0]}) {
			for _, n := range []u128{d.lo, d.hi.next()} {
				if a := address(n, p.v6); !slices.Contains(own, a) && !a.IsLoopback() && !a.IsMulticast() {
					addresses = append(addresses, a)
				}
			}
		}
	}
	slices.SortFunc(addresses, netip.Addr.Compare)
	addresses = slices.Compact(addresses)
	var names []string
	for _, l := range w.interfaces {
		if !l.inner {
			names = append(names, l.name)
		}
	}
	if n := len(protocols) * len(names) * len(addresses) * len(ports) * len(sources); n > mostRows {
		return fmt.Errorf("compare rulesets: %d classes of packets are too many", n)
	}
	for _, protocol := range protocols {
		for _, name := range names {
			for _, a := range addresses {
				for _, port := range ports {
					for _, source := range sources {
						at := entryPoint{space: p.spaces[0], in: name, protocol: protocol, sourcePort: uint16(source), port: uint16(port), address: number(a), addressKnown: true, from: p.cuts.all(), local: s == incoming}
						if !f(at) {
							return nil
						}
						if protocol == 253 {
							break
						}
					}
					if protocol == 253 {
						break // it has no ports
					}
				}
			}
		}
	}
	return nil
}

// evaluateAll is, for every cell, what becomes of its packets, as text.
func (p *program) evaluateAll(at entryPoint) []string {
	o := p.evaluate(at, false)
	type key struct {
		deny  uint16
		sinks string
	}
	names := make([]string, len(o.sinks))
	order := make([]int, len(o.sinks))
	for i, s := range o.sinks {
		order[i] = i
		name := "?"
		if s.space != nil {
			name = "host " + s.space.name
		} else if s.known {
			name = "out"
		}
		names[i] = fmt.Sprintf("%s %s:%d %v", name, address(s.address, p.v6), s.port, s.portUnknown || s.addressUnknown)
		if s.portKept {
			names[i] = fmt.Sprintf("%s %s", name, address(s.address, p.v6))
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(names[a], names[b]) })
	texts := map[key]string{}
	out := make([]string, len(o.by))
	for cell := range out {
		doubt := o.deny.ways[cell]
		sinks := ""
		for _, i := range order {
			if ways := o.painted[i].ways[cell]; ways != 0 {
				doubt |= ways
				sinks += fmt.Sprintf("%s %d;", names[i], ways)
			}
		}
		k := key{o.deny.ways[cell], sinks}
		text, found := texts[k]
		if !found {
			text = fateText(k.deny, sinks)
			texts[k] = text
		}
		if doubt>>(uint(byRate)*uint(loggedKinds)) != 0 { // it hangs on something: on what
			text += o.hangsOn(p, cell)
		}
		out[cell] = text
	}
	return out
}

func fateText(deny uint16, sinks string) string {
	switch {
	case sinks == "":
		return fmt.Sprintf("refused %d", deny)
	case deny == 0:
		return "let through to " + sinks
	}
	return fmt.Sprintf("refused %d or let through to %s", deny, sinks)
}

// hangsOn lists what is not certain about a cell, in words.
func (o *outcome) hangsOn(p *program, cell int) string {
	var texts []string
	for i, c := range o.causes {
		if o.doubts[i][cell/64]>>(uint(cell)%64)&1 == 0 {
			continue
		}
		text := c.reason
		if c.rule >= 0 {
			for _, s := range p.rules[c.rule].Statements {
				switch s.(type) {
				case netfilter.Opaque, netfilter.Limit:
					text += netfilter.Print(s)
				}
			}
		}
		texts = append(texts, text)
	}
	slices.Sort(texts)
	return " by " + strings.Join(slices.Compact(texts), ", ")
}

// describe is a packet of an entry point from a cell, in words.
func (at entryPoint) describe(p *program, cell int) string {
	a := address(p.cuts.starts[cell], p.v6)
	protocol := fmt.Sprint(at.protocol)
	for name, n := range protocolNumbers {
		if n == at.protocol {
			protocol = name
		}
	}
	if _, ported := protocolNumbers[protocol]; !ported {
		return fmt.Sprintf("protocol %s from %s by %s to %s", protocol, a, at.in, address(at.address, p.v6))
	}
	return fmt.Sprintf("%s from %s by %s to %s", protocol, netip.AddrPortFrom(a, at.sourcePort), at.in, netip.AddrPortFrom(address(at.address, p.v6), at.port))
}
