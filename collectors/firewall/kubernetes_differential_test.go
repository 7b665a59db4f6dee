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
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

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

// Chains agree with asking every policy: what a namespace does by default, and where
// its pods may connect to.
func TestChainsAgreeWithAskingEveryRule(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	asked := 0
	for range 1000 {
		c := randomCluster(r)
		text := c.manifest()
		docs, _ := collectors.Run(t.Context(), []collectors.Collector{firewall.Collector{}}, collectors.Path, sourcetest.Env(map[string]string{"cluster.yaml": text}))
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
	docs, status := collectors.Run(t.Context(), []collectors.Collector{firewall.Collector{}}, collectors.Path, sourcetest.Env(map[string]string{"cluster.yaml": text}))
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
