package register

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// check compares the blocks with each other. Names that are not defined are
// reported only if every file could be read. What cannot be told apart or cannot
// cover anything is dropped; the register has an error then.
func (r *Register) check(d *decoder, whole bool) {
	r.Networks = unique(d, "network", r.Networks, func(n *Network) (string, *Entry) { return n.Name, n.Entry })
	services := len(r.Services)
	r.Services = unique(d, "service", r.Services, func(s *Service) (string, *Entry) { return s.Name, s.Entry })
	if len(r.Services) < services {
		r.lost = "a service of the register has no name of its own"
	}
	for _, s := range r.Services {
		r.lost = cmp.Or(r.lost, s.invalid["targets"])
	}
	r.Datasets = unique(d, "dataset", r.Datasets, func(s *Dataset) (string, *Entry) { return s.Name, s.Entry })
	r.Processors = unique(d, "processor", r.Processors, func(p *Processor) (string, *Entry) { return p.Name, p.Entry })
	r.Waivers = slices.DeleteFunc(r.Waivers, func(w *Waiver) bool {
		return w.invalid["control"]+w.invalid["targets"]+w.invalid["subject"] != ""
	})
	r.Waivers = unique(d, "waiver", r.Waivers, func(w *Waiver) (string, *Entry) { return w.ID, w.Entry })
	r.Changes = unique(d, "change", r.Changes, func(c *Change) (string, *Entry) { return c.Name, c.Entry })
	r.Ports = nil
	for _, s := range r.Services {
		r.Ports = append(r.Ports, s.Ports...)
	}
	slices.SortStableFunc(r.Ports, func(a, b *Port) int { return strings.Compare(a.ID, b.ID) })
	r.checkPorts(d)
	for _, p := range r.Ports {
		r.resolve(d, p, whole)
	}
	r.Ports = unique(d, "", r.Ports, func(p *Port) (string, *Entry) { return p.ID, p.Entry })
	for _, s := range r.Services {
		r.processors(d, s.Entry, s.Processors, whole)
	}
	for _, s := range r.Datasets {
		r.checkDataset(d, s, whole)
	}
}

