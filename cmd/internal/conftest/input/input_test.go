package input

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// viaGo is what encoding/json and OPA make of a text, as conftest has it.
func viaGo(text string) (ast.Value, bool) {
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return nil, false
	}
	value, err := ast.InterfaceToValue(v)
	return value, err == nil
}

// FuzzJSON holds the reader of JSON against encoding/json: both refuse a text, or
// both make the same value, its numbers spelled alike.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a": [1, -0, 1e5, 12345678901234567890, 0.1, 1E-7], "a": {"b": null}, "": true}`,
		`"\u00e9\ud83d\ude00\ud83d x\/\b\f\n\r\t\"\\ \udc00\ud800\u0041"`, "\"\xff\xc3\x28 é\\n\xff\"", `[1,]`, `01`, `1.`, `-`, `+1`, `.5`,
		`1e999`, `"\x"`, "\"\n\"", ` [ ] `, `{"a":}`, `nul`, `"\u12"`, `tru`, `{"a" 1}`, "\ufeff1", `[[[]]] x`, `-0.0`, `1e-999`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, ok := viaGo(text)
		got, err := fastJSON(&builder{keys: map[string]*ast.Term{}}, text)
		if ok != (err == nil) {
			t.Fatalf("%q: encoding/json %v, ours %v", text, ok, err)
		}
		if ok && (got.Value.Compare(want) != 0 || got.Value.String() != want.String()) {
			t.Fatalf("%q: %v, want %v", text, got.Value, want)
		}
	})
}

// FuzzNeed holds that what is not needed is refused where all of it would be, and that
// what is needed is there.
func FuzzNeed(f *testing.F) {
	for _, seed := range []string{
		`{"a": {"b": 1, "c": [1e999]}, "d": "\u00zz"}`, `{"d": [1, {"x": "\n"}], "a": [{"b": 2, "c": 3}], "a": {"b": 4}}`, `{"e": [}`, `{"e": "\x"}`,
		`{"e": 01, "a": {"b": {"q": []}}}`, "{\"e\": \"\x01\"}", "{\"e\": \"\xff\"}", `[{"a": {"b": 1}, "z": 0}, 7]`, `{"e": tru}`, `{"e" 1}`, `{"e": {"f": -}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		need := &Need{}
		need.Member("a").Member("b").All = true
		need.Member("a").Every().Member("b").All = true
		b := &builder{keys: map[string]*ast.Term{}}
		whole, err := fastJSON(b, text)
		part, partErr := neededJSON(b, text, need)
		if (err == nil) != (partErr == nil) {
			t.Fatalf("%q: whole %v, part %v", text, err, partErr)
		}
		if err != nil {
			return
		}
		documents := func(v ast.Value) []*ast.Term {
			if list, ok := v.(*ast.Array); ok {
				var all []*ast.Term
				list.Foreach(func(t *ast.Term) { all = append(all, t) })
				return all
			}
			return []*ast.Term{ast.NewTerm(v)}
		}
		wholes, parts := documents(whole.Value), documents(part.Value)
		if len(wholes) != len(parts) {
			t.Fatalf("%q: %d and %d documents", text, len(wholes), len(parts))
		}
		for i := range wholes {
			for _, path := range []string{`["a","b"]`, `["a","x","b"]`} {
				ref := ast.MustParseTerm(path).Value.(*ast.Array)
				at := func(v *ast.Term) *ast.Term {
					for n := 0; n < ref.Len() && v != nil; n++ {
						o, ok := v.Value.(ast.Object)
						if !ok {
							return nil
						}
						v = o.Get(ref.Elem(n))
					}
					return v
				}
				if x, y := at(wholes[i]), at(parts[i]); (x == nil) != (y == nil) || x != nil && x.Value.Compare(y.Value) != 0 {
					t.Fatalf("%q: %s is %v, not %v", text, path, y, x)
				}
			}
		}
	})
}

// FuzzRead holds that no format brings the reader down, and that what it makes is
// JSON.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"a = \"${x}\"\nb \"c\" {\n  d = [1, null, -x]\n}\n", "a: &x {b: 1}\n---\n<<: *x\n", "[a]\nb = 1\n[[c]]\nd = 1979-05-27\n",
		"# escape=`\nFROM a\nRUN <<E\nx\nE\nENV A=1 B=\"2\nONBUILD RUN [\"x\"]\n", "<a b=\"1\">t<c/></a>", "a=1\nexport B=\"$a\"\n", "*.go @a/b # c\n",
		"! a \\ \n#\n", "/* c */ {\"a\": 1} // x", "resource \"a\" \"b\" {\n  x = \"${y}\"\n}",
	} {
		for _, format := range append(Names(), "jsonc") {
			f.Add(format, seed)
		}
	}
	if format := os.Getenv("FUZZ_FORMAT"); format != "" { // one alone
		f.Add(format, "a { b = [1, \"x\"] }\nc.d = ${a.b} // e\n")
	}
	f.Fuzz(func(t *testing.T, format, text string) {
		if only := os.Getenv("FUZZ_FORMAT"); only != "" {
			format = only
		}
		if Check(format, "") != nil {
			return // no format of that name
		}
		for _, numbers := range []Spelling{Rego, JSON} {
			term, err := NewReader(numbers).Read(format, "", []byte(text))
			if err != nil {
				continue
			}
			if _, err := ast.JSON(term.Value); err != nil {
				t.Fatalf("%s %q: %v", format, text, err)
			}
		}
	})
}

