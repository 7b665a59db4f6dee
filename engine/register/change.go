package register

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/writ-policy/writ/engine/fact"
)

// Change is an approved change: of what it names as subject, or of whatever
// carries its ticket in a comment.
type Change struct {
	*Entry
	Name     string
	Targets  []string
	Subject  Subject // the zero Subject if it names none
	What     string  // the attribute "change"
	Ticket   string  // the name of the block unless said
	Approver string
	On       string
}

func (d *decoder) change(h *hcl.Block) *Change {
	b := d.open("A change", h.Body, blockAt(h), nil)
	c := &Change{Entry: b.entry, Name: b.label(h)}
	c.Targets = b.targets("targets")
	c.Subject = b.subject("subject")
	c.What, c.Approver, c.On = b.text("change"), b.text("approved_by"), b.date("approved_on")
	if c.Ticket = b.text("ticket"); !b.has("ticket") {
		c.Ticket = c.Name
	}
	if b.has("subject") != b.has("targets") {
		b.d.problem(c.Pos, "Missing attribute", "subject and targets go together.", "")
		b.entry.invalid["subject"] = "without targets in the register (" + c.Pos.String() + ")"
	}
	b.close()
	return c
}

func (c *Change) document(b *fact.Builder) {
	i := b.Add(c.Name, "declared", c.Pos)
	c.set(i, "targets", fact.Strings(c.Targets))
	c.set(i, "subject", c.Subject.String())
	c.set(i, "change", c.What)
	c.set(i, "ticket", c.Ticket)
	c.set(i, "approved_by", c.Approver)
	c.set(i, "approved_on", c.On)
}
