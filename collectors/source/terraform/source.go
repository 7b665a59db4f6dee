package terraform

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// source is a file that was read.
type source struct {
	path   string
	text   []byte
	sha256 string
	err    error
}

// read returns the file's bytes, which Root.Files then lists. A file is read
// once; errors are kept too. Anything but a regular file is refused, since
// opening a FIFO or a device would block.
func (ev *evaluation) read(path string) ([]byte, error) {
	if s, ok := ev.sources[path]; ok {
		return s.text, s.err
	}
	s := ev.known[path]
	if s == nil || s.err != nil {
		s = &source{path: path}
		if s.text, s.err = ev.readFile(path); s.err == nil {
			sum := sha256.Sum256(s.text)
			s.sha256 = hex.EncodeToString(sum[:])
		}
	}
	if s.err == nil {
		ev.spent.bytes += int64(len(s.text))
		if ev.spent.bytes > ev.limits.Bytes {
			s = &source{path: path, err: &limitError{path, fmt.Sprintf("the root module holds more than %d bytes", ev.limits.Bytes)}}
		} else {
			ev.root.Files = append(ev.root.Files, File{Path: path, SHA256: s.sha256})
		}
	}
	ev.sources[path] = s
	return s.text, s.err
}

func (ev *evaluation) readFile(path string) ([]byte, error) {
	info, err := fs.Stat(ev.fsys, path)
	if err != nil {
		return nil, reading(path, err)
	}
	switch {
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("read %s: not a regular file", path)
	case info.Size() > ev.limits.FileBytes:
		return nil, &limitError{path, fmt.Sprintf("larger than %d bytes", ev.limits.FileBytes)}
	}
	f, err := ev.fsys.Open(path)
	if err != nil {
		return nil, reading(path, err)
	}
	defer f.Close()
	text := make([]byte, 0, info.Size()+512)
	for {
		n, err := f.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, reading(path, err)
		}
		if int64(len(text)) > ev.limits.FileBytes {
			return nil, &limitError{path, fmt.Sprintf("larger than %d bytes", ev.limits.FileBytes)}
		}
		if len(text) == cap(text) {
			text = append(text, 0)[:len(text)]
		}
	}
	return text, nil
}

// limitError is a file that is left out because of a limit.
type limitError struct{ path, problem string }

func (e *limitError) Error() string { return "read " + e.path + ": " + e.problem }

// reading words an error of the file system without its own path, which may be
// absolute.
func reading(path string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("read %s: %w", path, err)
}

// configuration reads a file that has to be UTF-8 text. A failure is an error
// diagnostic and makes the root incomplete.
func (ev *evaluation) configuration(path string) ([]byte, bool) {
	text, err := ev.read(path)
	if err != nil {
		if over := (*limitError)(nil); errors.As(err, &over) {
			ev.warn(startOf(path), err.Error(), "")
			ev.incomplete(err.Error())
		} else {
			ev.unusable(path, err.Error())
		}
		return nil, false
	}
	if !utf8.Valid(text) {
		hint := "save the file as UTF-8"
		if bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) {
			hint = "the file is UTF-16: save it as UTF-8"
		}
		ev.refuse(firstInvalid(path, text), "not UTF-8 text", hint)
		ev.incomplete("read " + path + ": not UTF-8 text")
		return nil, false
	}
	return text, true
}

// firstInvalid is the place of the first byte that is not UTF-8.
func firstInvalid(path string, text []byte) hcl.Range {
	at := hcl.Pos{Line: 1, Column: 1}
	for {
		r, size := utf8.DecodeRune(text[at.Byte:])
		if r == utf8.RuneError && size <= 1 {
			return hcl.Range{Filename: path, Start: at, End: at}
		}
		at.Byte += size
		at.Column++
		if r == '\n' {
			at.Line, at.Column = at.Line+1, 1
		}
	}
}

// unusable reports a file that cannot be used at all.
func (ev *evaluation) unusable(path, reason string) {
	ev.refuse(startOf(path), reason, "")
	ev.incomplete(reason)
}

func startOf(path string) hcl.Range {
	start := hcl.Pos{Line: 1, Column: 1}
	return hcl.Range{Filename: path, Start: start, End: start}
}
