package secret

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/toml"
)

func config(t *testing.T, text string) (*Config, string) {
	t.Helper()
	docs, diags := toml.Read("rules.toml", []byte(text))
	if len(docs) != 1 {
		t.Fatalf("%v", diags)
	}
	c, diags := ReadConfig(docs[0])
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "%s: %s\n", d.Severity, d.Error())
	}
	return c, b.String()
}

const rules = `
title = "own rules"
[extend]
useDefault = true
[[rules]]
id = "own-token"
description = "a token of our own"
regex = '''own_[a-z]{3}_([0-9a-f]{16})|OWN:(\w{8,})'''
keywords = ["own_", "OWN:"]
[[rules]]
id = "entropy"
regex = '''(?i)pin\s*=\s*"(\w+)(\d\d)"'''
secretGroup = 1
entropy = 2.5
keywords = ["pin"]
[[rules]]
id = "lines"
regex = '''(?s)begin-own.*?end-own'''
[[rules]]
id = "store"
path = '''\.p12$'''
[[rules]]
id = "only-here"
regex = '''here-\d+'''
path = '''^conf/'''
[rules.allowlist]
stopwords = ["007"]
[[rules.allowlists]]
condition = "AND"
paths = ['''^conf/test/''']
regexTarget = "line"
regexes = ['''# fine$''']
[[rules.allowlists]]
commits = ["00000000000000000000000000000000000000aa"]
[[allowlists]]
paths = ['''(^|/)fixtures/''']
[[allowlists]]
targetRules = ["lines"]
regexTarget = "match"
regexes = ['''harmless''']
`

func TestConfig(t *testing.T) {
	c, diags := config(t, rules)
	if diags != "" || !c.Defaults {
		t.Fatal(diags)
	}
	builtin := Builtin()
	c.Apply(builtin)
	s := NewScanner(append(builtin, c.Rules...))
	key := "gh" + "p_" + alnum(36)
	for _, x := range []struct{ name, commit, data, want string }{
		{"a.txt", "", "own_abc_0123456789abcdef", "own-token 0123456789abcdef"},
		{"a.txt", "", "x OWN:somesecret y", "own-token somesecret"},
		{"a.txt", "", "own_abc_0123", ""},
		{"a.txt", "", `PIN = "abcdefgh12"`, "entropy abcdefgh"},
		{"a.txt", "", `PIN = "aaaabbbb12"`, ""},
		{"a.txt", "", "begin-own\nx\nend-own", "lines begin-own\nx\nend-own"},
		{"a.txt", "", "begin-own\nharmless\nend-own", ""},
		{"conf/x", "", "here-123", "only-here here-123"},
		{"other/x", "", "here-123", ""},
		{"conf/x", "", "here-1007", ""},
		{"conf/test/x", "", "here-123 # fine", ""},
		{"conf/test/x", "", "here-123 # so so", "only-here here-123"},
		{"conf/x", "", "here-123 # fine", "only-here here-123"},
		{"conf/x", "00000000000000000000000000000000000000aa", "here-123", ""},
		{"conf/x", "00000000000000000000000000000000000000ab", "here-123", "only-here here-123"},
		{"a.txt", "", key, "github_token " + key},
		{"x/fixtures/a.txt", "", key + " own_abc_0123456789abcdef", ""},
	} {
		var got []string
		for _, f := range s.Scan(Text{Name: x.name, Commit: x.commit, Data: x.data}) {
			got = append(got, f.Rule+" "+f.Value)
		}
		if diff := cmp.Diff(x.want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%s %q (-want +got):\n%s", x.name, x.data, diff)
		}
	}
	for name, want := range map[string]int{"a/b.p12": 1, "b.p12.txt": 0, "fixtures/b.p12": 0} {
		if got := s.Files(Text{Name: name}); len(got) != want {
			t.Errorf("%s: %d", name, len(got))
		}
	}
}

// Without useDefault the allowances of a file are for its own rules.
func TestConfigAlone(t *testing.T) {
	c, _ := config(t, "[allowlist]\npaths = ['.*']\n")
	builtin := Builtin()
	c.Apply(builtin)
	if got := NewScanner(builtin).Scan(Text{Name: "a", Data: "gh" + "p_" + alnum(36)}); len(got) != 1 {
		t.Errorf("%s", told(got))
	}
}

func TestConfigFaults(t *testing.T) {
	_, got := config(t, `
[extend]
path = "base.toml"
url = "https://rules.example.org"
disabledRules = ["jwt"]
color = "red"
[[rules]]
regex = 'x'
[[rules]]
id = "bad"
regex = '(?!x)'
[[rules]]
id = "group"
regex = 'x(y)'
secretGroup = 2
[[rules]]
id = "nothing"
[[rules]]
id = "twice"
regex = "a"
entropie = 3
[[rules]]
id = "twice"
regex = "b"
[[rules.required]]
id = "x"
[[rules]]
id = 7
regex = "c"
[[allowlists]]
description = "says nothing"
[[allowlists]]
regexTarget = "file"
paths = ["["]
`)
	want := `warning: rules.toml:6:9: not known in rules of secrets: extend has no member "color" that is followed
warning: rules.toml:3:8: rules elsewhere are not followed: base.toml
warning: rules.toml:4:7: rules elsewhere are not followed: https://rules.example.org
warning: rules.toml:5:17: built-in rules are not left out: jwt
warning: rules.toml:30:1: an allowlist without conditions: it allows nothing
error: rules.toml:34:9: not a regular expression: error parsing regexp: missing closing ]: ` + "`[`" + `
error: rules.toml:33:15: not a target: file
error: rules.toml:7:1: a rule needs an id
error: rules.toml:11:9: not a regular expression: error parsing regexp: invalid or unsupported Perl syntax: ` + "`(?!`" + `
error: rules.toml:15:15: the regex has no such group: 2
error: rules.toml:16:1: a rule needs a regex or a path: nothing
warning: rules.toml:21:12: not known in rules of secrets: a rule has no member "entropie" that is followed
warning: rules.toml:25:1: other rules that a rule requires are not followed: twice matches without them
error: rules.toml:22:1: a rule stands twice: twice
error: rules.toml:28:6: a string is needed: id
error: rules.toml:27:1: a rule needs an id
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

func FuzzConfig(f *testing.F) {
	f.Add(rules, "own_abc_0123456789abcdef here-1")
	f.Fuzz(func(t *testing.T, text, data string) {
		docs, _ := toml.Read("rules.toml", []byte(text))
		for _, d := range docs {
			if d.Root == nil || d.Root.Kind != node.Object {
				continue
			}
			c, _ := ReadConfig(d)
			s := NewScanner(c.Rules)
			s.Scan(Text{Name: "a", Data: data})
			s.Files(Text{Name: data})
		}
	})
}
