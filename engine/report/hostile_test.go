package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/writ-policy/writ/engine/finding"
)

// hostile are strings that some reader of some format would obey.
var hostile = []string{
	"",
	" ",
	"\x1b[31mred\x1b[0m\x1b]0;title\a\x1b[2J",
	"\u009b31mC1\u0085next",
	"first\rsecond\r\nthird\n\nfifth\v\f\b",
	"nul\x00byte\x7f",
	"\u202eright to left\u202c \u2066isolate\u2069 \u200fmark\u061c",
	"zero\u200bwidth\ufeff\u2060\u00ad",
	"line\u2028separator\u2029paragraph",
	"tag\U000e0041\U000e007f",
	"\xff\xfe invalid \xc3\x28 \xed\xa0\x80 utf8",
	"\ufffd",
	"::set-output name=x::y",
	"\n::error file=a,line=1::b\n  ::stop-commands::x",
	"##[add-mask]x ##vso[task.setvariable variable=x]y ##teamcity[message]",
	"word ::warning::x",
	"]]>",
	"</script><script>alert(1)</script><!--",
	`"><img src=x onerror=alert(1)>&amp;&#x27;`,
	"{{.Run}} {{ constructor }} {0} {1} ${jndi:x} {%x%}",
	"[text](javascript:alert(1)) ![i](https://example.org/x) <https://example.org>",
	"[a](1) \\[b\\](2)",
	"| a | b |\n| --- | --- |\n# heading\n- [x] `code` **bold** ~~~\n```",
	"@everyone #1 https://example.org www.example.org",
	"=cmd|' /C calc'!A1",
	"../../etc/passwd",
	`..\..\windows`,
	"/etc/passwd",
	"file:///etc/passwd",
	"javascript:alert(1)",
	"//example.org/share",
	"a:1:2:3",
	"a b%2e%2e/%00#?",
	"--flag",
	strings.Repeat("long ", 450),
	strings.Repeat("l", 2100),
	strings.Repeat("語", 1100) + strings.Repeat("e\u0301", 1100),
	strings.Repeat("{", 2100),
}

// rewrite replaces every string within v by f(path, string); a path names a
// field without its index, "Finding.Evidence.Source". Numbers are no strings.
func rewrite(v reflect.Value, path string, f func(path, s string) string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			rewrite(v.Elem(), path, f)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			rewrite(v.Field(i), strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			rewrite(v.Index(i), path, f)
		}
	case reflect.Map:
		changed := reflect.MakeMap(v.Type())
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			key, value := reflect.New(k.Type()).Elem(), reflect.New(v.Type().Elem()).Elem()
			key.Set(k)
			value.Set(v.MapIndex(k))
			rewrite(key, path+"/key", f)
			rewrite(value, path, f)
			changed.SetMapIndex(key, value)
		}
		if !v.IsNil() {
			v.Set(changed)
		}
	case reflect.Interface:
		if !v.IsNil() {
			value := reflect.New(v.Elem().Type()).Elem()
			value.Set(v.Elem())
			rewrite(value, path, f)
			v.Set(value)
		}
	case reflect.String:
		if v.Type() != reflect.TypeFor[json.Number]() {
			v.SetString(f(path, v.String()))
		}
	}
}

func rewritten(f func(path, s string) string) []*finding.Message {
	messages := sample()
	for _, m := range messages {
		// The sample shares slices between findings; what is rewritten must not be.
		var own finding.Message
		line, err := json.Marshal(m)
		if err != nil {
			panic(err)
		}
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.UseNumber()
		if err := dec.Decode(&own); err != nil {
			panic(err)
		}
		*m = own
		rewrite(reflect.ValueOf(m), "", f)
	}
	return messages
}

func fields() []string {
	var paths []string
	rewritten(func(path, s string) string {
		paths = append(paths, path)
		return s
	})
	slices.Sort(paths)
	return slices.Compact(paths)
}

// The sample must use every string there is, or the corpus does not reach it.
func TestSampleIsWhole(t *testing.T) {
	var want []string
	var walk func(reflect.Type, string)
	walk = func(typ reflect.Type, path string) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice:
			walk(typ.Elem(), path)
		case reflect.Map:
			walk(typ.Key(), path+"/key")
			walk(typ.Elem(), path)
		case reflect.Struct:
			if typ == reflect.TypeFor[time.Time]() {
				return
			}
			for i := range typ.NumField() {
				walk(typ.Field(i).Type, strings.TrimPrefix(path+"."+typ.Field(i).Name, "."))
			}
		case reflect.String, reflect.Interface:
			want = append(want, path)
		}
	}
	walk(reflect.TypeFor[finding.Message](), "")
	have := fields()
	for _, path := range want {
		if !slices.Contains(have, path) {
			t.Errorf("no message of the sample has a string at %s", path)
		}
	}
}

