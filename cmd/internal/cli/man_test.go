package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var roffEscape = regexp.MustCompile(`\\(e|-|&|f[BIR])`)

// TestManPages holds that every command has a page, that it names each of its flags
// and says what its help says, and that a page has no requests but ours.
func TestManPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man1")
	var out, errs bytes.Buffer
	if status := Main([]string{"man", "--dir", dir}, strings.NewReader(""), &out, &errs); status != 0 || out.Len()+errs.Len() > 0 {
		t.Fatalf("exit %d: %s%s", status, out.String(), errs.String())
	}
	requests := regexp.MustCompile(`^\.(TH|SH|PP|TP|nf|fi|BR)[ \n]`)
	for _, c := range commands(t) {
		t.Run(c.CommandPath(), func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(dir, manName(c)+".1"))
			if err != nil {
				t.Fatal(err)
			}
			page := roffEscape.ReplaceAllStringFunc(string(data), func(e string) string {
				return map[string]string{`\e`: `\`, `\-`: "-"}[e]
			})
			for line := range strings.Lines(string(data)) {
				if strings.HasPrefix(line, ".") && !requests.MatchString(line) || strings.HasPrefix(line, "'") {
					t.Errorf("a request that is none of ours: %q", line)
				}
				if rest := roffEscape.ReplaceAllString(line, ""); strings.Contains(rest, `\`) {
					t.Errorf("an escape that is none of ours: %q", line)
				}
			}
			c.LocalFlags().VisitAll(func(f *pflag.Flag) {
				if !strings.Contains(page, "--"+f.Name) || !strings.Contains(page, f.Usage) {
					t.Errorf("no --%s with %q", f.Name, f.Usage)
				}
			})
			for _, want := range []string{c.Short, c.Example, c.UseLine()} {
				if !strings.Contains(page, want) {
					t.Errorf("no %q in\n%s", want, page)
				}
			}
		})
	}
	if diff := cmp.Diff("", oracle(t, filepath.Join(dir, "writ-check.1"))); diff != "" {
		t.Errorf("groff warns: %s", diff)
	}
}

// oracle asks groff for warnings about a page, where there is a groff.
func oracle(t *testing.T, name string) string {
	t.Helper()
	if _, err := exec.LookPath("groff"); err != nil {
		return ""
	}
	cmd := exec.Command("groff", "-man", "-Tutf8", "-ww", "-z", name)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return err.Error() + string(out)
	}
	return string(out)
}

func TestManPageOfOneCommand(t *testing.T) {
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"man"}, 0, ".TH WRIT 1"},
		{[]string{"man", "register", "check"}, 0, ".TH WRIT-REGISTER-CHECK 1"},
		{[]string{"man", "nothing"}, 2, `writ has no command "nothing"`},
		{[]string{"man", "check", "--dir", "x"}, 2, "--dir writes every page"},
	} {
		var out, errs bytes.Buffer
		if status := Main(c.args, strings.NewReader(""), &out, &errs); status != c.status || !strings.Contains(out.String()+errs.String(), c.want) {
			t.Errorf("%v: exit %d, want %d and %q\n%s%s", c.args, status, c.status, c.want, out.String(), errs.String())
		}
	}
}

func TestRoff(t *testing.T) {
	for in, want := range map[string]string{
		"plain":        "plain",
		".TH x\n'br":   "\\&.TH x\n\\&'br",
		`a\b --config`: `a\eb \-\-config`,
	} {
		if got := roff(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestCompletionScripts holds that each shell gets a script that asks writ for words,
// and that the shell, where it is installed, can read it.
func TestCompletionScripts(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		t.Run(shell, func(t *testing.T) {
			var out, errs bytes.Buffer
			if status := Main([]string{"completion", shell}, strings.NewReader(""), &out, &errs); status != 0 || errs.Len() > 0 {
				t.Fatalf("exit %d: %s", status, errs.String())
			}
			if !strings.Contains(out.String(), cobra.ShellCompRequestCmd) {
				t.Error("the script asks nobody")
			}
			if _, err := exec.LookPath(shell); err != nil || shell == "powershell" {
				return
			}
			script := filepath.Join(t.TempDir(), "script")
			if err := os.WriteFile(script, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			if told, err := exec.Command(shell, "-n", script).CombinedOutput(); err != nil || len(told) > 0 {
				t.Errorf("%s -n: %v\n%s", shell, err, told)
			}
		})
	}
}
