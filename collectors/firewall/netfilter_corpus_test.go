package firewall

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/netfilter"
	"github.com/writ-policy/writ/engine/fact"
)

var updateCorpus = flag.Bool("update-corpus", false, "rewrite the facts of testdata/corpus/firewall-*")

// corpusHost is a case of the corpus as the collector would have read it.
func corpusHost(t testing.TB, file string, o netfilter.Options) *host {
	t.Helper()
	h, _ := corpusTree(t, file, o)
	return h
}

// corpusTree returns where its files are, too.
func corpusTree(t testing.TB, file string, o netfilter.Options) (*host, string) {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &hostSpace{space: &netfilter.Space{}, rules: &netfilter.Ruleset{}}
	saved, listed := &netfilter.Ruleset{}, &netfilter.Ruleset{}
	dir := t.TempDir()
	var problems []fact.Diagnostic
	for _, f := range a.Files {
		with := o
		switch f.Name {
		case "space.json":
			if err := json.Unmarshal(f.Data, s.space); err != nil {
				t.Fatal(err)
			}
		case "iptables-legacy-save", "ip6tables-legacy-save", "iptables-nft-save", "ip6tables-nft-save":
			with.Backend, with.Family = netfilter.IPTablesNFT, netfilter.IPv4
			if strings.Contains(f.Name, "legacy") {
				with.Backend = netfilter.IPTablesLegacy
			}
			if strings.HasPrefix(f.Name, "ip6") {
				with.Family = netfilter.IPv6
			}
			r, more := netfilter.ReadSave("exec:"+f.Name, f.Data, with)
			problems = append(problems, more...)
			if with.Backend == netfilter.IPTablesLegacy {
				s.rules.Tables = append(s.rules.Tables, r.Tables...)
			} else {
				saved.Tables = append(saved.Tables, r.Tables...)
			}
		case "nft.json":
			r, more := netfilter.ReadJSON("exec:nft", f.Data, with)
			listed, problems = r, append(problems, more...)
		default:
			if strings.HasPrefix(f.Name, "etc/") {
				name := filepath.Join(dir, f.Name)
				if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, f.Data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, p := range problems {
		t.Errorf("%s: %v", file, p)
	}
	s.rules.Tables = append(s.rules.Tables, netfilter.Merge(listed, saved).Tables...)
	if err := os.MkdirAll(filepath.Join(dir, "etc"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "etc/hostname"), []byte("corpus\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	machine, err := collectors.OpenHost(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { machine.Close() })
	machine.Privileges = "root"
	machine.Exec = collectors.Exec{} // what nft makes of files is tested by itself
	env := &collectors.Env{Host: machine, Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Version: "test"}
	h := &host{env: env, spaces: []*hostSpace{s}, persisted: &netfilter.Ruleset{}}
	return h, dir
}

// The facts of each captured host are as committed; its tables are read back whole.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("../../testdata/corpus/firewall-*/host.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			h := corpusHost(t, file, netfilter.Options{})
			h.finish(context.Background())
			var out bytes.Buffer
			for _, d := range h.documents() {
				if problems := fact.Validate(d); len(problems) > 0 {
					t.Fatal(problems[0])
				}
				data, err := json.Marshal(d)
				if err != nil {
					t.Fatal(err)
				}
				out.Write(data)
				out.WriteByte('\n')
				if d.Kind != "firewall.ruleset" {
					continue
				}
				tables, errs := netfilter.Decode(d)
				if len(errs) > 0 || len(tables) != len(d.Items) {
					t.Fatalf("%d of %d tables are read back: %v", len(tables), len(d.Items), errs)
				}
			}
			golden := filepath.Join(filepath.Dir(file), "facts.jsonl")
			if *updateCorpus {
				if err := os.WriteFile(golden, out.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(out.String(), "\n")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Where a decoder is missing, what it would have said is not known, and never the
// contrary: a default may become unknown and nothing else.
func TestCorpusWithoutDecoder(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/corpus/firewall-*/host.txtar")
	for _, file := range files {
		whole := defaults(corpusHost(t, file, netfilter.Options{}))
		for _, name := range netfilter.Decoders() {
			less := defaults(corpusHost(t, file, netfilter.Options{Disabled: map[string]bool{name: true}}))
			for id, verdict := range less {
				if verdict != whole[id] && verdict != "" {
					t.Errorf("%s without %s: %s is %s, was %s", filepath.Base(filepath.Dir(file)), name, id, verdict, whole[id])
				}
			}
		}
	}
}

// defaults are the default verdicts of a host, "" where one is not known.
func defaults(h *host) map[string]string {
	m := map[string]string{}
	for _, item := range h.chains().Items {
		m[item.ID()], _ = item["default_verdict"].(string)
	}
	return m
}

// Native files are compiled by nft itself, in namespaces of its own.
func TestCompile(t *testing.T) {
	h, dir := corpusTree(t, "../../testdata/corpus/firewall-nftables/host.txtar", netfilter.Options{})
	machine, err := collectors.OpenHost(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer machine.Close()
	h.env.Host = machine
	rules, err := h.compile(context.Background(), "etc/nftables.conf")
	if err != nil {
		t.Skipf("nft or namespaces are not to be had, so native files were not compiled: %v", err)
	}
	text := func(r *netfilter.Ruleset) (all []string) {
		for _, table := range r.Tables {
			for _, c := range table.Chains {
				for _, rule := range c.Rules {
					for _, s := range rule.Statements {
						all = append(all, table.Name+" "+c.Name+" "+netfilter.Print(s))
					}
				}
			}
		}
		return all
	}
	if diff := cmp.Diff(text(h.spaces[0].rules), text(rules)); diff != "" {
		t.Errorf("(-as it runs +as it is kept)\n%s", diff)
	}
	for name, rules := range map[string]string{
		"bad": "table inet t { chain c { nonsense } }\n", "escape": "include \"../etc/passwd\"\n",
		"hidden": "table inet t { }; include /etc/passwd\n", "listing": "list ruleset\n", "early": "table inet writ_compiled { }\nlist ruleset\ntable x { garbage\n",
	} {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, "etc"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "etc/nftables.conf"), []byte(rules), 0o666); err != nil {
			t.Fatal(err)
		}
		other, err := collectors.OpenHost(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		h.env.Host = other
		if rules, err := h.compile(context.Background(), "etc/nftables.conf"); err == nil {
			t.Errorf("%s is taken: %v", name, rules.Tables)
		} else if strings.Contains(err.Error(), "nonsense") || strings.Contains(err.Error(), "root:") {
			t.Errorf("%s: the error repeats what was read: %v", name, err)
		}
	}
}
