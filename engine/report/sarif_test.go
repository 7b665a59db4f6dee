package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// sarifSchemas returns the constraints that reports are held to: ours, and with
// WRIT_SARIF_SCHEMA the schema that OASIS publishes (testdata/golden/README.md).
func sarifSchemas(t testing.TB) map[string]*jsonschema.Schema {
	t.Helper()
	paths := map[string]string{"ours": "../../testdata/golden/sarif/github.schema.json"}
	if published := os.Getenv("WRIT_SARIF_SCHEMA"); published != "" {
		paths["published"] = published
	}
	schemas := map[string]*jsonschema.Schema{}
	for name, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		c := jsonschema.NewCompiler()
		c.AssertFormat = true
		if err := c.AddResource("sarif.json", f); err != nil {
			t.Fatal(err)
		}
		if schemas[name], err = c.Compile("sarif.json"); err != nil {
			t.Fatal(err)
		}
	}
	return schemas
}

// checkSARIF holds a report to the schemas and to what no schema can say:
// indices point at what they name, and a context covers its region.
func checkSARIF(t testing.TB, schemas map[string]*jsonschema.Schema, report []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(report, &v); err != nil {
		t.Fatal(err)
	}
	for name, s := range schemas {
		if err := s.Validate(v); err != nil {
			t.Errorf("%s schema: %#v", name, err)
		}
	}
	log := readSARIF(t, report)
	driver := log.Tool.Driver
	refers := func(what string, ref sarifRuleRef, to []sarifRule) {
		if ref.Index != nil && (*ref.Index >= len(to) || to[*ref.Index].ID != ref.ID) {
			t.Errorf("%s %q has index %d, which is something else", what, ref.ID, *ref.Index)
		}
	}
	for _, r := range log.Results {
		refers("rule", sarifRuleRef{ID: r.RuleID, Index: &r.RuleIndex}, driver.Rules)
		for _, taxon := range r.Taxa {
			refers("taxon", taxon, log.Taxonomies[0].Taxa)
		}
		at := r.Locations[0].Physical
		if c := at.Context; c != nil && (c.StartLine > at.Region.StartLine || c.EndLine < max(at.Region.StartLine, at.Region.EndLine)) {
			t.Errorf("context %+v does not cover region %+v", c, at.Region)
		}
	}
	for _, n := range append(log.Invocations[0].Execution, log.Invocations[0].Configuration...) {
		if n.Rule != nil {
			refers("rule", *n.Rule, driver.Rules)
		}
	}
}

type sarifRun struct {
	Tool        struct{ Driver sarifDriver }
	Taxonomies  []sarifDriver
	Invocations []sarifInvocation
	Results     []sarifResult
	Automation  struct{ ID string } `json:"automationDetails"`
}

func readSARIF(t testing.TB, report []byte) sarifRun {
	t.Helper()
	var log struct{ Runs []sarifRun }
	if err := json.Unmarshal(report, &log); err != nil {
		t.Fatal(err)
	}
	return log.Runs[0]
}

func TestSARIFSchema(t *testing.T) {
	schemas := sarifSchemas(t)
	for _, verbose := range []bool{false, true} {
		checkSARIF(t, schemas, render(t, "sarif", Options{Verbose: verbose}, sample()))
	}
	empty := []*finding.Message{{Run: &finding.Run{Schema: Schema}}, {Summary: &finding.Summary{}}}
	checkSARIF(t, schemas, render(t, "sarif", Options{}, empty))
	bare := []*finding.Message{empty[0], {Finding: &finding.Finding{Outcome: finding.Fail}}, empty[1]}
	checkSARIF(t, schemas, render(t, "sarif", Options{}, bare))
}

func TestFileURI(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"infra/main.tf", "infra/main.tf"},
		{"./infra//main.tf", "infra/main.tf"},
		{"infra/../main.tf", "main.tf"},
		{"a b/ü#1?.tf", "a%20b/%C3%BC%231%3F.tf"},
		{"a/b:c.tf", "a/b%3Ac.tf"},
		{"100%.tf", "100%25.tf"},
		{"", ""},
		{".", ""},
		{"..", ""},
		{"../main.tf", ""},
		{"a/../../main.tf", ""},
		{`..\main.tf`, ""},
		{"/etc/passwd", ""},
		{"//host/share", ""},
		{"C:/main.tf", ""},
		{"proc:net/tcp", ""},
		{"https://example.org/", ""},
		{"a\nb.tf", ""},
		{"a\xffb.tf", ""},
		{"a\u202eb.tf", ""},
		{strings.Repeat("a", longestPath+1), ""},
	} {
		got, ok := fileURI(c.path)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("fileURI(%q) = %q, %v, want %q", c.path, got, ok, c.want)
		}
	}
}

