package tls

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// shown is a Secret whose certificate a server shows, and for which hosts.
type shown struct {
	server    *config
	at        fact.Position
	namespace string
	secret    aws.Answer[string]
	hosts     aws.Answer[[]string]
}

// ingressCertificates notes the Secrets of an Ingress, and orders those that its
// annotations ask for. Load balancers of clouds take certificates from elsewhere.
func (c *cluster) ingressCertificates(in *kubernetes.Ingress, s *config, covered aws.Answer[bool]) {
	for _, name := range []string{
		"alb.ingress.kubernetes.io/certificate-arn", "ingress.gcp.kubernetes.io/pre-shared-cert", "networking.gke.io/managed-certificates",
		"networking.gke.io/certmap", "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
	} {
		if in.Annotation(name) != nil || in.Controller == "alb" {
			s.showsUnknown("the load balancer takes its certificate from the cloud")
			return
		}
	}
	blocks, reason := in.List(in.Root, "spec", "tls")
	if reason != "" {
		s.showsUnknown(reason)
		return
	}
	for _, b := range blocks {
		secret, hosts := in.Text(b, "", "secretName"), in.Texts(b, "hosts")
		if hosts.Known() && len(hosts.Value) > 0 {
			c.annotated(in.Object, secret, hosts)
		}
		if hosts.Default {
			hosts = aws.Declared(in.Hosts, hosts.Pos)
			if in.HostsReason != "" {
				hosts = aws.NotKnown[[]string](in.HostsReason, hosts.Pos)
			}
		}
		c.shown = append(c.shown, shown{server: s, at: in.At(b), namespace: in.Namespace, secret: secret, hosts: hosts})
	}
	switch {
	case len(blocks) == 0:
	case !covered.Known():
		s.showsUnknown(covered.Reason)
	case !covered.Value:
		s.shows(unknownCertificate(in.ID, "hosts outside of its tls blocks get the certificate of the controller", in.Pos()))
	}
}

// show joins the Secrets that servers name with the certificates that are kept in
// them; what is left over stands alone.
func (c *cluster) show() {
	for _, order := range c.orders {
		c.issue(order)
	}
	for _, sh := range c.shown {
		c.kept(sh)
	}
	for _, order := range c.orders {
		if !order.used {
			c.lone(order)
		}
	}
}

// kept adds the certificate in a Secret that a server names to what it shows.
func (c *cluster) kept(sh shown) {
	if !sh.secret.Known() {
		sh.server.showsUnknown(sh.secret.Reason)
		return
	}
	if sh.secret.Value == "" {
		sh.server.shows(unknownCertificate("", "no Secret is named: the server has a certificate of its own", sh.at))
		return
	}
	reason := "what the Secret holds is not part of the configuration"
	var found []*ordered
	for _, order := range c.orders {
		switch near := order.namespace == sh.namespace; {
		case !order.secret.Known() && near:
			sh.server.showsUnknown("in which Secret " + order.origin + " is kept is not known: " + order.secret.Reason)
		case order.secret.Value != sh.secret.Value:
		case near:
			found = append(found, order)
		case order.namespace == "" || sh.namespace == "":
			reason = "whether it is the Secret of " + order.origin + " is not known: one of them names no namespace"
		}
	}
	if len(found) == 1 {
		found[0].used = true
		one := found[0].certificate
		one.named = covers(one.names, sh.hosts)
		sh.server.shows(one)
		return
	}
	if len(found) > 1 {
		reason = found[0].origin + " and " + found[1].origin + " are kept in one Secret"
	}
	origin := "Secret/" + sh.secret.Value
	if sh.namespace != "" {
		origin = sh.namespace + "/" + origin
	}
	sh.server.shows(unknownCertificate(origin, reason, sh.at))
}

// gatewayCertificates notes the Secrets of a listener of the Gateway API.
func (c *cluster) gatewayCertificates(o *kubernetes.Object, s *config, l *node.Node) {
	refs, reason := o.List(l, "tls", "certificateRefs")
	host := o.Text(l, "", "hostname")
	hosts := aws.Then(host, func(h string) []string { return []string{h} })
	for _, r := range refs {
		group, kind := o.Text(r, "", "group"), o.Text(r, "Secret", "kind")
		secret := o.Text(r, "", "name")
		namespace := o.Text(r, o.Namespace, "namespace")
		why := group.Reason + kind.Reason + secret.Reason + namespace.Reason
		switch {
		case why != "":
			s.showsUnknown(why)
			continue
		case group.Value != "" || kind.Value != "Secret":
			s.shows(unknownCertificate(kind.Value+"/"+secret.Value, "the certificate is kept in something other than a Secret", o.At(r)))
			continue
		}
		if namespace.Value == o.Namespace && host.Known() && host.Value != "" {
			c.annotated(o, secret, hosts)
		}
		c.shown = append(c.shown, shown{server: s, at: o.At(r), namespace: namespace.Value, secret: secret, hosts: hosts})
	}
	if reason != "" {
		s.showsUnknown(reason)
	}
}

// meshCertificates notes the Secrets of a server of Istio. They stand where the
// pods of the gateway run.
func (c *cluster) meshCertificates(o *kubernetes.Object, s *config, n *node.Node) {
	settings := o.Value(n, "tls")
	hosts := aws.Then(o.Texts(n, "hosts"), func(list []string) []string {
		out := []string{}
		for _, h := range list {
			if _, name, given := strings.Cut(h, "/"); given {
				h = name
			}
			out = append(out, h)
		}
		return out
	})
	secrets := []aws.Answer[string]{}
	if one := o.Text(settings, "", "credentialName"); !one.Default {
		secrets = append(secrets, one)
	}
	more := o.Texts(settings, "credentialNames")
	if !more.Known() {
		secrets = append(secrets, aws.NotKnown[string](more.Reason, more.Pos))
	}
	for _, name := range more.Value {
		secrets = append(secrets, aws.Declared(name, more.Pos))
	}
	for _, secret := range secrets {
		sh := shown{server: s, at: secret.Pos, namespace: o.Namespace, secret: secret, hosts: hosts}
		if namespace, name, given := strings.Cut(strings.TrimPrefix(secret.Value, "kubernetes://"), "/"); given {
			sh.namespace, sh.secret.Value = namespace, name
		}
		c.shown = append(c.shown, sh)
	}
}
