package terraform

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// labelCount is how many labels a top-level block has; blocks that say nothing
// about resources are there so that they are not reported.
func labelCount(kind string) (n int, ok bool) {
	switch kind {
	case "resource", "data", "ephemeral":
		return 2, true
	case "variable", "output", "module", "provider", "check":
		return 1, true
	case "terraform", "locals", "moved", "import", "removed":
		return 0, true
	}
	return 0, false
}

func blockRange(b *hclsyntax.Block) hcl.Range {
	return hcl.Range{Filename: b.TypeRange.Filename, Start: b.TypeRange.Start, End: b.CloseBraceRange.End}
}

// newBlock checks the labels and returns nil for a block that is not modelled.
func (ev *evaluation) newBlock(b *hclsyntax.Block) *block {
	n, ok := labelCount(b.Type)
	if !ok {
		ev.warn(b.TypeRange, fmt.Sprintf("blocks of type %q are not evaluated", b.Type), "")
		return nil
	}
	if len(b.Labels) != n {
		ev.fail(b.TypeRange, fmt.Sprintf("a %s block has %d labels, not %d", b.Type, n, len(b.Labels)), "")
		ev.incomplete(fmt.Sprintf("%s block at %s: wrong labels", b.Type, position(b.TypeRange)))
		return nil
	}
	return &block{kind: b.Type, labels: b.Labels, body: b.Body, rng: blockRange(b)}
}

// declareAll enters the blocks of a file.
func (ev *evaluation) declareAll(mod *module, body *hclsyntax.Body) {
	for _, a := range sortedAttributes(body) {
		ev.fail(a.NameRange, fmt.Sprintf("an argument named %q is not expected here", a.Name), "arguments stand in blocks; for values of variables use a .tfvars file")
	}
	for _, raw := range body.Blocks {
		b := ev.newBlock(raw)
		if b == nil {
			continue
		}
		switch b.kind {
		case "locals":
			for _, a := range sortedAttributes(b.body) {
				if first, ok := mod.local[a.Name]; ok {
					ev.duplicate(a.NameRange, "local value "+a.Name, first.NameRange)
					continue
				}
				mod.local[a.Name] = a
				mod.locals = append(mod.locals, a)
			}
		case "terraform":
			ev.declareSettings(mod, b)
		default:
			ev.declare(mod, b)
		}
	}
}

func (ev *evaluation) declare(mod *module, b *block) {
	switch b.kind {
	case "resource", "data", "ephemeral":
		r := &resourceBlock{block: *b, name: nameOf(b)}
		if first, ok := mod.resource[r.name]; ok {
			ev.duplicate(b.rng, "resource "+r.name.String(), first.rng)
			// Both are put out: which one counts is not for a reader to say.
			mod.resources = append(mod.resources, r)
			return
		}
		mod.resource[r.name] = r
		mod.resources = append(mod.resources, r)
	case "variable":
		if first, ok := mod.variable[b.labels[0]]; ok {
			ev.duplicate(b.rng, "variable "+b.labels[0], first.rng)
			return
		}
		v := &variableBlock{block: *b}
		mod.variable[b.labels[0]] = v
		mod.variables = append(mod.variables, v)
	case "output":
		ev.declareIn(mod.output, &mod.outputs, b)
	case "module":
		ev.declareIn(mod.call, &mod.calls, b)
	case "check":
		for _, nested := range b.body.Blocks {
			if nested.Type == data && len(nested.Labels) == 2 {
				ev.declare(mod, &block{kind: data, labels: nested.Labels, body: nested.Body, rng: blockRange(nested)})
			}
		}
	case "provider":
		mod.providers = append(mod.providers, &providerBlock{block: *b, alias: ev.aliasOf(b)})
	}
}

func (ev *evaluation) declareIn(index map[string]*block, list *[]*block, b *block) {
	if first, ok := index[b.labels[0]]; ok {
		ev.duplicate(b.rng, b.kind+" "+b.labels[0], first.rng)
		return
	}
	index[b.labels[0]] = b
	*list = append(*list, b)
}

func nameOf(b *block) resourceName {
	mode := managed
	if b.kind != "resource" {
		mode = b.kind
	}
	return resourceName{mode, b.labels[0], b.labels[1]}
}

