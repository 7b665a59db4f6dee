package kubernetes

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/json"
	"github.com/writ-policy/writ/collectors/source/node"
)

// Ingress is what an Ingress asks of its controller.
type Ingress struct {
	*Object
	// Class is the class as written, "" if there is none. Controller is nginx, traefik,
	// alb, gce, azure, another's class, or "" where the cluster's default takes it.
	Class, Controller string
	// Doors are the ports at which it is served.
	Doors []Door
	// Scope of who has a route to it.
	Scope aws.Answer[string]
	// Admits are the sources that the controller lets in.
	Admits aws.Answer[[]string]
	// Backend names the services behind it, sorted, joined by ", ".
	Backend aws.Answer[string]
	// Hosts that it serves, sorted; "" stands for every one. HostsReason is why there
	// may be others.
	Hosts       []string
	HostsReason string
	// Reason is why it may be more than is said here.
	Reason string
}

// Door is a port of an ingress.
type Door struct {
	Port aws.Answer[int]
	TLS  bool
}

// annotation prefixes by controller.
var ingressAnnotations = [...]struct{ prefix, controller string }{
	{"alb.ingress.kubernetes.io/", "alb"}, {"nginx.ingress.kubernetes.io/", "nginx"}, {"traefik.ingress.kubernetes.io/", "traefik"},
	{"appgw.ingress.kubernetes.io/", "azure"}, {"networking.gke.io/", "gce"}, {"kubernetes.io/ingress.allow-http", "gce"},
	{"haproxy.org/", "haproxy"}, {"konghq.com/", "kong"},
}

// classOf is the class of an Ingress as written.
func classOf(o *Object) string {
	if class := scalar(follow(o.Root, "spec", "ingressClassName")); class != "" {
		return class
	}
	return scalar(o.Annotation("kubernetes.io/ingress.class"))
}

// controller tells which controller serves an Ingress: by its class, else by whose
// annotations it has.
func controller(o *Object, class string) string {
	low := strings.ToLower(class)
	for _, known := range []string{"nginx", "traefik", "alb", "gce", "haproxy", "kong"} {
		if strings.Contains(low, known) {
			return known
		}
	}
	if strings.Contains(low, "azure") || strings.Contains(low, "appgw") {
		return "azure"
	}
	if class != "" {
		return class
	}
	if notes := o.Root.At("metadata", "annotations"); notes != nil {
		for _, known := range ingressAnnotations {
			if slices.ContainsFunc(notes.Keys, func(k node.Key) bool { return strings.HasPrefix(k.Name, known.prefix) }) {
				return known.controller
			}
		}
	}
	return ""
}

// ReadIngress reads an Ingress of networking.k8s.io (or extensions). The defaults
// are those of each controller's documentation.
func ReadIngress(o *Object) *Ingress {
	in := &Ingress{Object: o, Class: classOf(o), Admits: anywhere(o)}
	in.Controller = controller(o, in.Class)
	spec := o.Value(o.Root, "spec")
	if notes := o.Value(o.Root, "metadata", "annotations"); notes != nil && notes.Kind == node.Opaque {
		in.Reason = notes.Reason
	}
	for _, n := range []*node.Node{o.Value(o.Root, "spec", "ingressClassName"), o.Annotation("kubernetes.io/ingress.class")} {
		if n != nil && n.Kind == node.Opaque {
			in.Reason = n.Reason
		}
	}
	blocks, reason := o.List(spec, "tls")
	in.Reason = in.Reason + reason
	in.rules(spec)
	in.doors(len(blocks) > 0)
	in.scope()
	in.admits()
	if in.Reason != "" {
		in.Admits = aws.NotKnown[[]string](in.Reason, o.Pos())
	}
	return in
}

func anywhere(o *Object) aws.Answer[[]string] {
	return aws.Default([]string{"0.0.0.0/0", "::/0"}, o.Pos())
}

func (in *Ingress) rules(spec *node.Node) {
	in.Backend = aws.Default("", in.Pos())
	var names []string
	reason := ""
	add := func(backend *node.Node) {
		for _, path := range [][]string{{"service", "name"}, {"serviceName"}, {"resource", "name"}} {
			n := follow(backend, path...)
			if name := scalar(n); name != "" {
				names = append(names, name)
			}
			if n != nil && n.Kind == node.Opaque {
				reason = n.Reason
			}
		}
	}
	for _, name := range []string{"defaultBackend", "backend"} {
		if b := in.Value(spec, name); b != nil {
			add(b)
			in.Hosts = append(in.Hosts, "")
		}
	}
	rules, other := in.List(spec, "rules")
	if other != "" {
		reason, in.HostsReason = other, other
	}
	for _, rule := range rules {
		host := in.Text(rule, "", "host")
		if !host.Known() {
			in.HostsReason = host.Reason
		}
		in.Hosts = append(in.Hosts, host.Value)
		paths, more := in.List(rule, "http", "paths")
		if more != "" {
			reason = more
		}
		for _, p := range paths {
			add(p.Get("backend"))
		}
	}
	slices.Sort(names)
	slices.Sort(in.Hosts)
	in.Hosts = slices.Compact(in.Hosts)
	if reason != "" {
		in.Backend = aws.NotKnown[string](reason, in.At(spec))
		return
	}
	if names = slices.Compact(names); len(names) > 0 {
		in.Backend = aws.Declared(strings.Join(names, ", "), in.At(spec))
	}
}

