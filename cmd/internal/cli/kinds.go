package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/engine/fact"
)

func newKinds(s *streams) *cobra.Command {
	var schema bool
	c := &cobra.Command{
		Use:   "kinds [NAME]",
		Short: "List the kinds of facts, or describe one with fields, units and an example",
		Example: `  writ kinds
  writ kinds log.store
  writ kinds log.store --schema`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "KIND\tWHAT IT IS")
				for _, k := range fact.Kinds() {
					fmt.Fprintf(w, "%s\t%s\n", k.Name, k.Description)
				}
				return w.Flush()
			}
			k := fact.LookupKind(args[0])
			if k == nil {
				return fmt.Errorf("no kind %q%s", args[0], fact.Suggest(args[0], kindNames()))
			}
			if schema {
				return writeJSON(s, k.Schema(true))
			}
			return describeKind(s, k)
		},
	}
	c.Flags().BoolVar(&schema, "schema", false, "print the JSON Schema (draft-07) of one item as collected")
	return c
}

func describeKind(s *streams, k *fact.Kind) error {
	fmt.Fprintf(s.out, "%s\n%s\n\n", k.Name, k.Description)
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FIELD\tTYPE\tMEANING")
	for _, f := range k.Fields {
		var notes []string
		if f.Ref != "" {
			notes = append(notes, "refers to "+f.Ref)
		}
		if f.Annotated {
			notes = append(notes, "added before judging")
		}
		if f.Sensitive {
			notes = append(notes, "never shown")
		}
		meaning := f.Description
		if len(notes) > 0 {
			meaning += " (" + strings.Join(notes, ", ") + ")"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.Path, unit(f), meaning)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "\nAny value may be null, which means not known, and is then listed in the document's unobserved.\n\nExample of an item as collected:")
	return writeJSON(s, k.Example)
}

// unit is the type with the unit that the field's name carries.
func unit(f fact.Field) string {
	for _, u := range []string{"days", "hours", "seconds", "ms", "bytes", "bits"} {
		if strings.HasSuffix(f.Path, "_"+u) {
			return f.Type + " of " + u
		}
	}
	return f.Type
}

func writeJSON(s *streams, v any) error {
	enc := json.NewEncoder(s.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
