package register

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/writ-policy/writ/engine/fact"
)

// Processor handles data on the controller's behalf (Art. 4(8), 28).
type Processor struct {
	*Entry
	Name                    string
	Country                 string // ISO 3166-1 alpha-2
	Contract, Purpose       string
	Data                    []string // category keys
	DataSaid                bool
	Hosts                   []string // globs over host names, for flows that lead there
	SubprocessorsReviewedOn string
	Mechanism               string // of the transfer (Art. 45, 46, 49)
	ValidTo, AssessedOn     string
	ReliesOnEncryption      bool
}

func (d *decoder) processor(h *hcl.Block) *Processor {
	b := d.open("A processor", h.Body, blockAt(h), nil)
	p := &Processor{Entry: b.entry, Name: b.label(h)}
	b.require("country")
	p.Country = b.country("country")
	p.Contract, p.Purpose, p.Mechanism = b.text("contract"), b.text("purpose"), b.text("mechanism")
	p.Data, p.DataSaid = b.categories("data")
	p.Hosts = b.items("hosts")
	p.SubprocessorsReviewedOn = b.date("subprocessors_reviewed_on")
	p.ValidTo, p.AssessedOn = b.date("valid_to"), b.date("assessed_on")
	p.ReliesOnEncryption = b.flag("relies_on_encryption", false)
	b.close()
	return p
}

// country reads an ISO 3166-1 alpha-2 code; whether it is assigned is left to the
// table of countries that controls use.
func (b *block) country(name string) string {
	s := b.text(name)
	if b.has(name) && b.entry.invalid[name] == "" && !isCountry(s) {
		b.refuse(name, b.entry.At(name), quote(s)+" is not a country code of two capital letters.", `Write for example "DE".`)
		return ""
	}
	return s
}

func isCountry(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

func (p *Processor) document(b *fact.Builder) {
	i := b.Add(p.Name, "declared", p.Pos)
	i.Set("name", p.Name, p.Pos)
	p.set(i, "country", p.Country)
	p.set(i, "contract", p.Contract)
	p.set(i, "purpose", p.Purpose)
	p.set(i, "data", fact.Strings(p.Data))
	p.set(i, "hosts", fact.Strings(p.Hosts))
	p.set(i, "subprocessors_reviewed_on", p.SubprocessorsReviewedOn)
	p.set(i, "mechanism", p.Mechanism)
	p.set(i, "valid_to", p.ValidTo)
	p.set(i, "assessed_on", p.AssessedOn)
	p.set(i, "relies_on_encryption", p.ReliesOnEncryption)
}
