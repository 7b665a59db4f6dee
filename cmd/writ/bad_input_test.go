package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/writ-policy/writ/engine/finding"
)

// endless is a log group that fails, whatever stands beside it.
const endless = `resource "aws_cloudwatch_log_group" "app" {
  name = "/app"
}
`

const finite = "gdpr.log.cloud_group_finite"

// badInput is something wrong in a source, beside a folder that is sound.
type badInput struct {
	files map[string]string
	// make adds what a map of texts cannot.
	make func(t *testing.T, dir string)
	args []string
	// status of a check of both; 1 means that the bad part is not fatal.
	status int
	// forbidden needs a user whom the kernel holds to permissions.
	forbidden bool
	// says stands in one diagnostic, its place included.
	says []string
	// unknown is a target that must not be taken for one without log groups, or
	// with good ones.
	unknown string
	// reason stands among the reasons of its unknown finding.
	reason string
	// skipped stands among the skipped files instead of a diagnostic.
	skipped string
}

func badInputs() map[string]badInput {
	group := func(body string) string { return "resource \"aws_cloudwatch_log_group\" \"x\" {\n" + body + "}\n" }
	return map[string]badInput{
		"truncated block":          {files: map[string]string{"bad/main.tf": "resource \"aws_cloudwatch_log_group\" \"x\" {\n  name = \n"}, status: 2, says: []string{"bad/main.tf:2:"}, unknown: "config/bad"},
		"truncated json":           {files: map[string]string{"bad/main.tf.json": `{"resource": {"aws_cloudwatch_log_group": {"x"`}, status: 2, says: []string{"bad/main.tf.json:1:"}, unknown: "config/bad"},
		"unclosed string":          {files: map[string]string{"bad/main.tf": group("  name = \"x\n")}, status: 2, says: []string{"bad/main.tf:2:"}, unknown: "config/bad"},
		"binary":                   {files: map[string]string{"bad/main.tf": "\x7fELF\x02\x01\x01\x00\xff\xfe\x80" + strings.Repeat("\x00\x90", 500)}, status: 2, says: []string{"bad/main.tf:1:9", "not UTF-8"}, unknown: "config/bad"},
		"utf-16":                   {files: map[string]string{"bad/main.tf": utf16(group(""))}, status: 2, says: []string{"bad/main.tf:1:1", "UTF-16"}, unknown: "config/bad"},
		"latin-1":                  {files: map[string]string{"bad/main.tf": group("  name = \"caf\xe9\"\n")}, status: 2, says: []string{"bad/main.tf:2:", "not UTF-8"}, unknown: "config/bad"},
		"byte order mark":          {files: map[string]string{"bad/main.tf": "\ufeff" + group("  name = \"/x\"\n")}, status: 1},
		"nul in text":              {files: map[string]string{"bad/main.tf": group("  name = \"a\x00b\"\n")}, status: 1},
		"nul between blocks":       {files: map[string]string{"bad/main.tf": "\x00\n" + group("")}, status: 2, says: []string{"bad/main.tf:1:"}, unknown: "config/bad"},
		"100 MB line":              {files: map[string]string{"bad/main.tf": "# " + strings.Repeat("x", 100<<20) + "\n" + group("")}, status: 1, says: []string{"bad/main.tf:1:1", "larger than"}, unknown: "config/bad"},
		"10,000 deep hcl":          {files: map[string]string{"bad/main.tf": "locals {\n  x = " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "\n}\n"}, status: 2, says: []string{"bad/main.tf:2:", "nested too deeply"}, unknown: "config/bad"},
		"10,000 deep blocks":       {files: map[string]string{"bad/main.tf": strings.Repeat("a {\n", 10_000) + strings.Repeat("}\n", 10_000)}, status: 2, says: []string{"bad/main.tf:", "nested too deeply"}, unknown: "config/bad"},
		"10,000 deep templates":    {files: map[string]string{"bad/main.tf": "locals {\n  x = " + strings.Repeat(`"${`, 10_000) + "1" + strings.Repeat(`}"`, 10_000) + "\n}\n"}, status: 2, says: []string{"bad/main.tf:2:", "nested too deeply"}, unknown: "config/bad"},
		"10,000 deep json":         {files: map[string]string{"bad/main.tf.json": `{"locals":{"x":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}}`}, status: 2, says: []string{"bad/main.tf.json:1:", "deep"}, unknown: "config/bad"},
		"10,000 deep plan":         {files: map[string]string{"bad/plan.json": `{"format_version":"1.2","planned_values":` + strings.Repeat(`{"x":`, 10_000) + "1" + strings.Repeat("}", 10_000) + `}`}, status: 2, says: []string{"bad/plan.json"}, unknown: "config/bad/plan.json"},
		"truncated plan":           {files: map[string]string{"bad/plan.json": `{"format_version":"1.2","planned_values":{"root_module":`}, status: 2, says: []string{"bad/plan.json:1:"}, unknown: "config/bad/plan.json"},
		"variables that are bad":   {files: map[string]string{"bad/main.tf": "variable \"d\" {\n  default = 30\n}\n" + group("  retention_in_days = var.d\n"), "bad/terraform.tfvars": "d = \n"}, status: 2, says: []string{"bad/terraform.tfvars:1:"}},
		"cycle of locals":          {files: map[string]string{"bad/main.tf": "locals {\n  a = local.b\n  b = local.a\n}\n" + group("  retention_in_days = local.a\n")}, status: 1, says: []string{"bad/main.tf:", "cycle"}, unknown: "config/bad"},
		"cycle of modules":         {files: map[string]string{"bad/main.tf": "module \"m\" {\n  source = \"./m\"\n}\n", "bad/m/main.tf": "module \"n\" {\n  source = \"../m\"\n}\n"}, status: 1, says: []string{"bad/m/main.tf:2", "calls itself"}, unknown: "config/bad"},
		"huge count":               {files: map[string]string{"bad/main.tf": group("  count = 1000000000\n  name = \"x\"\n")}, status: 1, says: []string{"bad/main.tf:2"}, unknown: "config/bad"},
		"a module outside":         {files: map[string]string{"bad/main.tf": "module \"m\" {\n  source = \"../../outside\"\n}\n"}, status: 1, says: []string{"bad/main.tf:"}, unknown: "config/bad"},
		"a module not downloaded":  {files: map[string]string{"bad/main.tf": "module \"m\" {\n  source = \"git::https://git.example/m\"\n}\n"}, status: 1, says: []string{"bad/main.tf:"}, unknown: "config/bad"},
		"a file outside":           {files: map[string]string{"bad/main.tf": group("  retention_in_days = tonumber(file(\"/etc/hostname\"))\n")}, status: 1, reason: "file outside the tree", unknown: "config/bad"},
		"a file above":             {files: map[string]string{"bad/main.tf": group("  retention_in_days = tonumber(file(\"../../../etc/hostname\"))\n")}, status: 1, reason: "outside", unknown: "config/bad"},
		"two of one name":          {files: map[string]string{"bad/main.tf": group("  name = \"a\"\n  retention_in_days = 30\n") + group("  name = \"b\"\n")}, status: 1, says: []string{"bad/main.tf:5"}},
		"saved facts cut short":    {files: map[string]string{"facts.json": `{"schema":"writ.fact/v1","kind":"log.store","items":[`}, args: []string{"facts.json"}, status: 2, says: []string{"facts.json"}},
		"link loop":                {make: link("bad/main.tf", "other.tf", "bad/other.tf", "main.tf"), status: 2, says: []string{"bad/main.tf"}},
		"folder loop":              {make: link("bad/again", "."), status: 1, skipped: "bad/again"},
		"link out of the tree":     {make: link("bad/main.tf", "/etc/hostname"), status: 2, says: []string{"bad/main.tf", "path escapes"}},
		"link to nothing":          {make: link("bad/main.tf", "nowhere.tf"), status: 2, says: []string{"bad/main.tf"}},
		"folder named like a file": {make: func(t *testing.T, dir string) { mkdir(t, filepath.Join(dir, "bad/main.tf")) }, status: 1},
		"fifo":                     {make: func(t *testing.T, dir string) { fifo(t, filepath.Join(dir, "bad/main.tf")) }, status: 2, says: []string{"bad/main.tf", "not a regular file"}},
		"fifo of another format":   {make: func(t *testing.T, dir string) { fifo(t, filepath.Join(dir, "bad/pipe")) }, status: 1, skipped: "bad/pipe"},
		"fifo as project file":     {make: func(t *testing.T, dir string) { fifo(t, filepath.Join(dir, "writ.hcl")) }, status: 2, says: []string{"writ.hcl", "not a regular file"}},
		"fifo as ignore file":      {make: func(t *testing.T, dir string) { fifo(t, filepath.Join(dir, "bad/.gitignore")) }, status: 1, skipped: "bad/.gitignore"},
		"fifo as register": {files: map[string]string{"writ.hcl": "registers = [\"register\"]\n"}, make: func(t *testing.T, dir string) { fifo(t, filepath.Join(dir, "register/r.hcl")) },
			status: 2, says: []string{"writ.hcl:1:", "register"}},
		"fifo as policy": {files: map[string]string{"writ.hcl": "policies = [\"policy\"]\n"}, make: func(t *testing.T, dir string) { fifo(t, filepath.Join(dir, "policy/p.rego")) },
			status: 2, says: []string{"policy/p.rego", "not a regular file"}},
		"link as policy": {files: map[string]string{"writ.hcl": "policies = [\"policy\"]\n"}, make: link("policy/p.rego", "/etc/hostname"), status: 2, says: []string{"policy/p.rego", "path escapes"}},
		"fifo as values": {files: map[string]string{"bad/main.tf": group("  name = \"x\"\n")}, make: func(t *testing.T, dir string) { fifo(t, filepath.Join(dir, "bad/x.auto.tfvars")) },
			status: 2, says: []string{"bad/x.auto.tfvars", "not a regular file"}},
		"fifo as module list": {files: map[string]string{"bad/main.tf": "module \"m\" {\n  source = \"example/m/aws\"\n}\n"},
			make: func(t *testing.T, dir string) { fifo(t, filepath.Join(dir, "bad/.terraform/modules/modules.json")) }, status: 1, says: []string{"bad/main.tf:"}, unknown: "config/bad"},
		"fifo read by a function": {files: map[string]string{"bad/main.tf": group("  retention_in_days = tonumber(file(\"pipe\"))\n")},
			make: func(t *testing.T, dir string) { fifo(t, filepath.Join(dir, "bad/pipe")) }, status: 1, unknown: "config/bad"},
		"huge list":       {files: map[string]string{"bad/main.tf": group("  retention_in_days = length([for i in range(1000000000) : i])\n")}, status: 1, unknown: "config/bad"},
		"doubling locals": {files: map[string]string{"bad/main.tf": doubling() + group("  retention_in_days = length(local.x40)\n")}, status: 1, unknown: "config/bad"},
		"unreadable file": {forbidden: true, make: func(t *testing.T, dir string) { unreadable(t, filepath.Join(dir, "bad/main.tf"), group("")) },
			status: 2, says: []string{"bad/main.tf", "permission denied"}, unknown: "config/bad"},
		"unreadable folder": {forbidden: true, make: func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, "bad/main.tf"), group(""))
			forbid(t, filepath.Join(dir, "bad"))
		}, status: 2, says: []string{"bad", "permission denied"}},
	}
}

