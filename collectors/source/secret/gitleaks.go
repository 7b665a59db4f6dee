package secret

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// Config is what a file of rules in gitleaks' format adds.
type Config struct {
	// Rules are its own.
	Rules []*Rule
	// Defaults is set if the file extends the default rules: its allowances then
	// hold for the built-in ones too, which stand for them.
	Defaults bool
	allow    []allowlist
}

// ReadConfig takes over a file of rules in gitleaks' format (version 8), read as
// TOML. A rule's regular expression is asked about a file as a whole, if the file
// holds one of its keywords in any case; the secret is the group that secretGroup
// names, else the first that is not empty, else the match. Built-in rules are not
// left out: disabledRules, and files that [extend] names, are diagnosed.
func ReadConfig(d node.Document) (*Config, []fact.Diagnostic) {
	r := &configReader{source: d.Source}
	c := &Config{}
	r.members(d.Root, "the file", "title", "description", "minVersion", "version", "extend", "rules", "allowlist", "allowlists")
	if extend := d.Root.Get("extend"); extend != nil {
		r.members(extend, "extend", "useDefault", "path", "url", "disabledRules")
		c.Defaults = extend.Get("useDefault") != nil && extend.Get("useDefault").Text == "true"
		for _, name := range []string{"path", "url"} {
			if n := extend.Get(name); n != nil {
				r.warn(n, "rules elsewhere are not followed", n.Text, "name the file with another --secret-rules")
			}
		}
		if n := extend.Get("disabledRules"); n != nil && len(n.Elems) > 0 {
			r.warn(n, "built-in rules are not left out", strings.Join(r.texts(n), ", "), "allow what they find in the register: allow \"RULE\" { … }")
		}
	}
	c.allow = r.allowlists(d.Root)
	ids := map[string]bool{}
	for _, n := range r.list(d.Root.Get("rules"), "rules") {
		rule := r.rule(n, c)
		if rule == nil {
			continue
		}
		if ids[rule.ID] {
			r.fail(n, "a rule stands twice", rule.ID)
			continue
		}
		ids[rule.ID] = true
		c.Rules = append(c.Rules, rule)
	}
	return c, r.diagnostics
}

type configReader struct {
	source      string
	diagnostics []fact.Diagnostic
}

func (r *configReader) warn(n *node.Node, summary, detail, hint string) {
	r.diagnostics = append(r.diagnostics, fact.Diagnostic{Severity: "warning", Summary: summary, Detail: detail, Hint: hint, Pos: n.Pos(r.source)})
}

func (r *configReader) fail(n *node.Node, summary, detail string) {
	r.diagnostics = append(r.diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: summary, Detail: detail, Pos: n.Pos(r.source)})
}

// members warns of what is not known, so that a misspelt allowance is not silent.
func (r *configReader) members(n *node.Node, where string, known ...string) {
	for i := range n.Keys {
		if !slices.Contains(known, n.Keys[i].Name) {
			r.warn(n.Elems[i], "not known in rules of secrets", fmt.Sprintf("%s has no member %q that is followed", where, n.Keys[i].Name), "")
		}
	}
}

func (r *configReader) list(n *node.Node, what string) []*node.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == node.Array:
		return n.Elems
	}
	r.fail(n, "a list of tables is needed", what)
	return nil
}

func (r *configReader) text(n *node.Node, name string) string {
	m := n.Get(name)
	switch {
	case m == nil:
		return ""
	case m.Kind == node.String:
		return m.Text
	}
	r.fail(m, "a string is needed", name)
	return ""
}

func (r *configReader) texts(n *node.Node) []string {
	if n == nil {
		return nil
	}
	if n.Kind == node.String {
		return []string{n.Text}
	}
	var out []string
	for _, e := range r.list(n, "strings") {
		if e.Kind != node.String {
			r.fail(e, "a string is needed", "")
			continue
		}
		out = append(out, e.Text)
	}
	return out
}

func (r *configReader) number(n *node.Node, name string) float64 {
	m := n.Get(name)
	if m == nil {
		return 0
	}
	v, err := strconv.ParseFloat(m.Text, 64)
	if m.Kind != node.Number || err != nil {
		r.fail(m, "a number is needed", name)
	}
	return v
}

// expressions compiles; one that does not is an error, and left out.
func (r *configReader) expressions(n *node.Node) []*regexp.Regexp {
	var out []*regexp.Regexp
	for _, text := range r.texts(n) {
		re, err := regexp.Compile(text)
		if err != nil {
			r.fail(n, "not a regular expression", err.Error())
			continue
		}
		out = append(out, re)
	}
	return out
}

