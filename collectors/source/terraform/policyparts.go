package terraform

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// oneOrList writes a set as the provider does: one string by itself, several in
// descending order, none as nil.
func oneOrList(texts []string) any {
	switch len(texts) {
	case 0:
		return nil
	case 1:
		return texts[0]
	}
	texts = slices.Clone(texts)
	slices.Sort(texts)
	slices.Reverse(texts)
	return texts
}

// variables turns &{aws:username}, which escapes Terraform's own interpolation,
// into the policy variable.
func (p *policyReader) variables(version string, v any) any {
	replace := func(s string) string {
		if version == "2008-10-17" && strings.Contains(s, "&{") {
			p.fail("found &{ sequence in (%s), which is not supported in document version 2008-10-17", s)
		}
		return strings.ReplaceAll(s, "&{", "${")
	}
	switch v := v.(type) {
	case string:
		return replace(v)
	case []string:
		out := make([]string, len(v))
		for i, s := range v {
			out[i] = replace(s)
		}
		return out
	}
	return v
}

type policyPrincipal struct {
	kind string
	ids  any // string or []string
}

type policyPrincipals []policyPrincipal

func (p *policyReader) principals(version string, v *Value) policyPrincipals {
	type hashed struct {
		policyPrincipal
		code string
	}
	var list []hashed
	for _, b := range p.blocks(v) {
		kind, ids := p.text(b.Get("type")), p.set(b.Get("identifiers"))
		code := "identifiers:{" + strings.Join(ids, ";")
		if len(ids) > 0 {
			code += ";"
		}
		list = append(list, hashed{policyPrincipal{kind, p.variables(version, oneOrList(ids))}, code + "};type:" + kind + ";"})
	}
	slices.SortStableFunc(list, func(a, b hashed) int { return compareHash(a.code, b.code) })
	var out policyPrincipals
	for i, h := range list {
		if i == 0 || h.code != list[i-1].code {
			out = append(out, h.policyPrincipal)
		}
	}
	return out
}

// MarshalJSON groups the identifiers by type. "*" alone stands for everyone.
func (ps policyPrincipals) MarshalJSON() ([]byte, error) {
	if len(ps) == 1 && ps[0].kind == "*" {
		if ids := texts(ps[0].ids); len(ids) == 1 && ids[0] == "*" {
			return []byte(`"*"`), nil
		}
	}
	byKind := map[string]any{}
	for _, p := range ps {
		switch ids := p.ids.(type) {
		case string:
			switch have := byKind[p.kind].(type) {
			case nil:
				byKind[p.kind] = ids
			case string:
				byKind[p.kind] = []string{have, ids}
			case []string:
				byKind[p.kind] = append(have, ids)
			}
		case []string:
			sorted := slices.Clone(ids)
			slices.Sort(sorted)
			slices.Reverse(sorted)
			byKind[p.kind] = append(texts(byKind[p.kind]), sorted...)
		}
	}
	return json.Marshal(byKind)
}

// UnmarshalJSON reads principals of a document that is merged.
func (ps *policyPrincipals) UnmarshalJSON(text []byte) error {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	switch v := v.(type) {
	case string:
		*ps = policyPrincipals{{"*", []string{"*"}}}
	case map[string]any:
		for kind, ids := range v {
			if one, ok := ids.(string); ok {
				*ps = append(*ps, policyPrincipal{kind, one})
				continue
			}
			list, err := stringsOf(ids)
			if err != nil {
				return fmt.Errorf("principal %s: %w", kind, err)
			}
			*ps = append(*ps, policyPrincipal{kind, list})
		}
		slices.SortFunc(*ps, func(a, b policyPrincipal) int { return strings.Compare(a.kind, b.kind) })
	default:
		return fmt.Errorf("unsupported data type %T for principals", v)
	}
	return nil
}

type policyCondition struct {
	test, variable string
	values         any // string or []string
}

type policyConditions []policyCondition

func (p *policyReader) conditions(version string, v *Value) policyConditions {
	type hashed struct {
		policyCondition
		code string
	}
	var list []hashed
	for _, b := range p.blocks(v) {
		c := policyCondition{test: p.text(b.Get("test")), variable: p.text(b.Get("variable"))}
		values := p.list(b.Get("values"))
		code := "test:" + c.test + ";values:("
		for _, s := range values {
			code += s + ";"
		}
		code += ");variable:" + c.variable + ";"
		if len(values) == 1 {
			c.values = p.variables(version, values[0])
		} else {
			c.values = p.variables(version, values)
		}
		list = append(list, hashed{c, code})
	}
	slices.SortStableFunc(list, func(a, b hashed) int { return compareHash(a.code, b.code) })
	var out policyConditions
	for i, h := range list {
		if i == 0 || h.code != list[i-1].code {
			out = append(out, h.policyCondition)
		}
	}
	return out
}

// MarshalJSON groups the conditions by test and variable, values in order.
func (cs policyConditions) MarshalJSON() ([]byte, error) {
	byTest := map[string]map[string]any{}
	for _, c := range cs {
		if byTest[c.test] == nil {
			byTest[c.test] = map[string]any{}
		}
		have, repeated := byTest[c.test][c.variable]
		if one, ok := c.values.(string); ok && !repeated {
			byTest[c.test][c.variable] = one
			continue
		}
		byTest[c.test][c.variable] = append(append([]string{}, texts(have)...), texts(c.values)...)
	}
	return json.Marshal(byTest)
}

// UnmarshalJSON reads conditions of a document that is merged.
func (cs *policyConditions) UnmarshalJSON(text []byte) error {
	var v map[string]map[string]any
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	for test, variables := range v {
		for variable, values := range variables {
			c := policyCondition{test: test, variable: variable}
			switch values := values.(type) {
			case string:
				c.values = values
			case bool:
				c.values = fmt.Sprint(values)
			default:
				list, err := stringsOf(values)
				if err != nil {
					return fmt.Errorf("condition %s %s: %w", test, variable, err)
				}
				if c.values = list; len(list) == 1 {
					c.values = list[0]
				}
			}
			*cs = append(*cs, c)
		}
	}
	return nil
}

// texts is one string or several, as several.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	}
	return nil
}

func stringsOf(v any) ([]string, error) {
	switch v := v.(type) {
	case string:
		return []string{v}, nil
	case []any:
		list := make([]string, len(v))
		for i, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, fmt.Errorf("unsupported data type %T", e)
			}
			list[i] = s
		}
		return list, nil
	}
	return nil, fmt.Errorf("unsupported data type %T", v)
}
