package ports

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
)

// service publishes a port of a service outside of virtual networks: at its
// public endpoint while that is on, with the sources that its own firewall lets
// in, and inside by private endpoints. With public access off it is reached by
// those only.
func (a *azureReader) service(r *terraform.Resource, p published, on aws.Answer[bool], admits aws.Answer[[]string]) {
	if on.Known() && !on.Value {
		p.scope = aws.Answer[string]{Value: "internal", Default: on.Default, Pos: on.Pos}
		a.publish(p)
		return
	}
	public := p
	public.scope, public.admits = unless(on, aws.Default("internet", r.Pos)), admits
	if !on.Known() {
		public.admits = aws.NotKnown[[]string](on.Reason, on.Pos)
	}
	a.publish(public)
	for _, e := range a.OfType("azurerm_private_endpoint") {
		block := aws.Block(e.Body, "private_service_connection")
		if sure, _ := a.Names(block.Get("private_connection_resource_id"), r); sure == aws.No {
			continue
		}
		p.id, p.pos = r.Address+"/private/"+e.Address, e.Pos
		p.scope = aws.Default("internal", e.Pos)
		a.publish(p)
		return
	}
}

// outside starts a port of a service of Azure that stands in no network of one's
// own.
func outside(r *terraform.Resource, mechanism, product string, port int) published {
	p := internet(r, mechanism)
	p.place.vpc = vpc.Identity{Reason: "it stands outside of the virtual networks"}
	p.families = aws.Default([]string{"ipv4"}, r.Pos)
	return p.named(product).fixed(port)
}

// within publishes a port of a service that stands in a subnet.
func (a *azureReader) within(r *terraform.Resource, p published, subnet *terraform.Value) {
	p.scope = aws.Declared("internal", subnet.Pos)
	p.azure = a.in(subnet, subnet.Pos, nil, "")
	a.publish(p)
}

// webApp publishes an app: it listens on port 80 as well, whatever it answers
// there.
func (a *azureReader) webApp(r *terraform.Resource) {
	on := aws.Bool(r.Body, true, "public_network_access_enabled")
	if v := r.Body.Get("public_network_access"); !v.Unset() {
		on = azure.Enabled(r.Body, true, "public_network_access")
	}
	admits := restrictions(r)
	for _, port := range []int{80, 443} {
		a.service(r, outside(r, "endpoint", "", port), on, admits)
	}
}

// restrictions are the sources an app lets in: everyone, or those of its rules.
// Where there are rules and nothing says what else holds, the provider's older
// versions let in nobody else and the newer everyone.
func restrictions(r *terraform.Resource) aws.Answer[[]string] {
	site := aws.Block(r.Body, "site_config")
	if site.Kind == terraform.Unknown {
		return aws.Unknown[[]string](site)
	}
	rules, reason := aws.Blocks(site, "ip_restriction")
	other := aws.Text(site, "Allow", "ip_restriction_default_action")
	switch {
	case reason != "":
		return aws.NotKnown[[]string](reason, site.Pos)
	case !other.Known():
		return aws.NotKnown[[]string](other.Reason, other.Pos)
	case len(rules) == 0 && other.Value == "Allow":
		return aws.Default(azure.Everyone(), r.Pos)
	case !other.Default && other.Value == "Allow":
		return aws.NotKnown[[]string]("what rules refuse of everyone is not modelled", other.Pos)
	case other.Default:
		return aws.NotKnown[[]string]("ip_restriction_default_action: "+azure.Turned, site.Pos)
	}
	out := aws.Declared([]string{}, other.Pos)
	for _, rule := range rules {
		action := aws.Text(rule, "Allow", "action")
		address := rule.Get("ip_address")
		switch {
		case !action.Known() || action.Value != "Allow":
			return aws.NotKnown[[]string]("a rule that refuses is not modelled"+action.Reason, rule.Pos)
		case address.Unset():
			return aws.NotKnown[[]string]("which addresses a service tag or subnet has is kept elsewhere", rule.Pos)
		}
		out = aws.Union(out, azure.Blocks(aws.Texts(rule, "ip_address")))
	}
	return out
}

// containerApp publishes the ingress of a container app.
func (a *azureReader) containerApp(r *terraform.Resource) {
	ingress := aws.Block(r.Body, "ingress")
	if ingress.Unset() {
		return
	}
	p := outside(r, "endpoint", "", 443)
	if ingress.Kind == terraform.Unknown {
		p.scope = aws.Unknown[string](ingress)
		a.publish(p)
		return
	}
	p.pos = ingress.Pos
	external := aws.Bool(ingress, false, "external_enabled")
	inside, reason := a.x.One(r.Body.Get("container_app_environment_id"), "the environment", "azurerm_container_app_environment")
	if inside == nil {
		external = aws.And(external, aws.NotKnown[bool](reason, r.Pos))
	} else {
		external = aws.And(external, aws.Not(aws.Bool(inside.Body, false, "internal_load_balancer_enabled")))
	}
	admits := aws.Default(azure.Everyone(), ingress.Pos)
	if list, reason := aws.Blocks(ingress, "ip_security_restriction"); len(list) > 0 || reason != "" {
		admits = aws.NotKnown[[]string](firstText(reason, "what ip_security_restriction lets in is not modelled"), ingress.Pos)
	}
	ports := []int{443, 80}
	if t := aws.Text(ingress, "auto", "transport"); t.Value == "tcp" {
		ports = ports[:1]
		if v := ingress.Get("exposed_port"); !v.Unset() {
			p = p.port(portNumber(ingress, "exposed_port"))
		} else {
			p = p.port(portNumber(ingress, "target_port"))
		}
		a.service(r, p, external, admits)
		return
	}
	for _, port := range ports {
		a.service(r, p.fixed(port), external, admits)
	}
}

