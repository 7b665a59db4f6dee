package judge

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// rule is what conftest asks as one query: all definitions of a name in a namespace.
type rule struct {
	name     string
	warning  bool
	excepted string // the name by which an exception silences it
	set      bool   // every definition adds to a set, so the rule is always defined

	metadata map[string]any // of a message that is a string; shared, never written to
}

// space is a namespace with its rules.
type space struct {
	name       string
	rules      []rule
	count      int  // definitions, of all names
	exceptions bool // there may be any
	merged     bool // the rules that are sets are also one
}

// kind says whether a rule's name makes it a rule to ask.
func kind(name string) (failure, warning bool) {
	for _, prefix := range []string{"deny", "violation", "warn"} {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		for rest != "" && ok {
			part, isPart := strings.CutPrefix(rest, "_")
			n := 0
			for n < len(part) && (part[n] >= '0' && part[n] <= '9' || part[n]|0x20 >= 'a' && part[n]|0x20 <= 'z') {
				n++
			}
			ok = isPart && n > 0
			rest = part[n:]
		}
		if ok {
			return prefix != "warn", prefix == "warn"
		}
	}
	return false, false
}

// space finds the rules of a namespace, in the order of the files and of the lines in
// them. Names that differ in case only are one, as in conftest: the first is asked.
func (e *Engine) space(name string) space {
	s := space{name: name, exceptions: len(e.opts.Data) > 0}
	for _, p := range e.paths {
		m := e.Modules[p]
		if n := namespace(m); n != name {
			s.exceptions = s.exceptions || strings.HasPrefix(n, name+".exception")
			continue
		}
		for _, r := range m.Rules {
			head := r.Head.Name.String()
			s.exceptions = s.exceptions || strings.HasPrefix(r.Head.Ref().String(), "exception")
			failure, warning := kind(head)
			if !failure && !warning {
				continue
			}
			s.count++
			i := slices.IndexFunc(s.rules, func(o rule) bool { return strings.EqualFold(o.name, head) })
			isSet := r.Head.RuleKind() == ast.MultiValue && len(r.Head.Ref()) == 1 && !r.Default
			switch {
			case i < 0:
				metadata := map[string]any{"query": "data." + name + "." + head}
				s.rules = append(s.rules, rule{head, warning, suffix(head), isSet, metadata})
			case s.rules[i].name == head:
				s.rules[i].set = s.rules[i].set && isSet
			}
		}
	}
	return s
}

// suffix is a rule's name as exceptions give it.
func suffix(name string) string {
	for _, prefix := range []string{"violation", "deny", "warn"} {
		if name == prefix {
			return ""
		}
		name = strings.TrimPrefix(name, prefix+"_")
	}
	return name
}

func (s space) exceptionQuery(r rule) string {
	return fmt.Sprintf("data.%s.exception[_][_] == %q", s.name, r.excepted)
}

func (s space) ruleQuery(r rule) string { return "data." + s.name + "." + r.name }

// query is the array of the values of all rules, in one expression: first the array
// of all exceptions, then, where they are merged, the rules that are sets, then each
// other rule, one that may be undefined in an array of none or one.
func (s space) query() (ast.Body, error) {
	var b strings.Builder
	b.WriteString("[")
	if s.exceptions {
		fmt.Fprintf(&b, "[x | x := data.%s.exception[_][_]]", s.name)
	} else {
		b.WriteString("[]")
	}
	if s.merged {
		fmt.Fprintf(&b, ", data.%s[%q]", s.name, string(together))
	}
	for _, r := range s.rules {
		switch {
		case r.set && s.merged:
		case r.set:
			b.WriteString(", " + s.ruleQuery(r))
		default:
			b.WriteString(", [x | x := " + s.ruleQuery(r) + "]")
		}
	}
	b.WriteString("]")
	return ast.ParseBody(b.String())
}

// ifWithoutContains finds rules such as "deny.foo if …", which older policies mean
// to add to a set and do not.
func ifWithoutContains(modules map[string]*ast.Module, paths []string) error {
	odd := regexp.MustCompile(`^(deny|violation|warn)(_[a-zA-Z0-9]+)*$`)
	for _, p := range paths {
		for _, r := range modules[p].Rules {
			h := r.Head
			if h == nil || h.Name != "" || h.Value == nil || len(h.Reference) == 0 || h.Value.String() != "true" {
				continue
			}
			if odd.MatchString(h.Reference[0].Value.String()) {
				return fmt.Errorf("rule in %s at line %d", modules[p].Package.Loc().File, h.Location.Row)
			}
		}
	}
	return nil
}

// seen says what the policies make visible: whether they print, and whether they may
// read data.conftest, directly or through a reference that is not known before.
func seen(modules map[string]*ast.Module) (prints, fileInfo bool) {
	for _, m := range modules {
		ast.WalkRefs(m, func(ref ast.Ref) bool {
			switch {
			case ref.String() == "print":
				prints = true
			case !ref[0].Equal(ast.DefaultRootDocument):
			case len(ref) == 1:
				fileInfo = true
			default:
				name, ok := ref[1].Value.(ast.String)
				fileInfo = fileInfo || !ok || name == "conftest"
			}
			return false
		})
	}
	return prints, fileInfo
}
