package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/report"
)

func newReport(s *streams) *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use:   "report FILE",
		Short: "Render a saved json or jsonl report in any format",
		Example: `  writ check -o jsonl=run.jsonl
  writ report run.jsonl -o sarif=run.sarif -o text`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			file, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("read report %s: %w", args[0], unwrapPath(err))
			}
			defer file.Close()
			out, err := s.outputs(&f)
			if err != nil {
				return err
			}
			if err := report.Replay(file, out); err != nil {
				out.abandon()
				return fmt.Errorf("read report %s: %s", args[0], strings.TrimPrefix(err.Error(), "read report "))
			}
			if err := out.finish(); err != nil {
				return err
			}
			if out.exit != engine.ExitPass {
				return exitStatus(out.exit)
			}
			return nil
		},
	}
	f.addOutput(c)
	c.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "also show what passed, and name every skipped file")
	return c
}
