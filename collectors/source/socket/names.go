package socket

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// Names names the network namespaces; the host's own is "". A name is, if it can be,
// one that outlives a restart: what an administrator called it, the only container or
// service that has sockets in it; else its mount, or its inode.
func (t *Table) Names() map[*Namespace]string {
	type inside struct{ containers, units map[string]bool }
	in := map[*Namespace]inside{}
	for _, n := range t.Namespaces {
		in[n] = inside{map[string]bool{}, map[string]bool{}}
	}
	listening := map[*Namespace]bool{}
	for _, s := range t.Sockets {
		i, ok := in[s.Namespace]
		if !ok {
			continue
		}
		listening[s.Namespace] = true
		for _, p := range s.Holders {
			if p.Network != s.Namespace.Inode {
				continue // it came from elsewhere
			}
			if c := p.Container; c.Runtime != "" && !c.Claimed {
				i.containers[c.Runtime+":"+c.ID[:min(12, len(c.ID))]] = true
			} else {
				i.units[p.Unit] = true
			}
		}
	}
	names, count, quiet := map[*Namespace]string{}, map[string]int{}, map[string]int{}
	for _, n := range t.Namespaces {
		if n.Host {
			names[n] = ""
			continue
		}
		names[n] = n.name(in[n].containers, in[n].units)
		if listening[n] {
			count[names[n]]++
		} else {
			quiet[names[n]]++
		}
	}
	for n, name := range names {
		if n.Host {
			continue
		}
		// Those without sockets give way.
		if count[name] > 1 || !listening[n] && count[name]+quiet[name] > 1 {
			names[n] = name + " " + n.Number()
		}
	}
	return names
}

func (n *Namespace) name(containers, units map[string]bool) string {
	mounted := ""
	for _, m := range n.Mounts {
		name := PlainName(strings.ReplaceAll(path.Base(m), "@", "_"))
		switch dir := path.Dir(m); {
		case (dir == "/run/netns" || dir == "/var/run/netns") && !strings.HasPrefix(name, "cni-"):
			return name
		case mounted == "":
			mounted = name
		}
	}
	if len(containers) == 1 && len(units) == 0 {
		for c := range containers {
			return PlainName(c)
		}
	}
	if len(units) == 1 && len(containers) == 0 && !units[""] {
		for u := range units {
			return PlainName("unit:" + strings.ReplaceAll(u, "/", ":"))
		}
	}
	if mounted != "" {
		return mounted
	}
	return n.Number()
}

// PlainName writes bytes that are no UTF-8, and control characters, as escapes: names
// that differ stay apart, and a name is one line.
func PlainName(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r < ' ' || r == 0x7f || r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, `\x%02x`, s[i])
		} else {
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}
