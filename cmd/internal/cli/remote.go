package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/all"
)

// besideRemote is where the plan of a run without a tree may stand: the current
// folder, and no other.
func besideRemote() (*collectors.Tree, *os.Root) {
	root, err := os.OpenRoot(".")
	if err != nil {
		return nil, nil
	}
	return &collectors.Tree{FS: collectors.Regular{FS: root.FS()}, Dir: "."}, root
}

// openRemote opens a source that is no path: host:, scan:// or tls://. It returns nil
// for a path.
func (s *session) openRemote(arg string, f *flags) (*source, error) {
	env := &collectors.Env{Now: s.now, Version: Version, Redactor: s.redactor, Probe: f.probe}
	if arg == "host:" {
		host, err := collectors.OpenHost(f.root)
		if err != nil {
			return nil, err
		}
		env.Host = host
		return &source{arg: arg, scheme: collectors.Machine, env: env}, nil
	}
	name, address, found := strings.Cut(arg, "://")
	if !found {
		return nil, nil
	}
	scheme := collectors.Scheme(name)
	if scheme == collectors.Path || scheme == collectors.Machine || len(collectors.Yields(all.Collectors(), nil, scheme)) == 0 {
		return nil, fmt.Errorf("%s sources have no collector in this version; name a folder, a file, saved facts or host:", name)
	}
	env.Address = address
	return &source{arg: arg, scheme: scheme, env: env}, nil
}
