package netfilter

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// What is made of ufw's files is what ufw makes of them: chain by chain as the kernel
// has it, captured while it ran.
func TestReadUFW(t *testing.T) {
	a, err := txtar.ParseFile("../../../testdata/corpus/firewall-ufw/host.txtar")
	if err != nil {
		t.Fatal(err)
	}
	held := files(a)
	kept, problems := ReadUFW(func(name string) ([]byte, bool) {
		data, ok := held[name]
		return data, ok
	})
	if len(problems) > 0 {
		t.Error(problems)
	}
	var ran Ruleset
	for name, family := range map[string]Family{"iptables-nft-save": IPv4, "ip6tables-nft-save": IPv6} {
		r, _ := ReadSave(name, held[name], Options{Backend: IPTablesNFT, Family: family})
		ran.Tables = append(ran.Tables, r.Tables...)
	}
	for _, table := range ran.Tables {
		i := slices.IndexFunc(kept.Tables, func(k *Table) bool { return k.Family == table.Family && k.Name == table.Name })
		if i < 0 {
			t.Fatalf("no table %s %s", table.Family, table.Name)
		}
		if diff := cmp.Diff(byChain(table), byChain(kept.Tables[i])); diff != "" {
			t.Errorf("%s %s (-running +kept)\n%s", table.Family, table.Name, diff)
		}
	}
	found := false
	for _, r := range kept.Tables[0].Chain("ufw-user-input").Rules {
		found = found || r.Comment == "OPS-12 ssh"
	}
	if !found {
		t.Error("the comment of a rule is lost")
	}
}

// byChain is what a table does, without what orders its chains. Texts are left out: the
// same limit can be written in two ways.
func byChain(t *Table) map[string][]string {
	m := map[string][]string{}
	for _, c := range t.Chains {
		m[c.Name] = append(m[c.Name], string(c.Hook)+" "+string(c.Policy))
		for _, r := range c.Rules {
			var all []string
			for _, s := range r.Statements {
				switch x := s.(type) {
				case Limit:
					x.Text = ""
					s = x
				case Opaque:
					x.Text = ""
					s = x
				case Verdict:
					x.With = ""
					s = x
				}
				all = append(all, Print(s))
			}
			slices.Sort(all)
			m[c.Name] = append(m[c.Name], strings.Join(all, "; "))
		}
	}
	return m
}
