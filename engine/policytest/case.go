// Package policytest runs the tests of policies: golden cases, which state facts
// and the outcomes they must have, and Rego unit tests.
//
// A case is a txtar archive: prose, then
//
//	facts/<anything>.json  a fact document, or only its items and what differs
//	                       from a complete document about config/example
//	register.hcl           the register (optional)
//	params.yaml            parameter values (optional)
//	want.txt               one line per outcome, evidence indented below it
//
// Facts are as collected; the register is joined as in a run.
package policytest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"

	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
	"github.com/writ-policy/writ/engine/register"
)

// Now is the time of every case.
var Now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Case is one golden case.
type Case struct {
	Path    string
	archive *txtar.Archive
}

// Read reads a case from a file.
func Read(name string) (*Case, error) {
	a, err := txtar.ParseFile(name)
	if err != nil {
		return nil, fmt.Errorf("read case: %w", err)
	}
	return &Case{Path: name, archive: a}, nil
}

// Want returns the outcomes that the case states.
func (c *Case) Want() string {
	for _, f := range c.archive.Files {
		if f.Name == "want.txt" {
			return string(f.Data)
		}
	}
	return ""
}

// Update rewrites want.txt in the case's file.
func (c *Case) Update(got string) error {
	for i := range c.archive.Files {
		if c.archive.Files[i].Name == "want.txt" {
			c.archive.Files[i].Data = []byte(got)
			return os.WriteFile(c.Path, txtar.Format(c.archive), 0o644)
		}
	}
	c.archive.Files = append(c.archive.Files, txtar.File{Name: "want.txt", Data: []byte(got)})
	return os.WriteFile(c.Path, txtar.Format(c.archive), 0o644)
}

// Params applies the case's parameters.
func (c *Case) Params(p *control.Parameters) error {
	for _, f := range c.archive.Files {
		if f.Name != "params.yaml" {
			continue
		}
		var values map[string]any
		if err := yaml.Unmarshal(f.Data, &values); err != nil {
			return fmt.Errorf("%s: params.yaml: %w", c.Path, err)
		}
		for _, name := range fact.SortedKeys(values) {
			if err := p.Set(name, values[name], "case"); err != nil {
				return fmt.Errorf("%s: %w", c.Path, err)
			}
		}
	}
	return nil
}

// Run judges the case by the set's controls and renders the findings. Sets holds
// the parameters that [Case.Params] was applied to.
func (c *Case) Run(ctx context.Context, set *control.Set) (string, []*finding.Finding, error) {
	docs, reg, err := c.facts()
	if err != nil {
		return "", nil, err
	}
	var invalid []string
	for _, d := range docs {
		for _, p := range fact.Validate(d) {
			invalid = append(invalid, fmt.Sprintf("%s: invalid facts of %s: %s", c.Path, d.Kind, p))
		}
	}
	if len(invalid) > 0 {
		return "", nil, fmt.Errorf("%s", strings.Join(invalid, "\n"))
	}
	docs = append(docs, reg.Documents(Now)...)
	for _, d := range reg.Annotate(docs, register.Options{Now: Now, Params: set.Params.Tree()}) {
		return "", nil, fmt.Errorf("%s: %w", c.Path, d)
	}
	reg.Link(docs)
	kinds, yields, targets := map[string]bool{}, map[string]bool{}, []string{}
	for _, d := range docs {
		kinds[d.Kind], yields[d.Kind] = true, true
		targets = append(targets, d.Target.ID)
		for _, p := range fact.ValidateAnnotated(d) {
			return "", nil, fmt.Errorf("%s: annotated facts of %s: %w", c.Path, d.Kind, p)
		}
	}
	e, diagnostics, err := engine.New(ctx, set, kinds, engine.Options{Now: Now, All: true, Waive: func(f *finding.Finding) *finding.Waiver {
		w, _ := reg.Waive(f, Now)
		return w
	}})
	if err != nil {
		return "", nil, err
	}
	for _, d := range diagnostics {
		return "", nil, d
	}
	defer e.Close(ctx)
	var findings []*finding.Finding
	facts := &engine.Facts{Documents: docs, Systems: reg.Systems(targets), Yields: yields}
	_, err = e.Evaluate(ctx, facts, func(f *finding.Finding) error {
		findings = append(findings, f)
		return nil
	})
	return Render(findings), findings, err
}

// facts reads the case's documents and register.
func (c *Case) facts() ([]*fact.Document, *register.Register, error) {
	var docs []*fact.Document
	var files []register.File
	for _, f := range c.archive.Files {
		switch {
		case strings.HasPrefix(f.Name, "facts/"):
			d, err := document(f.Name, f.Data)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %s: %w", c.Path, f.Name, err)
			}
			docs = append(docs, d)
		case strings.HasSuffix(f.Name, ".hcl"):
			files = append(files, register.File{Name: f.Name, Data: f.Data})
		}
	}
	reg, diagnostics := register.Read(files)
	for _, d := range diagnostics {
		if d.Severity == "error" {
			return nil, nil, fmt.Errorf("%s: %w", c.Path, d)
		}
	}
	return docs, reg, nil
}

// document reads a fact document whose envelope may be short: the kind is the
// file's name, the target config/example, the source main.tf.
func document(name string, data []byte) (*fact.Document, error) {
	d := &fact.Document{
		Schema: fact.Schema, Kind: strings.TrimSuffix(path.Base(name), ".json"), Target: fact.Target{ID: "config/example"},
		Collector:   fact.Collector{Name: "case", Version: "case", Method: "case", Privileges: "user"},
		CollectedAt: Now, Complete: true, Unobserved: []fact.Gap{}, Sources: []fact.Source{}, Positions: map[string]fact.Position{}, Items: []fact.Item{},
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	dec.DisallowUnknownFields()
	if err := dec.Decode(d); err != nil {
		return nil, err
	}
	return d, nil
}

// Render writes findings as a case's want.txt: outcome, target, subject and
// message, with the reasons and the evidence below.
func Render(findings []*finding.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		subject := f.Subject.ID
		if subject == "" {
			subject = "-"
		}
		fmt.Fprintf(&b, "%s %s %s %s: %s\n", f.Outcome, f.Severity, f.Target, subject, f.Message)
		for _, r := range f.Reasons {
			if r != f.Message {
				fmt.Fprintf(&b, "  because %s\n", r)
			}
		}
		for _, a := range f.Advice {
			fmt.Fprintf(&b, "  advice %s\n", a)
		}
		for _, e := range f.Evidence {
			value, err := json.Marshal(e.Value)
			if err != nil {
				value = []byte("?")
			}
			where := e.Pointer
			if e.Parameter != "" {
				where = "parameter " + e.Parameter
			}
			if e.Of.Kind != "" {
				where += " of " + e.Of.Kind + " " + e.Of.ID
			}
			fmt.Fprintf(&b, "  %s = %s", where, value)
			if e.Line > 0 {
				fmt.Fprintf(&b, " (%s:%d)", e.Source, e.Line)
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}
