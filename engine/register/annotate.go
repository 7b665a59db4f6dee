package register

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/writ-policy/writ/engine/fact"
)

// Options of annotation.
type Options struct {
	// Now is the run's time.
	Now time.Time
	// Params are the parameters of controls as nested plain values:
	// {"data": {"assumed_class": "personal"}, "log": {"regimes": …}}. Read are
	// data.assumed_class, data.environments.production,
	// firewall.justification_pattern, log.profiles and log.regimes.
	Params map[string]any
}

// DefaultJustification is firewall.justification_pattern where no parameter sets it.
const DefaultJustification = `[A-Z]+-[0-9]+|port/[a-z0-9-]+`

// Annotate adds to documents what the register says about their targets and
// items: the environment, class, service, references into the register, log
// categories and retention bounds, and the day counts. Documents of the register
// itself are annotated too. It changes the documents and may be asked again with
// others that were derived from them; afterwards [Register.Link] joins them all.
//
// A class that is there already is kept, also if it is a gap. Where the register
// has errors and names nothing, the field is a gap. The diagnostics are about
// parameters, regimes and times that cannot be read.
func (r *Register) Annotate(docs []*fact.Document, o Options) []fact.Diagnostic {
	a := &annotator{r: r, o: o, assumed: "personal"}
	if class, ok := lookup(o.Params, "data", "assumed_class").(string); ok {
		a.assumed = class
	}
	a.production = textsOf(lookup(o.Params, "data", "environments", "production"), "production")
	pattern, ok := lookup(o.Params, "firewall", "justification_pattern").(string)
	if !ok {
		pattern = DefaultJustification
	}
	var err error
	if a.pattern, err = regexp.Compile(pattern); err != nil {
		a.problem(fact.Position{}, "Invalid parameter", "firewall.justification_pattern is not a regular expression: "+err.Error())
	}
	for _, d := range docs {
		if k := fact.LookupKind(d.Kind); k != nil {
			a.document(newSheet(d, k, r))
		}
	}
	return a.diagnostics
}

type annotator struct {
	r           *Register
	o           Options
	assumed     string
	production  []string
	pattern     *regexp.Regexp // nil if it cannot be used
	diagnostics []fact.Diagnostic
}

func (a *annotator) problem(at fact.Position, summary, detail string) {
	x := fact.Diagnostic{Severity: "error", Summary: summary, Detail: detail, Pos: at, Fatal: true}
	if !slices.Contains(a.diagnostics, x) {
		a.diagnostics = append(a.diagnostics, x)
	}
}

func (a *annotator) document(s *sheet) {
	var here []*Service
	for _, each := range a.r.Services {
		if each.on(s.doc.Target.ID) {
			here = append(here, each)
		}
	}
	if s.doc.Target.Environment == "" {
		s.doc.Target.Environment, _ = a.environment(here)
	}
	var stored []*Dataset
	for _, each := range a.r.Datasets {
		if slices.ContainsFunc(a.r.places(each), func(p Place) bool { return Match(p.Target(), s.doc.Target.ID) }) {
			stored = append(stored, each)
		}
	}
	for i, item := range s.doc.Items {
		var mine []*Service
		for _, each := range here {
			// A filter stands before whatever is on its target.
			if s.doc.Kind == "firewall.chain" || each.covers(s.doc.Target.ID, item.ID()) {
				mine = append(mine, each)
			}
		}
		a.item(s, i, mine, stored)
	}
	for _, p := range fact.FillDays(s.doc, a.o.Now) {
		a.problem(s.doc.Positions[p.Pointer], "Invalid time", s.doc.Kind+" "+s.doc.Target.ID+p.Pointer+": "+p.Message)
	}
}

