package firewall_test

import (
	"flag"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/firewall"
	"github.com/writ-policy/writ/collectors/ports"
	"github.com/writ-policy/writ/collectors/source/aws/awstest"
	"github.com/writ-policy/writ/collectors/source/vpc/vpctest"
	"github.com/writ-policy/writ/engine/fact"
)

// manifests returns what is collected from manifests, then what is derived from it.
func manifests(t testing.TB, files map[string]string, also ...*fact.Document) (collected, derived []*fact.Document) {
	t.Helper()
	collected, status := collectors.Run(t.Context(), []collectors.Collector{firewall.Collector{}, ports.Collector{}}, collectors.Path, awstest.Env(files))
	for _, s := range status {
		if s.Err != nil {
			t.Fatal(s.Err)
		}
	}
	derived, err := firewall.Exposure{}.Derive(t.Context(), append(collected, also...))
	if err != nil {
		t.Fatal(err)
	}
	return collected, derived
}

// TestManifests: the facts of manifests and the exposures that follow. Ports that
// are published are of another collector, so of its facts only the exposures are
// shown.
func TestManifests(t *testing.T) {
	update := flag.Lookup("update").Value.String() == "true"
	vpctest.Run(t, "testdata/kubernetes/*.txtar", update, func(t *testing.T, a *txtar.Archive) []*fact.Document {
		files := map[string]string{}
		var published []*fact.Document
		for _, f := range a.Files {
			switch {
			case strings.HasSuffix(f.Name, ".yaml"):
				files[f.Name] = string(f.Data)
			case f.Name == "published.json":
				published = register(t, f.Data)
			}
		}
		collected, derived := manifests(t, files, published...)
		var docs []*fact.Document
		for _, d := range collected {
			if strings.HasPrefix(d.Kind, "firewall.") {
				docs = append(docs, d)
			}
		}
		return append(docs, derived...)
	})
}
