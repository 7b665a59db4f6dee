package firewall_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/firewall"
	"github.com/writ-policy/writ/collectors/ports"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

const corpus = "../../testdata/corpus/terraform/"

func exposuresOf(t *testing.T, root *terraform.Root) []*fact.Document {
	t.Helper()
	env := sourcetest.Env(nil)
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
	derived, err := firewall.Exposure{}.Derive(t.Context(), docs)
	if err != nil {
		t.Fatal(err)
	}
	docs = append(docs, derived...)
	for _, d := range docs {
		for _, p := range fact.Validate(d) {
			t.Errorf("%s: %v", d.Kind, p)
		}
	}
	return docs
}

// A plan with its configuration beside it says what the configuration says: the
// same chains, rules, ports and exposures, gap by gap. What Terraform itself
// fills in makes no difference to whom a group lets in.
func TestPlanSaysWhatItsConfigurationSays(t *testing.T) {
	for _, module := range []string{"attributes-as-blocks", "web"} {
		t.Run(module, func(t *testing.T) {
			configuration, plan := both(t, module)
			if diff := cmp.Diff(rendered(exposuresOf(t, configuration)), rendered(exposuresOf(t, plan))); diff != "" {
				t.Errorf("configuration (-) and plan (+):\n%s", diff)
			}
		})
	}
}

// Where one of the two knows less, neither passes what the other fails.
func TestPlanAndConfigurationDoNotDisagree(t *testing.T) {
	modules, err := os.ReadDir(corpus)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, m := range modules {
		if _, err := os.Stat(filepath.Join(corpus, m.Name(), "plan.json")); err != nil {
			continue
		}
		configuration, plan := both(t, m.Name())
		planned := map[string]fact.Item{}
		for _, d := range exposuresOf(t, plan) {
			for _, item := range d.Items {
				planned[d.Kind+" "+item.ID()] = item
			}
		}
		for _, d := range exposuresOf(t, configuration) {
			for _, a := range d.Items {
				b := planned[d.Kind+" "+a.ID()]
				if d.Kind != "firewall.exposure" || b == nil {
					continue
				}
				now := outcomes(b)
				for control, outcome := range outcomes(a) {
					compared++
					if outcome != now[control] && outcome != "unknown" && now[control] != "unknown" {
						t.Errorf("%s: %s of %s: configuration says %s, plan %s", m.Name(), control, a.ID(), outcome, now[control])
					}
				}
			}
		}
	}
	if compared < 50 {
		t.Errorf("only %d outcomes were compared", compared)
	}
}

func both(t *testing.T, module string) (configuration, plan *terraform.Root) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(corpus, module, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	plan = terraform.ReadPlan(data, module+"/plan.json")
	plan.AttachHCL(terraform.Load(os.DirFS(corpus), module, terraform.Options{}))
	return terraform.Load(os.DirFS(corpus), module, terraform.Options{}), plan
}

// rendered is the text of documents, without the plan's name in the target.
func rendered(docs []*fact.Document) string {
	var w bytes.Buffer
	for _, d := range docs {
		sourcetest.Brief(&w, d)
	}
	return strings.ReplaceAll(w.String(), "/plan.json", "")
}
