package conftest

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// endlessPolicies are rules that no bound of their own ends, each in a package of its name.
const endlessPolicies = `
-- policy/loop.rego --
package loop

deny_fine contains "fine" if input.fine

deny_loop contains "x" if {
	some a in numbers.range(1, 100000)
	some b in numbers.range(1, 100000)
	a * b == -1
}
-- policy/grow.rego --
package grow

deny_grow contains s if {
	some i in numbers.range(1, 100000000)
	s := sprintf("%d %d", [i, i])
}
-- policy/flood.rego --
package flood

deny_flood contains "x" if {
	some a in numbers.range(1, 100000)
	some b in numbers.range(1, 100000)
	print("a line of some length, again and again", a, b)
	a + b == 0
}
-- policy/excepted.rego --
package excepted

deny_x contains "x"

exception contains rules if {
	some a in numbers.range(1, 100000)
	some b in numbers.range(1, 100000)
	a + b == 0
	rules := ["x"]
}
-- policy/shift.rego --
package shift

deny_shift contains "x" if bits.lsh(1, 9000000000000000000) > 1
-- policy/fine.rego --
package fine

deny contains "found" if input.name
-- tests/loop.rego --
package tests

test_fine if true

test_loop if {
	some a in numbers.range(1, 100000)
	some b in numbers.range(1, 100000)
	a * b == -1
}
-- growing/grow.rego --
package growing

test_grow if count([s | some i in numbers.range(1, 100000000); s := sprintf("%d %d", [i, i])]) == 0
-- in.json --
{"name": "x"}
-- other.json --
{"name": "y"}
`

// TestEndlessPolicies holds that a rule that does not end or takes all memory is an error
// that names rule, namespace and file, with conftest's status of errors and no results,
// and that the others are judged as ever.
func TestEndlessPolicies(t *testing.T) {
	unpack(t, endlessPolicies)
	for _, c := range []struct{ args, want string }{
		// Memory first: what others leave behind in this process would count.
		{"test -n grow --memory 100 in.json", "data.grow.deny_grow of in.json: memory ceiling of 100 MiB exceeded (--memory)"},
		{"verify -p growing --memory 100", "memory ceiling of 100 MiB exceeded (--memory): at data.growing.test_grow of growing/grow.rego"},
		{"test -n flood --memory 100 in.json", "data.flood.deny_flood of in.json: memory ceiling of 100 MiB exceeded (--memory)"},
		{"test -n loop --timeout 100ms in.json", "data.loop.deny_loop of in.json: no answer within 100ms (--timeout)"},
		{"test -n loop --timeout 100ms --trace in.json", "data.loop.deny_loop of in.json: no answer within 100ms (--timeout)"},
		{"test -n loop --timeout 100ms --combine in.json other.json", "data.loop.deny_loop of Combined: no answer within 100ms"},
		{"test -n loop --timeout 100ms other.json in.json", "data.loop.deny_loop of other.json: no answer"},
		{"test -n fine,loop --timeout 100ms -o json in.json", "data.loop.deny_loop of in.json: no answer"},
		{"test -n excepted --timeout 100ms in.json", `data.excepted.exception[_][_] == "x" of in.json: no answer within 100ms`},
		{"test -n flood --timeout 200ms in.json", "data.flood.deny_flood of in.json: no answer within 200ms"},
		{"test -n loop --timeout 0 --deadline 200ms in.json", "no answer within 200ms (--deadline)"},
		{"test -n shift in.json", "data.shift.deny_shift of in.json: panic:"},
		{"verify -p tests --timeout 100ms", "data.tests.test_loop of tests/loop.rego: no answer within 100ms (--timeout)"},
		{"verify -p tests --timeout 0 --deadline 200ms", "no answer within 200ms (--deadline): at data.tests.test_loop of tests/loop.rego"},
		{"test --memory -1 in.json", "--memory -1 is negative"},
		{"test --deadline -1s in.json", "--deadline -1s is negative"},
		{"verify --timeout -1s", "--timeout -1s is negative"},
	} {
		runtime.GC()
		out, errs, status := face(t, strings.Fields(c.args)...)
		if status != 1 || out != "" || !strings.Contains(errs, c.want) {
			t.Errorf("%s: status %d, want 1 with %q\n%.300s%.300s", c.args, status, c.want, out, errs)
		}
	}
	// Limits of the run are none of a rule that keeps them.
	out, errs, status := face(t, "test", "-n", "fine", "--no-color", "--timeout", "10s", "--deadline", "10s", "in.json", "other.json")
	if want := "FAIL - in.json - fine - found\nFAIL - other.json - fine - found\n\n2 tests, 0 passed, 0 warnings, 2 failures, 0 exceptions\n"; out != want || status != 1 || errs != "" {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
}

// TestInterrupted holds that what is interrupted writes nothing.
func TestInterrupted(t *testing.T) {
	unpack(t, endlessPolicies)
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	var out, errs strings.Builder
	status := Main(ctx, []string{"test", "-n", "loop", "in.json"}, strings.NewReader(""), &out, &errs)
	if status != 1 || out.Len() > 0 || errs.String() != "Error: interrupted: nothing was written\n" {
		t.Errorf("status %d, %s%s", status, out.String(), errs.String())
	}
}

// TestLargeInputs holds that inputs that are deep, wide or long are judged or refused,
// and never end the process.
func TestLargeInputs(t *testing.T) {
	unpack(t, `
-- policy/p.rego --
package main

deny_leaf contains "leaf" if {
	some path, value
	walk(input, [path, value])
	value == "leaf"
}

deny_many contains item if some item in input.items
`)
	deep := func(levels int) string {
		return strings.Repeat(`{"a":`, levels) + `"leaf"` + strings.Repeat("}", levels)
	}
	var wide strings.Builder
	wide.WriteString(`{"items": [`)
	for i := range 50_000 {
		fmt.Fprintf(&wide, `"finding %d", `, i)
	}
	wide.WriteString(`"last"]}`)
	for name, text := range map[string]string{"deep.json": deep(2_000), "deeper.json": deep(1_000_000), "wide.json": wide.String()} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ args, want string }{
		{"test --no-color deep.json", "FAIL - deep.json - main - leaf"},
		{"test --no-color deeper.json", "deep"},
		{"test --no-color wide.json", "50002 tests, 1 passed, 0 warnings, 50001 failures"},
		{"test -o json wide.json", "finding 49999"},
		{"parse deeper.json", "deep"},
	} {
		out, errs, status := face(t, strings.Fields(c.args)...)
		if status != 1 || !strings.Contains(out+errs, c.want) {
			t.Errorf("%s: status %d, want 1 with %q\n%.300s%.300s", c.args, status, c.want, out, errs)
		}
	}
}

