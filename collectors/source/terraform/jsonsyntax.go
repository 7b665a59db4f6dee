package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
)

// jsonReader turns Terraform's JSON syntax into the syntax tree of the native
// one, so that everything after reading is the same for both.
type jsonReader struct {
	ev   *evaluation
	path string
	bad  bool // a diagnostic made the file unusable
}

// parseJSON reads a file in JSON, nil if it cannot be used; values says that it
// sets variables and holds no configuration.
func (ev *evaluation) parseJSON(text []byte, path string, values bool) *hclsyntax.Body {
	r := &jsonReader{ev: ev, path: path}
	if jsonTooDeep(text, ev.limits.Nesting) {
		ev.refuse(startOf(path), "nested too deeply", "")
		ev.incomplete("file " + path + ": nested too deeply")
		return nil
	}
	doc, diags := json.ParseExpression(text, path)
	var body *hclsyntax.Body
	if !diags.HasErrors() {
		if values {
			body = r.valuesBody(doc)
		} else {
			body = r.rootBody(doc)
		}
	}
	if diags.HasErrors() || r.bad {
		ev.failSyntax(path, diags)
		ev.incomplete("file " + path + ": syntax error")
		return nil
	}
	return body
}

// jsonMember is a property of a JSON object.
type jsonMember struct {
	name  string
	key   hcl.Range
	value hcl.Expression
}

// members lists the properties of an object, or of each object of an array, in
// source order and without comments; ok is false for other values.
func (r *jsonReader) members(expr hcl.Expression) (list []jsonMember, ok bool) {
	if pairs, diags := hcl.ExprMap(expr); !diags.HasErrors() {
		for _, p := range pairs {
			name, _ := p.Key.Value(nil)
			if name.IsNull() || name.Type() != cty.String || name.AsString() == "//" {
				continue
			}
			list = append(list, jsonMember{name.AsString(), p.Key.Range(), p.Value})
		}
		return list, true
	}
	elems, diags := hcl.ExprList(expr)
	if diags.HasErrors() {
		return nil, false
	}
	for _, e := range elems {
		inner, ok := r.members(e)
		if !ok {
			return nil, false
		}
		list = append(list, inner...)
	}
	return list, true
}

// each is members for a place where only an object makes sense.
func (r *jsonReader) each(expr hcl.Expression, what string) []jsonMember {
	list, ok := r.members(expr)
	if !ok && !isNull(expr) {
		r.fail(expr.Range(), what+" has to be an object")
	}
	return list
}

func (r *jsonReader) fail(rng hcl.Range, summary string) {
	r.bad = true
	r.ev.refuse(rng, summary, "")
}

func isNull(expr hcl.Expression) bool {
	v, diags := expr.Value(nil)
	return !diags.HasErrors() && v.IsNull()
}

func newBody(expr hcl.Expression) *hclsyntax.Body {
	return &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: expr.Range(), EndRange: expr.Range()}
}

func (r *jsonReader) rootBody(doc hcl.Expression) *hclsyntax.Body {
	body := newBody(doc)
	for _, m := range r.each(doc, "the file") {
		n, known := labelCount(m.name)
		if !known {
			r.ev.warn(m.key, "blocks of type \""+m.name+"\" are not evaluated", "")
			continue
		}
		r.labelled(body, m.name, nil, n, m)
	}
	return body
}

// labelled descends through n levels of labels to the bodies of a block type.
func (r *jsonReader) labelled(into *hclsyntax.Body, kind string, labels []string, n int, m jsonMember) {
	if n > 0 {
		for _, inner := range r.each(m.value, kind) {
			r.labelled(into, kind, append(labels[:len(labels):len(labels)], inner.name), n-1, inner)
		}
		return
	}
	for _, expr := range bodies(m.value) {
		into.Blocks = append(into.Blocks, r.block(kind, labels, m.key, expr))
	}
}

// bodies splits the value of a block property: one block, or one per element.
func bodies(expr hcl.Expression) []hcl.Expression {
	if elems, diags := hcl.ExprList(expr); !diags.HasErrors() {
		return elems
	}
	if isNull(expr) {
		return nil
	}
	return []hcl.Expression{expr}
}

func (r *jsonReader) block(kind string, labels []string, key hcl.Range, expr hcl.Expression) *hclsyntax.Block {
	rng := expr.Range()
	b := &hclsyntax.Block{
		Type: kind, Labels: labels, TypeRange: key,
		OpenBraceRange:  hcl.Range{Filename: rng.Filename, Start: rng.Start, End: rng.Start},
		CloseBraceRange: hcl.Range{Filename: rng.Filename, Start: rng.End, End: rng.End},
	}
	for range labels {
		b.LabelRanges = append(b.LabelRanges, key)
	}
	switch kind {
	case "resource", "data", "ephemeral":
		b.Body = r.resourceBody(expr, labels[0])
	case "provider":
		b.Body = r.resourceBody(expr, "")
	case "terraform":
		b.Body = r.settingsBody(expr)
	case "variable":
		b.Body = r.variableBody(expr)
	default:
		b.Body = r.argumentsBody(expr)
	}
	return b
}