// TestDeep holds that a text that nests without end is an error in every format: the
// process would die of it.
func TestDeep(t *testing.T) {
	for format, unit := range map[string]string{
		"json": "[", "yaml": "[", "hcl2": "a = [", "hcl1": "a = [", "hocon": "a = [", "jsonnet": "(", "edn": "[", "groovy": "(", "vcl": "sub a {", "nginx": "a {",
		"xml": "<a>", "jsonc": "[", "toml": "a = [",
	} {
		for _, n := range []int{3_000, 300_000} {
			if format == "vcl" && n < maxNesting {
				continue // the library closes what is open at the end
			}
			if _, err := NewReader(Rego).Read(format, "", []byte(strings.Repeat(unit, n))); err == nil {
				t.Errorf("%s: no error", format)
			}
		}
	}
	for _, text := range []string{"a = " + strings.Repeat("!", 300_000) + "true", "a = " + strings.Repeat("1 ? 1 : ", 300_000) + "1"} {
		if _, err := NewReader(Rego).Read("hcl2", "", []byte(text)); err == nil {
			t.Error("no error")
		}
	}
	for unit, n := range map[string]int{"[": 9_000, "(": 9_000} {
		closer := map[string]string{"[": "]", "(": ")"}[unit]
		text := "a = " + strings.Repeat(unit, n) + "1" + strings.Repeat(closer, n)
		if _, err := NewReader(Rego).Read("hcl2", "", []byte(text)); err != nil {
			t.Errorf("%s: %v", unit, err)
		}
	}
}

func TestFormat(t *testing.T) {
	for path, want := range map[string]string{
		"-": "yaml", "x/Dockerfile": "dockerfile", "dockerfile.dev": "dockerfile", "a.Dockerfile": "dockerfile", "a.YML": "yaml", "a.tf": "hcl2",
		"a.tfvars": "hcl2", "a.hcl": "hcl2", "a.tf.json": "json", ".gitignore": "ignore", "x.dockerignore": "ignore", ".env.prod": "dotenv",
		"prod.env": "dotenv", "nginx.conf": "nginx", "Jenkinsfile": "groovy", "a.textpb": "textproto", "CODEOWNERS": "codeowners",
		"a.jsonc": "jsonc", "a.hcl1": "hcl1", "a.conf": "", "Makefile": "", "a.rego": "", "a.spdx": "spdx",
	} {
		got, ok := Format(path)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%s is %q, %v; want %q", path, got, ok, want)
		}
	}
}
