package netfilter

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/engine/fact"
)

// told reports whether a part of a ruleset is opaque: outside of rules, or in one.
func told(r *Ruleset) bool {
	for _, t := range r.Tables {
		if len(t.Opaque) > 0 {
			return true
		}
		for _, c := range t.Chains {
			for _, rule := range c.Rules {
				for _, s := range rule.Statements {
					if o, ok := s.(Opaque); ok && (o.Restricts || o.Decides || o.Alters) {
						return true
					}
				}
			}
		}
	}
	return false
}

func v4() Options { return Options{Backend: IPTablesNFT, Family: IPv4} }

// What iptables would not write, or is cut off, is never taken for a filter without it.
func TestSaveFaults(t *testing.T) {
	for name, text := range map[string]string{
		"cut off":              "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dp",
		"no commit":            "*filter\n:INPUT ACCEPT [0:0]\n",
		"twice":                "*filter\n:INPUT ACCEPT\n*nat\n:INPUT ACCEPT\nCOMMIT\n",
		"outside":              "-A INPUT -j ACCEPT\n",
		"delete":               "*filter\n-D INPUT -j ACCEPT\nCOMMIT\n",
		"quote":                "*filter\n-A INPUT -m comment --comment \"x -j DROP\nCOMMIT\n",
		"unknown match":        "*filter\n-A INPUT -m ndpi --http -j DROP\nCOMMIT\n",
		"unknown option":       "*filter\n-A INPUT -p tcp -m tcp --dport-mask 3 -j DROP\nCOMMIT\n",
		"unknown target":       "*filter\n-A INPUT -j TARPIT\nCOMMIT\n",
		"no chain":             "*filter\n-A INPUT -g nowhere\nCOMMIT\n",
		"two targets":          "*filter\n-A INPUT -j ACCEPT -j DROP\nCOMMIT\n",
		"negated":              "*filter\n-A INPUT ! -j ACCEPT\nCOMMIT\n",
		"name":                 "*filter\n-A INPUT -s host.example.org -j ACCEPT\nCOMMIT\n",
		"service":              "*filter\n-A INPUT -p tcp --dport frobnicate -j ACCEPT\nCOMMIT\n",
		"mask":                 "*filter\n-A INPUT -s 10.0.0.1/255.0.255.0 -j ACCEPT\nCOMMIT\n",
		"port without tcp":     "*filter\n-A INPUT -m tcp --dport 22 -j ACCEPT\nCOMMIT\n",
		"set":                  "*filter\n-A INPUT -m set --match-set gone src -j ACCEPT\nCOMMIT\n",
		"utf-8":                "*filter\n-A INPUT -j \xff\xfe\nCOMMIT\n",
		"policy":               "*filter\n:INPUT REJECT [0:0]\nCOMMIT\n",
		"counters":             "*filter\n[x:y] -A INPUT -j ACCEPT\nCOMMIT\n",
		"incompatible":         "# Table `filter' is incompatible, use 'nft' tool.\n",
		"word":                 "*filter\n-A INPUT ACCEPT\nCOMMIT\n",
		"family":               "*filter\n-A INPUT -s fd00::/8 -j DROP\nCOMMIT\n",
		"option after unknown": "*filter\n-A INPUT -m foo --bar 1 --baz -j DROP\nCOMMIT\n",
	} {
		r, _ := ReadSave("rules", []byte(text), v4())
		if !told(r) {
			t.Errorf("%s: nothing is opaque:\n%s", name, show(r, nil))
		}
		if crlf, _ := ReadSave("rules", []byte(strings.ReplaceAll(text, "\n", "\r\n")), v4()); !told(crlf) {
			t.Errorf("%s with CRLF: nothing is opaque", name)
		}
	}
}

// A ruleset of nft that is cut off anywhere says so.
func TestJSONCut(t *testing.T) {
	a, err := txtar.ParseFile("testdata/nft/every_statement.txtar")
	if err != nil {
		t.Fatal(err)
	}
	data := files(a)["numeric.json"]
	for n := 0; n < len(data)-4; n += 97 {
		r, problems := ReadJSON("nft", data[:n], Options{})
		nameless := false
		for _, table := range r.Tables {
			nameless = nameless || table.Name == "" && len(table.Opaque) > 0
		}
		if !nameless || len(problems) == 0 {
			t.Fatalf("cut off after %d bytes, and nothing says so", n)
		}
	}
}