func (ev *evaluation) duplicate(rng hcl.Range, what string, first hcl.Range) {
	ev.fail(rng, what+" is declared twice", "first declared at "+position(first).String())
}

func (ev *evaluation) aliasOf(b *block) string {
	a := b.body.Attributes["alias"]
	if a == nil {
		return ""
	}
	s, ok := literalString(a.Expr)
	if !ok {
		ev.fail(a.Expr.Range(), "the alias of a provider has to be a literal string", "")
	}
	return s
}

// declareSettings reads a terraform block: its backend, and which provider
// configurations the caller has to pass.
func (ev *evaluation) declareSettings(mod *module, b *block) {
	for _, nested := range b.body.Blocks {
		switch nested.Type {
		case "backend", "cloud":
			mod.backend = &block{kind: nested.Type, labels: nested.Labels, body: nested.Body, rng: blockRange(nested)}
		case "required_providers":
			for _, a := range nested.Body.Attributes {
				for _, alias := range configurationAliases(a.Expr) {
					mod.aliases[alias] = true
				}
			}
		}
	}
}

// configurationAliases returns "aws.west" for each entry of that argument.
func configurationAliases(expr hclsyntax.Expression) []string {
	obj, ok := expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return nil
	}
	var aliases []string
	for _, item := range obj.Items {
		list, ok := item.ValueExpr.(*hclsyntax.TupleConsExpr)
		if !ok || hcl.ExprAsKeyword(item.KeyExpr) != "configuration_aliases" {
			continue
		}
		for _, e := range list.Exprs {
			if name, alias, ok := providerReference(e); ok {
				aliases = append(aliases, name+"."+alias)
			}
		}
	}
	return aliases
}

// decodeVariable reads type, default, nullable and sensitive. A type that
// cannot be understood leaves values as they are.
func (ev *evaluation) decodeVariable(v *variableBlock) {
	v.ty, v.nullable = cty.DynamicPseudoType, true
	attrs := v.body.Attributes
	if a := attrs["type"]; a != nil {
		v.ty, v.defaults = ev.typeConstraint(a.Expr)
	}
	v.fallback = attrs["default"]
	if a := attrs["nullable"]; a != nil {
		v.nullable = ev.literalBool(a, true)
	}
	if a := attrs["sensitive"]; a != nil {
		v.sensitive = ev.literalBool(a, true)
	}
}

func (ev *evaluation) typeConstraint(expr hclsyntax.Expression) (cty.Type, *typeexpr.Defaults) {
	if s, ok := literalString(expr); ok {
		// As written before Terraform 0.12.
		switch s {
		case "string":
			return cty.String, nil
		case "list":
			return cty.List(cty.DynamicPseudoType), nil
		case "map":
			return cty.Map(cty.DynamicPseudoType), nil
		}
	}
	switch hcl.ExprAsKeyword(expr) {
	case "list":
		return cty.List(cty.DynamicPseudoType), nil
	case "map":
		return cty.Map(cty.DynamicPseudoType), nil
	case "set":
		return cty.Set(cty.DynamicPseudoType), nil
	}
	ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(expr)
	if diags.HasErrors() {
		ev.fail(expr.Range(), "invalid type: "+lowerFirst(strings.TrimSuffix(diags[0].Detail, ".")), "")
		return cty.DynamicPseudoType, nil
	}
	return ty, defaults
}

// literalBool reads an argument that has to be a literal; otherwise is returned
// with a diagnostic if it is not.
func (ev *evaluation) literalBool(a *hclsyntax.Attribute, otherwise bool) bool {
	if v, diags := a.Expr.Value(nil); !diags.HasErrors() && v.Type() == cty.Bool && v.IsKnown() && !v.IsNull() {
		return v.True()
	}
	ev.fail(a.Expr.Range(), a.Name+" has to be true or false, written literally", "")
	return otherwise
}

// literalString returns the text of a string written without interpolation.
func literalString(expr hclsyntax.Expression) (string, bool) {
	v := literal(expr)
	if v.IsNull() || v.Type() != cty.String {
		return "", false
	}
	return v.AsString(), true
}
