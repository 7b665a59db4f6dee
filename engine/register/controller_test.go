package register

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/fact"
)

// TestNotifications holds that each controller that says how it learns of a breach
// has an entry, and that what cannot be used is a gap of it.
func TestNotifications(t *testing.T) {
	r, _ := Read([]File{{Name: "register.hcl", Data: []byte(`controller "Silent BV" {
  contact = "dpo@example.org"
}
controller "Example GmbH" {
  alert_route       = "on-call rota privacy"
  breach_drilled_on = "2026-09-01"
}
controller "Half AB" {
  breach_drilled_on = "in autumn"
}
`)}})
	b := fact.NewBuilder("run", fact.Target{ID: "run"}, fact.Collector{Name: "run", Method: "run"}, time.Time{})
	r.Notifications(b.Add("run", "observed", fact.Position{}))
	doc := b.Document()
	want := []any{
		map[string]any{"controller": "Example GmbH", "route": "on-call rota privacy", "drilled_on": "2026-09-01"},
		map[string]any{"controller": "Half AB", "route": "", "drilled_on": nil},
	}
	if diff := cmp.Diff(want, doc.Items[0]["notification"]); diff != "" {
		t.Errorf("notification (-want +got):\n%s", diff)
	}
	gaps := []fact.Gap{{Pointer: "/items/0/notification/1/drilled_on", Reason: "not valid in the register (register.hcl:9:3)"}}
	if diff := cmp.Diff(gaps, doc.Unobserved); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	if at := doc.Positions["/items/0/notification/0/route"]; at.Line != 5 {
		t.Errorf("the route stands in line %d, want 5", at.Line)
	}
}
