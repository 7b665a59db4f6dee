package policytest

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestRunRego(t *testing.T) {
	tree := fstest.MapFS{
		"a/a.rego": {Data: []byte("package a\n\ndeny contains \"x\" if input.n > data.params.most\n")},
		"a/a_test.rego": {Data: []byte(`package a_test

import data.a

test_holds if count(a.deny) == 1 with input.n as 4

test_fails if {
	true
	count(a.deny) == 1 with input.n as 3
}

test_errs if to_number("x") == 1

todo_test_later if false
`)},
		"a/notes.md": {Data: []byte("not Rego")},
	}
	results, err := RunRego(context.Background(), tree, map[string]any{"params": map[string]any{"most": 3}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range results {
		results[i].Err, _, _ = strings.Cut(results[i].Err, ": invalid")
	}
	want := []Result{
		{Name: "data.a_test.test_errs", File: "a/a_test.rego", Line: 12, Err: "a/a_test.rego:12: eval_builtin_error: to_number: strconv.ParseFloat: parsing \"x\""},
		{Name: "data.a_test.test_fails", File: "a/a_test.rego", Line: 7, Failed: 9},
		{Name: "data.a_test.test_holds", File: "a/a_test.rego", Line: 5, Pass: true},
		{Name: "data.a_test.todo_test_later", File: "a/a_test.rego", Line: 14},
	}
	if diff := cmp.Diff(want, results); diff != "" {
		t.Errorf("results differ (-want +got):\n%s", diff)
	}
}

func TestRunRegoThatDoesNotParse(t *testing.T) {
	_, err := RunRego(context.Background(), fstest.MapFS{"a.rego": {Data: []byte("package")}}, nil)
	if err == nil || !strings.HasPrefix(err.Error(), "read rego tests: ") {
		t.Errorf("error %v: want one that says what was done", err)
	}
}

func TestFormat(t *testing.T) {
	got, err := Format("a.rego", []byte("package a\ndeny contains  \"x\" if   true"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("package a\n\ndeny contains \"x\"\n", string(got)); diff != "" {
		t.Errorf("formatted text differs (-want +got):\n%s", diff)
	}
}
