package ports

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// service publishes the ports of a Service that the outside of the cluster can use:
// those of a load balancer, of every node, and of external addresses.
// https://kubernetes.io/docs/concepts/services-networking/service/
func (c *cluster) service(o *kubernetes.Object) {
	spec := o.Value(o.Root, "spec")
	if spec != nil && spec.Kind != node.Object && spec.Kind != node.Opaque {
		c.b.Incomplete(o.ID + ": its spec is not a mapping")
		c.unsure = o.ID + ": its spec is not a mapping"
		return
	}
	typ := o.Text(spec, "ClusterIP", "type")
	external := o.Texts(spec, "externalIPs")
	if !typ.Known() {
		c.b.Incomplete(o.ID + ": its type: " + typ.Reason)
		c.unsure = o.ID + ": " + typ.Reason
		return
	}
	switch {
	case !external.Known():
		c.b.Incomplete(o.ID + ": its external addresses: " + external.Reason)
	case typ.Value != "ClusterIP" && typ.Value != "NodePort" && typ.Value != "LoadBalancer" && typ.Value != "ExternalName":
		c.b.Incomplete(o.ID + ": its type is not one this reader knows")
		return
	}
	if typ.Value == "ExternalName" || typ.Value == "ClusterIP" && len(external.Value) == 0 {
		return
	}
	ports, reason := o.List(spec, "ports")
	if reason != "" {
		c.b.Incomplete(o.ID + ": its ports: " + reason)
		c.unsure = o.ID + ": " + reason
	}
	for _, n := range ports {
		p := c.open(o, "", o.At(n))
		p.protocol = transport(o, n)
		p.families = serviceFamilies(o, spec)
		p.selector, p.target = selectorOf(spec), targetPort(n)
		if n := o.Value(spec, "selector"); n != nil && p.selector == nil {
			p.product = aws.NotKnown[string]("which pods it selects is not known", o.At(n))
			c.unsure = o.ID + ": which pods it selects is not known"
		}
		for _, address := range external.Value {
			c.ports = append(c.ports, externalPort(p, o, n, address, external.Pos))
		}
		if typ.Value == "LoadBalancer" {
			p := balanced(p, o, spec, n)
			if !p.from.Known() {
				c.unsure = o.ID + ": " + p.from.Reason
			}
			c.ports = append(c.ports, p)
		}
		if typ.Value == "NodePort" || typ.Value == "LoadBalancer" && !n.Get("nodePort").IsNull() {
			p.mechanism = "node_port"
			c.ports = append(c.ports, p.on(number(o, n, "the cluster picks a port of 30000 to 32767", "nodePort")))
		}
	}
}

// targetPort is the number or name of the pods' port.
func targetPort(n *node.Node) string {
	for _, name := range []string{"targetPort", "port"} {
		if t := n.Get(name); !t.IsNull() {
			return t.Text
		}
	}
	return ""
}

func selectorOf(spec *node.Node) map[string]string {
	n := spec.Get("selector")
	if n.IsNull() || n.Kind == node.Object && len(n.Keys) == 0 {
		return nil
	}
	return labels(n)
}

// labels are names and values; nil if one is not known.
func labels(n *node.Node) map[string]string {
	out := map[string]string{}
	if n == nil {
		return out
	}
	if n.Kind != node.Object {
		return nil
	}
	for i, key := range n.Keys {
		if n.Elems[i].Kind == node.Opaque {
			return nil
		}
		out[key.Name] = n.Elems[i].Text
	}
	return out
}

// serviceFamilies: one family unless two are asked for; which one is the cluster's
// first, IPv4 where nobody says otherwise.
func serviceFamilies(o *kubernetes.Object, spec *node.Node) aws.Answer[[]string] {
	policy := o.Text(spec, "SingleStack", "ipFamilyPolicy")
	list := o.Texts(spec, "ipFamilies")
	switch {
	case !policy.Known():
		return aws.NotKnown[[]string](policy.Reason, policy.Pos)
	case policy.Value == "RequireDualStack":
		return aws.Declared([]string{"ipv4", "ipv6"}, policy.Pos)
	case policy.Value == "PreferDualStack":
		return aws.NotKnown[[]string]("whether the cluster has both families is not known", policy.Pos)
	case !list.Known():
		return list
	case len(list.Value) == 0:
		return aws.Default([]string{"ipv4"}, o.Pos())
	}
	return aws.Then(list, func(names []string) []string {
		out := []string{}
		for _, name := range names {
			out = append(out, strings.ToLower(name))
		}
		slices.Sort(out)
		return out
	})
}

