// Package logs collects log.store, where log records are kept and for how long,
// and log.source, what writes them.
package logs

import (
	"context"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Collector reads log stores and sources.
type Collector struct{}

// Name is the topic.
func (Collector) Name() string { return "logs" }

// Yields lists the kinds.
func (Collector) Yields(s collectors.Scheme) []string {
	if s == collectors.Path || s == collectors.Machine {
		return []string{"log.source", "log.store"}
	}
	return nil
}

// Collect returns a document of sources and one of stores per root module, in
// the order of the roots, and per target of Compose projects and of manifests.
func (c Collector) Collect(ctx context.Context, env *collectors.Env) ([]*fact.Document, error) {
	if env.Host != nil {
		return onHost(ctx, env)
	}
	var docs []*fact.Document
	for _, root := range terraform.Roots(env) {
		if err := ctx.Err(); err != nil {
			return docs, err
		}
		docs = append(docs, fromTerraform(root, env.Envelope(c.Name(), "terraform"), env)...)
	}
	docs = append(docs, composed(env)...)
	manifests, err := kubernetes.Documents(ctx, env, c.Name())
	return append(docs, manifests...), err
}
