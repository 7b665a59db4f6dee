package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-policy/writ/engine/finding"
)

// pageView is what the page shows beside the findings.
type pageView struct {
	Run             *finding.Run
	Summary         *finding.Summary
	Sources         string
	RFC3339, Date   string
	Tiles           []tile
	Severities      string
	Advice          string
	Hidden          int
	Supplied        []finding.Supply
	Weaker, Spoilt  bool
	Diagnostics     []diagnosticView
	MoreDiagnostics int
	Articles        []articleRow
	Open            []openArticle
	Targets         []targetRow
	ManyTargets     bool
	Listed          bool // passes have columns of their own
	Clean           bool // controls without a finding have one
	Pictures        bool
	Ports           []mapRow
	Exposure        *exposureFigure
	Retention       *retentionFigure
	TLS             *tlsFigure
	NotAsked        []notAskedView
	Controls        []controlRow
	Digests         []namedView
	Parameters      []parameterView
}

type tile struct {
	Class, Value, Name string
	N                  int
}

type diagnosticView struct {
	Spoils   bool
	At, Text string
}

type openArticle struct{ ID, Name string }

type notAskedView struct {
	Kind, Source string
	Controls     []string
}

type targetView struct {
	N    int
	Name string
}

func (r *htmlReport) page(s *finding.Summary) *pageView {
	p := &pageView{
		Run: r.run, Summary: s, Sources: strings.Join(r.run.Sources, " "),
		RFC3339: r.run.Now.UTC().Format(time.RFC3339), Date: r.run.Now.UTC().Format("2 January 2006, 15:04 UTC"),
		Severities: r.tally.severities(), Supplied: weakerFirst(r.run.Supplied), Listed: r.verbose,
		Targets: r.targetRows(), Parameters: r.tally.parameterViews(),
	}
	p.ManyTargets = len(p.Targets) > 50
	for _, o := range finding.Outcomes {
		p.Tiles = append(p.Tiles, tile{outcomeClass(o), string(o), outcomeName(o), s.Outcomes[o]})
	}
	if s.Advisory > 0 {
		p.Advice = plural(s.Advisory, "advisory remark") + ", never gating"
	}
	if !r.verbose {
		p.Hidden = s.Outcomes[finding.Pass] + s.Outcomes[finding.NotApplicable]
	}
	p.Weaker = loosens(p.Supplied)
	for i := range s.Diagnostics {
		if i == mostDiagnostics {
			p.MoreDiagnostics = len(s.Diagnostics) - i
			break
		}
		d := &s.Diagnostics[i]
		p.Spoilt = p.Spoilt || spoils(d)
		p.Diagnostics = append(p.Diagnostics, diagnosticView{spoils(d), d.Pos.String(), problem(d)})
	}
	for _, a := range s.OpenArticles {
		p.Open = append(p.Open, openArticle{a, articleName(a)})
	}
	for _, k := range byKind(s.NotAsked) {
		p.NotAsked = append(p.NotAsked, notAskedView{k.kind, k.source, k.controls})
	}
	p.Controls = r.controlRows(s.NotAsked)
	p.Articles = articleRows(p.Controls)
	p.Clean = !r.verbose
	for i := range p.Articles {
		a := &p.Articles[i]
		if !r.verbose { // what passed is told by nothing but a count
			a.Clean, a.Pass, a.None = a.Clean+a.Pass+a.None, 0, 0
		}
		p.Clean = p.Clean || a.Clean > 0 // the record was made without passes
	}
	p.Ports, p.Exposure, p.Retention, p.TLS = r.drawing.portMap(), r.drawing.exposure(), r.drawing.retention(), r.drawing.tls()
	p.Pictures = p.Ports != nil || p.Exposure != nil || p.Retention != nil || p.TLS != nil
	for _, d := range []namedView{
		{"digest of policies", r.run.Digests.Policies}, {"digest of the register", r.run.Digests.Register},
		{"digest of parameters", r.run.Digests.Parameters}, {"digest of facts", r.run.Digests.Documents},
	} {
		if d.Value != "" {
			p.Digests = append(p.Digests, d)
		}
	}
	return p
}

// targetRow counts what was found on a target.
type targetRow struct {
	N                                                               int
	Name                                                            string
	Critical, High, Medium, Low, Error, Unknown, Waived, Pass, None int
}

