package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/finding"
)

// answer is what a control said about one subject, set by set.
type answer struct {
	missing   []string            // why it was not asked
	entries   map[string][]*entry // decided
	undecided map[string][]string // reasons of undecided clauses
	failed    map[string][]string // errors of clauses
	gap       []string            // where the first gap of the subject stands that left a clause undecided
}

// take is decide for a set of the batch, which must be one.
func (a *answer) take(set string, terms ast.Set) {
	if terms == nil {
		a.fail(set, set+" is not a set")
		return
	}
	a.decide(set, terms)
}

func (a *answer) decide(set string, terms ast.Set) {
	if terms.Len() == 0 {
		return
	}
	if a.entries == nil {
		a.entries = map[string][]*entry{}
	}
	for _, t := range terms.Slice() {
		en, err := newEntry(set, t)
		if err != nil {
			a.fail(set, err.Error())
			continue
		}
		if !slices.ContainsFunc(a.entries[set], func(o *entry) bool { return o.term.Equal(en.term) }) {
			a.entries[set] = append(a.entries[set], en)
		}
	}
}

func (a *answer) leave(set string, reasons, at []string) {
	if a.gap == nil {
		a.gap = at
	}
	if a.undecided == nil {
		a.undecided = map[string][]string{}
	}
	for _, r := range reasons {
		if !slices.Contains(a.undecided[set], r) {
			a.undecided[set] = append(a.undecided[set], r)
		}
	}
}

func (a *answer) fail(set, err string) {
	if a.failed == nil {
		a.failed = map[string][]string{}
	}
	a.failed[set] = append(a.failed[set], err)
}

// verdict is the outcome of a control on a subject, before waivers.
type verdict struct {
	outcome finding.Outcome
	entries []*entry // of a failure
	reasons []string
}

// decide is the outcome table: the first line that matches wins.
func decide(a *answer) verdict {
	if len(a.missing) > 0 {
		return verdict{outcome: finding.Unknown, reasons: a.missing}
	}
	if na := a.entries[control.NotApplicable]; len(na) > 0 {
		reasons := messages(na)
		slices.Sort(reasons) // in whatever order the clauses were asked
		return verdict{outcome: finding.NotApplicable, reasons: reasons}
	}
	if deny := a.entries[control.Deny]; len(deny) > 0 {
		if err := checkKeys(deny); err != nil {
			return verdict{outcome: finding.Error, reasons: []string{err.Error()}}
		}
		switch {
		case len(a.undecided[control.NotApplicable]) > 0:
			reasons := []string{"whether the control applies is not known, else it fails: " + messages(deny)[0]}
			return verdict{outcome: finding.Unknown, reasons: append(reasons, a.undecided[control.NotApplicable]...)}
		case len(a.failed[control.NotApplicable]) > 0:
			return verdict{outcome: finding.Error, reasons: a.failed[control.NotApplicable]}
		}
		reasons := slices.Concat(a.failed[control.Deny], a.failed[control.Unknown], a.undecided[control.Deny])
		return verdict{outcome: finding.Fail, entries: deny, reasons: reasons}
	}
	if failed := slices.Concat(a.failed[control.NotApplicable], a.failed[control.Deny], a.failed[control.Unknown]); len(failed) > 0 {
		return verdict{outcome: finding.Error, reasons: failed}
	}
	unknown := slices.Concat(messages(a.entries[control.Unknown]),
		a.undecided[control.NotApplicable], a.undecided[control.Unknown], a.undecided[control.Deny])
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return verdict{outcome: finding.Unknown, reasons: slices.Compact(unknown)}
	}
	return verdict{outcome: finding.Pass}
}

// checkKeys holds that several entries can be told apart: their findings' ids
// would collide otherwise.
func checkKeys(entries []*entry) error {
	if len(entries) < 2 {
		return nil
	}
	seen := map[string]bool{}
	for _, e := range entries {
		if !e.hasKey {
			return fmt.Errorf("deny has %d entries, and not every one has a key: add \"key\" to tell them apart", len(entries))
		}
		if seen[e.key] {
			return fmt.Errorf("deny has two entries with the key %q", e.key)
		}
		seen[e.key] = true
	}
	return nil
}

func messages(entries []*entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.msg
	}
	return out
}

// describe words an evaluation error: its place and cause, without values.
func (e *Engine) describe(err error) string { return describeError(err) }

func describeError(err error) string {
	var te *topdown.Error
	if !errors.As(err, &te) {
		return err.Error()
	}
	if te.Location != nil {
		return fmt.Sprintf("%s:%d: %s", te.Location.File, te.Location.Row, strings.TrimSpace(te.Message))
	}
	return te.Message
}
