package firewall_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/firewall"
	"github.com/writ-policy/writ/collectors/source/aws/awstest"
	"github.com/writ-policy/writ/engine/fact"
)

// The types below are a cluster as it is generated, and asking it is written as the
// documentation of NetworkPolicy reads, one pod, port and source at a time. Nothing
// here is shared with what is tested.

type genCluster struct {
	namespaces []genNamespace
	pods       []genPods
	policies   []genPolicy
	services   []genService
	opaque     []string // namespaces that a policy concerns which is not modelled; "*" is every one
}

type genNamespace struct {
	name   string
	labels map[string]string // nil if there is no object
}

type genPods struct {
	kind, namespace, name string
	labels                map[string]string // "?" is a value that is not known
	ports                 []genPort
	host                  bool
	open                  bool // nothing but some of the labels is known
}

type genPort struct {
	name, protocol string
	number         int
}

type genPolicy struct {
	namespace, name string
	pods            genSelector
	types           []string // nil if not given
	ingress, egress []genRule
	invalid         string // a line that the API server refuses
}

type genRule struct {
	null  bool
	from  []genPeer // none is everybody
	ports []genMatch
}

type genPeer struct {
	pods, namespaces *genSelector
	cidr             netip.Prefix
	except           []netip.Prefix
}

type genMatch struct {
	protocol string // "" if not given
	port     string // "" if not given
	end      int
}

type genSelector []genRequirement

type genRequirement struct {
	key, op string // "=" stands in matchLabels
	values  []string
}

type genService struct {
	namespace, name string
	selector        map[string]string
	protocol        string
	port            int
	target          string // "" if not given
	local           bool
	scope           string
	ranges          []string
}

func chance(r *rand.Rand, n int) bool { return r.IntN(n) == 0 }

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

var (
	genNames  = []string{"shop", "pay", "ops", ""}
	genPlaces = []string{"shop", "shop", "shop", "pay", ""}
)

func randomCluster(r *rand.Rand) genCluster {
	var c genCluster
	for _, name := range genNames[:3] {
		n := genNamespace{name: name}
		if !chance(r, 3) {
			n.labels = map[string]string{"team": pick(r, "a", "b")}
		}
		c.namespaces = append(c.namespaces, n)
	}
	for i := range 1 + r.IntN(4) {
		p := genPods{kind: pick(r, "Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet"), namespace: pick(r, genPlaces...), name: fmt.Sprintf("w%d", i),
			labels: randomLabels(r), host: chance(r, 12)}
		for range r.IntN(4) {
			port := genPort{pick(r, "", "http", "sql", "dns"), pick(r, "TCP", "TCP", "UDP", "SCTP"), pick(r, 53, 80, 443, 5432, 8080)}
			if !slices.ContainsFunc(p.ports, func(q genPort) bool { return q.name == port.name && q.name != "" }) {
				p.ports = append(p.ports, port)
			}
		}
		c.pods = append(c.pods, p)
	}
	for i := range r.IntN(5) {
		p := genPolicy{namespace: pick(r, genPlaces...), name: fmt.Sprintf("n%d", i), pods: randomSelector(r)}
		p.types = pick(r, nil, nil, []string{"Ingress"}, []string{"Egress"}, []string{"Ingress", "Egress"})
		for range r.IntN(3) {
			p.ingress = append(p.ingress, randomRule(r))
		}
		if chance(r, 3) {
			p.egress = append(p.egress, randomRule(r))
		}
		if chance(r, 14) {
			p.invalid = pick(r, "  ingess: []", "  podSelektor: {}", "  policyTypes: [Inbound]")
		}
		c.policies = append(c.policies, p)
	}
	for i := range r.IntN(3) {
		s := genService{namespace: pick(r, genPlaces...), name: fmt.Sprintf("s%d", i), selector: map[string]string{"app": pick(r, "web", "db")}, protocol: pick(r, "TCP", "UDP"),
			port: pick(r, 80, 443), target: pick(r, "", "8080", "http", "sql"), local: chance(r, 2), scope: pick(r, "internet", "internal")}
		s.ranges = []string{"0.0.0.0/0", "::/0"}
		if chance(r, 3) {
			s.ranges = []string{"10.0.0.0/9", "203.0.113.0/24"}
		}
		c.services = append(c.services, s)
	}
	if chance(r, 10) {
		c.opaque = append(c.opaque, pick(r, "shop", "pay", "", "*"))
	}
	return c
}