// unique drops what was named before; an empty kind does so without a word,
// since something else has been said about it.
func unique[T any](d *decoder, kind string, sorted []T, name func(T) (string, *Entry)) []T {
	var out []T
	for _, each := range sorted {
		x, at := name(each)
		if at.invalid["name"] != "" {
			continue
		}
		if len(out) > 0 {
			if last, first := name(out[len(out)-1]); last == x {
				if kind != "" {
					d.problem(at.Pos, "Duplicate "+kind, fmt.Sprintf("%s %q is also at %s.", upper(kind), x, first.Pos), "")
				}
				continue
			}
		}
		out = append(out, each)
	}
	return out
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// checkPorts reports two entries that claim one socket.
func (r *Register) checkPorts(d *decoder) {
	for i, a := range r.Ports {
		for _, b := range r.Ports[:i] {
			if a.Protocol != b.Protocol || a.From > b.To || b.From > a.To || !sameSocket(a.Address, b.Address) {
				continue
			}
			first, second := a, b
			if after(first.Pos, second.Pos) {
				first, second = b, a
			}
			switch {
			case a.Service == b.Service:
				d.problem(second.Pos, "Overlapping ports", fmt.Sprintf("%s and %s (%s) cover the same port.", second.label(), first.label(), first.Pos), "")
			case overlapping(a.Service.Targets, b.Service.Targets):
				d.problem(second.Pos, "Port claimed twice", fmt.Sprintf("%s of %q and %s of %q (%s) may be on the same target.", second.label(), second.Service.Name, first.label(), first.Service.Name, first.Pos),
					`Narrow the targets, also to parts of one: "config/infra#aws_db_instance.orders".`)
			}
		}
	}
}

func after(a, b fact.Position) bool {
	return byPosition(fact.Diagnostic{Pos: a}, fact.Diagnostic{Pos: b}) > 0
}

func sameSocket(a, b netip.Prefix) bool { return !a.IsValid() || !b.IsValid() || a.Overlaps(b) }

func overlapping(a, b []Place) bool {
	return slices.ContainsFunc(a, func(p Place) bool {
		return slices.ContainsFunc(b, func(q Place) bool { return p.overlaps(q) })
	})
}

// resolve turns a port's sources to prefixes, and holds them against its exposure.
func (r *Register) resolve(d *decoder, p *Port, whole bool) {
	at := p.At("sources")
	refuse := func(summary, detail, hint string) {
		d.problem(at, summary, detail, hint)
		p.invalid["sources"] = "not valid in the register (" + p.At("sources").String() + ")"
	}
	wide := func(source, scope string) {
		if p.Exposure != "" && slices.Index(scopes[:], scope) > slices.Index(scopes[:], p.Exposure) {
			refuse("Contradiction", fmt.Sprintf("The source %q reaches from %s, the exposure is %s.", source, scope, p.Exposure), "Correct the one or the other.")
		}
	}
	for _, source := range p.Sources {
		at = p.element("sources", source)
		if n := find(r.Networks, source, func(n *Network) string { return n.Name }); n != nil {
			p.prefixes = append(p.prefixes, n.Prefixes...)
			if reason := n.invalid["cidrs"]; reason != "" {
				p.invalid["sources"] = reason
			}
			if n.ScopeSaid {
				wide(source, n.Scope)
			}
			continue
		}
		prefix, problem, hint := parsePrefix(source)
		switch {
		case problem == "":
			p.prefixes = append(p.prefixes, prefix)
			if prefix.Bits() == 0 {
				wide(source, "internet")
			}
		case strings.ContainsAny(source, "/:") || strings.Trim(source, "0123456789.") == "":
			refuse("Invalid sources", problem, hint)
		case whole:
			refuse("Undefined network", fmt.Sprintf("No network is called %q.", source), suggest(source, names(r.Networks, func(n *Network) string { return n.Name })))
		default:
			p.invalid["sources"] = "network " + quote(source) + " is not in the files that could be read"
		}
	}
	slices.SortFunc(p.prefixes, netip.Prefix.Compare)
	p.prefixes = slices.Compact(p.prefixes)
}

func (r *Register) processors(d *decoder, e *Entry, list []string, whole bool) {
	for _, name := range list {
		if whole && find(r.Processors, name, func(p *Processor) string { return p.Name }) == nil {
			d.problem(e.element("processors", name), "Undefined processor", fmt.Sprintf("No processor is called %q.", name), suggest(name, names(r.Processors, func(p *Processor) string { return p.Name })))
			e.invalid["processors"] = "not valid in the register (" + e.At("processors").String() + ")"
		}
	}
}

// checkDataset holds a dataset against services and processors; it has the data
// of its services unless it says its own.
func (r *Register) checkDataset(d *decoder, s *Dataset, whole bool) {
	for _, t := range s.Transfers {
		r.processors(d, t.Entry, t.Processors, whole)
	}
	inherits := !s.DataSaid && s.invalid["data"] == ""
	for _, name := range s.Stores {
		if target, _, place := strings.Cut(name, "#"); place {
			if target == "" || strings.HasSuffix(name, "#") {
				d.problem(s.element("store", name), "Invalid store", quote(name)+" is not a place.", `Write "config/infra#aws_db_instance.orders".`)
				s.invalid["store"] = "not valid in the register (" + s.At("store").String() + ")"
			}
			continue
		}
		service := find(r.Services, name, func(s *Service) string { return s.Name })
		if service == nil {
			if whole {
				d.problem(s.element("store", name), "Undefined service", fmt.Sprintf("No service is called %q.", name), suggest(name, names(r.Services, func(s *Service) string { return s.Name })))
			}
			s.invalid["store"] = "not valid in the register (" + s.At("store").String() + ")"
			continue
		}
		if inherits {
			s.inherit("data", service.Entry)
			s.Data, s.services = append(s.Data, service.Data...), append(s.services, service)
		}
	}
	slices.Sort(s.Data)
	s.Data = slices.Compact(s.Data)
	if reason := s.invalid["store"]; inherits && reason != "" {
		s.at["data"], s.invalid["data"] = s.At("store"), reason
	}
}

// places returns where a dataset is stored.
func (r *Register) places(s *Dataset) []Place {
	var out []Place
	for _, name := range s.Stores {
		if strings.Contains(name, "#") {
			out = append(out, Place(name))
		} else if service := find(r.Services, name, func(s *Service) string { return s.Name }); service != nil {
			out = append(out, service.Targets...)
		}
	}
	return out
}

// find looks a name up in a list sorted by it, nil if it is not there.
func find[T any](sorted []*T, name string, of func(*T) string) *T {
	i, ok := slices.BinarySearchFunc(sorted, name, func(e *T, n string) int { return strings.Compare(of(e), n) })
	if !ok {
		return nil
	}
	return sorted[i]
}

func names[T any](list []*T, of func(*T) string) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = of(e)
	}
	return out
}
