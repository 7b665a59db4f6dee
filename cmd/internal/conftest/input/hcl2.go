package input

import (
	"fmt"
	"strconv"
	"strings"
	"unsafe"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/zclconf/go-cty/cty"
	ctyconvert "github.com/zclconf/go-cty/cty/convert"
)

// parseHCL2 reads HCL 2 in the shape of hcl2json without simplification: labels are
// objects within each other, blocks always arrays, and an expression that is no
// literal is its source within "${" and "}".
func parseHCL2(b *builder, _ string, data []byte) (*ast.Term, error) {
	if t, _, ok := readPlainHCL(b, data, false); ok {
		return t, nil
	}
	file, diags := hclsyntax.ParseConfig(data, "", hcl.Pos{Line: 1, Column: 1})
	if diags.HasErrors() {
		return nil, fmt.Errorf("convert to bytes: parse config: %v", diags.Errs())
	}
	// What is made holds parts of data, which nobody may change from then on.
	h := &hclReader{b: b, text: unsafe.String(unsafe.SliceData(data), len(data))}
	t, err := h.body(file.Body.(*hclsyntax.Body))
	if err != nil {
		return nil, fmt.Errorf("convert to bytes: convert to HCL: convert file: convert body: %w", err)
	}
	return t, nil
}

type hclReader struct {
	b    *builder
	text string
}

// hclObject is an object in the making. A member is an attribute's value, the blocks
// of one name, or the object that a label stands for.
type hclObject struct {
	members []hclMember
	index   map[string]int // of many members
}

type hclMember struct {
	name   string
	value  *ast.Term
	blocks []*ast.Term
	object *hclObject
}

// linear is the number of members up to which looking through them is faster.
const linear = 24

func (o *hclObject) find(name string) *hclMember {
	if o.index != nil {
		if i, ok := o.index[name]; ok {
			return &o.members[i]
		}
		return nil
	}
	for i := range o.members {
		if o.members[i].name == name {
			return &o.members[i]
		}
	}
	return nil
}

func (o *hclObject) add(m hclMember) {
	o.members = append(o.members, m)
	switch {
	case o.index != nil:
		o.index[m.name] = len(o.members) - 1
	case len(o.members) > linear:
		o.index = make(map[string]int, 4*linear)
		for i := range o.members {
			o.index[o.members[i].name] = i
		}
	}
}

func (h *hclReader) body(body *hclsyntax.Body) (*ast.Term, error) {
	o := &hclObject{members: make([]hclMember, 0, min(linear, len(body.Blocks)+len(body.Attributes)))}
	for _, block := range body.Blocks {
		if err := h.block(o, block); err != nil {
			return nil, fmt.Errorf("convert block: %w", err)
		}
	}
	for name, attribute := range body.Attributes {
		v, err := h.expression(attribute.Expr)
		if err != nil {
			return nil, fmt.Errorf("convert expression: %w", err)
		}
		if m := o.find(name); m != nil {
			*m = hclMember{name: name, value: v}
			continue
		}
		o.add(hclMember{name: name, value: v})
	}
	return h.term(o), nil
}

func (h *hclReader) block(o *hclObject, block *hclsyntax.Block) error {
	name := block.Type
	for _, label := range block.Labels {
		m := o.find(name)
		if m == nil {
			inner := &hclObject{}
			o.add(hclMember{name: name, object: inner})
			o = inner
		} else if m.object != nil {
			o = m.object
		} else {
			return fmt.Errorf("Unable to convert Block to JSON: %s.%s", block.Type, strings.Join(block.Labels, "."))
		}
		name = label
	}
	v, err := h.body(block.Body)
	if err != nil {
		return fmt.Errorf("convert body: %w", err)
	}
	switch m := o.find(name); {
	case m == nil:
		o.add(hclMember{name: name, blocks: []*ast.Term{v}})
	case m.blocks != nil:
		m.blocks = append(m.blocks, v)
	default:
		return fmt.Errorf("invalid HCL detected for %q block, cannot have blocks with and without labels", name)
	}
	return nil
}

func (h *hclReader) term(o *hclObject) *ast.Term {
	pairs := make([][2]*ast.Term, len(o.members))
	for i, m := range o.members {
		v := m.value
		switch {
		case m.object != nil:
			v = h.term(m.object)
		case m.blocks != nil:
			v = ast.ArrayTerm(m.blocks...)
		}
		pairs[i] = [2]*ast.Term{h.b.key(m.name), v}
	}
	return h.b.object(pairs)
}

