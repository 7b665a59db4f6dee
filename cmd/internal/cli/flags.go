package cli

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/engine/finding"
	"github.com/writ-policy/writ/engine/report"
)

// flags that commands have in common. A flag beats writ.hcl.
type flags struct {
	policies  []string
	noBuiltin bool
	// of conftest policies
	namespaces []string
	data       []string
	permissive bool
	selects    []string
	skips      []string
	config     string
	registers  []string
	params     []string
	varFiles   []string
	outputs    []string
	gate       string
	strict     bool
	require    []string
	baseline   string
	now        string
	allowRead  []string
	rules      []string // of secrets
	history    bool
	root       string // of host:
	probe      bool
	jobs       int
	timeout    time.Duration
	memory     int
	quiet      bool
	verbose    bool
	noColor    bool
	in         io.Reader // of the source "-"
	// handler makes the only report of a command that has one of its own.
	handler func(io.Writer, report.Options) finding.Handler
}

// addSources adds the flags of commands that read sources.
func (f *flags) addSources(c *cobra.Command) {
	p := c.Flags()
	p.StringArrayVar(&f.varFiles, "var-file", nil, "Terraform variable file, as for terraform plan (repeatable)")
	p.StringVar(&f.now, "now", "", "judge as of this time (RFC 3339 or date), instead of the clock's")
	p.StringArrayVar(&f.allowRead, "allow-read", nil, "folder outside the source that may be read (repeatable)")
	p.StringArrayVar(&f.rules, "secret-rules", nil, "file of rules in gitleaks' TOML, beside the built-in ones (repeatable)")
	p.BoolVar(&f.history, "history", false, "search the history of the repository for secrets too")
	p.StringVar(&f.root, "root", "", "folder with the saved file tree of a host, which host: then reads")
	p.BoolVar(&f.probe, "probe", false, "talk to the listeners of host: and of scan://, to learn what serves them")
	p.BoolVarP(&f.verbose, "verbose", "v", false, "also show what passed, and name every skipped file")
	p.BoolVarP(&f.quiet, "quiet", "q", false, "no progress; in text, findings and problems only")
}

// check refuses values that would otherwise be taken for something else.
func (f *flags) check() error {
	switch {
	case f.jobs < 0:
		return fmt.Errorf("--jobs %d is negative", f.jobs)
	case f.memory < 0:
		return fmt.Errorf("--memory %d is negative", f.memory)
	case f.timeout < 0:
		return fmt.Errorf("--timeout %s is negative", f.timeout)
	}
	for _, selector := range slices.Concat(f.selects, f.skips) {
		if _, err := path.Match(selector, ""); err != nil {
			return fmt.Errorf("selector %q: %w", selector, err)
		}
	}
	if f.gate != "" {
		return checkGate(f.gate, "--gate")
	}
	return nil
}

// addPlan adds the flags that say what is planned.
func (f *flags) addPlan(c *cobra.Command) {
	p := c.Flags()
	p.StringVar(&f.config, "config", "", "trusted folder with writ.hcl, register and policies; those of the checked tree are then inert")
	p.StringArrayVar(&f.registers, "register", nil, "register file or folder, instead of those that writ.hcl names (repeatable)")
	p.StringArrayVar(&f.params, "params", nil, "NAME=VALUE, or a YAML file of parameters (repeatable)")
}

// addJudging adds the flags of commands that judge.
func (f *flags) addJudging(c *cobra.Command) {
	f.addPlan(c)
	p := c.Flags()
	p.StringArrayVarP(&f.policies, "policy", "p", nil, "folder or file of Rego controls and conftest policies beside the embedded set (repeatable)")
	p.BoolVar(&f.noBuiltin, "no-builtin", false, "leave the embedded controls out")
	p.StringArrayVarP(&f.namespaces, "namespace", "n", nil, "only conftest policies in packages matching GLOB, in which * matches dots too (repeatable)")
	p.StringArrayVarP(&f.data, "data", "d", nil, "folder or file of JSON or YAML that conftest policies see as data (repeatable)")
	p.BoolVar(&f.permissive, "permissive", false, "warn of conftest rules that would never find anything, instead of refusing them")
	p.StringArrayVar(&f.selects, "select", nil, "only controls matching GLOB or gdpr:ARTICLE (repeatable)")
	p.StringArrayVar(&f.skips, "skip", nil, "leave out controls matching GLOB or gdpr:ARTICLE (repeatable)")
	p.StringVar(&f.gate, "gate", "", "least severity that fails: low, medium, high, critical, none (default low)")
	p.BoolVar(&f.strict, "strict", false, "an unknown outcome does not pass the gate")
	p.StringArrayVar(&f.require, "require", nil, "CONTROL that must have been asked, or KIND that must have been judged (repeatable)")
	p.StringVar(&f.baseline, "baseline", "", "saved json report: only findings that are not in it gate")
	f.addEvaluation(c)
	f.addOutput(c)
}

// addEvaluation adds the bounds of an evaluation.
func (f *flags) addEvaluation(c *cobra.Command) {
	p := c.Flags()
	p.IntVarP(&f.jobs, "jobs", "j", 0, "subjects judged at once; 0 is the number of processors")
	p.DurationVar(&f.timeout, "timeout", 10*time.Second, "bound on one evaluation")
	p.IntVar(&f.memory, "memory", 4096, "heap ceiling in MiB while rules are evaluated; 0 is none")
}

func (f *flags) addOutput(c *cobra.Command) {
	c.Flags().StringArrayVarP(&f.outputs, "output", "o", nil,
		"FORMAT or FORMAT=FILE (repeatable): "+strings.Join(report.Formats(), ", "))
	c.Flags().BoolVar(&f.noColor, "no-color", false, "no terminal colours (also NO_COLOR)")
}

// time returns --now, or the clock's time in whole seconds.
func (f *flags) time() (time.Time, error) {
	if f.now == "" {
		return time.Now().UTC().Truncate(time.Second), nil
	}
	if t, err := time.Parse(time.RFC3339, f.now); err == nil {
		return t.UTC(), nil
	}
	t, err := time.Parse(time.DateOnly, f.now)
	if err != nil {
		return t, fmt.Errorf("--now %q is neither RFC 3339 (2026-11-22T02:00:00Z) nor a date", f.now)
	}
	return t, nil
}

// gateLevels are the values of --gate and of writ.hcl's gate.
func gateLevels() []string {
	levels := []string{}
	for _, s := range finding.Severities {
		levels = append(levels, string(s))
	}
	return append(levels, "none")
}

func checkGate(level, where string) error {
	if !slices.Contains(gateLevels(), level) {
		return fmt.Errorf("%s %q is none of %s", where, level, strings.Join(gateLevels(), ", "))
	}
	return nil
}
