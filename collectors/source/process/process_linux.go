package process

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Read reads the process whose folder in /proc the descriptor is of. What may not be
// read has its reason.
func Read(pid int, folder int) *Process {
	p := &Process{PID: pid}
	stat, err := readAt(folder, "stat")
	var ticks uint64
	var boot time.Time
	if err == nil {
		ticks, err = parseStart(stat)
	}
	if err == nil {
		boot, err = booted()
	}
	if err != nil {
		p.StartedReason = "its start cannot be read: " + err.Error()
	}
	p.Started = boot.Add(time.Duration(ticks/Ticks) * time.Second)
	status, err := readAt(folder, "status")
	if err == nil {
		p.UID, err = parseUser(status)
	}
	if err != nil {
		p.UIDReason = "its user cannot be read: " + err.Error()
	}
	groups, err := readAt(folder, "cgroup")
	if err != nil {
		p.UnitReason = "its control group cannot be read: " + err.Error()
	}
	unit, all := parseGroups(groups)
	p.Unit, p.Container = Unit(unit), ContainerOf(all)
	if p.Container.Runtime != "" && !p.Container.Claimed {
		p.Unit = "" // the runtime's scope, and what is in it names its groups itself
	}
	p.executable(folder)
	if name, err := linkAt(folder, "ns/net"); err == nil {
		fmt.Sscanf(name, "net:[%d]", &p.Network)
	}
	if p.OwnRoot && p.UIDReason == "" {
		p.User = insideName(folder, p.UID)
	}
	return p
}

const deleted = " (deleted)"

// executable reads what it runs. The kernel names the file as it is named in the mount
// namespace of the process, whatever folder in it is its root, and appends " (deleted)" if no name leads to it any
// more; a file may also be named so.
func (p *Process) executable(folder int) {
	name, err := linkAt(folder, "exe")
	if err != nil {
		p.ExeReason = "its executable cannot be read: " + err.Error()
		p.OwnRootReason = p.ExeReason
		return
	}
	p.Exe = name
	mine, err := os.Readlink("/proc/self/ns/mnt")
	mount, err2 := linkAt(folder, "ns/mnt")
	root, err3 := linkAt(folder, "root")
	if err := errors.Join(err, err2, err3); err != nil {
		p.OwnRootReason = "its root cannot be read: " + err.Error()
	}
	shared := mine == mount && root == "/" && p.OwnRootReason == ""
	if shared && !strings.HasSuffix(name, deleted) {
		return
	}
	var is, named unix.Statx_t
	err = unix.Statx(folder, "exe", unix.AT_STATX_DONT_SYNC, unix.STATX_INO, &is)
	if err != nil {
		p.OwnRootReason = "its executable cannot be read: " + err.Error()
	}
	same := func(path string) bool {
		return unix.Statx(unix.AT_FDCWD, path, unix.AT_STATX_DONT_SYNC, unix.STATX_INO, &named) == nil &&
			named.Ino == is.Ino && named.Dev_major == is.Dev_major && named.Dev_minor == is.Dev_minor
	}
	within := "/proc/" + strconv.Itoa(p.PID) + "/root" + name
	if cut, ok := strings.CutSuffix(name, deleted); ok && !same(within) && (mine != mount || !same(name)) {
		p.Exe, p.ExeDeleted = cut, true
	}
	switch {
	case shared || p.OwnRootReason != "":
	case p.ExeDeleted && root == "/" && p.Container.Runtime == "":
		p.OwnRootReason = "its executable was deleted, and its mount namespace is its own"
	default:
		p.OwnRoot = p.ExeDeleted || !same(p.Exe)
	}
}

// booted is when the machine started.
var booted = sync.OnceValues(func() (time.Time, error) {
	data, err := os.ReadFile("/proc/stat")
	if err != nil {
		return time.Time{}, err
	}
	return parseBoot(data)
})

func linkAt(folder int, name string) (string, error) {
	b := make([]byte, unix.PathMax)
	n, err := unix.Readlinkat(folder, name, b)
	if err != nil {
		return "", err
	}
	return string(b[:n]), nil
}

// most bounds what is read of a file of /proc, or of a container.
const most = 1 << 20

func readAt(folder int, name string) ([]byte, error) {
	fd, err := unix.Openat(folder, name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return readAll(fd)
}

func readAll(fd int) ([]byte, error) {
	defer unix.Close(fd)
	b := make([]byte, 0, 2048)
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := unix.Read(fd, b[len(b):cap(b)])
		switch {
		case err == unix.EINTR:
		case err != nil:
			return nil, err
		case n <= 0:
			return b, nil
		case len(b)+n > most:
			return nil, io.ErrShortBuffer
		default:
			b = b[:len(b)+n]
		}
	}
}

// insideName is the name that a user has in the root that a process runs in, "" if it
// has none or that cannot be read. That root is not trusted: only a regular file on a
// disk is opened, and no link leads out of it.
func insideName(folder int, uid uint32) string {
	mounts, err := readAt(folder, "mountinfo")
	if err != nil || remote(mounts) {
		return ""
	}
	root, err := unix.Openat(folder, "root", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	defer unix.Close(root)
	fd, err := unix.Openat2(root, "etc/passwd", &unix.OpenHow{
		Flags:   unix.O_RDONLY | unix.O_NONBLOCK | unix.O_NOCTTY | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_IN_ROOT | unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_NO_XDEV,
	})
	if err != nil {
		return ""
	}
	var stat unix.Stat_t
	if unix.Fstat(fd, &stat) != nil || stat.Mode&unix.S_IFMT != unix.S_IFREG {
		unix.Close(fd)
		return ""
	}
	passwd, err := readAll(fd)
	if err != nil {
		return ""
	}
	if table, err := readAt(folder, "uid_map"); err == nil {
		if mapped, ok := within(table, uid); ok {
			return ParseUsers(passwd)[mapped]
		}
	}
	return ""
}

// InitialNamespace reports whether all processes of the machine can be seen: whether
// the PID namespace is the first.
func InitialNamespace() bool {
	const first = 0xEFFFFFFC // PROC_PID_INIT_INO
	name, err := os.Readlink("/proc/self/ns/pid")
	return err == nil && name == fmt.Sprintf("pid:[%d]", uint32(first))
}
