package firewall

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/sys/unix"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// apart runs f on a thread in a network namespace of its own.
func apart(t *testing.T, f func() error) {
	t.Helper()
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the namespace
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			done <- err
			return
		}
		done <- f()
	}()
	err := <-done
	if errors.Is(err, unix.EPERM) || errors.Is(err, exec.ErrNotFound) {
		t.Skipf("network namespaces or programs are not to be had, so no live filter was read: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func load(text string, program string, args ...string) error {
	cmd := exec.Command(program, args...)
	cmd.Stdin = strings.NewReader(text)
	cmd.Env = append(os.Environ(), "XTABLES_LOCKFILE=/dev/null")
	return cmd.Run()
}

// What is loaded into both back ends of iptables and into nft is read from the kernel:
// nothing of it twice, and nothing lost.
func TestLive(t *testing.T) {
	a, err := txtar.ParseFile("../../testdata/corpus/firewall-ufw/host.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range a.Files {
		files[f.Name] = string(f.Data)
	}
	machine, err := collectors.OpenHost("")
	if err != nil {
		t.Fatal(err)
	}
	defer machine.Close()
	h := &host{env: &collectors.Env{Host: machine}}
	s := &hostSpace{}
	apart(t, func() error {
		for _, l := range []struct{ text, program, args string }{
			{files["iptables-nft-save"], "iptables-nft-restore", "-c"},
			{"*filter\n:INPUT DROP\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n", "iptables-legacy-restore", "-v"},
			{"table inet own {\n chain in {\n type filter hook input priority 10; policy accept\n tcp dport 9 drop\n }\n}\n", "nft", "-f-"},
			{"table ip6 filter {\n chain INPUT {\n type filter hook input priority 0; policy drop\n ip6 saddr fd00::/8 accept\n }\n}\n", "nft", "-f-"},
		} {
			if err := load(l.text, l.program, l.args); err != nil {
				return err
			}
		}
		s.space = netfilter.ReadSpace()
		s.rules = h.read(context.Background(), s)
		return nil
	})
	var got []string
	for _, table := range s.rules.Tables {
		got = append(got, strings.Join([]string{string(table.Backend), string(table.Family), table.Name}, " "))
		if len(table.Opaque) > 0 {
			t.Errorf("%s: %v", got[len(got)-1], table.Opaque)
		}
		for _, c := range table.Chains {
			if table.Name == "filter" && table.Family == netfilter.IPv6 && c.Name == "INPUT" && len(c.Rules) != 1 {
				t.Errorf("the rule of nft in a table of iptables is lost: %d rules", len(c.Rules))
			}
		}
	}
	want := []string{"iptables-legacy ip filter", "nft inet own"}
	for _, w := range want {
		if !strings.Contains(strings.Join(got, ","), w) {
			t.Errorf("%s is not read: %v", w, got)
		}
	}
	kept := corpusHost(t, "../../testdata/corpus/firewall-ufw/host.txtar", netfilter.Options{})
	for _, table := range s.rules.Tables {
		if table.Backend != netfilter.IPTablesNFT || table.Family != netfilter.IPv4 || table.Name != "filter" {
			continue
		}
		for _, c := range kept.spaces[0].rules.Tables[0].Chains {
			var a, b []string
			for _, r := range c.Rules {
				a = append(a, r.Text)
			}
			if mine := table.Chain(c.Name); mine != nil {
				for _, r := range mine.Rules {
					b = append(b, r.Text)
				}
			}
			if diff := cmp.Diff(a, b); diff != "" {
				t.Errorf("chain %s\n%s", c.Name, diff)
			}
		}
		return
	}
	t.Errorf("ufw's table is not read: %v", got)
}
