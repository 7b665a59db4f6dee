package cli

import (
	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/report"
	"github.com/writ-policy/writ/policies"
)

// complete offers the shell the words that flags of a command and of those below it
// take.
func complete(c *cobra.Command) {
	words := func(list func() []string) cobra.CompletionFunc {
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return list(), cobra.ShellCompDirectiveNoFileComp
		}
	}
	for name, list := range map[string]func() []string{
		"gate": gateLevels, "select": controlNames, "skip": controlNames, "kind": kindNames,
		"require": func() []string { return append(controlNames(), kindNames()...) },
	} {
		if c.Flags().Lookup(name) != nil {
			c.RegisterFlagCompletionFunc(name, words(list)) //nolint:errcheck // the flag is there
		}
	}
	if c.Flags().Lookup("output") != nil {
		c.RegisterFlagCompletionFunc("output", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) { //nolint:errcheck // the flag is there
			return report.Formats(), cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
		})
	}
	switch c.CommandPath() {
	case "writ controls":
		c.ValidArgsFunction = words(controlNames)
	case "writ kinds":
		c.ValidArgsFunction = words(kindNames)
	case "writ man":
		c.ValidArgsFunction = words(func() []string {
			var names []string
			for _, sub := range available(c.Root()) {
				names = append(names, sub.Name())
			}
			return names
		})
	}
	for _, sub := range c.Commands() {
		complete(sub)
	}
}

func kindNames() []string {
	var names []string
	for _, k := range fact.Kinds() {
		names = append(names, k.Name)
	}
	return names
}

// controlNames are the ids of the embedded controls.
func controlNames() []string {
	params, err := control.ReadParameters(policies.FS)
	if err != nil {
		return nil
	}
	set, _ := control.Load([]control.Source{{FS: policies.FS, Embedded: true}}, control.Options{Params: params})
	var names []string
	for _, c := range set.Controls {
		names = append(names, c.ID)
	}
	return names
}
