package socket

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// maxNamespaces bounds those that are entered.
const maxNamespaces = 1 << 14

// namespaces are those found so far.
type namespaces struct {
	all     []*Namespace
	byInode map[uint64]*Namespace
	byNet   map[uint64]*Namespace
	reasons []string
}

// findNamespaces finds the network namespaces of every process and thread, and those
// that are mounted. Of a process that may not be read, the inode number of its
// /proc/PID/net/dev tells whether its namespace is one of the others.
func findNamespaces(pids []int) *namespaces {
	s := &namespaces{byInode: map[uint64]*Namespace{}, byNet: map[uint64]*Namespace{}}
	own := s.at("/proc/thread-self/ns/net", "/proc/thread-self/net")
	for _, pid := range pids {
		folder := "/proc/" + strconv.Itoa(pid)
		n := s.at(folder+"/ns/net", folder+"/net")
		if n == nil {
			continue // it ended
		}
		n.PIDs = append(n.PIDs, pid)
		n.tables = append(n.tables, folder+"/net")
		if pid == 1 {
			n.Host = true
		}
		s.threads(folder)
	}
	if own != nil && !slices.ContainsFunc(s.all, func(n *Namespace) bool { return n.Host }) {
		own.Host = true
	}
	s.mounted("/proc/self/mountinfo", "")
	if mount, err := os.Readlink("/proc/1/ns/mnt"); err == nil {
		if mine, err := os.Readlink("/proc/self/ns/mnt"); err == nil && mine != mount {
			s.mounted("/proc/1/mountinfo", "/proc/1/root")
		}
	}
	slices.SortFunc(s.all, compareNamespaces)
	return s
}

// at returns the namespace that a file leads to, made if it is new; net is the folder
// of its tables, "" if there is none. It returns nil if neither is there.
func (s *namespaces) at(file, net string) *Namespace {
	inode, err := namespaceOf(file)
	if err == nil {
		if n := s.byInode[inode]; n != nil {
			return n
		}
	}
	var table uint64
	if net != "" {
		var stat unix.Stat_t
		if unix.Stat(net+"/dev", &stat) == nil {
			table = stat.Ino
		}
	}
	if n := s.byNet[table]; n != nil && table != 0 {
		if n.Inode == 0 && err == nil {
			n.Inode = inode
			s.byInode[inode] = n
			n.open(file)
		}
		return n
	}
	if err != nil && table == 0 || len(s.all) >= maxNamespaces {
		return nil
	}
	n := &Namespace{Inode: inode, net: table, file: -1}
	if err == nil {
		s.byInode[inode] = n
		n.open(file)
	}
	if table != 0 {
		s.byNet[table] = n
	}
	s.all = append(s.all, n)
	if len(s.all) == maxNamespaces {
		s.reasons = append(s.reasons, fmt.Sprintf("more than %d network namespaces", maxNamespaces))
	}
	return n
}

func (n *Namespace) open(file string) {
	if fd, err := unix.Open(file, unix.O_RDONLY|unix.O_CLOEXEC, 0); err == nil {
		n.file = fd
	}
}

// namespaceOf reads "net:[4026531840]".
func namespaceOf(file string) (uint64, error) {
	var b [64]byte
	n, err := unix.Readlink(file, b[:])
	if err != nil {
		return 0, err
	}
	inode, ok := parseLink(b[:n], "net:[")
	if !ok {
		return 0, fmt.Errorf("%q is not a network namespace", b[:n])
	}
	return inode, nil
}

// threads finds namespaces that a thread alone has entered.
func (s *namespaces) threads(folder string) {
	var stat unix.Stat_t
	if unix.Stat(folder+"/task", &stat) != nil || stat.Nlink <= 3 {
		return
	}
	entries, err := os.ReadDir(folder + "/task")
	if err != nil {
		return
	}
	for _, e := range entries {
		task := folder + "/task/" + e.Name()
		if n := s.at(task+"/ns/net", task+"/net"); n != nil && len(n.tables) == 0 {
			n.tables = append(n.tables, task+"/net")
		}
	}
}

// mounted finds namespaces that are mounted somewhere; root is put before the paths.
func (s *namespaces) mounted(table, root string) {
	data, err := os.ReadFile(table)
	if err != nil {
		s.reasons = append(s.reasons, "mounted network namespaces are not known: "+reason(err))
		return
	}
	for _, m := range parseMounts(data) {
		n := s.byInode[m.inode]
		if n == nil {
			n = &Namespace{Inode: m.inode, file: -1}
			n.open(root + m.path)
			// What is mounted over it hides it.
			if inode, err := inodeOf(n.file); err != nil || inode != m.inode {
				if n.file >= 0 {
					unix.Close(n.file)
				}
				n.file = -1
			}
			s.byInode[m.inode] = n
			s.all = append(s.all, n)
		}
		if !slices.Contains(n.Mounts, m.path) {
			n.Mounts = append(n.Mounts, m.path)
			slices.Sort(n.Mounts)
		}
	}
}

func inodeOf(fd int) (uint64, error) {
	var stat unix.Stat_t
	err := unix.Fstat(fd, &stat)
	return stat.Ino, err
}

// mount is a mounted network namespace.
type mount struct {
	inode uint64
	path  string
}

// parseMounts reads /proc/PID/mountinfo for network namespaces.
func parseMounts(data []byte) []mount {
	var out []mount
	for line := range bytes.Lines(data) {
		f := bytes.Fields(line)
		if len(f) < 7 {
			continue
		}
		if inode, ok := parseLink(f[3], "net:["); ok {
			out = append(out, mount{inode, path.Clean(unescapeMount(string(f[4])))})
		}
	}
	return out
}

// unescapeMount undoes the octal escapes of space, tab, newline and backslash.
func unescapeMount(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// parseLink reads the number of "PREFIX4026531840]".
func parseLink(link []byte, prefix string) (uint64, bool) {
	if len(link) <= len(prefix)+1 || string(link[:len(prefix)]) != prefix || link[len(link)-1] != ']' {
		return 0, false
	}
	var n uint64
	for _, c := range link[len(prefix) : len(link)-1] {
		if c < '0' || c > '9' || n > 1<<59 {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

// inside runs f in a namespace, on a thread that ends with it. The error says why it
// cannot be entered; f has not run then.
func (n *Namespace) inside(f func()) error {
	done := make(chan error)
	go func() {
		// Never unlocked: the thread is in another namespace and must not be used again.
		runtime.LockOSThread()
		if mine, err := namespaceOf("/proc/thread-self/ns/net"); err != nil || mine != n.Inode {
			if n.file < 0 {
				done <- fmt.Errorf("it may not be opened")
				return
			}
			if err := unix.Setns(n.file, unix.CLONE_NEWNET); err != nil {
				done <- err
				return
			}
		}
		f()
		done <- nil
	}()
	return <-done
}
