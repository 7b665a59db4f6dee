package control

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// check finds what would silently never match: misspelt kinds, fields,
// parameters and members of enumerations, facts that are reached otherwise than
// by reference, null. All its diagnostics are fatal.
func (c *Control) check(s *Set) []fact.Diagnostic {
	typed := c.typeCheck(s)
	k := &check{control: c, schemas: map[string]map[string]any{}}
	apart, err := c.Apart()
	if err != nil {
		if len(typed) == 0 {
			return c.file.explainAll(err)
		}
		return s.diagnose(typed) // what does not compile cannot be followed
	}
	for _, r := range apart.Rules {
		reads, err := c.reads(apart.Compiler, r.Entry, &k.notes)
		if err != nil {
			return []fact.Diagnostic{c.file.diagnose(nil, "cannot compile policy", err.Error(), "")}
		}
		k.params = append(k.params, reads.Params...)
	}
	k.losses()
	k.absences()
	k.steps()
	k.lookups()
	k.wholes()
	k.withs()
	k.comparisons()
	k.parameters()
	// Where there is a diagnostic of ours, OPA's says the same less well.
	for _, d := range s.diagnose(typed) {
		if !slices.ContainsFunc(k.found, func(o fact.Diagnostic) bool { return o.Pos.Source == d.Pos.Source && o.Pos.Line == d.Pos.Line }) {
			k.found = append(k.found, d)
		}
	}
	return k.found
}

// check collects the diagnostics of one control.
type check struct {
	control *Control
	notes   notes
	params  []string // names read
	found   []fact.Diagnostic
	schemas map[string]map[string]any // of kinds
}

// report adds a diagnostic, once: clauses are followed one by one, and share
// helpers.
func (k *check) report(at *ast.Location, summary, detail, hint string) {
	f := k.control.file
	if at != nil {
		for _, lib := range k.control.libs {
			if lib.path == at.File {
				f = lib
			}
		}
	}
	d := f.diagnose(at, summary, detail, hint)
	if !slices.Contains(k.found, d) {
		k.found = append(k.found, d)
	}
}

func (k *check) losses() {
	for _, n := range k.notes.losses {
		k.report(n.at, "cannot be followed", n.why, "write it in smaller steps, so that it is known which facts the rule reads")
	}
}

// absences finds references to rules that are not there, which would be undefined
// without an error.
func (k *check) absences() {
	for _, n := range k.notes.absent {
		name := strings.TrimPrefix(n.ref.ConstantPrefix().String(), "data.")
		hint := "a control uses rules of its own package, of lib, and data.params"
		k.report(n.at, "nothing is defined there", "there is no rule or package "+name+fact.Suggest(name, k.rules()), hint)
	}
}

// rules lists the rules that the control could mean, without those of other
// controls.
func (k *check) rules() []string {
	var out []string
	for _, f := range append([]*file{k.control.file}, k.control.libs...) {
		p := strings.TrimPrefix(f.parsed().Package.Path.String(), "data.")
		for _, r := range f.parsed().Rules {
			out = append(out, p+"."+ruleName(r))
		}
	}
	return out
}

// lookups holds that facts are reached through references only: the engine then
// knows which facts a subject reached, and counts their gaps.
func (k *check) lookups() {
	for _, n := range k.notes.lookups {
		if n.kind == "*" || fact.LookupKind(n.kind) == nil {
			continue // reported as a step
		}
		what := ""
		switch {
		case len(n.key.constants) > 0:
			what = n.key.constants[0].String() + " is a constant"
		case len(n.key.places) == 0 || n.key.computed:
			what = "the value between the last brackets is computed"
		}
		for _, p := range n.key.places {
			if ref := k.refers(p); what == "" && ref != n.kind {
				what = k.describe(p) + " holds no reference"
				if ref != "" {
					what = k.describe(p) + " refers to " + ref
				}
			}
		}
		if what != "" {
			k.report(n.at, "not a reference", "facts of kind "+n.kind+" are looked up by reference, but "+what, k.referring(n.kind))
		}
	}
}

// refers returns the kind that the field at a place refers to.
func (k *check) refers(p place) string {
	kind, path := k.field(p)
	if kind == nil {
		return ""
	}
	for len(path) > 0 && strings.HasSuffix(path[len(path)-1], "[]") {
		path[len(path)-1] = strings.TrimSuffix(path[len(path)-1], "[]")
	}
	if f := kind.Field(strings.Join(path, ".")); f != nil {
		return f.Ref
	}
	return ""
}

// referring lists the fields that refer to a kind.
func (k *check) referring(kind string) string {
	var fields []string
	for _, from := range append([]string{k.control.Subject}, k.control.Kinds()...) {
		of := fact.LookupKind(from)
		if of == nil {
			continue
		}
		for _, f := range of.Fields {
			if f.Ref == kind {
				name := "input.subject." + f.Path
				if from != k.control.Subject {
					name = f.Path + " of " + from
				}
				if !slices.Contains(fields, name) {
					fields = append(fields, name)
				}
			}
		}
	}
	if len(fields) == 0 {
		return "neither " + k.control.Subject + " nor another kind of the control refers to " + kind
	}
	return "what refers to it: " + strings.Join(fields, ", ")
}

// wholes refuses to read or go through facts otherwise than by reference.
func (k *check) wholes() {
	for _, n := range k.notes.eachs {
		switch {
		case isKind(n.of):
			k.report(n.at, "facts are iterated", "the facts of kind "+n.of[2]+" are not a list to search: the engine would not know which of them the subject reached", k.referring(n.of[2]))
		case len(n.of) < 3 && n.of[0] == "input" && (len(n.of) == 1 || n.of[1] == "facts"):
			k.report(n.at, "facts are iterated", strings.Join(n.of, ".")+" is not a list to search", "name the kind: input.facts[\"kind\"][reference]")
		}
	}
	for _, n := range k.notes.wholes {
		if isKind(n.of) || n.of[0] == "input" && (len(n.of) == 1 || len(n.of) == 2 && n.of[1] == "facts") {
			k.report(n.at, "facts are read whole", "which facts the rule reaches cannot be told where "+strings.Join(n.of, ".")+" is used as a value",
				"select from it: input.facts[\"kind\"][reference].field")
		}
	}
}

// withs allows to replace what no reference stands in.
func (k *check) withs() {
	for _, n := range k.notes.withs {
		ref, ok := n.target.Value.(ast.Ref)
		if !ok {
			continue
		}
		p := place(ground(ref))
		allowed := false
		switch {
		case len(p) > 1 && p[0] == "data" && p[1] == "params", len(p) > 1 && p[0] == "input" && (p[1] == "run" || p[1] == "target"):
			allowed = true
		case len(p) > 2 && p[0] == "input" && p[1] == "subject":
			allowed = !slices.ContainsFunc(fact.LookupKind(k.control.Subject).Fields, func(f fact.Field) bool {
				path := strings.ReplaceAll(f.Path, "[]", "")
				own := strings.Join(p[2:], ".")
				return f.Ref != "" && (path == own || strings.HasPrefix(path, own+"."))
			})
		}
		if !allowed {
			k.report(n.at, "with replaces facts", ref.String()+" may not be replaced in a control: what it reads would not be what was collected",
				"pass the value to a function")
		}
	}
}
