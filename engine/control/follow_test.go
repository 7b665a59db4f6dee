package control

import (
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// What rules read, construct by construct: rule r of each policy, as paths of the
// subject and of facts of kind k. The random policies of TestReadsAreSound show
// that this is enough; this table that it is not more, and how it is counted.
func TestFollow(t *testing.T) {
	for _, row := range []struct{ rules, subject, facts string }{
		// Selecting and comparing.
		{rules: `r if input.subject.tls == "none"`, subject: "tls"},
		{rules: `r if input.subject.wire.name == "http"`, subject: "wire/name"},
		{rules: `r if input.subject.owners[0].exe == "a"`, subject: "owners/0/exe"},
		{rules: `r if input.subject.ephemeral`, subject: "ephemeral/#"},
		{rules: `r if { x := input.subject.wire.name; true; y := x; y == "a" }`, subject: "wire/name"},
		{rules: `r if { x := input.subject; x.wire; x.tls == "a" }`, subject: "tls wire/#"},
		{rules: `r if input.subject.tls == input.subject.scope`, subject: "scope tls"},
		{rules: `r if input.subject == input.subject.wire`, subject: "."},
		// Iterating.
		{rules: `r if { some o in input.subject.owners; o.exe == "a" }`, subject: "owners/*/exe"},
		{rules: `r if { some i, o in input.subject.owners; i > 0 }`, subject: "owners/#"},
		{rules: `r if { some i; input.subject.owners[i].exe == "a"; input.subject.owners[i].user }`, subject: "owners/*/exe owners/*/user/#"},
		{rules: `r if { every o in input.subject.owners { o.exe == "a" } }`, subject: "owners/*/exe"},
		{rules: `r if { every k, v in input.subject.wire { k != "a"; v } }`, subject: "wire/*/#"},
		{rules: `r if { some row in input.subject.rows; some cell in row; cell.p == 1 }`, subject: "rows/*/*/p"},
		{rules: `r if not "a" in input.subject.list`, subject: "list"},
		// Counting reads how many there are; of a set, which are equal.
		{rules: `r if count(input.subject.owners) == 0`, subject: "owners/#"},
		{rules: `r if count([o | some o in input.subject.owners; o.user == "a"]) == 0`, subject: "owners/*/user"},
		{rules: `r if count({o | some o in input.subject.owners; o.user == "a"}) == 0`, subject: "owners/*"},
		{rules: `r if count([1 | some s in {o | some o in input.subject.owners}]) == 1`, subject: "owners/*"},
		{rules: `r if { some s in {o | some o in input.subject.owners}; s.exe == "a" }`, subject: "owners/*/exe"},
		// Collections made by rules.
		{rules: `r if { x := [input.subject.tls, input.subject.scope]; x[0] == "a" }`, subject: "scope tls"},
		{rules: `r if { [a, b] := [input.subject.tls, input.subject.wire]; b.name == "a" }`, subject: "wire/name"},
		{rules: `r if { {"name": a, "conf": b} = input.subject.wire; a == "x" }`, subject: "wire/name"},
		{rules: `r if { x := {o.exe: o | some o in input.subject.owners}; x["a"].user == "b" }`, subject: "owners/*"},
		{rules: `r if { x := {input.subject.tls: input.subject.wire}; x["none"].name == "a" }`, subject: "tls wire/name"},
		// Rules and functions.
		{rules: "r if s.tls == \"a\"\ns := input.subject", subject: "tls"},
		{rules: "r if s.tls == \"a\"\ns := input.subject if input.subject.scope == \"b\"", subject: "scope tls"},
		{rules: "r if s.tls == \"a\"\ndefault s := {}\ns := input.subject if input.subject.scope == \"b\"", subject: "scope tls"},
		{rules: "r if o.exe == \"a\"\no := x if { some x in input.subject.owners; x.user == \"b\" }", subject: "owners/*"},
		{rules: "r if o.exe == \"a\"\no := input.subject.owners[0]\no := input.subject.owners[1]", subject: "owners/0 owners/1"},
		{rules: "r if { some o in named; o.exe == \"a\" }\nnamed contains o if { some o in input.subject.owners; o.user == \"b\" }", subject: "owners/*/exe owners/*/user"},
		{rules: "r if named[input.subject.tls]\nnamed contains o.exe if { some o in input.subject.owners }", subject: "owners/*/exe tls"},
		{rules: "r if { some o; named[o]; o.exe == \"a\" }\nnamed contains o if { some o in input.subject.owners }", subject: "owners/*/exe"},
		{rules: "r if by[\"a\"].user == \"b\"\nby[o.exe] := o if { some o in input.subject.owners }", subject: "owners/*"},
		{rules: "r if by.a.user == \"b\"\nby[input.subject.tls] := input.subject.wire", subject: "tls wire"},
		{rules: "r if f(input.subject)\nf(s) if s.tls == \"a\"", subject: "tls"},
		{rules: "r if not f(input.subject)\nf(s) if s.tls == \"a\"\nelse := false if s.scope == \"b\"", subject: "scope tls"},
		{rules: "r if { f(input.subject.wire); f(input.subject.peer) }\nf(s) if s.name == \"a\"", subject: "peer/name wire/name"},
		{rules: "r if f(input.subject.wire).name == \"a\"\nf(s) := s", subject: "wire/name"},
		{rules: "r if f(input.subject.tls)\nf(\"a\") := true\nf(\"b\") := false", subject: "tls"},
		{rules: "r if p\np.a.b := input.subject.tls", subject: "tls"},
		{rules: "r if p[input.subject.tls]\np.a := input.subject.wire\np.b := input.subject.host", subject: "host tls wire"},
		{rules: "r if p.a.name == \"x\"\np[input.subject.tls] := input.subject.wire\np.a := input.subject.peer if input.subject.host", subject: "host/# peer tls wire"},
		// Members that are computed.
		{rules: `r if { some n in ["tls", "scope"]; input.subject[n] == "a" }`, subject: "scope tls"},
		{rules: `r if input.subject[input.subject.tls] == "a"`, subject: "*"},
		{rules: `r if { {"a": 1}[input.subject.tls] == 1 }`, subject: "tls"},
		// What is not followed reads the whole.
		{rules: `r if object.get(input.subject, "tls", "a") == "a"`, subject: "."},
		{rules: `r if { walk(input.subject, [_, v]); v == "a" }`, subject: "."},
		{rules: `r if input[input.subject.tls].scope == "a"`, subject: ".", facts: "."},
		{rules: "r if f(input)\nf(x) if x == {}", subject: ".", facts: "."},
		{rules: "r if f(input)\nf(x) if x.subject.tls == \"a\"", subject: "tls"},
		{rules: "r if s with input.subject.tls as \"a\"\ns if input.subject.scope == \"b\"", subject: ".", facts: "."},
		// Facts.
		{rules: `r if { some e in input.subject.refs; input.facts.k[e].m == 1 }`, subject: "refs/*", facts: "m"},
		{rules: `r if { some e in input.subject.refs; f := input.facts.k[e]; count(f.parts) > 0; f.parts[_].x == 1 }`, subject: "refs/*", facts: "parts/*/x"},
		{rules: "r if { some e in input.subject.refs; f(input.facts.k[e]) }\nf(k) if k.m == 1", subject: "refs/*", facts: "m"},
		{rules: `r if { some e in input.subject.refs; some b in input.facts.k[e].back; input.facts.k[b].n == 1 }`, subject: "refs/*", facts: "back/* n"},
		{rules: `r if { some e in input.subject.refs; input.facts.k[e] }`, subject: "refs/*", facts: "#"},
		{rules: "r if { some f in all; f.m == 1 }\nall := [input.facts.k[e] | some e in input.subject.refs]", subject: "refs/*", facts: "m"},
	} {
		module, err := ast.ParseModuleWithOpts("p.rego", "package p\n"+row.rules, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			t.Fatal(err)
		}
		compiler := ast.NewCompiler()
		if compiler.Compile(map[string]*ast.Module{"p.rego": module}); compiler.Failed() {
			t.Errorf("%s\n%v", row.rules, compiler.Errors)
			continue
		}
		f := newFollower(compiler, nil)
		for _, rule := range compiler.GetRulesExact(ast.MustParseRef("data.p.r")) {
			f.rule(rule)
		}
		reads := f.result()
		if subject, facts := text(reads.Subject), text(reads.OfKind("k")); subject != row.subject || facts != row.facts {
			t.Errorf("%s\nreads %q and facts %q, want %q and %q", row.rules, subject, facts, row.subject, row.facts)
		}
	}
}
