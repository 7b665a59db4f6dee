package firewall

import (
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors/source/netfilter"
	"github.com/writ-policy/writ/engine/fact"
)

const plainHost = `
-- host --
link lo 127.0.0.1/8
link eth0 192.0.2.10/24
route 0.0.0.0/0 eth0
listen tcp 0.0.0.0:22 internet
listen tcp 0.0.0.0:80 internet
namespace c1
link lo 127.0.0.1/8
-- iptables-save --
*filter
:INPUT DROP [0:0]
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
`

// What was not read leaves nothing certain; what files keep for the next start, and
// another namespace, are nothing to a listener of the host.
func TestUnreadFilters(t *testing.T) {
	for _, c := range []struct {
		name     string
		change   func(kind string, d *fact.Document) bool // false leaves it out
		ssh, web string
	}{
		{"all read", func(string, *fact.Document) bool { return true }, "reachable", "unreachable"},
		{"rulesets not collected", func(kind string, _ *fact.Document) bool { return kind != "firewall.ruleset" }, "unknown", "unknown"},
		{"rulesets not complete", func(kind string, d *fact.Document) bool {
			if kind == "firewall.ruleset" {
				d.Complete, d.Reasons = false, []string{"permission denied"}
			}
			return true
		}, "unknown", "unknown"},
		{"not complete, nobody says why", func(kind string, d *fact.Document) bool {
			if kind == "firewall.ruleset" {
				d.Complete = false
			}
			return true
		}, "unknown", "unknown"},
		{"kept rules not read", func(kind string, d *fact.Document) bool {
			if kind == "firewall.ruleset" {
				d.Complete, d.Reasons = false, []string{ofKept + "/etc/nftables.conf cannot be read"}
			}
			return true
		}, "reachable", "unreachable"},
		{"another namespace not read", func(kind string, d *fact.Document) bool {
			if kind == "firewall.ruleset" {
				d.Complete, d.Reasons = false, []string{"network namespace c1: permission denied"}
			}
			return true
		}, "reachable", "unreachable"},
		{"an item that is damaged", func(kind string, d *fact.Document) bool {
			if kind == "firewall.ruleset" {
				d.Items[0]["chains"] = "x"
			}
			return true
		}, "unknown", "unknown"},
		{"what else decides not collected", func(kind string, _ *fact.Document) bool { return kind != "firewall.namespace" }, "reachable", "unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var docs []*fact.Document
			for _, d := range hostCase(t, txtar.Parse([]byte(plainHost)), netfilter.Options{}) {
				if c.change(d.Kind, d) {
					docs = append(docs, d)
				}
			}
			out, err := Exposure{}.Derive(t.Context(), docs)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]any{}
			for _, d := range out {
				for _, item := range d.Items {
					got[item.ID()] = item["verdict"]
				}
			}
			if got["tcp/0.0.0.0:22"] != c.ssh || got["tcp/0.0.0.0:80"] != c.web {
				t.Errorf("got %v, want %s and %s", got, c.ssh, c.web)
			}
		})
	}
}
