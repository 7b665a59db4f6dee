package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// notificationKinds are the descriptors of what the tool says about itself.
func notificationKinds() []sarifRule {
	kind := func(id, s string) sarifRule {
		return sarifRule{ID: id, ShortDescription: &sarifMessage{Text: s}}
	}
	return []sarifRule{
		kind("supplied", "Something the checked tree supplied to its own check."),
		kind("diagnostic", "An input that could not be used as it stands."),
		kind("undecided", "Subjects that a control could not decide."),
		kind("not-asked", "Controls that no given source could feed."),
		kind("coverage", "What was read, and what technical facts cannot show."),
		kind("left-out", "What the report had no room for."),
	}
}

func notify(kind, level, text string) sarifNotification {
	return sarifNotification{Descriptor: sarifRuleRef{ID: kind}, Level: level, Message: sarifMessage{Text: sarifText(cmp.Or(text, kind))}}
}

// mostDiagnostics bounds what a tree full of broken files can add.
const mostDiagnostics = 1000

func (r *sarifReport) invocation(s *finding.Summary) sarifInvocation {
	in := sarifInvocation{
		Successful: s.Exit != 2 && s.Outcomes[finding.Error] == 0,
		ExitCode:   s.Exit, ExitDescription: sarifText(s.ExitReason),
	}
	for _, sup := range weakerFirst(r.run.Supplied) {
		level, note := "note", ""
		switch {
		case sup.Inert:
			note = ", inert"
		case sup.Weaker:
			level, note = "warning", ", weaker than the default"
		}
		n := notify("supplied", level, fmt.Sprintf("the checked tree itself supplies: %s %s (%s)%s", sup.What, sup.Name, sup.Source, note))
		in.Configuration = append(in.Configuration, n)
	}
	for i := range s.Diagnostics {
		d := &s.Diagnostics[i]
		if i == mostDiagnostics {
			in.Execution = append(in.Execution, notify("left-out", "warning", plural(len(s.Diagnostics)-i, "further diagnostic")))
			break
		}
		level, at := "error", d.Pos.String()
		if d.Severity == "warning" {
			level = "warning"
		}
		n := notify("diagnostic", level, strings.TrimPrefix(at+": ", ": ")+joined(": ", d.Summary, d.Detail, d.Hint))
		n.Locations = diagnosticLocations(d.Pos)
		in.Execution = append(in.Execution, n)
	}
	in.Execution = append(in.Execution, r.undecided.notifications(r.index)...)
	if n := r.leftOut(); n != "" {
		in.Execution = append(in.Execution, notify("left-out", "warning", n))
	}
	for _, kind := range byKind(s.NotAsked) {
		in.Execution = append(in.Execution, notify("not-asked", "note", kind.String()))
	}
	in.Execution = append(in.Execution, notify("coverage", "note", "files: "+fileCounts(s.Files)))
	if len(s.OpenArticles) > 0 {
		in.Execution = append(in.Execution, notify("coverage", "note", openArticles(s.OpenArticles)))
	}
	return in
}

func joined(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

func (r *sarifReport) leftOut() string {
	var parts []string
	for _, o := range finding.Outcomes {
		if n := r.short.left[o]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ReplaceAll(string(o), "_", " ")))
		}
	}
	if parts == nil {
		return ""
	}
	return fmt.Sprintf("only the %d most severe results are listed; left out: %s", r.short.limit, strings.Join(parts, ", "))
}

// undecided counts, per control, what ended in error or unknown.
type undecided struct {
	order  []string
	counts map[string]*undecidedControl
}

type undecidedControl struct {
	errors, unknowns int
	blocks           bool
	reasons          []string
}

// mostReasons is how many different reasons are told of one control.
const mostReasons = 5

func (u *undecided) add(f *finding.Finding) {
	if f.Outcome != finding.Error && f.Outcome != finding.Unknown {
		return
	}
	c := u.counts[f.Control]
	if c == nil {
		if u.counts == nil {
			u.counts = map[string]*undecidedControl{}
		}
		c = &undecidedControl{}
		u.counts[f.Control] = c
		u.order = append(u.order, f.Control)
	}
	if f.Outcome == finding.Error {
		c.errors++
	} else {
		c.unknowns++
	}
	c.blocks = c.blocks || f.GateUnknown
	for _, s := range said(f) {
		if len(c.reasons) < mostReasons && !slices.Contains(c.reasons, s) {
			c.reasons = append(c.reasons, s)
		}
	}
}

func (u *undecided) notifications(index map[string]int) []sarifNotification {
	var all []sarifNotification
	for _, control := range u.order {
		c := u.counts[control]
		level, text := "note", fmt.Sprintf("%s could not decide %s", control, plural(c.unknowns, "subject"))
		if c.blocks {
			level = "warning"
		}
		if c.errors > 0 {
			level, text = "error", fmt.Sprintf("%s failed on %s", control, plural(c.errors, "subject"))
			if c.unknowns > 0 {
				text += fmt.Sprintf(" and could not decide %d", c.unknowns)
			}
		}
		n := notify("undecided", level, joined(": ", text, strings.Join(c.reasons, "; ")))
		n.Rule = &sarifRuleRef{ID: ruleID(control)}
		if i, ok := index[control]; ok {
			n.Rule.Index = &i
		}
		all = append(all, n)
	}
	return all
}
