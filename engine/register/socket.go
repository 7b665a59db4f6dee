package register

import (
	"cmp"
	"encoding/json"
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// socket is what an item opens: a protocol, ports and addresses. A dual-stack
// socket has one address per family.
type socket struct {
	protocol  string
	from, to  int
	addresses []netip.Addr // the zero Addr where nothing names one
	unknown   string       // why one of them is not known
	anywhere  bool         // the address is what is not known, the rest is
	outside   bool         // the addresses are those of the host, as seen from outside
}

// socket reads protocol, port or port_from and port_to, address and families.
func (s *sheet) socket(i int) socket {
	k := socket{protocol: "tcp", outside: s.doc.Kind == "port.scanned"}
	item := s.doc.Items[i]
	need := func(field string) any {
		v, there := item[field]
		if there && v == nil && k.unknown == "" {
			k.unknown = s.reason(i, field)
		}
		return v
	}
	if p, ok := need("protocol").(string); ok {
		k.protocol = p
	}
	first, last := "port_from", "port_to"
	if _, single := item["port"]; single {
		first, last = "port", "port"
	}
	k.from, _ = integer(need(first))
	k.to, _ = integer(need(last))
	known := k.unknown == ""
	address, _ := need("address").(string)
	var families []string
	if list, ok := need("families").([]any); ok {
		families = textsOf(list)
	}
	k.anywhere = known && k.unknown != ""
	k.addresses = addresses(address, families)
	return k
}

// addresses expands a bound address by family.
func addresses(text string, families []string) []netip.Addr {
	a, err := netip.ParseAddr(text)
	if err != nil && text != "*" {
		return []netip.Addr{{}}
	}
	a = a.Unmap().WithZone("")
	if text != "*" && !a.IsUnspecified() {
		return []netip.Addr{a}
	}
	var out []netip.Addr
	if slices.Contains(families, "ipv4") || a.Is4() {
		out = append(out, netip.IPv4Unspecified())
	}
	if slices.Contains(families, "ipv6") || a.Is6() {
		out = append(out, netip.IPv6Unspecified())
	}
	if out == nil {
		return []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()}
	}
	return out
}

// binds reports whether an entry allows a bound address: one without an address
// allows any; one with an address allows what lies in it, and a socket bound to
// every address of a family only if it is that itself.
func (p *Port) binds(a netip.Addr) bool {
	switch {
	case !p.Address.IsValid():
		return true
	case !a.IsValid():
		return false
	case a.IsUnspecified():
		return p.Address.Addr() == a
	}
	return p.Address.Contains(a)
}

// everywhere reports whether an entry is for every address of a family: what is bound
// so is seen on each of them.
func (p *Port) everywhere(a netip.Addr) bool {
	return p.Address.IsValid() && p.Address.Addr().IsUnspecified() && p.Address.Addr().Is4() == a.Is4()
}

// span is a range of ports.
type span struct{ from, to int }

// match finds the entries that cover a socket, in the order of the register, and
// the ports of it that none covers on some address.
func match(entries []*Port, k socket) (covering []*Port, open []span) {
	from := k.from
	if k.to > 0 {
		from = max(from, 1) // no service has port 0
	}
	for _, a := range k.addresses {
		var taken []span
		for _, p := range entries {
			if p.Protocol != k.protocol || p.From > k.to || p.To < from || !p.binds(a) && !(k.outside && p.everywhere(a)) {
				continue
			}
			taken = append(taken, span{p.From, p.To})
			if !slices.Contains(covering, p) {
				covering = append(covering, p)
			}
		}
		open = append(open, without(span{from, k.to}, taken)...)
	}
	slices.SortFunc(covering, func(a, b *Port) int { return strings.Compare(a.ID, b.ID) })
	return covering, merge(open)
}

// without returns what spans leave of a range, sorted.
func without(all span, taken []span) []span {
	slices.SortFunc(taken, func(a, b span) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	var out []span
	next := all.from
	for _, t := range taken {
		if t.from > next {
			out = append(out, span{next, t.from - 1})
		}
		next = max(next, t.to+1)
	}
	if next <= all.to {
		out = append(out, span{next, all.to})
	}
	return out
}

// merge joins spans that meet.
func merge(list []span) []span {
	slices.SortFunc(list, func(a, b span) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	var out []span
	for _, s := range list {
		if n := len(out); n > 0 && s.from <= out[n-1].to+1 {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// ports sets register, undocumented and process_mismatch. A published range
// refers to every entry that covers a part of it; anything else only if the
// entries cover it whole, since one documented port does not document a range.
// The entries are returned.
func (a *annotator) ports(s *sheet, i int, mine []*Service) []*Port {
	if s.doc.Kind == "firewall.rule" {
		a.rule(s, i)
		return nil
	}
	k := s.socket(i)
	var entries []*Port
	invalid := ""
	for _, service := range mine {
		for _, p := range service.Ports {
			if reason := p.invalid["address"]; reason != "" {
				invalid = reason // it covers something, but nobody knows what
				continue
			}
			entries = append(entries, p)
		}
	}
	if k.unknown != "" && !k.anywhere {
		a.unmatched(s, i, k.unknown)
		return nil
	}
	if k.anywhere {
		k.addresses = []netip.Addr{{}} // only an entry without an address covers any
	}
	covering, open := match(entries, k)
	reason := ""
	switch {
	case len(open) == 0:
	case k.anywhere:
		reason = k.unknown
	case invalid != "":
		reason = invalid
	case a.r.reason != "":
		reason = a.r.reason
	}
	if reason != "" {
		a.unmatched(s, i, reason)
		return covering
	}
	if len(open) > 0 && !s.takes("undocumented") {
		covering = nil
	}
	var ids []string
	at := fact.Position{}
	for _, p := range covering {
		if ids == nil {
			at = p.Pos
		}
		ids = append(ids, p.ID)
	}
	if s.takes("register") {
		s.set(i, "register", references(ids), at)
	}
	if s.takes("undocumented") {
		list := make([]any, len(open))
		for n, o := range open {
			list[n] = map[string]any{"from": o.from, "to": o.to}
		}
		s.set(i, "undocumented", list, fact.Position{})
	}
	if s.takes("process_mismatch") {
		a.process(s, i, covering)
	}
	return covering
}

func (a *annotator) unmatched(s *sheet, i int, reason string) {
	for _, field := range []string{"register", "undocumented", "process_mismatch"} {
		if s.takes(field) {
			s.gap(i, field, reason, fact.Position{})
		}
	}
}

// rule sets the entries that a firewall rule's comment names.
func (a *annotator) rule(s *sheet, i int) {
	found, unknown := a.named(s, i)
	var ids []string
	at := fact.Position{}
	for _, p := range a.r.Ports {
		if slices.Contains(found, "port/"+p.Slug) {
			if ids == nil {
				at = p.Pos
			}
			ids = append(ids, p.ID)
		}
	}
	if ids == nil && unknown != "" {
		s.gap(i, "register", unknown, fact.Position{})
		return
	}
	s.refs(i, "register", ids, at)
}

// integer reads a whole number in any of the forms an item may hold.
func integer(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case float64:
		return int(n), n == math.Trunc(n)
	case json.Number:
		i, err := n.Int64()
		return int(i), err == nil
	}
	return 0, false
}
