package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/writ-policy/writ/cmd/internal/cli"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// now is when every test judges.
const now = "2026-11-22"

// ran is what a command left behind.
type ran struct {
	status   int
	out, err string
}

// writ runs the command line in this process.
func writ(args ...string) ran { return withInput("")(args...) }

// withInput is writ with something on standard input.
func withInput(text string) func(...string) ran {
	return func(args ...string) ran {
		var out, errs bytes.Buffer
		status := cli.Main(args, strings.NewReader(text), &out, &errs)
		return ran{status, out.String(), errs.String()}
	}
}

// asNobody runs the command line as a user without rights: the kernel holds
// root to no permission. Other users stay who they are.
func asNobody(t *testing.T, dir string) func(...string) ran {
	t.Helper()
	if os.Geteuid() != 0 {
		return writ
	}
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return func(args ...string) ran {
		var out, errs bytes.Buffer
		cmd := exec.Command("/proc/self/exe") // the path to the test binary may be closed to others
		cmd.Args = append([]string{"writ"}, args...)
		cmd.Env = []string{"HOME=/nonexistent"}
		cmd.Stdout, cmd.Stderr = &out, &errs
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		if err := cmd.Run(); cmd.ProcessState == nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("cannot give up root: %v", err) // CI must show it
			}
			t.Skipf("cannot give up root: %v", err)
		}
		return ran{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
	}
}

// verdict is a json report, read again.
type verdict struct {
	Run      *finding.Run       `json:"run"`
	Findings []*finding.Finding `json:"findings"`
	Summary  *finding.Summary   `json:"summary"`
	status   int
}

// check runs writ check with a json report on standard output.
func check(t *testing.T, args ...string) *verdict {
	t.Helper()
	return read(t, writ, args...)
}

func read(t *testing.T, run func(...string) ran, args ...string) *verdict {
	t.Helper()
	r := run(append([]string{"check", "-o", "json", "--now", now}, args...)...)
	v := &verdict{status: r.status}
	if err := json.Unmarshal([]byte(r.out), v); err != nil {
		t.Fatalf("writ check %v: exit %d, no json report: %v\n%s%s", args, r.status, err, r.out, r.err)
	}
	if v.Summary == nil || v.Summary.Exit != r.status {
		t.Fatalf("writ check %v: exit %d, the report says %+v", args, r.status, v.Summary)
	}
	return v
}

// outcome returns the outcome of a control about a subject, "" if there is none.
func (v *verdict) outcome(control, target, subject string) finding.Outcome {
	for _, f := range v.Findings {
		if f.Control == control && f.Target == target && f.Subject.ID == subject {
			return f.Outcome
		}
	}
	return ""
}

// diagnosed returns the first diagnostic that holds all the texts.
func (v *verdict) diagnosed(texts ...string) *fact.Diagnostic {
next:
	for i, d := range v.Summary.Diagnostics {
		for _, text := range texts {
			if !strings.Contains(d.Error()+"\n"+d.Hint, text) {
				continue next
			}
		}
		return &v.Summary.Diagnostics[i]
	}
	return nil
}

// told renders the diagnostics for a failure message.
func (v *verdict) told() string {
	var b strings.Builder
	for _, d := range v.Summary.Diagnostics {
		b.WriteString("\n  " + d.Severity + " " + d.Error())
	}
	return b.String()
}

// tree writes files below a new folder that is a repository of its own.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		put(t, filepath.Join(dir, name), text)
	}
	return dir
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
