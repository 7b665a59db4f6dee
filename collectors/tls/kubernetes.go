package tls

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// Watch subscribes to what encrypts connections in a cluster.
func (Collector) Watch(env *collectors.Env) {
	kinds := []string{"Ingress", "Gateway", "HTTPRoute", "PeerAuthentication", "DestinationRule", "ConfigMap", "Pod", "Certificate", "Issuer", "ClusterIssuer", "IngressRoute", "IngressRouteTCP", "HTTPProxy", "Route"}
	kubernetes.Watch(env, "tls", kinds, func(target fact.Target) kubernetes.Visitor {
		b := fact.NewBuilder("tls.config", target, env.Envelope("tls", "kubernetes"), env.Now)
		return &cluster{collection: &collection{b: b}, taken: kubernetes.IDs{}, issuers: map[string]aws.Answer[string]{}, redactor: env.Redactor}
	})
}

// cluster gathers what the manifests of a target say about encrypted connections.
type cluster struct {
	*collection
	taken   kubernetes.IDs
	nginx   []nginxListener // wait for the settings of their controller
	setting *nginxSettings
	plain   []gatewayListener // wait for the routes that redirect
	routes  []route
	orders  []*ordered // certificates that cert-manager keeps
	issuers map[string]aws.Answer[string]
	shown   []shown // wait for the certificates
	// redactor learns whom a certificate names.
	redactor *fact.Redactor
}

// listen starts a server's configuration that speaks TLS, of whose versions nothing
// is known, and why.
func (c *cluster) listen(id, product, serves, reason string, at fact.Position) *config {
	list := aws.NotKnown[[]string](reason, at)
	s := &config{
		id: c.taken.Take(id), role: "server", product: product, at: at, serves: aws.Default(serves, at), tls: aws.Declared("on", at),
		policy: aws.Default("", at), verify: aws.Default("none", at), protocols: list, suites: list, groups: list, plaintext: aws.Declared(false, at),
		address: aws.Default("", at), scope: aws.Default("internal", at), redirects: aws.Default("none", at), port: aws.Default(0, at), hsts: aws.Default(0, at),
	}
	c.configs = append(c.configs, s)
	return s
}

// Object reads one object.
func (c *cluster) Object(o *kubernetes.Object) {
	switch o.Group + "/" + o.Kind {
	case "networking.k8s.io/Ingress", "extensions/Ingress":
		c.ingress(o)
	case "gateway.networking.k8s.io/Gateway":
		c.gateway(o)
	case "gateway.networking.k8s.io/HTTPRoute":
		c.routes = append(c.routes, readRoute(o))
	case "networking.istio.io/Gateway":
		c.meshGateway(o)
	case "security.istio.io/PeerAuthentication":
		c.peerAuthentication(o)
	case "networking.istio.io/DestinationRule":
		c.destinationRule(o)
	case "/ConfigMap":
		c.nginxConfig(o)
	case "/Pod":
		c.apiServer(o)
	case "cert-manager.io/Certificate":
		c.certificateObject(o)
	case "cert-manager.io/Issuer", "cert-manager.io/ClusterIssuer":
		c.issuerObject(o)
	case "certmanager.k8s.io/Certificate":
		c.b.Incomplete(o.ID + ": a Certificate of " + o.APIVersion + " is one of a cert-manager before version 0.11, and not read")
	case "traefik.io/IngressRoute", "traefik.io/IngressRouteTCP", "traefik.containo.us/IngressRoute", "traefik.containo.us/IngressRouteTCP", "projectcontour.io/HTTPProxy", "route.openshift.io/Route":
		c.b.Incomplete(o.ID + ": how a " + o.Kind + " of " + o.Group + " encrypts is not read")
	}
}

// Documents joins listeners with what decides about them elsewhere.
func (c *cluster) Documents() []*fact.Document {
	for _, l := range c.nginx {
		c.settleNginx(l)
	}
	for _, l := range c.plain {
		l.config.redirects = c.redirected(l)
	}
	c.show()
	for _, s := range c.configs {
		s.put(c.b)
	}
	return []*fact.Document{c.b.Document()}
}

