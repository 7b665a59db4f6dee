package ports

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
)

// eks publishes the API server of a Kubernetes cluster: to the internet, with a
// list of sources of its own, and inside the network.
func (x *reader) eks(r *terraform.Resource) {
	network := aws.Block(r.Body, "vpc_config")
	base := of(r, "endpoint").named("kubernetes").fixed(443)
	base.families = families(aws.Block(r.Body, "kubernetes_network_config"), "ip_family")
	if slices.Contains(base.families.Value, "ipv6") {
		base.families.Value = []string{"ipv4", "ipv6"} // the endpoint of an IPv6 cluster has both
	}
	if public := aws.Bool(network, true, "endpoint_public_access"); !public.Known() || public.Value {
		p := base
		p.place = internet(r, "endpoint").place
		p.scope = unless(public, aws.Default("internet", r.Pos))
		p.admits = cidrs(network, "public_access_cidrs")
		if p.admits.Default {
			p.admits.Pos = r.Pos
		}
		x.publish(p)
	}
	if private := aws.Bool(network, false, "endpoint_private_access"); !private.Known() || private.Value {
		p := base
		p.id += "/private"
		p.scope = unless(private, aws.Default("internal", r.Pos))
		groups := network.Get("security_group_ids")
		p.place = x.attached(r, groups, network.Get("subnet_ids"))
		if groups.Unset() {
			p.place.groups = nil
		}
		p.place.groups = append(p.place.groups, vpc.Identity{Reason: "the service makes a group for the cluster, whose rules are not declared here", Pos: r.Pos})
		x.publish(p)
	}
}

// cidrs reads the sources a service admits by itself; everyone if none are named.
func cidrs(block *terraform.Value, argument string) aws.Answer[[]string] {
	list := aws.Texts(block, argument)
	if list.Known() && len(list.Value) == 0 {
		list.Value = []string{"0.0.0.0/0", "::/0"}
		return list
	}
	v := block.Get(argument)
	for i, e := range v.Elems {
		family := vpc.IPv4
		if strings.Contains(e.Text, ":") {
			family = vpc.IPv6
		}
		prefix, reason := vpc.Block(e, family)
		if reason != "" {
			return aws.NotKnown[[]string](reason, e.Pos)
		}
		if list.Known() {
			list.Value[i] = prefix.String()
		}
	}
	return list
}

// search publishes a search domain: inside a network behind groups, or at a
// public endpoint that only its access policy guards. Without enforce_https it
// answers on port 80 too.
func (x *reader) search(r *terraform.Resource) {
	inside, reason := aws.Blocks(r.Body, "vpc_options")
	var p published
	switch {
	case reason != "":
		p = of(r, "search")
		p.scope = aws.NotKnown[string](reason, r.Pos)
		p.place.groupsReason, p.place.subnetsReason, p.place.vpc = reason, reason, vpc.Identity{Reason: reason}
	case len(inside) == 0:
		p = internet(r, "search")
	default:
		p = of(r, "search")
		p.scope = aws.Declared("internal", inside[0].Pos)
		p.place = x.attached(r, inside[0].Get("security_group_ids"), inside[0].Get("subnet_ids"))
	}
	p = p.named("opensearch")
	p.families = families(r.Body, "ip_address_type")
	x.publish(p.fixed(443))
	options, reason := aws.Blocks(r.Body, "domain_endpoint_options")
	enforced := aws.Default(false, r.Pos)
	if reason != "" {
		enforced = aws.NotKnown[bool](reason, r.Pos)
	} else if len(options) > 0 {
		enforced = aws.Bool(options[0], true, "enforce_https")
	}
	if enforced.Known() && enforced.Value {
		return
	}
	plain := p.fixed(80)
	plain.scope = unless(enforced, p.scope)
	x.publish(plain)
}

