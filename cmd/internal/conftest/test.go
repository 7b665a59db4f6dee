package conftest

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/cmd/internal/conftest/input"
	"github.com/writ-policy/writ/cmd/internal/conftest/judge"
	"github.com/writ-policy/writ/cmd/internal/conftest/output"
)

func newTest() *cobra.Command {
	c := &cobra.Command{
		Use:   "test <path> [path [...]]",
		Short: "Test your configuration files using Open Policy Agent",
		Long: `Reads configuration files, or those below folders, and asks the rules deny,
violation and warn of the policies about each.`,
		Example: `  conftest test deployment.yaml
  conftest test --policy policies -o github --all-namespaces infra
  cat app.ini | conftest test --parser ini -`,
		RunE: runTest,
	}
	policyFlags(c, []string{"main"}, "Test policies in specific namespaces; the patterns *, ? and [...] match dots too")
	f := c.Flags()
	f.Bool("fail-on-warn", false, "Return a non-zero exit code if warnings or errors are found")
	f.Bool("no-fail", false, "Return an exit code of zero even if a policy fails")
	f.Bool("suppress-exceptions", false, "Do not include exceptions in output")
	f.Bool("all-namespaces", false, "Test policies found in all namespaces")
	f.Bool("combine", false, "Combine all config files to be evaluated together")
	f.String("ignore", "", "A regex pattern which can be used for ignoring paths")
	f.String("parser", "", fmt.Sprintf("Parser to use to parse the configurations. Valid parsers: %s", input.Names()))
	f.String("stdin-filename", "", "Filename to use in output when testing configuration from stdin")
	f.StringSliceP("update", "u", []string{}, "Sources to fetch policies from into the first folder of --policy, as pull does")
	f.Bool("allow-update", false, "Policies may be fetched from sources that the settings name (command line only)")
	f.Bool("tls", true, "Use TLS to access the registry")
	return c
}

// Sizes of files, in bytes.
const (
	small = 64 << 10 // below it many fit between two collections of garbage
	large = 4 << 20  // above it memory is spared
)

// policyFlags are the flags of test and verify.
func policyFlags(c *cobra.Command, namespaces []string, about string) {
	f := c.Flags()
	f.Bool("no-color", false, "Disable color when printing")
	f.Bool("quiet", false, "Disable successful test output")
	f.Bool("trace", false, "Enable more verbose trace output for Rego queries")
	f.Bool("strict", false, "Enable strict mode for Rego policies")
	f.Bool("show-builtin-errors", false, "Collect and return all encountered built-in errors")
	f.String("capabilities", "", "Path to JSON file that can restrict opa functionality against a given policy. Default: all operations allowed")
	f.String("rego-version", "v1", "Which version of Rego syntax to use. Options: v0, v1")
	f.StringP("output", "o", "stdout", fmt.Sprintf("Output format for conftest results - valid options are: %s", output.Formats()))
	f.Bool("junit-hide-message", false, "Do not include the violation message in the JUnit test name")
	f.Bool("github-hide-passed", false, "In the GitHub output, skip input files whose checks all passed")
	f.StringSliceP("policy", "p", []string{"policy"}, "Path to the Rego policy files directory")
	f.StringSliceP("namespace", "n", namespaces, about)
	f.StringSliceP("data", "d", []string{}, "A list of paths from which data for the rego policies will be recursively loaded")
	f.StringSlice("proto-file-dirs", []string{}, "A list of directories containing Protocol Buffer definitions")
	f.Bool("allow-net", false, "Policies may use http.send, net.lookup_ip_addr and schemas of other hosts (command line only)")
	f.Bool("allow-env", false, "Policies may read the environment by opa.runtime, and .env files refer to it (command line only)")
	f.Duration("timeout", time.Minute, "Bound on one rule on one document; 0 is none")
	limitFlags(c)
	verificationFlags(c)
}

// flags reads flags that are known to be there.
type flags struct{ c *cobra.Command }

