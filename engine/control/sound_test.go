package control

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

var (
	policies = flag.Int("policies", 250, "random policies to try")
	seed     = flag.Uint64("seed", 1, "of the random policies")
)

// What a rule is not said to read cannot change what it yields. A random policy
// is followed, then asked about random documents, each changed at one place
// after the other that no path meets: a gap there would count for nothing.
func TestReadsAreSound(t *testing.T) {
	tried, skipped, unread, changed := 0, 0, 0, 0
	for n := range *policies {
		g := &generator{Rand: rand.New(rand.NewPCG(*seed, uint64(n)))}
		text := g.policy()
		module, err := ast.ParseModuleWithOpts("p.rego", text, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			t.Fatalf("policy %d does not parse: %v\n%s", n, err, text)
		}
		compiler := ast.NewCompiler()
		if compiler.Compile(map[string]*ast.Module{"p.rego": module}); compiler.Failed() {
			skipped++ // a conflict of types, a variable that is not safe
			continue
		}
		tried++
		f := newFollower(compiler, nil)
		for _, rule := range compiler.GetRulesExact(ast.MustParseRef("data.p.deny")) {
			f.rule(rule)
		}
		reads := f.result()
		query, err := rego.New(rego.Compiler(compiler), rego.Query("data.p.deny"), rego.StrictBuiltinErrors(true)).PrepareForEval(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			input := map[string]any{
				"subject": g.document(subjectShape()),
				"facts":   map[string]any{"k": map[string]any{"t#1": g.document(factShape()), "t#2": g.document(factShape())}},
			}
			subject := input["subject"].(map[string]any)
			subject["refs"] = pick(g, [][]any{{}, {"t#1"}, {"t#1", "t#2"}, {"t#2", "t#3"}})
			before := answer(query, input)
			for _, pointer := range pointers(input, nil) {
				met := meets(reads, pointer)
				if met && g.IntN(8) > 0 {
					continue // only to see that rules say something
				}
				value, undo := alter(g, input, pointer)
				after := answer(query, input)
				undo()
				switch {
				case met && after != before:
					changed++
				case met:
				case after != before:
					t.Fatalf("policy %d reads %v and facts %v, but %s = %v turns\n%s\ninto\n%s\n\n%s",
						n, reads.Subject, reads.Facts, strings.Join(pointer, "/"), value, before, after, text)
				default:
					unread++
				}
			}
		}
	}
	t.Logf("%d policies tried, %d not valid; %d changes where nothing is read, %d that mattered where something is", tried, skipped, unread, changed)
	if tried < *policies/2 || unread < 20*tried || changed < tried/2 {
		t.Errorf("the policies say too little")
	}
}

func meets(r Reads, pointer []string) bool {
	if pointer[0] == "subject" {
		return Meets(r.Subject, pointer[1:])
	}
	return Meets(r.OfKind(pointer[1]), pointer[3:])
}

// answer renders what a rule yields; every error is alike, since its text may
// hold any value.
func answer(query rego.PreparedEvalQuery, input any) string {
	rs, err := query.Eval(context.Background(), rego.EvalInput(input))
	if err != nil {
		return "error"
	}
	return fmt.Sprint(rs)
}

// pointers lists the places below the subject and the facts, sorted.
func pointers(v any, at []string) [][]string {
	var out [][]string
	if len(at) > 1 && (at[0] == "subject" || len(at) > 3) {
		out = append(out, slices.Clone(at))
	}
	switch v := v.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for n := range v {
			names = append(names, n)
		}
		slices.Sort(names)
		for _, n := range names {
			out = append(out, pointers(v[n], append(slices.Clone(at), n))...)
		}
	case []any:
		for i, e := range v {
			out = append(out, pointers(e, append(slices.Clone(at), strconv.Itoa(i)))...)
		}
	}
	return out
}

// alter replaces the value at a pointer.
func alter(g *generator, input any, pointer []string) (value any, undo func()) {
	at := input
	for _, s := range pointer[:len(pointer)-1] {
		switch v := at.(type) {
		case map[string]any:
			at = v[s]
		case []any:
			i, _ := strconv.Atoi(s)
			at = v[i]
		}
	}
	value = pick(g, []any{nil, nil, "a", "b", 0, 1, true, false, []any{}, []any{"a"}, map[string]any{"p": 1}})
	last := pointer[len(pointer)-1]
	switch v := at.(type) {
	case map[string]any:
		old := v[last]
		v[last] = value
		return value, func() { v[last] = old }
	case []any:
		i, _ := strconv.Atoi(last)
		old := v[i]
		v[i] = value
		return value, func() { v[i] = old }
	}
	panic("no such place")
}
