package tls

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
)

// gatewayListener is a listener without TLS, which its routes may redirect.
type gatewayListener struct {
	*config
	namespace, gateway, name string
}

// gateway reads the listeners of a Gateway of the Gateway API. One that passes TLS
// through leaves it to what stands behind.
func (c *cluster) gateway(o *kubernetes.Object) {
	listeners, reason := o.List(o.Root, "spec", "listeners")
	if reason != "" {
		c.b.Incomplete(o.ID + ": its listeners: " + reason)
	}
	for _, l := range listeners {
		name, protocol := o.Text(l, "", "name"), o.Text(l, "", "protocol")
		mode := o.Text(l, "Terminate", "tls", "mode")
		serves := "web"
		switch protocol.Value {
		case "TCP", "UDP":
			continue
		case "TLS":
			serves = "other"
		}
		s := c.listen(o.ID+"/"+name.Value, "gateway", serves, "the implementation of the gateway decides", o.At(l))
		s.port, s.scope = o.Int(l, 0, "port"), kubernetes.GatewayScope(o)
		s.hsts = aws.NotKnown[int]("the routes of the gateway decide", s.at)
		switch {
		case !protocol.Known():
			s.undecided(protocol.Reason, protocol.Pos)
			s.tls, s.plaintext = aws.NotKnown[string](protocol.Reason, protocol.Pos), aws.NotKnown[bool](protocol.Reason, protocol.Pos)
		case protocol.Value == "HTTP":
			s.off(aws.Declared(true, o.At(l)))
			s.hsts = aws.Default(0, s.at)
			c.plain = append(c.plain, gatewayListener{s, o.Namespace, o.Name, name.Value})
		case !mode.Known() || mode.Value == "Passthrough":
			s.verify, s.hsts = aws.NotKnown[string]("TLS ends behind the gateway", s.at), aws.NotKnown[int]("TLS ends behind the gateway", s.at)
			s.showsUnknown("TLS ends behind the gateway")
		default:
			c.gatewayCertificates(o, s, l)
			if ca := o.Value(l, "tls", "frontendValidation", "caCertificateRefs"); ca != nil {
				s.verify = aws.Declared("ca", o.At(ca))
			}
		}
	}
}

// route is an HTTPRoute: which listeners it is for, and whether all it does is
// redirect to https.
type route struct {
	parents   [][3]string // namespace, gateway, listener or "" for all
	redirects aws.Answer[string]
}

// anything stands for a part of a reference that is not known.
const anything = "?"

func readRoute(o *kubernetes.Object) route {
	r := route{redirects: aws.Declared("https", o.Pos())}
	parents, reason := o.List(o.Root, "spec", "parentRefs")
	for _, p := range parents {
		var parent [3]string
		for i, field := range []aws.Answer[string]{o.Text(p, o.Namespace, "namespace"), o.Text(p, "", "name"), o.Text(p, "", "sectionName")} {
			parent[i] = field.Value
			if !field.Known() {
				parent[i] = anything
				reason = field.Reason
			}
		}
		r.parents = append(r.parents, parent)
	}
	rules, more := o.List(o.Root, "spec", "rules")
	if reason+more != "" {
		r.redirects = aws.NotKnown[string](reason+more, o.Pos())
		return r
	}
	if len(rules) == 0 {
		r.redirects = aws.Default("none", o.Pos())
	}
	for _, rule := range rules {
		r.redirects = less(r.redirects, answersWith(o, rule))
	}
	return r
}

// answersWith is what one rule of a route answers.
func answersWith(o *kubernetes.Object, rule *node.Node) aws.Answer[string] {
	filters, reason := o.List(rule, "filters")
	if reason != "" {
		return aws.NotKnown[string](reason, o.At(rule))
	}
	for _, f := range filters {
		if to := o.Value(f, "requestRedirect"); to != nil {
			scheme := o.Text(to, "", "scheme")
			return aws.Then(scheme, func(s string) string {
				if s == "https" {
					return "https"
				}
				return "other"
			})
		}
	}
	return aws.Default("none", o.At(rule))
}

