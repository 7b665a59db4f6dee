package register

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/writ-policy/writ/engine/fact"
)

// Allowance lets what a rule of the secret scanner finds stand in some files for
// some time: the key of a test, an example.
type Allowance struct {
	*Entry
	Rule                     string   // glob over rules of secret.match
	Files                    []string // globs over files
	Reason, Owner, ExpiresOn string
}

func (d *decoder) allowance(h *hcl.Block) *Allowance {
	b := d.open("An allowance", h.Body, blockAt(h), nil)
	a := &Allowance{Entry: b.entry, Rule: h.Labels[0]}
	if a.Rule == "" || anything(a.Rule) || strings.Contains(a.Rule, "***") {
		d.problem(position(h.LabelRanges[0]), "Invalid rule", quote(a.Rule)+" names no rule.", `Write one rule of secret.match, for example "private_key".`)
		a.invalid["rule"] = "not valid in the register (" + a.Pos.String() + ")"
	}
	b.require("files", "reason", "owner", "expires_on")
	a.Files = b.filter("files", func(l literal) bool {
		if anything(l.value.(string)) {
			b.refuse("files", l.at, shown(l)+" is every file.", `Name files or a folder, for example "testdata/**".`)
			return false
		}
		return b.glob("files", l)
	})
	if b.has("files") && len(a.Files) == 0 && a.invalid["files"] == "" {
		b.refuse("files", a.At("files"), "An allowance without files covers nothing.", "")
	}
	a.Reason, a.Owner, a.ExpiresOn = b.text("reason"), b.text("owner"), b.date("expires_on")
	for _, name := range []string{"reason", "owner"} {
		if b.has(name) && a.invalid[name] == "" && (name == "reason" && a.Reason == "" || name == "owner" && a.Owner == "") {
			b.refuse(name, a.At(name), "An empty string says nothing.", "")
		}
	}
	b.close()
	return a
}

// Name is the rule and the files, for reports.
func (a *Allowance) Name() string { return a.Rule + " in " + strings.Join(a.Files, ", ") }

// covers reports whether the allowance speaks of a rule's match in a file. One that
// cannot be used covers nothing.
func (a *Allowance) covers(rule, file string) bool {
	return len(a.invalid) == 0 && file != "" && Match(a.Rule, rule) && matchAny(a.Files, file)
}

// allowances writes those of a match, in the order of the register.
func (a *annotator) allowances(s *sheet, i int) {
	rule, _ := s.text(i, "rule")
	file := s.file(i)
	list, at := []any{}, fact.Position{}
	for _, each := range a.r.Allowances {
		if each.covers(rule, file) {
			if len(list) == 0 {
				at = each.Pos
			}
			list = append(list, map[string]any{"reason": each.Reason, "expires_on": each.ExpiresOn})
		}
	}
	s.set(i, "allow", list, at)
}

// file is the file that an item stands in, "" if it has no place.
func (s *sheet) file(i int) string {
	at := s.doc.Positions["/items/"+strconv.Itoa(i)]
	for _, x := range s.doc.Sources {
		if x.ID == at.Source {
			return x.URI
		}
	}
	return ""
}