func externalPort(p clusterPort, o *kubernetes.Object, n *node.Node, address string, at fact.Position) clusterPort {
	p.id, p.mechanism, p.address = p.id+"/"+address, "load_balancer", aws.Declared(address, at)
	p.scope = aws.NotKnown[string]("the external address cannot be read", at)
	if a, err := netip.ParseAddr(address); err == nil {
		p.scope = aws.Declared(scopeOfAddress(a), at)
		p.families = aws.Declared([]string{map[bool]string{true: "ipv4", false: "ipv6"}[a.Is4()]}, at)
	}
	return p.on(number(o, n, "no port is given", "port"))
}

func scopeOfAddress(a netip.Addr) string {
	switch {
	case a.IsLoopback():
		return "loopback"
	case a.IsPrivate(), a.IsLinkLocalUnicast(), netip.MustParsePrefix("100.64.0.0/10").Contains(a):
		return "internal"
	}
	return "internet"
}

// balanced is a port of the load balancer that the cloud makes for a Service.
func balanced(p clusterPort, o *kubernetes.Object, spec, n *node.Node) clusterPort {
	p.mechanism = "load_balancer"
	p.scope = balancerScope(o, spec)
	p.admits = o.Blocks(spec.Get("loadBalancerSourceRanges"))
	for _, name := range []string{"service.beta.kubernetes.io/load-balancer-source-ranges", "service.beta.kubernetes.io/azure-allowed-ip-ranges"} {
		if note := o.Annotation(name); note != nil && p.admits.Known() && len(p.admits.Value) == 0 {
			p.admits = o.Blocks(note)
		}
	}
	if p.admits.Known() && len(p.admits.Value) == 0 {
		p.admits = aws.Default([]string{"0.0.0.0/0", "::/0"}, o.Pos())
	}
	for _, name := range []string{"service.beta.kubernetes.io/aws-load-balancer-security-groups", "service.beta.kubernetes.io/aws-load-balancer-extra-security-groups"} {
		if note := o.Annotation(name); note != nil {
			for _, g := range strings.Split(note.Text, ",") {
				p.groups = append(p.groups, strings.TrimSpace(g))
			}
		}
	}
	slices.Sort(p.groups)
	for _, name := range []string{"service.beta.kubernetes.io/azure-allowed-service-tags", "service.beta.kubernetes.io/aws-load-balancer-security-group-prefix-lists"} {
		if note := o.Annotation(name); note != nil {
			p.admits = aws.NotKnown[[]string]("an annotation admits addresses by name", o.At(note))
		}
	}
	return p.on(number(o, n, "no port is given", "port"))
}

// internalNotes are annotations that keep a load balancer off the internet, and the
// values that do; "" is any that is not false. From the documentation of the cloud
// controllers (AWS, Azure, GKE, OpenStack, OCI, Alibaba, IBM).
var internalNotes = [...]struct{ name, value string }{
	{"service.beta.kubernetes.io/aws-load-balancer-scheme", "internal"},
	{"service.beta.kubernetes.io/aws-load-balancer-internal", ""},
	{"service.beta.kubernetes.io/azure-load-balancer-internal", "true"},
	{"networking.gke.io/load-balancer-type", "internal"},
	{"cloud.google.com/load-balancer-type", "internal"},
	{"service.beta.kubernetes.io/openstack-internal-load-balancer", "true"},
	{"service.beta.kubernetes.io/oci-load-balancer-internal", "true"},
	{"oci-network-load-balancer.oraclecloud.com/internal", "true"},
	{"service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type", "intranet"},
	{"service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", "private"},
}

// balancerScope: the internet, unless an annotation of the cloud says otherwise. The
// AWS load balancer controller makes internal ones unless told otherwise.
func balancerScope(o *kubernetes.Object, spec *node.Node) aws.Answer[string] {
	if notes := o.Value(o.Root, "metadata", "annotations"); notes != nil && notes.Kind == node.Opaque {
		return aws.NotKnown[string](notes.Reason, o.At(notes))
	}
	for _, note := range internalNotes {
		n := o.Annotation(note.name)
		if n.IsNull() {
			continue
		}
		switch text := strings.ToLower(n.Text); {
		case n.Kind == node.Opaque:
			return aws.NotKnown[string](n.Reason, o.At(n))
		case note.value != "" && text == note.value, note.value == "" && text != "" && text != "false":
			return aws.Declared("internal", o.At(n))
		case strings.HasSuffix(note.name, "-scheme"):
			return aws.Declared("internet", o.At(n))
		}
	}
	class := o.Text(spec, "", "loadBalancerClass")
	typ := o.Annotation("service.beta.kubernetes.io/aws-load-balancer-type")
	switch {
	case class.Known() && class.Value == "service.k8s.aws/nlb":
		return aws.Default("internal", class.Pos)
	case class.Known() && class.Value == "tailscale":
		return aws.Default("internal", class.Pos)
	case typ != nil && (typ.Text == "external" || typ.Text == "nlb-ip"):
		return aws.Default("internal", o.At(typ))
	}
	return aws.Default("internet", o.Pos())
}
