package conftest

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/cmd/internal/conftest/input"
	"github.com/writ-policy/writ/cmd/internal/conftest/judge"
)

func newParse() *cobra.Command {
	c := &cobra.Command{
		Use:     "parse [file...]",
		Short:   "Print out structured data from your input files",
		Example: "  conftest parse Dockerfile\n  conftest parse --parser toml settings.conf",
		RunE:    runParse,
	}
	c.Flags().Bool("combine", false, "Combine all config files to be evaluated together")
	c.Flags().String("parser", "", fmt.Sprintf("Parser to use to parse the configurations. Valid parsers: %s", input.Names()))
	c.Flags().Bool("allow-env", false, "Files in .env format may refer to the environment (command line only)")
	limitFlags(c)
	return c
}

func runParse(c *cobra.Command, args []string) error {
	if err := configure(c); err != nil {
		return err
	}
	if len(args) == 0 {
		return fmt.Errorf("must supply path to at least one file")
	}
	f := flags{c}
	w := &walker{seen: map[string]bool{}}
	for _, arg := range args {
		w.add(arg)
	}
	run := &judge.Run{Files: w.files, Stdin: c.InOrStdin(), Parser: f.text("parser"), AllowEnv: f.is("allow-env")}
	files, err := bounded(c, f, func(context.Context, *judge.Watch) ([]judge.File, error) { return run.ReadAll(input.JSON) })
	if err != nil {
		return err
	}
	indent, end := "  ", "\n"
	var shown *ast.Term
	switch {
	case f.is("combine"):
		return printCombined(c, files)
	case len(files) == 1:
		shown = files[0].Document
	default:
		var pairs [][2]*ast.Term
		for _, file := range files {
			pairs = append(pairs, [2]*ast.Term{ast.StringTerm(file.Path), file.Document})
		}
		shown = ast.ObjectTerm(pairs...)
	}
	plain, err := ast.JSON(shown.Value)
	if err != nil {
		return fmt.Errorf("format output: %w", err)
	}
	text, err := json.MarshalIndent(plain, "", indent)
	if err != nil {
		return fmt.Errorf("format output: %w", err)
	}
	_, err = c.OutOrStdout().Write(append(text, end...))
	return err
}

// printCombined prints {path, contents} in that order.
func printCombined(c *cobra.Command, files []judge.File) error {
	type combined struct {
		Path     string `json:"path"`
		Contents any    `json:"contents"`
	}
	var all []combined
	list, ok := judge.Combine(files).Value.(*ast.Array)
	for i := 0; ok && i < list.Len(); i++ {
		one := list.Elem(i)
		contents, err := ast.JSON(one.Get(ast.StringTerm("contents")).Value)
		if err != nil {
			return fmt.Errorf("format output: %w", err)
		}
		path, _ := one.Get(ast.StringTerm("path")).Value.(ast.String)
		all = append(all, combined{string(path), contents})
	}
	text, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		return fmt.Errorf("format output: %w", err)
	}
	_, err = c.OutOrStdout().Write(append(text, "\n\n"...))
	return err
}