// enumerated fields decide how a finding is shown, so hostile values there are
// tried alone, lest they keep the others from being shown.
var enumerated = []string{"Run.Schema", "Run.Supplied.What", "Finding.Outcome", "Finding.Severity", "Finding.Baseline", "Summary.Outcomes/key", "Summary.Diagnostics.Severity"}

func TestHostile(t *testing.T) {
	schemas := sarifSchemas(t)
	for i, h := range hostile {
		t.Run(fmt.Sprintf("everywhere/%d", i), func(t *testing.T) {
			checkAll(t, schemas, rewritten(func(string, string) string { return h }), false)
		})
		// In as many rounds as there are strings, each place meets each of them.
		t.Run(fmt.Sprintf("mixed/%d", i), func(t *testing.T) {
			n := i
			checkAll(t, schemas, rewritten(func(path, s string) string {
				if slices.Contains(enumerated, path) {
					return s
				}
				n++
				return hostile[n%len(hostile)]
			}), true)
		})
	}
	for _, field := range enumerated {
		t.Run(field, func(t *testing.T) {
			known := field != "Run.Schema" && field != "Finding.Outcome" && field != "Finding.Severity"
			for _, h := range hostile {
				checkAll(t, schemas, rewritten(func(path, s string) string {
					if path == field {
						return h
					}
					return s
				}), known)
				if t.Failed() {
					t.Fatalf("with %.100q", h)
				}
			}
		})
	}
}

// checkAll renders messages in every format and looks for what got through.
func checkAll(t *testing.T, schemas map[string]*jsonschema.Schema, all []*finding.Message, replay bool) {
	t.Helper()
	opts := Options{Verbose: true, Width: 60}
	text := render(t, "text", opts, all)
	checkText(t, text)
	opts.Color = true
	colored := sgr.ReplaceAll(render(t, "text", opts, all), nil)
	if plain, colored := trimmed(text), trimmed(colored); plain != colored {
		t.Errorf("colour changes the text: -plain +colour\n%s", cmp.Diff(plain, colored))
	}
	sarif := render(t, "sarif", Options{Verbose: true}, all)
	checkSARIF(t, schemas, sarif)
	checkJSON(t, sarif, "sarif")
	checkJUnit(t, render(t, "junit", opts, all))
	checkGitHub(t, render(t, "github", opts, all))
	gitlab := render(t, "gitlab", opts, all)
	checkGitLab(t, gitlab)
	checkJSON(t, gitlab, "gitlab")
	checkMarkdown(t, render(t, "markdown", opts, all))
	checkCSV(t, render(t, "csv", opts, all))
	checkHTML(t, render(t, "html", opts, all))
	for _, format := range []string{"json", "jsonl"} {
		saved := render(t, format, Options{}, all)
		checkJSON(t, saved, format)
		if replay {
			if again := replayed(t, saved, format, Options{}); !bytes.Equal(saved, again) {
				t.Errorf("replay changes the %s report: %s", format, cmp.Diff(string(saved), string(again)))
			}
		}
	}
}

// sgr is a sequence that the printer itself writes.
var sgr = regexp.MustCompile("\x1b\\[(0|1|2|1;31|32|33|34)m")

func trimmed(text []byte) string {
	lines := strings.Split(string(text), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

var command = regexp.MustCompile(`^\s*::|##[A-Za-z]*\[`)

func checkText(t testing.TB, text []byte) {
	t.Helper()
	if !utf8.Valid(text) {
		t.Error("text is not UTF-8")
	}
	for n, line := range strings.Split(string(text), "\n") {
		if (strings.Contains(line, "::") || strings.Contains(line, "##")) && command.MatchString(line) {
			t.Errorf("line %d is a command: %.200q", n+1, line)
		}
		for _, r := range line {
			if !unicode.IsPrint(r) {
				t.Errorf("line %d has a raw %U: %.200q", n+1, r, line)
				break
			}
		}
	}
}

func checkJSON(t *testing.T, saved []byte, format string) {
	t.Helper()
	parts := [][]byte{saved}
	if format == "jsonl" {
		parts = bytes.Split(bytes.TrimSuffix(saved, []byte("\n")), []byte("\n"))
	}
	for _, p := range parts {
		if !json.Valid(p) {
			t.Errorf("%s is not valid: %.200q", format, p)
		}
	}
	for _, r := range string(saved) {
		if r != '\n' && !unicode.IsPrint(r) || r == '<' || r == '>' || r == '&' {
			t.Errorf("%s has a raw %U", format, r)
			break
		}
	}
}
