package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// emitProviders puts the configurations that the module declares into the root.
func (in *instance) emitProviders() {
	for _, b := range in.mod.providers {
		in.ev.root.Providers = append(in.ev.root.Providers, in.declaredProvider(b))
	}
}

func (in *instance) declaredProvider(b *providerBlock) *Provider {
	key := providerKey(b.labels[0], b.alias)
	if p, ok := in.providers[key]; ok {
		return p
	}
	p := &Provider{Module: in.address, Name: b.labels[0], Alias: b.alias, Pos: position(b.rng)}
	in.providers[key] = p // before the body is read: it may lead back here
	p.Body = in.frame.body(b.body, b.rng, providerMeta)
	return p
}

func providerKey(name, alias string) string {
	if alias == "" {
		return name
	}
	return name + "." + alias
}

// providerOf is the provider configuration of a resource: the one it names, or
// the default one of the provider its type begins with.
func (in *instance) providerOf(b *block) *Provider {
	name, _, _ := strings.Cut(b.labels[0], "_")
	alias := ""
	if a := b.body.Attributes["provider"]; a != nil {
		n, al, ok := providerReference(a.Expr)
		if ok {
			name, alias = n, al
		} else {
			in.ev.fail(a.Expr.Range(), "provider has to be written as NAME or NAME.ALIAS", "")
		}
	}
	return in.provider(name, alias)
}

// provider resolves a configuration: declared here, passed by the caller, or,
// for a default one, inherited. One that nothing configures has no body.
func (in *instance) provider(name, alias string) *Provider {
	key := providerKey(name, alias)
	if p, ok := in.providers[key]; ok {
		return p
	}
	var p *Provider
	for _, b := range in.mod.providers {
		if b.labels[0] == name && b.alias == alias {
			return in.declaredProvider(b)
		}
	}
	if in.parent != nil {
		if n, al, ok := passedProvider(in.block.body, key); ok {
			p = in.parent.provider(n, al)
		} else if alias == "" {
			p = in.parent.provider(name, "")
		}
	}
	if p == nil {
		p = &Provider{Module: in.address, Name: name, Alias: alias}
		if alias != "" {
			in.ev.warn(in.frameRange(), "provider "+key+" is not configured", "")
		}
	}
	in.providers[key] = p
	return p
}

// frameRange is a place to report what concerns the module as a whole.
func (in *instance) frameRange() hcl.Range {
	if in.block != nil {
		return in.block.rng
	}
	return hcl.Range{Filename: in.mod.dir}
}

// passedProvider looks key up in the providers argument of a module block.
func passedProvider(body *hclsyntax.Body, key string) (name, alias string, ok bool) {
	a := body.Attributes["providers"]
	if a == nil {
		return "", "", false
	}
	obj, isObject := a.Expr.(*hclsyntax.ObjectConsExpr)
	if !isObject {
		return "", "", false
	}
	for _, item := range obj.Items {
		expr := item.KeyExpr
		if k, isKey := expr.(*hclsyntax.ObjectConsKeyExpr); isKey {
			expr = k.Wrapped
		}
		if n, al, ok := providerReference(expr); ok && providerKey(n, al) == key {
			return providerReference(item.ValueExpr)
		}
	}
	return "", "", false
}
