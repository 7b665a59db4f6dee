// Package cli is writ's command line: one file per command. Commands read flags,
// put collectors, register, engine and reports together, and return an exit
// status; they decide nothing themselves.
package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/engine"
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
	err := root.Execute()
	var status exitStatus
	switch {
	case err == nil:
		return engine.ExitPass
	case errors.As(err, &status):
		return int(status)
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
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Version:           Version,
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetVersionTemplate("writ {{.Version}}\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w\nsee %q", err, c.CommandPath()+" --help")
	})
	root.AddCommand(newCheck(s), newCollect(s), newControls(s), newKinds(s), newReport(s), newRegister(s))
	return root
}

// noun counts things in a message.
func noun(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, strings.TrimSuffix(one, "s"))
}