func randomLabels(r *rand.Rand) map[string]string {
	l := map[string]string{}
	if !chance(r, 5) {
		l["app"] = pick(r, "web", "db", "api")
	}
	if chance(r, 2) {
		l["tier"] = pick(r, "x", "z")
	}
	if chance(r, 15) {
		l["app"] = "?"
	}
	return l
}

func randomSelector(r *rand.Rand) genSelector {
	var s genSelector
	for _, key := range []string{"app", "tier"} {
		if !chance(r, 3) {
			continue
		}
		values := []string{pick(r, "web", "db", "x"), pick(r, "api", "z", "a")}
		switch pick(r, "=", "=", "In", "NotIn", "Exists", "DoesNotExist") {
		case "=":
			s = append(s, genRequirement{key, "=", values[:1]})
		case "In":
			s = append(s, genRequirement{key, "In", values[:1+r.IntN(2)]})
		case "NotIn":
			s = append(s, genRequirement{key, "NotIn", values})
		case "Exists":
			s = append(s, genRequirement{key, "Exists", nil})
		default:
			s = append(s, genRequirement{key, "DoesNotExist", nil})
		}
	}
	return s
}

func randomRule(r *rand.Rand) genRule {
	if chance(r, 15) {
		return genRule{null: true}
	}
	var rule genRule
	for range r.IntN(3) {
		var p genPeer
		switch r.IntN(5) {
		case 0:
			s := randomSelector(r)
			p.pods = &s
		case 1:
			p.namespaces = pick(r, &genSelector{}, &genSelector{{"team", "=", []string{"a"}}}, &genSelector{{"kubernetes.io/metadata.name", "=", []string{"pay"}}})
		case 2:
			s := randomSelector(r)
			p.pods, p.namespaces = &s, &genSelector{{"team", "In", []string{"a", "b"}}}
		default:
			blocks := []string{"0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "192.0.2.0/24", "203.0.113.0/25", "::/0", "2001:db8::/32", "fd00::/8", "fd00:1::/32"}
			p.cidr = netip.MustParsePrefix(pick(r, blocks...))
			for _, e := range blocks {
				if q := netip.MustParsePrefix(e); q.Bits() > p.cidr.Bits() && p.cidr.Contains(q.Addr()) && chance(r, 4) {
					p.except = append(p.except, q)
				}
			}
		}
		rule.from = append(rule.from, p)
	}
	for range r.IntN(3) {
		m := genMatch{protocol: pick(r, "", "TCP", "TCP", "UDP", "SCTP"), port: pick(r, "", "80", "443", "5432", "8080", "http", "sql")}
		if m.port != "" && m.port[0] <= '9' && chance(r, 3) {
			m.end = 8080
		}
		rule.ports = append(rule.ports, m)
	}
	return rule
}

// manifest writes the cluster down.
func (c genCluster) manifest() string {
	var w strings.Builder
	for _, n := range c.namespaces {
		if n.labels != nil {
			fmt.Fprintf(&w, "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: %s\n  labels: %s\n", n.name, flow(n.labels))
		}
	}
	meta := func(version, kind, namespace, name string) {
		fmt.Fprintf(&w, "---\napiVersion: %s\nkind: %s\nmetadata:\n  name: %s\n", version, kind, name)
		if namespace != "" {
			fmt.Fprintf(&w, "  namespace: %s\n", namespace)
		}
	}
	for _, p := range c.pods {
		var ports []string
		for _, q := range p.ports {
			name := ""
			if q.name != "" {
				name = ", name: " + q.name
			}
			ports = append(ports, fmt.Sprintf("{containerPort: %d, protocol: %s%s}", q.number, q.protocol, name))
		}
		pod := fmt.Sprintf("metadata: {labels: %s}, spec: {hostNetwork: %v, containers: [{name: c, ports: [%s]}]}", flow(p.labels), p.host, strings.Join(ports, ", "))
		switch p.kind {
		case "Pod":
			meta("v1", "Pod", p.namespace, p.name)
			fmt.Fprintf(&w, "  labels: %s\nspec: {hostNetwork: %v, containers: [{name: c, ports: [%s]}]}\n", flow(p.labels), p.host, strings.Join(ports, ", "))
		case "Job":
			meta("batch/v1", p.kind, p.namespace, p.name)
			fmt.Fprintf(&w, "spec: {template: {%s}}\n", pod)
		case "CronJob":
			meta("batch/v1", p.kind, p.namespace, p.name)
			fmt.Fprintf(&w, "spec: {jobTemplate: {spec: {template: {%s}}}}\n", pod)
		default:
			meta("apps/v1", p.kind, p.namespace, p.name)
			fmt.Fprintf(&w, "spec: {template: {%s}}\n", pod)
		}
	}
	for _, p := range c.policies {
		meta("networking.k8s.io/v1", "NetworkPolicy", p.namespace, p.name)
		fmt.Fprintf(&w, "spec:\n  podSelector: %s\n", p.pods.yaml())
		if p.types != nil && !strings.Contains(p.invalid, "policyTypes") {
			fmt.Fprintf(&w, "  policyTypes: [%s]\n", strings.Join(p.types, ", "))
		}
		if len(p.ingress) > 0 {
			fmt.Fprintln(&w, "  ingress:")
		}
		for _, r := range p.ingress {
			fmt.Fprintln(&w, "  -", r.yaml("from"))
		}
		if len(p.egress) > 0 {
			fmt.Fprintln(&w, "  egress:")
		}
		for _, r := range p.egress {
			fmt.Fprintln(&w, "  -", r.yaml("to"))
		}
		fmt.Fprintln(&w, p.invalid)
	}
	for _, s := range c.services {
		meta("v1", "Service", s.namespace, s.name)
		policy, target := "Cluster", ""
		if s.local {
			policy = "Local"
		}
		if s.target != "" {
			target = ", targetPort: " + s.target
		}
		fmt.Fprintf(&w, "spec: {type: LoadBalancer, externalTrafficPolicy: %s, selector: %s, ports: [{port: %d, protocol: %s%s}]}\n", policy, flow(s.selector), s.port, s.protocol, target)
	}
	for _, namespace := range c.opaque {
		if namespace == "*" {
			meta("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "", "opaque")
		} else {
			meta("cilium.io/v2", "CiliumNetworkPolicy", namespace, "opaque")
		}
		fmt.Fprintln(&w, "spec: {}")
	}
	return w.String()
}

func flow(labels map[string]string) string {
	var parts []string
	for _, key := range fact.SortedKeys(labels) {
		value := labels[key]
		if value == "?" {
			value = "!secret x"
		}
		parts = append(parts, key+": "+value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (s genSelector) yaml() string {
	var labels, expressions []string
	for _, r := range s {
		switch {
		case r.op == "=":
			labels = append(labels, r.key+": "+r.values[0])
		case r.values == nil:
			expressions = append(expressions, fmt.Sprintf("{key: %s, operator: %s}", r.key, r.op))
		default:
			expressions = append(expressions, fmt.Sprintf("{key: %s, operator: %s, values: [%s]}", r.key, r.op, strings.Join(r.values, ", ")))
		}
	}
	var parts []string
	if labels != nil {
		parts = append(parts, "matchLabels: {"+strings.Join(labels, ", ")+"}")
	}
	if expressions != nil {
		parts = append(parts, "matchExpressions: ["+strings.Join(expressions, ", ")+"]")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (r genRule) yaml(peersName string) string {
	if r.null {
		return "null"
	}
	var peers, ports []string
	for _, p := range r.from {
		var parts []string
		if p.pods != nil {
			parts = append(parts, "podSelector: "+p.pods.yaml())
		}
		if p.namespaces != nil {
			parts = append(parts, "namespaceSelector: "+p.namespaces.yaml())
		}
		if p.cidr.IsValid() {
			var except []string
			for _, e := range p.except {
				except = append(except, fmt.Sprintf("%q", e))
			}
			parts = append(parts, fmt.Sprintf("ipBlock: {cidr: %q, except: [%s]}", p.cidr, strings.Join(except, ", ")))
		}
		peers = append(peers, "{"+strings.Join(parts, ", ")+"}")
	}
	for _, m := range r.ports {
		var parts []string
		if m.protocol != "" {
			parts = append(parts, "protocol: "+m.protocol)
		}
		if m.port != "" {
			parts = append(parts, "port: "+m.port)
		}
		if m.end != 0 {
			parts = append(parts, fmt.Sprintf("endPort: %d", m.end))
		}
		ports = append(ports, "{"+strings.Join(parts, ", ")+"}")
	}
	return fmt.Sprintf("{%s: [%s], ports: [%s]}", peersName, strings.Join(peers, ", "), strings.Join(ports, ", "))
}

// asked is one source: an address, or pods.
type asked struct {
	address netip.Addr
	pods    *genPods
}

// selects says whether labels meet a selector.
func (s genSelector) selects(labels map[string]string, open ...bool) answer {
	all := yes
	for _, r := range s {
		value, there := labels[r.key]
		if len(open) > 0 && open[0] && !there {
			all = min(all, maybe)
			continue
		}
		one := no
		switch r.op {
		case "=", "In":
			if there && slices.Contains(r.values, value) {
				one = yes
			}
		case "NotIn":
			if !there || !slices.Contains(r.values, value) {
				one = yes
			}
		case "Exists":
			if there {
				one = yes
			}
		case "DoesNotExist":
			if !there {
				one = yes
			}
		}
		if there && value == "?" && r.op != "Exists" && r.op != "DoesNotExist" {
			one = maybe
		}
		all = min(all, one)
	}
	return all
}

// holds says whether a peer stands for a source. Whether a block stands for pods
// with addresses inside of it is left to the network plugin.
func (c genCluster) holds(p genPeer, own string, source asked) answer {
	switch {
	case p.cidr.IsValid() && source.pods != nil:
		return maybe
	case p.cidr.IsValid():
		for _, e := range p.except {
			if e.Contains(source.address) {
				return no
			}
		}
		if p.cidr.Contains(source.address) {
			return yes
		}
		return no
	case source.pods == nil:
		return no
	}
	in := no
	if p.namespaces == nil && source.pods.namespace == own {
		in = yes
	}
	if p.namespaces != nil {
		labels := map[string]string{"kubernetes.io/metadata.name": source.pods.namespace, "team": "?"}
		if source.pods.namespace == "" {
			labels["kubernetes.io/metadata.name"] = "?"
		}
		for _, n := range c.namespaces {
			if n.name == source.pods.namespace && n.labels != nil {
				labels["team"] = n.labels["team"]
			}
		}
		in = p.namespaces.selects(labels)
	}
	if p.pods != nil {
		in = min(in, p.pods.selects(source.pods.labels))
	}
	return in
}

func (m genMatch) named() bool { return m.port != "" && m.port[0] > '9' }

func (m genMatch) speaks(protocol string) bool {
	return m.protocol == protocol || m.protocol == "" && protocol == "TCP"
}

func (m genMatch) holds(pods genPods, protocol string, port int) bool {
	if !m.speaks(protocol) {
		return false
	}
	var from int
	switch _, err := fmt.Sscanf(m.port, "%d", &from); {
	case m.port == "":
		return true
	case err == nil:
		return from <= port && port <= max(from, m.end)
	}
	for _, p := range pods.ports {
		if p.name == m.port && p.protocol == protocol && p.number == port {
			return true
		}
	}
	return false
}

// admits asks every policy of the pods' namespace in turn.
func (c genCluster) admits(pods genPods, protocol string, port int, source asked) answer {
	isolated, admitted := no, no
	for _, p := range c.policies {
		if p.namespace != pods.namespace {
			continue
		}
		force := p.pods.selects(pods.labels, pods.open)
		if force = min(force, p.isolates("Ingress")); force == no {
			continue
		}
		isolated = max(isolated, force)
		for _, r := range p.ingress {
			ports := len(r.ports) == 0 || slices.ContainsFunc(r.ports, func(m genMatch) bool { return m.holds(pods, protocol, port) })
			force := force
			if !ports {
				// A name may be any port of pods of which nothing is known.
				if !pods.open || !slices.ContainsFunc(r.ports, func(m genMatch) bool { return m.named() && m.speaks(protocol) }) {
					continue
				}
				force = min(force, maybe)
			}
			from := no
			if len(r.from) == 0 {
				from = yes
			}
			for _, peer := range r.from {
				from = max(from, c.holds(peer, p.namespace, source))
			}
			admitted = max(admitted, min(force, from))
		}
	}
	for _, namespace := range c.opaque {
		if namespace == "*" || namespace == pods.namespace {
			return maybe
		}
	}
	switch {
	case isolated == no:
		return yes
	case isolated == maybe || pods.host || pods.open:
		return max(admitted, maybe)
	}
	return admitted
}

func (p genPods) id() string {
	if p.namespace == "" {
		return p.kind + "/" + p.name
	}
	return p.namespace + "/" + p.kind + "/" + p.name
}

// sources are addresses at and beside the borders of all blocks, and all pods.
func (c genCluster) sources() []asked {
	var list []asked
	add := func(a netip.Addr) {
		if a.IsValid() && !slices.ContainsFunc(list, func(s asked) bool { return s.address == a }) {
			list = append(list, asked{address: a})
		}
	}
	for _, text := range []string{"0.0.0.0", "255.255.255.255", "10.77.0.1", "192.168.0.1", "198.51.100.1", "203.0.113.200", "::", "2001:db8:ffff::1", "fd77::1", "fe80::1"} {
		add(netip.MustParseAddr(text))
	}
	for _, p := range c.policies {
		for _, r := range slices.Concat(p.ingress, p.egress) {
			for _, peer := range r.from {
				for _, b := range append([]netip.Prefix{peer.cidr}, peer.except...) {
					if b.IsValid() {
						last := lastOf(b)
						for _, a := range []netip.Addr{b.Addr(), b.Addr().Prev(), last, last.Next()} {
							add(a)
						}
					}
				}
			}
		}
	}
	for i := range c.pods {
		list = append(list, asked{pods: &c.pods[i]})
	}
	return list
}

// groups are the peers that paths may name, by the name.
func (c genCluster) groups() map[string]func(asked) answer {
	out := map[string]func(asked) answer{}
	for _, p := range c.policies {
		for _, r := range p.ingress {
			for _, peer := range r.from {
				if !peer.cidr.IsValid() {
					out[peer.text(p.namespace)] = func(s asked) answer { return c.holds(peer, p.namespace, s) }
				}
			}
		}
	}
	return out
}

func (p genPeer) text(own string) string {
	text := "all pods"
	if p.pods != nil && len(*p.pods) > 0 {
		text = "pods " + p.pods.text()
	}
	switch {
	case p.namespaces == nil && own == "":
		return text + " of the same namespace"
	case p.namespaces == nil:
		return text + " of namespace " + own
	case len(*p.namespaces) == 0:
		return text + " of all namespaces"
	case (*p.namespaces)[0].key == "kubernetes.io/metadata.name":
		return text + " of namespace pay"
	}
	return text + " of namespaces " + p.namespaces.text()
}

func (s genSelector) text() string {
	var parts []string
	for _, r := range s {
		values := slices.Compact(slices.Sorted(slices.Values(r.values)))
		switch {
		case r.op == "Exists":
			parts = append(parts, r.key)
		case r.op == "DoesNotExist":
			parts = append(parts, "!"+r.key)
		case r.op == "NotIn" && len(values) == 1:
			parts = append(parts, r.key+"!="+values[0])
		case r.op == "NotIn":
			parts = append(parts, r.key+" notin ("+strings.Join(values, ",")+")")
		case len(values) == 1:
			parts = append(parts, r.key+"="+values[0])
		default:
			parts = append(parts, r.key+" in ("+strings.Join(values, ",")+")")
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ",")
}

// saidOfPods is what an exposure's paths say of pods: by the groups they are in, or
// because every private address gets the same answer.
func saidOfPods(t *testing.T, item fact.Item, source asked, groups map[string]func(asked) answer) answer {
	best := yes
	for _, text := range []string{"10.0.0.0", "10.255.255.255", "172.16.0.1", "192.168.1.1", "100.64.0.1", "10.1.2.3", "10.1.9.1"} {
		best = min(best, said(item, netip.MustParseAddr(text)))
	}
	for _, v := range item["paths"].([]any) {
		path := v.(map[string]any)
		name, _ := path["group"].(string)
		if name == "" {
			continue
		}
		group, known := groups[name]
		if !known {
			t.Fatalf("%s: no peer is called %q", item.ID(), name)
		}
		verdict := map[any]answer{"reachable": yes, "unknown": maybe}[path["verdict"]]
		best = max(best, min(verdict, group(source)))
	}
	return best
}

// Exposures of pods agree with asking every policy for every source.
func TestPoliciesAgreeWithAskingEveryRule(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	asked, decided := 0, map[answer]int{}
	clusters := 2500
	if testing.Short() {
		clusters = 300
	}
	for range clusters {
		c := randomCluster(r)
		text := c.manifest()
		items := c.exposures(t, text)
		groups := c.groups()
		for _, pods := range c.pods {
			for _, port := range append([]genPort{{"", "TCP", 80}, {"", "TCP", 5000}, {"", "UDP", 443}, {"", "SCTP", 8080}}, pods.ports...) {
				item := exposureOf(items, pods.id(), port)
				named := slices.ContainsFunc(pods.ports, func(p genPort) bool { return p.protocol == port.protocol && p.number == port.number })
				if item == nil && named {
					t.Fatalf("%s has no exposure of %v\n%s", pods.id(), port, text)
				}
				if item == nil {
					c.unnamed(t, pods, port, text)
					continue
				}
				for _, source := range c.sources() {
					want := c.admits(pods, port.protocol, port.number, source)
					var got answer
					if source.pods != nil {
						got = saidOfPods(t, item, source, groups)
						// Whether a block stands for pods is the network plugin's to say.
						if without, blocks := c.withoutBlocks(pods.namespace); blocks {
							want = without.admits(pods, port.protocol, port.number, source)
							if got < want {
								t.Fatalf("%s from %v: got %v, want %v at least\n%s", item.ID(), source.pods, got, want, text)
							}
							continue
						}
					} else {
						got = said(item, source.address)
						if want == yes && !isInside(source.address) {
							want = maybe
						}
					}
					asked++
					decided[want]++
					if got != want {
						t.Fatalf("%s, %s port %d from %v %v: got %v, want %v\n%s", item.ID(), port.protocol, port.number, source.address, source.pods, got, want, text)
					}
				}
			}
		}
	}
	t.Logf("%d questions, of which no, maybe, yes: %v", asked, decided)
	if asked < 50*clusters {
		t.Errorf("only %d questions were asked", asked)
	}
}

// reaches asks whether a source reaches a service from outside of the cluster.
func (c genCluster) reaches(s genService, source asked) answer {
	inside := false
	for _, text := range s.ranges {
		inside = inside || netip.MustParsePrefix(text).Contains(source.address)
	}
	if !inside {
		return no
	}
	best, routes, found := no, 0, no
	try := func(pods genPods, by answer) {
		var number int
		target := genMatch{protocol: s.protocol, port: s.target}
		switch _, err := fmt.Sscanf(s.target, "%d", &number); {
		case s.target == "":
			number = s.port
		case err == nil:
		case pods.open:
			by = min(by, maybe)
		default:
			i := slices.IndexFunc(pods.ports, func(p genPort) bool { return target.holds(pods, p.protocol, p.number) && p.name == s.target })
			if i < 0 {
				return
			}
			number = pods.ports[i].number
		}
		routes++
		one := no
		if number == 0 {
			// Any port: what is certain for all of them is not worth asking for.
			one = maybe
		} else {
			one = c.admits(pods, s.protocol, number, source)
			if !s.local {
				for _, other := range c.sources() {
					if other.pods == nil && c.admits(pods, s.protocol, number, other) != yes {
						one = maybe
					}
				}
			}
		}
		if one == yes {
			one = min(one, by)
		}
		best = max(best, one)
	}
	for _, pods := range c.pods {
		by := yes
		if pods.namespace != s.namespace {
			continue
		}
		for key, value := range s.selector {
			by = min(by, genSelector{{key, "=", []string{value}}}.selects(pods.labels))
		}
		if found = max(found, by); by != no {
			try(pods, by)
		}
	}
	if found != yes {
		try(genPods{namespace: s.namespace, labels: s.selector, open: true}, yes)
	}
	if routes == 0 {
		best = yes // no pods there: nothing is known to stand before it
	}
	if best == yes && s.scope == "internal" && !isInside(source.address) {
		best = maybe
	}
	return best
}

// Exposures of services agree with asking the policies of every pod behind them.
func TestServicesAgreeWithAskingEveryRule(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	asked, decided := 0, map[answer]int{}
	clusters := 1500
	if testing.Short() {
		clusters = 300
	}
	for range clusters {
		c := randomCluster(r)
		if len(c.services) == 0 {
			continue
		}
		text := c.manifest()
		items := c.exposures(t, text)
		for _, s := range c.services {
			i := slices.IndexFunc(items, func(item fact.Item) bool {
				return item["of"] == "port.published" && strings.HasPrefix(item.ID(), s.id()+"/")
			})
			for _, source := range c.sources() {
				if source.pods != nil {
					continue
				}
				want, got := c.reaches(s, source), said(items[i], source.address)
				asked++
				decided[want]++
				if got != want {
					t.Fatalf("%s from %v: got %v, want %v\n%s", items[i].ID(), source.address, got, want, text)
				}
			}
		}
	}
	t.Logf("%d questions, of which no, maybe, yes: %v", asked, decided)
	if asked < 10*clusters {
		t.Errorf("only %d questions were asked", asked)
	}
}

// normally asks what becomes of traffic of pods whose labels nobody knows.
func (c genCluster) normally(namespace, direction string) answer {
	isolated := no
	for _, p := range c.policies {
		if p.namespace == namespace && len(p.pods) == 0 {
			isolated = max(isolated, p.isolates(direction))
		}
	}
	if c.isOpaque(namespace) {
		return maybe
	}
	return isolated
}

func (c genCluster) isOpaque(namespace string) bool {
	return slices.Contains(c.opaque, "*") || slices.Contains(c.opaque, namespace)
}

func (p genPolicy) isolates(direction string) answer {
	types := p.types
	if strings.Contains(p.invalid, "policyTypes") {
		return maybe
	}
	if types == nil {
		types = []string{"Ingress"}
		if len(p.egress) > 0 {
			types = append(types, "Egress")
		}
	}
	switch {
	case !slices.Contains(types, direction):
		return no
	case p.invalid != "":
		return maybe
	}
	return yes
}

// sends asks whether some pod of a namespace may connect to an address.
func (c genCluster) sends(namespace string, to asked) answer {
	best := no
	switch c.normally(namespace, "Egress") {
	case no:
		best = yes
	case maybe:
		best = maybe
	}
	for _, p := range c.policies {
		if p.namespace != namespace {
			continue
		}
		for _, r := range p.egress {
			one := no
			if len(r.from) == 0 {
				one = yes
			}
			for _, peer := range r.from {
				one = max(one, c.holds(peer, namespace, to))
			}
			best = max(best, min(one, p.isolates("Egress")))
		}
	}
	if c.isOpaque(namespace) {
		return maybe
	}
	return best
}

// Chains agree with asking every policy: what a namespace does by default, and where
// its pods may connect to.
func TestChainsAgreeWithAskingEveryRule(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	asked := 0
	for range 1000 {
		c := randomCluster(r)
		text := c.manifest()
		docs, _ := collectors.Run(t.Context(), []collectors.Collector{firewall.Collector{}}, collectors.Path, awstest.Env(map[string]string{"cluster.yaml": text}))
		for _, item := range docs[0].Items {
			namespace := strings.TrimPrefix(strings.Split(item.ID(), "/")[1], "-")
			direction := map[any]string{"input": "Ingress", "output": "Egress"}[item["hook"]]
			want := map[answer]any{no: "accept", yes: "drop"}[c.normally(namespace, direction)]
			if item["default_verdict"] != want {
				t.Fatalf("%s: got %v, want %v\n%s", item.ID(), item["default_verdict"], want, text)
			}
			if direction == "Ingress" {
				continue
			}
			for _, to := range c.sources() {
				if to.pods != nil {
					continue
				}
				got := no
				for _, v := range item["residual_egress"].([]any) {
					block := v.(map[string]any)
					if netip.MustParsePrefix(block["cidr"].(string)).Contains(to.address) {
						got = max(got, map[any]answer{"certain": yes, "possible": maybe}[block["certainty"]])
					}
				}
				asked++
				if want := c.sends(namespace, to); got != want {
					t.Fatalf("%s to %v: got %v, want %v\n%s", item.ID(), to.address, got, want, text)
				}
			}
		}
	}
	if asked < 20000 {
		t.Errorf("only %d questions were asked", asked)
	}
}

// withoutBlocks is the cluster with peers that are pods only, and whether a policy of
// the namespace has another.
func (c genCluster) withoutBlocks(namespace string) (without genCluster, blocks bool) {
	without = c
	without.policies = nil
	isBlock := func(peer genPeer) bool { return peer.cidr.IsValid() }
	for _, p := range c.policies {
		p.ingress = slices.Clone(p.ingress)
		for i, r := range p.ingress {
			if !slices.ContainsFunc(r.from, isBlock) {
				continue
			}
			blocks = blocks || p.namespace == namespace
			// A rule without peers would be for everybody.
			p.ingress[i].from = append(slices.DeleteFunc(slices.Clone(r.from), isBlock), genPeer{pods: &genSelector{{"nobody", "Exists", nil}}})
		}
		without.policies = append(without.policies, p)
	}
	return without, blocks
}

// unnamed: a port that no container names has an exposure if a policy names it by
// number.
func (c genCluster) unnamed(t *testing.T, pods genPods, port genPort, text string) {
	for _, p := range c.policies {
		if p.namespace != pods.namespace || p.pods.selects(pods.labels) == no || p.types != nil && !slices.Contains(p.types, "Ingress") || strings.Contains(p.invalid, "policyTypes") {
			continue
		}
		for _, r := range p.ingress {
			for _, m := range r.ports {
				if m.port != "" && m.holds(pods, port.protocol, port.number) {
					t.Fatalf("%s has no exposure of %v, which policy %s admits\n%s", pods.id(), port, p.name, text)
				}
			}
		}
	}
}

func exposureOf(items []fact.Item, id string, port genPort) fact.Item {
	for _, item := range items {
		if strings.HasPrefix(item.ID(), id+"/") && covers(item, strings.ToLower(port.protocol), port.number) {
			return item
		}
	}
	return nil
}

// exposures of the cluster, with published ports for its services.
func (c genCluster) exposures(t testing.TB, text string) []fact.Item {
	t.Helper()
	docs, status := collectors.Run(t.Context(), []collectors.Collector{firewall.Collector{}}, collectors.Path, awstest.Env(map[string]string{"cluster.yaml": text}))
	if status[0].Err != nil {
		t.Fatal(status[0].Err)
	}
	b := fact.NewBuilder("port.published", fact.Target{ID: "config/."}, fact.Collector{Name: "ports", Method: "kubernetes"}, docs[0].CollectedAt)
	for _, s := range c.services {
		none := fact.Position{}
		it := b.Add(fmt.Sprintf("%s/%s/%d", s.id(), strings.ToLower(s.protocol), s.port), "declared", none)
		it.Set("mechanism", "load_balancer", none).Set("resource", s.id(), none).Set("product", "", none).Set("backend", "", none).Set("protocol", strings.ToLower(s.protocol), none).
			Set("address", "", none).Set("port_from", s.port, none).Set("port_to", s.port, none).Set("scope", s.scope, none).Set("families", []any{"ipv4", "ipv6"}, none).
			Set("admits", fact.Strings(s.ranges), none).Set("groups", []any{}, none).Set("network_acls", []any{}, none)
		it.Object("flow_log", none).Set("accepted", "no", none).Set("denied", "no", none).Set("logs", []any{}, none)
	}
	docs = append(docs, b.Document())
	derived, err := firewall.Exposure{}.Derive(t.Context(), docs)
	if err != nil {
		t.Fatal(err)
	}
	var items []fact.Item
	for i, d := range append(docs, derived...) {
		for _, p := range fact.Validate(d) {
			t.Fatalf("%s: %v\n%s", d.Kind, p, text)
		}
		if i >= len(docs) {
			items = append(items, d.Items...)
		}
	}
	return items
}

func (s genService) id() string {
	if s.namespace == "" {
		return "Service/" + s.name
	}
	return s.namespace + "/Service/" + s.name
}
