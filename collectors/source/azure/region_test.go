package azure

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// The table of regions is the one that policies see.
func TestPlacesAreThoseOfThePolicies(t *testing.T) {
	data, err := os.ReadFile("../../../policies/data/transfer.regions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	type row struct{ Region, Country string }
	var table struct {
		Rows []struct{ Provider, Region, Country, Source string }
	}
	if err := yaml.Unmarshal(data, &table); err != nil {
		t.Fatal(err)
	}
	var want, got []row
	for _, r := range table.Rows {
		if r.Provider == "azure" {
			want = append(want, row{r.Region, r.Country})
			if r.Source == "" {
				t.Errorf("%s has no source", r.Region)
			}
		}
	}
	for _, p := range Places() {
		got = append(got, row{p.Region, p.Country})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-table +Go):\n%s", diff)
	}
	if !slices.IsSortedFunc(Places(), func(a, b Place) int { return strings.Compare(a.Region, b.Region) }) {
		t.Error("places are not sorted")
	}
}

// A pair is a region of the table, and no region is its own.
func TestPairsAreRegions(t *testing.T) {
	for _, p := range Places() {
		if _, ok := place(p.Pair); p.Pair != "" && p.Pair != "?" && (!ok || p.Pair == p.Region) {
			t.Errorf("%s is paired with %s", p.Region, p.Pair)
		}
	}
}

func TestCopies(t *testing.T) {
	at := fact.Position{}
	for _, c := range []struct{ region, country, pair string }{
		{"West Europe", "NL", "IE"}, {"germanywestcentral", "DE", "DE"}, {"Brazil South", "BR", "US"},
		{"West US 3", "US", "US"}, {"italynorth", "IT", "?"}, {"moonbase", "?", "?"},
	} {
		region := aws.Declared(Normal(c.region), at)
		country, copies := Country(region), Copies(aws.Declared(true, at), region)
		if text := known(country, country.Value); text != c.country {
			t.Errorf("%s: country %s", c.region, text)
		}
		if text := known(copies, strings.Join(copies.Value, " ")); text != c.pair {
			t.Errorf("%s: copies in %s", c.region, text)
		}
	}
}

func known[T any](a aws.Answer[T], text string) string {
	if !a.Known() {
		return "?"
	}
	return text
}
