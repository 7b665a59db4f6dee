package nginx

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// shown writes a tree as text: name, parameters, position.
func shown(list []*Directive, indent string) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%s%s", indent, d.Name)
		for _, a := range d.Args {
			fmt.Fprintf(&b, " %q", a.Text)
		}
		fmt.Fprintf(&b, " %s", d.Pos)
		if d.Code != "" {
			fmt.Fprintf(&b, " code %q", d.Code)
		}
		if d.Opaque != "" {
			fmt.Fprintf(&b, " opaque: %s", d.Opaque)
		}
		b.WriteByte('\n')
		b.WriteString(shown(d.Children, indent+"  "))
	}
	return b.String()
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"simple", "worker_processes 1;\nuser  www-data\twww-data ;", "worker_processes \"1\" f:1:1\nuser \"www-data\" \"www-data\" f:2:1\n"},
		{"blocks", "http { server { listen 80; } }", "http f:1:1\n  server f:1:8\n    listen \"80\" f:1:17\n"},
		{"comment", "a 1; # x { ;\nb c#d;", "a \"1\" f:1:1\nb \"c#d\" f:2:1\n"},
		{"quotes", `a "b c" 'd;{}#' "e\"f" 'g\n' h"i";`, `a "b c" "d;{}#" "e\"f" "g\n" "h\"i\"" f:1:1` + "\n"},
		{"variables", "a ${b}c; if ($x ~ {2}) {}", ""},
		{"variable", "set $x ${b}c;", "set \"$x\" \"${b}c\" f:1:1\n"},
		{"escapes", `a b\ c \; d\e;`, `a "b\\ c" "\\;" "d\\e" f:1:1` + "\n"},
		{"quoted regex", `location ~ "^/a{2}$" { }`, `location "~" "^/a{2}$" f:1:1` + "\n"},
		{"Lua", "x_by_lua_block { local t = {a='}'} -- }\n--[[ } ]] s = [==[ } ]==] }\ny 1;", "x_by_lua_block f:1:1 code \" local t = {a='}'} -- }\\n--[[ } ]] s = [==[ } ]==] \"\ny \"1\" f:3:1\n"},
		{"CRLF", "a 1;\r\nb 2;\r\n", "a \"1\" f:1:1\nb \"2\" f:2:1\n"},
		{"empty", "\n# nothing\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			list, diagnostics := Parse("f", []byte(test.text))
			if test.name == "variables" { // as nginx: "{" begins a block, even in a condition
				if len(diagnostics) == 0 {
					t.Error("taken")
				}
				return
			}
			if len(diagnostics) > 0 {
				t.Fatalf("%v", diagnostics)
			}
			if diff := cmp.Diff(test.want, shown(list, "")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		"a 1":                                  "f:1:3: the file ends in a statement",
		"a 1\n":                                `f:2:1: "a" is not ended by ";"`,
		"a {":                                  `f:1:4: the file ends before a "}"`,
		"}":                                    `f:1:1: a "}" that closes nothing`,
		";":                                    `f:1:1: a ";" that ends nothing`,
		"{}":                                   `f:1:1: a "{" without a name before it`,
		`a "b`:                                 "f:1:3: the quote is not closed",
		`a "b"c;`:                              "f:1:3: after a quoted parameter a space is needed",
		"a b }":                                `f:1:5: "a" is not ended by ";"`,
		"a " + strings.Repeat("x", 5000) + ";": "f:1:3: a parameter of more than 4095 bytes",
		"x_by_lua_block { '":                   "f:1:1: x_by_lua_block is not closed",
		strings.Repeat("a {", 100):             "f:1:196: more than 64 blocks in each other",
	} {
		_, diagnostics := Parse("f", []byte(text))
		if len(diagnostics) == 0 {
			t.Errorf("%.40q is taken", text)
			continue
		}
		d := diagnostics[0]
		pos := d.Pos
		if got := pos.String() + ": " + d.Detail; got != want {
			t.Errorf("%.40q: %s, want %s", text, got, want)
		}
	}
}

func TestLoad(t *testing.T) {
	tree := fstest.MapFS{}
	for name, text := range map[string]string{
		"etc/nginx/nginx.conf":          "http { include conf.d/*.conf; include /etc/nginx/sites/[!x]*; include none/*.conf; }",
		"etc/nginx/conf.d/b.conf":       "ssl_protocols TLSv1.2;",
		"etc/nginx/conf.d/a.conf":       "server { include snippet; }",
		"etc/nginx/conf.d/.hidden.conf": "hidden;",
		"etc/nginx/snippet":             "listen 443 ssl;",
		"etc/nginx/sites/default":       "server { listen 80; }",
		"etc/nginx/sites/xyz":           "left out;",
	} {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	uri := func(name string) string { return "/" + name }
	c := Load(tree, "etc/nginx/nginx.conf", true, uri)
	want := `http /etc/nginx/nginx.conf:1:1
  server /etc/nginx/conf.d/a.conf:1:1
    listen "443" "ssl" /etc/nginx/snippet:1:1
  ssl_protocols "TLSv1.2" /etc/nginx/conf.d/b.conf:1:1
  server /etc/nginx/sites/default:1:1
    listen "80" /etc/nginx/sites/default:1:10
`
	if diff := cmp.Diff(want, shown(c.Directives, "")); diff != "" || c.Refused != "" {
		t.Errorf("refused %q (-want +got)\n%s", c.Refused, diff)
	}
	server := c.Top().Inside("http")[0].Inside("server")[1]
	list, opaque := server.Effective("ssl_protocols")
	if len(list) != 1 || list[0].Text(0) != "TLSv1.2" || opaque != "" {
		t.Errorf("effective: %v %q", list, opaque)
	}

	// In a repository an absolute name leads outside, and a level with an include that
	// is not known may have anything.
	c = Load(tree, "etc/nginx/nginx.conf", false, uri)
	if _, opaque := c.Top().Inside("http")[0].Inside("server")[0].Effective("ssl_ciphers"); opaque != "include /etc/nginx/sites/[!x]*: it stands outside of the source" {
		t.Errorf("opaque: %q", opaque)
	}

	tree["etc/nginx/nginx.conf"].Data = []byte("include missing.conf;")
	if c := Load(tree, "etc/nginx/nginx.conf", true, uri); !strings.Contains(c.Refused, "does not exist") {
		t.Errorf("a missing file: %q", c.Refused)
	}
	tree["etc/nginx/nginx.conf"].Data = []byte("include nginx.conf;")
	if c := Load(tree, "etc/nginx/nginx.conf", true, uri); !strings.Contains(c.Refused, "too many files") {
		t.Errorf("a file that includes itself: %q", c.Refused)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("http { server { listen 80; } }")
	f.Add("x_by_lua_block { [==[ ]] }")
	f.Add(`a "b\"" '\x' ${c};`)
	f.Fuzz(func(t *testing.T, text string) {
		list, _ := Parse("f", []byte(text))
		var walk func([]*Directive)
		walk = func(list []*Directive) {
			for _, d := range list {
				if d.Name == "" && !strings.Contains(text, `""`) && !strings.Contains(text, "''") || d.Pos.Line < 1 || d.Pos.Column < 1 {
					t.Fatalf("%+v of %q", d, text)
				}
				walk(d.Children)
			}
		}
		walk(list)
	})
}
