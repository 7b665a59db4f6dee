package conftest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/loader"
	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/cmd/internal/conftest/judge"
	"github.com/writ-policy/writ/cmd/internal/conftest/output"
)

func newFmt() *cobra.Command {
	c := &cobra.Command{
		Use:     "fmt <path> [path [...]]",
		Short:   "Format Rego files",
		Example: "  conftest fmt policy\n  conftest fmt --check policy",
		RunE:    runFmt,
	}
	c.Flags().Bool("check", false, "Returns a non-zero exit code if the policies are not formatted")
	c.Flags().String("rego-version", "v1", "Which version of Rego syntax to use. Options: v0, v1")
	return c
}

// runFmt formats files in place, those that can be formatted only if all can be
// parsed. With --check it names the first that would change.
func runFmt(c *cobra.Command, args []string) error {
	if err := configure(c); err != nil {
		return err
	}
	f := flags{c}
	version, err := judge.Version(f.text("rego-version"))
	if err != nil {
		return fmt.Errorf("failed to parse rego-version flag: %w", err)
	}
	loaded, err := loader.NewFileLoader().WithRegoVersion(version).Filtered(args, judge.NotPolicy)
	if err != nil {
		return fmt.Errorf("get rego files: %w", err)
	}
	if len(loaded.Modules) == 0 {
		return fmt.Errorf("no policies found in %v", args)
	}
	modules := loaded.ParsedModules()
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		path := modules[name].Package.Location.File
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("stat: %w", err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read policy: %w", err)
		}
		formatted, err := format.SourceWithOpts(path, text, format.Opts{RegoVersion: version, ParserOptions: &ast.ParserOptions{RegoVersion: version}})
		switch {
		case err != nil:
			return fmt.Errorf("format: %w", err)
		case bytes.Equal(text, formatted):
			continue
		case f.is("check"):
			return fmt.Errorf("files not formatted: %s", path)
		}
		if err := os.WriteFile(path, formatted, info.Mode().Perm()); err != nil {
			return fmt.Errorf("write formatted contents: %w", err)
		}
	}
	return nil
}

func newReformat() *cobra.Command {
	c := &cobra.Command{
		Use:     "reformat [file...]",
		Short:   "Reformat conftest JSON output to different formats",
		Example: "  conftest test -o json app.yaml | conftest reformat -o table",
		RunE:    runReformat,
	}
	c.Flags().StringP("output", "o", "stdout", fmt.Sprintf("Output format for conftest results - valid options are: %s", output.Formats()))
	return c
}

func runReformat(c *cobra.Command, args []string) error {
	if err := configure(c); err != nil {
		return err
	}
	in := c.InOrStdin()
	if len(args) > 0 {
		file, err := os.Open(args[0])
		if err != nil {
			return fmt.Errorf("failed to open input file: %w", err)
		}
		defer file.Close()
		in = file
	}
	var checks output.Checks
	if err := json.NewDecoder(in).Decode(&checks); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("failed to parse JSON input: %w", err)
	}
	return output.Write(c.OutOrStdout(), flags{c}.text("output"), output.Options{Version: like}, checks)
}
