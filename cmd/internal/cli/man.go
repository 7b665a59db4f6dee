package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newMan(s *streams) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "man [COMMAND]",
		Short: "Print the manual page of a command, or write all of them",
		Long: `Man prints the manual page of a command in roff, as man(1) reads it. With --dir
it writes one file per command, for a folder such as share/man/man1. The pages
say what --help says, and hold no date: the same version writes the same bytes.`,
		Example: `  writ man check > writ-check.1
  writ man --dir /usr/local/share/man/man1`,
		RunE: func(c *cobra.Command, args []string) error {
			if dir != "" && len(args) > 0 {
				return fmt.Errorf("--dir writes every page: name no command with it")
			}
			if dir != "" {
				return writeManPages(c.Root(), dir)
			}
			about, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return noSuchCommand(c.Root(), args)
			}
			return manPage(s.out, about)
		},
	}
	c.Flags().StringVar(&dir, "dir", "", "write the pages of all commands into this folder")
	return c
}

// documented calls f for a command and those below it that users see.
func documented(c *cobra.Command, f func(*cobra.Command) error) error {
	if err := f(c); err != nil {
		return err
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() || sub.IsAdditionalHelpTopicCommand() {
			if err := documented(sub, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeManPages(root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("write manual pages to %s: %w", dir, unwrapPath(err))
	}
	return documented(root, func(c *cobra.Command) error {
		var b strings.Builder
		if err := manPage(&b, c); err != nil {
			return err
		}
		name := filepath.Join(dir, manName(c)+".1")
		if err := os.WriteFile(name, []byte(b.String()), 0o666); err != nil {
			return fmt.Errorf("write manual page %s: %w", name, unwrapPath(err))
		}
		return nil
	})
}

// manName is "writ-register-check".
func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage writes the page of one command with the macros of man(7).
func manPage(w io.Writer, c *cobra.Command) error {
	var b strings.Builder
	c.InitDefaultHelpFlag()
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"writ %s\" \"writ\"\n", strings.ToUpper(manName(c)), roff(Version))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(manName(c)), roff(c.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.nf\n%s\n.fi\n", roff(c.UseLine()))
	b.WriteString(".SH DESCRIPTION\n")
	for _, paragraph := range strings.Split(strings.TrimSpace(described(c)), "\n\n") {
		fmt.Fprintf(&b, ".PP\n%s\n", roff(paragraph))
	}
	if subs := available(c); len(subs) > 0 {
		b.WriteString(".SH COMMANDS\n")
		for _, sub := range subs {
			fmt.Fprintf(&b, ".TP\n\\fB%s\\fR\n%s\n", roff(sub.Name()), roff(sub.Short))
		}
	}
	b.WriteString(".SH OPTIONS\n")
	c.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			fmt.Fprintf(&b, ".TP\n%s\n%s\n", manFlag(f), roff(f.Usage))
		}
	})
	if c.Example != "" {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(c.Example))
	}
	var also []string
	if c.HasParent() {
		also = append(also, manName(c.Parent()))
	}
	for _, sub := range available(c) {
		also = append(also, manName(sub))
	}
	if len(also) > 0 {
		b.WriteString(".SH SEE ALSO\n")
		for i, name := range also {
			end := ","
			if i == len(also)-1 {
				end = ""
			}
			fmt.Fprintf(&b, ".BR %s (1)%s\n", roff(name), end)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// described is the long text of a command, else the short one as a sentence.
func described(c *cobra.Command) string {
	if c.Long != "" {
		return c.Long
	}
	return c.Short + "."
}

func available(c *cobra.Command) []*cobra.Command {
	var subs []*cobra.Command
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			subs = append(subs, sub)
		}
	}
	return subs
}

// manFlag is the head of an option: names bold, the value's name in italics, and the
// default where it says something.
func manFlag(f *pflag.Flag) string {
	head := "\\fB" + roff("--"+f.Name) + "\\fR"
	if f.Shorthand != "" {
		head = "\\fB" + roff("-"+f.Shorthand) + "\\fR, " + head
	}
	kind, _ := pflag.UnquoteUsage(f)
	switch kind {
	case "":
		return head
	case "string", "stringArray":
		kind = "text"
	}
	head += "=\\fI" + roff(kind) + "\\fR"
	switch f.DefValue {
	case "", "[]", "0", "false":
		return head
	}
	return head + " (" + roff(f.DefValue) + ")"
}

// roff makes text what roff prints as it stands: no escape, no request at the
// beginning of a line, and a minus where people want to copy one.
func roff(s string) string {
	lines := strings.Split(strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
