package ports

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
)

// ingress publishes the ports at which a controller serves an Ingress.
func (c *cluster) ingress(o *kubernetes.Object) {
	in := kubernetes.ReadIngress(o)
	if in.Reason != "" {
		c.b.Incomplete(o.ID + ": " + in.Reason)
	}
	for _, door := range in.Doors {
		p := c.open(o, "load_balancer", o.Pos())
		p.scope, p.admits, p.backend = in.Scope, in.Admits, in.Backend
		p.families = aws.NotKnown[[]string]("the addresses are the controller's", p.at)
		c.await(in)
		c.ports = append(c.ports, p.on(door.Port))
	}
}

// gateway publishes the listeners of a Gateway of the Gateway API.
// https://gateway-api.sigs.k8s.io/reference/spec/
func (c *cluster) gateway(o *kubernetes.Object) {
	spec := o.Value(o.Root, "spec")
	listeners, reason := o.List(spec, "listeners")
	if reason != "" {
		c.b.Incomplete(o.ID + ": its listeners: " + reason)
	}
	scope := kubernetes.GatewayScope(o)
	for _, l := range listeners {
		p := c.open(o, "load_balancer", o.At(l))
		p.id += "/" + text(l.Get("name"))
		p.scope = scope
		p.families = aws.NotKnown[[]string]("the addresses are the gateway's", p.at)
		if protocol := o.Text(l, "", "protocol"); !protocol.Known() {
			p.protocol = protocol
		} else if strings.EqualFold(protocol.Value, "UDP") {
			p.protocol = aws.Declared("udp", protocol.Pos)
		}
		c.ports = append(c.ports, p.on(number(o, l, "no port is given", "port")))
	}
}

// meshGateway publishes the servers of a Gateway of Istio.
// https://istio.io/latest/docs/reference/config/networking/gateway/
func (c *cluster) meshGateway(o *kubernetes.Object) {
	servers, reason := o.List(o.Root, "spec", "servers")
	if reason != "" {
		c.b.Incomplete(o.ID + ": its servers: " + reason)
	}
	for _, s := range servers {
		p := c.open(o, "load_balancer", o.At(s))
		if name := text(o.Value(s, "port", "name")); name != "" {
			p.id += "/" + name
		}
		p.scope = aws.NotKnown[string]("the Service of the gateway's pods decides who has a route to it", p.at)
		p.families = aws.NotKnown[[]string]("the addresses are the gateway's", p.at)
		c.ports = append(c.ports, p.on(number(o, s, "no port is given", "port", "number")))
	}
}
