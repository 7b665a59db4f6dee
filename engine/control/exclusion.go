package control

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Exclusions returns the not_applicable clauses that an entry betrays, by its text.
func (c *Control) Exclusions() (map[string]*Rule, error) { return c.Marks(NotApplicable) }

// Marks returns the clauses of a set that an entry betrays, by its mark: those whose
// entries have a constant mark that no other clause of the set yields. Where a clause's
// entries cannot be foreseen, none does.
func (c *Control) Marks(set string) (map[string]*Rule, error) {
	rules, err := c.Rules()
	if err != nil {
		return nil, err
	}
	heads := map[int]*ast.Term{} // by row
	for _, r := range c.file.parsed().Rules {
		for ; r != nil; r = r.Else {
			if string(r.Head.Name) == set && r.Location != nil {
				heads[r.Location.Row] = r.Head.Key
			}
		}
	}
	constant, times := map[string]*Rule{}, map[string]int{}
	var prefixes []string // of marks that are formatted
	for _, r := range rules {
		if r.Set != set {
			continue
		}
		key := heads[r.Row]
		if key == nil {
			return nil, nil
		}
		kind, key := marking(key)
		if key == nil {
			return nil, nil
		}
		text, whole, ok := begins(key)
		text = kind + text
		switch {
		case !ok:
			return nil, nil
		case whole:
			constant[text] = r
			times[text]++
		default:
			prefixes = append(prefixes, text)
		}
	}
	for text := range constant {
		for _, p := range prefixes {
			if strings.HasPrefix(text, p) {
				times[text]++
			}
		}
		if times[text] > 1 {
			delete(constant, text)
		}
	}
	return constant, nil
}

// marking is the part of an entry that marks it: of a text all of it, of an object its
// key, else its message.
func marking(entry *ast.Term) (kind string, part *ast.Term) {
	switch v := entry.Value.(type) {
	case ast.String, ast.Call:
		return "", entry
	case ast.Object:
		for _, name := range []string{"key", "msg"} {
			if t := v.Get(ast.StringTerm(name)); t != nil {
				return name + ":", t
			}
		}
	}
	return "", nil
}

// Mark is the mark of an entry, "" if it has none that is a text.
func Mark(entry *ast.Term) string {
	kind, part := marking(entry)
	if part == nil {
		return ""
	}
	if text, ok := part.Value.(ast.String); ok {
		return kind + string(text)
	}
	return ""
}

// begins returns what every value of a term begins with, and whether that is all of
// it; ok is false if nothing is known.
func begins(t *ast.Term) (text string, whole, ok bool) {
	switch v := t.Value.(type) {
	case ast.String:
		return string(v), true, true
	case ast.Call:
		if len(v) < 2 || v[0].String() != "sprintf" {
			return "", false, false
		}
		format, ok := v[1].Value.(ast.String)
		if !ok {
			return "", false, false
		}
		text, _, _ := strings.Cut(string(format), "%")
		return text, false, true
	}
	return "", false, false
}