func (h *hclReader) expression(e hclsyntax.Expression) (*ast.Term, error) {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return h.literal(e.Val)
	case *hclsyntax.UnaryOpExpr:
		if _, ok := e.Val.(*hclsyntax.LiteralValueExpr); !ok {
			return h.b.text(h.wrapped(e)), nil
		}
		v, diags := e.Value(nil)
		if diags.HasErrors() {
			return nil, diags
		}
		return h.literal(v)
	case *hclsyntax.TemplateExpr:
		s, err := h.template(e)
		return h.b.text(s), err
	case *hclsyntax.TemplateWrapExpr:
		return h.expression(e.Wrapped)
	case *hclsyntax.TupleConsExpr:
		terms := make([]*ast.Term, len(e.Exprs))
		for i, element := range e.Exprs {
			t, err := h.expression(element)
			if err != nil {
				return nil, err
			}
			terms[i] = t
		}
		return ast.ArrayTerm(terms...), nil
	case *hclsyntax.ObjectConsExpr:
		pairs := make([][2]*ast.Term, len(e.Items))
		for i, item := range e.Items {
			name, err := h.name(item.KeyExpr)
			if err != nil {
				return nil, err
			}
			t, err := h.expression(item.ValueExpr)
			if err != nil {
				return nil, err
			}
			pairs[i] = [2]*ast.Term{h.b.key(name), t}
		}
		return h.b.object(pairs), nil
	}
	return h.b.text(h.wrapped(e)), nil
}

func (h *hclReader) literal(v cty.Value) (*ast.Term, error) {
	switch {
	case v.IsNull():
		return ast.NullTerm(), nil
	case !v.IsKnown():
		return nil, fmt.Errorf("marshal json: value is not known")
	case v.Type() == cty.Bool:
		return ast.InternedTerm(v.True()), nil
	case v.Type() == cty.String:
		return h.b.text(v.AsString()), nil
	case v.Type() == cty.Number:
		number := v.AsBigFloat()
		if i, accuracy := number.Int64(); accuracy == 0 && i > -1e6 && i < 1e6 && !(i == 0 && number.Signbit()) {
			return h.b.float(float64(i)), nil
		}
		text := number.Text('f', -1)
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("json: cannot unmarshal number %s into Go value of type float64", text)
		}
		return h.b.float(f), nil
	}
	return nil, fmt.Errorf("marshal json: unsupported literal of type %s", v.Type().FriendlyName())
}

// template spells a template with its interpolations and directives as they are
// written, and its escapes resolved.
func (h *hclReader) template(e *hclsyntax.TemplateExpr) (string, error) {
	if e.IsStringLiteral() {
		if l, ok := e.Parts[0].(*hclsyntax.LiteralValueExpr); ok && l.Val.Type() == cty.String {
			return escapeTemplate(l.Val.AsString()), nil
		}
	}
	var s strings.Builder
	for _, part := range e.Parts {
		text, err := h.part(part)
		if err != nil {
			return "", err
		}
		s.WriteString(text)
	}
	return s.String(), nil
}

func (h *hclReader) part(e hclsyntax.Expression) (string, error) {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		if e.Val.IsNull() {
			return "null", nil
		}
		v, err := ctyconvert.Convert(e.Val, cty.String)
		if err != nil {
			return "", err
		}
		return escapeTemplate(v.AsString()), nil
	case *hclsyntax.TemplateExpr:
		return h.template(e)
	case *hclsyntax.TemplateWrapExpr:
		return h.part(e.Wrapped)
	case *hclsyntax.ConditionalExpr:
		return h.conditional(e), nil
	case *hclsyntax.TemplateJoinExpr:
		if loop, ok := e.Tuple.(*hclsyntax.ForExpr); ok {
			return h.loop(loop)
		}
	}
	return h.wrapped(e), nil
}

func (h *hclReader) conditional(e *hclsyntax.ConditionalExpr) string {
	yes, err := h.part(e.TrueResult)
	if err != nil {
		return ""
	}
	s := "%{if " + h.source(e.Condition.Range()) + "}" + yes
	if no, err := h.part(e.FalseResult); err == nil && no != "" {
		s += "%{else}" + no
	}
	return s + "%{endif}"
}

func (h *hclReader) loop(e *hclsyntax.ForExpr) (string, error) {
	body, err := h.part(e.ValExpr)
	if err != nil {
		return "", err
	}
	names := e.ValVar
	if e.KeyVar != "" {
		names = e.KeyVar + ", " + names
	}
	return "%{for " + names + " in " + h.source(e.CollExpr.Range()) + "}" + body + "%{endfor}", nil
}

// name is a member's name in an object expression.
func (h *hclReader) name(e hclsyntax.Expression) (string, error) {
	if k, ok := e.(*hclsyntax.ObjectConsKeyExpr); ok {
		e = k.Wrapped
		if _, ok := e.(*hclsyntax.ScopeTraversalExpr); ok {
			return h.source(e.Range()), nil
		}
	}
	return h.part(e)
}

func (h *hclReader) wrapped(e hclsyntax.Expression) string {
	return "${" + h.source(e.Range()) + "}"
}

// source is the text of a range, with a closing parenthesis that stands at its end:
// some ranges of hcl stop before theirs.
func (h *hclReader) source(r hcl.Range) string {
	end := r.End.Byte
	if end < len(h.text) && h.text[end] == ')' {
		end++
	}
	return h.text[r.Start.Byte:end]
}

func escapeTemplate(s string) string {
	if strings.Contains(s, "{") {
		s = strings.ReplaceAll(s, "${", "$${")
		s = strings.ReplaceAll(s, "%{", "%%{")
	}
	return s
}
