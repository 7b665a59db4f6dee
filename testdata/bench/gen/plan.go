package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Of a plan: 20 types with 8 attributes each that rules object to, so 160 rules.
const (
	planTypes      = 20
	planAttributes = 8
)

// plan writes DIR/plan.json, a synthetic Terraform plan of at least size bytes, and
// DIR/policy/plan.rego, one rule for each attribute of each type: deny_<type>_<attribute>,
// or, beside it in DIR/policy-one, all called deny.
func plan(out string, size int, seed uint64) error {
	for _, dir := range []string{"policy", "policy-one"} {
		if err := os.MkdirAll(filepath.Join(out, dir), 0o755); err != nil {
			return err
		}
		text := planPolicy(dir == "policy")
		if err := os.WriteFile(filepath.Join(out, dir, "plan.rego"), []byte(text), 0o644); err != nil {
			return err
		}
	}
	f, err := os.Create(filepath.Join(out, "plan.json"))
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	written := 0
	put := func(text string) {
		written += len(text)
		w.WriteString(text)
	}
	put(`{"format_version":"1.2","terraform_version":"1.9.8","planned_values":{"root_module":{"resources":[`)
	r := rand.New(rand.NewPCG(seed, 0))
	// A third of the size are the values, the rest the changes, of the same resources.
	n := 0
	for ; written < size/3; n++ {
		if n > 0 {
			put(",")
		}
		put(planResource(n, r, `"values":`+planValues(n, r)))
	}
	put(`]}},"resource_changes":[`)
	for i := 0; i < n || written < size; i++ {
		if i > 0 {
			put(",")
		}
		put(planResource(i, r, `"change":{"actions":["update"],"before":`+planValues(i, r)+`,"after":`+planValues(i, r)+`,"after_unknown":{"id":true,"tags_all":{}},"before_sensitive":{},"after_sensitive":{"password":true}}`))
	}
	put("]}\n")
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

func planType(i int) string { return fmt.Sprintf("example_kind%02d", i%planTypes) }

func planResource(i int, r *rand.Rand, rest string) string {
	return fmt.Sprintf(`{"address":"module.stack%[1]d.%[2]s.item[%[3]d]","module_address":"module.stack%[1]d","mode":"managed","type":"%[2]s","name":"item","index":%[3]d,"provider_name":"registry.terraform.io/example/example","schema_version":%[4]d,%[5]s}`,
		i/50, planType(i), i, r.IntN(3), rest)
}

// planValues are the attributes of a resource; of those that rules look at one in two
// hundred is what they object to.
func planValues(i int, r *rand.Rand) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"arn":"arn:example:%d:%x","id":"%x","name":"item-%d"`, i, r.Uint32(), r.Uint64(), i)
	for a := range planAttributes {
		fmt.Fprintf(&b, `,"attribute%d":%t`, a, r.IntN(200) == 0)
	}
	fmt.Fprintf(&b, `,"size":%d,"ratio":%.3f,"note":"of %x and \"%x\"","ports":[%d,%d,443],"tags":{"owner":"team-%d","data":"%s"},"timeouts":null,"rule":[{"from":%d,"to":%d,"cidr":["10.%d.0.0/16"]}]}`,
		r.IntN(100000), r.Float64(), r.Uint64(), r.Uint64(), r.IntN(65536), r.IntN(65536), r.IntN(40), pick(r, "internal", "personal"), r.IntN(1024), r.IntN(65536), r.IntN(256))
	return b.String()
}

func planPolicy(named bool) string {
	var b strings.Builder
	b.WriteString("package main\n")
	for t := range planTypes {
		for a := range planAttributes {
			name := "deny"
			if named {
				name = fmt.Sprintf("deny_kind%02d_%d", t, a)
			}
			fmt.Fprintf(&b, `
%s contains msg if {
	some r in input.resource_changes
	r.type == "%s"
	r.change.after.attribute%d == true
	msg := sprintf("%%s: attribute %[3]d of %[2]s is on", [r.address])
}
`, name, planType(t), a)
		}
	}
	return b.String()
}
