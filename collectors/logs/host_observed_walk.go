package logs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/writ-policy/writ/collectors"
)

// Bounds of a walk: what lies beyond them is said to be missing.
const (
	mostEntries = 300_000
	mostDepth   = 24
)

// look is one walk over the folders of logs.
type look struct {
	*machine
	ctx        context.Context
	visited    map[[2]uint64]bool // by device and inode
	entries    int
	over       bool
	incomplete bool // not all that rotates files was read
	patterns   map[string][]*store
	sights     map[*store]*sight
	order      []*store
	accounts   *accounts
	zone       *time.Location
	heads      *heads
}

// logFile is a regular file in a folder of logs.
type logFile struct {
	name     string
	size     int64
	mode     uint32 // permissions
	uid, gid uint32
	mtime    int64 // nanoseconds
	member
}

func (f *logFile) changed() time.Time { return time.Unix(0, f.mtime) }

// openFolder is a folder while its files are looked at.
type openFolder struct {
	name string
	dir  *os.File
}

// walk looks at a folder, and at those in it. all says that a file in it is a log
// wherever configuration does not name it; else only those are looked at that it names.
// Files are opened by their name in the open folder, and no link is followed.
func (l *look) walk(name string, depth int, all bool) {
	if l.ctx.Err() != nil || l.over {
		return
	}
	if depth > mostDepth {
		l.miss("/%s: folders lie deeper than %d", safe(name), mostDepth)
		return
	}
	opened, err := l.host.Files.Open(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			l.miss("/%s: %v", safe(name), cause(err))
		}
		return
	}
	defer opened.Close()
	dir, ok := opened.(*os.File)
	if !ok {
		l.miss("/%s: not a folder of a file system", safe(name))
		return
	}
	var info unix.Stat_t
	if err := unix.Fstat(int(dir.Fd()), &info); err != nil {
		l.miss("/%s: %v", safe(name), err)
		return
	}
	if id := [2]uint64{uint64(info.Dev), info.Ino}; info.Mode&unix.S_IFMT != unix.S_IFDIR || l.visited[id] {
		return
	} else {
		l.visited[id] = true
	}
	files, within, links := l.list(name, dir)
	l.families(openFolder{name, dir}, files, all)
	if !all {
		return
	}
	for _, sub := range within {
		if next := path.Join(name, sub); next != "var/log/journal" {
			l.walk(next, depth+1, all)
		}
	}
	for _, sub := range links {
		next := path.Join(name, sub)
		if info, err := fs.Stat(l.host.Files, next); err == nil && info.IsDir() {
			l.walk(next, depth+1, all)
		}
	}
}

// list lists a folder, sorted by name: its regular files, its folders, its links.
func (l *look) list(name string, dir *os.File) (files []logFile, within, links []string) {
	fd := int(dir.Fd())
	for {
		entries, err := dir.ReadDir(1024)
		for _, e := range entries {
			if l.entries++; l.entries > mostEntries {
				if !l.over {
					l.miss("more than %d files and folders of logs", mostEntries)
				}
				l.over = true
				return files, within, links
			}
			switch t := e.Type(); {
			case t.IsDir():
				within = append(within, e.Name())
			case t&fs.ModeSymlink != 0:
				links = append(links, e.Name())
			case t.IsRegular():
				var info unix.Stat_t
				if err := unix.Fstatat(fd, e.Name(), &info, unix.AT_SYMLINK_NOFOLLOW); err != nil {
					if !errors.Is(err, unix.ENOENT) { // one that went away is not there
						l.miss("/%s: %v", safe(path.Join(name, e.Name())), err)
					}
					continue
				}
				if info.Mode&unix.S_IFMT != unix.S_IFREG {
					continue
				}
				files = append(files, logFile{
					name: e.Name(), size: info.Size, mode: uint32(info.Mode) & 0o7777, uid: info.Uid, gid: info.Gid,
					mtime: info.Mtim.Nano(), member: memberOf(e.Name()),
				})
			}
		}
		if err != nil || len(entries) == 0 {
			if err != nil && err.Error() != "EOF" {
				l.miss("/%s: %v", safe(name), cause(err))
			}
			break
		}
	}
	slices.SortFunc(files, func(a, b logFile) int { return strings.Compare(a.name, b.name) })
	slices.Sort(within)
	slices.Sort(links)
	return files, within, links
}

// cause is an error without the name of the file, which stands before it.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// safe is a name as it can stand in facts: text, without what would be an address of a
// person.
func safe(name string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(name, "\uFFFD") {
		switch {
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r >= 0x80 && r <= 0x9f, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return maskAddresses(b.String())
}

// maskAddresses puts "[e-mail]" for each address of a person in a path.
func maskAddresses(name string) string {
	if !strings.Contains(name, "@") {
		return name
	}
	parts := strings.Split(name, "/")
	for i, p := range parts {
		at := strings.LastIndexByte(p, '@')
		if at < 1 || !strings.Contains(p[at:], ".") || strings.HasSuffix(p, ".journal") || strings.HasSuffix(p, ".journal~") {
			continue
		}
		tail := ""
		for _, ext := range []string{".log", ".txt", ".json"} {
			if strings.HasSuffix(p, ext) {
				tail = ext
			}
		}
		parts[i] = "[e-mail]" + tail
	}
	return strings.Join(parts, "/")
}

// zoneOf is the zone of a host's local time, UTC where it says none.
func zoneOf(host *collectors.HostFS) *time.Location {
	data, err := collectors.ReadFile(host, "etc/localtime", 1<<16)
	if err != nil {
		return time.UTC
	}
	zone, err := time.LoadLocationFromTZData("", data)
	if err != nil {
		return time.UTC
	}
	return zone
}
