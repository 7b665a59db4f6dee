package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
)

func newControls(s *streams) *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use:   "controls [NAME]",
		Short: "List what is judged, or describe one control",
		Example: `  writ controls
  writ controls --select 'gdpr:32(1)(a)'
  writ controls gdpr.log.cloud_group_finite`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			set, diagnostics, err := f.load(nil)
			if err != nil {
				return err
			}
			if len(diagnostics) > 0 {
				return s.refuse(diagnostics, fact.NewRedactor())
			}
			if len(args) == 0 {
				return listControls(s, set)
			}
			for _, ctl := range set.Controls {
				if ctl.ID == args[0] {
					describeControl(s, set, ctl)
					return nil
				}
			}
			ids := make([]string, len(set.Controls))
			for i, ctl := range set.Controls {
				ids[i] = ctl.ID
			}
			return fmt.Errorf("no control %q%s", args[0], fact.Suggest(args[0], ids))
		},
	}
	p := c.Flags()
	p.StringArrayVarP(&f.policies, "policy", "p", nil, "folder or file of Rego controls beside the embedded set (repeatable)")
	p.BoolVar(&f.noBuiltin, "no-builtin", false, "leave the embedded controls out")
	p.StringArrayVar(&f.selects, "select", nil, "only controls matching GLOB or gdpr:ARTICLE (repeatable)")
	p.StringArrayVar(&f.skips, "skip", nil, "leave out controls matching GLOB or gdpr:ARTICLE (repeatable)")
	return c
}

func listControls(s *streams, set *control.Set) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CONTROL\tSEVERITY\tSUBJECT\tARTICLES")
	for _, c := range set.Controls {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", c.ID, c.Severity, c.Subject, strings.Join(c.GDPR, ", "))
	}
	return w.Flush()
}

func describeControl(s *streams, set *control.Set, c *control.Control) {
	fmt.Fprintf(s.out, "%s\n%s\n\n%s\n\n", c.ID, c.Title, c.Description)
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	row := func(name string, values ...string) {
		if len(values) > 0 && values[0] != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, strings.Join(values, ", "))
		}
	}
	row("severity", c.Severity)
	row("judges", c.Subject)
	row("needs", c.Facts...)
	row("may read", c.MayRead...)
	row("supports", articles(c.GDPR)...)
	row("see", c.References...)
	if c.GateUnknown {
		row("gate", "an unknown outcome blocks")
	}
	for _, name := range c.Params {
		v, origin, _ := set.Params.Value(name)
		data, _ := json.Marshal(v)
		source := ""
		for _, d := range set.Params.List() {
			if d.Name == name {
				source = d.Source
			}
		}
		row("parameter", fmt.Sprintf("%s = %s (%s; %s)", name, data, origin, source))
	}
	row("defined in", c.Pos.String())
	w.Flush()
	fmt.Fprintf(s.out, "\nTo fix: %s\n", c.Remediation)
}

func articles(list []string) []string {
	out := slices.Clone(list)
	for i, a := range out {
		if !strings.HasPrefix(a, "Recital") {
			out[i] = "Art. " + a
		}
	}
	return out
}
