package register

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// log sets what the register says about a log store, and the retention bounds
// that follow.
func (a *annotator) log(s *sheet, i int, mine []*Service) {
	best, second, strength := (*Log)(nil), (*Log)(nil), -1
	name, _ := s.text(i, "name")
	unclear := ""
	for _, service := range mine {
		unclear = cmp.Or(unclear, service.invalid["log"])
		for _, l := range service.Logs {
			unclear = cmp.Or(unclear, l.invalid["match"])
			switch n := l.strength(s.doc.Items[i].ID(), name); {
			case n > strength:
				best, second, strength = l, nil, n
			case n == strength && n >= 0:
				second = l
			}
		}
	}
	switch {
	case unclear != "":
		a.unsaid(s, i, unclear, fact.Position{})
	case second != nil && (second.Category != best.Category || !slices.Equal(second.Regimes, best.Regimes)):
		a.unsaid(s, i, "two entries of the register claim the store: "+best.Pos.String()+" and "+second.Pos.String(), best.Pos)
	case best == nil && a.r.reason != "":
		a.unsaid(s, i, a.r.reason, fact.Position{})
	case best == nil:
		s.set(i, "category", "unknown", fact.Position{})
		s.set(i, "owner", "", fact.Position{})
		s.set(i, "regimes", []any{}, fact.Position{})
		s.gap(i, "bounds", "the register names no category for the store", fact.Position{})
	default:
		a.put(s, i, "category", best, best.Category)
		a.put(s, i, "owner", best, best.Owner)
		a.put(s, i, "regimes", best, fact.Strings(best.Regimes))
		a.bounds(s, i, best)
	}
	a.personal(s, i)
}

func (a *annotator) put(s *sheet, i int, field string, l *Log, value any) {
	if reason := l.invalid[field]; reason != "" {
		s.gap(i, field, reason, l.At(field))
		return
	}
	s.set(i, field, value, l.At(field))
}

func (a *annotator) unsaid(s *sheet, i int, reason string, at fact.Position) {
	for _, field := range []string{"category", "owner", "regimes", "bounds"} {
		s.gap(i, field, reason, at)
	}
}

// personal follows from the class.
func (a *annotator) personal(s *sheet, i int) {
	class, ok := s.text(i, "class")
	at := s.doc.Positions[pointer(i, "class")]
	switch {
	case !ok:
		s.gap(i, "personal", s.reason(i, "class"), fact.Position{})
	case class == "unknown":
		s.gap(i, "personal", "the class is not known", fact.Position{})
	default:
		s.set(i, "personal", class != "none", fact.Position{})
		if at.Source != "" {
			s.doc.Positions[pointer(i, "personal")] = at
		}
	}
}

// bound is what a regime demands for a category.
type bound struct {
	profile     string
	min, max    float64 // 0 and fact.Unbounded where it demands nothing
	hasMin      bool
	hasMax      bool
	mustDeclare bool
}

// bounds intersects the intervals of all regimes in force: base, those of
// log.profiles and those of the entry. The organisation's own regime replaces
// the others where it sets a value. An empty interval is left as it is.
func (a *annotator) bounds(s *sheet, i int, l *Log) {
	for _, field := range []string{"category", "regimes"} {
		if reason := l.invalid[field]; reason != "" {
			s.gap(i, "bounds", reason, l.At(field))
			return
		}
	}
	regimes, _ := lookup(a.o.Params, "log", "regimes").(map[string]any)
	profiles := append([]string{"base", "own"}, textsOf(lookup(a.o.Params, "log", "profiles"), "cnil")...)
	slices.Sort(profiles)
	for _, p := range append(slices.Clone(l.Regimes), profiles...) {
		if _, known := regimes[p]; known || p == "base" || p == "own" {
			continue
		}
		at := fact.Position{}
		if slices.Contains(l.Regimes, p) {
			at = l.At("regimes")
		}
		a.problem(at, "Unknown retention regime", "log.regimes has no "+quote(p)+suggestInline(p, fact.SortedKeys(regimes))+".")
		s.gap(i, "bounds", "the retention regime "+quote(p)+" is not known", at)
		return
	}
	profiles = append(profiles, l.Regimes...)
	slices.Sort(profiles)
	var list []bound
	for _, p := range slices.Compact(profiles) {
		b, there, problem := boundOf(lookup(regimes, p, l.Category), p, s.truncated(i) && l.Category == "app_access")
		if problem != "" {
			a.problem(fact.Position{}, "Invalid parameter", "log.regimes."+p+"."+l.Category+"."+problem)
			s.gap(i, "bounds", "log.regimes."+p+"."+l.Category+"."+problem, fact.Position{})
			return
		}
		if there {
			list = append(list, b)
		}
	}
	s.set(i, "bounds", intersect(list), l.At("category"))
}

// truncated reports whether the store holds no whole client address.
func (s *sheet) truncated(i int) bool {
	form, _ := s.text(i, "client_address")
	return form == "truncated" || form == "none"
}

func boundOf(v any, profile string, truncated bool) (b bound, there bool, problem string) {
	row, ok := v.(map[string]any)
	if !ok {
		return bound{}, false, ""
	}
	b = bound{profile: profile, max: fact.Unbounded}
	maximum := "max_days"
	if _, two := row["max_days_truncated"]; two && truncated {
		maximum = "max_days_truncated"
	}
	for _, f := range []struct {
		name  string
		into  *float64
		given *bool
	}{{"min_days", &b.min, &b.hasMin}, {maximum, &b.max, &b.hasMax}} {
		v := row[f.name]
		if v == nil {
			continue
		}
		n, ok := float(v)
		if !ok || n < 0 {
			return bound{}, false, f.name + " is not a number of days"
		}
		*f.into, *f.given = n, true
	}
	b.mustDeclare, _ = row["must_declare"].(bool)
	return b, true, ""
}

func intersect(list []bound) map[string]any {
	own := bound{}
	for _, b := range list {
		if b.profile == "own" {
			own = b
		}
	}
	lowest, highest, declare, origin := 0.0, float64(fact.Unbounded), false, []any{}
	for _, b := range list {
		if own.hasMin && b.profile != "own" {
			b.min = 0
		}
		if own.hasMax && b.profile != "own" {
			b.max = fact.Unbounded
		}
		lowest, highest, declare = max(lowest, b.min), min(highest, b.max), declare || b.mustDeclare
		origin = append(origin, map[string]any{"profile": b.profile, "min_days": b.min, "max_days": b.max})
	}
	return map[string]any{"min_days": lowest, "max_days": highest, "must_declare": declare, "origin": origin}
}

func float(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}

func suggestInline(name string, candidates []string) string {
	return strings.TrimSuffix(fact.Suggest(name, candidates), "?")
}