// doors lists the ports. Nginx, Traefik and their like serve port 80 and, with a
// certificate of their own where none is named, 443; a cloud's load balancer serves
// 443 only with a certificate.
func (in *Ingress) doors(blocks bool) {
	at := in.Pos()
	door := func(port int, tls bool) { in.Doors = append(in.Doors, Door{Port: aws.Default(port, at), TLS: tls}) }
	switch in.Controller {
	case "alb":
		if list := in.Annotation("alb.ingress.kubernetes.io/listen-ports"); list != nil {
			in.listenPorts(list)
			return
		}
		if blocks || in.Annotation("alb.ingress.kubernetes.io/certificate-arn") != nil {
			door(443, true)
		} else {
			door(80, false)
		}
	case "gce":
		if allow := in.Flag(in.Annotation("kubernetes.io/ingress.allow-http"), true); !allow.Known() || allow.Value {
			door(80, false)
		}
		if blocks || in.Annotation("ingress.gcp.kubernetes.io/pre-shared-cert") != nil || in.Annotation("networking.gke.io/managed-certificates") != nil || in.Annotation("networking.gke.io/pre-shared-certs") != nil {
			door(443, true)
		}
	case "traefik":
		in.entryPoints(blocks)
	case "azure":
		door(80, false)
		if blocks || in.Annotation("appgw.ingress.kubernetes.io/appgw-ssl-certificate") != nil {
			door(443, true)
		}
	default:
		door(80, false)
		if blocks || in.Controller == "nginx" {
			door(443, true)
		}
	}
}

// listenPorts reads [{"HTTP": 80}, {"HTTPS": 443}].
func (in *Ingress) listenPorts(n *node.Node) {
	docs, problems := json.Read(in.Source, []byte(scalar(n)))
	if len(problems) > 0 || len(docs) != 1 || docs[0].Root.Kind != node.Array {
		in.Doors = append(in.Doors, Door{Port: aws.NotKnown[int]("listen-ports cannot be read", in.At(n))})
		return
	}
	for _, e := range docs[0].Root.Elems {
		for _, key := range e.Keys {
			port := in.Int(e, 0, key.Name)
			port.Pos = in.At(n)
			in.Doors = append(in.Doors, Door{Port: port, TLS: strings.EqualFold(key.Name, "HTTPS")})
		}
	}
}

// entryPoints reads which of Traefik's entry points serve the Ingress: by default
// all; web and websecure are ports 80 and 443 in its chart.
func (in *Ingress) entryPoints(blocks bool) {
	at := in.Pos()
	const prefix = "traefik.ingress.kubernetes.io/router."
	tls := in.Flag(in.Annotation(prefix+"tls"), blocks)
	named := in.Annotation(prefix + "entrypoints")
	if named == nil {
		if !tls.Known() || !tls.Value {
			in.Doors = append(in.Doors, Door{Port: aws.Default(80, at)})
		}
		in.Doors = append(in.Doors, Door{Port: aws.Default(443, at), TLS: true})
		return
	}
	for _, name := range strings.Split(scalar(named), ",") {
		switch name = strings.TrimSpace(name); name {
		case "web":
			in.Doors = append(in.Doors, Door{Port: aws.Default(80, in.At(named))})
		case "websecure":
			in.Doors = append(in.Doors, Door{Port: aws.Default(443, in.At(named)), TLS: true})
		default:
			in.Doors = append(in.Doors, Door{Port: aws.NotKnown[int]("the port of the entry point "+name+" is the controller's", in.At(named)), TLS: tls.Known() && tls.Value})
		}
	}
}

// scope reads who has a route. The AWS load balancer controller makes internal ones
// unless told otherwise; controllers that run in the cluster are reached by a
// Service of their own.
func (in *Ingress) scope() {
	at := in.Pos()
	switch in.Controller {
	case "alb":
		scheme := in.Text(in.Root, "internal", "metadata", "annotations", "alb.ingress.kubernetes.io/scheme")
		in.Scope = aws.Then(scheme, func(s string) string {
			if s == "internet-facing" {
				return "internet"
			}
			return "internal"
		})
	case "gce":
		in.Scope = aws.Default("internet", at)
		if strings.Contains(scalar(follow(in.Root, "spec", "ingressClassName"))+scalar(in.Annotation("kubernetes.io/ingress.class")), "internal") {
			in.Scope = aws.Declared("internal", at)
		}
	case "azure":
		private := in.Flag(in.Annotation("appgw.ingress.kubernetes.io/use-private-ip"), false)
		in.Scope = aws.Then(private, func(yes bool) string {
			if yes {
				return "internal"
			}
			return "internet"
		})
	default:
		in.Scope = aws.NotKnown[string]("the Service of the ingress controller decides who has a route to it: check its manifests together with these", at)
	}
}

// admits reads the sources that annotations let in.
func (in *Ingress) admits() {
	for _, name := range []string{"nginx.ingress.kubernetes.io/whitelist-source-range", "nginx.ingress.kubernetes.io/allowlist-source-range",
		"alb.ingress.kubernetes.io/inbound-cidrs", "ingress.kubernetes.io/whitelist-source-range", "haproxy.org/allow-list"} {
		if n := in.Annotation(name); n != nil {
			in.Admits = in.Blocks(n)
			return
		}
	}
	for _, name := range []string{"traefik.ingress.kubernetes.io/router.middlewares", "nginx.ingress.kubernetes.io/server-snippet", "nginx.ingress.kubernetes.io/configuration-snippet",
		"alb.ingress.kubernetes.io/security-groups", "alb.ingress.kubernetes.io/security-group-prefix-lists", "alb.ingress.kubernetes.io/wafv2-acl-arn"} {
		if n := in.Annotation(name); n != nil {
			in.Admits = aws.NotKnown[[]string](name[strings.IndexByte(name, '/')+1:]+" may say who is let in", in.At(n))
			return
		}
	}
}
