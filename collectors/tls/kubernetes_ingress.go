package tls

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
)

// ingressTLS sets what the port with TLS negotiates. Controllers that run in the
// cluster have settings of their own; load balancers of clouds have policies.
func (c *cluster) ingressTLS(in *kubernetes.Ingress, s *config) {
	const elsewhere = "the configuration of the ingress controller decides"
	s.hsts = aws.NotKnown[int](elsewhere, s.at)
	s.verify = aws.NotKnown[string](elsewhere, s.at)
	switch in.Controller {
	case "nginx":
		s.verify = nginxVerify(in)
		c.nginx = append(c.nginx, nginxListener{s, in.Text(in.Root, "", "metadata", "annotations", "nginx.ingress.kubernetes.io/ssl-ciphers")})
	case "alb":
		const prefix = "alb.ingress.kubernetes.io/"
		s.accept(in.Text(in.Root, defaultPolicy, "metadata", "annotations", prefix+"ssl-policy"), elbPolicy)
		s.verify = aws.Default("none", s.at)
		if n := in.Annotation(prefix + "mutual-authentication"); n != nil {
			s.verify = aws.NotKnown[string]("mutual-authentication is not read", in.At(n))
			if strings.Contains(n.Text, `"verify"`) && strings.Count(n.Text, `"mode"`) == 1 {
				s.verify = aws.Declared("ca", in.At(n))
			}
		}
		s.hsts = aws.NotKnown[int](noHeader, s.at)
		for _, key := range annotations(in.Object) {
			if strings.HasPrefix(key.Name, prefix+"listener-attributes.") {
				s.hsts = aws.NotKnown[int]("attributes of the listener are not read", in.At(in.Annotation(key.Name)))
			}
		}
	case "gce": // without a policy of one's own: COMPATIBLE (Cloud Load Balancing, "SSL policies overview")
		s.verify, s.hsts = aws.Default("none", s.at), aws.NotKnown[int](noHeader, s.at)
		if n := in.Annotation("networking.gke.io/v1beta1.FrontendConfig"); n != nil {
			s.policy = aws.NotKnown[string]("its FrontendConfig is not read", in.At(n))
			return
		}
		s.policy, s.protocols = aws.Default("COMPATIBLE", s.at), aws.Default(from("tls1.0", "tls1.3"), s.at)
	}
}

const noHeader = "the load balancer adds no header; the application may"

// nginxVerify reads whether client certificates are asked for.
func nginxVerify(in *kubernetes.Ingress) aws.Answer[string] {
	const prefix = "nginx.ingress.kubernetes.io/auth-tls-"
	secret := in.Annotation(prefix + "secret")
	if secret == nil {
		return aws.Default("none", in.Pos())
	}
	mode := in.Text(in.Root, "on", "metadata", "annotations", prefix+"verify-client")
	return aws.Then(mode, func(m string) string {
		if m == "on" {
			return "ca"
		}
		return "none"
	})
}

// nginxListener waits for the ConfigMap of its controller.
type nginxListener struct {
	*config
	ciphers aws.Answer[string]
}

// nginxSettings are those of the controller's ConfigMap.
type nginxSettings struct {
	protocols aws.Answer[string]
	hsts      aws.Answer[bool]
	maxAge    aws.Answer[int]
	again     bool
}

// nginxConfig reads the ConfigMap of the controller, known by its settings.
// https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/
func (c *cluster) nginxConfig(o *kubernetes.Object) {
	data := o.Value(o.Root, "data")
	if data == nil || !data.Has("ssl-protocols") && !data.Has("hsts-max-age") && !data.Has("hsts") {
		return
	}
	if c.setting != nil {
		c.setting.again = true
		return
	}
	c.setting = &nginxSettings{protocols: o.Text(data, "TLSv1.2 TLSv1.3", "ssl-protocols"), hsts: o.Flag(data.Get("hsts"), true), maxAge: o.Int(data, 31536000, "hsts-max-age")}
}

