package register

import (
	"encoding/json"
	"math/big"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/writ-policy/writ/engine/fact"
)

// literal is a value as written. Value is a string, a bool, a json.Number, a
// []literal or a []member.
type literal struct {
	at    fact.Position
	value any
}

// member of an object, in the order of the file.
type member struct {
	key   string
	at    fact.Position
	value literal
}

// plain returns the value without positions; numbers stay json.Number.
func (l literal) plain() any {
	switch v := l.value.(type) {
	case []literal:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = e.plain()
		}
		return out
	case []member:
		out := make(map[string]any, len(v))
		for _, m := range v {
			out[m.key] = m.value.plain()
		}
		return out
	}
	return l.value
}

// what names the type of a literal for a diagnostic.
func (l literal) what() string {
	switch l.value.(type) {
	case string:
		return "a string"
	case bool:
		return "true or false"
	case json.Number:
		return "a number"
	case []literal:
		return "a list"
	}
	return "an object"
}

// literal reads an expression. Registers and project files hold values only: a
// reference, a call, an operation or a template is a diagnostic, and so is null.
func (d *decoder) literal(e hcl.Expression) (literal, bool) {
	at := position(e.Range())
	if bad := notLiteral(e); bad != "" {
		d.problem(at, "Not a literal value", bad+" is not possible here: every value is written out.", quoteHint(e))
		return literal{}, false
	}
	switch e := e.(type) {
	case *hclsyntax.TupleConsExpr:
		return d.list(e, at)
	case *hclsyntax.ObjectConsExpr:
		return d.object(e, at)
	}
	v, diags := e.Value(nil)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		d.diagnose(diags)
		return literal{}, false
	}
	switch t := v.Type(); {
	case v.IsNull():
		d.problem(at, "Null is no value here", "", "Leave the attribute out instead.")
		return literal{}, false
	case t == cty.String:
		s := v.AsString()
		if !isNative(e) && (strings.Contains(s, "${") || strings.Contains(s, "%{")) {
			d.problem(at, "Not a literal value", "A template is not possible here: every value is written out.", "")
			return literal{}, false
		}
		if strings.ContainsFunc(s, unprintable) {
			d.problem(at, "Control character", "A string holds text, with line ends and tabs at most.", "")
			return literal{}, false
		}
		return literal{at, s}, true
	case t == cty.Bool:
		return literal{at, v.True()}, true
	case t == cty.Number:
		return literal{at, number(v.AsBigFloat())}, true
	case t.IsTupleType():
		return d.list(e, at)
	}
	return d.object(e, at)
}

func (d *decoder) list(e hcl.Expression, at fact.Position) (literal, bool) {
	elements, diags := hcl.ExprList(e)
	d.diagnose(diags)
	ok, out := !diags.HasErrors(), []literal{}
	for _, each := range elements {
		l, good := d.literal(each)
		ok = ok && good
		out = append(out, l)
	}
	return literal{at, out}, ok
}

func (d *decoder) object(e hcl.Expression, at fact.Position) (literal, bool) {
	pairs, diags := hcl.ExprMap(e)
	d.diagnose(diags)
	ok, out, seen := !diags.HasErrors(), []member{}, map[string]bool{}
	for _, p := range pairs {
		k, diags := p.Key.Value(nil)
		if diags.HasErrors() || k.IsNull() || k.Type() != cty.String {
			d.problem(position(p.Key.Range()), "Not a literal key", "A key is a name or a string.", "")
			ok = false
			continue
		}
		key := k.AsString()
		if seen[key] {
			d.problem(position(p.Key.Range()), "Duplicate key", "The key "+quote(key)+" was given before.", "")
			ok = false
			continue
		}
		seen[key] = true
		v, good := d.literal(p.Value)
		ok = ok && good
		out = append(out, member{key, position(p.Key.Range()), v})
	}
	return literal{at, out}, ok
}

func unprintable(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

func isNative(e hcl.Expression) bool { _, ok := e.(hclsyntax.Expression); return ok }

// notLiteral names what an expression is if it is no literal, "" if it is one.
func notLiteral(e hcl.Expression) string {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr, *hclsyntax.TupleConsExpr, *hclsyntax.ObjectConsExpr:
		return ""
	case *hclsyntax.UnaryOpExpr:
		if v, ok := e.Val.(*hclsyntax.LiteralValueExpr); ok && e.Op == hclsyntax.OpNegate && v.Val.Type() == cty.Number {
			return ""
		}
		return "An operation"
	case *hclsyntax.TemplateExpr:
		for _, part := range e.Parts {
			if _, ok := part.(*hclsyntax.LiteralValueExpr); !ok {
				return "A template"
			}
		}
		return ""
	case *hclsyntax.TemplateWrapExpr:
		return "A template"
	case *hclsyntax.ScopeTraversalExpr:
		return "A reference"
	case *hclsyntax.FunctionCallExpr:
		return "A function call"
	case hclsyntax.Expression:
		return "An expression"
	}
	return ""
}

func quoteHint(e hcl.Expression) string {
	if t, ok := e.(*hclsyntax.ScopeTraversalExpr); ok && len(t.Traversal) == 1 {
		return "Write it in quotes: " + quote(t.Traversal.RootName()) + "."
	}
	return ""
}

// number keeps what was written: whole numbers of up to 64 bits without exponent,
// others in a short form. One that is not finite as a float64 is refused by what
// needs a number, since that reads it with a bound.
func number(f *big.Float) json.Number {
	if f.IsInt() && f.MantExp(nil) <= 64 {
		return json.Number(f.Text('f', 0))
	}
	return json.Number(f.Text('g', 17))
}

// position turns an HCL range to ours; the source is the file's name.
func position(r hcl.Range) fact.Position {
	return fact.Position{Source: r.Filename, Line: r.Start.Line, Column: r.Start.Column, EndLine: r.End.Line}
}
