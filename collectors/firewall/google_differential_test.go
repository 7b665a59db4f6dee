package firewall_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/writ-policy/writ/engine/fact"
)

// cloudRule is a generated google_compute_firewall.
type cloudRule struct {
	priority int
	allow    bool
	protocol string // tcp, udp or all
	from, to int    // 0 and 65535 where no port is written
	blocks   []netip.Prefix
	target   string // tag, "" for all instances
	off      bool   // disabled
	// what is not known: whether it is in force, the blocks, the tag
	unsure, unknown, lost bool
}

func randomCloud(r *rand.Rand) []cloudRule {
	blocks := []string{"0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "192.0.2.0/25", "128.0.0.0/1", "203.0.113.7/32", "::/0", "2001:db8::/32", "fd00::/8"}
	var out []cloudRule
	for range 1 + r.IntN(7) {
		c := cloudRule{
			// Few priorities, so that many are equal.
			priority: []int{0, 100, 1000, 1000, 65534, 65535}[r.IntN(6)], allow: r.IntN(5) > 1, protocol: []string{"tcp", "tcp", "tcp", "udp", "all"}[r.IntN(5)],
			target: []string{"", "web", "web", "db"}[r.IntN(4)], to: 65535, off: r.IntN(12) == 0,
			unsure: r.IntN(12) == 0, unknown: r.IntN(10) == 0, lost: r.IntN(14) == 0,
		}
		if c.protocol != "all" && r.IntN(4) > 0 {
			c.from = differentialPorts[r.IntN(len(differentialPorts))]
			c.to = c.from + []int{0, 0, 1, 500, 6000}[r.IntN(5)]
		}
		for range 1 + r.IntN(3) {
			c.blocks = append(c.blocks, netip.MustParsePrefix(blocks[r.IntN(len(blocks))]))
		}
		out = append(out, c)
	}
	return out
}

func cloudModule(rules []cloudRule) string {
	var w strings.Builder
	fmt.Fprint(&w, `
variable "who" {}
resource "google_compute_network" "n" {
  name = "n"
}
resource "google_compute_subnetwork" "s" {
  network       = google_compute_network.n.id
  ip_cidr_range = "10.9.0.0/24"
}
resource "google_compute_instance" "i" {
  tags = ["web", "spare"]
  network_interface {
    subnetwork = google_compute_subnetwork.s.id
    access_config {}
    ipv6_access_config {
      network_tier = "PREMIUM"
    }
  }
}
`)
	for i, c := range rules {
		block := "deny"
		if c.allow {
			block = "allow"
		}
		fmt.Fprintf(&w, "resource \"google_compute_firewall\" \"f%d\" {\n  network = google_compute_network.n.name\n", i)
		if c.priority != 1000 {
			fmt.Fprintf(&w, "  priority = %d\n", c.priority)
		}
		switch {
		case c.off:
			fmt.Fprint(&w, "  disabled = true\n")
		case c.unsure:
			fmt.Fprint(&w, "  disabled = var.who\n")
		}
		switch {
		case c.lost:
			fmt.Fprint(&w, "  target_tags = [var.who]\n")
		case c.target != "":
			fmt.Fprintf(&w, "  target_tags = [%q]\n", c.target)
		}
		if c.unknown {
			fmt.Fprint(&w, "  source_ranges = var.who\n")
		} else {
			fmt.Fprintf(&w, "  source_ranges = [%s]\n", quoted(c.blocks))
		}
		fmt.Fprintf(&w, "  %s {\n    protocol = %q\n", block, c.protocol)
		if c.from > 0 {
			fmt.Fprintf(&w, "    ports = [\"%d-%d\"]\n", c.from, c.to)
		}
		fmt.Fprint(&w, "  }\n}\n")
	}
	return w.String()
}

func quoted(blocks []netip.Prefix) string {
	var list []string
	for _, b := range blocks {
		list = append(list, fmt.Sprintf("%q", b))
	}
	return strings.Join(list, ", ")
}

// cloudOrder gives the rules in the order they are asked for an instance with the tag
// web: by priority, of equal ones those that deny first.
func cloudOrder(rules []cloudRule) []cloudRule {
	var out []cloudRule
	for _, c := range rules {
		if !c.off && (c.lost || c.target == "" || c.target == "web") {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b cloudRule) int {
		denies := 0
		if a.allow != b.allow {
			denies = 1
			if b.allow {
				denies = -1
			}
		}
		return cmp.Or(cmp.Compare(a.priority, b.priority), denies)
	})
	return out
}

// cloudDecide asks the rules one after the other; where one may match or not, both ways
// are gone. A protocol of "" stands for what no rule but those for all protocols
// name.
func cloudDecide(rules []cloudRule, protocol string, port int, source netip.Addr) answer {
	if len(rules) == 0 {
		return no
	}
	c, rest := rules[0], rules[1:]
	if c.protocol != "all" && (c.protocol != protocol || port < c.from || c.to < port) {
		return cloudDecide(rest, protocol, port, source)
	}
	inside := slices.ContainsFunc(c.blocks, func(p netip.Prefix) bool { return p.Contains(source) })
	if !c.unknown && !inside {
		return cloudDecide(rest, protocol, port, source)
	}
	matched := no
	if c.allow {
		matched = yes
	}
	if c.unknown || c.unsure || c.lost {
		if other := cloudDecide(rest, protocol, port, source); other != matched {
			return maybe
		}
	}
	return matched
}

// Exposures of an instance agree with asking every rule for every source and
// port.
func TestGoogleAgreesWithAskingEveryRule(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	seen := map[answer]int{}
	for range 1000 {
		rules := randomCloud(r)
		module := cloudModule(rules)
		order := cloudOrder(rules)
		var borders []groupRule
		edges := []int{1, 65535}
		for _, c := range rules {
			borders = append(borders, groupRule{cidrs: c.blocks})
			edges = append(edges, c.from, c.to, max(0, c.from-1), min(65535, c.to+1))
		}
		sources := (scenario{rules: borders}).witnesses()
		items := derive(t, module)
		for _, item := range items {
			if item["of"] != "port.published" {
				continue
			}
			protocol := item["protocol"].(string)
			from, to := item["port_from"].(int), item["port_to"].(int)
			for _, source := range sources {
				want := no
				if protocol == "any" {
					want = cloudDecide(order, "", 0, source)
				} else {
					for _, p := range append(edges, from, to) {
						if from <= p && p <= to {
							want = max(want, cloudDecide(order, protocol, p, source))
						}
					}
				}
				seen[want]++
				if got := said(item, source); got != want {
					t.Fatalf("%s from %v: got %v, want %v\n%s", item.ID(), source, got, want, module)
				}
			}
		}
		cloudCovered(t, items, order, edges, sources, module)
	}
	if seen[no] < 1000 || seen[maybe] < 1000 || seen[yes] < 1000 {
		t.Errorf("answers are one-sided: %v", seen)
	}
}

// cloudCovered: nothing that a rule admits is left out of the exposures.
func cloudCovered(t *testing.T, items []fact.Item, order []cloudRule, edges []int, sources []netip.Addr, module string) {
	t.Helper()
	for _, protocol := range []string{"tcp", "udp"} {
		for _, port := range edges {
			for _, source := range sources {
				want := cloudDecide(order, protocol, port, source)
				if want == no {
					continue
				}
				most := no
				for _, item := range items {
					if item["protocol"] == "any" || covers(item, protocol, port) {
						most = max(most, said(item, source))
					}
				}
				if most < want {
					t.Fatalf("%s/%d from %v: %v, and exposures say %v\n%s", protocol, port, source, want, most, module)
				}
			}
		}
	}
}
