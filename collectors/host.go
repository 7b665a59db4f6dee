package collectors

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Host is the machine that a host: source means: the one writ runs on, or a saved
// file tree of one (--root).
type Host struct {
	// Name is the host's name; its facts are about host/NAME.
	Name string
	// Files is its file tree. Absolute links lead below its root.
	Files *HostFS
	// Live says whether its kernel and its processes may be asked as well: it is the
	// machine writ runs on. Of a saved tree /proc and /sys say nothing.
	Live bool
	// Exec runs the few programs that are asked; where the host is not live, those
	// alone that run apart from everything and only read what they are given.
	Exec Exec
	// Privileges is what writ runs with: "root" or "user".
	Privileges string
}

// OpenHost opens the machine writ runs on, or the file tree at dir ("" for none).
func OpenHost(dir string) (*Host, error) {
	h := &Host{Live: dir == "", Privileges: "user"}
	if os.Geteuid() == 0 {
		h.Privileges = "root"
	}
	top := dir
	if h.Live {
		top = "/"
		h.Exec = Exec{allowed: true}
	} else {
		h.Exec = Exec{apart: true}
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return nil, fmt.Errorf("open host: root %s: %w", top, unwrapPath(err))
	}
	h.Files = &HostFS{root: root}
	h.Name = h.named(top)
	return h, nil
}

// Close closes its file tree.
func (h *Host) Close() error { return h.Files.root.Close() }

// Target is what its facts are about.
func (h *Host) Target() fact.Target { return fact.Target{ID: "host/" + h.Name} }

// named is the host's own name: of the running kernel, or what the tree's
// /etc/hostname says, else the folder's name.
func (h *Host) named(top string) string {
	if h.Live {
		if name, err := os.Hostname(); err == nil && plainName(name) {
			return name
		}
	}
	if data, err := ReadFile(h.Files, "etc/hostname", 4096); err == nil {
		lines := bufio.NewScanner(strings.NewReader(string(data)))
		for lines.Scan() {
			if name := strings.TrimSpace(lines.Text()); name != "" && !strings.HasPrefix(name, "#") && plainName(name) {
				return name
			}
		}
	}
	if abs, err := filepath.Abs(top); err == nil && plainName(filepath.Base(abs)) {
		return filepath.Base(abs)
	}
	return "unnamed"
}

// plainName reports whether a name can stand in a target's id.
func plainName(name string) bool {
	return name != "" && name != "." && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r == '/' || r == '#' || r == 0x7f
	})
}
