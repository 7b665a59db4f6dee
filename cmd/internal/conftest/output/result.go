// Package output holds the results of conftest's checks and writes them in
// conftest's formats, byte for byte.
package output

import (
	"encoding/json"
	"fmt"
)

// Result is one message of a rule.
type Result struct {
	Message  string         `json:"msg"`
	Location *Location      `json:"loc,omitempty"`
	Metadata map[string]any `json:"metadata,omitempty"`
	Outputs  []string       `json:"outputs,omitempty"`
}

// Location is the place that a policy gave to a message.
type Location struct {
	File string      `json:"file,omitempty"`
	Line json.Number `json:"line,omitempty"`
}

// NewResult makes a result of an object that a rule holds: msg is the message, _loc
// the place, everything else metadata.
func NewResult(members map[string]any) (Result, error) {
	message, ok := members["msg"].(string)
	if !ok {
		return Result{}, fmt.Errorf("%q field must be present and a string", "msg")
	}
	r := Result{Message: message, Metadata: make(map[string]any, len(members))}
	for name, v := range members {
		if name != "msg" && name != "_loc" {
			r.Metadata[name] = v
		}
	}
	if at, ok := members["_loc"].(map[string]any); ok {
		l := &Location{}
		l.File, _ = at["file"].(string)
		l.Line, _ = at["line"].(json.Number)
		if l.File != "" || l.Line != "" {
			r.Location = l
		}
	}
	return r, nil
}

// Passed says whether the result is no finding.
func (r Result) Passed() bool { return r.Message == "" }

// Query is what one query printed and traced.
type Query struct {
	Query   string   `json:"query"`
	Results []Result `json:"results"`
	Traces  []string `json:"traces"`
	Outputs []string `json:"outputs,omitempty"`
}

func (q Query) passed() bool {
	for _, r := range q.Results {
		if !r.Passed() {
			return false
		}
	}
	return true
}

// Check is the result of the rules of one namespace on one file.
type Check struct {
	FileName   string   `json:"filename"`
	Namespace  string   `json:"namespace"`
	Successes  int      `json:"successes"`
	Skipped    []Result `json:"skipped,omitempty"`
	Warnings   []Result `json:"warnings,omitempty"`
	Failures   []Result `json:"failures,omitempty"`
	Exceptions []Result `json:"exceptions,omitempty"`
	Queries    []Query  `json:"queries,omitempty"`
}

// Add appends the results of another document of the same file.
func (c *Check) Add(o Check) {
	c.Successes += o.Successes
	c.Warnings = append(c.Warnings, o.Warnings...)
	c.Failures = append(c.Failures, o.Failures...)
	c.Exceptions = append(c.Exceptions, o.Exceptions...)
	c.Queries = append(c.Queries, o.Queries...)
}

func (c *Check) tests() int {
	return c.Successes + len(c.Failures) + len(c.Warnings) + len(c.Exceptions) + len(c.Skipped)
}

// Checks are the results of a run.
type Checks []Check

// ExitCode is 1 where anything failed.
func (cs Checks) ExitCode() int {
	if cs.totals().Failures > 0 {
		return 1
	}
	return 0
}

// ExitCodeFailOnWarn is 2 where anything failed, 1 where there are warnings.
func (cs Checks) ExitCodeFailOnWarn() int {
	switch t := cs.totals(); {
	case t.Failures > 0:
		return 2
	case t.Warnings > 0:
		return 1
	}
	return 0
}

type totals struct{ Successes, Failures, Warnings, Exceptions, Skipped int }

func (cs Checks) totals() totals {
	var t totals
	for i := range cs {
		c := &cs[i]
		t.Successes += c.Successes
		t.Failures += len(c.Failures)
		t.Warnings += len(c.Warnings)
		t.Exceptions += len(c.Exceptions)
		t.Skipped += len(c.Skipped)
	}
	return t
}

func (t totals) tests() int { return t.Successes + t.Failures + t.Warnings + t.Exceptions + t.Skipped }

func (t totals) String() string {
	noun := func(n int, one string) string {
		if n != 1 {
			one += "s"
		}
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%s, %d passed, %s, %s, %s", noun(t.tests(), "test"), t.Successes,
		noun(t.Warnings, "warning"), noun(t.Failures, "failure"), noun(t.Exceptions, "exception"))
}
