package engine

import (
	"fmt"

	"github.com/writ-policy/writ/engine/finding"
)

// Exit statuses.
const (
	ExitPass      = 0 // nothing at or above the gate
	ExitFindings  = 1 // findings at or above the gate
	ExitUsage     = 2 // usage, invalid policy or register, unreadable file, no document
	ExitUndecided = 3 // an error, or an unknown that blocks
)

// Gate turns findings into an exit status.
type Gate struct {
	// Level is the least severity that fails: low, medium, high, critical, or
	// none, which lets every failure through.
	Level string
	// Strict lets no unknown through.
	Strict bool
	// Required controls and kinds must have been asked.
	Required []string

	failing, undecided, unusable int
	why                          string
}

// Add takes a finding into account.
func (g *Gate) Add(f *finding.Finding) {
	if f.Advisory {
		return
	}
	switch f.Outcome {
	case finding.Fail:
		if g.Level != "none" && f.Severity.Rank() >= finding.Severity(g.Level).Rank() && f.Baseline != "known" {
			g.failing++
		}
	case finding.Error:
		g.undecided++
	case finding.Unknown:
		if f.GateUnknown || g.Strict {
			g.undecided++
		}
	}
}

// Unusable notes an input that could not be used.
func (g *Gate) Unusable(why string) {
	g.unusable++
	if g.why == "" {
		g.why = why
	}
}

// Undecided notes something required that was not asked.
func (g *Gate) Undecided() { g.undecided++ }

// Status returns the exit status and says why. Where several hold: 2, then 1,
// then 3.
func (g *Gate) Status() (int, string) {
	switch {
	case g.unusable > 0:
		return ExitUsage, g.why
	case g.failing > 0:
		return ExitFindings, fmt.Sprintf("%d %s at or above %s", g.failing, plural(g.failing, "finding", "findings"), g.Level)
	case g.undecided > 0:
		return ExitUndecided, fmt.Sprintf("%d %s could not be decided", g.undecided, plural(g.undecided, "answer that the gate needs", "answers that the gate needs"))
	}
	if g.Level == "none" {
		return ExitPass, "the gate is open: no finding counts"
	}
	return ExitPass, "nothing at or above " + g.Level
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
