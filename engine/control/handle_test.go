package control_test

import (
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/control"
)

// TestHandles states which references are handles alone.
func TestHandles(t *testing.T) {
	const look = "\tstore := input.facts[\"log.store\"][ref]\n\tstore.declared.max_days > 3\n"
	for name, tt := range map[string]struct {
		rules string
		want  []string
	}{
		"looked up":            {"deny contains {\"msg\": \"bad\"} if {\n\tsome ref in input.subject.stores\n" + look + "}", []string{"stores"}},
		"counted too":          {"deny contains {\"msg\": \"bad\"} if {\n\tcount(input.subject.stores) > 1\n\tsome ref in input.subject.stores\n" + look + "}", []string{"stores"}},
		"every one":            {"deny contains {\"msg\": \"bad\"} if {\n\tevery ref in input.subject.stores {\n\t\tinput.facts[\"log.store\"][ref].declared.max_days > 3\n\t}\n}", []string{"stores"}},
		"in a comprehension":   {"deny contains {\"msg\": \"bad\"} if count({1 | some ref in input.subject.stores; input.facts[\"log.store\"][ref].personal}) > 0", []string{"stores"}},
		"shown":                {"deny contains {\"msg\": ref} if {\n\tsome ref in input.subject.stores\n" + look + "}", []string{}},
		"the key":              {"deny contains {\"msg\": \"bad\", \"key\": ref} if {\n\tsome ref in input.subject.stores\n" + look + "}", []string{}},
		"compared":             {"deny contains {\"msg\": \"bad\"} if {\n\tsome ref in input.subject.stores\n\tstartswith(ref, \"host\")\n" + look + "}", []string{}},
		"bound again":          {"deny contains {\"msg\": \"bad\"} if {\n\tsome ref in input.subject.stores\n\tother := ref\n\tinput.facts[\"log.store\"][other].personal\n}", []string{}},
		"with its index":       {"deny contains {\"msg\": \"bad\"} if {\n\tsome i, ref in input.subject.stores\n\ti > 0\n" + look + "}", []string{}},
		"by iteration":         {"deny contains {\"msg\": \"bad\"} if input.facts[\"log.store\"][input.subject.stores[_]].personal", []string{}},
		"shown in another":     {"deny contains {\"msg\": \"bad\"} if {\n\tsome ref in input.subject.stores\n" + look + "}\nwarn contains concat(\",\", input.subject.stores) if input.subject.enabled", []string{}},
		"a name used twice":    {"deny contains {\"msg\": \"bad\"} if {\n\tsome ref in input.subject.stores\n" + look + "\tcount([ref | some ref in [\"x\"]]) > 0\n}", []string{}},
		"the subject as whole": {"deny contains {\"msg\": \"bad\"} if {\n\tsome ref in input.subject.stores\n" + look + "\tobject.get(input.subject, \"type\", \"\") == \"x\"\n}", []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			text := `# METADATA
# title: A sample of a control
# description: It is here to be asked about.
# related_resources:
#   - {ref: "https://eur-lex.europa.eu/eli/reg/2016/679/oj", description: "GDPR Art. 32(1)(a)"}
# custom:
#   severity: high
#   subject: log.source
#   facts: [log.store]
#   gdpr: ["32(1)(a)"]
#   remediation: There is nothing to do.
package own.sample

` + tt.rules + "\n"
			set, diagnostics := control.Load([]control.Source{{FS: fstest.MapFS{"sample.rego": {Data: []byte(text)}}}}, control.Options{Params: sampleParameters(t)})
			if len(diagnostics) > 0 {
				t.Fatal(diagnostics)
			}
			set.Compile(map[string]bool{"log.source": true})
			got := slices.DeleteFunc(slices.Sorted(maps.Keys(set.Controls[0].Handles())), func(s string) bool { return s == "enabled" })
			if diff := cmp.Diff(tt.want, slices.AppendSeq([]string{}, slices.Values(got))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
