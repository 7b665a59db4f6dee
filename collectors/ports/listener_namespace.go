package ports

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/writ-policy/writ/collectors/source/socket"
)

// namespaceNames names the network namespaces that listeners live in; the host's own is
// "". A name is, if it can be, one that outlives a restart: what an administrator called
// it, the only container or service in it; else its mount, or its inode.
func namespaceNames(all []*listener) map[*socket.Namespace]string {
	type inside struct{ containers, units map[string]bool }
	in := map[*socket.Namespace]inside{}
	for _, l := range all {
		if l.Host {
			continue
		}
		if _, ok := in[l.Namespace]; !ok {
			in[l.Namespace] = inside{map[string]bool{}, map[string]bool{}}
		}
		for _, p := range l.holders {
			if p.Network != l.Inode {
				continue // it came from elsewhere
			}
			if c := p.Container; c.Runtime != "" && !c.Claimed {
				in[l.Namespace].containers[c.Runtime+":"+c.ID[:min(12, len(c.ID))]] = true
			} else {
				in[l.Namespace].units[p.Unit] = true
			}
		}
	}
	names, count := map[*socket.Namespace]string{}, map[string]int{}
	for n, i := range in {
		names[n] = namespaceName(n, i.containers, i.units)
		count[names[n]]++
	}
	for n, name := range names {
		if count[name] > 1 {
			names[n] = fmt.Sprintf("%s net:[%d]", name, n.Inode)
		}
	}
	return names
}

func namespaceName(n *socket.Namespace, containers, units map[string]bool) string {
	mounted := ""
	for _, m := range n.Mounts {
		name := plain(strings.ReplaceAll(path.Base(m), "@", "_"))
		switch dir := path.Dir(m); {
		case (dir == "/run/netns" || dir == "/var/run/netns") && !strings.HasPrefix(name, "cni-"):
			return name
		case mounted == "":
			mounted = name
		}
	}
	if len(containers) == 1 && len(units) == 0 {
		for c := range containers {
			return plain(c)
		}
	}
	if len(units) == 1 && len(containers) == 0 && !units[""] {
		for u := range units {
			return plain("unit:" + strings.ReplaceAll(u, "/", ":"))
		}
	}
	if mounted != "" {
		return mounted
	}
	return fmt.Sprintf("net:[%d]", n.Inode)
}

// plain writes bytes that are no UTF-8, and control characters, as escapes: names that
// differ stay apart, and a name is one line.
func plain(s string) string {
	clean := true
	for _, r := range s {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			clean = false
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r < ' ' || r == 0x7f || r == utf8.RuneError && n == 1 {
			b.WriteString(`\x` + strings.ToLower(strconv.FormatUint(uint64(s[i])+0x100, 16)[1:]))
		} else {
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}
