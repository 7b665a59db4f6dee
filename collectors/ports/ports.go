// Package ports collects the ports that something opens to a network.
package ports

import (
	"context"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Collector reads published ports, of a machine those that are listened on, and asks
// those that a scan names.
type Collector struct{}

// Name is the topic.
func (Collector) Name() string { return "ports" }

// Yields lists the kinds.
func (Collector) Yields(s collectors.Scheme) []string {
	switch s {
	case collectors.Path:
		return []string{"port.published"} // and where files hold them, what others observed
	case collectors.Machine:
		return []string{"port.listener"}
	case collectors.Scan:
		return []string{"port.scan", "port.scanned"}
	}
	return nil
}

// Collect reads the source's Terraform, Compose projects, Kubernetes manifests, and what
// other tools observed of ports; of a machine its sockets; and asks the ports that a
// scan names.
func (Collector) Collect(ctx context.Context, env *collectors.Env) ([]*fact.Document, error) {
	if env.Tree == nil && env.Host == nil {
		return scanned(ctx, env)
	}
	if env.Host != nil {
		if !env.Wants("port.listener") {
			return nil, nil
		}
		return []*fact.Document{listening(ctx, env)}, nil
	}
	var docs []*fact.Document
	for _, root := range terraform.Roots(env) {
		docs = append(docs, declared(env, root))
	}
	docs = append(docs, composed(env)...)
	docs = append(docs, imported(env)...)
	manifests, err := kubernetes.Documents(ctx, env, "ports")
	return append(docs, manifests...), err
}
