// Package cli is writ's command line: one file per command. Commands read flags,
// put collectors, register, engine and reports together, and return an exit
// status; they decide nothing themselves.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/fact"
)

// Version of writ, set at build time.
var Version = "dev"

// streams are the process's input and outputs.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Main runs writ with arguments and returns the exit status.
func Main(args []string, in io.Reader, out, errs io.Writer) int {
	s := &streams{in, out, errs}
	root := newRoot(s)
	root.SetArgs(args)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	defer stop()
	err := root.ExecuteContext(ctx)
	var status exitStatus
	switch {
	case err == nil:
		return engine.ExitPass
	case errors.As(err, &status):
		return int(status)
	}
	if ctx.Err() != nil {
		err = errors.New("interrupted: no report was written")
	}
	fmt.Fprintf(errs, "writ: %s\n", err)
	return engine.ExitUsage
}

// exitStatus ends a command whose output already says why.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func newRoot(s *streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "writ",
		Short: "Check hosts, endpoints and infrastructure files against the GDPR, with evidence",
		Long: `writ collects facts about ports, firewalls, TLS, logs, stores and access, judges
them by controls written in Rego, and says pass, fail, unknown or not applicable
for each, with the file, the line, the value and the article.`,
		Example: `  writ check                      judge the current folder
  writ check infra -o sarif=writ.sarif
  writ controls gdpr.log.cloud_group_finite`,
		SilenceUsage: true, SilenceErrors: true,
		Version: Version,
		Args:    noSuchCommand,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetVersionTemplate("writ {{.Version}}\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w%s\nsee %q", err, nearestFlag(c, err), c.CommandPath()+" --help")
	})
	root.SetHelpCommand(newHelp())
	root.AddCommand(newCheck(s), newCollect(s), newControls(s), newKinds(s), newReport(s), newRegister(s), newConftest(s), newMan(s))
	complete(root)
	return root
}

// nearestFlag suggests a flag for one that does not exist.
func nearestFlag(c *cobra.Command, err error) string {
	name, unknown := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !unknown {
		return ""
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return fact.Suggest("--"+name, names)
}

// noSuchCommand refuses arguments of a command that only has subcommands.
func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return fmt.Errorf("%s has no command %q%s\nsee %q", c.CommandPath(), args[0], fact.Suggest(args[0], names), c.CommandPath()+" --help")
}

// newHelp is cobra's help command, but asking about what does not exist fails.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Describe a command",
		Example: "  writ help check",
		RunE: func(c *cobra.Command, args []string) error {
			about, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return noSuchCommand(c.Root(), args)
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

// noun counts things in a message.
func noun(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, strings.TrimSuffix(one, "s"))
}
