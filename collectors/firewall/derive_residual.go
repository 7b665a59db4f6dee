package firewall

import (
	"slices"

	"github.com/writ-policy/writ/engine/fact"
)

// block is an entry of residual: a block of addresses, or a group's members, and
// the rule that lets it in.
type block struct {
	cidr, group, certainty string
	at                     fact.Position
}

// writeResidual subtracts from who reaches the port those whom the register
// declares as its sources, and those in administration networks.
func (f *facts) writeResidual(it *fact.ItemBuilder, e exposure, r reach) {
	if e.private() {
		for _, name := range []string{"residual", "residual_admin"} {
			it.Set(name, []any{}, r.at).Set(name+"_count", 0, r.at)
		}
		return
	}
	declared, reason := sources{}, ""
	list, known := f.declarations(e)
	if !known {
		reason = e.port.why("register")
	} else if declared, known = declaredSources(list, e.q); !known {
		reason = "the declared sources of a register entry are not known"
	}
	if reason != "" {
		it.Gap("residual", reason, r.at).Gap("residual_count", reason, r.at)
	} else {
		blocks := f.remainder(e, r, declared)
		it.Set("residual_count", len(blocks), r.at)
		writeBlocks(it, "residual", blocks, r.at)
	}
	var admin sources
	for _, n := range f.networks {
		if n.admin {
			admin = admin.union(n.addresses)
		}
	}
	if !f.admins {
		it.Gap("residual_admin", "the register defines no administration network", r.at)
		it.Gap("residual_admin_count", "the register defines no administration network", r.at)
		return
	}
	blocks := f.remainder(e, r, admin)
	it.Set("residual_admin_count", len(blocks), r.at)
	writeBlocks(it, "residual_admin", blocks, r.at)
}

// remainder lists who gets in and is not allowed, certain ones first; a possible
// block may hold certain ones. A group's members are somewhere in its network:
// they are allowed if all of it is.
func (f *facts) remainder(e exposure, r reach, allowed sources) []block {
	var out []block
	for _, p := range r.must.minus(allowed).prefixes() {
		out = append(out, block{p.String(), "", "certain", e.placeOf(p)})
	}
	for _, p := range r.may.minus(allowed).prefixes() {
		if !r.must.covers(sourcesOf(p)) {
			out = append(out, block{p.String(), "", "possible", e.placeOf(p)})
		}
	}
	for _, g := range r.groups {
		home := f.homeOf(g.name)
		if g.name != "" && !home.empty() && allowed.covers(home) {
			continue
		}
		out = append(out, block{"", g.name, "possible", r.at})
	}
	return out
}

// homeOf are the blocks of the network a group belongs to, none if not known.
func (f *facts) homeOf(group string) sources {
	for _, c := range f.order {
		if c.name == group && c.hook == "input" {
			return c.addresses
		}
	}
	return sources{}
}

func writeBlocks(it *fact.ItemBuilder, name string, list []block, at fact.Position) {
	it.Set(name, []any{}, at)
	for _, b := range list[:min(len(list), most)] {
		o := it.Append(name, b.at).Set("cidr", b.cidr, b.at).Set("certainty", b.certainty, b.at)
		if b.cidr == "" && b.group == "" {
			o.Gap("group", "which group is not known", fact.Position{})
			continue
		}
		o.Set("group", b.group, fact.Position{})
	}
}

// writeEnvironments names the environments sources are in: of the register's
// networks that reach the port, of groups in this system their target's.
// "unknown" stands for sources in no network, and for sources that only possibly
// reach it and would add another environment.
func (f *facts) writeEnvironments(it *fact.ItemBuilder, e exposure, r reach) {
	if e.private() {
		it.Set("source_environments", []any{}, r.at)
		return
	}
	list := f.environments(r.must)
	for _, g := range r.groups {
		list = append(list, f.environmentOf(g.name))
	}
	for _, name := range f.environments(r.may) {
		if !slices.Contains(list, name) {
			list = append(list, "unknown")
		}
	}
	sorted := fact.Strings(list)
	it.Set("source_environments", sorted, r.at)
	for i, name := range sorted {
		for _, n := range f.networks {
			if inside := r.may.intersect(n.addresses).prefixes(); n.environment == name && name != "" && len(inside) > 0 {
				it.Refine("/source_environments/"+itoa(i), e.placeOf(inside[0]))
				break
			}
		}
	}
}

// environments are those of the networks addresses are in. A network without
// one says nothing of addresses that another names an environment of.
func (f *facts) environments(s sources) []string {
	var list []string
	rest := s
	for _, n := range f.networks {
		if n.environment != "" && !s.intersect(n.addresses).empty() {
			list = append(list, n.environment)
			rest = rest.minus(n.addresses)
		}
	}
	if !rest.empty() {
		list = append(list, "unknown")
	}
	return list
}

func (f *facts) environmentOf(group string) string {
	for _, c := range f.order {
		if group != "" && c.name == group && c.doc.Target.Environment != "" {
			return c.doc.Target.Environment
		}
	}
	return "unknown"
}