// TestBadInput holds that nothing bad is silent, and that nothing bad hides the
// findings about what is sound.
func TestBadInput(t *testing.T) {
	for name, c := range badInputs() {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, map[string]string{"good/main.tf": endless})
			for file, text := range c.files {
				put(t, filepath.Join(dir, file), text)
			}
			if c.make != nil {
				c.make(t, dir)
			}
			args := []string{"-v", dir}
			for _, a := range c.args {
				args = append(args, filepath.Join(dir, a))
			}
			run := writ
			if c.forbidden {
				run = asNobody(t, dir)
			}
			v := read(t, run, args...)
			if v.status != c.status {
				t.Errorf("exit %d (%s), want %d%s", v.status, v.Summary.ExitReason, c.status, v.told())
			}
			if got := v.outcome(finite, "config/good", "aws_cloudwatch_log_group.app"); got != finding.Fail {
				t.Errorf("the sound folder's outcome is %q, want fail", got)
			}
			if len(c.says) > 0 && v.diagnosed(c.says...) == nil {
				t.Errorf("no diagnostic says %q%s", c.says, v.told())
			}
			if c.skipped != "" && !v.skipped(c.skipped) {
				t.Errorf("%s is not among the skipped files: %+v", c.skipped, v.Summary.Files)
			}
			if c.unknown != "" {
				v.undecided(t, c.unknown, c.reason)
			}
		})
	}
}