func TestJSONFaults(t *testing.T) {
	table := `{"table":{"family":"inet","name":"t"}},{"chain":{"family":"inet","table":"t","name":"c","type":"filter","hook":"input","prio":0,"policy":"drop"}}`
	for name, text := range map[string]string{
		"expr":          table + `,{"rule":{"family":"inet","table":"t","chain":"c","expr":[{"frobnicate":{}}]}}`,
		"two keys":      table + `,{"rule":{"family":"inet","table":"t","chain":"c","expr":[{"accept":null,"drop":null}]}}`,
		"no chain":      table + `,{"rule":{"family":"inet","table":"t","chain":"x","expr":[{"accept":null}]}}`,
		"null":          table + `,{"rule":{"family":"inet","table":"t","chain":"c","expr":[null]}}`,
		"no table":      `{"chain":{"family":"inet","table":"t","name":"c"}}`,
		"hook":          `{"table":{"family":"inet","name":"t"}},{"chain":{"family":"inet","table":"t","name":"c","type":"filter","hook":"sideways","prio":0}}`,
		"family":        `{"table":{"family":"decnet","name":"t"}}`,
		"object":        table + `,{"gadget":{"family":"inet","table":"t"}}`,
		"version":       `{"metainfo":{"json_schema_version":2}}`,
		"set":           table + `,{"rule":{"family":"inet","table":"t","chain":"c","expr":[{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"saddr"}},"right":"@gone"}},{"accept":null}]}}`,
		"op":            table + `,{"rule":{"family":"inet","table":"t","chain":"c","expr":[{"match":{"op":"~","left":{"meta":{"key":"mark"}},"right":1}},{"accept":null}]}}`,
		"in of numbers": table + `,{"rule":{"family":"inet","table":"t","chain":"c","expr":[{"match":{"op":"in","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":[22,80]}},{"accept":null}]}}`,
		"xt":            table + `,{"rule":{"family":"inet","table":"t","chain":"c","expr":[{"xt":{"type":"match","name":"multiport"}},{"accept":null}]}}`,
	} {
		r, _ := ReadJSON("nft", []byte(`{"nftables":[`+text+`]}`), Options{})
		if !told(r) {
			t.Errorf("%s: nothing is opaque:\n%s", name, show(r, nil))
		}
	}
	for _, text := range []string{"", "[]", "{}", `{"nftables":{}}`, `{"nftables":[]} {"nftables":[]}`, strings.Repeat("[", 100000), `{"nftables":[` + strings.Repeat(`{"a":`, 20000)} {
		if r, problems := ReadJSON("nft", []byte(text), Options{}); !told(r) || len(problems) == 0 {
			t.Errorf("%q is taken for a ruleset", clip(text))
		}
	}
}

// Large input costs what it is long, and problems are counted, not all told.
func TestLarge(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var b strings.Builder
	b.WriteString("*filter\n:INPUT DROP [0:0]\n")
	for i := range 100000 {
		fmt.Fprintf(&b, "-A INPUT -s 10.%d.%d.1/32 -p tcp -m tcp --dport %d -j ACCEPT\n", i>>8&255, i&255, i&65535)
	}
	b.WriteString("COMMIT\n")
	r, problems := ReadSave("rules", []byte(b.String()), v4())
	if n := len(r.Tables[0].Chains[0].Rules); n != 100000 || len(problems) > 0 {
		t.Errorf("%d rules, %v", n, problems)
	}
	runtime.ReadMemStats(&after)
	if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 1000 {
		t.Errorf("%d MiB for 100,000 rules", mb)
	}
	_, problems = ReadSave("rules", []byte(strings.Repeat("rubbish\n", 100000)), v4())
	if len(problems) > maxProblems+1 {
		t.Errorf("%d problems are told", len(problems))
	}
	deep := "*filter\n:INPUT DROP [0:0]\n-A INPUT -j c0\n"
	for i := range 5000 {
		deep += fmt.Sprintf(":c%d - [0:0]\n-A c%d -j c%d\n", i, i, (i+1)%5000)
	}
	if r, _ := ReadSave("rules", []byte(deep+"COMMIT\n"), v4()); len(r.Tables[0].Chains) != 5001 {
		t.Errorf("%d chains", len(r.Tables[0].Chains))
	}
}

func plainRead(fsys fs.FS, name string, limit int64) ([]byte, error) {
	data, err := fs.ReadFile(fsys, name)
	if int64(len(data)) > limit {
		return nil, errors.New("too large")
	}
	return data, err
}

