package cli

import (
	"io"
	"io/fs"
	"strings"
	"sync"

	"github.com/writ-policy/writ/engine/fact"
)

const (
	// maxFramed is the largest file of which code frames show lines: those of a plan
	// are not worth showing.
	maxFramed = 4 << 20
	// maxLine bounds a line of a code frame, in bytes.
	maxLine = 400
)

// framed is a file of which lines are shown: raw as read, shown without secrets,
// each line made once. Findings are made by several workers.
type framed struct {
	raw   []string
	mu    sync.Mutex
	shown map[int]string
}

// snippet returns source lines for a code frame, of files that were read in this
// run: facts that were saved speak of files that may have changed since. All that
// the redactor will know it knows by then.
func (s *session) snippet(uri string, from, to int) []string {
	for _, src := range s.sources {
		if !src.env.WasRead(uri) {
			continue
		}
		f := s.frames.of(uri, func() *framed { return readFramed(src.env.File(uri)) })
		if from < 1 || from > len(f.raw) {
			continue
		}
		out := make([]string, 0, to-from+1)
		for n := from; n <= min(to, len(f.raw)); n++ {
			out = append(out, f.line(n, s.redactor))
		}
		return out
	}
	return nil
}

func readFramed(fsys fs.FS, uri string) *framed {
	f := &framed{shown: map[int]string{}}
	file, err := fsys.Open(uri)
	if err != nil {
		return f
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.Size() > maxFramed {
		return f
	}
	if data, err := io.ReadAll(file); err == nil {
		f.raw = strings.Split(string(data), "\n")
	}
	return f
}

// frames keeps the files that were framed last: findings come in the order of what
// they are about, mostly that of files.
type frames struct {
	mu    sync.Mutex
	files map[string]*framed
	order []string
}

// maxFrames is how many files are kept.
const maxFrames = 64

func (c *frames) of(uri string, read func() *framed) *framed {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.files[uri]; f != nil {
		return f
	}
	if c.files == nil {
		c.files = map[string]*framed{}
	}
	if len(c.order) == maxFrames {
		delete(c.files, c.order[0])
		c.order = c.order[1:]
	}
	f := read()
	c.files[uri], c.order = f, append(c.order, uri)
	return f
}

// line returns line n, from 1, without secrets and cut to a readable length: in
// this order, since half a secret is not known for one.
func (f *framed) line(n int, r *fact.Redactor) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	line, ok := f.shown[n]
	if !ok {
		line = r.Line(strings.TrimSuffix(f.raw[n-1], "\r"))
		if len(line) > maxLine {
			line = strings.ToValidUTF8(line[:maxLine], "")
		}
		f.shown[n] = line
	}
	return line
}

// noFiles is the file system of a source that has none.
type noFiles struct{}

func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