// settleNginx sets versions and headers by the settings of the controller, if they
// are declared here.
func (c *cluster) settleNginx(l nginxListener) {
	set := c.setting
	if set == nil || set.again {
		return
	}
	l.protocols = aws.Then(set.protocols, nginxVersions)
	if l.protocols.Known() && len(l.protocols.Value) == 0 {
		l.protocols = aws.NotKnown[[]string]("ssl-protocols cannot be read", set.protocols.Pos)
	}
	switch {
	case !set.hsts.Known():
		l.hsts = aws.NotKnown[int](set.hsts.Reason, set.hsts.Pos)
	case !set.hsts.Value:
		l.hsts = aws.Declared(0, set.hsts.Pos)
	default:
		l.hsts = set.maxAge
	}
}

// nginxVersions are the versions that nginx's ssl_protocols names, oldest first; nil
// if one is not known.
func nginxVersions(text string) []string {
	names := map[string]string{"SSLv2": "ssl2", "SSLv3": "ssl3", "TLSv1": "tls1.0", "TLSv1.1": "tls1.1", "TLSv1.2": "tls1.2", "TLSv1.3": "tls1.3"}
	on := map[string]bool{}
	for _, word := range strings.Fields(text) {
		if names[word] == "" {
			return nil
		}
		on[names[word]] = true
	}
	var out []string
	for _, v := range versions {
		if on[v] {
			out = append(out, v)
		}
	}
	return out
}

// backend reads the connection from the controller to the service where annotations
// make it one with TLS: nginx then checks no certificate unless told to.
func (c *cluster) backend(in *kubernetes.Ingress) {
	protocol := in.Annotation("nginx.ingress.kubernetes.io/backend-protocol")
	if protocol == nil || protocol.Text != "HTTPS" && protocol.Text != "GRPCS" {
		return
	}
	s := c.listen(in.ID+"/backend", "nginx", "web", "the configuration of the ingress controller decides", in.At(protocol))
	s.role = "client"
	s.address = in.Backend
	verify := in.Text(in.Root, "off", "metadata", "annotations", "nginx.ingress.kubernetes.io/proxy-ssl-verify")
	s.verify = aws.Then(verify, func(on string) string {
		if on == "on" {
			return "full"
		}
		return "none"
	})
}

// apiServer reads the port of an API server that the manifests run themselves.
// https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
func (c *cluster) apiServer(o *kubernetes.Object) {
	reason := kubernetes.Programs(o, "kube-apiserver", func(one kubernetes.Container, flags kubernetes.Flags) {
		s := c.listen(o.ID+"/"+one.Name, "kube_apiserver", "other", "the defaults of the program's version decide", o.At(one.Node))
		s.port = number(flags.Text("secure-port", "6443"))
		s.scope = aws.NotKnown[string]("who has a route to the node is not known", s.at)
		least := flags.Text("tls-min-version", "VersionTLS12")
		versions := map[string]string{"VersionTLS10": "tls1.0", "VersionTLS11": "tls1.1", "VersionTLS12": "tls1.2", "VersionTLS13": "tls1.3"}
		s.protocols = aws.Then(least, func(name string) []string { return from(versions[name], "tls1.3") })
		if least.Known() && versions[least.Value] == "" {
			s.protocols = aws.NotKnown[[]string]("tls-min-version cannot be read", least.Pos)
		}
		if suites := flags.Text("tls-cipher-suites", ""); suites.Known() && suites.Value != "" {
			s.suites = aws.Declared(strings.Split(suites.Value, ","), suites.Pos)
		}
		ca := flags.Text("client-ca-file", "")
		s.verify = aws.Then(ca, func(string) string { return "none" }) // certificates are one way to log in among others
	})
	if reason != "" {
		c.b.Incomplete(o.ID + ": " + reason)
	}
}

func number(text aws.Answer[string]) aws.Answer[int] {
	if !text.Known() {
		return aws.NotKnown[int](text.Reason, text.Pos)
	}
	n := 0
	for _, d := range text.Value {
		if d < '0' || d > '9' || n > 65535 {
			return aws.NotKnown[int]("it is no port", text.Pos)
		}
		n = 10*n + int(d-'0')
	}
	return aws.Answer[int]{Value: n, Default: text.Default, Pos: text.Pos}
}
