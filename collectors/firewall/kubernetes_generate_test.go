package firewall_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
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
