package firewall

import (
	"cmp"

	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// workload are the pods that one object makes: a pod itself, or what a controller
// makes after its template.
type workload struct {
	id, namespace string
	pos           fact.Position
	labels        *labelSet
	host          truth // whether they use the node's network
	hostReason    string
	hostPos       fact.Position
	ports         []podPort
	portsReason   string // why they may name other ports
	routes        []route
	elsewhere     string // why its namespace is not known
}

// podPort is a port that a container names.
type podPort struct {
	pos            fact.Position
	name, protocol string // protocol "" where it is not known
	port           int    // 0 where it is not known
	reason         string
}

// readWorkload reads the pods that an object makes.
func readWorkload(o *kubernetes.Object, pod kubernetes.Pod) *workload {
	w := &workload{id: o.ID, namespace: o.Namespace, pos: o.Pos(), hostPos: o.Pos(), labels: &labelSet{}}
	source := o.Source
	switch meta := pod.Metadata; {
	case meta != nil && meta.Kind == node.Opaque:
		w.labels = &labelSet{open: meta.Reason}
	default:
		w.labels = readLabels(meta.Get("labels"))
	}
	w.labels.automatic(o.Kind)
	spec := pod.Spec
	if spec != nil && spec.Kind == node.Opaque {
		w.host, w.hostReason, w.portsReason = perhaps, spec.Reason, spec.Reason
		return w
	}
	switch host := spec.Get("hostNetwork"); {
	case host.IsNull():
	case host.Kind == node.Bool:
		if host.Text == "true" {
			w.host = always
		}
		w.hostPos = host.Pos(source)
	default:
		w.host, w.hostReason, w.hostPos = perhaps, unsettled(host, "hostNetwork is not true or false"), host.Pos(source)
	}
	w.containers(source, spec.Get("containers"), false)
	// Init containers end before the pod serves, those that are restarted excepted.
	w.containers(source, spec.Get("initContainers"), true)
	return w
}

func (w *workload) containers(source string, n *node.Node, initial bool) {
	for _, c := range w.elements(n, "containers are not a list") {
		restart := c.Get("restartPolicy")
		if initial && (restart.IsNull() || restart.Kind == node.String && restart.Text != "Always") {
			continue
		}
		if c.Kind != node.Object {
			w.portsReason = cmp.Or(w.portsReason, unsettled(c, "a container is not a mapping"))
			continue
		}
		for _, p := range w.elements(c.Get("ports"), "ports are not a list") {
			port := readPodPort(source, p, w.pos)
			w.ports = append(w.ports, port)
			w.onNode(port, p.Get("hostPort"))
		}
	}
}

// onNode notes a port of the node that leads to one of a container: its hostPort, or
// the port itself where the pods use the node's network.
func (w *workload) onNode(p podPort, host *node.Node) {
	r := route{resource: w.id, protocol: p.protocol, port: p.port, target: portSpan{p.port, p.port}, by: w.host, client: "kept"}
	if p.port == 0 {
		r.target = portSpan{0, 65535}
	}
	if !host.IsNull() && host.Text != "0" {
		r.port, _ = portNumber(host)
		r.by = always
	}
	if r.by != never {
		w.routes = append(w.routes, r)
	}
}

func (w *workload) elements(n *node.Node, what string) []*node.Node {
	if n.IsNull() {
		return nil
	}
	if n.Kind != node.Array {
		w.portsReason = cmp.Or(w.portsReason, unsettled(n, what))
		return nil
	}
	return n.Elems
}

func readPodPort(source string, n *node.Node, otherwise fact.Position) podPort {
	p := podPort{pos: n.Pos(source), protocol: "tcp"}
	if p.pos.IsZero() {
		p.pos = otherwise
	}
	if n.Kind != node.Object {
		p.protocol, p.reason = "", unsettled(n, "a port is not a mapping")
		return p
	}
	if v := n.Get("protocol"); !v.IsNull() {
		p.protocol = clusterProtocols[v.Text]
		if v.Kind != node.String || p.protocol == "" {
			p.protocol, p.reason = "", unsettled(v, "the protocol is not TCP, UDP or SCTP")
		}
	}
	port := n.Get("containerPort")
	if port == nil {
		port = &node.Node{}
	}
	number, ok := portNumber(port)
	if !ok {
		p.reason = cmp.Or(p.reason, unsettled(port, "containerPort is not a number from 1 to 65535"))
	}
	p.port = number
	switch v := n.Get("name"); {
	case v.IsNull():
	case v.Kind == node.String:
		p.name = v.Text
	default:
		p.name, p.reason = "?", cmp.Or(p.reason, unsettled(v, "a port's name is not a text"))
	}
	return p
}
