package ports

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// cluster publishes the control plane of a GKE cluster: by a public address unless
// its private one is the only one, to everyone unless networks are listed. With
// an empty list only the cluster's nodes get in.
func (g *googleReader) cluster(r *terraform.Resource) {
	p := of(r, "endpoint").named("kubernetes").fixed(443)
	private := aws.Block(r.Body, "private_cluster_config")
	only := aws.Bool(private, false, "enable_private_endpoint")
	switch {
	case private.Kind == terraform.Unknown:
		only = aws.Unknown[bool](private)
	case private.Unset():
		only = aws.Default(false, r.Pos)
	}
	endpoints := aws.Block(r.Body, "control_plane_endpoints_config")
	addresses := aws.Block(endpoints, "ip_endpoints_config")
	if addresses.Kind == terraform.Unknown {
		only = aws.Or(only, aws.Unknown[bool](addresses))
	} else if !addresses.Unset() {
		only = aws.Or(only, aws.Not(aws.Bool(addresses, true, "enabled")))
	}
	p.scope = scopeOf(aws.Not(only))
	if !only.Known() || !only.Value {
		p.admits = g.clusterAdmits(r)
	}
	g.publishGCP(p, front{})
	g.clusterName(r, endpoints)
}

// clusterName publishes the name by which a control plane is reached from
// anywhere, with a role, where traffic from outside is let in.
func (g *googleReader) clusterName(r *terraform.Resource, endpoints *terraform.Value) {
	name := aws.Block(endpoints, "dns_endpoint_config")
	open := aws.Bool(name, false, "allow_external_traffic")
	switch {
	case name.Kind == terraform.Unknown:
		open = aws.Unknown[bool](name)
	case name.Unset():
		return
	}
	if open.Known() && !open.Value {
		return
	}
	p := of(r, "endpoint").named("kubernetes").fixed(443)
	p.id = r.Address + "/dns"
	p.scope = scopeOf(open)
	g.publishGCP(p, front{})
}

// clusterAdmits are the networks that reach a public control plane. Public
// addresses of Google Cloud itself get in as well unless that is switched off;
// which they are is not written.
func (g *googleReader) clusterAdmits(r *terraform.Resource) aws.Answer[[]string] {
	config := aws.Block(r.Body, "master_authorized_networks_config")
	switch {
	case config.Kind == terraform.Unknown:
		return aws.Unknown[[]string](config)
	case config.Unset():
		return aws.Default([]string{"0.0.0.0/0", "::/0"}, r.Pos)
	}
	blocks, reason := aws.Blocks(config, "cidr_blocks")
	if reason != "" {
		return aws.NotKnown[[]string](reason, config.Pos)
	}
	out := aws.Declared([]string{}, config.Pos)
	for _, b := range blocks {
		if b.Kind == terraform.Unknown {
			return aws.Unknown[[]string](b)
		}
		out = aws.Union(out, blocksOf(b, "cidr_block"))
	}
	out.Pos = config.Pos
	own := aws.Bool(config, false, "gcp_public_cidrs_access_enabled")
	switch {
	case !out.Known() || slices.Contains(out.Value, "0.0.0.0/0"):
		return aws.Then(out, google.Minimal)
	case !own.Known():
		return aws.NotKnown[[]string](own.Reason, own.Pos)
	case own.Default:
		return aws.NotKnown[[]string]("whether public addresses of Google Cloud get in as well is not written", config.Pos)
	case own.Value:
		return aws.NotKnown[[]string]("public addresses of Google Cloud get in as well, and which they are is not written", own.Pos)
	}
	return aws.Then(out, google.Minimal)
}
