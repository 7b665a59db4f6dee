package firewall

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// workload writes which rules the pods of an object are under, and the ports they
// name.
func (w *clusterWriter) workload(n *namespace, x *workload) {
	none := fact.Position{}
	it := w.workloads.Add(x.id, "declared", x.pos)
	if x.elsewhere != "" {
		it.Gap("namespace", x.elsewhere, none).Gap("chain", x.elsewhere, none)
	} else {
		it.Set("namespace", x.namespace, none).Set("chain", []any{w.ref(chainID(x.namespace, ingress))}, none)
	}
	if x.host == perhaps {
		it.Gap("host_network", x.hostReason, x.hostPos)
	} else {
		it.Set("host_network", x.host == always, x.hostPos)
	}
	if x.elsewhere != "" {
		it.Gap("isolated", x.elsewhere, none).Gap("admits", x.elsewhere, none)
	} else {
		isolated, reason := n.isolated(x, ingress)
		if isolated == perhaps {
			it.Gap("isolated", reason, none)
		} else {
			it.Set("isolated", isolated == always, none)
		}
		it.Set("admits", w.admits(n, x), none)
	}
	w.published(it, x)
	if x.portsReason != "" {
		it.Gap("ports", x.portsReason, none)
		return
	}
	it.Set("ports", []any{}, none)
	for _, p := range x.ports {
		o := it.Append("ports", p.pos)
		put(o, "name", p.name, p.reason, p.name == "?")
		put(o, "protocol", p.protocol, p.reason, p.protocol == "")
		put(o, "port", p.port, p.reason, p.port == 0)
	}
}

func put(it *fact.ItemBuilder, name string, value any, reason string, gap bool) {
	if gap {
		it.Gap(name, reason, fact.Position{})
		return
	}
	it.Set(name, value, fact.Position{})
}

// admits lists the rules for incoming traffic that a workload is under. Pods under
// the same rules, which mean the same ports on them, share the list.
func (w *clusterWriter) admits(n *namespace, x *workload) []any {
	selected := n.selectors(x.labels)
	var b strings.Builder
	for _, s := range selected {
		fmt.Fprintf(&b, "%s\x00%d", s.policy.id, s.by)
	}
	if named(selected) {
		for _, p := range x.ports {
			fmt.Fprintf(&b, "\x00%s/%s/%d", p.name, p.protocol, p.port)
		}
		b.WriteString("\x00" + x.portsReason)
	}
	key := b.String()
	if list, ok := w.admitted[key]; ok {
		return list
	}
	type admitted struct {
		ref  string
		by   truth
		rule writtenRule
	}
	var rules []admitted
	for _, s := range selected {
		for _, r := range w.refs[s.policy] {
			rules = append(rules, admitted{w.ref(r.id), and(s.by, s.policy.isolates[ingress]), r})
		}
	}
	slices.SortFunc(rules, func(a, b admitted) int { return strings.Compare(a.ref, b.ref) })
	list := []any{}
	add := func(ref string, by truth, ports []portSpan) {
		certainty := "certain"
		if by != always {
			certainty = "possible"
		}
		list = append(list, map[string]any{"rule": []any{ref}, "certainty": certainty, "ports": spanList(ports)})
	}
	for _, r := range rules {
		if r.rule.any {
			add(r.ref, r.by, nil)
			continue
		}
		// Without either the pods have no port of the name that the rule admits.
		certain, possible := r.rule.on(x)
		if len(certain) > 0 {
			add(r.ref, r.by, certain)
		}
		if len(possible) > 0 {
			add(r.ref, perhaps, possible)
		}
	}
	w.admitted[key] = list
	return list
}

func named(list []selected) bool {
	for _, s := range list {
		for _, r := range s.policy.rules[ingress] {
			if slices.ContainsFunc(r.ports, func(m portMatch) bool { return m.name != "" }) {
				return true
			}
		}
	}
	return false
}

// on returns the ports that a rule admits on the pods of a workload, those that are
// not known apart.
func (r writtenRule) on(x *workload) (certain, possible []portSpan) {
	for _, m := range r.ports {
		list, known := m.resolve(x)
		if known == always {
			certain = append(certain, list...)
		} else {
			possible = append(possible, list...)
		}
	}
	return certain, possible
}

func spanList(list []portSpan) []any {
	slices.SortFunc(list, func(a, b portSpan) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	out := []any{}
	for _, s := range slices.Compact(list) {
		out = append(out, map[string]any{"from": s.from, "to": s.to})
	}
	return out
}
