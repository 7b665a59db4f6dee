// Package finding holds what a run says: findings with outcome and evidence, as
// a stream of messages that reports render. It knows neither OPA nor files.
package finding

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/writ-policy/writ/engine/fact"
)

// Outcome of one control on one subject.
type Outcome string

const (
	Pass          Outcome = "pass"
	Fail          Outcome = "fail"
	Unknown       Outcome = "unknown"
	NotApplicable Outcome = "not_applicable"
	Error         Outcome = "error"
	Waived        Outcome = "waived"
)

// Outcomes in the order reports count them.
var Outcomes = []Outcome{Fail, Error, Unknown, Waived, Pass, NotApplicable}

// Severity of a finding.
type Severity string

const (
	Low      Severity = "low"
	Medium   Severity = "medium"
	High     Severity = "high"
	Critical Severity = "critical"
)

// Severities from least to most.
var Severities = []Severity{Low, Medium, High, Critical}

// Rank orders severities: low is 1, critical 4, anything else 0.
func (s Severity) Rank() int {
	for i, each := range Severities {
		if s == each {
			return i + 1
		}
	}
	return 0
}

// Step moves a severity by n, held within low and critical.
func (s Severity) Step(n int) Severity {
	return Severities[max(0, min(len(Severities)-1, s.Rank()-1+n))]
}

// Finding is the outcome of one control on one subject, or for an advisory
// finding of one rule on one document.
type Finding struct {
	// ID is a hash of control, kind, target, subject id and key: it survives
	// edits of lines and messages. See [ID].
	ID       string   `json:"id"`
	Control  string   `json:"control"`
	Title    string   `json:"title"`
	Outcome  Outcome  `json:"outcome"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	// Advice holds warn entries; they never gate.
	Advice []string `json:"advice"`
	// Advisory findings never gate.
	Advisory bool    `json:"advisory"`
	Target   string  `json:"target"`
	Subject  Subject `json:"subject"`
	Key      string  `json:"key,omitempty"`
	Expected any     `json:"expected"`
	Actual   any     `json:"actual"`
	// Evidence in the order of document and pointer.
	Evidence []Evidence `json:"evidence"`
	// Custom holds the members of an entry that have no meaning to the engine.
	Custom   map[string]any `json:"custom,omitempty"`
	Location *Location      `json:"location"`
	GDPR     []string       `json:"gdpr"`
	// Reasons say why an outcome is unknown, not_applicable or error.
	Reasons     []string `json:"reasons"`
	Remediation string   `json:"remediation"`
	Waiver      *Waiver  `json:"waiver"`
	// Baseline is "new" or "known" when a baseline was given, else "".
	Baseline string `json:"baseline,omitempty"`
	// GateUnknown is true if an unknown of this control blocks the gate.
	GateUnknown bool `json:"gate_unknown,omitempty"`
}

// Subject names the fact that was judged; ID is empty where the finding is about
// the kind as a whole.
type Subject struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// RawKind is what the subjects of conftest policies are called: the documents of files
// in the shape that conftest gives them. It is no kind of fact. The body of a
// config.document is the same file as the strict readers see it, with exact numbers,
// nulls that are not known and expressions that are opaque; a policy that was written
// for conftest means conftest's shape, and its verdict must not depend on the face.
const RawKind = "conftest.document"

// Evidence points at a value in a fact document and at where it was read.
type Evidence struct {
	// Of names the fact that was read where it is not the finding's subject.
	Of       Subject `json:"of,omitzero"`
	Document string  `json:"document"` // digest
	Pointer  string  `json:"pointer"`
	Value    any     `json:"value"`
	Source   string  `json:"source"`
	Line     int     `json:"line"`
	Column   int     `json:"column"`
	// Parameter names a control parameter instead of a document; Origin says
	// who set it.
	Parameter string `json:"parameter,omitempty"`
	Origin    string `json:"origin,omitempty"`
}

// Location is where to look first. URI is relative to the repository root.
type Location struct {
	URI       string `json:"uri"`
	StartLine int    `json:"start_line"`
	EndLine   int    `json:"end_line"`
	// Column of the deciding value, 0 if not known.
	Column int `json:"column"`
	// Snippet holds the lines from SnippetLine on, redacted.
	SnippetLine int      `json:"snippet_line,omitempty"`
	Snippet     []string `json:"snippet,omitempty"`
}

// Waiver is the register entry that covers a finding.
type Waiver struct {
	ID           string        `json:"id"`
	Reason       string        `json:"reason"`
	Owner        string        `json:"owner"`
	Approver     string        `json:"approver"`
	Compensation string        `json:"compensation"`
	ExpiresOn    string        `json:"expires_on"`
	Pos          fact.Position `json:"position"`
}

// ID hashes what identifies a finding: 32 hex digits.
func ID(control, kind, target, subject, key string) string {
	b := append(make([]byte, 0, 256), control...)
	for _, s := range [...]string{kind, target, subject, key} {
		b = append(append(b, 0), s...)
	}
	sum := sha256.Sum256(b)
	return string(hex.AppendEncode(b[:0], sum[:16]))
}
