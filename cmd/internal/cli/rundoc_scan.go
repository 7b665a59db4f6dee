package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/register"
)

// asked is one item of port.scan: ports of an address, or of a block's silent ones,
// whose state is decided. What a datagram was sent to counts, silent or not: more
// cannot be learned from outside.
type asked struct {
	target, family, protocol, address, finished string
	ports                                       []ports
}

// ports is a range of them.
type ports struct{ from, to int }

// askedBy reads the items of a port.scan document.
func askedBy(d *fact.Document) []asked {
	if d.Kind != "port.scan" {
		return nil
	}
	var out []asked
	for _, item := range d.Items {
		a := asked{target: d.Target.ID}
		a.family, _ = item["family"].(string)
		a.protocol, _ = item["protocol"].(string)
		a.address, _ = item["address"].(string)
		a.finished, _ = item["finished_at"].(string)
		results, _ := item["results"].([]any)
		for _, r := range results {
			m, _ := r.(map[string]any)
			from, to := whole(m["from"]), whole(m["to"])
			decided := m["state"] == "open" || m["state"] == "closed" || m["state"] == "filtered" || a.protocol == "udp" && m["state"] == "unknown" && m["reason"] == "timeout"
			if decided && from > 0 && to >= from {
				a.ports = append(a.ports, ports{from, to})
			}
		}
		out = append(out, a)
	}
	return out
}

func whole(v any) int {
	switch n := v.(type) {
	case int:
		return n
	case float64:
		return int(n)
	case json.Number:
		i, _ := n.Int64()
		return int(i)
	}
	return 0
}

// scanFacts writes what scans asked, and what of the hosts that the register names they
// did not.
func scanFacts(it *fact.ItemBuilder, services []*register.Service, collected []*telling, params *control.Parameters) {
	var all []asked
	for _, t := range collected {
		all = append(all, t.asked...)
	}
	var families, protocols, hosts []string
	oldest := ""
	for _, a := range all {
		families, protocols = append(families, a.family), append(protocols, a.protocol)
		if strings.HasPrefix(a.target, "host/") && len(a.ports) > 0 && !slices.Contains(hosts, a.target) {
			hosts = append(hosts, a.target)
		}
		if oldest == "" || a.finished != "" && a.finished < oldest {
			oldest = a.finished
		}
	}
	o := it.Object("scan", fact.Position{})
	o.Set("asked", len(all) > 0, fact.Position{}).Set("families", fact.Strings(families), fact.Position{}).Set("protocols", fact.Strings(protocols), fact.Position{}).
		Set("hosts", len(hosts), fact.Position{}).Set("finished_at", oldest, fact.Position{}).Set("missing", []any{}, fact.Position{})
	if len(all) == 0 {
		return
	}
	want := map[string][]ports{}
	for _, protocol := range []string{"tcp", "udp"} {
		text, _, _ := params.Value("port.scan_" + protocol)
		want[protocol] = wanted(fmt.Sprint(text))
	}
	for _, m := range unscanned(services, all, want) {
		o.Append("missing", fact.Position{}).Set("target", m.target, fact.Position{}).Set("family", m.family, fact.Position{}).
			Set("protocol", m.protocol, fact.Position{}).Set("ports", spellPorts(m.ports), fact.Position{})
	}
}

