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

// class sets class and class_basis. What nobody speaks about is assumed; so is
// what one of several services does not speak about, if that is more.
func (a *annotator) class(s *sheet, i int, mine []*Service) {
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
	silent := len(carriers) == 0
	for _, c := range carriers {
		if !c.said {
			silent = true
		}
		if c.said || len(c.keys) > 0 {
			if one := ClassOf(c.keys); classRank(one) > classRank(class) {
				class, at = one, c.at
			}
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
	if !silent {
		return class, "declared", "", at
	}
	if len(carriers) == 0 && a.r.reason != "" {
		return "", "", a.r.reason, fact.Position{}
	}
	if a.assumed == "unknown" || classRank(a.assumed) > classRank(class) {
		at = fact.Position{}
		if len(carriers) > 0 {
			at = carriers[0].at
		}
		return a.assumed, "assumed", "", at
	}
	return class, "declared", "", at
}
