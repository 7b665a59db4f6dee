package report

import (
	"io"
	"slices"

	"github.com/writ-policy/writ/engine/finding"
)

// difference is a way in which the register and what is found can differ, and the
// controls whose findings say so.
type difference struct {
	name, meaning string
	controls      []string
}

func differences() []difference {
	return []difference{
		{"undocumented", "found, and no entry covers it", []string{"gdpr.port.documented", "gdpr.port.published_documented"}},
		{"incomplete", "an entry without purpose, owner or review, or past its review", []string{"gdpr.port.entry_complete"}},
		{"stale", "an entry that nothing was found for", []string{"gdpr.port.entry_current"}},
		{"identity changed", "another program behind the port than the entry names", []string{"gdpr.port.served_as_declared"}},
		{"changed", "different from the approved baseline, and no change names it", []string{"gdpr.port.change_approved"}},
		{"bind widened", "bound or open to a wider network than declared", []string{"gdpr.port.bind_narrow", "gdpr.port.reach_declared"}},
		{"exposed beyond declared", "sources reach it that the entry does not name", []string{"gdpr.firewall.known_sources", "gdpr.firewall.personal_data_private"}},
		{"family gap", "IPv6 admits more than IPv4", []string{"gdpr.firewall.ipv6_as_strict"}},
		{"unlogged exposure", "reached, and no record of it", []string{"gdpr.firewall.traffic_logged"}},
		{"not encrypted", "the entry asks for TLS", []string{"gdpr.tls.personal_data_encrypted"}},
		{"data not named", "leads to data that the entry does not name", []string{"gdpr.port.data_classes_named"}},
		{"register", "the register itself", []string{"gdpr.port.register_valid", "gdpr.audit.waiver_bounded"}},
	}
}

// RegisterControls lists the controls that compare the register with what is found.
func RegisterControls() []string {
	var ids []string
	for _, d := range differences() {
		ids = append(ids, d.controls...)
	}
	return ids
}

// differenceReport shows findings by the way in which register and reality differ.
type differenceReport struct {
	text  *textReport
	byWay map[string][]*finding.Finding // by control
}

// NewDifferences is the report of writ register diff: for each class of difference
// the subjects and what is wrong with them, in the order of targets, then what could
// not be decided. It hides no outcome but passes and what does not apply.
func NewDifferences(w io.Writer, opts Options) finding.Handler {
	t, _ := newText(w, opts).(*textReport)
	return &differenceReport{text: t, byWay: map[string][]*finding.Finding{}}
}

func (r *differenceReport) Handle(m *finding.Message) error {
	switch {
	case m.Run != nil:
		r.text.run = m.Run
	case m.Finding != nil:
		if concerns(m.Finding) {
			r.byWay[m.Finding.Control] = append(r.byWay[m.Finding.Control], m.Finding)
		}
	case m.Summary != nil:
		r.text.supplied()
		r.classes()
		r.text.diagnostics(m.Summary.Diagnostics)
		r.text.p.blank()
		r.text.result(m.Summary)
		return r.text.p.w.Flush()
	}
	return nil
}

func (r *differenceReport) classes() {
	p := r.text.p
	for _, d := range differences() {
		var found []*finding.Finding
		for _, id := range d.controls {
			found = append(found, r.byWay[id]...)
		}
		if len(found) == 0 {
			continue
		}
		slices.SortStableFunc(found, func(a, b *finding.Finding) int { return slices.Compare(ranked(a), ranked(b)) })
		p.blank()
		p.line(span{d.name, bold}, span{"  " + d.meaning, dim})
		var rows [][]span
		for _, f := range found {
			rows = append(rows, []span{r.text.label(f)[1], text(f.Target), text(f.Subject.ID), {place(f.Location), dim}})
		}
		p.tableWith(text("  "), rows, func(i int) {
			for _, said := range said(found[i]) {
				p.prose([]span{text("      ")}, said, plain)
			}
		})
	}
}

// ranked orders what fails before what is not known, then by target and subject.
func ranked(f *finding.Finding) []string {
	order := "1"
	if f.Outcome == finding.Fail || f.Outcome == finding.Error {
		order = "0"
	}
	return []string{order, f.Target, f.Subject.ID, f.Control, f.Key}
}
