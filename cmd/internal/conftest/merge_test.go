package conftest

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sixth is one of six documents.
const sixth = `{"n": %d, "list": [%[1]d, "x"], "words": ["x", "y"],
	"changes": [{"id": "a%[1]d", "type": "x"}, {"id": "b%[1]d", "type": "y"}, {"id": "c%[1]d", "type": "z", "in": {"kind": "k", "deep": {"a": 1, "b": [1]}}},
		{"id": "d", "type": ["x"]}, 7, null, "x", {"id": "e", "type": "x", "on": true}],
	"named": {"p": {"id": "f%[1]d", "type": "x"}, "q": {"type": "x", "in": {"kind": "k", "deep": {"a": 1, "b": [1]}}}}}`

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

// reading are rules, each with what it calls, that read parts of a document.
const reading = `deny_a contains r.id if { some r in input.changes; is_x(r) }
is_x(r) if r.type == "x"
deny_b contains "same" if input.changes[2]["in"] == input.named.q["in"]
deny_c contains sprintf("%v", [c["in"]]) if c := input.changes[2]
deny_d contains k if { some k, v in input.named; v.type == "x" }
deny_e contains sprintf("%v", [p]) if walk(input.changes[2], [p, _])
deny_f contains sprintf("%v", [pick]) if pick
pick := 1 if { input.none } else := x if { x := input.changes[2]["in"].deep }
deny_g contains "every" if { every c in input.changes { c != 9 } }
deny_h contains sprintf("%d", [count(x)]) if x := input.changes[2]["in"]
deny_i contains "alias" if { x := input.changes[2]; y := x["in"]; z := y.deep; z.a == 1 }
deny_j contains "equal" if { x := input.changes[2]["in"]; x == {"kind": "k", "deep": {"a": 1, "b": [1]}} }
deny_k contains "unified" if { {"kind": kind, "deep": _} = input.changes[2]["in"]; kind == "k" }
deny_l contains key if input.changes[2]["in"][key]
deny_m contains sprintf("%d", [count({c["in"] | some c in input.changes})])
deny_n contains sprintf("%v", [object.keys(input.changes[2])])
deny_o contains "with" if { deep with input.named.q["in"].kind as "q" }
deep if { x := input.named.q["in"]; x.deep.b[0] == 1; x.kind == "q" }
deny_p contains "index" if { i := 2; x := input.changes[i]; x["in"].deep.a == 1 }
deny_q contains "name" if { name := "in"; x := input.changes[2][name]; x.kind == "k" }
deny_r contains sprintf("%v", [x]) if x := [c | c := input.changes[_]; c.type == "x"]
deny_s contains json.marshal(input.named.p)
deny_t contains "of two" if { x = input.changes[2]["in"]; x = input.named.q["in"]; x.kind == "k" }
deny_u contains sprintf("%v", [{c.id: c | some c in input.changes; c.on}])
deny_v contains sprintf("%v", [object.get(c, "id", "none")]) if { some c in input.changes; is_object(c) }
deny_w contains sprintf("%v", [y]) if { x := input.changes[2]; some y in x["in"] }
deny_x contains sprintf("%v", [c]) if { c := input.changes[_]; not c.id }
deny_y contains "text" if { x := input.changes[0]; s := $"of {x.id}"; s == "of a3" }
deny_z contains "not" if { x := input.changes[2]["in"]; not x == {"kind": "k"} }
warn_a contains "in" if { x := input.changes[2]; x in input.changes }
warn_b contains "member" if { c := input.changes[2]["in"]; s := {{"kind": "k", "deep": {"a": 1, "b": [1]}}}; s[c] }
deny_a contains "n" if number(input) > 1
number(i) := i.n
deny_b contains "is" if { x := input; x.changes[2]["in"].deep.a == 1 }
deny_c contains k if { some k; input[k].p.id }`

// TestNeed holds that a large document, of which only what the rules can read is made,
// has the results of a small one, rule by rule.
func TestNeed(t *testing.T) {
	unpack(t, "-- policy/a.rego --\n")
	small := fmt.Sprintf(sixth, 3)
	large := `{"padding": "` + strings.Repeat("x", 1<<20) + `", "other": {"a": [{"b": null, "c": "\"\u00e9"}, -1e5, true, {}, []]}, ` + small[1:]
	var helpers []string
	for line := range strings.Lines(reading) {
		if !strings.HasPrefix(line, "deny") && !strings.HasPrefix(line, "warn") {
			helpers = append(helpers, line)
		}
	}
	for line := range strings.Lines(reading) {
		if slices.Contains(helpers, line) {
			continue
		}
		policy := "package main\n" + line
		for _, h := range helpers {
			if name, _, _ := strings.Cut(h, " "); strings.Contains(line, strings.SplitN(name, "(", 2)[0]) {
				policy += h
			}
		}
		var got [2][]any
		for i, text := range []string{small, large} {
			for name, text := range map[string]string{"policy/a.rego": policy, "in.json": text} {
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			var failed bool
			if got[i], failed = judged(t, "in.json"); failed {
				t.Fatal(policy)
			}
		}
		if diff := cmp.Diff(got[0], got[1]); diff != "" {
			t.Errorf("%s(-small +large):\n%s", line, diff)
		}
	}
}
