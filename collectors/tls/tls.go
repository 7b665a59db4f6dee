// Package tls collects tls.config, what configuration says about encrypted
// connections, and derives tls.endpoint, what a client then meets.
package tls

import (
	"context"
	"slices"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Collector reads tls.config.
type Collector struct{}

// Name returns "tls".
func (Collector) Name() string { return "tls" }

// Yields returns the kinds for a path.
func (Collector) Yields(s collectors.Scheme) []string {
	if s == collectors.Path {
		return []string{"tls.config"}
	}
	return nil
}

// Collect returns one document per root module, in the order of the roots, and one
// per target of manifests.
func (c Collector) Collect(ctx context.Context, env *collectors.Env) ([]*fact.Document, error) {
	docs, err := terraform.EachRoot(ctx, env, func(root *terraform.Root) *fact.Document {
		return fromTerraform(root, env.Envelope(c.Name(), "terraform"), env)
	})
	if err != nil {
		return nil, err
	}
	manifests, err := kubernetes.Documents(ctx, env, c.Name())
	return append(docs, manifests...), err
}

func fromTerraform(root *terraform.Root, by fact.Collector, env *collectors.Env) *fact.Document {
	x := aws.NewIndex(root)
	b := fact.NewBuilder("tls.config", x.Target, by, env.Now)
	x.Envelope(b)
	c := &collection{x: x, b: b}
	for _, r := range root.Resources {
		if read := readers[r.Type]; read != nil && r.Mode == "managed" {
			aws.Uncounted(b, r)
			read(c, r)
		}
		if read := azureReaders[r.Type]; read != nil && r.Mode == "managed" {
			aws.Uncounted(b, r)
			read(c, r)
		}
		if read := googleReaders[r.Type]; read != nil && r.Mode == "managed" {
			aws.Uncounted(b, r)
			read(c, r)
		}
	}
	for _, one := range c.configs {
		one.put(b)
	}
	aws.Unmodelled(b, root, "encrypted connections", slices.Concat(unmodelled, googleUnmodelled, azureUnmodelled), google.Provider, azure.Provider)
	return b.Document()
}
