package register

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/writ-policy/writ/engine/fact"
)

func TestQuick(t *testing.T) {
	r, diags := Read([]File{{Name: "a.hcl", Data: []byte(`
controller "Example GmbH" { contact = "dpo@example.org" }
network "app-tier" { cidrs = ["10.0.2.0/24", "fd00:2::/64"] }
service "orders-db" {
  targets = ["host/db*", "config/infra"]
  owner   = "team-orders"
  purpose = "order storage"
  data    = ["user.contact", "user.payment"]
  port "5432/tcp" {
    purpose   = "SQL from the app tier"
    process   = { exe = "/usr/lib/postgresql/*/bin/postgres", unit = "postgresql@*.service" }
    sources   = ["app-tier"]
    exposure  = "internal"
    tls       = "required"
    logging   = "required"
    review_by = "2027-04-01"
  }
}
dataset "orders" {
  store       = "orders-db"
  retention   = "P10Y"
  legal_basis = "contract"
}
processor "mailer" {
  country  = "DE"
  contract = "DPA-2026-07"
}
`)}})
	for _, d := range diags {
		t.Error(d, d.Hint)
	}
	for _, d := range r.Documents(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)) {
		for _, p := range fact.Validate(d) {
			t.Error(d.Kind, p)
		}
		x, _ := json.MarshalIndent(d, "", " ")
		_ = x
		t.Log(string(x))
	}
}
