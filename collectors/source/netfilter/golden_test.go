package netfilter

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "rewrite golden files")

// show writes a ruleset for people: a line for each rule, its text, and the
// statements below it.
func show(r *Ruleset, problems []fact.Diagnostic) string {
	var b strings.Builder
	for _, t := range r.Tables {
		fmt.Fprintf(&b, "table %s %s %s", t.Backend, t.Family, t.Name)
		if t.Dormant {
			b.WriteString(" dormant")
		}
		if t.Owner != "" {
			b.WriteString(" of " + t.Owner)
		}
		b.WriteString("\n")
		for _, o := range t.Opaque {
			fmt.Fprintf(&b, "  %s\n", Print(o))
		}
		for _, s := range t.Sets {
			fmt.Fprintf(&b, "  set %s %v", s.Name, s.Fields)
			if s.Dynamic {
				b.WriteString(" dynamic")
			}
			if s.Unread != "" {
				fmt.Fprintf(&b, " unread %q", s.Unread)
			}
			b.WriteString("\n")
			for _, e := range s.Elements {
				fmt.Fprintf(&b, "    %s\n", PrintElement(e))
			}
		}
		for _, c := range t.Chains {
			fmt.Fprintf(&b, "  chain %s", c.Name)
			if c.Hook != Regular {
				fmt.Fprintf(&b, " %s %s %d %v", c.Type, c.Hook, c.Priority, c.Devices)
			}
			fmt.Fprintf(&b, " %s\n", c.Policy)
			for _, rule := range c.Rules {
				fmt.Fprintf(&b, "    %s", rule.Text)
				if rule.Owner != t.Owner {
					fmt.Fprintf(&b, " (of %s)", rule.Owner)
				}
				if rule.Packets > 0 {
					fmt.Fprintf(&b, " (%d packets)", rule.Packets)
				}
				if rule.Comment != "" {
					fmt.Fprintf(&b, " (comment %q)", rule.Comment)
				}
				b.WriteString("\n")
				for _, s := range rule.Statements {
					fmt.Fprintf(&b, "      %s\n", Print(s))
				}
			}
		}
	}
	for _, p := range problems {
		fmt.Fprintf(&b, "%s: %s\n", p.Severity, p.Error())
	}
	return b.String()
}

// files of an archive by name.
func files(a *txtar.Archive) map[string][]byte {
	m := map[string][]byte{}
	for _, f := range a.Files {
		m[f.Name] = f.Data
	}
	return m
}

// golden compares what a reader makes of the cases of a folder with their want.txt.
func golden(t *testing.T, dir string, read func(files map[string][]byte) (*Ruleset, []fact.Diagnostic)) {
	cases, err := filepath.Glob(filepath.Join("testdata", dir, "*.txtar"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases in %s: %v", dir, err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			rules, problems := read(files(a))
			got := show(rules, problems)
			if *update {
				i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == "want.txt" })
				if i < 0 {
					i = len(a.Files)
					a.Files = append(a.Files, txtar.File{Name: "want.txt"})
				}
				a.Files[i].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(files(a)["want.txt"]), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, table := range rules.Tables {
				again(t, table)
			}
		})
	}
}

// again checks that a table's statements and members are read back from their text.
func again(t *testing.T, table *Table) {
	t.Helper()
	for _, c := range table.Chains {
		for _, r := range c.Rules {
			for _, s := range r.Statements {
				back, err := Parse(Print(s))
				if err != nil {
					t.Fatalf("%s: %v", r.Text, err)
				}
				if diff := cmp.Diff(s, back, same()); diff != "" {
					t.Fatalf("%s is read back as\n%s", Print(s), diff)
				}
			}
		}
	}
	for _, s := range table.Sets {
		for _, e := range s.Elements {
			back, err := ParseElement(PrintElement(e))
			if err != nil || cmp.Diff(e, back, same()) != "" {
				t.Fatalf("%s: %s is read back as %v: %v", s.Name, PrintElement(e), back, err)
			}
		}
	}
}

func TestReadSave(t *testing.T) {
	golden(t, "save", func(files map[string][]byte) (*Ruleset, []fact.Diagnostic) {
		sets, problems := ReadIPSet("ipset", files["ipset"])
		all := &Ruleset{}
		for _, name := range []string{"v4", "v6", "legacy.v4"} {
			data, ok := files[name]
			if !ok {
				continue
			}
			o := Options{Backend: IPTablesNFT, Family: IPv4, Sets: sets}
			if strings.HasPrefix(name, "legacy") {
				o.Backend = IPTablesLegacy
			}
			if strings.HasSuffix(name, "v6") {
				o.Family = IPv6
			}
			r, more := ReadSave(name, data, o)
			all.Tables = append(all.Tables, r.Tables...)
			problems = append(problems, more...)
		}
		return all, problems
	})
}

func TestReadJSON(t *testing.T) {
	golden(t, "nft", func(files map[string][]byte) (*Ruleset, []fact.Diagnostic) {
		r, problems := ReadJSON("nft", files["nft.json"], Options{})
		if numeric, ok := files["numeric.json"]; ok { // the same with nft -n
			again, _ := ReadJSON("nft", numeric, Options{})
			ignore := cmp.Options{same(), cmp.FilterPath(func(p cmp.Path) bool {
				name := p.Last().String()
				return name == ".Text" || name == ".ID" || name == ".With"
			}, cmp.Ignore())}
			if diff := cmp.Diff(r, again, ignore); diff != "" {
				t.Errorf("with -n it is read otherwise:\n%s", diff)
			}
		}
		return r, problems
	})
}
