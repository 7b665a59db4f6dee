package control_test

import (
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/control"
)

// TestExclusions states which entries of not_applicable betray their clause.
func TestExclusions(t *testing.T) {
	for name, tt := range map[string]struct {
		rules string
		want  []string
	}{
		"constant":            {`not_applicable contains "off" if input.subject.type == "bucket"`, []string{"off"}},
		"the same text":       {"not_applicable contains \"off\" if input.subject.type == \"bucket\"\nnot_applicable contains \"off\" if input.subject.type == \"volume\"", nil},
		"formatted":           {"not_applicable contains \"off\" if input.subject.type == \"bucket\"\nnot_applicable contains sprintf(\"keeps %s\", [input.subject.type]) if input.subject.type == \"volume\"", []string{"off"}},
		"may be the same":     {"not_applicable contains \"off\" if input.subject.type == \"bucket\"\nnot_applicable contains sprintf(\"o%s\", [input.subject.type]) if input.subject.type == \"volume\"", nil},
		"anything":            {"not_applicable contains \"off\" if input.subject.type == \"bucket\"\nnot_applicable contains input.subject.type if input.subject.type == \"volume\"", nil},
		"anything, formatted": {"not_applicable contains \"off\" if input.subject.type == \"bucket\"\nnot_applicable contains sprintf(input.subject.type, []) if input.subject.type == \"volume\"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			text := `# METADATA
# title: A sample of a control
# description: It is here to be asked about.
# related_resources:
#   - {ref: "https://eur-lex.europa.eu/eli/reg/2016/679/oj", description: "GDPR Art. 32(1)(a)"}
# custom:
#   severity: high
#   subject: data.store
#   gdpr: ["32(1)(a)"]
#   remediation: There is nothing to do.
package own.sample

` + tt.rules + "\n\ndeny contains {\"msg\": \"bad\"} if input.subject.type == \"cache\"\n"
			set, diagnostics := control.Load([]control.Source{{FS: fstest.MapFS{"sample.rego": {Data: []byte(text)}}}}, control.Options{Params: sampleParameters(t)})
			if len(diagnostics) > 0 {
				t.Fatal(diagnostics)
			}
			if _, _, diagnostics := set.Compile(map[string]bool{"data.store": true}); len(diagnostics) > 0 {
				t.Fatal(diagnostics)
			}
			got, err := set.Controls[0].Exclusions()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, slices.Sorted(maps.Keys(got))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
