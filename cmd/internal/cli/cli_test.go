package cli

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "rewrite golden files")

// commands lists the commands of writ, those that cobra adds excepted.
func commands(t *testing.T) []*cobra.Command {
	t.Helper()
	var all []*cobra.Command
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Name() == "completion" {
			return
		}
		all = append(all, c)
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(&streams{strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}}))
	return all
}

// TestHelp holds the manners of every command and flag.
func TestHelp(t *testing.T) {
	for _, c := range commands(t) {
		t.Run(c.CommandPath(), func(t *testing.T) {
			if c.Short == "" || strings.HasSuffix(c.Short, ".") || !unicode.IsUpper(rune(c.Short[0])) {
				t.Errorf("short text %q", c.Short)
			}
			if !strings.Contains(c.Example, c.CommandPath()) {
				t.Errorf("no example of %s: %q", c.CommandPath(), c.Example)
			}
			for _, line := range strings.Split(c.Long, "\n") {
				if len(line) > 80 {
					t.Errorf("a line of %d bytes: %q", len(line), line)
				}
			}
			c.Flags().VisitAll(func(f *pflag.Flag) {
				if f.Usage == "" || strings.HasSuffix(f.Usage, ".") {
					t.Errorf("--%s: usage %q", f.Name, f.Usage)
				}
			})
			if c.DisableFlagParsing {
				return // its help is another program's
			}
			var out, errs bytes.Buffer
			args := append(strings.Fields(c.CommandPath())[1:], "--help")
			if status := Main(args, strings.NewReader(""), &out, &errs); status != 0 || errs.Len() > 0 || !strings.Contains(out.String(), "Examples:") {
				t.Errorf("%v: exit %d\n%s%s", args, status, out.String(), errs.String())
			}
		})
	}
}

// TestExamples holds that the examples of the help texts name flags that exist.
func TestExamples(t *testing.T) {
	for _, c := range commands(t) {
		for _, line := range strings.Split(c.Example, "\n") {
			for _, part := range strings.Split(line, "&&") {
				words := strings.Fields(part)
				if len(words) == 0 || words[0] != "writ" {
					continue
				}
				about, rest, err := c.Root().Find(words[1:])
				if err != nil {
					t.Errorf("%q: %v", line, err)
					continue
				}
				if about.DisableFlagParsing {
					continue
				}
				for _, w := range rest {
					name, long := strings.CutPrefix(w, "--")
					if short, ok := strings.CutPrefix(w, "-"); ok && !long && len(short) == 1 && about.Flags().ShorthandLookup(short) == nil ||
						long && about.Flags().Lookup(name) == nil {
						t.Errorf("%q: %s has no flag %s", line, about.CommandPath(), w)
					}
				}
			}
		}
	}
}

// TestFlagsTable compares docs/flags.md with the flags that there are.
func TestFlagsTable(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Commands and flags\n\nGenerated from the command line's own descriptions: `go test ./cmd/internal/cli -update`.\n")
	for _, c := range commands(t) {
		if !c.Runnable() || c.HasSubCommands() {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n", c.UseLine(), c.Short)
		rows := 0
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name == "help" {
				return
			}
			if rows++; rows == 1 {
				b.WriteString("\n| flag | value | default | meaning |\n| --- | --- | --- | --- |\n")
			}
			name := "`--" + f.Name + "`"
			if f.Shorthand != "" {
				name = "`-" + f.Shorthand + "`, " + name
			}
			kind, fallback := f.Value.Type(), f.DefValue
			switch kind {
			case "bool":
				kind, fallback = "", ""
			case "stringArray":
				kind, fallback = "text", ""
			case "string":
				kind = "text"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", name, kind, fallback, strings.ReplaceAll(f.Usage, "|", `\|`))
		})
	}
	golden := filepath.Join("..", "..", "..", "docs", "flags.md")
	if *update {
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("docs/flags.md is not current (run with -update):\n%s", d)
	}
}

// TestCompletion holds that shells are offered words that writ takes.
func TestCompletion(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"ch"}, []string{"check"}},
		{[]string{"check", "--gate", ""}, []string{"low", "none"}},
		{[]string{"check", "--output", ""}, []string{"text", "sarif"}},
		{[]string{"check", "--select", ""}, []string{"gdpr.log.cloud_group_finite"}},
		{[]string{"check", "--require", ""}, []string{"gdpr.log.cloud_group_finite", "log.store"}},
		{[]string{"collect", "--kind", ""}, []string{"log.store"}},
		{[]string{"kinds", ""}, []string{"log.store"}},
		{[]string{"controls", ""}, []string{"gdpr.log.cloud_group_finite"}},
		{[]string{"register", ""}, []string{"check"}},
		{[]string{"man", ""}, []string{"check", "report"}},
	} {
		var out, errs bytes.Buffer
		if status := Main(append([]string{"__complete"}, c.args...), strings.NewReader(""), &out, &errs); status != 0 {
			t.Errorf("%v: exit %d: %s", c.args, status, errs.String())
		}
		for _, w := range c.want {
			if !strings.Contains("\n"+out.String(), "\n"+w) {
				t.Errorf("%v: %q is not offered:\n%s", c.args, w, out.String())
			}
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		var out, errs bytes.Buffer
		if status := Main([]string{"completion", shell}, strings.NewReader(""), &out, &errs); status != 0 || !strings.Contains(out.String(), "writ") {
			t.Errorf("%s: exit %d, %d bytes: %s", shell, status, out.Len(), errs.String())
		}
	}
}
