package cli

import (
	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/engine/report"
)

func newRegisterDiff(s *streams) *cobra.Command {
	f := flags{in: s.in}
	c := &cobra.Command{
		Use:   "diff [SOURCE...]",
		Short: "Show where the register and what is found differ",
		Long: `Diff judges each SOURCE by the controls that compare it with the register, and
shows what they found by class: undocumented ports, stale entries, another
program behind a port, sources beyond the declared ones, and so on. It makes no
comparison of its own: every line is a finding of the control it names, and the
exit status is that of writ check.`,
		Example: `  writ register diff host:
  writ register diff infra --register register`,
		RunE: func(c *cobra.Command, args []string) error {
			known := map[string]bool{}
			for _, id := range controlNames() {
				known[id] = true
			}
			for _, id := range report.RegisterControls() {
				if known[id] {
					f.selects = append(f.selects, id)
				}
			}
			f.handler, f.gate = report.NewDifferences, "low"
			return s.check(c.Context(), args, &f)
		},
	}
	f.addSources(c)
	f.addPlan(c)
	f.addEvaluation(c)
	return c
}