func (a *annotator) item(s *sheet, i int, mine []*Service, stored []*Dataset) {
	if s.wants(i, "service") {
		var ids []string
		at := fact.Position{}
		for _, each := range mine {
			ids = append(ids, each.Name)
			at = mine[0].Pos
		}
		s.refs(i, "service", ids, at)
	}
	var ports []*Port
	if s.takes("register") || s.takes("undocumented") {
		ports = a.ports(s, i, mine)
	}
	a.class(s, i, mine, ports, stored)
	if s.wants(i, "environment") {
		name, at := a.environment(mine)
		if name == "" {
			name = s.doc.Target.Environment
		}
		if name == "" && a.r.reason != "" {
			s.gap(i, "environment", a.r.reason, fact.Position{})
		} else {
			s.set(i, "environment", name, at)
		}
	}
	if s.wants(i, "since_baseline") {
		// Without a baseline there is nothing to compare with; who has one sets
		// the field before.
		s.set(i, "since_baseline", "none", fact.Position{})
	}
	if s.takes("change") {
		a.changes(s, i)
	}
	if s.takes("allow") {
		a.allowances(s, i)
	}
	if s.takes("dataset") {
		a.datasets(s, i)
	}
	if s.doc.Kind == "log.store" {
		a.log(s, i, mine)
	}
}

// environment is the one that all services share; where they disagree, a
// production one if there is one, since that is judged most strictly, else none.
func (a *annotator) environment(services []*Service) (string, fact.Position) {
	name, at, agree := "", fact.Position{}, true
	for _, s := range services {
		if s.Environment == "" {
			continue
		}
		if slices.Contains(a.production, s.Environment) {
			return s.Environment, s.At("environment")
		}
		agree = agree && (name == "" || name == s.Environment)
		name, at = s.Environment, s.At("environment")
	}
	if !agree {
		return "", fact.Position{}
	}
	return name, at
}

// datasets that the register places in a store.
func (a *annotator) datasets(s *sheet, i int) {
	var ids []string
	at, reason := fact.Position{}, ""
	for _, each := range a.r.Datasets {
		if each.invalid["store"] != "" {
			reason = each.invalid["store"]
		}
		if covers(a.r.places(each), s.doc.Target.ID, s.doc.Items[i].ID()) {
			if ids == nil {
				at = each.Pos
			}
			ids = append(ids, each.Name)
		}
	}
	if ids == nil && reason != "" {
		s.gap(i, "dataset", reason, fact.Position{})
		return
	}
	s.refs(i, "dataset", ids, at)
}

// changes are those that name the item as their subject, or by a ticket in its
// comment.
func (a *annotator) changes(s *sheet, i int) {
	var ids []string
	at := fact.Position{}
	item := s.doc.Items[i]
	tickets, unknown := a.named(s, i)
	for _, c := range a.r.Changes {
		if c.Subject.Covers(s.doc.Kind, item.ID()) && matchAny(c.Targets, s.doc.Target.ID) || slices.Contains(tickets, c.Ticket) || slices.Contains(tickets, c.Name) {
			if ids == nil {
				at = c.Pos
			}
			ids = append(ids, c.Name)
		}
	}
	if ids == nil && unknown != "" {
		s.gap(i, "change", unknown, fact.Position{})
		return
	}
	s.refs(i, "change", ids, at)
}

// named returns what comment and justification name by the pattern; unknown is
// the reason if one of them is not known.
func (a *annotator) named(s *sheet, i int) (names []string, unknown string) {
	for _, field := range []string{"comment", "justification"} {
		v, there := s.doc.Items[i][field]
		text, ok := v.(string)
		switch {
		case there && !ok:
			unknown = s.reason(i, field)
		case a.pattern != nil:
			names = append(names, a.pattern.FindAllString(text, -1)...)
		default:
			unknown = "firewall.justification_pattern is not a regular expression"
		}
	}
	return names, unknown
}

// lookup follows keys through nested parameters, nil if one is missing.
func lookup(params map[string]any, keys ...string) any {
	var v any = params
	for _, k := range keys {
		m, _ := v.(map[string]any)
		v = m[k]
	}
	return v
}

// textsOf reads a list of strings; otherwise is used where there is none.
func textsOf(v any, otherwise ...string) []string {
	switch list := v.(type) {
	case []string:
		return list
	case []any:
		var out []string
		for _, e := range list {
			if s, ok := e.(string); ok {
				out = append(out, strings.TrimSpace(s))
			}
		}
		return out
	}
	return otherwise
}
