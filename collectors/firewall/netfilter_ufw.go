package firewall

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// keepUFW reads the rules of ufw. The name of a file with "#executable" asks whether
// it can be run.
func (h *host) keepUFW() {
	if _, err := h.env.Host.Files.Stat("etc/ufw"); errors.Is(err, fs.ErrNotExist) {
		return
	}
	rules, problems := netfilter.ReadUFW(func(name string) ([]byte, bool) {
		if name, found := strings.CutSuffix(name, "#executable"); found {
			info, err := h.env.Host.Files.Stat(name)
			return nil, err == nil && info.Mode()&0o111 != 0
		}
		return h.file(name)
	})
	h.env.Diagnose(problems...)
	h.persisted.Tables = append(h.persisted.Tables, rules.Tables...)
}

// name gives rules of the kernel the comments that files keep beside them, by their
// chain and what they do.
func (h *host) name() {
	comments := map[string]string{}
	key := func(t *netfilter.Table, c *netfilter.Chain, r *netfilter.Rule) string {
		parts := []string{string(t.Family), t.Name, c.Name}
		for _, s := range r.Statements {
			parts = append(parts, netfilter.Print(s))
		}
		return strings.Join(parts, "\n")
	}
	each := func(tables []*netfilter.Table, f func(string, *netfilter.Rule)) {
		for _, t := range tables {
			for _, c := range t.Chains {
				if !strings.HasPrefix(c.Name, "ufw-user-") && !strings.HasPrefix(c.Name, "ufw6-user-") {
					continue
				}
				for _, r := range c.Rules {
					f(key(t, c, r), r)
				}
			}
		}
	}
	each(h.persisted.Tables, func(k string, r *netfilter.Rule) {
		if r.Comment != "" {
			comments[k] = r.Comment
		}
	})
	for _, s := range h.spaces {
		if s.name != "" || s.rules == nil {
			continue
		}
		each(s.rules.Tables, func(k string, r *netfilter.Rule) {
			if r.Comment == "" {
				r.Comment = comments[k]
			}
		})
	}
}
