package register

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Link fills what joins documents with each other, and is asked once all of them
// are annotated, derived ones included; it may be asked again when there are more.
//
// A field with x-inverse lists the items of its kind that refer to this one. If
// none does, and a document of that kind in the same system is incomplete or has
// such a reference as a gap, the field is a gap; where the kind was not collected
// it is empty. A field that annotation fills in principle and that nothing filled
// is a gap too: references of a kind that was not collected are empty.
func (r *Register) Link(docs []*fact.Document) {
	l := newLinks(r, docs)
	for _, d := range docs {
		k := fact.LookupKind(d.Kind)
		if k == nil {
			continue
		}
		s := newSheet(d, k, r)
		for _, f := range k.Fields {
			if f.Inverse == "" || strings.Contains(f.Path, ".") {
				continue
			}
			for i := range d.Items {
				l.inverse(s, i, f)
			}
		}
		switch d.Kind {
		case "register.port":
			l.reached(s)
		case "tls.config":
			l.serverRules(s)
		case "firewall.exposure":
			l.scanned(s)
		}
		l.rest(s)
	}
}

// links is an index of the documents of a run by kind.
type links struct {
	r       *Register
	systems map[string]string
	kinds   map[string][]*fact.Document
	// back[kind.field][reference] lists the items of the kind whose field holds
	// the reference.
	back map[string]map[string][]string
}

func newLinks(r *Register, docs []*fact.Document) *links {
	l := &links{r: r, kinds: map[string][]*fact.Document{}, back: map[string]map[string][]string{}}
	var targets []string
	for _, d := range docs {
		l.kinds[d.Kind] = append(l.kinds[d.Kind], d)
		targets = append(targets, d.Target.ID)
	}
	l.systems = r.Systems(targets)
	return l
}

// referring returns the index of a kind by one of its fields.
func (l *links) referring(kind, field string) map[string][]string {
	name := kind + "." + field
	if index, ok := l.back[name]; ok {
		return index
	}
	index := map[string][]string{}
	for _, d := range l.kinds[kind] {
		for _, item := range d.Items {
			for _, to := range textsOf(item[field]) {
				index[to] = append(index[to], d.Target.ID+"#"+item.ID())
			}
		}
	}
	l.back[name] = index
	return index
}

func (l *links) inverse(s *sheet, i int, f fact.Field) {
	item := s.doc.Items[i]
	found := l.referring(f.Ref, f.Inverse)[s.doc.Target.ID+"#"+item.ID()]
	if len(found) > 0 {
		s.set(i, f.Path, fact.Strings(found), fact.Position{})
		return
	}
	if reason := l.missing(s, i, f.Ref, f.Inverse); reason != "" {
		s.gap(i, f.Path, reason, fact.Position{})
		return
	}
	s.set(i, f.Path, []any{}, fact.Position{})
}

// missing says why items of a kind that refer to this one may be unseen: a
// document is incomplete, or a reference is not known. Only documents count that
// could hold such an item: those of the item's system, or, for an entry of the
// register, of the targets it names.
func (l *links) missing(s *sheet, i int, kind, field string) string {
	if k := fact.LookupKind(kind); k != nil && k.Field(field) == nil && len(l.kinds[kind]) > 0 {
		return kind + " has no " + field
	}
	for _, d := range l.kinds[kind] {
		if !l.near(s, i, d.Target.ID) {
			continue
		}
		if !d.Complete {
			return cmp.Or(strings.Join(d.Reasons, "; "), kind+" of "+d.Target.ID+" is not complete")
		}
		for n, item := range d.Items {
			if v, there := item[field]; there && v == nil {
				return reason(d, n, field)
			}
		}
	}
	return ""
}

func (l *links) near(s *sheet, i int, target string) bool {
	if s.doc.Target.ID != Target {
		return l.systems[target] == l.systems[s.doc.Target.ID]
	}
	places, ok := s.doc.Items[i]["targets"].([]any)
	if !ok {
		return true
	}
	return slices.ContainsFunc(textsOf(places), func(p string) bool { return Match(Place(p).Target(), target) })
}

