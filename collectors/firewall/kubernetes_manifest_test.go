package firewall_test

import (
	"fmt"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

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
