package firewall

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// shadow says which rules leave a rule without effect. With a reason that is
// not known.
type shadow struct {
	by     []string // rule ids, sorted
	reason string
}

func (s shadow) write(it *fact.ItemBuilder, target string, at fact.Position) {
	if s.reason != "" {
		it.Gap("shadowed_by", s.reason, at)
		return
	}
	refs := make([]string, len(s.by))
	for i, id := range s.by {
		refs[i] = target + "#" + id
	}
	it.Set("shadowed_by", fact.Strings(refs), at)
}

// shadowing says for each rule which others cover all it matches. In an ordered
// list only earlier rules count, whatever they decide. In a group every rule
// admits, so any other counts; of rules that cover each other the last ones are
// reported, so that what is left, if all reported are deleted, is the same.
func shadowing(rules []*vpc.Rule, ordered bool) []shadow {
	regions := make([]region, len(rules))
	for i, r := range rules {
		regions[i] = regionOf(r)
	}
	out := make([]shadow, len(rules))
	gone := make([]bool, len(rules))
	for i := len(rules) - 1; i >= 0; i-- {
		var others []int
		for j := range rules {
			if j != i && !gone[j] && (!ordered || j < i) {
				others = append(others, j)
			}
		}
		// Whether the rule is in force makes no difference to what covers it.
		written := *rules[i]
		written.Opaque = ""
		by, all, maybe := cover(regionOf(&written), regions, others)
		switch {
		case all:
			for _, j := range by {
				out[i].by = append(out[i].by, rules[j].ID)
			}
			slices.Sort(out[i].by)
			gone[i] = !ordered
		case maybe:
			out[i].reason = "whether other rules cover it hangs on what is not known of them or of it"
		}
	}
	return out
}

// cover asks whether the others together cover a rule as written: certainly (and which
// of them take part), or perhaps.
func cover(written region, regions []region, others []int) (by []int, certainly, perhaps bool) {
	g := written
	certainly = g.exact()
	perhaps = true
	for _, cell := range cells(g, regions, others) {
		var must, may sources
		var groups []string
		anyGroup, met := false, false
		for _, j := range others {
			o := regions[j]
			if !o.mayMatch(g, cell) {
				continue
			}
			met = true
			may = may.union(o.peers.may)
			anyGroup = anyGroup || o.unknownGroups
			if o.mustMatch(g, cell) && o.certain {
				if contributes(o, g) && !slices.Contains(by, j) {
					by = append(by, j)
				}
				must = must.union(o.peers.must)
				groups = append(groups, o.groups...)
			} else {
				anyGroup = anyGroup || len(o.groups) > 0
			}
		}
		certainly = certainly && must.covers(g.peers.may) && coversGroups(g.groups, groups, must)
		perhaps = perhaps && met && may.covers(g.peers.must) && (anyGroup || coversGroups(g.groups, groups, may))
	}
	if len(g.groups) == 0 && !g.unknownGroups && g.peers.may.empty() {
		return nil, false, false // it matches nothing, covered or not
	}
	return by, certainly, perhaps
}

// coversGroups: the members' addresses are not known, so only the group itself
// or every address covers them.
func coversGroups(want, have []string, s sources) bool {
	if s.covers(allSources()) {
		return true
	}
	for _, name := range want {
		if !slices.Contains(have, name) {
			return false
		}
	}
	return true
}

func contributes(o, g region) bool {
	if !o.peers.must.intersect(g.peers.may).empty() {
		return true
	}
	return slices.ContainsFunc(o.groups, func(name string) bool { return slices.Contains(g.groups, name) })
}

// mustMatch reports whether every packet that another region matches to a port
// matches by protocol and port, mayMatch whether one may.
func (g region) mustMatch(other region, port int) bool {
	switch {
	case g.protocol == vpc.Any:
		return true
	case other.protocol == "" || g.protocol != other.protocol:
		return false
	case g.message != "":
		return g.ofMessage(other, true)
	}
	return g.portsKnown && g.from <= port && port <= g.to
}

func (g region) mayMatch(other region, port int) bool {
	if g.protocol != "" && g.protocol != vpc.Any && other.protocol != "" && g.protocol != other.protocol {
		return false
	}
	if g.message != "" && other.message != "" && !g.ofMessage(other, false) {
		return false
	}
	return g.protocol == vpc.Any || !g.portsKnown || g.from <= port && port <= g.to
}

// ofMessage compares ICMP types and codes ("8/0", -1 for every code, ? where not
// known): whether g's hold all of the other's, or may hold one.
func (g region) ofMessage(other region, all bool) bool {
	kind, code, _ := strings.Cut(g.message, "/")
	otherKind, otherCode, _ := strings.Cut(other.message, "/")
	if all {
		return kind == otherKind && kind != "?" && (code == "-1" || code == otherCode && code != "?")
	}
	unknown := slices.Contains([]string{kind, otherKind, code, otherCode}, "?")
	return unknown || kind == otherKind && (code == otherCode || code == "-1" || otherCode == "-1")
}

// cells returns one port for each part of a region's range in which the others
// do not change.
func cells(g region, regions []region, others []int) []int {
	lo, hi := g.from, g.to
	if !g.portsKnown {
		lo, hi = 0, 65535
	}
	cuts := []int{lo}
	for _, j := range others {
		o := regions[j]
		if !o.portsKnown {
			continue
		}
		for _, p := range []int{o.from, o.to + 1} {
			if lo < p && p <= hi {
				cuts = append(cuts, p)
			}
		}
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}
