package register

import (
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/writ-policy/writ/engine/fact"
)

// Waiver accepts a failure of one control on some subjects for some time.
type Waiver struct {
	*Entry
	// ID is "control kind/id @targets": unique, and stable across edits of
	// everything else.
	ID                   string
	Control              string
	Targets              []string // globs
	Subject              Subject
	Reason, Compensation string
	Owner, Approver      string
	ApprovedOn           string
	ExpiresOn            string
}

var controlID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)+$`) })

func (d *decoder) waiver(h *hcl.Block) *Waiver {
	b := d.open("A waiver", h.Body, blockAt(h), nil)
	w := &Waiver{Entry: b.entry, Control: h.Labels[0]}
	if !controlID().MatchString(w.Control) {
		d.problem(position(h.LabelRanges[0]), "Invalid control", quote(w.Control)+" is not the id of a control.", `Write one control, for example "gdpr.firewall.known_sources".`)
		w.invalid["control"] = "not valid in the register (" + w.Pos.String() + ")"
	}
	b.require("targets", "subject")
	w.Targets, w.Subject = b.targets("targets"), b.subject("subject")
	if b.has("targets") && len(w.Targets) == 0 && w.invalid["targets"] == "" {
		b.refuse("targets", w.At("targets"), "A waiver without targets covers nothing.", "")
	}
	w.Reason, w.Compensation = b.text("reason"), b.text("compensation")
	w.Owner, w.Approver = b.text("owner"), b.text("approver")
	w.ApprovedOn, w.ExpiresOn = b.date("approved_on"), b.date("expires_on")
	if w.ApprovedOn != "" && w.ExpiresOn != "" && w.ExpiresOn < w.ApprovedOn {
		b.refuse("expires_on", w.At("expires_on"), "The waiver ends before it was approved.", "")
	}
	b.close()
	w.ID = w.Control + " " + w.Subject.String() + " @" + strings.Join(w.Targets, ",")
	return w
}

// Broad reports whether the waiver names a whole kind or every target.
func (w *Waiver) Broad() bool {
	if anything(w.Subject.ID) {
		return true
	}
	for _, t := range w.Targets {
		if anything(t) {
			return true
		}
	}
	return false
}

// TermDays counts from approval to expiry, fact.Unbounded if one has no date.
func (w *Waiver) TermDays() int {
	from, err := time.Parse(time.DateOnly, w.ApprovedOn)
	to, err2 := time.Parse(time.DateOnly, w.ExpiresOn)
	if err != nil || err2 != nil {
		return fact.Unbounded
	}
	return int(to.Sub(from).Hours() / 24)
}

func (w *Waiver) document(b *fact.Builder) {
	i := b.Add(w.ID, "declared", w.Pos)
	w.setAs(i, "control", "control", w.Control)
	w.set(i, "targets", fact.Strings(w.Targets))
	w.set(i, "subject", w.Subject.String())
	w.set(i, "reason", w.Reason)
	w.set(i, "compensation", w.Compensation)
	w.set(i, "owner", w.Owner)
	w.set(i, "approver", w.Approver)
	w.set(i, "approved_on", w.ApprovedOn)
	w.set(i, "expires_on", w.ExpiresOn)
	w.derive(i, "term_days", w.TermDays(), "approved_on", "expires_on")
	w.derive(i, "broad", w.Broad(), "targets", "subject")
}
