package ports

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
)

// controllerImages are the ends of the names of images that run an ingress
// controller, with the controller.
var controllerImages = [...]struct{ end, controller string }{
	{"ingress-nginx/controller", "nginx"}, {"nginx-ingress-controller", "nginx"}, {"nginx/nginx-ingress", "nginx"},
	{"traefik", "traefik"}, {"haproxytech/kubernetes-ingress", "haproxy"},
}

// controllerOf is the ingress controller that a container runs, "" if none is known.
func controllerOf(o *kubernetes.Object, c kubernetes.Container) string {
	image := o.Text(c.Node, "", "image").Value
	image, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		image = image[:i]
	}
	for _, known := range controllerImages {
		if before, ok := strings.CutSuffix(image, known.end); ok && (before == "" || strings.HasSuffix(before, "/")) {
			return known.controller
		}
	}
	return ""
}

// waiting is a port of an Ingress whose controller runs in the cluster: who has a
// route to it, the Service of the controller says.
type waiting struct{ controller string }

// await notes the port of an Ingress that is added next. Of a class of another name
// than the controller's there may be a controller of its own.
func (c *cluster) await(in *kubernetes.Ingress) {
	if in.Scope.Known() || in.Reason != "" || in.Controller == "" || in.Class != "" && in.Class != in.Controller {
		return
	}
	if c.waiting == nil {
		c.waiting = map[int]waiting{}
	}
	c.waiting[len(c.ports)] = waiting{in.Controller}
}

// through sets scope, families and sources of an Ingress from the load balancer of
// its controller, if the manifests hold both: one controller of the name, and a
// Service that selects its pods and publishes the port. Sources that both restrict
// are those of the Ingress, which may be more than get through. Where there may be
// more controllers or Services than are known, only a way from the internet is sure.
func (c *cluster) through(p *clusterPort, w waiting) {
	anyone := p.admits.Default
	if anyone && c.unsure != "" {
		p.admits = aws.NotKnown[[]string](c.unsure, p.at)
	}
	namespace, pods := c.controllers(w.controller)
	if len(pods) != 1 || pods[0].host || pods[0].labels == nil {
		return
	}
	var scope aws.Answer[string]
	var families, admits []aws.Answer[[]string]
	for _, s := range c.ports {
		if s.selector == nil || s.namespace != namespace || s.mechanism != "load_balancer" || !selects(s.selector, pods[0].labels) {
			continue
		}
		if !s.from.Known() || s.from.Value != p.from.Value || !p.from.Known() {
			continue
		}
		if len(families) == 0 || !s.scope.Known() || scope.Known() && s.scope.Value == "internet" {
			scope = s.scope
		}
		families, admits = append(families, s.families), append(admits, s.admits)
	}
	if len(families) == 0 {
		return
	}
	if c.unsure != "" {
		if scope.Known() && scope.Value == "internet" {
			p.scope = scope
		}
		return
	}
	p.scope, p.families = scope, aws.Union(families...)
	if anyone {
		p.admits = aws.Union(admits...)
	}
}

// controllers lists the workloads that run an ingress controller, and the namespace
// of the last.
func (c *cluster) controllers(name string) (namespace string, out []workload) {
	for space, ws := range c.workloads {
		for _, w := range ws.all {
			for _, s := range w.containers {
				if s.controller == name {
					namespace, out = space, append(out, w)
				}
			}
		}
	}
	return namespace, out
}
