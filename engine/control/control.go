// Package control reads controls: Rego packages whose METADATA names the kind of
// fact they judge. [Load] parses, seals, checks and selects them; [Set.Compile]
// makes the one compiler that evaluates them. What each rule reads ([Control.Rules])
// decides whether a gap in the facts leaves the rule undecided.
package control

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// The sets a control may define. An entry of deny is a failure; of
// not_applicable and unknown a reason; of warn advice that never gates.
const (
	Deny          = "deny"
	NotApplicable = "not_applicable"
	Unknown       = "unknown"
	Warn          = "warn"
)

// Sets in the order of a control's entry points.
var Sets = []string{Deny, NotApplicable, Unknown, Warn}

// Control is one Rego package that judges one kind of subject.
type Control struct {
	ID          string // the package path: gdpr.port.documented
	Title       string
	Description string
	Remediation string
	Severity    string   // low medium high critical
	Subject     string   // kind
	Facts       []string // kinds that must have been collected
	MayRead     []string // kinds that sharpen the result
	GDPR        []string // articles: "5(1)(e)"
	References  []string
	Params      []string // parameter names: "port.ignore_loopback"
	// GateUnknown: an unknown of this control blocks the gate.
	GateUnknown bool
	// AbsencePass: no subject is a pass, for things that must not exist.
	AbsencePass bool
	// Has says which of Sets the package defines.
	Has map[string]bool
	Pos fact.Position

	file         *file
	libs         []*file // modules it may import, for compiling it apart
	capabilities *ast.Capabilities
	params       *Parameters
	compiler     *ast.Compiler // the set's, once it is compiled
	apart        lazyApart
	clauses      []*Rule // where they are known without compiling
	evidence     lazyReads
}

// Package returns the reference to the control's package, data.gdpr.port.….
func (c *Control) Package() ast.Ref {
	if c.file.known == nil {
		return c.file.module.Package.Path
	}
	ref := ast.Ref{ast.DefaultRootDocument}
	for part := range strings.SplitSeq(c.ID, ".") {
		ref = append(ref, ast.StringTerm(part))
	}
	return ref
}

// Reads reports whether the control may look up facts of a kind.
func (c *Control) Reads(kind string) bool {
	for _, k := range c.Facts {
		if k == kind {
			return true
		}
	}
	for _, k := range c.MayRead {
		if k == kind {
			return true
		}
	}
	return false
}

// declares reports whether there is a parameter or table of that name.
func (c *Control) declares(name string) bool {
	if c.params == nil {
		return false
	}
	_, declared := c.params.declared[name]
	_, valued := c.params.values[name]
	_, table := c.params.tables[name]
	return declared || valued || table
}

// Kinds lists the kinds a control looks up besides its subject.
func (c *Control) Kinds() []string {
	return append(append([]string{}, c.Facts...), c.MayRead...)
}
