package register

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/writ-policy/writ/engine/fact"
)

// Dataset is a set of personal data with one purpose, one legal basis and one
// period, wherever it is stored.
type Dataset struct {
	*Entry
	Name             string
	Stores           []string // services by name, or places: "target#id"
	Purpose, Owner   string
	LegalBasis       string
	Subjects         []string // whom the data are about
	Recipients       []string
	Data             []string // category keys; of its services unless said
	DataSaid         bool
	services         []*Service // whose data it has, if it does not say its own
	PeriodDays       float64    // fact.Unbounded if there is none
	Anchor           string     // the column that a period starts from
	LegalHold        bool
	Art9Condition    string
	ImpactAssessment string // Art. 35
	PurgeJob         string
	BackupDays       float64 // fact.Unbounded if not said
	ErasureLog       string
	Erasers          []Eraser
	Exports          []Export
	Transfers        []Transfer
	QuasiIdentifiers []string
	Handling         string
}

// Eraser is a job that erases one person's data.
type Eraser struct {
	*Entry
	Name               string
	Tables, Recipients []string
}

// Export gives a person their data (Art. 15, 20).
type Export struct {
	*Entry
	Name   string
	Tables []string
	Format string
}

// Transfer leads to a third country (Art. 44 to 49).
type Transfer struct {
	*Entry
	Country, Mechanism string
	Processors         []string
}

func (d *decoder) dataset(h *hcl.Block) *Dataset {
	b := d.open("A dataset", h.Body, blockAt(h), map[string]int{"eraser": 1, "export": 1, "transfer": 1})
	s := &Dataset{Entry: b.entry, Name: b.label(h)}
	s.Stores = b.stores("store")
	s.Purpose, s.Owner, s.LegalBasis = b.text("purpose"), b.text("owner"), b.text("legal_basis")
	s.Subjects, s.Recipients = b.texts("subjects"), b.texts("recipients")
	s.Data, s.DataSaid = b.categories("data")
	s.PeriodDays, s.BackupDays = b.days("retention", fact.Unbounded), b.days("backup", fact.Unbounded)
	s.Anchor, s.LegalHold = b.text("anchor"), b.flag("legal_hold", false)
	s.Art9Condition, s.ImpactAssessment = b.text("art9_condition"), b.text("dpia")
	s.PurgeJob, s.ErasureLog, s.Handling = b.text("purge_job"), b.text("erasure_log"), b.text("handling")
	s.QuasiIdentifiers = b.texts("quasi_identifiers")
	b.close()
	for _, each := range b.nested["eraser"] {
		in := d.open("An eraser", each.Body, blockAt(each), nil)
		s.Erasers = append(s.Erasers, Eraser{in.entry, each.Labels[0], in.texts("tables"), in.texts("recipients")})
		in.close()
	}
	for _, each := range b.nested["export"] {
		in := d.open("An export", each.Body, blockAt(each), nil)
		s.Exports = append(s.Exports, Export{in.entry, each.Labels[0], in.texts("tables"), in.text("format")})
		in.close()
	}
	for _, each := range b.nested["transfer"] {
		in := d.open("A transfer", each.Body, blockAt(each), nil)
		t := Transfer{in.entry, each.Labels[0], in.text("mechanism"), in.texts("processors")}
		if !isCountry(t.Country) {
			d.problem(position(each.LabelRanges[0]), "Invalid country", quote(t.Country)+" is not a country code of two capital letters.", `Write for example transfer "US".`)
		}
		in.close()
		s.Transfers = append(s.Transfers, t)
	}
	return s
}

// stores reads one name or a list of them; what holds a "#" is a place.
func (b *block) stores(name string) []string {
	if a := b.attrs[name]; a != nil {
		if l, ok := b.literal(name); ok {
			if s, isText := l.value.(string); isText {
				if s == "" {
					b.refuse(name, l.at, "An empty string names no store.", "")
					return []string{}
				}
				return []string{s}
			}
		} else {
			return []string{}
		}
	}
	return b.texts(name)
}

func (s *Dataset) document(b *fact.Builder) {
	i := b.Add(s.Name, "declared", s.Pos)
	i.Set("name", s.Name, s.Pos)
	s.setAs(i, "stores", "store", fact.Strings(s.Stores))
	s.setTexts(i, map[string]string{
		"purpose": s.Purpose, "owner": s.Owner, "legal_basis": s.LegalBasis, "anchor": s.Anchor, "art9_condition": s.Art9Condition,
		"dpia": s.ImpactAssessment, "purge_job": s.PurgeJob, "erasure_log": s.ErasureLog, "handling": s.Handling,
	})
	s.set(i, "subjects", fact.Strings(s.Subjects))
	s.set(i, "recipients", fact.Strings(s.Recipients))
	s.set(i, "quasi_identifiers", fact.Strings(s.QuasiIdentifiers))
	s.set(i, "legal_hold", s.LegalHold)
	s.setAs(i, "period_days", "retention", s.PeriodDays)
	s.setAs(i, "backup_days", "backup", s.BackupDays)
	s.set(i, "data", fact.Strings(s.Data))
	s.setAs(i, "classes", "data", classesOf(s.Data))
	i.Set("erasers", []any{}, s.Pos).Set("export", []any{}, s.Pos).Set("transfers", []any{}, s.Pos)
	for _, e := range s.Erasers {
		in := i.Append("erasers", e.Pos).Set("name", e.Name, e.Pos)
		e.set(in, "tables", fact.Strings(e.Tables))
		e.set(in, "recipients", fact.Strings(e.Recipients))
	}
	for _, e := range s.Exports {
		in := i.Append("export", e.Pos).Set("name", e.Name, e.Pos)
		e.set(in, "tables", fact.Strings(e.Tables))
		e.set(in, "format", e.Format)
	}
	for _, t := range s.Transfers {
		in := i.Append("transfers", t.Pos).Set("country", t.Country, t.Pos)
		t.set(in, "mechanism", t.Mechanism)
		t.setAs(in, "processor", "processors", references(t.Processors))
	}
}

// references to items of the register.
func references(names []string) []any {
	refs := make([]string, len(names))
	for i, n := range names {
		refs[i] = Target + "#" + n
	}
	return fact.Strings(refs)
}

func classesOf(keys []string) []any {
	out := []any{}
	for _, class := range classes {
		if slices.ContainsFunc(keys, func(k string) bool { c, _ := LookupCategory(k); return c.Class == class }) {
			out = append(out, class)
		}
	}
	return out
}