// A result without a file makes GitHub refuse all of them.
func TestSARIFAnchor(t *testing.T) {
	supplied := finding.Supply{What: "register", Source: "register/shop.hcl:12:3"}
	for _, c := range []struct {
		name string
		run  finding.Run
		opts Options
		f    finding.Finding
		want string
	}{
		{name: "nothing", want: "writ.hcl:1"},
		{name: "fact document", run: finding.Run{Sources: []string{"host:", "facts/db1.json"}}, want: "facts/db1.json:1"},
		{name: "fact document elsewhere", run: finding.Run{Sources: []string{"/tmp/db1.json"}}, want: "writ.hcl:1"},
		{name: "register", run: finding.Run{Sources: []string{"facts/db1.json"}, Supplied: []finding.Supply{supplied}}, want: "register/shop.hcl:1"},
		{name: "option", run: finding.Run{Supplied: []finding.Supply{supplied}}, opts: Options{Anchor: "ports.yaml"}, want: "ports.yaml:1"},
		{
			name: "place outside the tree",
			f:    finding.Finding{Location: &finding.Location{URI: "../secret", StartLine: 3}}, want: "writ.hcl:1",
		},
		{
			name: "evidence in the tree",
			f:    finding.Finding{Target: "config/infra", Evidence: []finding.Evidence{{Source: "proc:x", Line: 2}, {Source: "a.tf", Line: 7, Column: 2}}},
			want: "a.tf:7",
		},
		{
			name: "evidence on a host",
			f:    finding.Finding{Target: "host/db1", Evidence: []finding.Evidence{{Source: "etc/logrotate.conf", Line: 7}}},
			want: "writ.hcl:1",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.f.Outcome = finding.Fail
			out := render(t, "sarif", c.opts, []*finding.Message{{Run: &c.run}, {Finding: &c.f}, {Summary: &finding.Summary{}}})
			at := readSARIF(t, out).Results[0].Locations[0].Physical
			if got := fmt.Sprintf("%s:%d", at.Artifact.URI, at.Region.StartLine); got != c.want {
				t.Errorf("shown at %s, want %s", got, c.want)
			}
		})
	}
}

func TestSARIFCategory(t *testing.T) {
	for _, c := range []struct {
		sources []string
		opts    Options
		want    string
	}{
		{nil, Options{}, "writ/"},
		{[]string{"."}, Options{}, "writ/"},
		{[]string{"infra/"}, Options{}, "writ/infra/"},
		{[]string{"modules/b", "/home/runner/checkout/shop/a"}, Options{}, "writ/a+modules/b/"},
		{[]string{"host:"}, Options{}, "writ/host:/"},
		{[]string{"tls://db1.example.org:5432"}, Options{}, "writ/tls:/db1.example.org:5432/"},
		{[]string{"a b\n"}, Options{}, "writ/a_b_/"},
		{[]string{"infra"}, Options{Category: "nightly"}, "writ/nightly/"},
	} {
		if got := category(&finding.Run{Sources: c.sources}, c.opts); got != c.want {
			t.Errorf("category(%q, %+v) = %q, want %q", c.sources, c.opts, got, c.want)
		}
	}
}

// What does not fit is left out from the least severe end, and counted.
func TestSARIFLimit(t *testing.T) {
	messages := []*finding.Message{{Run: &finding.Run{}}}
	for i := range mostResults + 10 {
		f := &finding.Finding{ID: fmt.Sprint(i), Control: "a", Outcome: finding.Fail, Severity: finding.Low}
		switch {
		case i%1000 == 999:
			f.Severity = finding.Critical
		case i%1000 == 500:
			f.Outcome = finding.Waived
		case i%1000 == 1:
			f.Outcome = finding.Pass
		}
		messages = append(messages, &finding.Message{Finding: f})
	}
	messages = append(messages, &finding.Message{Summary: &finding.Summary{}})
	run := readSARIF(t, render(t, "sarif", Options{}, messages))

	if n := len(run.Results); n != mostResults {
		t.Errorf("%d results, want %d", n, mostResults)
	}
	var worst []string
	for _, r := range run.Results[:5] {
		worst = append(worst, r.Properties["severity"])
	}
	if diff := cmp.Diff([]string{"critical", "critical", "critical", "critical", "critical"}, worst); diff != "" {
		t.Error(diff)
	}
	var left []string
	for _, n := range run.Invocations[0].Execution {
		if n.Descriptor.ID == "left-out" {
			left = append(left, n.Message.Text)
		}
	}
	// 5010 less 6 passes, which are no results, leaves 4 too many.
	if diff := cmp.Diff([]string{"only the 5000 most severe results are listed; left out: 4 waived"}, left); diff != "" {
		t.Error(diff)
	}
}

