package firewall_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/firewall"
	"github.com/writ-policy/writ/collectors/ports"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

// manifests returns what is collected from manifests, then what is derived from it.
func manifests(t testing.TB, files map[string]string) (collected, derived []*fact.Document) {
	t.Helper()
	collected, status := collectors.Run(t.Context(), []collectors.Collector{firewall.Collector{}, ports.Collector{}}, collectors.Path, sourcetest.Env(files))
	for _, s := range status {
		if s.Err != nil {
			t.Fatal(s.Err)
		}
	}
	derived, err := firewall.Exposure{}.Derive(t.Context(), collected)
	if err != nil {
		t.Fatal(err)
	}
	return collected, derived
}

// TestManifests: the facts of manifests and the exposures that follow. What publishes
// a port is of another collector, so its facts are not shown.
func TestManifests(t *testing.T) {
	update := flag.Lookup("update").Value.String() == "true"
	sourcetest.Run(t, "testdata/kubernetes/*.txtar", update, func(t *testing.T, a *txtar.Archive) []*fact.Document {
		files := map[string]string{}
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".yaml") {
				files[f.Name] = string(f.Data)
			}
		}
		collected, derived := manifests(t, files)
		var docs []*fact.Document
		for _, d := range collected {
			if strings.HasPrefix(d.Kind, "firewall.") {
				docs = append(docs, d)
			}
		}
		return append(docs, derived...)
	})
}

// Saved facts yield the same exposures as those just collected.
func TestSavedFactsOfPods(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for range 50 {
		collected, want := manifests(t, map[string]string{"cluster.yaml": randomCluster(r).manifest()})
		var saved bytes.Buffer
		for _, d := range collected {
			if err := json.NewEncoder(&saved).Encode(d); err != nil {
				t.Fatal(err)
			}
		}
		read, err := fact.Read(&saved)
		if err != nil {
			t.Fatal(err)
		}
		got, err := firewall.Exposure{}.Derive(t.Context(), read)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rendered(want), rendered(got)); diff != "" {
			t.Fatalf("collected (-) and saved (+):\n%s", diff)
		}
	}
}
