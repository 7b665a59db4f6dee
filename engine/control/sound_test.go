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
	policies = flag.Int("policies", 60, "random policies to try")
	seed     = flag.Uint64("seed", 1, "of the random policies")
)

// What a rule is not said to read cannot change what it yields. The rules of
// random policies are followed, then asked about random documents, each changed
// at one place after the other that no path meets: a gap there would count for
// nothing. A change that a rule notices is a reading that was missed.
func TestReadsAreSound(t *testing.T) {
	var tried, invalid, silent, unread, read int
	for n := range *policies {
		g := &generator{Rand: rand.New(rand.NewPCG(*seed, uint64(n)))}
		text := g.policy()
		module, err := ast.ParseModuleWithOpts("p.rego", text, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			t.Fatalf("policy %d does not parse: %v\n%s", n, err, text)
		}
		compiler := ast.NewCompiler()
		if compiler.Compile(map[string]*ast.Module{"p.rego": module}); compiler.Failed() {
			invalid++ // types that never meet, a variable that is not safe
			continue
		}
		for i := range rules {
			tried++
			ref := ast.MustParseRef("data.p.r" + strconv.Itoa(i))
			f := newFollower(compiler, nil)
			for _, rule := range compiler.GetRulesExact(ref) {
				f.rule(rule)
			}
			r := &subjectOfTest{g: g, reads: f.result()}
			if r.query, err = rego.New(rego.Compiler(compiler), rego.Query(ref.String()), rego.StrictBuiltinErrors(true)).PrepareForEval(context.Background()); err != nil {
				t.Fatal(err)
			}
			inputs, live := r.inputs()
			if !live {
				silent++
			}
			for _, input := range inputs {
				u, c, missed := r.try(input)
				unread, read = unread+u, read+c
				if missed != "" {
					t.Fatalf("policy %d, rule %d reads %v and facts %v, but %s\n\n%s", n, i, r.reads.Subject, r.reads.Facts, missed, text)
				}
			}
		}
	}
	t.Logf("%d rules tried, %d of them silent, %d policies not valid; %d changes where nothing is read, %d that mattered where something is",
		tried, silent, invalid, unread, read)
	if tried < *policies*rules/2 || silent > tried*2/3 || unread < 20*tried || read < tried {
		t.Errorf("the policies say too little")
	}
}

// subjectOfTest is one rule, with what it is said to read.
type subjectOfTest struct {
	g     *generator
	reads Reads
	query rego.PreparedEvalQuery
}

// inputs are documents that the rule has something to say about, if there are
// any, and one more.
func (r *subjectOfTest) inputs() (chosen []map[string]any, live bool) {
	for n := range 12 {
		input := map[string]any{
			"subject": r.g.document(subjectShape()),
			"facts":   map[string]any{"k": map[string]any{"t#1": r.g.document(factShape()), "t#2": r.g.document(factShape())}},
		}
		subject := input["subject"].(map[string]any)
		subject["refs"] = pick(r.g, [][]any{{"t#1"}, {"t#1", "t#2"}, {"t#2", "t#3"}, {}})
		a := r.answer(input)
		if says := a != "error" && a != "[{[[]] map[]}]"; says || n == 0 {
			chosen, live = append(chosen, input), live || says
		}
		if len(chosen) == 3 {
			break
		}
	}
	return chosen, live
}

// try changes an input at every place that the rule is not said to read, and now
// and then at one that it is, to see that this matters.
func (r *subjectOfTest) try(input map[string]any) (unread, read int, missed string) {
	before := r.answer(input)
	for _, pointer := range pointers(input, nil) {
		met := Meets(r.reads.Subject, pointer[1:])
		if pointer[0] == "facts" {
			met = Meets(r.reads.OfKind(pointer[1]), pointer[3:])
		}
		if met && r.g.IntN(8) > 0 {
			continue
		}
		value, undo := r.alter(input, pointer)
		after := r.answer(input)
		undo()
		switch {
		case !met && after != before:
			return unread, read, fmt.Sprintf("%s = %v turns\n%s\ninto\n%s", strings.Join(pointer, "/"), value, before, after)
		case !met:
			unread++
		case after != before:
			read++
		}
	}
	return unread, read, ""
}

// answer renders what the rule yields; every error is alike, since its text may
// hold any value.
func (r *subjectOfTest) answer(input any) string {
	rs, err := r.query.Eval(context.Background(), rego.EvalInput(input))
	if err != nil {
		return "error"
	}
	return fmt.Sprint(rs)
}

// alter replaces the value at a pointer.
func (r *subjectOfTest) alter(input any, pointer []string) (value any, undo func()) {
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
	value = pick(r.g, []any{nil, nil, "a", "b", 0, 1, true, false, []any{}, []any{"a"}, map[string]any{"p": 1}})
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
