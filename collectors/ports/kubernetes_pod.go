package ports

import (
	"net/netip"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
)

// workload is what is kept of the pods that an object makes: labels, and per
// container the product of its image and its ports by number and name.
type workload struct {
	labels     map[string]string // nil if they are not known
	containers []served
	reason     string // why it may serve more
}

type served struct {
	product aws.Answer[string]
	ports   []string
}

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
	for _, one := range containers {
		ports, reason := o.List(one.Node, "ports")
		if reason != "" {
			c.b.Incomplete(o.ID + ": ports of " + one.Name + ": " + reason)
		}
		s := served{product: productOf(o, one)}
		w.reason += reason
		for _, n := range ports {
			s.ports = append(s.ports, text(n.Get("containerPort")), text(n.Get("name")))
			c.hostPort(o, one, s.product, n, host)
		}
		if host.Known() && host.Value && len(ports) == 0 && !one.Init {
			c.b.Incomplete(o.ID + ": " + one.Name + " uses the node's network and does not say at which ports it listens")
		}
		w.containers = append(w.containers, s)
	}
	if c.workloads == nil {
		c.workloads = map[string][]workload{}
	}
	c.workloads[o.Namespace] = append(c.workloads[o.Namespace], w)
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

// behind is the product that the pods of a Service serve at its port: "" unless the
// manifests hold pods that it selects and all of them serve the same one.
func (c *cluster) behind(p clusterPort) aws.Answer[string] {
	found := map[string]bool{}
	for _, w := range c.workloads[p.namespace] {
		if w.labels == nil {
			return aws.NotKnown[string]("the labels of pods are not known", p.at)
		}
		if !selects(p.selector, w.labels) {
			continue
		}
		if w.reason != "" {
			return aws.NotKnown[string](w.reason, p.at)
		}
		for _, s := range w.containers {
			if len(w.containers) == 1 || named(s.ports, p.target) {
				if !s.product.Known() {
					return s.product
				}
				found[s.product.Value] = true
			}
		}
	}
	if len(found) == 1 {
		for product := range found {
			return aws.Declared(product, p.at)
		}
	}
	if len(found) > 1 {
		return aws.NotKnown[string]("its pods serve different products", p.at)
	}
	return aws.Default("", p.at)
}

func selects(selector, labels map[string]string) bool {
	for name, value := range selector {
		if own, ok := labels[name]; !ok || own != value {
			return false
		}
	}
	return true
}

func named(ports []string, target string) bool {
	for _, p := range ports {
		if p != "" && p == target {
			return true
		}
	}
	return false
}
