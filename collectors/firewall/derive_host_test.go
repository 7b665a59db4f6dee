package firewall

import (
	"bufio"
	"encoding/json"
	"flag"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/netfilter"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

// A case of testdata/reach is a host. Its file "host" has a line for each thing:
//
//	link NAME ADDRESS/BITS …
//	route DESTINATION NAME
//	layer TYPE PLACE
//	namespace NAME        what follows is of it
//	listen PROTOCOL ADDRESS:PORT SCOPE [exe=PATH] [wire=NAME] [netns=NAME]
//	forward, policy-routing, local-nets, unread REASON
//
// iptables-save, ip6tables-save and nft.json are its filters, those of a namespace in a
// folder of its name. register.json is as for published ports.
func hostCase(t testing.TB, a *txtar.Archive, o netfilter.Options) []*fact.Document {
	t.Helper()
	env := sourcetest.Env(nil)
	env.Host = &collectors.Host{Name: "db1", Live: true, Privileges: "root"}
	h := &host{env: env, persisted: &netfilter.Ruleset{}}
	listeners := fact.NewBuilder("port.listener", env.Host.Target(), env.Envelope("ports", "sock_diag"), env.Now)
	add := func(name string) *hostSpace {
		s := &hostSpace{name: name, space: &netfilter.Space{IPv6: true}, rules: &netfilter.Ruleset{}}
		h.spaces = append(h.spaces, s)
		return s
	}
	s := add("")
	files := map[string]string{}
	for _, f := range a.Files {
		files[f.Name] = string(f.Data)
	}
	lines := bufio.NewScanner(strings.NewReader(files["host"]))
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "link":
			l := netfilter.Interface{Name: words[1], Type: "ethernet", Index: len(s.space.Interfaces) + 1, Up: true, ReversePath: "off", IPv6: true}
			if l.Name == "lo" {
				l.Type = "loopback"
			}
			for _, w := range words[2:] {
				l.Addresses = append(l.Addresses, netip.MustParsePrefix(w))
			}
			s.space.Interfaces = append(s.space.Interfaces, l)
		case "route":
			p := netip.MustParsePrefix(words[1])
			s.space.Routes = append(s.space.Routes, netfilter.Route{V6: p.Addr().Is6(), Type: "unicast", Table: 254, Destination: p, Interface: words[2]})
		case "layer":
			s.space.Layers = append(s.space.Layers, netfilter.Layer{Type: words[1], Place: words[2], Text: "test"})
		case "namespace":
			s = add(words[1])
		case "forward":
			for i := range s.space.Interfaces {
				s.space.Interfaces[i].ForwardV4, s.space.Interfaces[i].ForwardV6 = true, true
			}
		case "policy-routing":
			s.space.PolicyRouting = true
		case "local-nets":
			s.space.LocalNets = true
		case "unread":
			s.space.RoutesReason = strings.Join(words[1:], " ")
		case "listen":
			listen(listeners, words[1:])
		default:
			t.Fatalf("host: %q", lines.Text())
		}
	}
	for _, s := range h.spaces {
		prefix := ""
		if s.name != "" {
			prefix = s.name + "/"
		}
		for name, read := range map[string]func([]byte) (*netfilter.Ruleset, []fact.Diagnostic){
			"iptables-save":  saved(o, netfilter.IPTablesNFT, netfilter.IPv4),
			"ip6tables-save": saved(o, netfilter.IPTablesNFT, netfilter.IPv6),
			"legacy-save":    saved(o, netfilter.IPTablesLegacy, netfilter.IPv4),
			"nft.json":       func(data []byte) (*netfilter.Ruleset, []fact.Diagnostic) { return netfilter.ReadJSON("nft", data, o) },
		} {
			if text, ok := files[prefix+name]; ok {
				r, problems := read([]byte(text))
				for _, p := range problems {
					t.Log(p)
				}
				s.rules.Tables = append(s.rules.Tables, r.Tables...)
				if len(r.Opaque) > 0 {
					s.rules.Tables = append(s.rules.Tables, &netfilter.Table{Backend: netfilter.NFT, Family: netfilter.Inet, Opaque: r.Opaque})
				}
			}
		}
		slices.SortFunc(s.rules.Tables, func(a, b *netfilter.Table) int {
			return strings.Compare(string(a.Backend)+string(a.Family)+a.Name, string(b.Backend)+string(b.Family)+b.Name)
		})
	}
	docs := []*fact.Document{h.chains(), h.namespaces(), h.rulesDocument(), h.rulesets(), listeners.Document()}
	if text, ok := files["register.json"]; ok {
		var kinds map[string][]fact.Item
		if err := json.Unmarshal([]byte(text), &kinds); err != nil {
			t.Fatal(err)
		}
		for _, kind := range fact.SortedKeys(kinds) {
			d := fact.NewBuilder(kind, fact.Target{ID: "register"}, fact.Collector{Name: "register"}, env.Now).Document()
			d.Items = kinds[kind]
			docs = append(docs, d)
		}
	}
	return docs
}

func saved(o netfilter.Options, b netfilter.Backend, f netfilter.Family) func([]byte) (*netfilter.Ruleset, []fact.Diagnostic) {
	o.Backend, o.Family = b, f
	return func(data []byte) (*netfilter.Ruleset, []fact.Diagnostic) {
		return netfilter.ReadSave(strings.ToLower(string(f))+"-save", data, o)
	}
}

func listen(b *fact.Builder, words []string) {
	none := fact.Position{}
	at := netip.MustParseAddrPort(words[1])
	options := map[string]string{}
	for _, w := range words[3:] {
		k, v, _ := strings.Cut(w, "=")
		options[k] = v
	}
	id := words[0] + "/" + words[1]
	if n := options["netns"]; n != "" {
		id = n + "/" + id
	}
	family := "ipv4"
	if at.Addr().Is6() {
		family = "ipv6"
	}
	it := b.Add(id, "observed", none)
	it.Set("netns", options["netns"], none).Set("protocol", words[0], none).Set("families", []any{family}, none)
	it.Set("address", at.Addr().String(), none).Set("port", int(at.Port()), none).Set("scope", words[2], none)
	it.Set("owners", []any{}, none)
	it.Append("owners", none).Set("exe", options["exe"], none)
	it.Object("wire", none).Set("name", options["wire"], none)
}

func TestDeriveHostExposure(t *testing.T) {
	update := flag.Lookup("update").Value.String() == "true"
	sourcetest.Run(t, "testdata/reach/*.txtar", update, func(t *testing.T, a *txtar.Archive) []*fact.Document {
		docs, err := Exposure{}.Derive(t.Context(), hostCase(t, a, netfilter.Options{}))
		if err != nil {
			t.Fatal(err)
		}
		return docs
	})
}
