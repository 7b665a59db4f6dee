package secrets

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
)

// gitleaks and trufflehog write these; the values are made up.
func gitleaksReport(value string) string {
	return fmt.Sprintf(`[
 {"RuleID": "github-pat", "Description": "x", "StartLine": 3, "EndLine": 3, "StartColumn": 7, "EndColumn": 46, "Match": "t = %[1]s", "Secret": "%[1]s", "File": "/src/app/a.txt",
  "SymlinkFile": "", "Commit": "", "Entropy": 4.2, "Author": "", "Tags": [], "Fingerprint": "a.txt:github-pat:3"},
 {"RuleID": "jwt", "StartLine": 9, "StartColumn": 1, "Match": "REDACTED", "Secret": "REDACTED", "File": ".github/workflows/x.yml", "Commit": "0123456789abcdef0123456789abcdef01234567"}
]`, value)
}

func trufflehogReport(value string) string {
	return fmt.Sprintf(`{"level":"info-0","msg":"running source"}
{"SourceMetadata":{"Data":{"Git":{"commit":"0123456789abcdef0123456789abcdef01234567","file":"conf/a.env","email":"x","repository":"y","timestamp":"z","line":4}}},"SourceName":"trufflehog - git","DetectorName":"Github","Verified":true,"Raw":"%[1]s","RawV2":"%[1]s:x","Redacted":""}
{"SourceMetadata":{"Data":{"Filesystem":{"file":"b.txt","line":2}}},"DetectorName":"AWS","Verified":false,"Raw":"%[1]s"}
{"SourceMetadata":{"Data":{"S3":{"bucket":"b"}}},"DetectorName":"AWS","Raw":""}
`, value)
}

// named is a source that is one file.
func named(name, text string) *collectors.Env {
	env := sourcetest.Env(map[string]string{name: text})
	env.Tree.Dir = name
	return env
}

func TestReports(t *testing.T) {
	value := fakes()["github_token"]
	for _, c := range []struct{ name, text, want string }{
		{"out/gitleaks.json", gitleaksReport(value), `config/out github-pat/src/app/a.txt 3:7
config/out jwt/.github/workflows/x.yml@0123456789ab 0:0 ci
`},
		{"trufflehog.jsonl", trufflehogReport(value), `config/. github/conf/a.env@0123456789ab 0:0 env
config/. aws/b.txt 2:0
config/. aws/no file is named 0:0
`},
		{"cut.json", gitleaksReport(value)[:300], "config/. incomplete: cut.json: the report cannot be read to its end\n"},
		{"rules.json", `[{"RuleID": ""}]`, "config/. incomplete: rules.json: the report cannot be read to its end\n"},
		{"other.json", `{"a": "` + value + `"}`, "config/. github_token/other.json 1:8\n"},
	} {
		env := named(c.name, c.text)
		if diff := cmp.Diff(c.want, told(t, env)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		docs, err := Collector{}.Collect(t.Context(), named(c.name, c.text))
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := json.Marshal(docs); strings.Contains(string(text), value) {
			t.Errorf("%s: the value is in the facts", c.name)
		}
		if env.Redactor.Redact(value) == value && !strings.Contains(c.want, "incomplete") {
			t.Errorf("%s: the redactor does not know the value", c.name)
		}
		if strings.Contains(c.want, "incomplete") != (len(env.Diagnostics()) > 0) {
			t.Errorf("%s: %v", c.name, env.Diagnostics())
		}
	}
	beside := sourcetest.Env(map[string]string{"gitleaks.json": gitleaksReport(value), "a.txt": "x"})
	if diff := cmp.Diff("config/. github_token/gitleaks.json 2:126\nconfig/. github_token/gitleaks.json#2 2:180\n", told(t, beside)); diff != "" {
		t.Errorf("beside other files (-want +got):\n%s", diff)
	}
}

func FuzzReport(f *testing.F) {
	f.Add(gitleaksReport("x"))
	f.Add(trufflehogReport("x"))
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func([]byte) ([]leak, bool, error){parseGitleaks, parseTrufflehog} {
			leaks, is, err := parse([]byte(text))
			if !is && (len(leaks) > 0 || err != nil) {
				t.Errorf("%d of what is no report, %v", len(leaks), err)
			}
			for _, l := range leaks {
				if l.rule == "" || strings.HasPrefix(l.file, "/") || strings.HasPrefix(l.file, "../") || l.line < 0 {
					t.Errorf("%q %q %d", l.rule, l.file, l.line)
				}
			}
		}
	})
}
