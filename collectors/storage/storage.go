// Package storage collects data.store: where data rests, encrypted how, with
// whose key, in which country, open to whom, and how long copies are kept.
package storage

import (
	"context"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Collector reads data.store.
type Collector struct{}

// Name returns "storage".
func (Collector) Name() string { return "storage" }

// Yields returns the kinds for a path.
func (Collector) Yields(s collectors.Scheme) []string {
	if s == collectors.Path {
		return []string{"data.store"}
	}
	return nil
}

// Collect returns one document per root module, in the order of the roots, and one
// per target of Compose projects and of manifests.
func (c Collector) Collect(ctx context.Context, env *collectors.Env) ([]*fact.Document, error) {
	docs, err := terraform.EachRoot(ctx, env, func(root *terraform.Root) *fact.Document {
		return fromTerraform(root, tracked(env.Tree, root), env.Envelope(c.Name(), "terraform"), env)
	})
	if err != nil {
		return nil, err
	}
	docs = append(docs, composed(env)...)
	manifests, err := kubernetes.Documents(ctx, env, c.Name())
	return append(docs, manifests...), err
}

// tracked lists the state files that lie in the source beside a root module.
func tracked(tree *collectors.Tree, root *terraform.Root) []string {
	var out []string
	if tree == nil {
		return nil
	}
	for _, list := range [][]string{tree.Files, skippedPaths(tree)} {
		for _, path := range list {
			if isState(path, root.Dir) {
				out = append(out, path)
			}
		}
	}
	return out
}

func skippedPaths(tree *collectors.Tree) []string {
	var out []string
	for _, s := range tree.Skipped {
		out = append(out, s.Path)
	}
	return out
}

func fromTerraform(root *terraform.Root, stateFiles []string, by fact.Collector, env *collectors.Env) *fact.Document {
	x := aws.NewIndex(root)
	b := fact.NewBuilder("data.store", x.Target, by, env.Now)
	x.Envelope(b)
	c := &collection{x: x, b: b, byID: map[string]*store{}}
	c.read(root, stateFiles)
	for _, s := range c.stores {
		s.put(b)
	}
	return b.Document()
}
