// Package logs collects where log records are kept and for how long.
package logs

import (
	"context"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Collector reads log stores.
type Collector struct{}

// Name is the topic.
func (Collector) Name() string { return "logs" }

// Yields lists the kinds.
func (Collector) Yields(s collectors.Scheme) []string {
	if s == collectors.Path {
		return []string{"log.store"}
	}
	return nil
}

// Collect reads the source's Terraform.
func (Collector) Collect(_ context.Context, env *collectors.Env) ([]*fact.Document, error) {
	var docs []*fact.Document
	for _, root := range terraform.Roots(env) {
		docs = append(docs, stores(env, root))
	}
	return docs, nil
}
