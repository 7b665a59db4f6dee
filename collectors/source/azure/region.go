package azure

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// Place is a region, the country it stands in (ISO 3166-1 alpha-2), and the
// region that the service copies geo-redundant data to.
type Place struct {
	Region, Country string
	// Pair is "" where the region has none, "?" where it is not in the source.
	Pair string
}

// Places returns the regions, sorted. The same regions and countries with source
// and date stand in policies/data/transfer.regions.yaml; a test holds both
// together. Source: Microsoft, "List of Azure regions" (2025-03-21), with the
// pairs; of the regions of Azure Government and of Azure in China, which stand
// elsewhere, the pairs were not read.
func Places() []Place { return slices.Clone(places) }

var places = []Place{
	{"australiacentral", "AU", "australiacentral2"},
	{"australiacentral2", "AU", "australiacentral"},
	{"australiaeast", "AU", "australiasoutheast"},
	{"australiasoutheast", "AU", "australiaeast"},
	{"austriaeast", "AT", ""},
	{"brazilsouth", "BR", "southcentralus"},
	{"brazilsoutheast", "BR", "brazilsouth"},
	{"canadacentral", "CA", "canadaeast"},
	{"canadaeast", "CA", "canadacentral"},
	{"centralindia", "IN", "southindia"},
	{"centralus", "US", "eastus2"},
	{"chinaeast", "CN", "?"},
	{"chinaeast2", "CN", "?"},
	{"chinaeast3", "CN", "?"},
	{"chinanorth", "CN", "?"},
	{"chinanorth2", "CN", "?"},
	{"chinanorth3", "CN", "?"},
	{"eastasia", "HK", "southeastasia"},
	{"eastus", "US", "westus"},
	{"eastus2", "US", "centralus"},
	{"francecentral", "FR", "francesouth"},
	{"francesouth", "FR", "francecentral"},
	{"germanynorth", "DE", "germanywestcentral"},
	{"germanywestcentral", "DE", "germanynorth"},
	{"indonesiacentral", "ID", ""},
	{"israelcentral", "IL", ""},
	{"italynorth", "IT", ""},
	{"japaneast", "JP", "japanwest"},
	{"japanwest", "JP", "japaneast"},
	{"koreacentral", "KR", "koreasouth"},
	{"koreasouth", "KR", "koreacentral"},
	{"mexicocentral", "MX", ""},
	{"newzealandnorth", "NZ", ""},
	{"northcentralus", "US", "southcentralus"},
	{"northeurope", "IE", "westeurope"},
	{"norwayeast", "NO", "norwaywest"},
	{"norwaywest", "NO", "norwayeast"},
	{"polandcentral", "PL", ""},
	{"qatarcentral", "QA", ""},
	{"southafricanorth", "ZA", "southafricawest"},
	{"southafricawest", "ZA", "southafricanorth"},
	{"southcentralus", "US", "northcentralus"},
	{"southeastasia", "SG", "eastasia"},
	{"southindia", "IN", "centralindia"},
	{"spaincentral", "ES", ""},
	{"swedencentral", "SE", "swedensouth"},
	{"swedensouth", "SE", "?"},
	{"switzerlandnorth", "CH", "switzerlandwest"},
	{"switzerlandwest", "CH", "switzerlandnorth"},
	{"uaecentral", "AE", "uaenorth"},
	{"uaenorth", "AE", "uaecentral"},
	{"uksouth", "GB", "ukwest"},
	{"ukwest", "GB", "uksouth"},
	{"usdodcentral", "US", "?"},
	{"usdodeast", "US", "?"},
	{"usgovarizona", "US", "?"},
	{"usgovtexas", "US", "?"},
	{"usgovvirginia", "US", "?"},
	{"westcentralus", "US", "westus2"},
	{"westeurope", "NL", "northeurope"},
	{"westindia", "IN", "southindia"},
	{"westus", "US", "eastus"},
	{"westus2", "US", "westcentralus"},
	{"westus3", "US", "eastus"},
}

// Normal is a region's name as the provider compares it: "West Europe" is
// westeurope.
func Normal(region string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(region)), " ", "")
}

// Region returns where a resource stands: its location argument.
func Region(r *terraform.Resource) aws.Answer[string] { return RegionAt(r.Body, r, "location") }

// RegionAt reads a region from an argument of a block.
func RegionAt(block *terraform.Value, r *terraform.Resource, argument string) aws.Answer[string] {
	region := aws.Text(block, "", argument)
	if region.Default {
		return aws.NotKnown[string](argument+" is not written", r.Pos)
	}
	return aws.Then(region, Normal)
}

// Country returns the country of a region.
func Country(region aws.Answer[string]) aws.Answer[string] {
	if !region.Known() {
		return region
	}
	p, ok := place(region.Value)
	if !ok {
		return aws.NotKnown[string]("region "+region.Value+" is not in the table of regions", region.Pos)
	}
	return aws.Answer[string]{Value: p.Country, Default: region.Default, Pos: region.Pos}
}

func place(region string) (Place, bool) {
	i, ok := slices.BinarySearchFunc(places, region, func(p Place, name string) int { return strings.Compare(p.Region, name) })
	if !ok {
		return Place{}, false
	}
	return places[i], true
}

// Pair returns the country of the region that geo-redundant copies are kept in.
func Pair(region aws.Answer[string]) aws.Answer[string] {
	if !region.Known() {
		return region
	}
	p, ok := place(region.Value)
	switch {
	case !ok:
		return aws.NotKnown[string]("region "+region.Value+" is not in the table of regions", region.Pos)
	case p.Pair == "" || p.Pair == "?":
		return aws.NotKnown[string]("which region "+region.Value+" is paired with is not in the table of regions", region.Pos)
	}
	return Country(aws.Answer[string]{Value: p.Pair, Default: region.Default, Pos: region.Pos})
}

// Copies gives the countries that copies rest in besides the region itself: that
// of its pair if they are geo-redundant, else none.
func Copies(geo aws.Answer[bool], region aws.Answer[string]) aws.Answer[[]string] {
	switch {
	case !geo.Known():
		return aws.NotKnown[[]string](geo.Reason, geo.Pos)
	case !geo.Value:
		return aws.Answer[[]string]{Value: []string{}, Default: geo.Default, Pos: geo.Pos}
	}
	pair := Pair(region)
	if !pair.Known() {
		return aws.NotKnown[[]string](pair.Reason, geo.Pos)
	}
	return aws.Answer[[]string]{Value: []string{pair.Value}, Default: geo.Default, Pos: geo.Pos}
}
