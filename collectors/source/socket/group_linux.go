package socket

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// Groups are the control groups of the machine, by id.
type Groups struct {
	paths map[uint64]string
	// split says that the service manager keeps its units in another hierarchy.
	split bool
}

// rootGroup is the id of the topmost.
const rootGroup = 1

// ControlGroups returns what reads them once, when it is first asked.
func ControlGroups() func() (*Groups, error) {
	return sync.OnceValues(func() (*Groups, error) {
		data, err := os.ReadFile("/proc/self/mountinfo")
		if err != nil {
			return nil, errors.New(reason(err))
		}
		g := &Groups{paths: map[uint64]string{rootGroup: "/"}}
		top := ""
		for line := range strings.Lines(string(data)) {
			f := strings.Fields(line)
			for i := 6; i+3 < len(f); i++ {
				if f[i] != "-" {
					continue
				}
				switch {
				case f[i+1] == "cgroup2" && f[3] == "/" && top == "":
					top = unescapeMount(f[4])
				case f[i+1] == "cgroup" && strings.Contains(f[i+3], "name=systemd"):
					g.split = true
				}
				break
			}
		}
		if top == "" {
			return nil, errors.New("no hierarchy of version 2 is mounted")
		}
		g.walk(top, "/", make([]byte, 1<<14), 0)
		return g, nil
	})
}

// walk notes the groups below one. The id of a group is the inode number of its folder,
// which its parent tells.
func (g *Groups) walk(top, path string, buffer []byte, depth int) {
	fd, err := unix.Open(top+path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil || depth > 64 {
		return
	}
	var below []string
	for {
		n, err := unix.Getdents(fd, buffer)
		if err != nil || n <= 0 {
			break
		}
		for data := buffer[:n]; len(data) > 19; {
			size := int(binary.NativeEndian.Uint16(data[16:]))
			if size <= 19 || size > len(data) {
				break
			}
			name, _, _ := strings.Cut(string(data[19:size]), "\x00")
			if data[18] == unix.DT_DIR && name != "." && name != ".." {
				below = append(below, path+name)
				g.paths[binary.NativeEndian.Uint64(data)] = path + name
			}
			data = data[size:]
		}
	}
	unix.Close(fd)
	for _, p := range below {
		g.walk(top, p+"/", buffer, depth+1)
	}
}

// Path is the path of a group.
func (g *Groups) Path(id uint64) (string, error) {
	path, ok := g.paths[id]
	switch {
	case !ok:
		return "", fmt.Errorf("control group %d is no more, or not seen from here", id)
	case path == "/" && g.split:
		return "", errors.New("units are in control groups of version 1, which sockets do not keep")
	}
	return path, nil
}
