package terraform

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCorpus evaluates every module of the corpus and compares the result with
// the plan that Terraform made of it. What the evaluator says must be what
// Terraform says; that it does not know is allowed, and counted.
func TestCorpus(t *testing.T) {
	var total tally
	for _, name := range corpusModules(t) {
		t.Run(name, func(t *testing.T) {
			hcl, plan := corpusRoots(t, name)
			c := comparison{module: name}
			c.roots(hcl, plan)
			for _, f := range c.failures {
				t.Error(f)
			}
			// Terraform accepts every module and knows of every resource.
			for _, d := range slices.Concat(hcl.Diagnostics, plan.Diagnostics) {
				t.Errorf("diagnostic: %v", d)
			}
			for _, reason := range slices.Concat(hcl.Incomplete, plan.Incomplete) {
				t.Errorf("incomplete: %s", reason)
			}
			total.add(c.tally)
			t.Logf("%v", c.tally)
		})
	}
	t.Logf("corpus: %v", total)
	if known := total.equal + total.unknown; total.equal*100 < known*95 {
		t.Errorf("the evaluator knows %d of the %d values that the plans know, less than 95 %%", total.equal, known)
	}
}

// corpusRoots evaluates a module of the corpus as it was planned, and reads its
// plan.
func corpusRoots(t testing.TB, name string) (hcl, plan *Root) {
	t.Helper()
	options := Options{}
	given := readPlanOptions(t, filepath.Join(corpusDir, name))
	for _, arg := range given.args {
		file, ok := strings.CutPrefix(arg, "-var-file=")
		if !ok {
			t.Fatalf("plan.args: the evaluator has no counterpart of %s", arg)
		}
		options.VarFiles = append(options.VarFiles, path.Join(name, file))
	}
	for _, env := range given.env {
		workspace, ok := strings.CutPrefix(env, "TF_WORKSPACE=")
		if !ok {
			t.Fatalf("plan.args: the evaluator has no counterpart of %s", env)
		}
		options.Workspace = workspace
	}
	data, err := os.ReadFile(filepath.Join(corpusDir, name, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	return Load(os.DirFS(corpusDir), name, options), ReadPlan(data, name+"/plan.json")
}

// tally counts the scalars (and empty lists and objects) that the configuration
// sets and the plan knows.
type tally struct{ equal, unknown, resources int }

func (a *tally) add(b tally) {
	a.equal += b.equal
	a.unknown += b.unknown
	a.resources += b.resources
}

func (a tally) String() string {
	return fmt.Sprintf("%d resources, %d values equal, %d not known to the evaluator", a.resources, a.equal, a.unknown)
}

// TestCorpusBites changes one thing after another in what the evaluator says
// and expects the comparison to see each.
func TestCorpusBites(t *testing.T) {
	t.Parallel()
	resource := func(root *Root, address string) *Resource {
		i := slices.IndexFunc(root.Resources, func(r *Resource) bool { return r.Address == address })
		if i < 0 {
			t.Fatalf("no %s", address)
		}
		return root.Resources[i]
	}
	changes := map[string]func(root *Root){
		"text": func(r *Root) { resource(r, "aws_security_group.list").Body.field("name").Text = "other" },
		"number": func(r *Root) {
			resource(r, "aws_security_group.list").Body.Get("ingress").Elems[0].field("from_port").Number = "1"
		},
		"bool": func(r *Root) {
			resource(r, "aws_dynamodb_table.orders").Body.Get("ttl").Elems[0].field("enabled").Bool = false
		},
		"null":          func(r *Root) { resource(r, "aws_security_group.list").Body.field("name").Kind = Null },
		"block dropped": func(r *Root) { v := resource(r, "aws_security_group.list").Body.Get("ingress"); v.Elems = v.Elems[1:] },
		"block added": func(r *Root) {
			v := resource(r, "aws_security_group.list").Body.Get("ingress")
			v.Elems = append(v.Elems, &Value{Kind: Object})
		},
		"element dropped": func(r *Root) {
			resource(r, "aws_security_group.list").Body.Get("egress").Elems[0].field("cidr_blocks").Elems = nil
		},
		"blocks absent": func(r *Root) {
			b := resource(r, "aws_security_group.map").Body
			b.Fields = slices.DeleteFunc(b.Fields, func(f Field) bool { return f.Name == "ingress" })
		},
		"argument absent": func(r *Root) {
			b := resource(r, "aws_dynamodb_table.orders").Body
			b.Fields = slices.DeleteFunc(b.Fields, func(f Field) bool { return f.Name == "hash_key" })
		},
		"argument invented": func(r *Root) {
			b := resource(r, "aws_dynamodb_table.orders").Body
			b.Fields = append(b.Fields, Field{"tags", &Value{Kind: Object, Fields: []Field{{"a", &Value{Kind: String, Text: "b"}}}}})
		},
		"resource dropped": func(r *Root) { r.Resources = r.Resources[1:] },
		"resource renamed": func(r *Root) { r.Resources[0].Address += "x" },
		"variable":         func(r *Root) { r.Variables[0].Value.Elems[0].Number = "1" },
		"provider":         func(r *Root) { r.Resources[0].Provider = &Provider{Name: "aws", Alias: "other"} },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			hcl, plan := corpusRoots(t, "dynamic")
			before, after := comparison{module: "dynamic"}, comparison{module: "dynamic"}
			before.roots(hcl, plan)
			change(hcl)
			after.roots(hcl, plan)
			seen := slices.ContainsFunc(after.failures, func(f string) bool { return !slices.Contains(before.failures, f) })
			if !seen {
				t.Error("the comparison did not see the change")
			}
		})
	}
}
