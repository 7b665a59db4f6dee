package conftest

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sixth is one of six documents.
const sixth = `{"n": %d, "list": [%[1]d, "x"], "words": ["x", "y"],
	"changes": [{"id": "a%[1]d", "type": "x"}, {"id": "b%[1]d", "type": "y"}, {"id": "c%[1]d", "type": "z", "in": {"kind": "k"}},
		{"id": "d", "type": ["x"]}, 7, null, "x", {"id": "e", "type": "x", "on": true}],
	"named": {"p": {"id": "f%[1]d", "type": "x"}, "q": {"type": "x"}}}`

// TestMerged holds that many files, for which rules are merged into one, have the
// results that each has alone: policies of all shapes that a merged rule could change.
func TestMerged(t *testing.T) {
	for name, policy := range map[string]string{
		"sets": `package main
deny_b contains sprintf("b %v", [input.n]) if input.n > 1
deny_a contains sprintf("a %v", [x]) if some x in input.list
deny_a contains {"msg": "object", "n": input.n} if input.n > 2
violation_c contains "c" if count(deny_b) > 0
warn_d contains "d" if not input.list
deny contains "bare" if input.n == 3`,
		"mixed": `package main
deny_a contains "a" if input.n > 1
deny_b := ["array", "of two"] if input.n > 2
deny_c if input.n > 0
deny_d contains 5
deny_D contains "never asked"
deny_e contains "" if input.n == 4
deny_f := {"msg": 1} if false
default deny_g := false`,
		"exceptions": `package main
deny_a contains "a" if input.n > 0
deny_b contains "b" if input.n > 1
deny contains "bare" if input.n > 2
exception contains rules if {
	input.n in [2, 4]
	rules := ["a", ""]
}`,
		"seen from elsewhere": `package main
deny_a contains "a" if input.n > 0
deny_b contains "b" if input.n > 1
-- policy/lib/audit.rego --
package audit

deny_x contains name if data.main[name]
deny_y contains sprintf("%v", [data.main]) if input.n > 1`,
		"annotated": `package main
# METADATA
# title: first
deny_a contains rego.metadata.rule().title if input.n > 0
# METADATA
# title: second
deny_b contains sprintf("%v", [rego.metadata.chain()[0].path]) if input.n > 1`,
		"that fail": `package main
deny_a contains f(1)
deny_b contains "b" if input.n > 1
f(x) := "one" if x > 0
f(x) := "two" if x < 2`,
		"of elements": `package main
deny_a contains r.id if { some r in input.changes; r.type == "x" }
deny_b contains r.id if { r := input.changes[_]; "y" = r.type; r.id > "1" }
deny_c contains r.id if { some r in input.changes; r.id != "c1"; r.in.kind == "k"; not r.type == "y" }
deny_d contains r.id if { some r in input.named; r.type == "x" }
deny_e contains r if { some r in input.n; r.type == "x" }
deny_f contains r if { some r in input.none; r.type == "x" }
deny_g contains r.id if { some r in input.changes; r.type == "x" with input as {"changes": [{"id": "inner", "type": "x"}]} }
deny_h contains sprintf("%d", [n]) if { n := count([r | some r in input.changes; r.type == "x"]) }
deny_i contains sprintf("%v %s", [i, r.id]) if { some i, r in input.changes; r.type == "x" }
deny_j contains sprintf("%s", [id]) if { some id in inner with input as {"changes": {{"id": "set", "type": "x"}, {"id": "no", "type": "y"}}} }
inner contains r.id if { some r in input.changes; r.type == "x" }
deny_k contains r.id if { some r in input.changes; r.type == "X" }
deny_l contains r.id if { r := input.changes[i]; r.type == "x"; i > 0 }
deny_m contains r if { some r in input.words; r == "x" }
deny_n contains r.id if { some r in input.changes; some q in input.changes; r.type == "x"; q.type == "y" }
deny_o contains r.id if { some r in input.changes; some q in input.changes; q.type == "y"; r.id == q.id }
warn_p contains r.id if { some r in input.changes; r.on == true; r.type == "x" }`,
		"partial names": `package main
deny_x.b contains "b" if input.n > 0
deny_c contains "c" if input.n > 0
deny_d contains "d" if input.n > 0`,
		"several files": `package main
import data.other.twice
import data.main as self
deny_a contains sprintf("%v", [twice(input.n)]) if input.n > 1
deny_b contains msg if some msg in self.deny_a`,
	} {
		t.Run(name, func(t *testing.T) {
			unpack(t, "-- policy/a.rego --\n"+policy+`
-- policy/z.rego --
package main

deny_z contains "z" if input.n == 3

deny_a contains "also a" if input.n == 3
-- policy/lib/other.rego --
package other

twice(x) := 2 * x
`)
			var args []string
			for n := range 210 {
				args = append(args, fmt.Sprintf("%03d.json", n))
				if err := os.WriteFile(args[n], fmt.Appendf(nil, sixth, n%6), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			all, err := judged(t, args...)
			if err != (name == "that fail") {
				t.Fatalf("an error: %v", err)
			}
			for n := range 6 {
				alone, alsoErr := judged(t, args[n])
				if err && alsoErr {
					return
				}
				if diff := cmp.Diff(alone, all[2*n:2*n+2]); diff != "" {
					t.Errorf("%s (-alone +among many):\n%s", args[n], diff)
				}
			}
		})
	}
}

func judged(t *testing.T, args ...string) (all []any, failed bool) {
	t.Helper()
	out, errs, _ := face(t, append([]string{"test", "-o", "json", "-n", "main,audit"}, args...)...)
	if errs != "" {
		t.Log(errs)
		return nil, true
	}
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		t.Fatal(err, out)
	}
	// By file, then namespace; they come by namespace.
	half := len(all) / 2
	var byFile []any
	for i := range half {
		byFile = append(byFile, all[i], all[half+i])
	}
	return byFile, false
}