// redirected is what the routes of a listener without TLS answer; the one that
// redirects least counts.
func (c *cluster) redirected(l gatewayListener) aws.Answer[string] {
	out := aws.NotKnown[string]("the routes of the listener are not declared here", l.at)
	found := false
	for _, r := range c.routes {
		for _, p := range r.parents {
			if p[0] != l.namespace && p[0] != anything || p[1] != l.gateway && p[1] != anything || p[2] != "" && p[2] != l.name && p[2] != anything {
				continue
			}
			if !found {
				out, found = r.redirects, true
			} else {
				out = less(out, r.redirects)
			}
		}
	}
	return out
}

// istioVersions are the names of Istio's protocol versions.
var istioVersions = map[string]string{"TLSV1_0": "tls1.0", "TLSV1_1": "tls1.1", "TLSV1_2": "tls1.2", "TLSV1_3": "tls1.3"}

// meshGateway reads the servers of a Gateway of Istio.
// https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings
func (c *cluster) meshGateway(o *kubernetes.Object) {
	servers, reason := o.List(o.Root, "spec", "servers")
	if reason != "" {
		c.b.Incomplete(o.ID + ": its servers: " + reason)
	}
	for _, n := range servers {
		protocol := o.Text(n, "", "port", "protocol")
		name := o.Text(n, "", "port", "name")
		serves := "web"
		switch strings.ToUpper(protocol.Value) {
		case "TCP", "MONGO", "MYSQL", "REDIS", "UDP":
			if o.Value(n, "tls") == nil {
				continue
			}
			serves = "other"
		case "TLS":
			serves = "other"
		}
		s := c.listen(o.ID+"/"+name.Value, "istio", serves, "the mesh's configuration decides", o.At(n))
		s.port = o.Int(n, 0, "port", "number")
		s.scope = aws.NotKnown[string]("the Service of the gateway's pods decides who has a route to it", s.at)
		s.hsts = aws.NotKnown[int]("the routes of the gateway decide", s.at)
		c.meshServer(o, s, n, protocol)
	}
}

func (c *cluster) meshServer(o *kubernetes.Object, s *config, n *node.Node, protocol aws.Answer[string]) {
	settings := o.Value(n, "tls")
	mode := o.Text(settings, "", "mode")
	redirect := o.Bool(settings, false, "httpsRedirect")
	switch {
	case !protocol.Known() || !mode.Known():
		reason := protocol.Reason + mode.Reason
		s.undecided(reason, s.at)
		s.tls, s.plaintext = aws.NotKnown[string](reason, s.at), aws.NotKnown[bool](reason, s.at)
		return
	case settings == nil || mode.Default && !strings.EqualFold(protocol.Value, "HTTPS") && !strings.EqualFold(protocol.Value, "TLS"):
		s.off(aws.Declared(true, s.at))
		s.hsts = aws.Default(0, s.at)
		s.redirects = aws.Then(redirect, func(yes bool) string {
			if yes {
				return "https"
			}
			return "none"
		})
		return
	}
	switch mode.Value {
	case "", "SIMPLE":
		s.verify = aws.Default("none", s.at)
	case "OPTIONAL_MUTUAL":
		s.verify = aws.Declared("none", mode.Pos)
	case "MUTUAL":
		s.verify = aws.Declared("ca", mode.Pos)
		if o.Value(settings, "subjectAltNames") != nil {
			s.verify = aws.Declared("full", mode.Pos)
		}
	case "ISTIO_MUTUAL":
		s.verify = aws.Declared("full", mode.Pos)
	default: // PASSTHROUGH, AUTO_PASSTHROUGH
		const behind = "TLS ends behind the gateway"
		s.verify = aws.NotKnown[string](behind, mode.Pos)
		s.showsUnknown(behind)
		return
	}
	if mode.Value != "ISTIO_MUTUAL" {
		c.meshCertificates(o, s, n)
	}
	least, most := o.Text(settings, "TLSV1_2", "minProtocolVersion"), o.Text(settings, "TLSV1_3", "maxProtocolVersion")
	first, last := istioVersions[least.Value], istioVersions[most.Value]
	if least.Value == "TLS_AUTO" {
		first = "tls1.2"
	}
	if most.Value == "TLS_AUTO" {
		last = "tls1.3"
	}
	if first == "" || last == "" || !least.Known() || !most.Known() {
		s.protocols = aws.NotKnown[[]string]("the protocol versions cannot be read", least.Pos)
		return
	}
	s.protocols = aws.Answer[[]string]{Value: from(first, last), Default: least.Default && most.Default, Pos: least.Pos}
}