// unscanned lists what of the registered hosts was not asked, sorted. A place without a
// star names one host; one with a star is missed only where no host of its service was
// asked, as in [assets].
func unscanned(services []*register.Service, all []asked, want map[string][]ports) []asked {
	var out []asked
	add := func(m asked) {
		if !slices.ContainsFunc(out, func(o asked) bool { return o.target == m.target && o.family == m.family && o.protocol == m.protocol }) {
			out = append(out, m)
		}
	}
	for _, svc := range services {
		var unseen []string
		seen := false
		for _, place := range svc.Targets {
			glob := place.Target()
			if !strings.HasPrefix(glob, "host/") {
				continue
			}
			byHost := map[string][]asked{}
			for _, a := range all {
				if register.Match(glob, a.target) {
					byHost[a.target] = append(byHost[a.target], a)
				} else if within(glob, a.address) && strings.HasPrefix(a.target, "network/") {
					byHost[glob] = append(byHost[glob], a)
				}
			}
			if len(byHost) == 0 {
				unseen = append(unseen, glob)
				continue
			}
			seen = true
			for _, host := range fact.SortedKeys(byHost) {
				for _, m := range gaps(host, byHost[host], want) {
					add(m)
				}
			}
		}
		for _, glob := range unseen {
			if !seen || !strings.Contains(glob, "*") {
				add(asked{target: glob})
			}
		}
	}
	slices.SortFunc(out, func(a, b asked) int {
		return cmp.Or(cmp.Compare(a.target, b.target), cmp.Compare(a.family, b.family), cmp.Compare(a.protocol, b.protocol))
	})
	return out
}

// within reports whether a target is an address of a block.
func within(target, block string) bool {
	a, err := netip.ParseAddr(strings.TrimPrefix(target, "host/"))
	if err != nil {
		return false
	}
	p, err := netip.ParsePrefix(block)
	return err == nil && p.Contains(a)
}

// gaps lists what of the wanted ports of a host is not decided, in each family that was
// asked. A host of several addresses is asked at each.
func gaps(host string, found []asked, want map[string][]ports) []asked {
	type key struct{ family, address string }
	var seen []key
	for _, a := range found {
		if k := (key{a.family, a.address}); !slices.Contains(seen, k) {
			seen = append(seen, k)
		}
	}
	left := map[string]map[string][]ports{}
	for _, k := range seen {
		for _, protocol := range []string{"tcp", "udp"} {
			var have []ports
			for _, a := range found {
				if a.family == k.family && a.address == k.address && a.protocol == protocol {
					have = append(have, a.ports...)
				}
			}
			if left[k.family] == nil {
				left[k.family] = map[string][]ports{}
			}
			left[k.family][protocol] = append(left[k.family][protocol], minus(want[protocol], have)...)
		}
	}
	var out []asked
	for _, f := range fact.SortedKeys(left) {
		for _, protocol := range fact.SortedKeys(left[f]) {
			if open := join(left[f][protocol]); len(open) > 0 {
				out = append(out, asked{target: host, family: f, protocol: protocol, ports: open})
			}
		}
	}
	return out
}

// wanted reads "1-1023,8080"; what is no port is left out.
func wanted(text string) []ports {
	var out []ports
	for _, part := range strings.Split(text, ",") {
		first, last, ranged := strings.Cut(strings.TrimSpace(part), "-")
		if !ranged {
			last = first
		}
		from, errA := strconv.Atoi(first)
		to, errB := strconv.Atoi(last)
		if errA == nil && errB == nil && from > 0 && to >= from && to <= 65535 {
			out = append(out, ports{from, to})
		}
	}
	return join(out)
}

// join sorts ranges and joins those that meet.
func join(list []ports) []ports {
	slices.SortFunc(list, func(a, b ports) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	var out []ports
	for _, p := range list {
		if n := len(out); n > 0 && p.from <= out[n-1].to+1 {
			out[n-1].to = max(out[n-1].to, p.to)
			continue
		}
		out = append(out, p)
	}
	return out
}

// minus returns what of some ranges others leave.
func minus(want, have []ports) []ports {
	have = join(have)
	var out []ports
	for _, w := range want {
		next := w.from
		for _, h := range have {
			if h.to < next || h.from > w.to {
				continue
			}
			if h.from > next {
				out = append(out, ports{next, h.from - 1})
			}
			next = max(next, h.to+1)
		}
		if next <= w.to {
			out = append(out, ports{next, w.to})
		}
	}
	return out
}

func spellPorts(list []ports) string {
	var parts []string
	for _, p := range list {
		if p.from == p.to {
			parts = append(parts, strconv.Itoa(p.from))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", p.from, p.to))
		}
	}
	return strings.Join(parts, ",")
}
