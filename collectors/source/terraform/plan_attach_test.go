package terraform

import (
	"strings"
	"testing"
)

// TestAttachCorpus attaches each module's configuration to its plan: nothing
// keeps its place in the plan, no value changes but to unknown, nothing goes but
// what is known only after apply and written nowhere, and a literal stands on the
// line where it is written.
func TestAttachCorpus(t *testing.T) {
	literals, moved, dropped := 0, 0, 0
	for _, name := range corpusModules(t) {
		t.Run(name, func(t *testing.T) {
			hcl, plan := corpusRoots(t, name)
			_, before := corpusRoots(t, name)
			plan.AttachHCL(hcl)
			was := map[string]*Resource{}
			for _, r := range before.Resources {
				was[r.Address] = r
			}
			evaluated := map[string]*Resource{}
			for _, r := range hcl.Resources {
				evaluated[r.Address] = r
			}
			if len(plan.Resources) != len(was) {
				t.Fatalf("%d resources, before %d", len(plan.Resources), len(was))
			}
			for _, r := range plan.Resources {
				h := evaluated[r.Address]
				if h == nil {
					t.Errorf("%s has no configuration", r.Address)
					continue
				}
				if r.Pos != h.Pos || len(r.Callers) != len(h.Callers) {
					t.Errorf("%s is at %v, configured at %v", r.Address, r.Pos, h.Pos)
				}
				var walk func(path string, v, old, h *Value)
				walk = func(path string, v, old, h *Value) {
					moved++
					if strings.HasSuffix(v.Pos.Source, "plan.json") || v.Pos.Line == 0 {
						t.Errorf("%s is at %v", path, v.Pos)
					}
					if v.Kind == Unknown {
						return
					}
					if h != nil && h.Literal && v.Pos != h.Pos {
						t.Errorf("%s is at %v, written at %v", path, v.Pos, h.Pos)
					}
					if h != nil && h.Literal {
						literals++
					}
					if v.Kind != old.Kind || v.Text != old.Text || v.Number != old.Number || v.Bool != old.Bool ||
						len(v.Elems) != len(old.Elems) {
						t.Errorf("%s is %s, before %s", path, show(v), show(old))
						return
					}
					for i, e := range v.Elems {
						walk(path+".*", e, old.Elems[i], nil)
					}
					for _, f := range old.Fields {
						if v.field(f.Name) != nil {
							continue
						}
						dropped++
						if f.Value.Kind != Unknown || f.Value.Reason != afterApply || h != nil && h.field(f.Name) != nil {
							t.Errorf("%s.%s is gone, before %s", path, f.Name, show(f.Value))
						}
					}
					for _, f := range v.Fields {
						var written *Value
						if h != nil && h.Kind == Object {
							written = h.field(f.Name)
						}
						walk(path+"."+f.Name, f.Value, old.field(f.Name), written)
					}
				}
				walk(r.Address, r.Body, was[r.Address].Body, h.Body)
			}
		})
	}
	if literals < 300 || moved < 5000 || dropped < 500 {
		t.Errorf("%d literals, %d values and %d unwritten ones: the corpus was not walked", literals, moved, dropped)
	}
}

// TestAttachKeepsPlan: what the configuration beside a plan does not declare
// keeps its place in the plan, and nothing is lost.
func TestAttachKeepsPlan(t *testing.T) {
	_, plan := corpusRoots(t, "count")
	n := len(plan.Resources)
	plan.AttachHCL(&Root{})
	if len(plan.Resources) != n || plan.Resources[0].Pos.Source != "count/plan.json" {
		t.Errorf("%d resources of %d, the first at %v", len(plan.Resources), n, plan.Resources[0].Pos)
	}
}
