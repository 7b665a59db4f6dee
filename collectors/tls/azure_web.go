package tls

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// azureGatewayPolicies are the predefined policies of Application Gateway, name
// without "AppGwSslPolicy". Source: Microsoft, "Application Gateway TLS policy
// overview". Suites with DHE, of the oldest one only, are left out by gateways of
// the second version, so that they are not certain.
const azureGatewayPolicies = `
20150501   tls1.0 tls1.2  ?
20170401   tls1.1 tls1.2  ecdhe-gcm ecdsa-cbc2 ecdhe-cbc1 rsa2 rsa1
20170401S  tls1.2 tls1.2  ecdhe-gcm ecdsa-cbc2 ecdhe-cbc1 rsa2 rsa1
20220101   tls1.2 tls1.3  aes ecdhe-gcm ecdhe-cbc2
20220101S  tls1.2 tls1.3  aes ecdhe-gcm
`

const azureGatewayPrefix = "AppGwSslPolicy"

func azureGatewayPolicy(name string) (Policy, bool) {
	short, ok := strings.CutPrefix(name, azureGatewayPrefix)
	if !ok {
		return Policy{}, false
	}
	return lookup(azureGatewayPolicies, short)
}

// azureGateway reads the listeners of an application gateway. What a gateway that
// names no policy speaks hangs on when it was made.
func (c *collection) azureGateway(r *terraform.Resource) {
	for _, name := range []string{"http_listener", "listener"} {
		list, reason := aws.Blocks(r.Body, name)
		if reason != "" {
			c.b.Incomplete(r.Address + ": " + name + ": " + reason)
		}
		for i, l := range list {
			protocol := aws.Text(l, "", "protocol")
			if l.Kind != terraform.Object || protocol.Value == "Tcp" {
				continue
			}
			serves := "web"
			if name == "listener" {
				serves = "other"
			}
			s := c.server(r.Address+"/"+blockLabel(l, i), "application_gateway", serves, r)
			s.at = l.Pos
			s.address = aws.Text(l, "", "host_name")
			s.port = azurePort(r, aws.Text(l, "", "frontend_port_name"))
			s.scope = azureFrontend(r, aws.Text(l, "", "frontend_ip_configuration_name"))
			secure := aws.Then(protocol, func(p string) bool { return p != "Http" })
			s.require(secure, "off")
			switch {
			case !protocol.Known():
				s.undecided(protocol.Reason, protocol.Pos)
			case !secure.Value:
				s.redirects = azureRedirect(r, aws.Text(l, "", "name"))
			default:
				s.azurePolicy(r, l)
				if serves == "web" {
					s.hsts = aws.NotKnown[int]("rewrite rules or the application may add the header", l.Pos)
				}
			}
		}
	}
}

// azurePolicy reads what a listener speaks: by its profile, else by the gateway.
func (s *config) azurePolicy(r *terraform.Resource, l *terraform.Value) {
	at := aws.Block(r.Body, "ssl_policy")
	if v := l.Get("ssl_profile_name"); !v.Unset() {
		profile, reason := azureNamed(r, "ssl_profile", aws.Text(l, "", "ssl_profile_name"))
		if profile == nil {
			s.undecided(reason, v.Pos)
			return
		}
		if own := aws.Block(profile, "ssl_policy"); !own.Unset() {
			at = own
		}
		if clients := profile.Get("trusted_client_certificate_names"); !clients.Unset() {
			s.verify = aws.Declared("ca", clients.Pos)
		}
	}
	switch {
	case at.Kind == terraform.Unknown:
		s.accept(aws.Unknown[string](at), azureGatewayPolicy)
		return
	case at.Unset():
		s.accept(aws.NotKnown[string]("no policy is named, and the default depends on when the gateway was made", r.Pos), azureGatewayPolicy)
		return
	}
	kind := aws.Text(at, "", "policy_type")
	name := aws.Text(at, "", "policy_name")
	disabled := aws.Texts(at, "disabled_protocols")
	switch {
	case !kind.Known():
		s.accept(aws.NotKnown[string](kind.Reason, kind.Pos), azureGatewayPolicy)
	case !name.Default && name.Value != "" || !name.Known():
		s.accept(name, azureGatewayPolicy)
	case kind.Value == "Custom" || kind.Value == "CustomV2":
		s.azureCustom(at, kind.Value)
	case disabled.Known() && len(disabled.Value) > 0:
		var left []string
		for _, v := range from("tls1.0", "tls1.2") {
			if !slices.Contains(disabled.Value, strings.Replace(strings.Replace(v, "tls", "TLSv", 1), ".", "_", 1)) {
				left = append(left, v)
			}
		}
		s.protocols = aws.Declared(left, disabled.Pos)
	default:
		s.accept(aws.NotKnown[string]("what the policy is, is not written", at.Pos), azureGatewayPolicy)
	}
}

