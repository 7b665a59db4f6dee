package register

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/fact"
)

// What is drafted is a register: it reads without a word, it covers what it was
// drafted from, and what a person has to write is missing in it.
func TestDraft(t *testing.T) {
	listener := func(id, address string, port int, more map[string]any) fact.Item {
		item := fact.Item{"id": id, "protocol": "tcp", "address": address, "port": port, "scope": "internal", "register": []any{}, "ephemeral": false, "owners": []any{}}
		for k, v := range more {
			item[k] = v
		}
		return item
	}
	postgres := []any{map[string]any{"exe": "/usr/lib/postgresql/17/bin/postgres", "unit": "postgresql@17-main.service", "user": "postgres"}}
	docs := []*fact.Document{
		{Kind: "port.listener", Target: fact.Target{ID: "host/db1"}, Items: []fact.Item{
			listener("tcp/0.0.0.0:5432", "0.0.0.0", 5432, map[string]any{"owners": postgres, "exposure": []any{"host/db1#tcp/0.0.0.0:5432"}}),
			listener("tcp/[::]:5432", "::", 5432, map[string]any{"owners": postgres}),
			listener("tcp/127.0.0.1:8080", "127.0.0.1", 8080, map[string]any{"scope": "loopback", "owners": []any{
				map[string]any{"exe": "/tmp/**", "unit": "", "user": "${root}"}, map[string]any{"exe": "/tmp/**", "unit": "", "user": "${root}"}}}),
			listener("tcp/0.0.0.0:22", "0.0.0.0", 22, map[string]any{"register": []any{"register#ssh/22/tcp"}}),
			listener("udp/0.0.0.0:40000", "0.0.0.0", 40000, map[string]any{"protocol": "udp", "ephemeral": true}),
		}},
		{Kind: "firewall.exposure", Target: fact.Target{ID: "host/db1"}, Items: []fact.Item{{
			"id": "tcp/0.0.0.0:5432", "scope_v4": "partner", "scope_v6": "none", "paths": []any{
				map[string]any{"cidr": "10.0.2.0/24", "verdict": "reachable"}, map[string]any{"cidr": "10.9.0.0/16", "verdict": "unknown"}},
		}}},
		{Kind: "port.scanned", Target: fact.Target{ID: "scan/office"}, Items: []fact.Item{
			{"id": "tcp/10.0.0.9:6379", "protocol": "tcp", "host": "db9.example", "address": "10.0.0.9", "port": 6379, "state": "open", "register": []any{}, "vantage": map[string]any{"scope": "internal"}, "wire": map[string]any{"name": "redis"}},
			{"id": "tcp/10.0.0.9:22", "protocol": "tcp", "host": "db9.example", "address": "10.0.0.9", "port": 22, "state": "closed", "register": []any{}},
		}},
	}
	var out bytes.Buffer
	count, err := Draft(&out, docs, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	want := `# Drafted from what was found. Sources are those that reach a port today: narrow them
# to those that should. Every "todo" waits for someone who knows.

service "db1-port-8080" {
  targets = ["host/db1"]
  owner   = "todo"
  purpose = "todo"

  port "8080/tcp" {
    purpose   = "todo"
    address   = "127.0.0.1"
    process   = { user = "$${root}" }
    exposure  = "loopback"
    review_by = "2027-05-21"
  }
}

service "db1-postgresql-17-main" {
  targets = ["host/db1"]
  owner   = "todo"
  purpose = "todo"

  port "5432/tcp" {
    purpose   = "todo"
    process   = { exe = "/usr/lib/postgresql/17/bin/postgres", unit = "postgresql@17-main.service", user = "postgres" }
    exposure  = "partner"
    sources   = ["10.0.2.0/24"]
    review_by = "2027-05-21"
  }
}

service "office-redis" {
  targets = ["scan/office"]
  owner   = "todo"
  purpose = "todo"

  port "6379/tcp" {
    purpose   = "todo"
    address   = "10.0.0.9"
    exposure  = "internal"
    review_by = "2027-05-21"
  }
}
`
	if diff := cmp.Diff(want, out.String()); diff != "" || count != 3 {
		t.Errorf("%d drafted (-want +got)\n%s", count, diff)
	}
	r, diagnostics := Read([]File{{Name: "draft.hcl", Data: out.Bytes()}})
	if len(diagnostics) > 0 || len(r.Ports) != 3 {
		t.Errorf("the draft does not read: %v", diagnostics)
	}
}
