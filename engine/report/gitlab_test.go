package report

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/writ-policy/writ/engine/finding"
)

// gitlabSchema puts what GitLab's documentation of the code quality report format
// demands of an issue into a schema of our own.
const gitlabSchema = `{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "array",
  "items": {
    "type": "object",
    "additionalProperties": false,
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
      "description": {"type": "string", "minLength": 1},
      "check_name": {"type": "string", "minLength": 1},
      "fingerprint": {"type": "string", "minLength": 1},
      "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
      "location": {
        "type": "object",
        "additionalProperties": false,
        "required": ["path", "lines"],
        "properties": {
          "path": {"type": "string", "minLength": 1, "not": {"pattern": "^(/|\\./|[A-Za-z][A-Za-z0-9+.-]*:)"}},
          "lines": {"type": "object", "additionalProperties": false, "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}}
        }
      }
    }
  }
}`

func checkGitLab(t testing.TB, report []byte) []gitlabIssue {
	t.Helper()
	schema, err := jsonschema.CompileString("gitlab.json", gitlabSchema)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(report, &v); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%#v", err)
	}
	var issues []gitlabIssue
	if err := json.Unmarshal(report, &issues); err != nil {
		t.Fatal(err)
	}
	for _, i := range issues {
		p := i.Location.Path
		if _, err := url.PathUnescape(url.PathEscape(p)); err != nil || strings.HasPrefix(path.Clean(p), "..") {
			t.Errorf("path %q", p)
		}
	}
	return issues
}

func TestGitLabSeverity(t *testing.T) {
	var got []string
	messages := []*finding.Message{{Run: &finding.Run{Gate: "low"}}}
	add := func(f finding.Finding) {
		f.Control = fmt.Sprintf("c%d", len(messages))
		messages = append(messages, &finding.Message{Finding: &f})
	}
	for _, s := range finding.Severities {
		add(finding.Finding{Outcome: finding.Fail, Severity: s})
	}
	add(finding.Finding{Outcome: finding.Fail, Severity: finding.High, Advisory: true})
	add(finding.Finding{Outcome: finding.Unknown, Severity: finding.High})
	add(finding.Finding{Outcome: finding.Unknown, GateUnknown: true})
	add(finding.Finding{Outcome: finding.Error})
	add(finding.Finding{Outcome: finding.Waived, Severity: finding.High})
	add(finding.Finding{Outcome: finding.Pass, Severity: finding.High})
	messages = append(messages, &finding.Message{Summary: &finding.Summary{}})
	for _, i := range checkGitLab(t, render(t, "gitlab", Options{Verbose: true}, messages)) {
		got = append(got, i.Severity)
	}
	if diff := cmp.Diff([]string{"minor", "major", "critical", "blocker", "info", "info", "major", "major"}, got); diff != "" {
		t.Error(diff)
	}
}

// GitLab shows the first of two issues with one fingerprint only.
func TestGitLabFingerprints(t *testing.T) {
	seen := map[string]bool{}
	for _, i := range checkGitLab(t, render(t, "gitlab", Options{}, sample())) {
		if seen[i.Fingerprint] {
			t.Errorf("%s twice", i.Fingerprint)
		}
		seen[i.Fingerprint] = true
	}
	if len(seen) == 0 {
		t.Error("no issues")
	}
}
