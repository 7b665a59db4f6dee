// Package conftest is conftest's command line: its commands, flags, configuration,
// outputs and exit codes, on an engine that compiles once and asks all rules of a
// namespace in one query.
//
// What it prints has one order, that of the files as named or walked, where conftest
// takes that of Go's maps. Policies see neither the network nor the environment unless
// --allow-net or --allow-env stands on the command line.
package conftest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	opaversion "github.com/open-policy-agent/opa/v1/version"
	"github.com/spf13/cobra"
)

// like is the version of conftest whose behaviour this is.
const like = "0.71.1"

// exitCode ends a command whose output already says why.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Main runs a command and returns its exit status: 1 for every error, as conftest.
func Main(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	spend(400)
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := addPlugin(root, args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	var code exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	case ctx.Err() != nil:
		err = errors.New("interrupted: nothing was written")
	}
	fmt.Fprintln(errs, "Error:", err)
	return 1
}

// spend sets how much garbage there may be beside what is alive, in percent: a run is
// short, and memory buys time, but for large files. The variable GOGC wins, and the
// answer is false.
func spend(percent int) bool {
	if os.Getenv("GOGC") != "" {
		return false
	}
	debug.SetGCPercent(percent)
	return true
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "conftest <subcommand>",
		Short:         "Test your configuration files using Open Policy Agent",
		Version:       like,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetVersionTemplate(fmt.Sprintf("Conftest: %s (writ)\nOPA: %s\n", like, opaversion.Version))
	root.PersistentFlags().StringP("config-file", "c", "", "path to configuration file")
	root.AddCommand(newTest(), newVerify(), newParse(), newFmt(), newReformat(), newDoc(), newPull(), newPush(), newPlugin())
	return root
}
