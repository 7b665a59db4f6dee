package terraform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestReadPlan reads the plan of each archive in testdata/plan, attaches the
// configuration where there is one beside it, and compares with want.txt.
func TestReadPlan(t *testing.T) {
	cases, err := filepath.Glob("testdata/plan/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var root *Root
			configured := false
			for _, f := range archive.Files {
				if f.Name == "plan.json" {
					root = ReadPlan(f.Data, f.Name)
				}
				configured = configured || filepath.Ext(f.Name) == ".tf"
			}
			if configured {
				root.AttachHCL(loadArchive(archive))
			}
			got := dump(root)
			want := goldenFile(archive)
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestNotPlan names what is given in the place of a plan.
func TestNotPlan(t *testing.T) {
	const plan = `{"format_version":"1.2","planned_values":{"root_module":{}}`
	for _, c := range []struct{ name, text, want string }{
		{"empty", " \n", "p.json:1:1: empty plan"},
		{"native", "PK\x03\x04\x14\x00", "p.json:1:1: a plan in Terraform's own format, not in JSON"},
		{"utf-16", "\xff\xfe{\x00", "p.json:1:1: text is UTF-16, a plan is UTF-8"},
		{"array", "\n [1]", "p.json:2:2: not a plan: a JSON object is expected"},
		{"text", "Terraform used the selected providers", "p.json:1:1: not a plan: a JSON object is expected"},
		{"cut", plan, "p.json:1:60: plan is cut short: the text ends within a value"},
		{"cut in a string", `{"format_version":"1.`, "p.json:1:22: plan is cut short: the text ends within a value"},
		{"syntax", "{\n \"a\": tru }", "p.json:2:10: plan is not valid JSON: invalid character ' ' in literal true (expecting 'e')"},
		{"two values", plan + "} {}", "p.json:1:62: plan is not valid JSON: invalid character '{' after top-level value"},
		{"log", "{\"@level\":\"info\",\"type\":\"version\"}\n{\"@level\":\"info\"}\n", "p.json:1:1: the log of terraform plan -json, not a plan"},
		{"one line of log", `{"@level":"info","type":"version"}`, "p.json:1:1: the log of terraform plan -json, not a plan"},
		{"state", `{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"x","outputs":{},"resources":[]}`,
			"p.json:1:1: a Terraform state, not a plan: states are not read: they hold secrets, and say what is, not what will be"},
		{"state in JSON", `{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{}}}`, "p.json:1:1: a Terraform state in JSON, not a plan"},
		{"schemas", `{"format_version":"1.0","provider_schemas":{}}`, "p.json:1:1: provider schemas, not a plan"},
		{"other", `{"kind":"Pod"}`, "p.json:1:1: not a Terraform plan: format_version or the planned values are missing"},
		{"version of another major", strings.Replace(plan, "1.2", "2.0", 1) + "}",
			`p.json:1:19: plan format is not supported: unsupported plan format version: "2.0.0" does not satisfy ">= 0.1, < 2.0"`},
		{"version that is none", strings.Replace(plan, `"1.2"`, `12`, 1) + "}",
			"p.json:1:19: plan format is not supported: unexpected plan input, format version is missing"},
		{"deep", strings.Repeat(`{"a":`, 20000), "p.json:1:50001: plan is not valid JSON: invalid character '{' exceeded max depth"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := ReadPlan([]byte(c.text), "p.json")
			if len(root.Diagnostics) != 1 || root.Diagnostics[0].Error() != c.want {
				t.Fatalf("diagnostics are %v, want %s", root.Diagnostics, c.want)
			}
			if d := root.Diagnostics[0]; d.Severity != severityError || !d.Fatal || len(root.Incomplete) == 0 {
				t.Errorf("%+v with %v: a file that is no plan must fail the run and leave the root incomplete", d, root.Incomplete)
			}
		})
	}
	for name, text := range map[string]string{"plain": plan + "}", "byte order mark": "\ufeff" + plan + "}\n", "later minor": strings.Replace(plan, "1.2", "1.99", 1) + "}"} {
		if root := ReadPlan([]byte(text), "p.json"); len(root.Diagnostics)+len(root.Incomplete) > 0 {
			t.Errorf("%s: %v, %v", name, root.Diagnostics, root.Incomplete)
		}
	}
}

// TestReadPlanCorpus compares, for every plan of the corpus, with terraform-json:
// the same resources with the same values where both read them exactly.
func TestReadPlanCorpus(t *testing.T) {
	for _, name := range corpusModules(t) {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(corpusDir, name, "plan.json"))
			if err != nil {
				t.Fatal(err)
			}
			plan := exactPlan(t, data)
			got := map[string]*Resource{}
			for _, r := range ReadPlan(data, "plan.json").Resources {
				got[r.Address] = r
			}
			planned := 0
			for _, r := range stateResources(plan.PlannedValues.RootModule) {
				planned++
				ours := got[r.Address]
				if ours == nil {
					t.Errorf("%s is missing", r.Address)
					continue
				}
				for name, want := range r.AttributeValues {
					if have := plainValue(ours.Body.field(name)); !cmp.Equal(have, plainJSON(want)) && have != "unknown" {
						t.Errorf("%s.%s: -terraform-json +ours\n%s", r.Address, name, cmp.Diff(plainJSON(want), have))
					}
				}
			}
			if planned == 0 && name != "functions" {
				t.Error("the plan holds nothing")
			}
			// A plan on one line, as Terraform writes it, reads the same.
			var flat bytes.Buffer
			if err := json.Compact(&flat, data); err != nil {
				t.Fatal(err)
			}
			for _, r := range ReadPlan(flat.Bytes(), "plan.json").Resources {
				if have, want := show(r.Body), show(got[r.Address].Body); have != want {
					t.Errorf("%s on one line is %s, else %s", r.Address, have, want)
				}
				if r.Pos.Line != 1 || r.Pos.Column < 2 {
					t.Errorf("%s on one line is at %v", r.Address, r.Pos)
				}
			}
		})
	}
}

