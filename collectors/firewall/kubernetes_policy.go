package firewall

import (
	"cmp"
	"fmt"

	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// netpol is a NetworkPolicy of networking.k8s.io/v1.
//
// Pods that it selects are isolated in the directions it names: they accept, or
// send, what some rule of some policy that selects them admits, and nothing else.
// https://kubernetes.io/docs/concepts/services-networking/network-policies/
type netpol struct {
	id, namespace, name string

	pos     fact.Position
	pods    selector
	podsPos fact.Position
	// doubt is why it may not be in force as it is written; the API server refuses
	// what is not valid, and one that is refused does nothing.
	doubt    string
	isolates [2]truth     // by direction
	rules    [2][]podRule // by direction; those of a direction it does not isolate are left out
	missing  [2]string    // why it may have more rules
	reason   rationale    // what its annotations say
}

// Directions.
const (
	ingress = iota
	egress
)

var directions = [...]struct{ name, hook, peers string }{{"ingress", "input", "from"}, {"egress", "output", "to"}}

// podRule is a rule of a policy: all its peers may use all its ports.
type podRule struct {
	pos      fact.Position
	peers    []podPeer
	anyone   bool // no peers are given: every one
	ports    []portMatch
	anyPort  bool // no ports are given: every one, of every protocol
	portsPos fact.Position
}

// podPeer is a block of addresses, or pods by their labels.
type podPeer struct {
	pos        fact.Position
	block      sources
	pods       selector
	namespaces *selector // nil for the policy's own
	isBlock    bool
	reason     string // why it is not known
}

// portMatch are ports of a protocol: a range, those that pods call by a name, or
// all of them.
type portMatch struct {
	pos      fact.Position
	protocol string // "" where it is not known
	from, to int
	name     string
	reason   string // why the ports are not known
}

var clusterProtocols = map[string]string{"TCP": "tcp", "UDP": "udp", "SCTP": "sctp"}

// policyReader reads one policy.
type policyReader struct {
	source string
	p      *netpol
}

// readPolicy reads the manifest of a NetworkPolicy.
func readPolicy(o *kubernetes.Object) *netpol {
	r := policyReader{o.Source, &netpol{id: o.ID, namespace: o.Namespace, name: o.Name, pos: o.Pos(), doubt: o.Doubt}}
	p := r.p
	p.reason = readRationale(o)
	spec := o.Root.Get("spec")
	p.podsPos = r.at(spec, p.pos)
	if spec.IsNull() {
		spec = &node.Node{Kind: node.Object}
	}
	if spec.Kind != node.Object {
		r.refuse(spec, "spec is not a mapping")
		p.pods = selector{[]requirement{{reason: p.doubt}}}
		p.isolates = [2]truth{perhaps, perhaps}
		p.missing = [2]string{p.doubt, p.doubt}
		return p
	}
	for i, key := range spec.Keys {
		switch key.Name {
		case "podSelector", "policyTypes", "ingress", "egress":
		default:
			r.refuse(spec.Elems[i], "spec has no "+key.Name)
		}
	}
	pods := spec.Get("podSelector")
	p.podsPos = r.at(pods, p.podsPos)
	var fault string
	p.pods, fault = readSelector(pods)
	p.doubt = cmp.Or(p.doubt, fault)
	r.types(spec)
	for d := range directions {
		if p.isolates[d] != never {
			r.rules(spec.Get(directions[d].name), d)
		}
	}
	return p
}

func (r policyReader) at(n *node.Node, otherwise fact.Position) fact.Position {
	if at := n.Pos(r.source); !at.IsZero() {
		return at
	}
	return otherwise
}

// refuse notes what the API server would not take, or what is not known.
func (r policyReader) refuse(n *node.Node, what string) {
	r.p.doubt = cmp.Or(r.p.doubt, unsettled(n, what))
}

// types reads policyTypes. Without them a policy is for ingress, and for egress if
// it has a rule for that.
func (r policyReader) types(spec *node.Node) {
	p, n := r.p, spec.Get("policyTypes")
	switch {
	case n.IsNull() || n.Kind == node.Array && len(n.Elems) == 0:
		p.isolates[ingress] = always
		switch out := spec.Get("egress"); {
		case out.IsNull() || out.Kind == node.Array && len(out.Elems) == 0:
		case out.Kind == node.Opaque:
			p.isolates[egress] = perhaps
		default:
			p.isolates[egress] = always
		}
	case n.Kind != node.Array:
		r.refuse(n, "policyTypes is not a list")
		p.isolates = [2]truth{perhaps, perhaps}
	default:
		for _, e := range n.Elems {
			switch {
			case e.Kind == node.String && e.Text == "Ingress":
				p.isolates[ingress] = always
			case e.Kind == node.String && e.Text == "Egress":
				p.isolates[egress] = always
			default:
				r.refuse(e, "there is no such policy type")
				p.isolates = [2]truth{or(p.isolates[ingress], perhaps), or(p.isolates[egress], perhaps)}
			}
		}
	}
}

func (r policyReader) rules(n *node.Node, d int) {
	switch {
	case n.IsNull():
		return
	case n.Kind != node.Array:
		r.refuse(n, directions[d].name+" is not a list")
		r.p.missing[d] = unsettled(n, directions[d].name+" is not a list")
		return
	}
	for _, e := range n.Elems {
		r.p.rules[d] = append(r.p.rules[d], r.rule(e, d))
	}
}

// rule reads one rule. A null one is an empty one: everything from everywhere.
func (r policyReader) rule(n *node.Node, d int) podRule {
	at := r.at(n, r.p.pos)
	rule := podRule{pos: at, portsPos: at}
	if n.IsNull() {
		rule.anyone, rule.anyPort = true, true
		return rule
	}
	if n.Kind != node.Object {
		r.refuse(n, "a rule is not a mapping")
		why := unsettled(n, "a rule is not a mapping")
		rule.peers, rule.ports = []podPeer{{pos: at, reason: why}}, []portMatch{{pos: at, reason: why}}
		return rule
	}
	peers, ports := directions[d].peers, "ports"
	for i, key := range n.Keys {
		if key.Name != peers && key.Name != ports {
			r.refuse(n.Elems[i], "a rule for "+directions[d].name+" has no "+key.Name)
		}
	}
	list, why := r.list(n.Get(peers), peers)
	rule.anyone = len(list) == 0 && why == ""
	for _, e := range list {
		rule.peers = append(rule.peers, r.peer(e, at))
	}
	if why != "" {
		rule.peers = []podPeer{{pos: r.at(n.Get(peers), at), reason: why}}
	}
	list, why = r.list(n.Get(ports), ports)
	rule.portsPos = r.at(n.Get(ports), at)
	rule.anyPort = len(list) == 0 && why == ""
	for _, e := range list {
		rule.ports = append(rule.ports, r.port(e, rule.portsPos))
	}
	if why != "" {
		rule.ports = []portMatch{{pos: rule.portsPos, reason: why}}
	}
	return rule
}

func (r policyReader) list(n *node.Node, name string) (elems []*node.Node, why string) {
	switch {
	case n.IsNull():
		return nil, ""
	case n.Kind != node.Array:
		r.refuse(n, name+" is not a list")
		return nil, unsettled(n, name+" is not a list")
	}
	return n.Elems, ""
}

func (r policyReader) peer(n *node.Node, otherwise fact.Position) podPeer {
	p := podPeer{pos: r.at(n, otherwise)}
	bad := func(n *node.Node, what string) podPeer {
		r.refuse(n, what)
		p.reason = cmp.Or(p.reason, unsettled(n, what))
		return p
	}
	if n.Kind != node.Object {
		return bad(n, "a peer is not a mapping")
	}
	for i, key := range n.Keys {
		switch key.Name {
		case "podSelector", "namespaceSelector", "ipBlock":
		default:
			bad(n.Elems[i], "a peer has no "+key.Name)
		}
	}
	pods, namespaces, block := n.Get("podSelector"), n.Get("namespaceSelector"), n.Get("ipBlock")
	var fault string
	switch {
	case pods.IsNull() && namespaces.IsNull() && block.IsNull():
		return bad(&node.Node{}, "a peer names nobody")
	case !block.IsNull() && !(pods.IsNull() && namespaces.IsNull()):
		return bad(&node.Node{}, "a peer is a block or pods, not both")
	case !block.IsNull():
		p.isBlock = true
		p.block, fault, p.reason = readBlock(block)
		r.p.doubt = cmp.Or(r.p.doubt, fault)
		return p
	}
	p.pods, fault = readSelector(pods)
	r.p.doubt = cmp.Or(r.p.doubt, fault)
	p.reason = cmp.Or(p.reason, p.pods.reason())
	if !namespaces.IsNull() {
		s, fault := readSelector(namespaces)
		r.p.doubt = cmp.Or(r.p.doubt, fault)
		p.namespaces = &s
		p.reason = cmp.Or(p.reason, s.reason())
	}
	return p
}

func (r policyReader) port(n *node.Node, otherwise fact.Position) portMatch {
	m := portMatch{pos: r.at(n, otherwise), protocol: "tcp", to: 65535}
	bad := func(n *node.Node, what string) portMatch {
		r.refuse(n, what)
		m.reason = cmp.Or(m.reason, unsettled(n, what))
		return m
	}
	if n.IsNull() {
		return m
	}
	if n.Kind != node.Object {
		m.protocol = ""
		return bad(n, "a port is not a mapping")
	}
	for i, key := range n.Keys {
		switch key.Name {
		case "protocol", "port", "endPort":
		default:
			bad(n.Elems[i], "a port has no "+key.Name)
		}
	}
	if v := n.Get("protocol"); !v.IsNull() {
		m.protocol = clusterProtocols[v.Text]
		if v.Kind != node.String || m.protocol == "" {
			m.protocol = ""
			bad(v, "the protocol is not TCP, UDP or SCTP")
		}
	}
	port, end := n.Get("port"), n.Get("endPort")
	switch number, ok := portNumber(port); {
	case port.IsNull():
		if !end.IsNull() {
			bad(end, "endPort without port")
		}
		return m
	case ok:
		m.from, m.to = number, number
	case port.Kind == node.String && portName(port.Text):
		m.name = port.Text
	default:
		return bad(port, "the port is neither a number from 1 to 65535 nor a name")
	}
	if end.IsNull() {
		return m
	}
	last, ok := portNumber(end)
	switch {
	case m.name != "":
		bad(end, "endPort with a port that has a name")
	case !ok || last < m.from:
		m.to = 65535
		bad(end, fmt.Sprintf("endPort is not a number from %d to 65535", m.from))
	default:
		m.to = last
	}
	return m
}
