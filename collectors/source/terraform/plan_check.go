package terraform

import (
	"bytes"
	"encoding/json"
	"errors"

	tfjson "github.com/hashicorp/terraform-json"
)

const showHint = "write it with: terraform show -json PLANFILE > plan.json"

// notPlan says why data is no plan that can be read, nil if it is one.
func notPlan(data []byte, path string) *Diagnostic {
	text := newPlanText(path, data)
	problem := func(at int, summary, detail, hint string) *Diagnostic {
		at = max(0, min(at, len(data)))
		d := &Diagnostic{Severity: severityError, Summary: summary, Detail: detail, Hint: hint, Fatal: true}
		d.Pos = text.position(at, at)
		d.Line = (&source{text: data}).line(at)
		return d
	}
	switch trimmed := bytes.TrimSpace(data); {
	case len(trimmed) == 0:
		return problem(0, "empty plan", "", showHint)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		d := problem(0, "a plan in Terraform's own format, not in JSON", "", showHint)
		d.Line = ""
		return d
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		d := problem(0, "text is UTF-16, a plan is UTF-8", "", "PowerShell before version 7 writes UTF-16: use Out-File -Encoding utf8")
		d.Line = ""
		return d
	case trimmed[0] != '{':
		return problem(text.space(0), "not a plan: a JSON object is expected", "", showHint)
	}
	if err := validJSON(data); err != nil {
		at, cut := jsonErrorOffset(err, len(data))
		switch {
		case text.isLog():
			return problem(0, "the log of terraform plan -json, not a plan", "", showHint)
		case cut:
			return problem(at, "plan is cut short", "the text ends within a value", "")
		}
		return problem(at, "plan is not valid JSON", err.Error(), "")
	}
	parts := text.members(text.space(0))
	version := ""
	if at := offset(parts, "format_version"); at >= 0 {
		version = (&planReader{text: text}).nodeAt(at).str()
	}
	has := func(name string) bool { _, ok := parts[name]; return ok }
	switch {
	case has("lineage") || has("serial") && has("version"):
		return problem(0, "a Terraform state, not a plan", "states are not read: they hold secrets, and say what is, not what will be", showHint)
	case has("values") && has("format_version") && !has("planned_values"):
		return problem(0, "a Terraform state in JSON, not a plan", "", showHint)
	case has("@level") && has("type"):
		return problem(0, "the log of terraform plan -json, not a plan", "", showHint)
	case has("provider_schemas"):
		return problem(0, "provider schemas, not a plan", "", showHint)
	case !has("format_version") || !has("planned_values") && !has("resource_changes") && !has("configuration"):
		return problem(0, "not a Terraform plan", "format_version or the planned values are missing", showHint)
	}
	if err := (&tfjson.Plan{FormatVersion: version}).Validate(); err != nil {
		return problem(parts["format_version"], "plan format is not supported", err.Error(), "")
	}
	return nil
}

// isLog reports whether the first line is an object with a log level.
func (t *planText) isLog() bool {
	first, _, _ := bytes.Cut(bytes.TrimSpace(t.data), []byte("\n"))
	var line struct {
		Level string `json:"@level"`
	}
	return json.Unmarshal(first, &line) == nil && line.Level != ""
}

// validJSON returns the error of the first byte that is not JSON. The depth of
// nesting is bounded by encoding/json, to 10,000.
func validJSON(data []byte) error {
	if json.Valid(data) {
		return nil
	}
	var raw json.RawMessage
	return json.Unmarshal(data, &raw)
}

func jsonErrorOffset(err error, size int) (at int, cut bool) {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return 0, false
	}
	at = int(syntax.Offset)
	if syntax.Error() == "unexpected end of JSON input" {
		return size, true
	}
	return max(0, at-1), false
}
