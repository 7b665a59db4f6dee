package tls

import (
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// classic reads the listeners of aws_elb, with the policies attached to their
// ports.
func (c *collection) classic(r *terraform.Resource) {
	listeners, reason := aws.Blocks(r.Body, "listener")
	if reason != "" {
		c.b.Incomplete(r.Address + ": listener: " + reason)
	}
	for i, l := range listeners {
		if l.Kind == terraform.Unknown {
			continue
		}
		protocol := aws.Then(aws.Text(l, "", "lb_protocol"), strings.ToUpper)
		if protocol.Known() && protocol.Value == "TCP" {
			continue
		}
		port := aws.Int(l, 0, "lb_port")
		id := r.Address + "/" + strconv.Itoa(port.Value)
		if !port.Known() {
			id = r.Address + "/listener/" + strconv.Itoa(i)
		}
		serves := "web"
		if protocol.Known() && protocol.Value == "SSL" {
			serves = "other"
		}
		s := c.server(id, "elb", serves, r)
		s.at, s.port, s.scope = l.Pos, port, scopeOf(aws.Bool(r.Body, false, "internal"))
		s.require(aws.Then(protocol, func(p string) bool { return p != "HTTP" }), "off")
		switch {
		case !protocol.Known():
			s.undecided(protocol.Reason, protocol.Pos)
		case protocol.Value == "HTTP":
		default:
			c.negotiation(s, r, port)
			if protocol.Value == "HTTPS" {
				s.hsts = aws.NotKnown[int]("the load balancer adds no header; the application may", l.Pos)
			}
		}
	}
}

// negotiation finds the policy of a port: attached by name, or written as
// aws_lb_ssl_negotiation_policy; without one the default.
func (c *collection) negotiation(s *config, r *terraform.Resource, port aws.Answer[int]) {
	s.accept(aws.Default(defaultPolicy, r.Pos), classicPolicy)
	for _, l := range c.x.Attached(r, "aws_lb_ssl_negotiation_policy", "load_balancer") {
		if at := c.samePort(l, "lb_port", port); at == aws.Maybe {
			s.unknownPolicy(l.Address+": which port it is for is not known", l.Pos)
		} else if at == aws.Yes {
			s.attributes(l.Resource, "attribute")
		}
	}
	for _, l := range c.x.Attached(r, "aws_load_balancer_listener_policy", "load_balancer_name") {
		at := c.samePort(l, "load_balancer_port", port)
		if at == aws.No {
			continue
		}
		names := l.Body.Get("policy_names")
		links := c.x.Attached(r, "aws_load_balancer_policy", "load_balancer_name")
		found := false
		for _, p := range links {
			if p.Reason == "" && at == aws.Yes && mentions(c.x, names, p.Resource) {
				switch typ := aws.Text(p.Body, "", "policy_type_name"); {
				case !typ.Known():
					s.unknownPolicy(p.Address+": "+typ.Reason, typ.Pos)
				case typ.Value == "SSLNegotiationPolicyType":
					s.attributes(p.Resource, "policy_attribute")
				}
				found = true
			}
		}
		if !found {
			s.unknownPolicy(l.Address+": which policy is meant is not known", l.Pos)
		}
	}
}

func (s *config) unknownPolicy(reason string, at fact.Position) {
	s.accept(aws.NotKnown[string](reason, at), classicPolicy)
}

func (c *collection) samePort(l aws.Link, argument string, port aws.Answer[int]) aws.Certainty {
	own := aws.Int(l.Body, 0, argument)
	switch {
	case l.Reason != "" || !own.Known() || !port.Known():
		return aws.Maybe
	case own.Value == port.Value:
		return aws.Yes
	}
	return aws.No
}

// mentions reports whether a list of policy names holds that of a resource.
func mentions(x *aws.Index, names *terraform.Value, r *terraform.Resource) bool {
	own := aws.Text(r.Body, "", "policy_name")
	for _, v := range names.Elems {
		if own.Known() && v.Kind == terraform.String && v.Text == own.Value {
			return true
		}
		if sure, _ := x.Names(v, r); sure == aws.Yes {
			return true
		}
	}
	return false
}

// attributes reads a policy of attributes: a reference to a predefined one, or
// versions and suites that are each switched on.
func (s *config) attributes(r *terraform.Resource, block string) {
	list, reason := aws.Blocks(r.Body, block)
	if reason != "" {
		s.unknownPolicy(reason, r.Pos)
		return
	}
	protocols, suites := []string{}, []string{}
	for _, a := range list {
		name, value := aws.Text(a, "", "name"), aws.Text(a, "", "value")
		if !name.Known() || !value.Known() {
			s.unknownPolicy(name.Reason+value.Reason, a.Pos)
			return
		}
		if name.Value == "Reference-Security-Policy" {
			s.accept(aws.Declared(value.Value, value.Pos), classicPolicy)
			return
		}
		if !strings.EqualFold(value.Value, "true") {
			continue
		}
		switch version, isProtocol := classicVersions[name.Value]; {
		case isProtocol:
			protocols = append(protocols, version)
		case name.Value == "Server-Defined-Cipher-Order":
		default:
			iana, ok := openssl[name.Value]
			if !ok {
				reason = "suite " + name.Value + " is not in the table"
			}
			suites = append(suites, iana)
		}
	}
	slices.Sort(protocols)
	at := r.Pos
	s.policy = aws.Declared("", at)
	s.protocols = aws.Declared(protocols, at)
	s.suites = aws.Declared(suites, at)
	if reason != "" {
		s.suites = aws.NotKnown[[]string](reason, at)
	}
	s.groups = aws.NotKnown[[]string](notPublished, at)
}

var classicVersions = map[string]string{
	"Protocol-SSLv2": "ssl2", "Protocol-SSLv3": "ssl3", "Protocol-TLSv1": "tls1.0", "Protocol-TLSv1.1": "tls1.1", "Protocol-TLSv1.2": "tls1.2",
}

// openssl maps the suite names of Classic Load Balancers to IANA's.
var openssl = map[string]string{
	"ECDHE-ECDSA-AES128-GCM-SHA256": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
	"ECDHE-RSA-AES128-GCM-SHA256":   "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
	"ECDHE-ECDSA-AES128-SHA256":     "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
	"ECDHE-RSA-AES128-SHA256":       "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
	"ECDHE-ECDSA-AES128-SHA":        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
	"ECDHE-RSA-AES128-SHA":          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
	"ECDHE-ECDSA-AES256-GCM-SHA384": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
	"ECDHE-RSA-AES256-GCM-SHA384":   "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
	"ECDHE-ECDSA-AES256-SHA384":     "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
	"ECDHE-RSA-AES256-SHA384":       "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
	"ECDHE-ECDSA-AES256-SHA":        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
	"ECDHE-RSA-AES256-SHA":          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
	"DHE-RSA-AES128-GCM-SHA256":     "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
	"DHE-RSA-AES256-GCM-SHA384":     "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
	"DHE-RSA-AES128-SHA256":         "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
	"DHE-RSA-AES256-SHA256":         "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
	"DHE-RSA-AES128-SHA":            "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
	"DHE-RSA-AES256-SHA":            "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
	"AES128-GCM-SHA256":             "TLS_RSA_WITH_AES_128_GCM_SHA256",
	"AES256-GCM-SHA384":             "TLS_RSA_WITH_AES_256_GCM_SHA384",
	"AES128-SHA256":                 "TLS_RSA_WITH_AES_128_CBC_SHA256",
	"AES256-SHA256":                 "TLS_RSA_WITH_AES_256_CBC_SHA256",
	"AES128-SHA":                    "TLS_RSA_WITH_AES_128_CBC_SHA",
	"AES256-SHA":                    "TLS_RSA_WITH_AES_256_CBC_SHA",
	"DES-CBC3-SHA":                  "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
	"RC4-SHA":                       "TLS_RSA_WITH_RC4_128_SHA",
	"RC4-MD5":                       "TLS_RSA_WITH_RC4_128_MD5",
	"ECDHE-RSA-RC4-SHA":             "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
	"ECDHE-ECDSA-RC4-SHA":           "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
}
