package logs

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"time"

	"golang.org/x/sys/unix"

	"github.com/writ-policy/writ/collectors/source/logtime"
)

// Of a file at most mostHead bytes are read, and at most as many come of a packed one.
const (
	mostHead  = 64 << 10
	firstHead = 4 << 10
	probes    = 15 // places in a long file whose records name no year
)

// heads reads the beginnings of files, one after the other.
type heads struct {
	buf, packed []byte
	gz          *gzip.Reader
}

func newHeads() *heads { return &heads{buf: make([]byte, mostHead), packed: make([]byte, mostHead)} }

// oldest dates the oldest record of a family: by its own time where one can be read in
// what may be the oldest file, else, of a file that is written no longer, by its name or
// its last change, whichever is earlier. A file that is written to says nothing by those.
func (l *look) oldest(in openFolder, group []*logFile) (at time.Time, how, why string) {
	how = "none"
	for _, f := range candidates(group) {
		t, stamped, problem := l.dateOf(in, f)
		by := "record"
		switch {
		case stamped:
		case problem == "" && t.IsZero(): // it holds no record
			continue
		case f.rotated():
			t, by = f.changed(), "mtime"
			if f.date > 0 {
				if named := time.Date(f.date/10000, time.Month(f.date/100%100), f.date%100, 0, 0, 0, 0, l.zone); named.Before(t) {
					t, by = named, "name"
				}
			}
		default:
			why = problem
			continue
		}
		if at.IsZero() || t.Before(at) {
			at, how = t, by
		}
	}
	if how != "none" {
		why = ""
	}
	return at, how, why
}

// candidates are the files that may hold the oldest record: that which was changed first,
// that with the highest number, that with the earliest date, and those that are written.
func candidates(group []*logFile) []*logFile {
	var first, highest, earliest *logFile
	var out []*logFile
	for _, f := range group {
		if f.size == 0 {
			continue
		}
		if !f.rotated() {
			out = append(out, f)
			continue
		}
		if first == nil || f.mtime < first.mtime {
			first = f
		}
		if f.number >= 0 && (highest == nil || f.number > highest.number) {
			highest = f
		}
		if f.date > 0 && (earliest == nil || f.date < earliest.date) {
			earliest = f
		}
	}
	for i, f := range []*logFile{first, highest, earliest} {
		if f != nil && !(i > 0 && f == first) && !(i > 1 && f == highest) {
			out = append(out, f)
		}
	}
	return out
}

// dateOf reads the time of the first record of a file. Without a problem and a stamp the
// file holds none.
func (l *look) dateOf(in openFolder, f *logFile) (at time.Time, stamped bool, problem string) {
	const unread = "no record carries a time that can be read"
	if f.packed != "" && f.packed != "gz" {
		return at, false, "the file is packed by " + f.packed
	}
	fd, err := unix.Openat(int(in.dir.Fd()), f.name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return at, false, "it cannot be read: " + err.Error()
	}
	defer unix.Close(fd)
	var info unix.Stat_t
	if err := unix.Fstat(fd, &info); err != nil || info.Mode&unix.S_IFMT != unix.S_IFREG {
		return at, false, "it is not a regular file any more"
	}
	head, whole, err := l.heads.read(fd, firstHead, f.packed == "gz")
	if err == nil && len(head) == 0 {
		return at, false, ""
	}
	if f.family == "wtmp" || f.family == "btmp" || f.family == "utmp" {
		if t, ok := loginTime(head); ok {
			return t, true, ""
		}
		return at, false, unread
	}
	stamps := stampsOf(head, l.zone, 1)
	if len(stamps) == 0 && !whole || len(stamps) > 0 && stamps[0].Yearless {
		head, whole, err = l.heads.read(fd, mostHead, f.packed == "gz")
		stamps = stampsOf(head, l.zone, 64)
		if !whole && f.packed == "" && len(stamps) > 0 && stamps[0].Yearless {
			stamps = append(stamps[:1:1], l.heads.sample(fd, f.size, l.zone)...)
		}
	}
	if len(stamps) == 0 {
		if err != nil {
			return at, false, "it cannot be read: " + cause(err).Error()
		}
		return at, false, unread
	}
	limit := f.changed()
	if now := l.env.Now; limit.After(now) {
		limit = now
	}
	return logtime.First(stamps, limit.Add(ahead)), true, ""
}

// read reads the beginning of a file, unpacked. whole says that it is all of it. An error
// comes with what could be read.
func (h *heads) read(fd, most int, packed bool) (head []byte, whole bool, err error) {
	if !packed {
		n, err := unix.Pread(fd, h.buf[:most], 0)
		return text(h.buf[:max(n, 0)]), n < most, err
	}
	n, err := unix.Pread(fd, h.packed[:most], 0)
	if err != nil {
		return nil, false, err
	}
	in := bytes.NewReader(h.packed[:n])
	if h.gz == nil {
		h.gz, err = gzip.NewReader(in)
	} else {
		err = h.gz.Reset(in)
	}
	if err != nil {
		h.gz = nil
		return nil, false, err
	}
	got, err := io.ReadFull(h.gz, h.buf[:most])
	switch {
	case err == nil:
		return text(h.buf[:got]), false, nil
	case errors.Is(err, io.EOF), n == most && errors.Is(err, io.ErrUnexpectedEOF):
		return text(h.buf[:got]), n < most, nil
	case errors.Is(err, io.ErrUnexpectedEOF) && got > 0:
		return text(h.buf[:got]), true, nil
	}
	return text(h.buf[:got]), false, err
}

// text is what a head holds without what a program leaves in front when its file was cut
// off beneath it, zeros, and without those of UTF-16.
func text(b []byte) []byte {
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		return bytes.ReplaceAll(b[2:], []byte{0}, nil)
	}
	return b
}

// sample reads stamps at places that are evenly spread over a file, in order.
func (h *heads) sample(fd int, size int64, zone *time.Location) []logtime.Stamp {
	var out []logtime.Stamp
	for i := int64(1); i <= probes; i++ {
		n, err := unix.Pread(fd, h.buf[:firstHead], max(0, size-firstHead)*i/probes)
		if err != nil || n <= 0 {
			continue
		}
		b := h.buf[:n]
		b = b[bytes.IndexByte(b, '\n')+1:] // the line that it begins in is not whole
		if found := stampsOf(b, zone, 1); len(found) > 0 && found[0].Yearless {
			out = append(out, found[0])
		}
	}
	return out
}

// stampsOf are the stamps of lines, the first and others spread over the text: the first
// alone, if most is 1.
func stampsOf(b []byte, zone *time.Location, most int) []logtime.Stamp {
	var out []logtime.Stamp
	step := len(b) / most
	b = bytes.TrimLeft(b, "\x00")
	for total, next := len(b), 0; len(b) > 0; {
		line, rest, _ := bytes.Cut(b, []byte("\n"))
		if at := total - len(b); at >= next {
			if s, ok := logtime.Line(line, zone); ok {
				out = append(out, s)
				if most == 1 {
					return out
				}
				next = at + step
			}
		}
		b = rest
	}
	return out
}

// loginTime is the time of the first record of wtmp and its like: 384 bytes each, with
// seconds at offset 340 (utmp(5), as on every Linux but 32-bit ones with 64-bit time).
func loginTime(head []byte) (time.Time, bool) {
	const record, seconds = 384, 340
	for len(head) >= record {
		if n := binary.LittleEndian.Uint32(head[seconds:]); n != 0 {
			t := time.Unix(int64(n), 0)
			return t, t.Year() >= 1990
		}
		head = head[record:]
	}
	return time.Time{}, false
}