// azureCustom reads versions and suites that are written out; with CustomV2 those
// of TLS 1.3 are always among them.
func (s *config) azureCustom(at *terraform.Value, kind string) {
	newest := "tls1.2"
	if kind == "CustomV2" {
		newest = "tls1.3"
	}
	oldest := aws.Text(at, "", "min_protocol_version")
	if oldest.Default {
		oldest = aws.NotKnown[string]("min_protocol_version is not written", at.Pos)
	}
	s.azureFloor(aws.Then(oldest, func(t string) string { return strings.Replace(strings.TrimPrefix(t, "TLSv"), "_", ".", 1) }), newest)
	suites := aws.Texts(at, "cipher_suites")
	if kind == "CustomV2" && suites.Known() {
		suites.Value = append(slices.Clone(suites.Value), suiteGroups["aes"]...)
	}
	s.suites = suites
}

// azureNamed finds the block of a name.
func azureNamed(r *terraform.Resource, block string, name aws.Answer[string]) (*terraform.Value, string) {
	list, reason := aws.Blocks(r.Body, block)
	if reason += name.Reason; reason != "" {
		return nil, reason
	}
	for _, b := range list {
		own := aws.Text(b, "", "name")
		if !own.Known() {
			return nil, own.Reason
		}
		if own.Value == name.Value {
			return b, ""
		}
	}
	return nil, r.Address + " has no " + block + " of the name " + name.Value
}

func azurePort(r *terraform.Resource, name aws.Answer[string]) aws.Answer[int] {
	b, reason := azureNamed(r, "frontend_port", name)
	if b == nil {
		return aws.NotKnown[int](reason, r.Pos)
	}
	return aws.Int(b, 0, "port")
}

func azureFrontend(r *terraform.Resource, name aws.Answer[string]) aws.Answer[string] {
	b, reason := azureNamed(r, "frontend_ip_configuration", name)
	if b == nil {
		return aws.NotKnown[string](reason, r.Pos)
	}
	public := azure.First(b, "public_ip_address_id")
	if public.Kind == terraform.Unknown && !public.Direct {
		return aws.Unknown[string](public)
	}
	if public.Unset() {
		return aws.Default("internal", b.Pos)
	}
	return aws.Declared("internet", public.Pos)
}

// azureRedirect reads what the rules of a listener without TLS do: all of them
// have to redirect to one with.
func azureRedirect(r *terraform.Resource, listener aws.Answer[string]) aws.Answer[string] {
	rules, reason := aws.Blocks(r.Body, "request_routing_rule")
	if reason += listener.Reason; reason != "" {
		return aws.NotKnown[string](reason, r.Pos)
	}
	out := aws.Default("none", r.Pos)
	for i, rule := range rules {
		of := aws.Text(rule, "", "http_listener_name")
		if !of.Known() {
			return of
		}
		if of.Value != listener.Value {
			continue
		}
		one := redirectOf(r, rule)
		if out.Default && i >= 0 {
			out = one
		} else {
			out = less(out, one)
		}
	}
	return out
}

func redirectOf(r *terraform.Resource, rule *terraform.Value) aws.Answer[string] {
	name := aws.Text(rule, "", "redirect_configuration_name")
	switch {
	case !name.Known():
		return name
	case name.Default || name.Value == "":
		return aws.Declared("none", rule.Pos)
	}
	to, reason := azureNamed(r, "redirect_configuration", name)
	if to == nil {
		return aws.NotKnown[string](reason, rule.Pos)
	}
	if url := to.Get("target_url"); !url.Unset() {
		return aws.Then(aws.Text(to, "", "target_url"), func(u string) string {
			if strings.HasPrefix(strings.ToLower(u), "https://") {
				return "https"
			}
			return "other"
		})
	}
	target, reason := azureNamed(r, "http_listener", aws.Text(to, "", "target_listener_name"))
	if target == nil {
		return aws.NotKnown[string](reason, to.Pos)
	}
	return aws.Then(aws.Text(target, "", "protocol"), func(p string) string {
		if p == "Https" {
			return "https"
		}
		return "other"
	})
}

