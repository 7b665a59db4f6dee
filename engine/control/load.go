package control

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// Options of [Load].
type Options struct {
	// Select and Skip are globs over control ids ("gdpr.tls.*"), or "gdpr:32(1)(a)"
	// for controls that support an article. An empty Select takes all.
	Select, Skip []string
	// Params are the parameters in force, which give data.params its types.
	Params *Parameters
	// Namespaces are those of the conftest policies to ask, as patterns in which *
	// stands for any characters; none takes all.
	Namespaces []string
	// Permissive makes warnings of what conftest passes over in silence.
	Permissive bool
	// Data is what conftest policies see beside rules; Builtins are what they may call
	// beside OPA's own.
	Data     map[string]any
	Builtins []*ast.Builtin
	// CheckEmbedded also checks the embedded set, which its own tests have done
	// before it was shipped.
	CheckEmbedded bool
}

// Set is a loaded and selected set of controls.
type Set struct {
	// Controls by id.
	Controls []*Control
	// Policies are those of conftest, in the order of their files.
	Policies []*Policy
	// Data of the policies.
	Data map[string]any
	// Digest is over all files, sorted, and the capabilities.
	Digest string
	// Params in force.
	Params *Parameters

	files        []*file
	capabilities *ast.Capabilities
	builtins     []*ast.Builtin
	permissive   bool
}

// Load reads, seals, checks and selects controls. Every problem is a fatal
// diagnostic; the set holds what is sound, so that one bad control never hides
// another's findings.
func Load(sources []Source, opts Options) (*Set, []fact.Diagnostic) {
	capabilities := Capabilities()
	recorded, diagnostics := recordedOf(sources, opts)
	files, problems := read(sources, capabilities, recorded)
	diagnostics = append(diagnostics, problems...)
	files, sealed := seal(files)
	diagnostics = append(diagnostics, sealed...)
	s := &Set{files: files, capabilities: capabilities, Params: opts.Params, Data: opts.Data, builtins: opts.Builtins, permissive: opts.Permissive}
	if s.Params == nil {
		s.Params = &Parameters{}
	}
	s.Digest = digest(files)
	diagnostics = append(diagnostics, s.readPolicies(opts)...)
	var libs []*file
	for _, f := range files {
		if !f.isControl() && f.policy == nil {
			libs = append(libs, f)
		}
	}
	byID := map[string]*Control{}
	for _, f := range files {
		if !f.isControl() {
			diagnostics = append(diagnostics, almostControl(f)...)
			continue
		}
		c, problems := newControl(f)
		diagnostics = append(diagnostics, problems...)
		if c == nil || len(problems) > 0 {
			continue
		}
		c.libs, c.capabilities, c.params = libs, capabilities, s.Params
		if first, dup := byID[c.ID]; dup {
			diagnostics = append(diagnostics, f.diagnose(f.parsed().Package.Location, "control defined twice",
				fmt.Sprintf("%s is also defined in %s", c.ID, first.file.path), "one control is one package in one file"))
			continue
		}
		byID[c.ID] = c
		c.recall()
		s.Controls = append(s.Controls, c)
	}
	foreign := intrusions(files, byID)
	diagnostics = append(diagnostics, foreign...)
	s.Controls = slices.DeleteFunc(s.Controls, func(c *Control) bool {
		if !opts.CheckEmbedded && c.file.embedded {
			return false
		}
		problems := c.check(s)
		diagnostics = append(diagnostics, problems...)
		return len(problems) > 0
	})
	slices.SortFunc(s.Controls, func(a, b *Control) int { return cmp.Compare(a.ID, b.ID) })
	diagnostics = append(diagnostics, s.choose(opts.Select, opts.Skip)...)
	return s, diagnostics
}

// recordedOf reads what is known of the embedded sets: nothing where they are checked
// anew.
func recordedOf(sources []Source, opts Options) (map[string]known, []fact.Diagnostic) {
	recorded := map[string]known{}
	var diagnostics []fact.Diagnostic
	for _, source := range sources {
		if !source.Embedded || opts.CheckEmbedded {
			continue
		}
		all, err := readKnown(source.FS)
		if err != nil {
			diagnostics = append(diagnostics, fatal(KnownFile, "cannot read what controls read", err.Error()))
		}
		maps.Copy(recorded, all)
	}
	return recorded, diagnostics
}

// choose applies selectors. One that matches nothing is an error: a typo must
// not make a gate green.
func (s *Set) choose(selects, skips []string) []fact.Diagnostic {
	var diagnostics []fact.Diagnostic
	used := map[string]bool{}
	match := func(c *Control, selectors []string) bool {
		hit := false
		for _, sel := range selectors {
			if Matches(c, sel) {
				used[sel] = true
				hit = true
			}
		}
		return hit
	}
	take := func(c *Control) bool {
		chosen := match(c, selects) || len(selects) == 0
		return !match(c, skips) && chosen
	}
	kept := s.Controls[:0:0]
	for _, c := range s.Controls {
		if take(c) {
			kept = append(kept, c)
		}
	}
	for _, p := range s.Policies {
		p.Rules = slices.DeleteFunc(p.Rules, func(r *PolicyRule) bool { return !take(&Control{ID: r.ID, GDPR: r.GDPR}) })
	}
	s.Policies = slices.DeleteFunc(s.Policies, func(p *Policy) bool { return len(p.Rules) == 0 })
	for _, sel := range append(slices.Clone(selects), skips...) {
		if !used[sel] {
			diagnostics = append(diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "selector matches nothing",
				Detail: fmt.Sprintf("no control is called %q", sel), Hint: "`writ controls` lists them" + fact.Suggest(sel, s.ids())})
		}
	}
	s.Controls = kept
	return diagnostics
}

func (s *Set) ids() []string {
	ids := make([]string, len(s.Controls))
	for i, c := range s.Controls {
		ids[i] = c.ID
	}
	for _, r := range s.PolicyRules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// Matches reports whether a selector names a control: a glob over its id, in
// which * stands for any characters, or gdpr:ARTICLE, which covers the article's
// paragraphs too.
func Matches(c *Control, selector string) bool {
	if article, ok := strings.CutPrefix(selector, "gdpr:"); ok {
		return slices.ContainsFunc(c.GDPR, func(a string) bool {
			return a == article || strings.HasPrefix(a, article+"(")
		})
	}
	ok, err := path.Match(selector, c.ID)
	return err == nil && ok
}