// TestSameBytes holds that a command writes the same bytes run after run, whatever the
// number of workers, in every format.
func TestSameBytes(t *testing.T) {
	unpack(t, `
-- policy/a.rego --
package main

deny_b contains msg if {
	some k, v in input
	msg := {"msg": sprintf("%s is %v", [k, v]), "key": k, "nested": {"z": 1, "a": 2}, "_loc": {"file": "in", "line": 3}}
}

warn_a contains sprintf("%s of %s", [k, data.conftest.file.name]) if some k, _ in input

exception contains ["skipped"] if input.a == 3

deny_skipped contains "skipped"
-- policy/b.rego --
package other

violation contains {"msg": "no c"} if not input.c

test_one if count(violation) == 1 with input as {}

test_two if count(violation) == 0 with input as {}

test_three if count(violation) == 0 with input as {"c": 1}
-- in/many.yaml --
a: 1
b: [1, 2]
---
a: 3
---
c: true
`)
	for n := range 40 {
		if err := os.WriteFile(fmt.Sprintf("in/%02d.json", n), fmt.Appendf(nil, `{"a": %d, "b": "x", "d": {"e": null}}`, n), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	commands := []string{"verify -p policy", "verify -p policy -o json", "verify -p policy --report full", "parse in/many.yaml", "test -o stdout --trace in/00.json", "test --combine -n * in", "doc policy"}
	for _, format := range []string{"stdout", "json", "tap", "table", "junit", "github", "azuredevops", "sarif"} {
		commands = append(commands, "test --all-namespaces in -o "+format)
	}
	for _, command := range commands {
		var first string
		for run := range 10 {
			old := runtime.GOMAXPROCS(1 + run%4)
			out, errs, status := face(t, strings.Fields(command)...)
			runtime.GOMAXPROCS(old)
			got := undated(fmt.Sprintf("%s%s= %d", out, errs, status))
			if run == 0 {
				first = got
			}
			if got != first {
				t.Errorf("%s: run %d says\n%s\nand the first\n%s", command, run, got, first)
				break
			}
		}
	}
}

// undated takes out how long tests took, the one thing that is of a run.
func undated(text string) string {
	return regexp.MustCompile(`\([0-9.]+[a-zµ]+\)`).ReplaceAllString(text, "(TIME)")
}