// exactPlan decodes a plan with terraform-json, without the parts of which it
// rounds the numbers.
func exactPlan(t *testing.T, data []byte) *tfjson.Plan {
	t.Helper()
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		t.Fatal(err)
	}
	planned := struct {
		Root json.RawMessage `json:"root_module"`
	}{}
	if err := json.Unmarshal(parts["planned_values"], &planned); err != nil {
		t.Fatal(err)
	}
	values := ""
	if planned.Root != nil {
		values = fmt.Sprintf(`"root_module": %s`, planned.Root)
	}
	var plan tfjson.Plan
	plan.UseJSONNumber(true)
	if err := json.Unmarshal(fmt.Appendf(nil, `{"format_version": %s, "planned_values": {%s}}`, parts["format_version"], values), &plan); err != nil {
		t.Fatal(err)
	}
	return &plan
}

func stateResources(m *tfjson.StateModule) []*tfjson.StateResource {
	if m == nil {
		return nil
	}
	out := m.Resources
	for _, c := range m.ChildModules {
		out = append(out, stateResources(c)...)
	}
	return out
}

// plainJSON makes null of what plainValue cannot tell from it, and numbers plain.
func plainJSON(v any) any {
	switch v := v.(type) {
	case json.Number:
		return "number " + plainNumber(string(v))
	case []any:
		out := []any{}
		for _, e := range v {
			out = append(out, plainJSON(e))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, e := range v {
			out[name] = plainJSON(e)
		}
		return out
	}
	return v
}

// plainValue is a value as JSON, without what is unknown in objects, as in a
// plan; an unknown element is null.
func plainValue(v *Value) any {
	switch v.Kind {
	case Bool:
		return v.Bool
	case Number:
		return "number " + v.Number
	case String:
		return v.Text
	case Unknown:
		return "unknown"
	case List:
		out := []any{}
		for _, e := range v.Elems {
			if e.Kind == Unknown {
				out = append(out, nil)
			} else {
				out = append(out, plainValue(e))
			}
		}
		return out
	case Object:
		out := map[string]any{}
		for _, f := range v.Fields {
			if f.Value.Kind != Unknown {
				out[f.Name] = plainValue(f.Value)
			}
		}
		return out
	}
	return nil
}

func TestPlainNumber(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "-0.0": "0", "1.50": "1.5", "100": "100", "1e3": "1000", "1E+3": "1000", "1.5e3": "1500", "1.25e1": "12.5",
		"25e-4": "0.0025", "-1.5e-1": "-0.15", "0e5": "0", "123456789012345678901234567890": "123456789012345678901234567890",
		"9007199254740993.10": "9007199254740993.1", "1e400": "1" + strings.Repeat("0", 400), "1e999999999": "1e999999999",
	} {
		if got := plainNumber(in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}

func TestAddressSteps(t *testing.T) {
	for in, want := range map[string]string{
		`aws_x.y`:                              `aws_x. y.`,
		`module.a["x.y"].aws_b.c[0]`:           `module. a.["x.y"] aws_b. c.[0]`,
		`aws_x.y["say \"a]\".b"].z`:            `aws_x. y.["say \"a]\".b"] z.`,
		`aws_x.y[0]["k"].z`:                    `aws_x. y.[0] .["k"] z.`,
		`aws_x.y["open`:                        `aws_x. y.["open`,
		`module.a[0].module.b["m.module.c"].o`: `module. a.[0] module. b.["m.module.c"] o.`,
	} {
		var got []string
		for _, s := range addressSteps(in) {
			got = append(got, s.name+"."+s.key)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s is %s, want %s", in, s, want)
		}
	}
	for in, want := range map[string]string{`module.a["x"].module.b[0]`: `module.a["x"]`, `module.a`: "", `module.a["module.x"].module.a["module.x"]`: `module.a["module.x"]`} {
		if got := parentAddress(in); got != want {
			t.Errorf("the parent of %s is %q, want %q", in, got, want)
		}
	}
}

// largePlan is a plan on one line with n security groups.
func largePlan(n int) []byte {
	var planned, changes, declared strings.Builder
	for i := range n {
		if i > 0 {
			planned.WriteByte(',')
			changes.WriteByte(',')
		}
		address := fmt.Sprintf(`aws_security_group.s[%d]`, i)
		fmt.Fprintf(&planned, `{"address":%q,"mode":"managed","type":"aws_security_group","name":"s","index":%d,"provider_name":"registry.terraform.io/hashicorp/aws",`+
			`"values":{"name":"group-%d","description":"Managed by Terraform","tags":{"a":"b"},"ingress":[{"cidr_blocks":["10.0.0.0/8"],"from_port":22,"to_port":22,"protocol":"tcp","self":false}]},"sensitive_values":{}}`, address, i, i)
		fmt.Fprintf(&changes, `{"address":%q,"mode":"managed","change":{"actions":["create"],"before":null,"after":{"name":"group-%d","ingress":[{"cidr_blocks":["10.0.0.0/8"]}]},`+
			`"after_unknown":{"id":true,"arn":true,"ingress":[{"cidr_blocks":[false]}]},"after_sensitive":{}}}`, address, i)
	}
	declared.WriteString(`{"address":"aws_security_group.s","count_expression":{},"provider_config_key":"aws","expressions":{"name":{"references":["count.index"]}}}`)
	return fmt.Appendf(nil, `{"format_version":"1.2","planned_values":{"root_module":{"resources":[%s]}},"resource_changes":[%s],"configuration":{"root_module":{"resources":[%s]}}}`,
		planned.String(), changes.String(), declared.String())
}

func BenchmarkReadPlan(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		data := largePlan(n)
		b.Run(fmt.Sprintf("%dMB", len(data)>>20), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if root := ReadPlan(data, "plan.json"); len(root.Resources) != n {
					b.Fatalf("%d resources", len(root.Resources))
				}
			}
		})
	}
}

// FuzzReadPlan: any text yields a root, without a panic; a root
// without resources and without a diagnostic is a plan without resources.
func FuzzReadPlan(f *testing.F) {
	archives, _ := filepath.Glob("testdata/plan/*.txtar")
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name == "plan.json" {
				f.Add(file.Data)
			}
		}
	}
	f.Add([]byte(`{"format_version":"1.2","planned_values":[],"resource_changes":{"a":1},"configuration":{"root_module":{"module_calls":[{}]}}}`))
	f.Add([]byte(`{"format_version":"1.2","planned_values":{"root_module":{"resources":[1,null,"",{"address":"a","values":null}]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		root := ReadPlan(data, "plan.json")
		if root == nil || len(root.Files) != 1 {
			t.Fatal("no root")
		}
		if !json.Valid(bytes.TrimPrefix(data, []byte("\ufeff"))) && len(root.Diagnostics) == 0 {
			t.Fatal("text that is no JSON was taken for a plan")
		}
		for _, r := range root.Resources {
			if r.Body == nil || r.Pos.Line < 1 || r.Provider == nil {
				t.Fatalf("resource without body, place or provider: %+v", r)
			}
		}
		root.AttachHCL(root)
	})
}
