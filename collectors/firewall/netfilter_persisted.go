package firewall

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/netfilter"
	"github.com/writ-policy/writ/engine/fact"
)

// maxRules bounds a file of rules.
const maxRules = 64 << 20

// keep reads the rules that files keep for the next start, where distributions and
// their services have them. The files that are there say what is used; whether a
// service loads them is not looked at.
func (h *host) keep(ctx context.Context) {
	files := h.env.Host.Files
	for _, f := range []struct {
		name   string
		family netfilter.Family
	}{
		{"etc/iptables/rules.v4", netfilter.IPv4}, {"etc/iptables/rules.v6", netfilter.IPv6}, // netfilter-persistent
		{"etc/sysconfig/iptables", netfilter.IPv4}, {"etc/sysconfig/ip6tables", netfilter.IPv6}, // iptables-services
		{"etc/iptables/iptables.rules", netfilter.IPv4}, {"etc/iptables/ip6tables.rules", netfilter.IPv6},
	} {
		data, ok := h.file(f.name)
		if !ok {
			continue
		}
		rules, problems := netfilter.ReadSave("/"+f.name, data, netfilter.Options{Backend: netfilter.IPTablesNFT, Family: f.family})
		h.env.Diagnose(problems...)
		h.persisted.Tables = append(h.persisted.Tables, rules.Tables...)
	}
	for _, name := range []string{"etc/nftables.conf", "etc/sysconfig/nftables.conf"} {
		if _, err := files.Stat(name); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		rules, err := h.compile(ctx, name)
		if err != nil {
			why := "/" + name + " was not evaluated: " + err.Error()
			h.keeping = append(h.keeping, why)
			t := unread(netfilter.NFT, netfilter.Inet, why)
			t.Pos = fact.Position{Source: "/" + name}
			h.persisted.Tables = append(h.persisted.Tables, t)
			continue
		}
		h.persisted.Tables = append(h.persisted.Tables, rules.Tables...)
	}
	h.keepUFW()
	if _, err := files.Stat("etc/firewalld"); err == nil {
		h.keeping = append(h.keeping, "the rules that firewalld makes of /etc/firewalld are known only where it runs")
		t := unread(netfilter.NFT, netfilter.Inet, "firewalld makes rules of /etc/firewalld, which is not modelled")
		t.Name, t.Pos = "firewalld", fact.Position{Source: "/etc/firewalld"}
		h.persisted.Tables = append(h.persisted.Tables, t)
	}
}

// file reads a file that may be missing; one that is there and cannot be read is told.
func (h *host) file(name string) ([]byte, bool) {
	data, err := collectors.ReadFile(h.env.Host.Files, name, maxRules)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false
	}
	if err != nil {
		h.keeping = append(h.keeping, "/"+name+" cannot be read: "+err.Error())
		return nil, false
	}
	h.env.MarkRead("/"+name, "")
	return data, true
}

// compile lets nft make its own form of a file of native rules, in namespaces that end
// with it: nothing else sees them, and the program reads what it is given alone.
func (h *host) compile(ctx context.Context, name string) (*netfilter.Ruleset, error) {
	text, read, err := netfilter.Inline(h.env.Host.Files, name, collectors.ReadFile)
	if err != nil {
		return nil, err
	}
	for _, f := range read {
		h.env.MarkRead("/"+f, "")
	}
	out, err := h.env.Host.Exec.Run(ctx, collectors.Command{
		Program: "nft", Args: []string{"-n", "-j", "-i"}, Apart: true,
		Stdin: []byte("include \"/dev/fd/3\"\nlist ruleset\n"), File: netfilter.WithMark(text),
	})
	if err != nil {
		return nil, err
	}
	rules, problems := netfilter.ReadJSON("/"+name, []byte(strings.TrimSpace(string(out))), netfilter.Options{})
	nameless := slices.ContainsFunc(rules.Tables, func(t *netfilter.Table) bool { return t.Name == "" })
	if !netfilter.TakeMark(rules) || nameless {
		return nil, errors.New("nft does not take it as it is, here")
	}
	h.env.Diagnose(problems...)
	return rules, nil
}