// restAPI publishes a REST API: private ones are reached through endpoints in a
// network only.
func (x *reader) restAPI(r *terraform.Resource) {
	configuration := aws.Block(r.Body, "endpoint_configuration")
	p := internet(r, "endpoint").fixed(443)
	p.scope = scopeOf(aws.Then(aws.Texts(configuration, "types"), func(types []string) bool { return !slices.Contains(types, "PRIVATE") }))
	p.families = families(configuration, "ip_address_type")
	x.publishUnlessDisabled(r, p)
}

func (x *reader) httpAPI(r *terraform.Resource) {
	p := internet(r, "endpoint").fixed(443)
	p.families = families(r.Body, "ip_address_type")
	x.publishUnlessDisabled(r, p)
}

// publishUnlessDisabled: an API may be reached by its own domain names only,
// which are resources of their own.
func (x *reader) publishUnlessDisabled(r *terraform.Resource, p published) {
	disabled := aws.Bool(r.Body, false, "disable_execute_api_endpoint")
	if disabled.Known() && disabled.Value {
		return
	}
	p.scope = unless(disabled, p.scope)
	x.publish(p)
}

func (x *reader) graphQL(r *terraform.Resource) {
	p := internet(r, "endpoint").fixed(443)
	p.scope = scopeOf(aws.Then(aws.Text(r.Body, "GLOBAL", "visibility"), func(v string) bool { return v != "PRIVATE" }))
	x.publish(p)
}

// cdn publishes both ports of a distribution: it listens on 80 whatever the
// viewer policy, which only decides what it answers there.
func (x *reader) cdn(r *terraform.Resource) {
	enabled := aws.Bool(r.Body, true, "enabled")
	if enabled.Known() && !enabled.Value {
		return
	}
	p := internet(r, "cdn")
	p.scope = unless(enabled, p.scope)
	p.families = aws.Then(aws.Bool(r.Body, false, "is_ipv6_enabled"), func(on bool) []string {
		if on {
			return []string{"ipv4", "ipv6"}
		}
		return []string{"ipv4"}
	})
	x.publish(p.fixed(80))
	x.publish(p.fixed(443))
}

// transfer publishes a file transfer server: at a public endpoint, or inside a
// network, there with public addresses where some are allocated to it.
func (x *reader) transfer(r *terraform.Resource) {
	kind := aws.Text(r.Body, "PUBLIC", "endpoint_type")
	p := internet(r, "endpoint")
	if kind.Known() && kind.Value != "PUBLIC" {
		details := aws.Block(r.Body, "endpoint_details")
		p = of(r, "endpoint")
		addresses := details.Get("address_allocation_ids")
		public := aws.Declared(!addresses.Unset() && len(addresses.Elems) > 0, r.Pos)
		if addresses.Kind == terraform.Unknown {
			public = aws.Unknown[bool](addresses)
		}
		p.scope = scopeOf(public)
		p.place = x.attached(r, details.Get("security_group_ids"), details.Get("subnet_ids"))
	}
	if !kind.Known() {
		p.scope = aws.NotKnown[string](kind.Reason, kind.Pos)
		p.place.groupsReason, p.place.subnetsReason = kind.Reason, kind.Reason
	}
	protocols := aws.Texts(r.Body, "protocols")
	if !protocols.Known() {
		x.publish(p.port(aws.NotKnown[int](protocols.Reason, protocols.Pos)))
		return
	}
	if len(protocols.Value) == 0 {
		protocols.Value = []string{"SFTP"}
	}
	for _, name := range protocols.Value {
		switch name {
		case "SFTP":
			x.publish(p.named("sftp").fixed(22))
		case "FTP", "FTPS":
			x.publish(p.named(strings.ToLower(name)).fixed(21))
		case "AS2":
			x.publish(p.named("as2").fixed(5080))
		default:
			x.publish(p.port(aws.NotKnown[int]("protocol "+name+" is not one this reader knows", protocols.Pos)))
		}
	}
}