// undecided holds that the log groups of a target are unknown, for that reason,
// and none is green.
func (v *verdict) undecided(t *testing.T, target, reason string) {
	t.Helper()
	unknown := false
	for _, f := range v.Findings {
		if f.Target != target || f.Control != finite {
			continue
		}
		switch f.Outcome {
		case finding.Unknown:
			unknown = unknown || strings.Contains(strings.Join(f.Reasons, "\n"), reason)
		case finding.Pass, finding.NotApplicable:
			t.Errorf("%s about %s %s is %s", f.Control, target, f.Subject.ID, f.Outcome)
		}
	}
	if !unknown {
		t.Errorf("nothing about %s is unknown because of %q", target, reason)
	}
}

func (v *verdict) skipped(name string) bool {
	for _, r := range v.Summary.Files.Reasons {
		for _, p := range r.Paths {
			if strings.TrimSuffix(p, "/") == name && r.Reason != "" {
				return true
			}
		}
	}
	return false
}

// doubling are locals each twice as large as the one before.
func doubling() string {
	var b strings.Builder
	b.WriteString("locals {\n  x0 = [1]\n")
	for i := range 40 {
		fmt.Fprintf(&b, "  x%d = concat(local.x%d, local.x%d)\n", i+1, i, i)
	}
	b.WriteString("}\n")
	return b.String()
}

func utf16(text string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, c := range []byte(text) {
		b.WriteByte(c)
		b.WriteByte(0)
	}
	return b.String()
}

// link makes links: name, target, name, target.
func link(pairs ...string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		for i := 0; i < len(pairs); i += 2 {
			name := filepath.Join(dir, pairs[i])
			mkdir(t, filepath.Dir(name))
			if err := os.Symlink(pairs[i+1], name); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func mkdir(t *testing.T, name string) {
	t.Helper()
	if err := os.MkdirAll(name, 0o755); err != nil {
		t.Fatal(err)
	}
}

func fifo(t *testing.T, name string) {
	t.Helper()
	mkdir(t, filepath.Dir(name))
	if err := syscall.Mkfifo(name, 0o644); err != nil {
		t.Fatal(err)
	}
}

func unreadable(t *testing.T, name, text string) {
	t.Helper()
	put(t, name, text)
	forbid(t, name)
}

// forbid takes the permissions of a file or folder away.
func forbid(t *testing.T, name string) {
	t.Helper()
	if err := os.Chmod(name, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(name, 0o755) })
}
