package register

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/writ-policy/writ/engine/fact"
)

// Controller is the organisation that answers for the processing (Art. 4(7)).
type Controller struct {
	*Entry
	Name, Contact, Representative, Officer string
	AlertRoute                             string // where alerts go
	BreachDrilledOn                        string // last exercise of a notification (Art. 33)
}

func (d *decoder) controller(h *hcl.Block) *Controller {
	b := d.open("A controller", h.Body, blockAt(h), nil)
	c := &Controller{Entry: b.entry, Name: h.Labels[0]}
	c.Contact, c.Representative, c.Officer = b.text("contact"), b.text("representative"), b.text("data_protection_officer")
	c.AlertRoute, c.BreachDrilledOn = b.text("alert_route"), b.date("breach_drilled_on")
	b.close()
	return c
}

// Notifications adds to the fact about a run how controllers learn of a breach: one
// entry for each that says anything of it.
func (r *Register) Notifications(run *fact.ItemBuilder) {
	run.Set("notification", []any{}, fact.Position{})
	for _, c := range r.Controllers {
		if !c.given("alert_route") && !c.given("breach_drilled_on") {
			continue
		}
		i := run.Append("notification", c.Pos)
		i.Set("controller", c.Name, c.Pos)
		c.setAs(i, "route", "alert_route", c.AlertRoute)
		c.setAs(i, "drilled_on", "breach_drilled_on", c.BreachDrilledOn)
	}
}
