package firewall

import (
	"cmp"
	"slices"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// Watch subscribes to what decides about the traffic of pods.
func (Collector) Watch(env *collectors.Env) {
	kinds := append(kubernetes.PodKinds(), "Namespace", "NetworkPolicy", "Service", "Ingress")
	for _, u := range unmodelledPolicies {
		kinds = append(kinds, u.kind)
	}
	slices.Sort(kinds)
	kubernetes.Watch(env, "firewall", slices.Compact(kinds), func(t fact.Target) kubernetes.Visitor {
		return &manifests{env: env, target: t, cluster: newCluster()}
	})
}

// unmodelledPolicies are policies of other makers, which admit and refuse beside
// those of Kubernetes or before them. A group is "" for every one.
var unmodelledPolicies = []struct {
	group, kind string
	everywhere  bool // it may concern every namespace
}{
	{"cilium.io", "CiliumNetworkPolicy", false},
	{"cilium.io", "CiliumClusterwideNetworkPolicy", true},
	{"projectcalico.org", "GlobalNetworkPolicy", true},
	{"crd.projectcalico.org", "GlobalNetworkPolicy", true},
	{"policy.networking.k8s.io", "AdminNetworkPolicy", true},
	{"policy.networking.k8s.io", "BaselineAdminNetworkPolicy", true},
	{"", "ClusterNetworkPolicy", true}, // of Antrea, of Amazon
	{"", "NetworkPolicy", false},       // of Calico, of Antrea
	{"", "ApplicationNetworkPolicy", false},
	{"", "EgressNetworkPolicy", false},
	{"", "EgressFirewall", false},
	{"", "FQDNNetworkPolicy", false},
	{"", "MultiNetworkPolicy", false},
	{"", "SecurityGroupPolicy", false},
}

// manifests gathers what the manifests of one target say.
type manifests struct {
	env       *collectors.Env
	target    fact.Target
	cluster   *cluster
	services  []*service
	ingresses []ingressRoute
	elsewhere []*workload // their namespaces are not known
}

// Object notes what concerns the traffic of pods.
func (m *manifests) Object(o *kubernetes.Object) {
	elsewhere := unknownNamespace(o)
	switch {
	case o.Kind == "Namespace" && o.Group == "":
		if o.Name != "" {
			m.cluster.declare(o.Name, o.Pos())
		}
	case o.APIVersion == "networking.k8s.io/v1" && o.Kind == "NetworkPolicy":
		if elsewhere != "" {
			m.opaque(o, true, "its namespace is not known: "+elsewhere)
			return
		}
		m.cluster.addPolicy(readPolicy(o))
	case o.Kind == "NetworkPolicy" && (o.Group == "networking.k8s.io" || o.Group == "extensions"):
		m.opaque(o, elsewhere != "", "the version "+o.APIVersion+" is not modelled")
	case o.Kind == "Service" && o.Group == "":
		if s := readService(o); s != nil && s.pods != nil && elsewhere == "" {
			m.services = append(m.services, s)
		}
	case o.Kind == "Ingress":
		m.ingresses = append(m.ingresses, readIngress(o)...)
	default:
		m.other(o, elsewhere)
	}
}

// other notes pods and policies that are not modelled.
func (m *manifests) other(o *kubernetes.Object, elsewhere string) {
	for _, u := range unmodelledPolicies {
		if u.kind == o.Kind && (u.group == "" || u.group == o.Group) {
			m.opaque(o, u.everywhere || elsewhere != "", "policies of "+cmp.Or(o.Group, o.APIVersion)+" are not modelled")
			return
		}
	}
	pod, ok := o.Pod()
	if !ok || o.Kind == "PodTemplate" { // a template on its own makes no pods
		return
	}
	w := readWorkload(o, pod)
	if w.elsewhere = elsewhere; elsewhere != "" {
		m.elsewhere = append(m.elsewhere, w)
		return
	}
	m.cluster.addWorkload(w)
}

func (m *manifests) opaque(o *kubernetes.Object, everywhere bool, reason string) {
	m.cluster.addOpaque(o.Namespace, everywhere, unmodelled{text: o.ID, reason: reason, pos: o.Pos()})
}

// unknownNamespace is why it is not known which namespace an object is in; one that
// does not name any is in one of its own.
func unknownNamespace(o *kubernetes.Object) string {
	meta := o.Root.Get("metadata")
	for _, n := range []*node.Node{meta, meta.Get("namespace")} {
		if n != nil && n.Kind == node.Opaque {
			return n.Reason
		}
	}
	return ""
}

// Documents writes the chains, the rules and who is under them.
func (m *manifests) Documents() []*fact.Document {
	c := m.cluster
	c.route(m.services, m.ingresses)
	w := &clusterWriter{target: m.target.ID, refs: map[*netpol][]writtenRule{}, admitted: map[string][]any{}}
	var builders []*fact.Builder
	for _, kind := range []string{"firewall.chain", "firewall.rule", "firewall.workload"} {
		builders = append(builders, fact.NewBuilder(kind, m.target, m.env.Envelope("firewall", "kubernetes"), m.env.Now))
	}
	w.chains, w.rules, w.workloads = builders[0], builders[1], builders[2]
	for _, n := range c.sorted() {
		n.settle()
		opaque := slices.Concat(n.opaque, c.everywhere)
		for d := range directions {
			w.chain(n, opaque, d)
		}
		w.policies(n)
		for _, x := range n.workloads {
			w.workload(n, x)
		}
	}
	for _, x := range m.elsewhere {
		w.workload(nil, x)
	}
	var docs []*fact.Document
	for _, b := range builders {
		docs = append(docs, b.Document())
	}
	return docs
}
