package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/writ-policy/writ/engine/report"
)

// pipeline is an example of examples/ci: where in it the commands stand, and what
// the system that runs them sets.
type pipeline struct {
	file string
	keys []string // of YAML whose text, or list of texts, is a script
	env  []string
}

func pipelines() []pipeline {
	return []pipeline{
		{"github-actions.yml", []string{"run"}, []string{"GITHUB_STEP_SUMMARY=$OUT/summary.md", "RUNNER_TEMP=$OUT"}},
		{"gitlab-ci.yml", []string{"before_script", "script"}, []string{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main"}},
		{"azure-pipelines.yml", []string{"script"}, []string{"TARGET=refs/heads/main", "OUT=$OUT"}},
		{"Jenkinsfile", nil, []string{"CHANGE_TARGET=main"}},
		{"pre-commit-config.yaml", []string{"entry"}, nil},
		{"check.sh", nil, nil},
	}
}

const ciFolder = "../../examples/ci"

// Every file of the folder is an example that is tested.
func TestPipelinesAreListed(t *testing.T) {
	entries, err := os.ReadDir(ciFolder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "README.md" && !slices.ContainsFunc(pipelines(), func(p pipeline) bool { return p.file == e.Name() }) {
			t.Errorf("%s is in no test", e.Name())
		}
	}
}

// TestPipelines runs the commands of each example on a pull request that opens its
// own gate, sets the class of its data to none and waives what would be left: it
// stays red, by the finding that the base branch's plan does not waive. The same
// commands let the base branch itself through, so the red has no other reason.
func TestPipelines(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal("these tests need git")
	}
	for _, p := range pipelines() {
		t.Run(p.file, func(t *testing.T) {
			script := p.script(t)
			if told, err := exec.Command("sh", "-n", "-c", script).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s\n%s", err, told, script)
			}
			formats := 0
			for _, m := range regexp.MustCompile(` -o ([a-z]+)`).FindAllStringSubmatch(script, -1) {
				formats++
				if !slices.Contains(report.Formats(), m[1]) {
					t.Errorf("no format is called %s", m[1])
				}
			}
			if formats == 0 && p.keys != nil && p.file != "pre-commit-config.yaml" {
				t.Error("no report is asked for")
			}
			for _, c := range []struct {
				branch string
				status int
			}{{"main", 0}, {"change", 1}} {
				work, out := pullRequest(t, c.branch)
				status, told := p.run(t, script, work, out)
				if status != c.status {
					t.Errorf("on %s: exit %d, want %d\n%s", c.branch, status, c.status, told)
				}
				for _, m := range regexp.MustCompile(` -o [a-z]+="?([^ "\s]+)`).FindAllStringSubmatch(script, -1) {
					name := strings.NewReplacer("$GITHUB_STEP_SUMMARY", out+"/summary.md", "$RUNNER_TEMP", out, "$OUT", out).Replace(m[1])
					if !filepath.IsAbs(name) {
						name = filepath.Join(work, name)
					}
					data, err := os.ReadFile(name)
					if err != nil || len(data) == 0 {
						t.Errorf("on %s: no report %s: %v", c.branch, m[1], err)
					}
					if text := strings.ReplaceAll(string(data), `\`, ""); c.status == 1 && !strings.Contains(text, "the log group never deletes its records") {
						t.Errorf("%s does not name the finding", m[1])
					}
				}
			}
		})
	}
}

// script are the commands of an example, in the order of the file.
func (p pipeline) script(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(ciFolder, p.file))
	if err != nil {
		t.Fatal(err)
	}
	var commands []string
	switch {
	case p.file == "Jenkinsfile":
		for i, part := range strings.Split(string(data), "'''") {
			if i%2 == 1 {
				commands = append(commands, part)
				continue
			}
			if outside := regexp.MustCompile(`'[^'\n]*'`).ReplaceAllString(part, ""); strings.Contains(outside, "'") {
				t.Errorf("a string does not end: %s", outside)
			}
		}
		if strings.Count(string(data), "{") != strings.Count(string(data), "}") {
			t.Error("braces do not match")
		}
	case p.keys == nil:
		commands = append(commands, `sh ci/check.sh origin/main .`)
	default:
		var doc yaml.Node
		if err := yaml.Unmarshal(data, &doc); err != nil {
			t.Fatal(err)
		}
		commands = scripts(&doc, p.keys)
	}
	if len(commands) == 0 {
		t.Fatal("no commands")
	}
	return strings.Join(commands, "\n")
}

// scripts collects the texts below keys of a name.
func scripts(n *yaml.Node, keys []string) []string {
	var all []string
	for i, c := range n.Content {
		if n.Kind != yaml.MappingNode {
			all = append(all, scripts(c, keys)...)
			continue
		}
		if i%2 == 0 {
			continue
		}
		switch {
		case !slices.Contains(keys, n.Content[i-1].Value):
			all = append(all, scripts(c, keys)...)
		case c.Kind == yaml.SequenceNode:
			for _, line := range c.Content {
				all = append(all, line.Value)
			}
		default:
			all = append(all, c.Value)
		}
	}
	return all
}

// run runs a script as the system would: go installs nothing, writ is this program.
func (p pipeline) run(t *testing.T, script, work, out string) (status int, told string) {
	t.Helper()
	bin := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, "writ")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\nexit 0\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-e", "-c", script)
	cmd.Dir = work
	cmd.Env = append(gitEnv(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	for _, e := range p.env {
		cmd.Env = append(cmd.Env, strings.ReplaceAll(e, "$OUT", out))
	}
	data, _ := cmd.CombinedOutput()
	return cmd.ProcessState.ExitCode(), string(data)
}

func gitEnv() []string {
	return []string{
		"HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org",
		"GIT_AUTHOR_DATE=2026-11-20T00:00:00Z", "GIT_COMMITTER_DATE=2026-11-20T00:00:00Z",
	}
}

// pullRequest makes a clone with a branch checked out: main keeps its logs for 30
// days; change keeps a second group for ever, and brings a plan by which that would
// pass. Beside the clone lies a checkout of the base branch, as GitHub's file makes
// one. Reports go to out.
func pullRequest(t *testing.T, branch string) (work, out string) {
	t.Helper()
	dir := t.TempDir()
	origin := filepath.Join(dir, "origin")
	work, out = filepath.Join(dir, "change"), filepath.Join(dir, "out")
	git := func(in string, args ...string) {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = in, append(gitEnv(), "PATH="+os.Getenv("PATH"))
		if told, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, told)
		}
	}
	for _, d := range []string{origin, out} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	script, err := os.ReadFile(filepath.Join(ciFolder, "check.sh"))
	if err != nil {
		t.Fatal(err)
	}
	git(origin, "init", "-q", "-b", "main")
	put(t, filepath.Join(origin, "ci/check.sh"), string(script))
	put(t, filepath.Join(origin, "writ.hcl"), "registers = [\"register\"]\ngate      = \"high\"\n")
	put(t, filepath.Join(origin, "register/shop.hcl"), ciRegister)
	put(t, filepath.Join(origin, "infra/main.tf"), "resource \"aws_cloudwatch_log_group\" \"app\" {\n  name              = \"/app\"\n  retention_in_days = 30\n}\n")
	git(origin, "add", ".")
	git(origin, "commit", "-q", "-m", "base")
	git(origin, "checkout", "-q", "-b", "change")
	put(t, filepath.Join(origin, "writ.hcl"), "registers = [\"register\"]\ngate = \"none\"\nparams = { \"data.assumed_class\" = \"none\" }\n")
	put(t, filepath.Join(origin, "infra/old.tf"), "resource \"aws_cloudwatch_log_group\" \"old\" {\n  name = \"/old\"\n}\n")
	put(t, filepath.Join(origin, "register/waiver.hcl"), ciWaiver())
	git(origin, "add", ".")
	git(origin, "commit", "-q", "-m", "change")
	git(origin, "checkout", "-q", "main")
	git(dir, "clone", "-q", "--branch", branch, origin, work)
	git(dir, "clone", "-q", "--branch", "main", origin, filepath.Join(dir, "trusted"))
	return work, out
}

const ciRegister = `controller "Example" {
  contact = "dpo@example.org"
}
service "shop" {
  targets = ["config/infra"]
  owner   = "team-shop"
  purpose = "sells things"
  data    = ["user.contact"]
  log "app" {
    match    = ["*"]
    category = "application"
    owner    = "team-shop"
  }
}
`

// ciWaiver is in force on whatever day the test runs: the examples judge by the
// clock, as pipelines do.
func ciWaiver() string {
	day := func(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }
	return `waiver "gdpr.log.cloud_group_finite" {
  targets      = ["config/infra"]
  subject      = "log.store/aws_cloudwatch_log_group.old"
  reason       = "migration"
  compensation = "reviewed daily"
  owner        = "team-shop"
  approver     = "ciso"
  approved_on  = "` + day(-1) + `"
  expires_on   = "` + day(30) + `"
}
`
}

// Without --config the change would decide about itself: the tests above would show
// nothing if it could not.
func TestPullRequestWouldWaiveItself(t *testing.T) {
	work, _ := pullRequest(t, "change")
	if r := writ("check", work, "-q"); r.status != 0 || !strings.Contains(r.out, "waiver") {
		t.Errorf("exit %d\n%s%s", r.status, r.out, r.err)
	}
	if r := writ("check", work, "-q", "--config", filepath.Join(work, "..", "trusted")); r.status != 1 {
		t.Errorf("exit %d\n%s%s", r.status, r.out, r.err)
	}
}
