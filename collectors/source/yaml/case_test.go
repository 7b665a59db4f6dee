package yaml_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/yaml"
)

// show writes a tree on one line: opaque values as <reason>, strings in quotes.
func show(n *node.Node) string {
	if n == nil {
		return "nothing"
	}
	var parts []string
	for i, e := range n.Elems {
		s := show(e)
		if n.Kind == node.Object {
			s = n.Keys[i].Name + "=" + s
		}
		parts = append(parts, s)
	}
	switch n.Kind {
	case node.Null:
		return "null"
	case node.String:
		return fmt.Sprintf("%q", n.Text)
	case node.Array:
		return "[" + strings.Join(parts, " ") + "]"
	case node.Object:
		return "{" + strings.Join(parts, " ") + "}"
	case node.Opaque:
		return "<" + n.Reason + ">"
	}
	return n.Text
}

// read returns the documents, each with its line and column, and the diagnostics.
func read(rules yaml.Rules, text string) string {
	docs, diagnostics := yaml.ReadAs(rules, "f", []byte(text))
	var b strings.Builder
	for _, d := range docs {
		fmt.Fprintf(&b, "%d:%d %s\n", d.Root.Line, d.Root.Column, show(d.Root))
	}
	for _, d := range diagnostics {
		fatal := ""
		if d.Fatal {
			fatal = "fatal "
		}
		fmt.Fprintf(&b, "%s%s %s\n", fatal, d.Severity, d.Error())
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func TestStreams(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"comments only", "# a\n\n# b\n", ""},
		{"two", "a: 1\n---\nb: 2\n", "1:1 {a=1}\n3:1 {b=2}"},
		{"comment behind the separator", "a: 1\n--- # c\nb: 2\n", "1:1 {a=1}\n3:1 {b=2}"},
		{"blanks behind the separator", "a: 1\n---  \t \nb: 2\n", "1:1 {a=1}\n3:1 {b=2}"},
		{"CRLF", "a: 1\r\n---\r\nb: 2\r\n", "1:1 {a=1}\n3:1 {b=2}"},
		{"lone LF among CRLF", "a: 1\r\n---\nb: 2\r\n", "1:1 {a=1}\n3:1 {b=2}"},
		{"lone CR", "a: 1\r---\rb: 2\r", "1:1 {a=1}\n1:10 {b=2}"},
		{"content behind the separator", "a: 1\n--- {b: 2}\n--- x\n--- |\n  y\n", "1:1 {a=1}\n2:5 {b=2}\n3:5 \"x\"\n4:5 \"y\\n\""},
		{"end markers", "a: 1\n...\nb: 2\n... # c\n---\nc: 3\n", "1:1 {a=1}\n3:1 {b=2}\n6:1 {c=3}"},
		{"byte order marks", "\ufeffa: 1\n...\n\ufeffb: 2\n\ufeff---\nc: 3\n", "1:1 {a=1}\n3:1 {b=2}\n5:1 {c=3}"},
		{"empty documents", "---\n---\n# x\n---\na: 1\n---\n", "2:1 null\n4:1 null\n5:1 {a=1}\n7:1 null"},
		{"directives", "%YAML 1.2\n# c\n---\na: 1\n...\n%TAG ! tag:example.org,2000:\n---\nb: 2\n", "4:1 {a=1}\n8:1 {b=2}"},
		{"no separators", "a: |\n  --- x\n  ---\nb: ---x\nc: \"\n  --- \"\n", `1:1 {a="--- x\n---\n" b="---x" c=" --- "}`},
		{"a separator ends a scalar", "a: \"x\n---\nb: 2\n", "1:1 <the document cannot be parsed: found unexpected end of stream>\n3:1 {b=2}\nfatal error f:2:1: cannot parse YAML: found unexpected end of stream"},
		{"an error hides no other", "a: 1\n---\nb: [\n---\nc: 3\n---\n\td: x\n---\ne: 5\n", "1:1 {a=1}\n2:1 <the document cannot be parsed: did not find expected node content>\n5:1 {c=3}\n6:1 <the document cannot be parsed: found character that cannot start any token>\n9:1 {e=5}\n" +
			"fatal error f:3:1: cannot parse YAML: did not find expected node content\nfatal error f:7:1: cannot parse YAML: found character that cannot start any token"},
		{"breaks of YAML 1.1", "a: x\u0085b: 2\n", "1:1 {a=\"x\" b=2}"},
		{"UTF-16", "\xff\xfea\x00:\x00 \x001\x00\n\x00", "1:1 {a=1}"},
		{"NUL", "a: 1\x00\nb: 2\n", "1:1 <the document cannot be parsed: control characters are not allowed>\nfatal error f:1:1: cannot parse YAML: control characters are not allowed"},
		{"JSON", "{\"a\": [1, 2.50, \"x\", null, true],\n\t\"b\": {}}", `1:1 {a=[1 2.5 "x" null true] b={}}`},
	} {
		if diff := cmp.Diff(c.want, read(yaml.Go, c.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestStructure(t *testing.T) {
	const base = "x: &x {a: 1, b: 2}\n"
	for _, c := range []struct{ name, text, want string }{
		{"twice", "a: 1\nb: 2\na: 3\n", `1:1 {a=<the key "a" stands twice, on line 1 and on line 3> b=2}` + "\n" + `fatal error f:3:1: the key "a" stands twice: on line 1 and on line 3`},
		{"twice by value", "1: x\n0x1: y\n", `1:1 {1=<the key "1" stands twice, on line 1 and on line 2>}` + "\n" + `fatal error f:2:1: the key "1" stands twice: on line 1 and on line 2`},
		{"keys", "true: a\n~: b\n\"q\": c\n1.0: d\n? e\n: f\n", `1:1 {true="a" null="b" q="c" 1="d" e="f"}`},
		{"a key that is a list", "z: 1\ny:\n  ? [a]\n  : 1\n  b: 2\n", "1:1 {z=1 y=<a key of the mapping is not a scalar>}\nwarning f:3:3: a key of the mapping is not a scalar: what depends on the mapping is not known"},
		{"alias", "a: &a [1]\nb: *a\n*a : 2\n", "1:1 <a key of the mapping is not a scalar>\nwarning f:1:1: a key of the mapping is not a scalar: what depends on the mapping is not known"},
		{"alias to a key", "&k a: 1\nb: *k\n*k : 3\n", `1:4 {a=<the key "a" stands twice, on line 1 and on line 3> b="a"}` + "\n" + `fatal error f:3:1: the key "a" stands twice: on line 1 and on line 3`},
		{"alias into itself", "a: &a\n  b: *a\n", "1:1 {a={b=<the alias *a stands inside its own anchor>}}\nwarning f:2:6: the alias *a stands inside its own anchor: what depends on it is not known"},
		{"unknown alias", "a: *b\n", "1:1 <the document cannot be parsed: unknown anchor 'b' referenced>\nfatal error f:1:1: cannot parse YAML: unknown anchor 'b' referenced"},
		{"an anchor again", "a: &a 1\nb: *a\nc: &a 2\nd: *a\n", "1:1 {a=1 b=1 c=2 d=2}"},
		{"merge", base + "y:\n  <<: *x\n  b: 3\n", "1:1 {x={a=1 b=2} y={b=3 a=1}}"},
		{"merge of a list", base + "y: {<<: [{a: 8, c: 9}, *x]}\n", "1:1 {x={a=1 b=2} y={a=8 c=9 b=2}}"},
		{"merge of merges", base + "y: &y {<<: *x, c: 3}\nz: {<<: *y}\n", "1:1 {x={a=1 b=2} y={c=3 a=1 b=2} z={c=3 a=1 b=2}}"},
		{"merge in quotes", base + "y: {\"<<\": *x}\n", "1:1 {x={a=1 b=2} y={<<={a=1 b=2}}}"},
		{"merge of a scalar", "y: {<<: 1, a: 2}\n", "1:1 {y=<what a merge key names is not a mapping>}\nwarning f:1:4: what a merge key names is not a mapping: what depends on the mapping is not known"},
		{"two merges", base + "y: {<<: *x, <<: {b: 7, c: 8}}\n", `1:1 {x={a=1 b=2} y={a=1 b=<two merge keys give "b"> c=8}}`},
		{"tags", "a: !Ref x\nb: !!str 1\nc: !!int \"7\"\nd: !!binary eA==\ne: !!int x\nf: !Sub {a: 1}\ng: !!set {a}\nh: !!float 1\ni: !!null ''\nj: !<tag:yaml.org,2002:bool> true\n",
			`1:1 {a=<the tag !Ref is not modelled> b="1" c=7 d=<the tag !!binary is not modelled> e=<not a value of the tag !!int> f=<the tag !Sub is not modelled> g=<the tag !!set is not modelled> h=1 i=null j=true}`},
		{"deep", "a: " + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "\n", "1:1 {a=" + strings.Repeat("[", 199) + "<nested more than 200 levels deep>" + strings.Repeat("]", 199) + "}\nwarning f:1:203: nested more than 200 levels deep: what is deeper is not judged"},
	} {
		if diff := cmp.Diff(c.want, read(yaml.Go, c.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestBudget(t *testing.T) {
	laughs := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		alias := fmt.Sprintf("*a%d", i-1)
		laughs += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.Join([]string{alias, alias, alias, alias, alias, alias, alias, alias, alias, alias}, ", "))
	}
	docs, diagnostics := yaml.Read("f", []byte(laughs))
	if got := show(docs[0].Root.Get("a3")); strings.Contains(got, "<") {
		t.Errorf("a3 is within the budget, got %.100s", got)
	}
	if got := show(docs[0].Root.Get("a11")); len(got) > 1<<20 || !strings.Contains(got, "<the aliases of the document stand for more than 100000 values>") {
		t.Errorf("a11 is beyond the budget, got %d bytes: %.100s", len(got), got)
	}
	if len(diagnostics) != 1 || diagnostics[0].Fatal {
		t.Errorf("got %v, want one warning", diagnostics)
	}
}

func TestRules(t *testing.T) {
	for _, c := range []struct{ text, plain, core, kubernetes string }{
		{"yes", `"yes"`, `"yes"`, "true"}, {"Off", `"Off"`, `"Off"`, "false"}, {"y", `"y"`, `"y"`, "true"}, {"oN", `"oN"`, `"oN"`, `"oN"`},
		{"0777", "511", "777", "511"}, {"0o17", "15", "15", "15"}, {"-0o17", "-15", `"-0o17"`, "-15"}, {"0b11", "3", `"0b11"`, "3"},
		{"0x1F", "31", "31", "31"}, {"+0x1f", "31", `"+0x1f"`, "31"}, {"1_000", "1000", `"1_000"`, "1000"}, {"089", "89", "89", "89"},
		{"0xFFFFFFFFFFFFFFFF", "18446744073709551615", "18446744073709551615", "18446744073709551615"}, {"0x", `"0x"`, `"0x"`, `"0x"`},
		{"12345678901234567890123", "12345678901234567890123", "12345678901234567890123", "12345678901234567890123"},
		{"+5", "5", "5", "5"}, {"-0", "-0", "-0", "-0"}, {"1e3", "1000", "1000", "1000"}, {"1.50", "1.5", "1.5", "1.5"}, {".5", "0.5", "0.5", "0.5"}, {"-.5e-2", "-0.005", "-0.005", "-0.005"},
		{"5.", "5", "5", "5"}, {"1e100", "1e100", "1e100", "1e100"}, {"1e", `"1e"`, `"1e"`, `"1e"`}, {".", `"."`, `"."`, `"."`}, {"-", `[null]`, `[null]`, `[null]`}, {"1e999999999999", `"1e999999999999"`, `"1e999999999999"`, `"1e999999999999"`},
		{".inf", "<not a finite number>", "<not a finite number>", "<not a finite number>"}, {"-.INF", "<not a finite number>", "<not a finite number>", "<not a finite number>"}, {"+.nan", `"+.nan"`, `"+.nan"`, `"+.nan"`},
		{"1:30", `"1:30"`, `"1:30"`, `"1:30"`}, {"2024-01-01", `"2024-01-01"`, `"2024-01-01"`, `"2024-01-01"`}, {"10.0.0.1", `"10.0.0.1"`, `"10.0.0.1"`, `"10.0.0.1"`}, {"1_", "1", `"1_"`, "1"},
		{"TRUE", "true", "true", "true"}, {"tRue", `"tRue"`, `"tRue"`, `"tRue"`}, {"~", "null", "null", "null"}, {"Null", "null", "null", "null"},
	} {
		for rules, want := range []string{c.plain, c.core, c.kubernetes} {
			docs, _ := yaml.ReadAs(yaml.Rules(rules), "f", []byte(c.text))
			if got := show(docs[0].Root); got != want {
				t.Errorf("%s by rules %d: got %s, want %s", c.text, rules, got, want)
			}
		}
	}
	const conflict = "x: &x {a: 1}\nz:\n  a: 2\n  <<: *x\n"
	for rules, want := range []string{"2", "2", `<"a" stands before a merge key that gives it too, on line 4: tools differ in which holds>`} {
		docs, _ := yaml.ReadAs(yaml.Rules(rules), "f", []byte(conflict))
		if got := show(docs[0].Root.At("z", "a")); got != want {
			t.Errorf("rules %d: got %s, want %s", rules, got, want)
		}
	}
	docs, _ := yaml.ReadAs(yaml.Kubernetes, "f", []byte("on: 1\n0o10: 2\n"))
	if got, want := show(docs[0].Root), "{true=1 8=2}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Bad input is told of within bounds, and what is told last is not silent.
func TestManyProblems(t *testing.T) {
	_, diagnostics := yaml.Read("f", []byte(strings.Repeat("a: 1\r", 100_000)))
	if n := len(diagnostics); n != 201 || diagnostics[n-1].Summary != "more problems are not listed" || !diagnostics[n-1].Fatal {
		t.Errorf("%d diagnostics, the last is %v", n, diagnostics[n-1])
	}
	docs, diagnostics := yaml.Read("f", []byte(strings.Repeat("--- [\n", 1000)))
	if len(docs) != 1000 || len(diagnostics) != 200 {
		t.Errorf("%d documents, %d diagnostics", len(docs), len(diagnostics))
	}
}