// frontDoorDomain reads a domain of a Front Door: version 1.2 is the default. That
// is also what every domain of the provider's newer versions has.
func (c *collection) frontDoorDomain(r *terraform.Resource) {
	s := c.server(r.Address, "front_door", "web", r)
	s.address = aws.Text(r.Body, "", "host_name")
	s.port, s.scope = aws.Default(443, r.Pos), aws.Default("internet", r.Pos)
	s.hsts = aws.NotKnown[int]("rules or the application may add the header", r.Pos)
	block := aws.Block(r.Body, "tls")
	oldest := aws.Text(block, "TLS12", azure.Written(block, "minimum_version", "minimum_tls_version"))
	if block.Kind == terraform.Unknown {
		oldest = aws.Unknown[string](block)
	} else if block.Unset() {
		oldest.Pos = r.Pos
	}
	s.azureFloor(oldest, "tls1.3")
}

// frontDoorRoute reads a route that takes requests without TLS: by default it
// redirects them.
func (c *collection) frontDoorRoute(r *terraform.Resource) {
	on := aws.Bool(r.Body, true, "enabled")
	list := aws.Texts(r.Body, "supported_protocols")
	if on.Known() && !on.Value || list.Known() && !slices.ContainsFunc(list.Value, func(p string) bool { return strings.EqualFold(p, "Http") }) {
		return
	}
	s := c.server(r.Address+"/http", "front_door", "web", r)
	s.port, s.scope = aws.Default(80, r.Pos), aws.Default("internet", r.Pos)
	redirect := aws.Bool(r.Body, true, "https_redirect_enabled")
	if !list.Known() {
		redirect = aws.And(redirect, aws.NotKnown[bool](list.Reason, list.Pos))
	}
	s.azurePlain(redirect)
}

// azurePlain sets what holds of a listener without TLS that may redirect.
func (s *config) azurePlain(redirect aws.Answer[bool]) {
	s.off(aws.Answer[bool]{Default: redirect.Default, Pos: redirect.Pos})
	s.redirects = aws.Then(redirect, func(yes bool) string {
		if yes {
			return "https"
		}
		return "none"
	})
}

// cdnEndpoint reads an endpoint of the classic content network, which answers
// without TLS too unless is_http_allowed is off.
func (c *collection) cdnEndpoint(r *terraform.Resource) {
	s := c.server(r.Address, "cdn", "web", r)
	s.port, s.scope = aws.Default(443, r.Pos), aws.Default("internet", r.Pos)
	s.hsts = aws.NotKnown[int]("rules or the origin may add the header", r.Pos)
	if plain := aws.Bool(r.Body, true, "is_http_allowed"); !plain.Known() || plain.Value {
		o := c.server(r.Address+"/http", "cdn", "web", r)
		o.port, o.scope = aws.Default(80, r.Pos), s.scope
		o.azurePlain(aws.Not(plain))
		o.redirects = aws.NotKnown[string]("delivery rules may redirect", r.Pos)
		if !plain.Known() {
			o.plaintext = aws.NotKnown[bool](plain.Reason, plain.Pos)
		}
	}
}

// azureContainerApp reads the ingress of a container app, which redirects requests
// without TLS unless allow_insecure_connections is set.
func (c *collection) azureContainerApp(r *terraform.Resource) {
	ingress := aws.Block(r.Body, "ingress")
	if ingress.Unset() || ingress.Get("transport").Text == "tcp" {
		return
	}
	external := aws.Bool(ingress, false, "external_enabled")
	plain := aws.Bool(ingress, false, "allow_insecure_connections")
	if ingress.Kind == terraform.Unknown {
		external, plain = aws.Unknown[bool](ingress), aws.Unknown[bool](ingress)
	}
	s := c.server(r.Address, "container_apps", "web", r)
	s.at, s.port, s.scope = ingress.Pos, aws.Default(443, ingress.Pos), azureScope(external)
	s.hsts = aws.NotKnown[int]("the application may add the header", ingress.Pos)
	o := c.server(r.Address+"/http", "container_apps", "web", r)
	o.at, o.port, o.scope = ingress.Pos, aws.Default(80, ingress.Pos), s.scope
	o.azurePlain(aws.Not(plain))
}