// containerGroup publishes the ports that a group of containers exposes: those it
// names, else those of its containers. It has a public address by default.
func (a *azureReader) containerGroup(r *terraform.Resource) {
	kind := aws.Text(r.Body, "Public", "ip_address_type")
	if kind.Known() && strings.EqualFold(kind.Value, "None") {
		return
	}
	ports, reason := aws.Blocks(r.Body, "exposed_port")
	if len(ports) == 0 && reason == "" {
		containers, why := aws.Blocks(r.Body, "container")
		reason = why
		for _, c := range containers {
			list, why := aws.Blocks(c, "ports")
			ports, reason = append(ports, list...), firstText(reason, why)
		}
	}
	if reason != "" {
		a.b.Incomplete(r.Address + ": ports: " + reason)
	}
	for _, b := range ports {
		if b.Kind != terraform.Object {
			continue
		}
		p := outside(r, "instance", "", 0).port(portNumber(b, "port"))
		p.pos = b.Pos
		p.protocol = aws.Then(aws.Text(b, "TCP", "protocol"), strings.ToLower)
		p.scope = aws.Then(kind, func(t string) string {
			if strings.EqualFold(t, "Private") {
				return "internal"
			}
			return "internet"
		})
		if list := r.Body.Get("subnet_ids"); !list.Unset() {
			p.azure = &azurePlace{read: a.network, pos: list.Pos}
			for _, v := range append(list.Elems[:len(list.Elems):len(list.Elems)], only(list)...) {
				p.azure.add(a, v, nil, "")
			}
		}
		a.publish(p)
	}
}

// only is a value that stands in the place of a list.
func only(v *terraform.Value) []*terraform.Value {
	if v.Kind == terraform.List {
		return nil
	}
	return []*terraform.Value{v}
}

// kubernetes publishes the API server of a cluster: to everyone unless it is
// private or names the ranges it lets in.
func (a *azureReader) kubernetes(r *terraform.Resource) {
	p := outside(r, "endpoint", "kubernetes", 443)
	profile := aws.Block(r.Body, "api_server_access_profile")
	list := aws.Texts(profile, "authorized_ip_ranges")
	if v := r.Body.Get("api_server_authorized_ip_ranges"); !v.Unset() {
		list = aws.Texts(r.Body, "api_server_authorized_ip_ranges")
	}
	admits := azure.Blocks(list)
	if admits.Known() && len(admits.Value) == 0 {
		admits = aws.Default(azure.Everyone(), r.Pos)
	}
	a.service(r, p, aws.Not(aws.Bool(r.Body, false, "private_cluster_enabled")), admits)
	pool := aws.Block(r.Body, "default_node_pool")
	nodes := aws.Bool(pool, false, azure.Written(pool, "node_public_ip_enabled", "enable_node_public_ip"))
	if !nodes.Known() || nodes.Value {
		a.b.Incomplete(r.Address + ": nodes have public addresses: the security group in front of them is the service's")
	}
}

// frontDoor publishes both ports of an endpoint of a content network.
func (a *azureReader) frontDoor(r *terraform.Resource) {
	on := aws.Bool(r.Body, true, "enabled")
	if on.Known() && !on.Value {
		return
	}
	for _, port := range []int{80, 443} {
		p := outside(r, "cdn", "", port)
		p.scope = unless(on, p.scope)
		p.families = aws.Default([]string{"ipv4", "ipv6"}, r.Pos)
		a.publish(p)
	}
}

// apiManagement publishes a gateway of interfaces: inside where it stands in a
// network as internal.
func (a *azureReader) apiManagement(r *terraform.Resource) {
	kind := aws.Text(r.Body, "None", "virtual_network_type")
	p := outside(r, "endpoint", "", 443)
	if block := aws.Block(r.Body, "virtual_network_configuration"); !block.Unset() {
		p.azure = a.in(block.Get("subnet_id"), block.Pos, nil, "")
	}
	on := aws.And(aws.Bool(r.Body, true, "public_network_access_enabled"), aws.Then(kind, func(t string) bool { return t != "Internal" }))
	a.service(r, p, on, aws.Default(azure.Everyone(), r.Pos))
}
