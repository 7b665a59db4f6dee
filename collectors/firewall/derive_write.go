package firewall

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// most bounds the lists of blocks of one exposure.
const most = 64

func (f *facts) write(b *fact.Builder, e exposure) {
	it := b.Add(e.id, "declared", e.at)
	none := fact.Position{}
	it.Set("of", e.of, none).Set("listener", []any{}, none)
	if e.via == "cloud" || e.via == "" && e.gaps["via"] == "" {
		it.Set("excess_container", []any{}, none) // no container's path forks from a host's
	} else {
		it.Gap("excess_container", "what the input chain of the host denies was not read", e.at)
	}
	set(it, e.gaps, "via", cmp.Or(e.via, "cloud"), none)
	published := []any{}
	if e.of == "port.published" {
		published = []any{e.port.ref()}
	}
	it.Set("published", published, none)
	f.writeStore(it, e)
	set(it, e.gaps, "chain", fact.Strings(e.chains), e.at)
	set(it, e.gaps, "product", e.product, e.portAt("product"))
	set(it, e.gaps, "protocol", e.q.protocol, e.portAt("protocol"))
	set(it, e.gaps, "address", "", none)
	set(it, e.gaps, "port_from", e.q.from, e.portAt("port_from"))
	set(it, e.gaps, "port_to", e.q.to, e.portAt("port_to"))

	r := e.reach()
	it.Set("verdict", r.verdict(), r.at)
	e.writePaths(it, r)
	f.writeScopes(it, e, r)
	f.writeResidual(it, e, r)
	f.writeEnvironments(it, e, r)
}

// dataMechanisms are of services that hold data.
var dataMechanisms = []string{"database", "cache", "search", "queue"}

// writeStore names the data store that publishes the port. A service that holds
// data is one also if its facts are not at hand: then which is not known.
func (f *facts) writeStore(it *fact.ItemBuilder, e exposure) {
	none := fact.Position{}
	if e.of != "port.published" {
		it.Set("store", []any{}, none)
		return
	}
	resource, known := textOf(e.port.item, "resource")
	mechanism, told := textOf(e.port.item, "mechanism")
	switch ref := e.target.ID + "#" + resource; {
	case known && f.stores[ref]:
		it.Set("store", []any{ref}, none)
	case told && !slices.Contains(dataMechanisms, mechanism):
		it.Set("store", []any{}, none)
	default:
		it.Gap("store", "the facts of the data store "+resource+" were not collected", none)
	}
}

func set(it *fact.ItemBuilder, gaps map[string]string, name string, value any, at fact.Position) {
	if reason, ok := gaps[name]; ok {
		it.Gap(name, reason, at)
		return
	}
	it.Set(name, value, at)
}

func (e exposure) portAt(name string) fact.Position {
	if e.of != "port.published" {
		return e.at
	}
	return e.port.at(name)
}

// reach is who reaches the port by the families it has.
type reach struct {
	bounds
	groups  []groupSource
	v6      string // on, off, "" where that is not known
	at      fact.Position
	reasons []string
}

func (e exposure) reach() reach {
	r := reach{bounds: e.admission.bounds, groups: slices.Clone(e.admission.groups), v6: "off", at: e.at, reasons: e.admission.reasons}
	slices.SortFunc(r.groups, func(a, b groupSource) int { return strings.Compare(a.name, b.name) })
	switch {
	case !e.familiesOK:
		// What is not known is taken to have IPv4, and may have IPv6.
		r.v6 = ""
		r.must.v6 = nil
		r.reasons = append(slices.Clip(r.reasons), e.port.why("families"))
	case slices.Contains(e.families, "ipv6"):
		r.v6 = "on"
	default:
		r.must.v6, r.may.v6 = nil, nil
	}
	if e.familiesOK && !slices.Contains(e.families, "ipv4") {
		r.must.v4, r.may.v4 = nil, nil
	}
	for _, d := range e.admission.deciders {
		if !d.must.empty() {
			r.at = d.rule.at()
			break
		}
	}
	return r
}

func (r reach) certainGroup() bool {
	return slices.ContainsFunc(r.groups, func(g groupSource) bool { return g.certain })
}

