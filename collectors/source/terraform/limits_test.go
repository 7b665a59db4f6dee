package terraform

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// TestLimits gives Load configurations that are small to write and large to
// evaluate. Each has to end soon, leave the value unknown or the root
// incomplete, and leave the resource beside it alone.
func TestLimits(t *testing.T) {
	many := strings.Repeat
	cases := map[string]string{
		"brackets":      "a = " + many("[", 20_000) + many("]", 20_000),
		"unclosed":      "a = " + many("[", 20_000),
		"parentheses":   "a = " + many("(", 10_000) + "1" + many(")", 10_000),
		"objects":       "a = " + many("{a=", 10_000) + "1" + many("}", 10_000),
		"templates":     "a = " + many(`"${`, 10_000) + "1" + many(`}"`, 10_000),
		"hidden":        "a = " + many("[ # ]\n", 10_000) + many("]", 10_000),
		"negations":     "a = " + many("!", 20_000) + "true",
		"minus":         "a = " + many("- ", 20_000) + "1",
		"sum":           "a = 1" + many(" + 1", 20_000),
		"conditionals":  "a = " + many("true ? 1 : ", 10_000) + "1",
		"indices":       "a = var.x" + many("[local.n]", 10_000),
		"directives":    `a = "` + many("%{ if true }", 20_000) + many("%{ endif }", 20_000) + `"`,
		"calls":         "a = " + many("abs(", 10_000) + "1" + many(")", 10_000),
		"for":           "a = [for a in local.r : [for b in local.r : [for c in local.r : [for d in local.r : 1]]]]",
		"for template":  `a = "%{for a in local.r}%{for b in local.r}%{for c in local.r}xxxxxxxxxxxxxxxx%{endfor}%{endfor}%{endfor}"`,
		"doubling":      "a = local.d40",
		"doubled text":  "a = local.s40",
		"nested locals": "a = local.n2000",
		"chain":         "a = local.c0",
		"setproduct":    "a = setproduct(local.r, local.r, local.r, local.r)",
		"width":         `a = format("%999999999s", "x")`,
		"precision":     `a = format("%.999999999f", 1)`,
		"indent":        `a = indent(1000000000, "a\nb")`,
		"replace":       `a = replace(local.s20, "x", local.s20)`,
		"join":          `a = join(local.s20, local.r1)`,
		"power":         "a = local.p40",
		"exponent":      `a = "${1e999999999}"`,
		"text exponent": `a = "1e999999999" + 0`,
		"json":          `a = jsondecode(local.brackets)`,
		"yaml":          `a = yamldecode(local.brackets)`,
		"yaml aliases":  `a = yamldecode("a: &a [1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f]")`,
		"list of huge":  "a = [local.d16, local.d16, local.d16, local.d16, local.d16, local.d16, local.d16, local.d16, local.d16]",
		"count":         "count = 1000000000",
		"count float":   "count = 1e300",
		"for_each":      `for_each = toset([for p in setproduct(local.r, local.r) : join("-", p)])`,
		"dynamic":       "dynamic \"b\" {\nfor_each = setproduct(local.r, local.r)\ncontent {\nx = setproduct(local.r, [1, 2, 3, 4])\n}\n}",
	}
	for name, line := range cases {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{
				"locals.tf": {Data: []byte(limitLocals(line))},
				"main.tf":   {Data: []byte("resource \"aws_x\" \"big\" {\n" + line + "\n}\n")},
				"ok.tf":     {Data: []byte("resource \"aws_x\" \"ok\" {\n  a = 1\n}\n")},
			}
			r := Load(fsys, ".", Options{Limits: Limits{Values: 300_000, ValueSize: 20_000}})
			limited := len(r.Incomplete) > 0
			ok := false
			for _, res := range r.Resources {
				switch res.Name {
				case "ok":
					ok = res.Body.Get("a").Number == "1"
				case "big":
					limited = limited || anyUnknown(res.Body)
				}
			}
			if !ok {
				t.Error("the resource beside it is gone")
			}
			if !limited {
				t.Errorf("nothing is unknown or incomplete: %v", r.Diagnostics)
			}
			for _, d := range r.Diagnostics {
				if strings.Contains(d.Hint, "defect") {
					t.Error(d)
				}
			}
		})
	}
}

func anyUnknown(v *Value) bool {
	if v.Kind == Unknown {
		return true
	}
	for _, e := range v.Elems {
		if anyUnknown(e) {
			return true
		}
	}
	for _, f := range v.Fields {
		if anyUnknown(f.Value) {
			return true
		}
	}
	return false
}

// limitLocals are the values that a case names. Most grow: each is made of the
// one before.
func limitLocals(line string) string {
	var b strings.Builder
	b.WriteString("variable \"x\" {}\nlocals {\nn = 0\nr = range(1024)\nr1 = [for i in range(1000) : \"y\"]\n")
	fmt.Fprintf(&b, "brackets = join(\"\", [for i in range(1000) : \"%s\"])\n", strings.Repeat("[", 300))
	series := func(name, first, next string, n int) {
		if !strings.Contains(line, "local."+name) {
			return
		}
		fmt.Fprintf(&b, "%s0 = %s\n", name, first)
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&b, "%s%d = %s\n", name, i, strings.ReplaceAll(next, "#", fmt.Sprintf("local.%s%d", name, i-1)))
		}
	}
	series("d", "[1]", "[#, #]", 40)
	series("s", "\"x\"", "\"${#}${#}\"", 40)
	series("p", "10", "# * #", 40)
	series("n", "[]", "[#]", 2000)
	for i := range 2000 {
		fmt.Fprintf(&b, "c%d = local.c%d + 1\n", i, i+1)
	}
	b.WriteString("}\n")
	return b.String()
}

func TestLargeFiles(t *testing.T) {
	line := "# " + strings.Repeat("x", 5<<20)
	r := Load(fstest.MapFS{
		"long.tf": {Data: []byte(line)},
		"main.tf": {Data: []byte("resource \"aws_x\" \"ok\" {\n  a = file(\"long.tf\")\n}\n")},
	}, ".", Options{})
	want := "read long.tf: larger than 4194304 bytes"
	if len(r.Incomplete) != 1 || r.Incomplete[0] != want {
		t.Errorf("incomplete is %q, want %q", r.Incomplete, want)
	}
	if len(r.Resources) != 1 || r.Resources[0].Body.Get("a").Kind != Unknown {
		t.Errorf("the resource beside it is %+v", r.Resources)
	}
	if len(r.Diagnostics) == 0 || r.Diagnostics[0].Fatal {
		t.Errorf("diagnostics are %v", r.Diagnostics)
	}
	total := Load(fstest.MapFS{
		"a.tf": {Data: []byte("resource \"aws_x\" \"a\" {}\n")},
		"b.tf": {Data: []byte("resource \"aws_x\" \"b\" {}\n")},
	}, ".", Options{Limits: Limits{Bytes: 30}})
	if len(total.Resources) != 1 || len(total.Incomplete) != 1 {
		t.Errorf("beyond the limit of bytes: %d resources, incomplete %q", len(total.Resources), total.Incomplete)
	}
}
