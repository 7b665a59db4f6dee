package control

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// Policy is a conftest policy: the rules of one namespace, a package without
// custom.subject, of any number of files. It is asked about raw documents, each of
// which is its input as a whole.
type Policy struct {
	// Namespace is the package path without "data": main, k8s.security.
	Namespace string
	// Rules in the order of the files and of the lines in them.
	Rules []*PolicyRule
	// Excepts is true if there may be an exception.
	Excepts bool
	// ExceptionPos is where its first rule of exceptions stands, if in its own files.
	ExceptionPos fact.Position

	path  ast.Ref
	files []*file
}

// PolicyRule is all definitions of one name in a namespace. Its entries are findings.
type PolicyRule struct {
	// ID is the namespace and the name: main.deny_public.
	ID, Name    string
	Title       string // of METADATA, else made of the name
	Description string
	Remediation string
	Severity    string // high unless METADATA says otherwise
	GDPR        []string
	References  []string
	// Warning: what it finds is advice, which never gates.
	Warning bool
	// Excepted is the name by which an exception covers it: "" for deny itself.
	Excepted string
	// Sets is true if every definition adds to a set, so that the rule is always
	// defined.
	Sets bool
	Pos  fact.Position

	at *ast.Location
}

// Ref returns the reference to a rule.
func (p *Policy) Ref(name string) ast.Ref { return p.path.Append(ast.StringTerm(name)) }

// names by which conftest knows rules, and what people write instead.
var (
	failureName = regexp.MustCompile(`^(deny|violation)(_[a-zA-Z0-9]+)*$`)
	warningName = regexp.MustCompile(`^warn(_[a-zA-Z0-9]+)*$`)
	// beginsLike takes denyFoo, deny__foo, DENY and deny9, but not denylist.
	beginsLike = regexp.MustCompile(`^(?:(?i:deny|violation|warn)$|(?:deny|violation|warn|Deny|Violation|Warn|DENY|VIOLATION|WARN)[A-Z0-9_])`)
	// reachesFor also takes denied and warnings.
	reachesFor = regexp.MustCompile(`^(?i:den(y|ied|ies)|violat|warn)`)
)

// asked reports whether conftest asks a rule of that name.
func asked(name string) bool { return failureName.MatchString(name) || warningName.MatchString(name) }

// excepted is a rule's name as exceptions give it.
func excepted(name string) string {
	for _, prefix := range []string{"violation", "deny", "warn"} {
		if name == prefix {
			return ""
		}
		if rest, ok := strings.CutPrefix(name, prefix+"_"); ok {
			return rest
		}
	}
	return name
}

// newPolicyRule begins a rule with its first definition.
func newPolicyRule(namespace, name string, f *file, r *ast.Rule) *PolicyRule {
	id := namespace + "." + name
	return &PolicyRule{
		ID: id, Name: name, Title: name + " of package " + namespace, Severity: "high",
		Warning: warningName.MatchString(name), Excepted: excepted(name), Sets: true,
		Pos: fact.Position{Source: f.path, Line: r.Location.Row, Column: r.Location.Col}, at: r.Location,
	}
}

// define adds a definition; METADATA of any of them describes the rule, that of the
// package what it says nothing of.
func (p *PolicyRule) define(r *ast.Rule) {
	p.Sets = p.Sets && r.Head.RuleKind() == ast.MultiValue
	for _, a := range r.Annotations {
		p.describe(a)
		if a.Title != "" {
			p.Title = a.Title
		}
	}
}

func (p *PolicyRule) describe(a *ast.Annotations) {
	text := func(key string) string { s, _ := a.Custom[key].(string); return s }
	if s := strings.ToLower(text("severity")); slices.Contains([]string{"low", "medium", "high", "critical"}, s) {
		p.Severity = s
	}
	p.Description = cmp.Or(a.Description, p.Description)
	p.Remediation = cmp.Or(text("remediation"), p.Remediation)
	if list, ok := a.Custom["gdpr"].([]any); ok {
		for _, e := range list {
			if s, ok := e.(string); ok && !slices.Contains(p.GDPR, s) {
				p.GDPR = append(p.GDPR, s)
			}
		}
	}
	for _, r := range a.RelatedResources {
		if ref := r.Ref.String(); !slices.Contains(p.References, ref) {
			p.References = append(p.References, ref)
		}
	}
}

// PolicyRules lists the rules of all policies by id.
func (s *Set) PolicyRules() []*PolicyRule {
	var out []*PolicyRule
	for _, p := range s.Policies {
		out = append(out, p.Rules...)
	}
	slices.SortFunc(out, func(a, b *PolicyRule) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
