package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/register"
)

func newRegister(s *streams) *cobra.Command {
	c := &cobra.Command{Use: "register", Short: "Work with the register: ports, services, datasets, processors, waivers",
		Example: "  writ register init infra\n  writ register check register\n  writ register diff infra",
		Args:    noSuchCommand, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	check := &cobra.Command{
		Use:   "check [FILE|FOLDER...]",
		Short: "Read register files and say what is wrong with them",
		Example: `  writ register check register
  writ register check register/shop.hcl`,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"register"}
			}
			files, err := registerFiles(args)
			if err != nil {
				return err
			}
			if len(files) == 0 {
				return fmt.Errorf("no register file (*.hcl) in %v", args)
			}
			r, diagnostics := register.Read(files)
			if err := s.refuse(fatally(diagnostics), fact.NewRedactor()); err != nil {
				return err
			}
			fmt.Fprintf(s.out, "%s: %s, %s, %s, %s, %s, %s\n", noun(len(files), "file"), noun(len(r.Services), "service"), noun(len(r.Ports), "port"),
				noun(len(r.Networks), "network"), noun(len(r.Datasets), "dataset"), noun(len(r.Processors), "processor"), noun(len(r.Waivers), "waiver"))
			return nil
		},
	}
	c.AddCommand(newRegisterInit(s), check, newRegisterDiff(s))
	return c
}

// fatally marks errors of the register as fatal: what it says decides findings.
func fatally(list []fact.Diagnostic) []fact.Diagnostic {
	for i := range list {
		list[i].Fatal = list[i].Fatal || list[i].Severity == "error"
		list[i].Summary = lowerFirst(list[i].Summary)
	}
	return list
}

// lowerFirst writes a summary as the others are written; abbreviations stay.
func lowerFirst(s string) string {
	if len(s) < 2 || s[1] < 'a' || s[1] > 'z' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// registerFiles reads named files, and those of named folders.
func registerFiles(names []string) ([]register.File, error) {
	var out []register.File
	for _, name := range names {
		files, err := hclFiles(name)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			data, err := readBounded(f)
			if err != nil {
				return nil, fmt.Errorf("read register %s: %w", f, err)
			}
			out = append(out, register.File{Name: filepath.ToSlash(f), Data: data})
		}
	}
	return out, nil
}
