package logs

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// journals looks at the files of the journal: in a folder that the machine's id names,
// with a namespace behind it. The heading of a file says when its first and its last
// record were written (systemd.journal-files(7), "Header"); records are not read.
func (l *look) journals() {
	for _, top := range []string{"var/log/journal", "run/log/journal"} {
		entries, err := fs.ReadDir(l.host.Files, top)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				l.miss("/%s: %v", top, cause(err))
			}
			continue
		}
		for _, e := range entries {
			if e.IsDir() {
				l.journal(path.Join(top, e.Name()))
			}
		}
	}
}

func (l *look) journal(name string) {
	id := "journal"
	if _, namespace, ok := strings.Cut(path.Base(name), "."); ok {
		id += "/" + safe(namespace)
	}
	opened, err := l.host.Files.Open(name)
	if err != nil {
		l.miss("/%s: %v", safe(name), cause(err))
		return
	}
	defer opened.Close()
	dir, ok := opened.(*os.File)
	if !ok {
		return
	}
	files, _, _ := l.list(name, dir)
	files = slices.DeleteFunc(files, func(f logFile) bool {
		return !strings.HasSuffix(f.name, ".journal") && !strings.HasSuffix(f.name, ".journal~")
	})
	if len(files) == 0 {
		return
	}
	at := fact.Position{Source: "/" + safe(name)}
	s := l.byID[id]
	if s == nil {
		const why = "the configuration of the journal was not found"
		s = l.add(id, "journal", "journald", at).elsewhere(why)
		s.basis, s.rotationUnknown = "observed", why
		s.name = aws.Declared(strings.TrimPrefix(strings.TrimPrefix(id, "journal"), "/"), at)
	}
	v := l.sightOf(s, at)
	for i := range files {
		f := &files[i]
		v.add(f, f.name == "system.journal")
		v.date(l.firstOfJournal(dir, f))
	}
}

// Offsets in the heading of a journal file.
const (
	journalEntries = 152
	journalFirst   = 184
	journalHeading = 208
)

// firstOfJournal is the time of the first record of a journal file.
func (l *look) firstOfJournal(dir *os.File, f *logFile) (at time.Time, how, why string) {
	fd, err := unix.Openat(int(dir.Fd()), f.name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return at, "none", "" // it was deleted or renamed since
	}
	if err != nil {
		return at, "none", "a file of the journal cannot be read: " + err.Error()
	}
	defer unix.Close(fd)
	head := l.heads.buf[:journalHeading]
	n, err := unix.Pread(fd, head, 0)
	if err != nil || n < journalHeading || string(head[:8]) != "LPKSHHRH" {
		return at, "none", "a file of the journal is none of its format"
	}
	if binary.LittleEndian.Uint64(head[journalEntries:]) == 0 {
		return at, "none", ""
	}
	micro := binary.LittleEndian.Uint64(head[journalFirst:])
	if micro == 0 || micro > 1<<53 {
		return at, "none", "a file of the journal has no time of its first record"
	}
	return time.UnixMicro(int64(micro)).UTC(), "record", ""
}