func (r *configReader) rule(n *node.Node, c *Config) *Rule {
	r.members(n, "a rule", "id", "description", "regex", "secretGroup", "entropy", "path", "keywords", "tags", "allowlist", "allowlists", "required", "skipReport")
	rule := &Rule{ID: r.text(n, "id"), Form: Literal, Fold: true, Whole: true, rank: byPlace}
	if rule.ID == "" {
		r.fail(n, "a rule needs an id", "")
		return nil
	}
	if req := n.Get("required"); req != nil {
		r.warn(req, "other rules that a rule requires are not followed", rule.ID+" matches without them", "")
	}
	for _, k := range r.texts(n.Get("keywords")) {
		if k != "" {
			rule.Keywords = append(rule.Keywords, strings.ToLower(k))
		}
	}
	entropy, group := r.number(n, "entropy"), int(r.number(n, "secretGroup"))
	if n.Get("path") != nil {
		paths := r.expressions(n.Get("path"))
		if len(paths) == 0 {
			return nil
		}
		rule.Files = paths[0].MatchString
	}
	if n.Get("regex") == nil {
		if rule.Files == nil {
			r.fail(n, "a rule needs a regex or a path", rule.ID)
			return nil
		}
		allow := append(r.allowlists(n), c.allow...)
		rule.Keywords = nil
		rule.Check = func(t *Text, m []int, f *Found) bool { return !allows(allow, rule.ID, t, m, f) }
		return rule
	}
	list := r.expressions(n.Get("regex"))
	if len(list) == 0 {
		return nil
	}
	if group < 0 || group > list[0].NumSubexp() {
		r.fail(n.Get("secretGroup"), "the regex has no such group", strconv.Itoa(group))
		return nil
	}
	rule.Expr, rule.compile = list[0].String(), func() *regexp.Regexp { return list[0] }
	allow := append(r.allowlists(n), c.allow...)
	rule.Check = func(t *Text, m []int, f *Found) bool {
		g := group
		for i := 1; g == 0 && 2*i+1 < len(m); i++ {
			if m[2*i] >= 0 && m[2*i+1] > m[2*i] {
				g = i
			}
		}
		if m[2*g] < 0 || m[2*g+1] == m[2*g] {
			return false
		}
		f.Start, f.End = m[2*g], m[2*g+1]
		f.Value = t.Data[f.Start:f.End]
		return (entropy == 0 || Entropy(f.Value) > entropy) && !allows(allow, rule.ID, t, m, f)
	}
	return rule
}

// Apply gives rules the allowances that hold for all. A match they cover is not
// reported.
func (c *Config) Apply(rules []*Rule) {
	if !c.Defaults || len(c.allow) == 0 {
		return
	}
	for _, rule := range rules {
		check := rule.Check
		rule.Check = func(t *Text, m []int, f *Found) bool {
			return (check == nil || check(t, m, f)) && !allows(c.allow, rule.ID, t, m, f)
		}
	}
}

// allowlist says which matches are none.
type allowlist struct {
	all       bool // its conditions hold together
	rules     []string
	commits   []string
	paths     []*regexp.Regexp
	target    string
	regexes   []*regexp.Regexp
	stopwords []string
}

func (r *configReader) allowlists(n *node.Node) []allowlist {
	list := slices.Clone(r.list(n.Get("allowlists"), "allowlists"))
	if one := n.Get("allowlist"); one != nil {
		list = append(list, one)
	}
	var out []allowlist
	for _, e := range list {
		r.members(e, "an allowlist", "description", "condition", "commits", "paths", "regexTarget", "regexes", "stopwords", "targetRules")
		a := allowlist{
			all: strings.EqualFold(r.text(e, "condition"), "AND") || r.text(e, "condition") == "&&", rules: r.texts(e.Get("targetRules")),
			target: r.text(e, "regexTarget"), paths: r.expressions(e.Get("paths")), regexes: r.expressions(e.Get("regexes")),
		}
		for _, c := range r.texts(e.Get("commits")) {
			a.commits = append(a.commits, strings.ToLower(c))
		}
		for _, w := range r.texts(e.Get("stopwords")) {
			a.stopwords = append(a.stopwords, strings.ToLower(w))
		}
		if !slices.Contains([]string{"", "secret", "match", "line"}, a.target) {
			r.fail(e.Get("regexTarget"), "not a target", a.target)
			continue
		}
		if len(a.commits)+len(a.paths)+len(a.regexes)+len(a.stopwords) == 0 {
			r.warn(e, "an allowlist without conditions", "it allows nothing", "")
			continue
		}
		out = append(out, a)
	}
	return out
}

func allows(list []allowlist, rule string, t *Text, m []int, f *Found) bool {
	return slices.ContainsFunc(list, func(a allowlist) bool { return a.allows(rule, t, m, f) })
}

func (a allowlist) allows(rule string, t *Text, m []int, f *Found) bool {
	if len(a.rules) > 0 && !slices.Contains(a.rules, rule) {
		return false
	}
	target := f.Value
	switch a.target {
	case "match":
		target = t.Data[m[0]:m[1]]
	case "line":
		start, end := strings.LastIndexByte(t.Data[:m[0]], '\n')+1, strings.IndexByte(t.Data[m[1]:], '\n')
		if end < 0 {
			end = len(t.Data) - m[1]
		}
		target = t.Data[start : m[1]+end]
	}
	matches := func(list []*regexp.Regexp, text string) bool {
		return slices.ContainsFunc(list, func(re *regexp.Regexp) bool { return re.MatchString(text) })
	}
	low := strings.ToLower(f.Value)
	var said []bool
	if len(a.commits) > 0 {
		said = append(said, t.Commit != "" && slices.Contains(a.commits, t.Commit))
	}
	if len(a.paths) > 0 {
		said = append(said, matches(a.paths, t.Name))
	}
	if len(a.regexes) > 0 {
		said = append(said, matches(a.regexes, target))
	}
	if len(a.stopwords) > 0 {
		said = append(said, slices.ContainsFunc(a.stopwords, func(w string) bool { return strings.Contains(low, w) }))
	}
	if a.all {
		return !slices.Contains(said, false)
	}
	return slices.Contains(said, true)
}
