package control

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Exclusions returns the not_applicable clauses that an entry betrays: those whose
// entry is a constant text that no other clause of the set yields, by that text. Where
// a clause's entries cannot be foreseen, none does.
func (c *Control) Exclusions() (map[string]*Rule, error) {
	rules, err := c.Rules()
	if err != nil {
		return nil, err
	}
	heads := map[int]*ast.Term{} // by row
	for _, r := range c.file.module.Rules {
		for ; r != nil; r = r.Else {
			if string(r.Head.Name) == NotApplicable && r.Location != nil {
				heads[r.Location.Row] = r.Head.Key
			}
		}
	}
	constant, times := map[string]*Rule{}, map[string]int{}
	var prefixes []string // of entries that are formatted
	for _, r := range rules {
		if r.Set != NotApplicable {
			continue
		}
		key := heads[r.Row]
		if key == nil {
			return nil, nil
		}
		text, whole, ok := begins(key)
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
