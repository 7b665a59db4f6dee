package conftest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/lineage"
	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/cmd/internal/conftest/judge"
	"github.com/writ-policy/writ/cmd/internal/conftest/output"
)

func newVerify() *cobra.Command {
	c := &cobra.Command{
		Use:     "verify <path> [path [...]]",
		Short:   "Verify Rego unit tests",
		Long:    "Runs the rules test_… of the policies.",
		Example: "  conftest verify --policy policies --report fails",
		RunE:    runVerify,
	}
	policyFlags(c, []string{}, "Verify policies in specific namespaces; when empty, all namespaces are verified")
	c.Flags().String("report", "", "Shows output for Rego queries as a report with summary. Available options are {full|notes|fails}.")
	c.Flags().Bool("var-values", false, "Show variables and values in failing test expressions")
	return c
}

func runVerify(c *cobra.Command, _ []string) error {
	if err := configure(c); err != nil {
		return err
	}
	f := flags{c}
	report := f.text("report")
	reported := slices.Contains([]string{"full", "notes", "fails"}, report)
	if f.is("var-values") && !reported {
		report, reported = "fails", true
	}
	raw, err := bounded(c, f, func(ctx context.Context, _ *judge.Watch) ([]*tester.Result, error) {
		return verify(ctx, f, f.is("trace") || reported)
	})
	if err != nil {
		return fmt.Errorf("running verification: %w", err)
	}
	checks := make(output.Checks, len(raw))
	for i, r := range raw {
		checks[i] = verified(r)
	}
	code := checks.ExitCode()
	if !f.is("quiet") || code != 0 {
		if err := showVerified(c, f, report, reported, checks, raw); err != nil {
			return err
		}
	}
	if code != 0 {
		return exitCode(code)
	}
	return nil
}

func showVerified(c *cobra.Command, f flags, report string, reported bool, checks output.Checks, raw []*tester.Result) error {
	o := f.output()
	o.ShowSkipped = true
	if reported {
		if f.text("output") != "stdout" {
			return fmt.Errorf("report flag is supported with stdout only")
		}
		results := make(chan *tester.Result, len(raw))
		for _, r := range raw {
			r.Trace = filterTrace(r.Trace, report)
			results <- r
		}
		close(results)
		printer := tester.PrettyReporter{Verbose: true, Output: c.OutOrStdout(), FailureLine: true, LocalVars: f.is("var-values")}
		if err := printer.Report(results); err != nil {
			return fmt.Errorf("report results: %w", err)
		}
		return nil
	}
	if f.is("trace") {
		if err := output.WriteTraces(c.ErrOrStderr(), o, checks); err != nil {
			return fmt.Errorf("output results: %w", err)
		}
	}
	if err := output.Write(c.OutOrStdout(), f.text("output"), o, checks); err != nil {
		return fmt.Errorf("output results: %w", err)
	}
	return nil
}

// verify returns the results of the tests, in the order of the files.
func verify(ctx context.Context, f flags, trace bool) ([]*tester.Result, error) {
	if err := f.verifyPolicies(); err != nil {
		return nil, err
	}
	engine, err := judge.Load(f.judge())
	if err != nil {
		return nil, err
	}
	runner := tester.NewRunner().
		SetCompiler(engine.Compiler).
		SetStore(engine.Store).
		SetModules(engine.Modules).
		EnableTracing(trace).
		SetRuntime(engine.Runtime()).
		SetTimeout(cmp.Or(f.duration("timeout"), math.MaxInt64)).
		RaiseBuiltinErrors(f.is("show-builtin-errors"))
	var own []*tester.Builtin
	for _, b := range engine.Builtins {
		own = append(own, &tester.Builtin{Decl: b.Decl, Func: b.Option()})
	}
	results, err := runner.AddCustomBuiltins(own).RunTests(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("running tests: %w", err)
	}
	wanted := f.list("namespace")
	names := wanted
	if len(wanted) > 0 {
		if names, err = engine.Match(wanted); err != nil {
			return nil, err
		}
	}
	var raw []*tester.Result
	for r := range results {
		if len(wanted) == 0 || slices.Contains(names, strings.TrimPrefix(r.Package, "data.")) {
			raw = append(raw, r)
		}
	}
	// Tests run side by side; what is shown has the order of the files.
	slices.SortStableFunc(raw, func(a, b *tester.Result) int {
		return cmp.Or(cmp.Compare(a.Location.File, b.Location.File), cmp.Compare(a.Location.Row, b.Location.Row), cmp.Compare(a.Name, b.Name))
	})
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%w%s", context.Cause(ctx), cancelled(raw))
	}
	for _, r := range raw {
		switch {
		case topdown.IsCancel(r.Error):
			return nil, fmt.Errorf("run test: %s.%s of %s: no answer within %s (--timeout)", r.Package, r.Name, r.Location.File, f.duration("timeout"))
		case r.Error != nil:
			return nil, fmt.Errorf("run test: %w", r.Error)
		}
	}
	return raw, nil
}

// cancelled names the tests that were under way when the run ended.
func cancelled(raw []*tester.Result) string {
	var names []string
	for _, r := range raw {
		if topdown.IsCancel(r.Error) {
			names = append(names, fmt.Sprintf("%s.%s of %s", r.Package, r.Name, r.Location.File))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ": at " + strings.Join(names, ", ")
}

// verified makes a check of one test.
func verified(r *tester.Result) output.Check {
	var b bytes.Buffer
	topdown.PrettyTrace(&b, r.Trace)
	q := output.Query{Query: r.Name}
	for line := range strings.SplitSeq(b.String(), "\n") {
		if line != "" {
			q.Traces = append(q.Traces, line)
		}
	}
	c := output.Check{FileName: r.Location.File}
	result := output.Result{}
	switch {
	case r.Fail:
		result.Message = r.Package + "." + r.Name
		c.Failures = []output.Result{result}
	case r.Skip:
		result.Message = r.Package + "." + r.Name
		c.Skipped = []output.Result{result}
	default:
		c.Successes = 1
	}
	q.Results = []output.Result{result}
	c.Queries = []output.Query{q}
	return c
}

// filterTrace keeps the events of a kind and those that led to them.
func filterTrace(trace []*topdown.Event, kind string) []*topdown.Event {
	var op topdown.Op
	switch kind {
	case "fails":
		op = topdown.FailOp
	case "notes":
		op = topdown.NoteOp
	default:
		return trace
	}
	return lineage.Filter(trace, func(e *topdown.Event) bool { return e.Op == op })
}
