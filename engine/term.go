package engine

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// keyTerms makes the terms of all property names of all kinds once; they are
// shared by every object and read only.
func keyTerms() map[string]*ast.Term {
	keys := map[string]*ast.Term{}
	for _, k := range fact.Kinds() {
		for _, f := range k.Fields {
			name := f.Path[strings.LastIndexByte(f.Path, '.')+1:]
			if keys[name] == nil {
				keys[name] = ast.StringTerm(name)
			}
		}
	}
	return keys
}

// term converts a fact's value. Numbers stay exact. Objects and arrays, and
// strings too, get a term of their own, so that an entry's "at" is found by
// identity.
func term(v any, keys map[string]*ast.Term) *ast.Term { return ast.NewTerm(termValue(v, keys)) }

func termValue(v any, keys map[string]*ast.Term) ast.Value {
	switch v := v.(type) {
	case nil:
		return ast.NullValue
	case bool:
		return ast.Boolean(v)
	case string:
		return ast.String(v)
	case int:
		return ast.Number(strconv.Itoa(v))
	case int64:
		return ast.Number(strconv.FormatInt(v, 10))
	case json.Number:
		return ast.Number(v)
	case float64:
		return ast.Number(strconv.FormatFloat(v, 'g', -1, 64))
	case []any:
		members, terms := make([]ast.Term, len(v)), make([]*ast.Term, len(v))
		for i, e := range v {
			members[i].Value = termValue(e, keys)
			terms[i] = &members[i]
		}
		return ast.NewArray(terms...)
	case fact.Item:
		return termValue(map[string]any(v), keys)
	case map[string]any:
		members, pairs := make([]ast.Term, len(v)), make([][2]*ast.Term, 0, len(v))
		for name, m := range v {
			key := keys[name]
			if key == nil {
				key = ast.StringTerm(name)
			}
			member := &members[len(pairs)]
			member.Value = termValue(m, keys)
			pairs = append(pairs, [2]*ast.Term{key, member})
		}
		return ast.NewObject(pairs...)
	}
	// Anything else has no JSON form; validation has refused it.
	return ast.NullValue
}

// plain converts a term of a control's entry to JSON values; nil for nil.
func plain(t *ast.Term) any {
	if t == nil {
		return nil
	}
	v, err := ast.JSON(t.Value)
	if err != nil {
		return t.String()
	}
	return v
}
