package control

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

//go:embed metadata.json
var metadataSchema []byte

var validateMetadata = sync.OnceValue(func() func([]byte) []fact.Problem { return fact.Validator(metadataSchema) })

// metadata is the part of a package's annotations that makes it a control.
type metadata struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Related     []struct {
		Ref         string `json:"ref"`
		Description string `json:"description"`
	} `json:"related_resources"`
	Custom struct {
		Severity    string   `json:"severity"`
		Subject     string   `json:"subject"`
		Facts       []string `json:"facts"`
		MayRead     []string `json:"may_read"`
		GDPR        []string `json:"gdpr"`
		Params      []string `json:"params"`
		Remediation string   `json:"remediation"`
		GateUnknown bool     `json:"gate_unknown"`
		Absence     string   `json:"absence"`
	} `json:"custom"`
}

// packageAnnotations returns a module's package METADATA, nil without one.
func packageAnnotations(m *ast.Module) *ast.Annotations {
	for _, a := range m.Annotations {
		if a.Scope == "package" {
			return a
		}
	}
	return nil
}

// isControl reports whether a module says what it judges.
func isControl(m *ast.Module) bool {
	a := packageAnnotations(m)
	if a == nil {
		return false
	}
	_, ok := a.Custom["subject"]
	return ok
}

// newControl reads METADATA against its schema and the known kinds.
func newControl(f *file) (*Control, []fact.Diagnostic) {
	a := packageAnnotations(f.module)
	raw, err := json.Marshal(map[string]any{
		"title": a.Title, "description": a.Description,
		"related_resources": related(a), "custom": a.Custom,
	})
	if err != nil {
		return nil, []fact.Diagnostic{f.diagnose(a.Location, "invalid METADATA", err.Error(), "")}
	}
	var diagnostics []fact.Diagnostic
	for _, p := range validateMetadata()(raw) {
		diagnostics = append(diagnostics, f.diagnose(a.Location, "invalid METADATA", p.Error(),
			"the keys are listed in the documentation of controls"))
	}
	var m metadata
	if err := json.Unmarshal(raw, &m); err != nil || len(diagnostics) > 0 {
		return nil, diagnostics
	}
	c := &Control{
		ID:    strings.TrimPrefix(f.module.Package.Path.String(), "data."),
		Title: m.Title, Description: m.Description, Remediation: m.Custom.Remediation,
		Severity: m.Custom.Severity, Subject: m.Custom.Subject,
		Facts: m.Custom.Facts, MayRead: m.Custom.MayRead, GDPR: m.Custom.GDPR, Params: m.Custom.Params,
		GateUnknown: m.Custom.GateUnknown, AbsencePass: m.Custom.Absence == "pass",
		Has: map[string]bool{}, file: f,
		Pos: fact.Position{Source: f.path, Line: f.module.Package.Location.Row, Column: 1},
	}
	for _, r := range m.Related {
		c.References = append(c.References, r.Ref)
	}
	for _, kind := range append([]string{c.Subject}, c.Kinds()...) {
		if fact.LookupKind(kind) == nil {
			diagnostics = append(diagnostics, f.diagnose(a.Location, "unknown kind",
				fmt.Sprintf("METADATA names %q, which is not a kind of fact%s", kind, suggestKind(kind)), "`writ kinds` lists them"))
		}
	}
	for _, kind := range c.MayRead {
		if slices.Contains(c.Facts, kind) {
			diagnostics = append(diagnostics, f.diagnose(a.Location, "contradictory METADATA",
				fmt.Sprintf("%q stands in facts and in may_read", kind), ""))
		}
	}
	return c, append(diagnostics, checkRules(c)...)
}

func related(a *ast.Annotations) []map[string]string {
	out := []map[string]string{}
	for _, r := range a.RelatedResources {
		out = append(out, map[string]string{"ref": r.Ref.String(), "description": r.Description})
	}
	return out
}

func suggestKind(name string) string {
	var names []string
	for _, k := range fact.Kinds() {
		names = append(names, k.Name)
	}
	return fact.Suggest(name, names)
}

// checkRules holds the shape of the sets: each is a partial set. A boolean deny
// that is undefined would undo the query of every control of its kind.
func checkRules(c *Control) []fact.Diagnostic {
	var diagnostics []fact.Diagnostic
	for _, r := range c.file.module.Rules {
		name := ruleName(r)
		if !slices.Contains(Sets, name) {
			if twin := caseTwin(name); twin != "" {
				diagnostics = append(diagnostics, c.file.diagnose(r.Location, "misspelt rule",
					fmt.Sprintf("%s is not a set of a control", name), fmt.Sprintf("did you mean %q?", twin)))
			}
			continue
		}
		c.Has[name] = true
		if r.Head.Key == nil || r.Head.Value != nil || len(r.Head.Reference) != 1 || r.Default {
			diagnostics = append(diagnostics, c.file.diagnose(r.Location, name+" is not a set",
				fmt.Sprintf("%s must be a partial set: one entry for each thing that is wrong", name),
				fmt.Sprintf("write %s contains {\"msg\": …} if { … }", name)))
		}
		if r.Else != nil {
			diagnostics = append(diagnostics, c.file.diagnose(r.Else.Location, name+" has an else", "entries of a set have no alternatives", "write a second rule"))
		}
	}
	if !c.Has[Deny] {
		diagnostics = append(diagnostics, c.file.diagnose(c.file.module.Package.Location, "no deny rule",
			fmt.Sprintf("%s can never fail", c.ID), "write deny contains {\"msg\": …} if { … }"))
	}
	return diagnostics
}

func ruleName(r *ast.Rule) string {
	if len(r.Head.Reference) > 0 {
		if v, ok := r.Head.Reference[0].Value.(ast.Var); ok {
			return string(v)
		}
	}
	return string(r.Head.Name)
}

// caseTwin finds the set that a name was meant to be: Deny, deny_, notApplicable.
func caseTwin(name string) string {
	flat := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }
	for _, set := range append([]string{"violation"}, Sets...) {
		if flat(name) == flat(set) {
			if set == "violation" {
				return Deny
			}
			return set
		}
	}
	return ""
}
