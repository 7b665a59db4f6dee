package input

import (
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

func hocon(text string) string {
	t, err := NewReader(JSON).Read("hocon", "", []byte(text))
	if err != nil {
		return "error: " + strings.TrimPrefix(err.Error(), "parser unmarshal: ")
	}
	return t.Value.String()
}

// TestHOCON holds what the specification says where conftest's library loses a value,
// ends the process or does not end; where that is well, testdata/conftest has its word.
func TestHOCON(t *testing.T) {
	for text, want := range map[string]string{
		`a = 1`:                                        `{"a": 1}`,
		`"a.b" = 1, c."d.e" = 2`:                       `{"a.b": 1, "c": {"d.e": 2}}`,
		`a += 1, a += x y`:                             `{"a": "[1,\"x y\"]"}`,
		`a { b += 1 }, a.b += 2`:                       `{"a": {"b": "[1,2]"}}`,
		`a { b = 1 }, a.b = 2, c = ${a.b}`:             `{"a": {"b": 2}, "c": 2}`,
		`a = ${c} { y = 2 }, c { x = 1 }`:              `{"a": {"x": 1, "y": 2}, "c": {"x": 1}}`,
		`a = ${c}, a { y = 2 }, c { x = ${a.y} }`:      `{"a": {"x": 2, "y": 2}, "c": {"x": 2}}`,
		`a = {x = 1}, a = null, a = {y = 2}`:           `{"a": {"y": 2}}`,
		`a { b = 1, c = ${a.b} }, a { b = 3 }`:         `{"a": {"b": 3, "c": 3}}`,
		`p = x, p = ${p}":y", p = ${p}":z"`:            `{"p": "x:y:z"}`,
		`a { b = [1] }, a { b = ${a.b} [2] }`:          `{"a": {"b": "[1,2]"}}`,
		`a = ${?a} [1], b = ${?c}{x = 1}`:              `{"a": "[1]", "b": {"x": 1}}`,
		`a = 1, a = ${?b}`:                             `{"a": 1}`,
		`a = ${?HOME}`:                                 `{"a": "<<unknown value>>"}`,
		`a = ${HOME}`:                                  `error: resolve hocon: nothing to substitute for ${HOME} in line 1`,
		`a = ${?b}, c = x${a}`:                         `{"a": "<<unknown value>>", "c": "<<unknown value>>"}`,
		`a = ${b}, b = ${a}`:                           `error: resolve hocon: nothing to substitute for ${a} in line 1`,
		`a = ${ b."c" }, b.c = 1`:                      `{"a": 1, "b": {"c": 1}}`,
		`a = "\u00e9\ud83d\ude00\t"`:                   `{"a": "é😀"}`,
		"a = \"\"\"x\"\"\"\"\nb = [\n1\n2,\n]\n":       `{"a": "x\"", "b": "[1,2]"}`,
		`a = http://x`:                                 `error: parse hocon: line 1: ':' in a value without quotes`,
		"a = 1\ninclude \"x\"":                         `error: parse hocon: line 2: include: no other files are read: resolve it first`,
		`include required(file("x"))`:                  `error: parse hocon: line 1: include: no other files are read: resolve it first`,
		`include = 1, "include" x = 2`:                 `{"include": 1, "include x": 2}`,
		`a = {} x`:                                     `error: resolve hocon: texts, objects and arrays in one value`,
		`a = [1`:                                       `error: parse hocon: line 1: an array does not end`,
		`a { b = 1`:                                    `error: parse hocon: line 1: an object does not end`,
		`a = 1 }`:                                      `error: parse hocon: line 1: a brace closes nothing`,
		`{ a = 1 } b`:                                  `error: parse hocon: line 1: 'b' behind the end`,
		`a = "x`:                                       `error: parse hocon: line 1: a text in quotes does not end`,
		`a = 1,, b = 2`:                                `error: parse hocon: line 1: a key is missing`,
		`a = nan`:                                      `error: resolve hocon: json: unsupported value: nan`,
		"a = x" + strings.Repeat("\na = ${a}${a}", 60): `error: resolve hocon: substitutions make more than 16 MiB`,
	} {
		if got := hocon(text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestHOCONEnvironment holds that the environment is looked at where that is allowed, and
// behind the file.
func TestHOCONEnvironment(t *testing.T) {
	t.Setenv("WRIT_TEST", "here")
	for allowed, want := range map[bool]string{true: `{"a": "here", "b": "x"}`, false: `{"a": "<<unknown value>>", "b": "x"}`} {
		text := "a = ${?WRIT_TEST}, b = x, b = ${?WRIT_TEST_NOT}"
		got, err := NewReader(JSON).Environment(allowed).Read("hocon", "", []byte(text))
		if err != nil || got.Value.String() != want {
			t.Errorf("allowed %v: %v %v, want %s", allowed, got, err, want)
		}
	}
}

// TestHOCONBounds holds that few lines do not make much by substituting each other.
func TestHOCONBounds(t *testing.T) {
	chain := func(n int, line func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i) + "\n")
		}
		return b.String()
	}
	name := func(i int) string { return "k" + strings.Repeat("x", i) }
	for what, text := range map[string]string{
		"objects": "k { a = 1 }\n" + chain(40, func(i int) string { return name(i+1) + " { a = ${" + name(i) + "}, b = ${" + name(i) + "} }" }),
		"arrays":  "k = [1, 2]\n" + chain(40, func(i int) string { return name(i+1) + " = ${" + name(i) + "} ${" + name(i) + "}" }),
		"texts":   "k = xy\n" + chain(40, func(i int) string { return name(i+1) + " = ${" + name(i) + "}${" + name(i) + "}" }),
		"depth":   chain(1100, func(i int) string { return name(i) + " = ${" + name(i+1) + "}" }) + name(1100) + " = 1",
		"itself":  "k { a = ${k} }",
	} {
		if got := hocon(text); !strings.HasPrefix(got, "error: resolve hocon: ") {
			t.Errorf("%s: no error", what)
		}
	}
	if _, ok := ast.MustParseTerm(hocon("a { b = 1 }")).Value.(ast.Object); !ok {
		t.Error("no object")
	}
}
