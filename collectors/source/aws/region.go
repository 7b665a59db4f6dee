package aws

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
)

// Place is a region of the provider and the country it stands in, ISO 3166-1
// alpha-2.
type Place struct{ Region, Country string }

// Places returns the regions, sorted. The same rows with source and date stand
// in policies/data/transfer.regions.yaml; a test holds both together. Regions of
// the isolated partitions are left out: where they stand is not published.
func Places() []Place { return slices.Clone(places) }

var places = []Place{
	{"af-south-1", "ZA"},
	{"ap-east-1", "HK"},
	{"ap-east-2", "TW"},
	{"ap-northeast-1", "JP"},
	{"ap-northeast-2", "KR"},
	{"ap-northeast-3", "JP"},
	{"ap-south-1", "IN"},
	{"ap-south-2", "IN"},
	{"ap-southeast-1", "SG"},
	{"ap-southeast-2", "AU"},
	{"ap-southeast-3", "ID"},
	{"ap-southeast-4", "AU"},
	{"ap-southeast-5", "MY"},
	{"ap-southeast-6", "NZ"},
	{"ap-southeast-7", "TH"},
	{"ca-central-1", "CA"},
	{"ca-west-1", "CA"},
	{"cn-north-1", "CN"},
	{"cn-northwest-1", "CN"},
	{"eu-central-1", "DE"},
	{"eu-central-2", "CH"},
	{"eu-north-1", "SE"},
	{"eu-south-1", "IT"},
	{"eu-south-2", "ES"},
	{"eu-west-1", "IE"},
	{"eu-west-2", "GB"},
	{"eu-west-3", "FR"},
	{"eusc-de-east-1", "DE"},
	{"il-central-1", "IL"},
	{"me-central-1", "AE"},
	{"me-south-1", "BH"},
	{"mx-central-1", "MX"},
	{"sa-east-1", "BR"},
	{"us-east-1", "US"},
	{"us-east-2", "US"},
	{"us-gov-east-1", "US"},
	{"us-gov-west-1", "US"},
	{"us-west-1", "US"},
	{"us-west-2", "US"},
}

// Region returns where a resource stands: its own region argument (provider 6),
// else that of its provider configuration.
func Region(r *terraform.Resource) Answer[string] {
	if own := r.Body.Get("region"); own.Kind == terraform.String {
		return Declared(own.Text, own.Pos)
	} else if own.Kind == terraform.Unknown && r.Body.Kind != terraform.Unknown {
		return Unknown[string](own)
	}
	const outside = "the provider's region is set outside the configuration"
	if r.Provider == nil || r.Provider.Body == nil {
		return NotKnown[string](outside, r.Pos)
	}
	v := r.Provider.Body.Get("region")
	switch {
	case v.Unset():
		return NotKnown[string](outside, r.Provider.Pos)
	case v.Kind == terraform.Unknown:
		return Unknown[string](v)
	case v.Kind == terraform.String:
		return Declared(v.Text, v.Pos)
	}
	return NotKnown[string]("the provider's region is not a string", v.Pos)
}

// Country returns the country of a region.
func Country(region Answer[string]) Answer[string] {
	if !region.Known() {
		return region
	}
	i, ok := slices.BinarySearchFunc(places, region.Value, func(p Place, name string) int {
		return strings.Compare(p.Region, name)
	})
	if !ok {
		return NotKnown[string]("region "+region.Value+" is not in the table of regions", region.Pos)
	}
	return Answer[string]{Value: places[i].Country, Default: region.Default, Pos: region.Pos}
}

// Countries returns the countries of regions.
func Countries(regions Answer[[]string]) Answer[[]string] {
	if !regions.Known() {
		return regions
	}
	out := []string{}
	for _, region := range regions.Value {
		c := Country(Declared(region, regions.Pos))
		if !c.Known() {
			return NotKnown[[]string](c.Reason, regions.Pos)
		}
		out = append(out, c.Value)
	}
	return Answer[[]string]{Value: out, Default: regions.Default, Pos: regions.Pos}
}

// ARNRegion returns the region an ARN names, "" if it names none.
func ARNRegion(arn string) string { return arnPart(arn, 3) }

// SameProvider reports whether two resources are certain to be made by one
// provider configuration, hence in one account.
func SameProvider(a, b *terraform.Resource) bool {
	if a.Provider == nil || b.Provider == nil {
		return false
	}
	return a.Provider == b.Provider || a.Provider.Pos == b.Provider.Pos && !a.Provider.Pos.IsZero()
}
