package tls

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

const meshDecides = "the mesh's configuration decides"

// peerAuthentication reads what pods of an Istio mesh take from their peers: one
// item for all ports, and one for each that differs.
// https://istio.io/latest/docs/reference/config/security/peer_authentication/
func (c *cluster) peerAuthentication(o *kubernetes.Object) {
	spec := o.Value(o.Root, "spec")
	c.peers(o, o.ID, o.Text(spec, "UNSET", "mtls", "mode"), aws.Default(0, o.Pos()))
	ports := o.Value(spec, "portLevelMtls")
	if ports == nil {
		return
	}
	if ports.Kind != node.Object {
		c.b.Incomplete(o.ID + ": portLevelMtls cannot be read")
		return
	}
	for i, key := range ports.Keys {
		port, err := strconv.Atoi(key.Name)
		number := aws.Declared(port, o.At(ports.Elems[i]))
		if err != nil {
			number = aws.NotKnown[int]("it is no port", number.Pos)
		}
		c.peers(o, o.ID+"/"+key.Name, o.Text(ports.Elems[i], "UNSET", "mode"), number)
	}
}

func (c *cluster) peers(o *kubernetes.Object, id string, mode aws.Answer[string], port aws.Answer[int]) {
	at := mode.Pos
	s := c.listen(id, "istio", "other", meshDecides, at)
	s.port = port
	reason := mode.Reason
	switch mode.Value {
	case "STRICT":
		s.tls, s.verify, s.plaintext = aws.Declared("on", at), aws.Declared("full", at), aws.Declared(false, at)
		return
	case "PERMISSIVE":
		s.tls, s.plaintext = aws.Declared("optional", at), aws.Declared(true, at)
		return
	case "DISABLE":
		s.off(aws.Declared(true, at))
		return
	case "UNSET":
		reason = "it takes over what a wider rule says"
	default:
		if reason == "" {
			reason = "the mode is not one this reader knows"
		}
	}
	s.undecided(reason, at)
	s.serves = aws.Default("other", at)
	s.redirects, s.hsts = aws.Default("none", at), aws.Default(0, at)
	s.tls, s.plaintext = aws.NotKnown[string](reason, at), aws.NotKnown[bool](reason, at)
}

// destinationRule reads how pods of an Istio mesh call a host.
// https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
func (c *cluster) destinationRule(o *kubernetes.Object) {
	host := o.Text(o.Root, "", "spec", "host")
	policy := o.Value(o.Root, "spec", "trafficPolicy")
	if n := o.Value(policy, "tls"); n != nil {
		c.calls(o, o.ID, host, n, aws.Default(0, o.At(n)))
	}
	ports, reason := o.List(policy, "portLevelSettings")
	if reason != "" {
		c.b.Incomplete(o.ID + ": portLevelSettings: " + reason)
	}
	for _, p := range ports {
		number := o.Int(p, 0, "port", "number")
		if n := o.Value(p, "tls"); n != nil {
			c.calls(o, o.ID+"/"+strconv.Itoa(number.Value), host, n, number)
		}
	}
	subsets, reason := o.List(o.Root, "spec", "subsets")
	if reason != "" {
		c.b.Incomplete(o.ID + ": subsets: " + reason)
	}
	for _, one := range subsets {
		if n := o.Value(one, "trafficPolicy", "tls"); n != nil {
			c.calls(o, o.ID+"/"+o.Text(one, "", "name").Value, host, n, aws.Default(0, o.At(n)))
		}
	}
}

func (c *cluster) calls(o *kubernetes.Object, id string, host aws.Answer[string], n *node.Node, port aws.Answer[int]) {
	at := o.At(n)
	s := c.listen(id, "istio", "other", meshDecides, at)
	s.role, s.address, s.port, s.scope = "client", host, port, peerScope(host, at)
	mode := o.Text(n, "DISABLE", "mode")
	switch {
	case !mode.Known():
		s.undecided(mode.Reason, mode.Pos)
		s.tls, s.plaintext = aws.NotKnown[string](mode.Reason, mode.Pos), aws.NotKnown[bool](mode.Reason, mode.Pos)
	case mode.Value == "DISABLE":
		s.off(aws.Answer[bool]{Value: true, Default: mode.Default, Pos: mode.Pos})
	case mode.Value == "ISTIO_MUTUAL":
		s.verify = aws.Declared("full", mode.Pos)
	default:
		s.verify = callVerify(o, n, mode.Pos)
	}
}

// callVerify is what is checked of the server: without an authority of one's own the
// mesh's settings and version decide, with one the chain, and the name if it is
// given.
func callVerify(o *kubernetes.Object, n *node.Node, at fact.Position) aws.Answer[string] {
	skip := o.Bool(n, false, "insecureSkipVerify")
	authority := o.Value(n, "caCertificates")
	if authority == nil {
		authority = o.Value(n, "credentialName")
	}
	switch {
	case !skip.Known():
		return aws.NotKnown[string](skip.Reason, skip.Pos)
	case skip.Value:
		return aws.Declared("none", skip.Pos)
	case authority == nil:
		return aws.NotKnown[string](meshDecides, at)
	case o.Value(n, "subjectAltNames") != nil:
		return aws.Declared("full", o.At(authority))
	}
	return aws.Declared("ca", o.At(authority))
}

// peerScope: names of Services are inside.
func peerScope(host aws.Answer[string], at fact.Position) aws.Answer[string] {
	switch {
	case !host.Known():
		return aws.NotKnown[string](host.Reason, host.Pos)
	case host.Value == "" || !strings.Contains(host.Value, "."), strings.HasSuffix(host.Value, ".svc"), strings.Contains(host.Value, ".svc.") || strings.HasSuffix(host.Value, ".local"):
		return aws.Default("internal", host.Pos)
	}
	return aws.NotKnown[string]("where the host is, is not known", at)
}
