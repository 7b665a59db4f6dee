package finding

import (
	"time"

	"github.com/writ-policy/writ/engine/fact"
)

// Message is exactly one of its members. A stream is one Run, then any number of
// Progress, Finding and Item, then one Summary. Progress may be dropped.
type Message struct {
	Run      *Run      `json:"run,omitempty"`
	Progress *Progress `json:"progress,omitempty"`
	Finding  *Finding  `json:"finding,omitempty"`
	Item     *Item     `json:"item,omitempty"`
	Summary  *Summary  `json:"summary,omitempty"`
}

// Handler receives the messages of a run in order. A report format is a handler
// and knows nothing else. It may keep a message, so nobody changes one that was
// handed over. An error ends the run.
type Handler interface {
	Handle(*Message) error
}

// Asker is a handler that draws facts: it is given the items of the kinds it names,
// and of no others.
type Asker interface {
	Kinds() []string
}

// Run identifies an evaluation, so that a stream says what it is about.
type Run struct {
	Schema  string    `json:"schema"` // writ.report/v1
	Version string    `json:"version"`
	Now     time.Time `json:"now"`
	Sources []string  `json:"sources"`
	// Digests are "sha256:…" over sorted content.
	Digests  Digests   `json:"digests"`
	Gate     string    `json:"gate"`
	Strict   bool      `json:"strict"`
	Supplied []Supply  `json:"supplied"`
	Controls []Control `json:"controls"`
}

// Digests of what decided a run; empty where there was none.
type Digests struct {
	Policies   string `json:"policies"`
	Register   string `json:"register"`
	Parameters string `json:"parameters"`
	Documents  string `json:"documents"`
}

// Supply is something the checked tree itself supplied to its own check.
type Supply struct {
	What   string `json:"what"` // policy, parameter, gate, waiver, allowance, register
	Name   string `json:"name"`
	Source string `json:"source"` // file:line
	// Weaker is true if it lets through what the default would not.
	Weaker bool `json:"weaker"`
	// Inert is true if a trusted configuration overrides it.
	Inert bool `json:"inert"`
}

// Control is what a report needs to know of a control.
type Control struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Severity    Severity `json:"severity"`
	GDPR        []string `json:"gdpr"`
	Remediation string   `json:"remediation"`
	Subject     string   `json:"subject"`
	References  []string `json:"references"`
}

// Progress says how far a run is; Total is 0 if not known.
type Progress struct {
	Stage string `json:"stage"`
	Done  int    `json:"done"`
	Total int    `json:"total"`
}

// Item is a redacted fact that a handler asked for.
type Item struct {
	Target string         `json:"target"`
	Kind   string         `json:"kind"`
	ID     string         `json:"id"`
	Item   map[string]any `json:"item"`
}

// Summary ends a stream.
type Summary struct {
	// Outcomes counts all findings, the ones a report leaves out included.
	Outcomes map[Outcome]int `json:"outcomes"`
	// Advisory findings and advice are counted apart.
	Advisory int `json:"advisory"`
	Subjects int `json:"subjects"`
	// NotAsked lists the controls that no given source could feed.
	NotAsked    []NotAsked        `json:"not_asked"`
	Files       Files             `json:"files"`
	Diagnostics []fact.Diagnostic `json:"diagnostics"`
	// OpenArticles cannot be evidenced by technical facts.
	OpenArticles []string `json:"open_articles"`
	Exit         int      `json:"exit"`
	ExitReason   string   `json:"exit_reason"`
}

// NotAsked is a control without a source that could feed it.
type NotAsked struct {
	Control string `json:"control"`
	Kind    string `json:"kind"`
	Source  string `json:"source"` // what would ask it: "host:"
}

// Files says what discovery met.
type Files struct {
	Read    int `json:"read"`
	Skipped int `json:"skipped"`
	// Reasons counts skipped files by reason, sorted by reason.
	Reasons []Skipped `json:"reasons"`
}

// Skipped counts files left out for one reason; Paths are given with -v.
type Skipped struct {
	Reason string   `json:"reason"`
	Count  int      `json:"count"`
	Paths  []string `json:"paths,omitempty"`
}
