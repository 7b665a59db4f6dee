package register

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/finding"
)

const wholeWaiver = `
waiver "gdpr.log.retention_bounded" {
  targets      = ["config/*"]
  subject      = "log.store/aws_cloudwatch_log_group.*[\"x\"]"
  reason       = "migration"
  compensation = "reviewed daily"
  owner        = "team"
  approver     = "ciso"
  approved_on  = "2026-11-20"
  expires_on   = "2027-01-31"
}
`

func TestWaive(t *testing.T) {
	date := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	covered := finding.Finding{
		Control: "gdpr.log.retention_bounded", Target: "config/infra",
		Subject: finding.Subject{Kind: "log.store", ID: `aws_cloudwatch_log_group.app["x"]`},
	}
	for _, c := range []struct {
		name   string
		change func(*finding.Finding)
		edit   [2]string
		at     string
		want   string // the waiver's position, or the reason
	}{
		{name: "covered", want: "r.hcl:2:1"},
		{name: "first moment", at: "2026-11-20T00:00:00Z", want: "r.hcl:2:1"},
		{name: "last moment", at: "2027-01-31T23:59:59Z", want: "r.hcl:2:1"},
		{name: "last moment in another zone", at: "2027-01-31T18:59:59-05:00", want: "r.hcl:2:1"},
		{name: "too early", at: "2026-11-19T23:59:59Z", want: "waiver at r.hcl:2:1 begins on 2026-11-20"},
		{name: "expired", at: "2027-02-01T00:00:00Z", want: "waiver at r.hcl:2:1 expired on 2027-01-31"},
		{name: "other control", change: func(f *finding.Finding) { f.Control = "gdpr.log.retention" }},
		{name: "other target", change: func(f *finding.Finding) { f.Target = "config/infra/prod" }},
		{name: "other kind", change: func(f *finding.Finding) { f.Subject.Kind = "log.source" }},
		{name: "other subject", change: func(f *finding.Finding) { f.Subject.ID = `aws_cloudwatch_log_group.app["y"]` }},
		{name: "below the subject", change: func(f *finding.Finding) { f.Subject.ID += "/x" }},
		{name: "the kind as a whole", edit: [2]string{`aws_cloudwatch_log_group.*[\"x\"]`, "**"}, change: func(f *finding.Finding) { f.Subject.ID = "" }},
		{name: "no reason", edit: [2]string{`"migration"`, `""`}, want: "waiver at r.hcl:2:1 has no reason"},
		{name: "no compensation", edit: [2]string{`"reviewed daily"`, `" "`}, want: "waiver at r.hcl:2:1 has no compensation"},
		{name: "own approval", edit: [2]string{`"ciso"`, `"team"`}, want: "waiver at r.hcl:2:1 is approved by its owner"},
		{name: "undated", edit: [2]string{`expires_on   = "2027-01-31"`, ""}, want: "waiver at r.hcl:2:1 has no expires_on"},
		{name: "not approved", edit: [2]string{`approved_on  = "2026-11-20"`, ""}, want: "waiver at r.hcl:2:1 has no approved_on"},
		{name: "not valid", edit: [2]string{`"2027-01-31"`, `"soon"`}, want: "waiver at r.hcl:2:1 is not valid"},
		{name: "misspelt attribute", edit: [2]string{`owner  `, `ownr`}, want: "waiver at r.hcl:2:1 has no owner"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := wholeWaiver
			if c.edit[0] != "" {
				text = strings.Replace(wholeWaiver, c.edit[0], c.edit[1], 1)
				if text == wholeWaiver {
					t.Fatalf("%q is not in the waiver", c.edit[0])
				}
			}
			r, _ := Read([]File{{"r.hcl", []byte(text)}})
			f := covered
			if c.change != nil {
				c.change(&f)
			}
			at := now
			if c.at != "" {
				at = date(c.at)
			}
			w, got := r.Waive(&f, at)
			if w != nil {
				got = w.Pos.String()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestWaivers(t *testing.T) {
	longer := strings.NewReplacer("config/*", "config/infra", "2027-01-31", "2027-03-31", "migration", "longer").Replace(wholeWaiver)
	r, diags := Read([]File{{"a.hcl", []byte(wholeWaiver)}, {"b.hcl", []byte(longer)}})
	if len(diags) > 0 {
		t.Fatal(showDiagnostics(diags))
	}
	w, reason := r.Waive(&finding.Finding{
		Control: "gdpr.log.retention_bounded", Target: "config/infra",
		Subject: finding.Subject{Kind: "log.store", ID: `aws_cloudwatch_log_group.app["x"]`},
	}, now)
	if w == nil || w.Reason != "longer" || w.Pos.Source != "b.hcl" {
		t.Fatalf("got %+v, %q; want the one that ends last", w, reason)
	}
	unmatched := r.Unmatched(map[string]bool{w.ID: true})
	if len(unmatched) != 1 || unmatched[0].Pos.Source != "a.hcl" {
		t.Errorf("unmatched: %+v", unmatched)
	}
	if all := r.Unmatched(nil); len(all) != 2 {
		t.Errorf("%d unmatched, want 2", len(all))
	}
}

func TestCheckControls(t *testing.T) {
	r, _ := Read([]File{{"r.hcl", []byte(wholeWaiver)}})
	if got := r.CheckControls([]string{"gdpr.log.retention_bounded"}); len(got) > 0 {
		t.Error(showDiagnostics(got))
	}
	want := `error: r.hcl:2:1: Unknown control: "gdpr.log.retention_bounded" is not a control.
	waiver "gdpr.log.retention_bounded" {
	hint: Did you mean "gdpr.log.retention_bound"?
`
	if diff := cmp.Diff(want, showDiagnostics(r.CheckControls([]string{"gdpr.log.retention_bound", "gdpr.tls.x"}))); diff != "" {
		t.Error(diff)
	}
}

func TestBroad(t *testing.T) {
	for _, c := range []struct {
		targets []string
		id      string
		want    bool
	}{
		{[]string{"config/infra"}, "aws_s3_bucket.a", false},
		{[]string{"config/**"}, "aws_s3_bucket.*", false},
		{[]string{"config/infra", "**"}, "aws_s3_bucket.a", true},
		{[]string{"*/**"}, "aws_s3_bucket.a", true},
		{[]string{"config/infra"}, "*", true},
		{[]string{"config/infra"}, "**/*", true},
	} {
		w := &Waiver{Targets: c.targets, Subject: Subject{"log.store", c.id}}
		if got := w.Broad(); got != c.want {
			t.Errorf("%v %s: broad is %v, want %v", c.targets, c.id, got, c.want)
		}
	}
}

func TestBaseline(t *testing.T) {
	const object = `{"schema": "writ.report/v1", "run": {}, "findings": [
		{"id": "a", "outcome": "fail", "severity": "high"},
		{"id": "b", "outcome": "pass", "severity": "high"},
		{"id": "c", "outcome": "waived", "severity": "high"},
		{"id": "d", "outcome": "unknown", "severity": "high"}]}`
	const stream = `{"run": {"schema": "writ.report/v1"}}
{"progress": {"stage": "x"}}
{"finding": {"id": "a", "outcome": "fail", "severity": "high"}}
{"finding": {"id": "b", "outcome": "pass", "severity": "high"}}
{"finding": {"id": "c", "outcome": "waived", "severity": "high"}}
{"finding": {"id": "d", "outcome": "unknown", "severity": "high"}}
{"summary": {}}
`
	for _, text := range []string{object, stream} {
		b, err := ReadBaseline([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			f    finding.Finding
			want string
		}{
			{finding.Finding{ID: "a", Outcome: finding.Fail, Severity: finding.High}, "known"},
			{finding.Finding{ID: "a", Outcome: finding.Fail, Severity: finding.Low}, "known"},
			{finding.Finding{ID: "a", Outcome: finding.Fail, Severity: finding.Critical}, "new"},
			{finding.Finding{ID: "a", Outcome: finding.Error, Severity: finding.High}, "new"},
			{finding.Finding{ID: "b", Outcome: finding.Fail, Severity: finding.High}, "new"},
			{finding.Finding{ID: "c", Outcome: finding.Fail, Severity: finding.High}, "new"},
			{finding.Finding{ID: "d", Outcome: finding.Fail, Severity: finding.High}, "new"},
			{finding.Finding{ID: "d", Outcome: finding.Unknown, Severity: finding.High}, "known"},
			{finding.Finding{ID: "e", Outcome: finding.Fail, Severity: finding.High}, "new"},
		} {
			if got := b.Mark(&c.f); got != c.want {
				t.Errorf("%s %s %s is %s, want %s", c.f.ID, c.f.Outcome, c.f.Severity, got, c.want)
			}
		}
	}
	for _, text := range []string{
		"", "{}", "[]", "nonsense", `{"schema": "writ.report/v2", "findings": []}`, `{"findings": [{"id": "a"}]}`,
		`{"schema": "writ.report/v1", "findings": [{"outcome": "fail"}]}`, `{"schema": "writ.report/v1", "findings": [null]}`,
		`{"schema": "writ.report/v1", "findings": [`,
	} {
		if b, err := ReadBaseline([]byte(text)); err == nil {
			t.Errorf("%q is read as %v, want an error", text, b)
		}
	}
}

func TestSystems(t *testing.T) {
	r, diags := Read([]File{{"r.hcl", []byte(`
service "a" { targets = ["host/db*", "config/infra#aws_db_instance.a"] }
service "b" { targets = ["config/infra", "endpoint/api.example.org:443"] }
service "c" { targets = ["host/web1"] }
`)}})
	if len(diags) > 0 {
		t.Fatal(showDiagnostics(diags))
	}
	targets := []string{"host/web1", "host/db2", "host/db1", "config/infra", "endpoint/api.example.org:443", "config/other", "host/db1"}
	want := map[string]string{
		"host/db1": "config/infra", "host/db2": "config/infra", "config/infra": "config/infra", "endpoint/api.example.org:443": "config/infra",
		"host/web1": "host/web1", "config/other": "config/other",
	}
	if diff := cmp.Diff(want, r.Systems(targets)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"config/other"}, r.Uncovered(targets)); diff != "" {
		t.Error(diff)
	}
}

func TestDigest(t *testing.T) {
	read := func(files ...File) string { r, _ := Read(files); return r.Digest }
	a, b := File{"a.hcl", []byte("")}, File{"b.hcl", []byte("\n")}
	if read() != "" {
		t.Error("no files have a digest")
	}
	if read(a, b) != read(b, a) || read(a, b) == read(a) || read(a) == read(File{"c.hcl", nil}) || read(a) == read(File{"a.hcl", []byte(" ")}) {
		t.Error("the digest does not stand for names and contents")
	}
}

func TestClassOf(t *testing.T) {
	for keys, want := range map[string]string{
		"": "none", "system.operations": "none", "user.name": "personal", "user.name user.payment": "confidential",
		"user.contact": "personal", "user.demographic": "special", "user.demographic.gender": "personal", "user.health.genetic user.name": "special", "user": "special",
	} {
		if got := ClassOf(strings.Fields(keys)); got != want {
			t.Errorf("ClassOf(%s) = %s, want %s", keys, got, want)
		}
	}
	for _, key := range categoryKeys() {
		c, _ := LookupCategory(key)
		if classRank(c.Class) < 0 {
			t.Errorf("%s has class %q", key, c.Class)
		}
		if next, ok := LookupCategory(c.Successor); c.Successor != "" && (!ok || next.Successor != "" || next.Class != c.Class) {
			t.Errorf("%s: successor %s is %+v", key, c.Successor, next)
		}
	}
	if n := len(categoryKeys()); n < 85 {
		t.Errorf("%d keys", n)
	}
}
