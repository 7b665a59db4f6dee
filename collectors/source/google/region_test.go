package google

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// The table of locations is the one that policies see.
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
		if r.Provider == "gcp" {
			want = append(want, Place{r.Region, r.Country})
			if r.Source == "" {
				t.Errorf("%s has no source", r.Region)
			}
		}
	}
	if diff := cmp.Diff(want, Places()); diff != "" {
		t.Errorf("places (-table +Go):\n%s", diff)
	}
	if !slices.IsSortedFunc(Places(), func(a, b Place) int {
		return strings.Compare(a.Region+" "+a.Country, b.Region+" "+b.Country)
	}) {
		t.Error("places are not sorted")
	}
}

func TestCountries(t *testing.T) {
	for text, want := range map[string]string{
		"europe-west3": "DE", "EUROPE-WEST3": "DE", "europe-west3-a": "DE", "europe-west10-b": "DE", "us": "US", "EUR4": "FI NL", "nam4": "US",
		"https://www.googleapis.com/compute/v1/projects/p/zones/europe-west6-c": "CH", "me-central1": "QA",
		"EU": "EU", "europe": "? location europe lies in several countries, and in which of them data rests is not published",
		"europe-moon1": "? location europe-moon1 is not in the table of locations", "global": "? location global is not in the table of locations",
	} {
		got := Countries(aws.Declared(region(text), fact.Position{}))
		shown := strings.Join(got.Value, " ")
		if !got.Known() {
			shown = "? " + got.Reason
		}
		if shown != want {
			t.Errorf("%s: %s, want %s", text, shown, want)
		}
	}
}

func TestDays(t *testing.T) {
	for text, want := range map[string]int{"7776000s": 90, "86400s": 1, "86401s": 2, "0s": 0, "3.5s": 1, "72h0m0s": 3, "": -1, "90d": -1, "-5s": -1, "1e30s": -1, "xs": -1, "NaNs": -1} {
		got := Days(aws.Declared(text, fact.Position{}))
		if !got.Known() {
			got.Value = -1
		}
		if got.Value != want {
			t.Errorf("%q: %d days, want %d", text, got.Value, want)
		}
	}
}

// names with paths, of one's own project and of others.
func TestNames(t *testing.T) {
	text := func(s string) *terraform.Value { return &terraform.Value{Kind: terraform.String, Text: s} }
	network := func(name, project string) *terraform.Resource {
		fields := []terraform.Field{{Name: "name", Value: text(name)}}
		if project != "" {
			fields = append(fields, terraform.Field{Name: "project", Value: text(project)})
		}
		return &terraform.Resource{
			Address: "google_compute_network." + name, Mode: "managed", Type: "google_compute_network", Name: name, KnownCount: true,
			Body: &terraform.Value{Kind: terraform.Object, Fields: fields},
		}
	}
	main, shared := network("main", ""), network("shared", "host")
	x := Index{aws.NewIndex(&terraform.Root{Dir: ".", Resources: []*terraform.Resource{main, shared}})}
	for _, c := range []struct {
		value string
		of    *terraform.Resource
		want  aws.Certainty
	}{
		{"main", main, aws.Yes}, {"global/networks/main", main, aws.Yes}, {"main2", main, aws.No}, {"", main, aws.No},
		{"projects/p/global/networks/main", main, aws.Maybe}, {"projects/host/global/networks/shared", shared, aws.Yes},
		{"https://www.googleapis.com/compute/v1/projects/other/global/networks/shared", shared, aws.No},
	} {
		if got, _ := x.Names(text(c.value), c.of); got != c.want {
			t.Errorf("%q names %s: %v, want %v", c.value, c.of.Address, got, c.want)
		}
	}
}