func TestInline(t *testing.T) {
	tree := fstest.MapFS{
		"etc/nftables.conf":    {Data: []byte("#!/usr/sbin/nft -f\n# include \"nothing\"\nflush ruleset\ninclude \"/etc/nftables.d/*.nft\"\ninclude \"more.nft\"\n")},
		"etc/nftables.d/1.nft": {Data: []byte("table inet a { }\n")}, "etc/nftables.d/2.nft": {Data: []byte("table inet b { }")},
		"etc/nftables.d/.3.nft": {Data: []byte("hidden")}, "etc/more.nft": {Data: []byte("define x = \"include me not\"\n")},
		"etc/loop": {Data: []byte("include \"loop\"\n")}, "etc/up": {Data: []byte("include \"../etc/shadow\"\n")},
		"etc/word": {Data: []byte("table inet include { }\n")}, "etc/glued": {Data: []byte("include\"/etc/passwd\"\n")},
		"etc/var": {Data: []byte("include $file\n")}, "etc/gone": {Data: []byte("include \"/etc/none\"\n")}, "etc/open": {Data: []byte("include \"x\n")},
		"etc/passwd": {Data: []byte("inlined")}, "etc/pattern": {Data: []byte("include \"/*/x\"\n")}, "etc/zero": {Data: []byte("x\x00y")},
	}
	text, names, err := Inline(tree, "etc/nftables.conf", plainRead)
	want := "\n\nflush ruleset\n\ntable inet a { }\n\n\ntable inet b { }\n\n\ndefine x = \"include me not\"\n\n\n"
	if err != nil || string(text) != want || len(names) != 4 {
		t.Errorf("%q of %v: %v", text, names, err)
	}
	for _, name := range []string{"loop", "up", "word", "var", "gone", "open", "pattern", "zero"} {
		if text, _, err := Inline(tree, "etc/"+name, plainRead); err == nil {
			t.Errorf("%s is taken: %q", name, text)
		}
	}
	if text, _, err := Inline(tree, "etc/glued", plainRead); err != nil || !strings.Contains(string(text), "inlined") {
		t.Errorf("%q: %v", text, err)
	}
}

// seeds of a fuzz target: files of the cases.
func seeds(f *testing.F, pattern string, names ...string) {
	cases, _ := filepath.Glob(pattern)
	for _, c := range cases {
		a, err := txtar.ParseFile(c)
		if err != nil {
			f.Fatal(err)
		}
		for _, n := range names {
			if data, ok := files(a)[n]; ok {
				f.Add(data)
			}
		}
	}
}

// facts are what is made of a fuzzed ruleset: they are valid and read back.
func facts(t *testing.T, r *Ruleset, problems []fact.Diagnostic) {
	if len(problems) > maxProblems+1 {
		t.Fatalf("%d problems", len(problems))
	}
	for _, table := range r.Tables {
		again(t, table)
	}
}

func FuzzReadSave(f *testing.F) {
	seeds(f, "testdata/save/*.txtar", "v4", "v6", "legacy.v4")
	f.Add([]byte("*filter\n-A INPUT -s ! 10/8 --sport=3 -m policy --proto esp -j LOG --log-prefix \"a \\\" b\"\nCOMMIT\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, problems := ReadSave("rules", data, v4())
		facts(t, r, problems)
	})
}

func FuzzReadJSON(f *testing.F) {
	seeds(f, "testdata/nft/*.txtar", "nft.json", "numeric.json")
	seeds(f, "../../../testdata/corpus/firewall-*/host.txtar", "nft.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		r, problems := ReadJSON("nft", data, Options{})
		facts(t, r, problems)
	})
}

func FuzzReadIPSet(f *testing.F) {
	seeds(f, "testdata/save/*.txtar", "ipset")
	f.Fuzz(func(t *testing.T, data []byte) {
		sets, _ := ReadIPSet("ipset", data)
		again(t, &Table{Sets: sets})
	})
}

func FuzzReadUFW(f *testing.F) {
	seeds(f, "../../../testdata/corpus/firewall-ufw/host.txtar", "etc/ufw/user.rules", "etc/ufw/before6.rules")
	f.Fuzz(func(t *testing.T, data []byte) {
		r, problems := ReadUFW(func(name string) ([]byte, bool) {
			if name == "etc/ufw/ufw.conf" {
				return []byte("ENABLED=yes\n"), true
			}
			return data, !strings.HasSuffix(name, "#executable")
		})
		if len(problems) > 4*(maxProblems+1) {
			t.Fatalf("%d problems", len(problems))
		}
		facts(t, r, nil)
	})
}

func FuzzInline(f *testing.F) {
	f.Add([]byte("include \"a\"\ninclude \"/etc/*.nft\" # include\n\"include\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		tree := fstest.MapFS{"etc/nftables.conf": {Data: data}, "etc/a": {Data: []byte("x")}, "etc/b.nft": {Data: data}}
		text, _, err := Inline(tree, "etc/nftables.conf", plainRead)
		if err != nil {
			return
		}
		quoted := false
		for i := range text { // no include is left outside of quotes
			if text[i] == '"' {
				quoted = !quoted
			}
			if !quoted && strings.HasPrefix(string(text[i:min(len(text), i+7)]), "include") {
				t.Fatalf("%q", text)
			}
		}
	})
}