// targetRows are in the order of the findings.
func (r *htmlReport) targetRows() []targetRow {
	var rows []targetRow
	for n, t := range r.groups.sorted() {
		row := targetRow{N: n, Name: t.name}
		for _, g := range t.groups {
			for i, to := range map[int]*int{
				shelfCritical: &row.Critical, shelfHigh: &row.High, shelfMedium: &row.Medium, shelfLow: &row.Low,
				shelfError: &row.Error, shelfUnknown: &row.Unknown, shelfWaived: &row.Waived, shelfPass: &row.Pass, shelfNone: &row.None,
			} {
				*to += g.shelves[i].count
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// controlRow is a control with the worst it came to.
type controlRow struct {
	ID, Title, Severity, Articles, Subject string
	Class, Came                            string
	gdpr                                   []string
	state                                  finding.Outcome // the worst seen, "" for none
	unasked                                bool
}

// controlRows lists the controls of the run, then those that only findings name.
func (r *htmlReport) controlRows(notAsked []finding.NotAsked) []controlRow {
	unasked := map[string]bool{}
	for _, n := range notAsked {
		unasked[n.Control] = true
	}
	var rows []controlRow
	add := func(id, title, severity, subject string, gdpr []string) {
		row := controlRow{ID: id, Title: cmp.Or(title, id), Severity: severity, Subject: subject, Articles: strings.Join(gdpr, ", "), gdpr: gdpr}
		row.state, row.unasked = r.tally.controls[id], unasked[id]
		switch {
		case row.state != "":
			row.Class, row.Came = outcomeClass(row.state), outcomeName(row.state)
		case row.unasked:
			row.Came = "not asked"
		default:
			row.Came = "no finding"
		}
		rows = append(rows, row)
	}
	for i := range r.run.Controls {
		c := &r.run.Controls[i]
		add(c.ID, c.Title, string(c.Severity), c.Subject, c.GDPR)
	}
	for _, f := range r.tally.others {
		if r.controls[f.ID] == nil {
			add(f.ID, f.Title, string(f.Severity), f.Subject, f.GDPR)
		}
	}
	return rows
}

// articleRow counts controls that support an article, each by the worst it found.
type articleRow struct {
	ID, Name                                                            string
	Controls, Fail, Error, Unknown, Waived, Pass, None, Clean, NotAsked int
}

func articleRows(controls []controlRow) []articleRow {
	var ids []string
	for _, c := range controls {
		ids = append(ids, c.gdpr...)
	}
	var rows []articleRow
	for _, id := range sortArticles(ids) {
		row := articleRow{ID: id, Name: articleName(id)}
		for _, c := range controls {
			if !slices.Contains(c.gdpr, id) {
				continue
			}
			row.Controls++
			switch c.state {
			case finding.Fail:
				row.Fail++
			case finding.Error:
				row.Error++
			case finding.Unknown:
				row.Unknown++
			case finding.Waived:
				row.Waived++
			case finding.Pass:
				row.Pass++
			case finding.NotApplicable:
				row.None++
			default:
				if c.unasked {
					row.NotAsked++
				} else {
					row.Clean++
				}
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// tally counts findings, the ones that are not listed included.
type tally struct {
	failed     map[finding.Severity]int
	controls   map[string]finding.Outcome // the worst
	others     []finding.Control          // as the first finding of each names it
	named      map[string]bool
	parameters map[string]parameterView
}

type parameterView struct{ Name, Value, Origin string }

func newTally() tally {
	return tally{
		failed: map[finding.Severity]int{}, controls: map[string]finding.Outcome{}, named: map[string]bool{},
		parameters: map[string]parameterView{},
	}
}

func (t *tally) add(f *finding.Finding) {
	if f.Outcome == finding.Fail && !f.Advisory {
		t.failed[f.Severity]++
	}
	if !t.named[f.Control] {
		t.named[f.Control] = true
		t.others = append(t.others, finding.Control{ID: f.Control, Title: f.Title, Severity: f.Severity, Subject: f.Subject.Kind, GDPR: f.GDPR})
	}
	if !f.Advisory {
		worst, seen := t.controls[f.Control]
		if !seen || slices.Index(finding.Outcomes, f.Outcome) < slices.Index(finding.Outcomes, worst) {
			t.controls[f.Control] = f.Outcome
		}
	}
	for _, e := range f.Evidence {
		if e.Parameter != "" {
			key := e.Parameter + "\x00" + e.Origin
			if _, seen := t.parameters[key]; !seen {
				t.parameters[key] = parameterView{e.Parameter, value(e.Value), e.Origin}
			}
		}
	}
}

func (t *tally) severities() string {
	var parts []string
	for _, s := range slices.Backward(finding.Severities) {
		if n := t.failed[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	return strings.Join(parts, ", ")
}

func (t *tally) parameterViews() []parameterView {
	var all []parameterView
	for _, p := range t.parameters {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b parameterView) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Origin, b.Origin), strings.Compare(a.Value, b.Value))
	})
	return all
}