func (f flags) is(name string) bool       { v, _ := f.c.Flags().GetBool(name); return v }
func (f flags) text(name string) string   { v, _ := f.c.Flags().GetString(name); return v }
func (f flags) list(name string) []string { v, _ := f.c.Flags().GetStringSlice(name); return v }
func (f flags) duration(name string) time.Duration {
	v, _ := f.c.Flags().GetDuration(name)
	return v
}

func (f flags) judge() judge.Options {
	return judge.Options{
		Policies: f.list("policy"), Data: f.list("data"), Strict: f.is("strict"),
		RegoVersion: f.text("rego-version"), Capabilities: f.text("capabilities"),
		ProtoDirs: f.list("proto-file-dirs"), AllowNet: f.is("allow-net"), AllowEnv: f.is("allow-env"),
	}
}

func (f flags) output() output.Options {
	return output.Options{
		NoColor: f.is("no-color"), SuppressExceptions: f.is("suppress-exceptions"),
		JUnitHideMessage: f.is("junit-hide-message"), GitHubHidePassed: f.is("github-hide-passed"),
		Version: like,
	}
}

func runTest(c *cobra.Command, args []string) error {
	if err := configure(c); err != nil {
		return err
	}
	if len(args) == 0 {
		if err := c.Usage(); err != nil {
			return err
		}
		return fmt.Errorf("missing required arguments")
	}
	f := flags{c}
	checks, err := test(c, f, args)
	if err != nil {
		return fmt.Errorf("running test: %w", err)
	}
	code := checks.ExitCode()
	if f.is("fail-on-warn") {
		code = checks.ExitCodeFailOnWarn()
	}
	if !f.is("quiet") || code != 0 {
		if f.is("trace") {
			if err := output.WriteTraces(c.ErrOrStderr(), f.output(), checks); err != nil {
				return fmt.Errorf("output results: %w", err)
			}
		}
		if err := output.Write(c.OutOrStdout(), f.text("output"), f.output(), checks); err != nil {
			return fmt.Errorf("output results: %w", err)
		}
		if f.is("no-fail") {
			return nil
		}
	}
	if code != 0 {
		return exitCode(code)
	}
	return nil
}

func test(c *cobra.Command, f flags, args []string) (output.Checks, error) {
	found, err := listFiles(args, f.text("ignore"))
	if err != nil {
		return nil, fmt.Errorf("parse files: %w", err)
	}
	if err := update(c.Context(), f); err != nil {
		return nil, err
	}
	run := &judge.Run{
		Files: found.files, Largest: found.largest, Stdin: c.InOrStdin(), StdinName: f.text("stdin-filename"), Parser: f.text("parser"),
		ProtoDirs: f.list("proto-file-dirs"), AllowEnv: f.is("allow-env"),
		Combine: f.is("combine"), Trace: f.is("trace"), BuiltinErrors: f.is("show-builtin-errors"),
	}
	switch {
	case found.largest > large:
		spend(100)
	case found.largest < small:
		run.Paced = spend(1000)
	}
	return bounded(c, f, func(ctx context.Context, w *judge.Watch) (output.Checks, error) {
		if err := f.verifyPolicies(); err != nil {
			return nil, err
		}
		engine, err := judge.Load(f.judge())
		if err != nil {
			// A file that cannot be read comes first, as in conftest.
			if _, unread := run.ReadAll(input.Rego); unread != nil {
				return nil, unread
			}
			return nil, err
		}
		if run.Namespaces, err = engine.Select(f.list("namespace"), f.is("all-namespaces")); err != nil {
			return nil, err
		}
		return run.Do(ctx, engine, w)
	})
}

// update fetches policies before they are loaded.
func update(ctx context.Context, f flags) error {
	sources := f.list("update")
	if len(sources) == 0 {
		return nil
	}
	folders := f.list("policy")
	if len(folders) == 0 {
		return fmt.Errorf("update policies: there is no folder for them: say --policy")
	}
	if err := f.fetch(ctx, folders[0], sources, true); err != nil {
		return fmt.Errorf("update policies: %w", err)
	}
	return nil
}
