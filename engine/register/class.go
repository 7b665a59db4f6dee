package register

import "github.com/writ-policy/writ/engine/fact"

// carrier is what says which data something carries.
type carrier struct {
	keys    []string
	said    bool
	invalid string // why the data are not known
	at      fact.Position
	own     bool // an entry of the register speaks about itself
}

func own(e *Entry, keys []string, said bool) []carrier {
	return []carrier{{keys, said, e.invalid["data"], e.At("data"), true}}
}

func (s *Service) carrier() carrier {
	return carrier{keys: s.Data, said: s.DataSaid, invalid: s.invalid["data"], at: s.At("data")}
}

// class sets class and class_basis: the highest of the services that hold the
// item, of the port entries that cover it and of the datasets that are stored
// there. What nobody speaks about is assumed; so is what one of several services
// does not speak about, if that is more.
func (a *annotator) class(s *sheet, i int, mine []*Service, ports []*Port, stored []*Dataset) {
	if !s.takes("class") {
		return
	}
	if v, there := s.doc.Items[i]["class"]; there {
		if s.wants(i, "class_basis") && v == nil {
			s.gap(i, "class_basis", s.reason(i, "class"), fact.Position{})
		} else if s.wants(i, "class_basis") {
			s.set(i, "class_basis", "declared", fact.Position{})
		}
		return
	}
	carriers := a.own(s.doc.Kind, s.doc.Items[i].ID())
	if carriers == nil {
		for _, each := range mine {
			carriers = append(carriers, each.carrier())
		}
		if len(mine) == 0 && len(stored) > 0 {
			carriers = append(carriers, carrier{}) // a dataset does not say that nothing else is there
		}
		for _, p := range ports {
			if p.DataSaid || p.invalid["data"] != "" {
				carriers = append(carriers, carrier{keys: p.Data, said: true, invalid: p.invalid["data"], at: p.At("data")})
			}
		}
		for _, d := range stored {
			if (d.DataSaid || d.invalid["data"] != "") && covers(a.r.places(d), s.doc.Target.ID, s.doc.Items[i].ID()) {
				carriers = append(carriers, carrier{keys: d.Data, said: true, invalid: d.invalid["data"], at: d.At("data")})
			}
		}
	}
	class, basis, gap, at := a.classify(carriers)
	if gap != "" {
		s.gap(i, "class", gap, at)
		s.gap(i, "class_basis", gap, at)
		return
	}
	s.set(i, "class", class, at)
	s.set(i, "class_basis", basis, at)
}

// own returns what an entry of the register says about itself, nil for any
// other item.
func (a *annotator) own(kind, id string) []carrier {
	switch kind {
	case "register.service":
		if e := find(a.r.Services, id, func(e *Service) string { return e.Name }); e != nil {
			return own(e.Entry, e.Data, e.DataSaid)
		}
	case "register.port":
		if e := find(a.r.Ports, id, func(e *Port) string { return e.ID }); e != nil {
			return own(e.Entry, e.Data, e.DataSaid)
		}
	case "register.dataset":
		e := find(a.r.Datasets, id, func(e *Dataset) string { return e.Name })
		if e == nil {
			break
		}
		if e.services == nil || e.invalid["data"] != "" {
			return own(e.Entry, e.Data, e.DataSaid)
		}
		var all []carrier
		for _, each := range e.services {
			all = append(all, own(each.Entry, each.Data, each.DataSaid)...)
		}
		return all
	case "register.processor":
		if e := find(a.r.Processors, id, func(e *Processor) string { return e.Name }); e != nil {
			return own(e.Entry, e.Data, e.DataSaid)
		}
	}
	return nil
}

func (a *annotator) classify(carriers []carrier) (class, basis, gap string, at fact.Position) {
	silent, silentAt := len(carriers) == 0, fact.Position{}
	for _, c := range carriers {
		if !c.said && !silent {
			silent, silentAt = true, c.at
		}
		if one := ClassOf(c.keys); c.said && classRank(one) > classRank(class) {
			class, at = one, c.at
		}
	}
	if class == "special" {
		return class, "declared", "", at
	}
	if a.r.lost != "" && (len(carriers) == 0 || !carriers[0].own) {
		return "", "", a.r.lost, fact.Position{} // a service that is missing may carry more
	}
	for _, c := range carriers {
		if c.invalid != "" {
			return "", "", c.invalid, c.at
		}
	}
	switch {
	case !silent:
		return class, "declared", "", at
	case (len(carriers) == 0 || carriers[0].at.IsZero()) && a.r.reason != "":
		return "", "", a.r.reason, fact.Position{}
	case a.assumed == "unknown" || classRank(a.assumed) > classRank(class):
		return a.assumed, "assumed", "", silentAt
	}
	return class, "declared", "", at
}
