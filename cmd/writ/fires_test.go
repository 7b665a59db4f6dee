package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/writ-policy/writ/engine/finding"
)

// silent are controls that no file read in this version can make fail, and why.
var silent = map[string]string{
	"gdpr.audit.policy_pinned":        "the digest comes from a trusted configuration (testdata/script/trust_own_plan.txtar)",
	"gdpr.firewall.default_deny":      "security groups and network ACLs end in deny",
	"gdpr.log.retention_determinable": "Terraform says a period or that there is none; what it does not say is a gap",
}

// TestEveryControlFires holds that each embedded control fails at least once on
// files, from Terraform to report: in the example, or in the folder of
// testdata/corpus/fires that is named after it.
func TestEveryControlFires(t *testing.T) {
	repo := filepath.Join("..", "..")
	fired := map[string]bool{}
	for _, f := range check(t, filepath.Join(repo, example, "infra")).Findings {
		if f.Outcome == finding.Fail || f.Outcome == finding.Waived {
			fired[f.Control] = true
		}
	}
	all := embedded(t)
	corpus := filepath.Join(repo, "testdata", "corpus", "fires")
	folders, err := os.ReadDir(corpus)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range folders {
		name := d.Name()
		if !slices.Contains(all, name) {
			t.Errorf("testdata/corpus/fires/%s is named after no control", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			v := check(t, "-v", "--select", name, source(t, filepath.Join(corpus, name)))
			for _, f := range v.Findings {
				fired[name] = fired[name] || f.Control == name && f.Outcome == finding.Fail
			}
			if !fired[name] {
				t.Errorf("does not fail:\n%s%s", findingLines(v.Findings), v.told())
			}
		})
	}
	for _, name := range all {
		switch reason := silent[name]; {
		case fired[name] && reason != "":
			t.Errorf("%s fires, although %s", name, reason)
		case !fired[name] && reason == "":
			t.Errorf("%s fires nowhere: plant it in %s, or add testdata/corpus/fires/%s", name, example, name)
		}
	}
}

// source is a folder, or the facts collected of it on the date that its file
// "collected" names, or the facts saved in it where no file can say them.
func source(t *testing.T, dir string) string {
	t.Helper()
	if saved := filepath.Join(dir, "facts.jsonl"); exists(saved) {
		return saved
	}
	date, err := os.ReadFile(filepath.Join(dir, "collected"))
	if err != nil {
		return dir
	}
	r := writ("collect", dir, "--now", strings.TrimSpace(string(date)))
	if r.status != 0 {
		t.Fatalf("collect: exit %d: %s", r.status, r.err)
	}
	facts := filepath.Join(t.TempDir(), "facts.jsonl")
	put(t, facts, r.out)
	return facts
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// embedded lists the ids of the embedded controls.
func embedded(t *testing.T) []string {
	t.Helper()
	r := writ("controls")
	var ids []string
	for line := range strings.Lines(r.out) {
		if id, _, _ := strings.Cut(line, " "); strings.HasPrefix(id, "gdpr.") {
			ids = append(ids, id)
		}
	}
	if r.status != 0 || len(ids) == 0 {
		t.Fatalf("writ controls: exit %d: %s%s", r.status, r.out, r.err)
	}
	return ids
}