func (r *jsonReader) set(body *hclsyntax.Body, m jsonMember, expr hclsyntax.Expression) {
	rng := hcl.RangeBetween(m.key, m.value.Range())
	body.Attributes[m.name] = &hclsyntax.Attribute{Name: m.name, Expr: expr, SrcRange: rng, NameRange: m.key, EqualsRange: m.key}
}

// argumentsBody takes every property as an argument.
func (r *jsonReader) argumentsBody(expr hcl.Expression) *hclsyntax.Body {
	body := newBody(expr)
	for _, m := range r.each(expr, "a block") {
		r.set(body, m, r.expression(m.value, true))
	}
	return body
}

// valuesBody reads a variable file: strings are no templates there.
func (r *jsonReader) valuesBody(doc hcl.Expression) *hclsyntax.Body {
	body := newBody(doc)
	for _, m := range r.each(doc, "the file") {
		r.set(body, m, r.expression(m.value, false))
	}
	return body
}

// variableBody reads a type as an expression and a default without templates.
func (r *jsonReader) variableBody(expr hcl.Expression) *hclsyntax.Body {
	body := newBody(expr)
	for _, m := range r.each(expr, "a block") {
		switch m.name {
		case "type":
			r.set(body, m, r.written(m.value))
		case "validation":
		default:
			r.set(body, m, r.expression(m.value, false))
		}
	}
	return body
}

func (r *jsonReader) settingsBody(expr hcl.Expression) *hclsyntax.Body {
	body := newBody(expr)
	for _, m := range r.each(expr, "a block") {
		switch m.name {
		case "backend":
			for _, inner := range r.each(m.value, m.name) {
				r.backend(body, m.name, []string{inner.name}, inner)
			}
		case "cloud":
			r.backend(body, m.name, nil, m)
		case "required_providers":
			for _, e := range bodies(m.value) {
				body.Blocks = append(body.Blocks, r.block(m.name, nil, m.key, e))
			}
		}
	}
	return body
}

func (r *jsonReader) backend(body *hclsyntax.Body, kind string, labels []string, m jsonMember) {
	for _, e := range bodies(m.value) {
		b := r.block(kind, labels, m.key, e)
		b.Body = r.resourceBody(e, "")
		body.Blocks = append(body.Blocks, b)
	}
}

// written parses a string as the expression that it is in the native syntax.
func (r *jsonReader) written(expr hcl.Expression) hclsyntax.Expression {
	v, diags := expr.Value(nil)
	if diags.HasErrors() || v.IsNull() || v.Type() != cty.String {
		return r.expression(expr, false)
	}
	parsed, diags := hclsyntax.ParseExpression([]byte(v.AsString()), r.path, expr.Range().Start)
	if diags.HasErrors() {
		r.fail(expr.Range(), lowerFirst(diags[0].Summary))
		return r.expression(expr, false)
	}
	return parsed
}

// expression turns a JSON value into syntax; templates says whether strings,
// and names of members, are templates.
func (r *jsonReader) expression(expr hcl.Expression, templates bool) hclsyntax.Expression {
	if pairs, diags := hcl.ExprMap(expr); !diags.HasErrors() {
		obj := &hclsyntax.ObjectConsExpr{SrcRange: expr.Range(), OpenRange: expr.StartRange()}
		for _, p := range pairs {
			obj.Items = append(obj.Items, hclsyntax.ObjectConsItem{
				KeyExpr: r.expression(p.Key, templates), ValueExpr: r.expression(p.Value, templates),
			})
		}
		return obj
	}
	if elems, diags := hcl.ExprList(expr); !diags.HasErrors() {
		tuple := &hclsyntax.TupleConsExpr{SrcRange: expr.Range(), OpenRange: expr.StartRange()}
		for _, e := range elems {
			tuple.Exprs = append(tuple.Exprs, r.expression(e, templates))
		}
		return tuple
	}
	v, diags := expr.Value(nil)
	if diags.HasErrors() {
		r.fail(expr.Range(), lowerFirst(diags[0].Summary))
		v = cty.NullVal(cty.DynamicPseudoType)
	}
	if templates && !v.IsNull() && v.Type() == cty.String && strings.ContainsAny(v.AsString(), "$%") {
		return r.template(v.AsString(), expr.Range())
	}
	return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: expr.Range()}
}

func (r *jsonReader) template(text string, rng hcl.Range) hclsyntax.Expression {
	start := rng.Start
	start.Column++
	start.Byte++
	parsed, diags := hclsyntax.ParseTemplate([]byte(text), r.path, start)
	if diags.HasErrors() {
		r.fail(rng, lowerFirst(diags[0].Summary))
	}
	switch e := parsed.(type) {
	case *hclsyntax.TemplateExpr:
		e.SrcRange = rng
	case *hclsyntax.TemplateWrapExpr:
		e.SrcRange = rng
	}
	return parsed
}
