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

// metadata is the part of a package's annotations that makes it a control. Its
// keys are described in metadata.json, which refuses any other.
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
	if f.known != nil {
		return f.known.Meta.control(f), nil
	}
	a := packageAnnotations(f.module)
	raw, err := json.Marshal(map[string]any{
		"title": a.Title, "description": a.Description,
		"related_resources": related(a), "custom": a.Custom,
	})
	if err != nil {
		return nil, []fact.Diagnostic{f.diagnose(a.Location, "invalid METADATA", err.Error(), "")}
	}
	diagnostics := misspeltKeys(f, a)
	for _, p := range validateMetadata()(raw) {
		if strings.Contains(p.Message, "additionalProperties") {
			continue // misspelt, with a suggestion
		}
		at := a.Location
		if word := lookFor(p.Pointer); word != "" {
			at = f.metadataAt(word)
		}
		message := strings.TrimPrefix(p.Error(), "/")
		if before, _, pattern := strings.Cut(message, "does not match pattern"); pattern {
			message = before + "is not written as it should be"
		}
		diagnostics = append(diagnostics, f.diagnose(at, "invalid METADATA", message, describeKey(p.Pointer)))
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
			diagnostics = append(diagnostics, f.diagnose(f.metadataAt(kind), "unknown kind",
				fmt.Sprintf("METADATA names %q, which is not a kind of fact%s", kind, suggestKind(kind)), "`writ kinds` lists them"))
		}
	}
	for _, kind := range c.MayRead {
		if slices.Contains(c.Facts, kind) {
			diagnostics = append(diagnostics, f.diagnose(f.metadataAt(kind), "contradictory METADATA",
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

// almostControl finds a package that was meant to be a control: its METADATA has
// keys of one, but no subject. It would be taken for a helper, and never asked.
func almostControl(f *file) []fact.Diagnostic {
	a := packageAnnotations(f.module)
	if a == nil {
		return nil
	}
	keys := []string{"facts", "may_read", "gdpr", "gate_unknown", "absence"}
	for _, key := range fact.SortedKeys(a.Custom) {
		if fact.Suggest(key, []string{"subject"}) != "" {
			keys = append(keys, key)
		}
	}
	for _, key := range keys {
		if _, ok := a.Custom[key]; ok {
			return []fact.Diagnostic{f.diagnose(f.metadataAt(key), "invalid METADATA",
				fmt.Sprintf("custom has %s but no subject%s", key, misspelt(a.Custom, "subject")), "subject names the kind of fact that the control judges")}
		}
	}
	return nil
}

func misspelt(custom map[string]any, key string) string {
	for _, name := range fact.SortedKeys(custom) {
		if !slices.Contains(customKeys, name) && fact.Suggest(name, []string{key}) != "" {
			return fmt.Sprintf("; is %q meant to be it?", name)
		}
	}
	return ""
}

// Keys of METADATA: those of OPA's annotations, and those of a control's custom
// member, as metadata.json describes them.
var (
	annotationKeys = []string{"scope", "title", "description", "related_resources", "authors", "organizations", "schemas", "entrypoint", "custom"}
	customKeys     = []string{"severity", "subject", "facts", "may_read", "gdpr", "params", "remediation", "gate_unknown", "absence"}
)

// misspeltKeys finds keys that METADATA does not have: OPA ignores what stands
// beside its own, and a schema would only say that it is not allowed.
func misspeltKeys(f *file, a *ast.Annotations) []fact.Diagnostic {
	var out []fact.Diagnostic
	for row := a.Location.Row; row < f.module.Package.Location.Row; row++ {
		rest, ok := strings.CutPrefix(f.line(row), "# ")
		key, _, colon := strings.Cut(rest, ":")
		if !ok || !colon || strings.ContainsAny(key, " -#") || slices.Contains(annotationKeys, key) {
			continue
		}
		out = append(out, f.diagnose(ast.NewLocation(nil, f.path, row, 3), "invalid METADATA", fmt.Sprintf("there is no key %q%s", key, fact.Suggest(key, annotationKeys)), ""))
	}
	for _, key := range fact.SortedKeys(a.Custom) {
		if !slices.Contains(customKeys, key) {
			out = append(out, f.diagnose(f.metadataAt(key), "invalid METADATA", fmt.Sprintf("custom has no key %q%s", key, fact.Suggest(key, customKeys)),
				"it has "+strings.Join(customKeys, ", ")))
		}
	}
	return out
}

// describeKey returns what metadata.json says of the key at a pointer.
func describeKey(pointer string) string {
	var schema map[string]any
	if err := json.Unmarshal(metadataSchema, &schema); err != nil {
		return ""
	}
	for _, segment := range fact.SplitPointer(pointer) {
		properties, _ := schema["properties"].(map[string]any)
		items, _ := schema["items"].(map[string]any)
		next, ok := properties[segment].(map[string]any)
		if !ok && (items == nil || items["description"] == nil) {
			break
		}
		if schema = next; !ok {
			schema = items
		}
	}
	description, _ := schema["description"].(string)
	return description
}

// lookFor is the word of METADATA that a pointer into it leads to.
func lookFor(pointer string) string {
	segments := fact.SplitPointer(pointer)
	for i := len(segments) - 1; i >= 0; i-- {
		if strings.Trim(segments[i], "0123456789") != "" {
			return segments[i]
		}
	}
	return ""
}
