package terraform

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// overrideAll merges the blocks of an override file into those declared.
// Arguments replace arguments; nested blocks of a type replace all of that
// type, generated ones included.
func (ev *evaluation) overrideAll(mod *module, body *hclsyntax.Body) {
	for _, raw := range body.Blocks {
		b := ev.newBlock(raw)
		if b == nil {
			continue
		}
		switch b.kind {
		case "terraform":
			ev.declareSettings(mod, b)
		case "locals":
			for _, a := range sortedAttributes(b.body) {
				ev.overrideLocal(mod, a)
			}
		default:
			ev.override(mod, b)
		}
	}
}

func (ev *evaluation) overrideLocal(mod *module, a *hclsyntax.Attribute) {
	base := mod.local[a.Name]
	mod.local[a.Name] = a
	if base == nil {
		ev.warn(a.NameRange, "local value "+a.Name+" overrides nothing", "declare it in a file that is no override")
		mod.locals = append(mod.locals, a)
		return
	}
	mod.locals[slices.Index(mod.locals, base)] = a
}

func (ev *evaluation) override(mod *module, b *block) {
	var base *block
	switch b.kind {
	case "resource", "data", "ephemeral":
		if r := mod.resource[nameOf(b)]; r != nil {
			base = &r.block
		}
	case "variable":
		if v := mod.variable[b.labels[0]]; v != nil {
			base = &v.block
		}
	case "output":
		base = mod.output[b.labels[0]]
	case "module":
		base = mod.call[b.labels[0]]
	case "provider":
		alias := ev.aliasOf(b)
		for _, p := range mod.providers {
			if p.labels[0] == b.labels[0] && p.alias == alias {
				base = &p.block
			}
		}
		if base == nil && alias == "" {
			ev.declare(mod, b) // overrides the empty one that is implied
			return
		}
	default:
		return // says nothing about resources
	}
	if base == nil {
		ev.fail(b.rng, "this "+b.kind+" block overrides nothing", "declare it in a file that is no override")
		ev.declare(mod, b)
		return
	}
	base.body = merged(base.body, b.body)
}

// merged is base with what override writes.
func merged(base, override *hclsyntax.Body) *hclsyntax.Body {
	body := &hclsyntax.Body{Attributes: maps.Clone(base.Attributes), SrcRange: base.SrcRange, EndRange: base.EndRange}
	maps.Copy(body.Attributes, override.Attributes)
	replaced := map[string]bool{}
	for _, b := range override.Blocks {
		replaced[generates(b)] = true
	}
	// lifecycle blocks add up, but nothing here reads them.
	for _, b := range base.Blocks {
		if !replaced[generates(b)] {
			body.Blocks = append(body.Blocks, b)
		}
	}
	body.Blocks = append(body.Blocks, override.Blocks...)
	slices.SortStableFunc(body.Blocks, func(a, b *hclsyntax.Block) int { return before(&a.TypeRange, &b.TypeRange) })
	return body
}

// generates is the type of the blocks that a block stands for.
func generates(b *hclsyntax.Block) string {
	if b.Type == "dynamic" && len(b.Labels) == 1 {
		return b.Labels[0]
	}
	return b.Type
}
