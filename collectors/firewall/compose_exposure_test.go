package firewall_test

import (
	"flag"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors/firewall"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

// TestComposeExposure: who reaches what Compose projects publish.
func TestComposeExposure(t *testing.T) {
	update := flag.Lookup("update").Value.String() == "true"
	sourcetest.Run(t, "testdata/compose/*.txtar", update, func(t *testing.T, a *txtar.Archive) []*fact.Document {
		files := map[string]string{}
		var known []*fact.Document
		for _, f := range a.Files {
			switch {
			case strings.HasSuffix(f.Name, ".yaml"):
				files[f.Name] = string(f.Data)
			case f.Name == "register.json":
				known = register(t, f.Data)
			}
		}
		collected, _ := manifests(t, files)
		derived, err := firewall.Exposure{}.Derive(t.Context(), append(collected, known...))
		if err != nil {
			t.Fatal(err)
		}
		return derived
	})
}
