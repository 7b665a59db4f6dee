package aws

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// The table of regions is the one that policies see.
func TestPlacesAreThoseOfThePolicies(t *testing.T) {
	data, err := os.ReadFile("../../../policies/data/transfer.regions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Rows []struct{ Provider, Region, Country, Source string }
	}
	if err := yaml.Unmarshal(data, &table); err != nil {
		t.Fatal(err)
	}
	var want []Place
	for _, r := range table.Rows {
		if r.Provider == "aws" {
			want = append(want, Place{r.Region, r.Country})
		}
		if r.Source == "" {
			t.Errorf("%s has no source", r.Region)
		}
	}
	if diff := cmp.Diff(want, Places()); diff != "" {
		t.Errorf("places (-table +Go):\n%s", diff)
	}
	if !slices.IsSortedFunc(Places(), func(a, b Place) int { return strings.Compare(a.Region, b.Region) }) {
		t.Error("places are not sorted")
	}
}

func TestRegion(t *testing.T) {
	at := fact.Position{Source: "main.tf", Line: 1}
	text := func(s string) *terraform.Value { return &terraform.Value{Kind: terraform.String, Text: s, Pos: at} }
	object := func(name string, v *terraform.Value) *terraform.Value {
		return &terraform.Value{Kind: terraform.Object, Fields: []terraform.Field{{Name: name, Value: v}}}
	}
	unknown := &terraform.Value{Kind: terraform.Unknown, Reason: "variable region has no value"}
	for _, c := range []struct {
		name                    string
		r                       *terraform.Resource
		region, country, reason string
	}{
		{"provider", &terraform.Resource{Body: object("x", text("")), Provider: &terraform.Provider{Body: object("region", text("eu-central-1"))}}, "eu-central-1", "DE", ""},
		{"own", &terraform.Resource{Body: object("region", text("us-east-1")), Provider: &terraform.Provider{Body: object("region", text("eu-central-1"))}}, "us-east-1", "US", ""},
		{"unknown", &terraform.Resource{Body: object("x", text("")), Provider: &terraform.Provider{Body: object("region", unknown)}}, "", "", "variable region has no value"},
		{"own unknown", &terraform.Resource{Body: object("region", unknown), Provider: &terraform.Provider{Body: object("region", text("eu-central-1"))}}, "", "", "variable region has no value"},
		{"implied", &terraform.Resource{Body: object("x", text("")), Provider: &terraform.Provider{}}, "", "", "the provider's region is set outside the configuration"},
		{"none", &terraform.Resource{Body: object("x", text(""))}, "", "", "the provider's region is set outside the configuration"},
		{"new", &terraform.Resource{Body: object("x", text("")), Provider: &terraform.Provider{Body: object("region", text("eu-moon-1"))}}, "eu-moon-1", "", "region eu-moon-1 is not in the table of regions"},
	} {
		region := Region(c.r)
		country := Country(region)
		if region.Value != c.region || country.Value != c.country || country.Reason != c.reason {
			t.Errorf("%s: region %q, country %q, reason %q", c.name, region.Value, country.Value, country.Reason)
		}
	}
}
