package control

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// typeCheck compiles the control once more, only to find misspelt fields and
// values that never compare: input and data.params are typed, null is left out
// of the types (a rule that reads null is never asked), and a look-up
// input.facts[kind][ref] becomes an element of an array of that kind.
func (c *Control) typeCheck(s *Set) ast.Errors {
	modules := map[string]*ast.Module{}
	for _, lib := range c.imported() {
		modules[lib.path] = lib.module.Copy()
		annotate(modules[lib.path], c, s.Params)
	}
	module := c.file.parsed().Copy()
	elementLookups(module)
	annotate(module, c, s.Params)
	modules[c.file.path] = module
	compiler := ast.NewCompiler().WithCapabilities(s.capabilities).WithStrict(true).
		WithEnablePrintStatements(false).WithUseTypeCheckAnnotations(true)
	compiler.Compile(modules)
	return compiler.Errors
}

// annotate gives a module's package the schemas of what it sees.
func annotate(m *ast.Module, c *Control, params *Parameters) {
	var input, data any = inputSchema(c), params.Schema()
	var a *ast.Annotations
	for _, each := range m.Annotations {
		each.Schemas = nil
		if each.Scope == "package" {
			a = each
		}
	}
	if a == nil {
		a = &ast.Annotations{Scope: "package", Location: m.Package.Location}
		m.Annotations = append(m.Annotations, a)
	}
	a.Schemas = []*ast.SchemaAnnotation{
		{Path: ast.MustParseRef("input"), Definition: &input},
		{Path: ast.MustParseRef("data.params"), Definition: &data},
	}
}

func inputSchema(c *Control) map[string]any {
	facts := map[string]any{}
	for _, kind := range c.Kinds() {
		if fact.LookupKind(kind) == nil {
			continue
		}
		facts[kind] = map[string]any{"type": "array", "items": fact.LookupKind(kind).TypeSchema()}
	}
	str := map[string]any{"type": "string"}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": map[string]any{
		"subject": fact.LookupKind(c.Subject).TypeSchema(),
		"target":  map[string]any{"type": "object", "additionalProperties": false, "properties": map[string]any{"id": str, "environment": str}},
		"facts":   map[string]any{"type": "object", "additionalProperties": false, "properties": facts},
		"run":     map[string]any{"type": "object", "additionalProperties": false, "properties": map[string]any{"now": str, "date": str}},
	}}
}

// elementLookups replaces the reference operand of every input.facts[kind][ref]
// by count([ref]): a number, which indexes an array, keeps the operand used and
// keeps an unbound one unsafe.
func elementLookups(m *ast.Module) {
	ast.WalkRefs(m, func(r ast.Ref) bool {
		if len(r) < 4 || !r[0].Equal(ast.InputRootDocument) || !r[1].Equal(ast.StringTerm("facts")) {
			return false
		}
		operand := r[3]
		r[3] = &ast.Term{Location: operand.Location, Value: ast.Call{
			ast.NewTerm(ast.Count.Ref()).SetLocation(operand.Location),
			ast.ArrayTerm(operand).SetLocation(operand.Location),
		}}
		return false
	})
}