func (r reach) verdict() string {
	switch {
	case !r.must.empty() || r.certainGroup():
		return "reachable"
	case r.may.empty() && len(r.groups) == 0:
		return "unreachable"
	}
	return "unknown"
}

// why is the first reason for what is not certain.
func (r reach) why() string {
	for _, reason := range r.reasons {
		if reason != "" {
			return reason
		}
	}
	return "not all rules are known"
}

func (e exposure) writePaths(it *fact.ItemBuilder, r reach) {
	it.Set("paths", []any{}, r.at)
	for _, v6 := range []bool{false, true} {
		if v6 && r.v6 == "off" || !v6 && e.familiesOK && !slices.Contains(e.families, "ipv4") {
			continue
		}
		must, may := r.must.of(v6), r.may.of(v6)
		for _, p := range must.prefixes(v6) {
			e.path(it, p.String(), "", true, v6, "reachable", e.deciding(p))
		}
		if !must.covers(may) {
			// A block that holds reachable ones too: the narrower path says more.
			for _, p := range may.prefixes(v6) {
				if !must.covers(setOf(p)) {
					e.path(it, p.String(), "", true, v6, "unknown", e.deciding(p))
				}
			}
		}
		for _, g := range r.groups {
			verdict := "unknown"
			if g.certain && !(v6 && r.v6 == "") {
				verdict = "reachable"
			}
			e.path(it, "", g.name, g.name != "", v6, verdict, g.rules)
		}
		if !may.covers(everything(v6)) {
			e.path(it, "", "", true, v6, "unreachable", nil)
		}
	}
}

func (e exposure) path(it *fact.ItemBuilder, cidr, group string, groupKnown, v6 bool, verdict string, rules []string) {
	at := e.at
	none := fact.Position{}
	o := it.Append("paths", at).Set("cidr", cidr, none).Set("family", family(v6), none).Set("verdict", verdict, none).
		Set("log_per_second", 0, none).Set("rules", fact.Strings(rules), none)
	if groupKnown {
		o.Set("group", group, none)
	} else {
		o.Gap("group", "which group is not known", none)
	}
	note := e.note
	if verdict == "unreachable" {
		note = ""
	}
	o.Set("note", note, none)
	e.flow.write(o, verdict)
}

// write fills logged: admitted and refused connections may be recorded apart.
func (l flow) write(o *fact.ItemBuilder, verdict string) {
	value, reason := l.accepted, l.acceptedReason
	switch {
	case verdict == "unreachable":
		value, reason = l.denied, l.deniedReason
	case verdict == "unknown" && reason == "" && l.denied != l.accepted:
		reason = "admitted and refused connections are recorded differently, and which it is is not known"
	}
	if reason != "" {
		o.Gap("logged", reason, l.at)
		return
	}
	o.Set("logged", value, l.at)
}

func family(v6 bool) string {
	if v6 {
		return "ipv6"
	}
	return "ipv4"
}

// deciding are the rules that let in part of a block.
func (e exposure) deciding(p netip.Prefix) []string {
	var list []string
	for _, d := range e.admission.deciders {
		if d.may.of(p.Addr().Is6()).touches(p) {
			list = append(list, d.rule.ref())
		}
	}
	return list
}

// placeOf is where the first rule names a source that lets in part of a block,
// where the port stands if none is known to.
func (e exposure) placeOf(p netip.Prefix) fact.Position {
	for _, d := range e.admission.deciders {
		if d.may.of(p.Addr().Is6()).touches(p) {
			return d.rule.source(p)
		}
	}
	return e.at
}

// source is where a rule names a source that meets a block, the rule where it is
// not written as one.
func (r *filterRule) source(p netip.Prefix) fact.Position {
	match, _ := r.item["match"].(map[string]any)
	list, _ := objectsOf(match, "sources")
	for i, peer := range list {
		text, _ := textOf(peer, "cidr")
		if cidr, err := netip.ParsePrefix(text); err == nil && cidr.Overlaps(p) {
			return r.at("match", "sources", itoa(i), "cidr")
		}
	}
	return r.at()
}