// reached sets, for each documented port, the datasets of its service and of the
// services that flows from it lead to. It is a gap where a store of such a
// service is in no dataset, or its dataset is not known.
func (l *links) reached(s *sheet) {
	for i := range s.doc.Items {
		if !s.takes("reached") {
			return
		}
		p := find(l.r.Ports, s.doc.Items[i].ID(), func(p *Port) string { return p.ID })
		if p == nil {
			continue
		}
		var ids []string
		reason := ""
		for _, service := range l.downstream(p.Service) {
			for _, d := range l.r.Datasets {
				if slices.Contains(d.Stores, service.Name) || slices.ContainsFunc(l.r.places(d), func(q Place) bool {
					return q.Item() != "" && slices.ContainsFunc(service.Targets, func(t Place) bool { return t.overlaps(q) })
				}) {
					ids = append(ids, d.Name)
				}
				reason = cmp.Or(reason, d.invalid["store"])
			}
			reason = cmp.Or(reason, l.unclassified(service))
		}
		switch {
		case reason != "":
			s.gap(i, "reached", reason, fact.Position{})
		case l.r.reason != "":
			s.gap(i, "reached", l.r.reason, fact.Position{})
		default:
			s.set(i, "reached", references(ids), fact.Position{})
		}
	}
}

// downstream returns a service and those that data flows to from its targets.
func (l *links) downstream(first *Service) []*Service {
	out := []*Service{first}
	for n := 0; n < len(out); n++ {
		for _, d := range l.kinds["data.flow"] {
			for _, item := range d.Items {
				if !out[n].covers(d.Target.ID, item.ID()) {
					continue
				}
				for _, ref := range textsOf(item["receiver"]) {
					_, name, _ := strings.Cut(ref, "#")
					to := find(l.r.Services, name, func(s *Service) string { return s.Name })
					if to != nil && !slices.Contains(out, to) {
						out = append(out, to)
					}
				}
			}
		}
	}
	return out
}

// unclassified names a store of a service that no dataset claims.
func (l *links) unclassified(service *Service) string {
	for _, d := range l.kinds["data.store"] {
		for _, item := range d.Items {
			if !service.covers(d.Target.ID, item.ID()) {
				continue
			}
			if list, there := item["dataset"].([]any); there && len(list) == 0 {
				return d.Target.ID + "#" + item.ID() + " is in no dataset of the register"
			}
		}
	}
	return ""
}

// serverRules sets the access rules of the server that a configuration is of:
// those of the stores it names.
func (l *links) serverRules(s *sheet) {
	if !s.takes("rule") {
		return
	}
	index := l.referring("access.rule", "store")
	for i, item := range s.doc.Items {
		var found []string
		for _, store := range textsOf(item["store"]) {
			found = append(found, index[store]...)
		}
		reason := ""
		if v, there := item["store"]; there && v == nil {
			reason = s.reason(i, "store")
		} else if found == nil {
			reason = l.missing(s, i, "access.rule", "store")
		}
		if found == nil && reason != "" {
			s.gap(i, "rule", reason, fact.Position{})
		} else {
			s.set(i, "rule", fact.Strings(found), fact.Position{})
		}
	}
}

// rest turns every annotated field that is still missing into a gap.
func (l *links) rest(s *sheet) {
	for _, f := range s.kind.Fields {
		if !f.Annotated {
			continue
		}
		path := strings.Split(strings.ReplaceAll(f.Path, "[]", ".[]"), ".")
		for i, item := range s.doc.Items {
			if _, there := item[f.Path]; !there {
				l.fill(s, f, path, "/items/"+strconv.Itoa(i), map[string]any(item))
			}
		}
	}
}

func (l *links) fill(s *sheet, f fact.Field, path []string, at string, v any) {
	switch v := v.(type) {
	case []any:
		if path[0] == "[]" {
			for n, e := range v {
				l.fill(s, f, path[1:], at+"/"+strconv.Itoa(n), e)
			}
		}
	case map[string]any:
		if len(path) > 1 {
			l.fill(s, f, path[1:], at+fact.Pointer(path[0]), v[path[0]])
			return
		}
		if _, there := v[path[0]]; there {
			return
		}
		if f.Ref != "" && len(l.kinds[f.Ref]) == 0 {
			v[path[0]] = []any{}
			return
		}
		v[path[0]] = nil
		s.doc.Unobserved = append(s.doc.Unobserved, fact.Gap{Pointer: at + fact.Pointer(path[0]), Reason: "nothing observed yields " + f.Path})
	}
}
