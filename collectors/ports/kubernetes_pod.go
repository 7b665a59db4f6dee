package ports

import (
	"net/netip"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
)

// pod publishes the ports of containers on the node: each hostPort, and with
// hostNetwork every port that a container listens on.
func (c *cluster) pod(o *kubernetes.Object, pod kubernetes.Pod) {
	containers, reason := pod.Containers()
	if reason != "" {
		c.b.Incomplete(o.ID + ": its containers: " + reason)
	}
	w := workload{labels: labels(o.Value(pod.Metadata, "labels")), reason: reason}
	host := o.Bool(pod.Spec, false, "hostNetwork")
	if !host.Known() {
		c.b.Incomplete(o.ID + ": hostNetwork: " + host.Reason)
	}
	w.host = !host.Known() || host.Value
	if w.labels == nil {
		c.unsure = o.ID + ": the labels of its pods are not known"
	}
	if reason != "" {
		c.unsure = o.ID + ": " + reason
	}
	for _, one := range containers {
		ports, reason := o.List(one.Node, "ports")
		if reason != "" {
			c.b.Incomplete(o.ID + ": ports of " + one.Name + ": " + reason)
		}
		s := served{product: productOf(o, one), controller: controllerOf(o, one)}
		if !s.product.Known() {
			c.unsure = o.ID + ": " + s.product.Reason
		}
		w.reason += reason
		for _, n := range ports {
			s.ports = append(s.ports, text(n.Get("containerPort")), text(n.Get("name")))
			c.hostPort(o, one, s.product, n, host)
			w.host = w.host || n.Get("hostPort") != nil
		}
		if host.Known() && host.Value && len(ports) == 0 && !one.Init {
			c.b.Incomplete(o.ID + ": " + one.Name + " uses the node's network and does not say at which ports it listens")
		}
		w.containers = append(w.containers, s)
	}
	if c.workloads == nil {
		c.workloads = map[string]*workloads{}
	}
	if c.workloads[o.Namespace] == nil {
		c.workloads[o.Namespace] = &workloads{}
	}
	c.workloads[o.Namespace].add(w)
}

func text(n *node.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

// hostPort publishes one port of a container on the node, if it is.
func (c *cluster) hostPort(o *kubernetes.Object, of kubernetes.Container, product aws.Answer[string], n *node.Node, host aws.Answer[bool]) {
	own := o.Int(n, 0, "hostPort")
	shared := host.Known() && host.Value
	if own.Known() && own.Value == 0 && !shared {
		return
	}
	p := c.open(o, "host_port", o.At(n))
	p.id += "/" + of.Name
	p.backend, p.product = aws.Declared(of.Name, o.At(of.Node)), product
	p.protocol = transport(o, n)
	port := number(o, n, "no port is given", "hostPort")
	if shared {
		p.mechanism = "host_network"
		port = number(o, n, "no port is given", "containerPort")
	}
	address := o.Text(n, "", "hostIP")
	if a, err := netip.ParseAddr(address.Value); err == nil && !a.IsUnspecified() {
		p.address = aws.Declared(a.String(), address.Pos)
		p.scope = aws.Declared(scopeOfAddress(a), address.Pos)
	} else if !address.Known() || address.Value != "" && err != nil {
		p.scope, p.address = aws.NotKnown[string]("hostIP cannot be read", address.Pos), aws.NotKnown[string]("hostIP cannot be read", address.Pos)
	}
	c.ports = append(c.ports, p.on(port))
}
