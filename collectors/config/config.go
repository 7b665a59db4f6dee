// Package config collects raw facts: the parsed thing itself, for an
// organisation's own controls.
package config

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Collector yields raw kinds.
type Collector struct{}

// Name is the topic.
func (Collector) Name() string { return "config" }

// Yields lists the kinds.
func (Collector) Yields(s collectors.Scheme) []string {
	if s == collectors.Path {
		return []string{documentKind, objectKind, "terraform.resource"}
	}
	return nil
}

// Collect returns the documents of each kind that someone asks for: they are large.
func (Collector) Collect(ctx context.Context, env *collectors.Env) ([]*fact.Document, error) {
	resources, err := resources(ctx, env)
	if err != nil {
		return nil, err
	}
	raw, err := documents(ctx, env)
	if err != nil {
		return nil, err
	}
	manifests, err := kubernetes.Documents(ctx, env, "config")
	return append(append(resources, raw...), manifests...), err
}

// resources returns one document per root module, in the order of the roots.
func resources(ctx context.Context, env *collectors.Env) ([]*fact.Document, error) {
	if !env.Wants("terraform.resource") {
		return nil, nil
	}
	return terraform.EachRoot(ctx, env, func(root *terraform.Root) *fact.Document {
		b := fact.NewBuilder("terraform.resource", terraform.Target(root), env.Envelope("config", "terraform"), env.Now)
		for _, reason := range root.Incomplete {
			b.Incomplete(reason)
		}
		for _, r := range root.Resources {
			resource(b, r)
		}
		return b.Document()
	})
}

func resource(b *fact.Builder, r *terraform.Resource) {
	id := r.Address
	if !r.KnownCount {
		id += "[*]"
		b.Incomplete("the number of instances of " + r.Address + " is not known")
	}
	provider := ""
	if r.Provider != nil {
		provider = r.Provider.Name
		if r.Provider.Alias != "" {
			provider += "." + r.Provider.Alias
		}
	}
	it := b.Add(id, "declared", r.Pos)
	it.Set("mode", r.Mode, r.Pos).Set("type", r.Type, r.Pos).Set("name", r.Name, r.Pos).
		Set("module", r.Module, r.Pos).Set("provider", provider, r.Pos)
	value(it, "body", r.Body)
}

// value stores an evaluated value under a name, with its gaps and places. What is
// written as null is as if it were not written.
func value(it *fact.ItemBuilder, name string, v *terraform.Value) {
	switch v.Kind {
	case terraform.Absent, terraform.Null:
		it.Gap(name, "written as null, so the provider decides", v.Pos)
	case terraform.Bool:
		if v.Sensitive {
			it.Gap(name, "sensitive", v.Pos)
			return
		}
		it.Set(name, v.Bool, v.Pos)
	case terraform.Number:
		if v.Sensitive {
			it.Gap(name, "sensitive", v.Pos)
			return
		}
		it.Set(name, number(v.Number), v.Pos)
	case terraform.String:
		it.Set(name, v.Text, v.Pos)
	case terraform.List:
		it.Set(name, []any{}, v.Pos)
		for i, e := range v.Elems {
			value(it.Element(name, i), strconv.Itoa(i), e)
		}
	case terraform.Object:
		object := it.Object(name, v.Pos)
		for _, f := range v.Fields {
			if f.Value.Kind != terraform.Absent && f.Value.Kind != terraform.Null {
				value(object, f.Name, f.Value)
			}
		}
	default:
		it.Gap(name, v.Reason, v.Pos)
	}
}

// number keeps integers as such and everything else exact.
func number(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	return json.Number(text)
}
