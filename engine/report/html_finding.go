package report

import (
	"maps"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// findingView is what the page shows of a finding.
type findingView struct {
	F                   *finding.Finding
	Value, Class, Label string // of the outcome
	Severity, Baseline  string
	Lines, Because      []string
	Subject, Place      string
	Code                []codeLine
	Compared            bool
	Expected, Actual    string
	Evidence            []readView
	Places              []placeView // of what is told in brief
	Short               bool        // evidence begins unfolded
	Custom              []namedView
	Remedy              string // where it is not the control's
}

// shortEvidence is up to how many values stand unfolded.
const shortEvidence = 6

type codeLine struct {
	N    int
	Text string
	Hit  bool
}

type readView struct {
	Setting         bool
	Name, Value, At string
}

// placeView is what was read in one place.
type placeView struct {
	At   string
	Read []readView
}

// byPlace gathers values by where they were read, in the order of the first each.
func byPlace(read []readView) []placeView {
	var places []placeView
	for _, r := range read {
		n := slices.IndexFunc(places, func(p placeView) bool { return p.At == r.At })
		if n < 0 {
			n, places = len(places), append(places, placeView{At: r.At})
		}
		places[n].Read = append(places[n].Read, r)
	}
	return places
}

type namedView struct{ Name, Value string }

func (r *htmlReport) findingView(f *finding.Finding) findingView {
	v := findingView{
		F: f, Value: string(f.Outcome), Class: outcomeClass(f.Outcome), Label: outcomeName(f.Outcome),
		Lines: said(f), Subject: subject(f), Place: place(f.Location),
	}
	switch {
	case f.Advisory:
		v.Class, v.Label = "", "advice"
	case f.Outcome == finding.Fail || f.Outcome == finding.Waived:
		v.Severity = string(f.Severity)
	}
	if f.Outcome == finding.Fail {
		v.Baseline = f.Baseline
	}
	if f.Outcome == finding.Unknown && stops(r.run, f) {
		v.Baseline = "blocks the gate"
	}
	if len(v.Lines) > 1 {
		v.Because = v.Lines[1:]
	}
	for _, row := range evidence(f.Evidence) {
		v.Evidence = append(v.Evidence, readView{strings.HasPrefix(row[0].text, "setting"), row[1].text, row[2].text, row[3].text})
	}
	v.Short = len(v.Evidence) <= shortEvidence
	if listedInBrief(f) || !v.Short {
		v.Places = byPlace(v.Evidence)
	}
	if listedInBrief(f) {
		return v
	}
	if l := f.Location; l != nil {
		for i, text := range l.Snippet {
			n := l.SnippetLine + i
			v.Code = append(v.Code, codeLine{n, text, n == l.StartLine})
		}
	}
	if v.Compared = f.Expected != nil || f.Actual != nil; v.Compared {
		v.Expected, v.Actual = value(f.Expected), value(f.Actual)
	}
	for _, name := range slices.Sorted(maps.Keys(f.Custom)) {
		v.Custom = append(v.Custom, namedView{name, value(f.Custom[name])})
	}
	if c := r.controls[f.Control]; f.Outcome == finding.Fail && (c == nil || c.Remediation != f.Remediation) {
		v.Remedy = f.Remediation
	}
	return v
}

// outcomeClass is the class of an outcome in the style sheet, "" for one that the
// style knows nothing of.
func outcomeClass(o finding.Outcome) string {
	switch o {
	case finding.Fail, finding.Error, finding.Unknown, finding.Waived, finding.Pass:
		return string(o)
	}
	return ""
}
