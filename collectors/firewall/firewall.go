// Package firewall collects packet filters as rules and chains, and derives who
// may reach what: the exposure of every listener, published port and admitted
// port range.
package firewall

import (
	"context"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Collector reads firewall rules and chains.
type Collector struct{}

// Name is the topic.
func (Collector) Name() string { return "firewall" }

// Yields lists the kinds.
func (Collector) Yields(s collectors.Scheme) []string {
	if s == collectors.Path {
		return []string{"firewall.chain", "firewall.rule", "firewall.workload"}
	}
	if s == collectors.Machine {
		return []string{"firewall.chain", "firewall.namespace", "firewall.rule", "firewall.ruleset"}
	}
	return nil
}

// Collect reads the source's Terraform, Compose projects and manifests of Kubernetes;
// of a host its packet filters.
func (Collector) Collect(ctx context.Context, env *collectors.Env) ([]*fact.Document, error) {
	if env.Host != nil {
		return hosted(ctx, env), nil
	}
	var docs []*fact.Document
	for _, root := range terraform.Roots(env) {
		docs = append(docs, declared(env, root)...)
	}
	docs = append(docs, composed(env)...)
	found, err := kubernetes.Documents(ctx, env, "firewall")
	return append(docs, found...), err
}