// ingress reads an Ingress: one item per port.
func (c *cluster) ingress(o *kubernetes.Object) {
	in := kubernetes.ReadIngress(o)
	if in.Reason != "" {
		c.b.Incomplete(o.ID + ": " + in.Reason)
	}
	covered := tlsHosts(in)
	for _, door := range in.Doors {
		name := "unknown"
		if door.Port.Known() {
			name = strconv.Itoa(door.Port.Value)
		}
		product := in.Controller
		if product == "" {
			product = "ingress"
		}
		s := c.listen(o.ID+"/"+name, product, "web", "the configuration of the ingress controller decides", o.Pos())
		s.port, s.scope = door.Port, in.Scope
		if !door.TLS {
			s.off(aws.Declared(true, o.Pos()))
			s.redirects = redirects(in, covered)
			continue
		}
		c.ingressTLS(in, s)
		c.ingressCertificates(in, s, covered)
	}
	c.backend(in)
}

// tlsHosts reports whether every host of an Ingress stands in a block of its tls.
func tlsHosts(in *kubernetes.Ingress) aws.Answer[bool] {
	blocks, reason := in.List(in.Root, "spec", "tls")
	if reason += in.HostsReason; reason != "" {
		return aws.NotKnown[bool](reason, in.Pos())
	}
	var hosts []string
	for _, b := range blocks {
		list := in.Texts(b, "hosts")
		if !list.Known() {
			return aws.NotKnown[bool](list.Reason, list.Pos)
		}
		if len(list.Value) == 0 {
			return aws.Declared(true, in.At(b)) // for every host
		}
		hosts = append(hosts, list.Value...)
	}
	for _, h := range in.Hosts {
		if !hostIn(h, hosts) {
			return aws.Declared(false, in.Pos())
		}
	}
	return aws.Declared(len(blocks) > 0, in.Pos())
}

func hostIn(host string, list []string) bool {
	for _, l := range list {
		if l == host {
			return true
		}
		if suffix, ok := strings.CutPrefix(l, "*."); ok {
			if _, rest, dotted := strings.Cut(host, "."); dotted && rest == suffix {
				return true
			}
		}
	}
	return false
}

// redirects reads what the port without TLS answers, by the annotations of each
// controller.
func redirects(in *kubernetes.Ingress, covered aws.Answer[bool]) aws.Answer[string] {
	to := func(on aws.Answer[bool]) aws.Answer[string] {
		return aws.Then(on, func(yes bool) string {
			if yes {
				return "https"
			}
			return "none"
		})
	}
	switch in.Controller {
	case "nginx":
		force := in.Flag(in.Annotation("nginx.ingress.kubernetes.io/force-ssl-redirect"), false)
		redirect := in.Flag(in.Annotation("nginx.ingress.kubernetes.io/ssl-redirect"), true)
		return to(aws.Or(force, aws.And(redirect, covered)))
	case "haproxy":
		return to(aws.And(in.Flag(in.Annotation("haproxy.org/ssl-redirect"), true), covered))
	case "azure":
		return to(in.Flag(in.Annotation("appgw.ingress.kubernetes.io/ssl-redirect"), false))
	case "alb":
		if n := in.Annotation("alb.ingress.kubernetes.io/ssl-redirect"); n != nil {
			return aws.Declared("https", in.At(n))
		}
		for _, key := range annotations(in.Object) {
			if strings.HasPrefix(key.Name, "alb.ingress.kubernetes.io/actions.") {
				return aws.NotKnown[string]("its actions are not read", in.At(in.Annotation(key.Name)))
			}
		}
		return aws.Default("none", in.Pos())
	case "gce":
		if n := in.Annotation("networking.gke.io/v1beta1.FrontendConfig"); n != nil {
			return aws.NotKnown[string]("its FrontendConfig is not read", in.At(n))
		}
		return aws.Default("none", in.Pos())
	}
	return aws.NotKnown[string]("the configuration of the ingress controller decides", in.Pos())
}

func annotations(o *kubernetes.Object) []node.Key {
	if n := o.Root.At("metadata", "annotations"); n != nil {
		return n.Keys
	}
	return nil
}
