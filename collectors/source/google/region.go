package google

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// Place is a location and a country that data in it rests in. A location of
// several countries has one place for each.
type Place struct{ Region, Country string }

// Places returns the locations, sorted: the regions, the fixed pairs of regions
// of Cloud Storage and of Firestore and Spanner, the multi-region us, and eu, whose
// country is the EU: data centres within member states, Google says, and not
// which. The same rows with source and date stand in
// policies/data/transfer.regions.yaml; a test holds both together. The
// multi-regions asia and europe are left out: the one lies in several countries,
// and of the other not every service says whether it ends where the Union does.
func Places() []Place { return slices.Clone(places) }

var places = []Place{
	{"africa-south1", "ZA"},
	{"asia-east1", "TW"},
	{"asia-east2", "HK"},
	{"asia-northeast1", "JP"},
	{"asia-northeast2", "JP"},
	{"asia-northeast3", "KR"},
	{"asia-south1", "IN"},
	{"asia-south2", "IN"},
	{"asia-southeast1", "SG"},
	{"asia-southeast2", "ID"},
	{"asia-southeast3", "TH"},
	{"asia1", "JP"},
	{"australia-southeast1", "AU"},
	{"australia-southeast2", "AU"},
	{"eu", "EU"},
	{"eur3", "BE"},
	{"eur3", "FI"},
	{"eur3", "NL"},
	{"eur4", "FI"},
	{"eur4", "NL"},
	{"europe-central2", "PL"},
	{"europe-north1", "FI"},
	{"europe-north2", "SE"},
	{"europe-southwest1", "ES"},
	{"europe-west1", "BE"},
	{"europe-west10", "DE"},
	{"europe-west12", "IT"},
	{"europe-west2", "GB"},
	{"europe-west3", "DE"},
	{"europe-west4", "NL"},
	{"europe-west6", "CH"},
	{"europe-west8", "IT"},
	{"europe-west9", "FR"},
	{"me-central1", "QA"},
	{"me-central2", "SA"},
	{"me-west1", "IL"},
	{"nam4", "US"},
	{"nam5", "US"},
	{"northamerica-northeast1", "CA"},
	{"northamerica-northeast2", "CA"},
	{"northamerica-south1", "MX"},
	{"southamerica-east1", "BR"},
	{"southamerica-west1", "CL"},
	{"us", "US"},
	{"us-central1", "US"},
	{"us-east1", "US"},
	{"us-east4", "US"},
	{"us-east5", "US"},
	{"us-south1", "US"},
	{"us-west1", "US"},
	{"us-west2", "US"},
	{"us-west3", "US"},
	{"us-west4", "US"},
}

// spread are the multi-regions whose countries are not told apart.
var spread = []string{"asia", "europe"}

// Location reads where a resource stands: the first of its arguments that is
// written, else the region or zone of its provider configuration. A zone gives
// its region.
func Location(r *terraform.Resource, arguments ...string) aws.Answer[string] {
	for _, name := range arguments {
		if v := r.Body.Get(name); !v.Unset() {
			return aws.Then(aws.Text(r.Body, "", name), region)
		}
	}
	const outside = "the provider's region is set outside the configuration"
	if r.Provider == nil || r.Provider.Body == nil {
		return aws.NotKnown[string](outside, r.Pos)
	}
	for _, name := range []string{"region", "zone"} {
		if v := r.Provider.Body.Get(name); !v.Unset() {
			return aws.Then(aws.Text(r.Provider.Body, "", name), region)
		}
	}
	return aws.NotKnown[string](outside, r.Provider.Pos)
}

// region turns a location as written, in any case, a zone or a self link, into a
// location of the table.
func region(text string) string {
	text = strings.ToLower(BaseName(text))
	if i := strings.LastIndexByte(text, '-'); i > 0 && len(text)-i == 2 && strings.Count(text, "-") == 2 {
		return text[:i] // europe-west3-a
	}
	return text
}

// Countries returns the countries of a location, sorted.
func Countries(location aws.Answer[string]) aws.Answer[[]string] {
	if !location.Known() {
		return aws.NotKnown[[]string](location.Reason, location.Pos)
	}
	if slices.Contains(spread, location.Value) {
		return aws.NotKnown[[]string]("location "+location.Value+" lies in several countries, and in which of them data rests is not published", location.Pos)
	}
	out := []string{}
	for _, p := range places {
		if p.Region == location.Value && !slices.Contains(out, p.Country) {
			out = append(out, p.Country)
		}
	}
	if len(out) == 0 {
		return aws.NotKnown[[]string]("location "+location.Value+" is not in the table of locations", location.Pos)
	}
	return aws.Answer[[]string]{Value: out, Default: location.Default, Pos: location.Pos}
}

// Country returns the country of a location, of several the first.
func Country(location aws.Answer[string]) aws.Answer[string] {
	return aws.Then(Countries(location), func(list []string) string { return list[0] })
}

// Copies returns the other countries of a location of several.
func Copies(location aws.Answer[string]) aws.Answer[[]string] {
	return aws.Then(Countries(location), func(list []string) []string { return list[1:] })
}