// Rules that no result needs go when there are more than GitHub takes.
func TestSARIFRuleLimit(t *testing.T) {
	run := &finding.Run{}
	for i := range mostRules + 1 {
		run.Controls = append(run.Controls, finding.Control{ID: fmt.Sprintf("own.c%d", i)})
	}
	messages := []*finding.Message{
		{Run: run},
		{Finding: &finding.Finding{Control: "own.c7", Outcome: finding.Fail}},
		{Finding: &finding.Finding{Control: "own.c9", Outcome: finding.Unknown}},
		{Summary: &finding.Summary{}},
	}
	var got []string
	log := readSARIF(t, render(t, "sarif", Options{}, messages))
	for _, r := range log.Tool.Driver.Rules {
		got = append(got, r.ID)
	}
	if diff := cmp.Diff([]string{"own.c7"}, got); diff != "" {
		t.Error(diff)
	}
	if n := log.Invocations[0].Execution[0]; n.Rule.ID != "own.c9" || n.Rule.Index != nil {
		t.Errorf("a rule that is not listed is referred to as %+v", n.Rule)
	}
}

// The same finding is the same alert after its lines have moved and its message
// has changed, and two findings are never one.
func TestSARIFFingerprints(t *testing.T) {
	id := finding.ID("a", "k", "t", "s", "")
	print := func(f finding.Finding) string {
		f.Outcome = finding.Fail
		out := render(t, "sarif", Options{}, []*finding.Message{{Run: &finding.Run{}}, {Finding: &f}, {Summary: &finding.Summary{}}})
		return readSARIF(t, out).Results[0].Fingerprints["primaryLocationLineHash"]
	}
	base := finding.Finding{ID: id, Control: "a", Target: "t", Subject: finding.Subject{Kind: "k", ID: "s"}, Message: "m"}
	moved := base
	moved.Message, moved.Location = "other", &finding.Location{URI: "b.tf", StartLine: 99}
	nameless := base
	nameless.ID = ""
	for _, f := range []finding.Finding{base, moved, nameless} {
		if got := print(f); got != id {
			t.Errorf("fingerprint %q, want %q", got, id)
		}
	}
}

func TestRuleTags(t *testing.T) {
	c := finding.Control{ID: "own.c", GDPR: []string{"5(2)", "5(2)", "6", "7", "8", "9", "10", "11", "12", "13"}}
	want := []string{"security", "privacy", "gdpr", "gdpr:5(2)", "gdpr:6", "gdpr:7", "gdpr:8", "gdpr:9", "gdpr:10", "gdpr:11"}
	if diff := cmp.Diff(want, rule(&c).Properties.Tags); diff != "" {
		t.Error(diff)
	}
}

func TestHelpURI(t *testing.T) {
	for _, c := range []struct {
		control finding.Control
		want    string
	}{
		{finding.Control{ID: "gdpr.port.documented"}, controlsPage + "#gdprportdocumented"},
		{finding.Control{ID: "gdpr.x\"y"}, ""},
		{finding.Control{ID: "own.c"}, ""},
		{finding.Control{ID: "own.c", References: []string{"javascript:alert(1)", "//x", "https:///x", "https://example.org/a b"}}, "https://example.org/a%20b"},
	} {
		if got := helpURI(&c.control); got != c.want {
			t.Errorf("helpURI(%+v) = %q, want %q", c.control, got, c.want)
		}
	}
}

func TestSARIFSuppressionNamesTheWaiver(t *testing.T) {
	f := &finding.Finding{Outcome: finding.Waived, Waiver: &finding.Waiver{
		Reason: "see {x} [a](b)", Owner: "team", Approver: "ciso", ExpiresOn: "2027-01-31",
		Pos: fact.Position{Source: "register/shop.hcl", Line: 4, Column: 1},
	}}
	out := render(t, "sarif", Options{}, []*finding.Message{{Run: &finding.Run{}}, {Finding: f}, {Summary: &finding.Summary{}}})
	got := readSARIF(t, out).Results[0].Suppressions
	want := []sarifSuppression{{
		Kind: "external", Status: "accepted",
		Justification: "see {{x}} [a] (b) (until 2027-01-31 by team, approved by ciso, register/shop.hcl:4:1)",
		Location: &sarifLocation{Physical: sarifPhysical{
			Artifact: sarifArtifact{"register/shop.hcl"}, Region: &sarifRegion{StartLine: 4, StartColumn: 1},
		}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMarkdownText(t *testing.T) {
	got := markdownText("# [x](javascript:1) `a|b` <b>&\n  1. *y* \x1b[1m ![z](https://example.org)")
	want := "\\# \\[x\\]\\(javascript\\:1\\) \\`a\\|b\\` &lt;b&gt;&amp;\n1\\. \\*y\\* \\\\x1b\\[1m \\!\\[z\\]\\(https\\://example\\.org\\)"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !bytes.Equal([]byte(sarifMarkdown("{0}")), []byte("{{0}}")) {
		t.Errorf("a placeholder survives: %s", sarifMarkdown("{0}"))
	}
}
