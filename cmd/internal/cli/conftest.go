package cli

import (
	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/cmd/internal/conftest"
)

// newConftest is conftest's own command line: flags, help and exit codes are its.
func newConftest(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "conftest COMMAND",
		Short: "Take the place of conftest: its commands, flags, outputs and exit codes",
		Long: `Does what conftest does, faster: test, verify, parse, fmt, reformat, doc, pull,
push and plugin with its flags, its configuration (conftest.toml, CONFTEST_*),
its outputs and its exit codes. The same happens when this program is called by
the name conftest.`,
		Example:            "  writ conftest test -p policy deployment.yaml\n  writ conftest test --help",
		DisableFlagParsing: true,
		RunE: func(c *cobra.Command, args []string) error {
			if status := conftest.Main(c.Context(), args, s.in, s.out, s.err); status != 0 {
				return exitStatus(status)
			}
			return nil
		},
	}
}
