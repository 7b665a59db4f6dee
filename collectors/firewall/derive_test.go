package firewall_test

import (
	"encoding/json"
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/firewall"
	"github.com/writ-policy/writ/collectors/ports"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// collect returns what both collectors say about a case's module, and the
// register of the case, as the deriver would be given them.
func collect(t testing.TB, a *txtar.Archive) []*fact.Document {
	t.Helper()
	env := sourcetest.Env(nil)
	root := sourcetest.Load(a)
	env.Once("terraform", func() any { return []*terraform.Root{root} })
	env.Tree = &collectors.Tree{}
	var docs []*fact.Document
	for _, c := range []collectors.Collector{firewall.Collector{}, ports.Collector{}} {
		found, err := c.Collect(t.Context(), env)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, found...)
	}
	for _, d := range docs {
		for _, p := range fact.Validate(d) {
			t.Errorf("%s: %v", d.Kind, p)
		}
	}
	for _, f := range a.Files {
		if f.Name == "register.json" {
			docs = append(docs, register(t, f.Data)...)
		}
		if f.Name == "stores.json" {
			docs = append(docs, register(t, f.Data)...)
		}
	}
	return docs
}

// register reads {"kind": [item, …]} as documents.
func register(t testing.TB, data []byte) []*fact.Document {
	t.Helper()
	var kinds map[string][]fact.Item
	if err := json.Unmarshal(data, &kinds); err != nil {
		t.Fatal(err)
	}
	var docs []*fact.Document
	for _, kind := range fact.SortedKeys(kinds) {
		target := fact.Target{ID: "register"}
		if kind == "data.store" {
			target = fact.Target{ID: "config/."}
		}
		d := fact.NewBuilder(kind, target, fact.Collector{Name: "register"}, sourcetest.Env(nil).Now).Document()
		d.Items = kinds[kind]
		docs = append(docs, d)
	}
	return docs
}

func TestDeriveExposure(t *testing.T) {
	update := flag.Lookup("update").Value.String() == "true"
	sourcetest.Run(t, "testdata/exposure/*.txtar", update, func(t *testing.T, a *txtar.Archive) []*fact.Document {
		docs, err := firewall.Exposure{}.Derive(t.Context(), collect(t, a))
		if err != nil {
			t.Fatal(err)
		}
		return docs
	})
}
