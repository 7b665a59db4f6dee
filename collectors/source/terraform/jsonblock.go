package terraform

import (
	"bytes"
	stdjson "encoding/json"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// resourceBody reads the body of a resource, data source or provider. JSON does
// not say whether an object is a nested block or the value of an argument, and
// Terraform asks the provider's schema. Here an object is a block unless its
// name is in mapArguments or its members could not be arguments. Arrays of
// objects are blocks, which is the same value either way.
func (r *jsonReader) resourceBody(expr hcl.Expression, kind string) *hclsyntax.Body {
	body := newBody(expr)
	for _, m := range r.each(expr, "a block") {
		r.item(body, m, kind, kind != "")
	}
	return body
}

func (r *jsonReader) item(body *hclsyntax.Body, m jsonMember, kind string, top bool) {
	switch {
	case top && (m.name == "lifecycle" || m.name == "provisioner" || m.name == "connection"):
	case top && (m.name == "provider" || m.name == "depends_on"):
		r.set(body, m, r.expression(m.value, false))
	case m.name == "dynamic":
		for _, inner := range r.each(m.value, "dynamic") {
			for _, e := range bodies(inner.value) {
				body.Blocks = append(body.Blocks, r.dynamicBlock(inner, e, kind))
			}
		}
	case r.isBlock(m, kind):
		for _, e := range bodies(m.value) {
			b := r.block("", nil, m.key, e)
			b.Type = m.name
			b.Body = newBody(e)
			for _, inner := range r.each(e, m.name) {
				r.item(b.Body, inner, kind, false)
			}
			body.Blocks = append(body.Blocks, b)
		}
	default:
		r.set(body, m, r.expression(m.value, true))
	}
}

func (r *jsonReader) dynamicBlock(m jsonMember, expr hcl.Expression, kind string) *hclsyntax.Block {
	b := r.block("", []string{m.name}, m.key, expr)
	b.Type, b.Body = "dynamic", newBody(expr)
	for _, inner := range r.each(expr, "dynamic") {
		switch inner.name {
		case "content":
			for _, e := range bodies(inner.value) {
				content := r.block("", nil, inner.key, e)
				content.Type, content.Body = "content", newBody(e)
				for _, c := range r.each(e, "content") {
					r.item(content.Body, c, kind, false)
				}
				b.Body.Blocks = append(b.Body.Blocks, content)
			}
		case "iterator":
			r.set(b.Body, inner, r.written(inner.value))
		default:
			r.set(b.Body, inner, r.expression(inner.value, true))
		}
	}
	return b
}

// isBlock decides whether a property is a nested block.
func (r *jsonReader) isBlock(m jsonMember, kind string) bool {
	if elems, diags := hcl.ExprList(m.value); !diags.HasErrors() {
		for _, e := range elems {
			if _, diags := hcl.ExprMap(e); diags.HasErrors() {
				return false
			}
		}
		return len(elems) > 0
	}
	pairs, diags := hcl.ExprMap(m.value)
	if diags.HasErrors() || isMapArgument(m.name, kind) {
		return false
	}
	for _, p := range pairs {
		name, _ := p.Key.Value(nil)
		if !hclsyntax.ValidIdentifier(name.AsString()) && name.AsString() != "//" {
			return false
		}
	}
	return true
}

// jsonTooDeep reports whether the arrays and objects of a JSON text nest deeper
// than the limit, or a string in it does as a template.
func jsonTooDeep(text []byte, limit int) bool {
	if countNesting(text) <= limit {
		return false
	}
	dec := stdjson.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	depth := 0
	for {
		token, err := dec.Token()
		if err != nil {
			return false // the parser words what is wrong
		}
		switch t := token.(type) {
		case stdjson.Delim:
			if t == '[' || t == '{' {
				depth++
			} else {
				depth--
			}
		case string:
			if strings.ContainsAny(t, "$%") {
				if _, deep := templateTooDeep([]byte(t), "", limit); deep {
					return true
				}
			} else if _, deep := tooDeep([]byte(t), "", limit); deep {
				return true // it may be parsed as an expression
			}
		}
		if depth > limit {
			return true
		}
	}
}
