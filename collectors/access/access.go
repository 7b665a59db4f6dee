// Package access collects access.rule: who is admitted to what, by the policies
// that configuration writes.
package access

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

// Collector reads access.rule.
type Collector struct{}

// Name returns "access".
func (Collector) Name() string { return "access" }

// Yields returns the kinds for a path.
func (Collector) Yields(s collectors.Scheme) []string {
	if s == collectors.Path {
		return []string{"access.rule"}
	}
	return nil
}

// Collect returns one document per root module, in the order of the roots, and one
// per target of Compose projects and of manifests.
func (c Collector) Collect(ctx context.Context, env *collectors.Env) ([]*fact.Document, error) {
	docs, err := terraform.EachRoot(ctx, env, func(root *terraform.Root) *fact.Document {
		return fromTerraform(root, env.Envelope(c.Name(), "terraform"), env)
	})
	if err != nil {
		return nil, err
	}
	docs = append(docs, composed(env)...)
	manifests, err := kubernetes.Documents(ctx, env, c.Name())
	return append(docs, manifests...), err
}

func fromTerraform(root *terraform.Root, by fact.Collector, env *collectors.Env) *fact.Document {
	x := aws.NewIndex(root)
	b := fact.NewBuilder("access.rule", x.Target, by, env.Now)
	x.Envelope(b)
	c := &collection{x: x, b: b, stores: candidates(x), seen: map[string]bool{}}
	for _, r := range root.Resources {
		if r.Mode != "managed" {
			continue
		}
		for _, p := range places[r.Type] {
			aws.Uncounted(b, r)
			c.policy(r, p)
		}
		if read := readers[r.Type]; read != nil {
			aws.Uncounted(b, r)
			read(c, r)
		}
		if read := azureReaders[r.Type]; read != nil {
			aws.Uncounted(b, r)
			read(c, r)
		}
		if google.IsGrant(r.Type) {
			aws.Uncounted(b, r)
			c.google(r)
		}
	}
	aws.Unmodelled(b, root, "policies", slices.Concat(unmodelled, googleUnmodelled, azureUnmodelled), google.Provider, azure.Provider)
	return b.Document()
}
