package git

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/writ-policy/writ/collectors"
)

// Entry is a file of the index.
type Entry struct {
	// Path is relative to the repository's folder.
	Path string
	ID   ID
	// Link is a symbolic link, Module a submodule, else it is a file.
	Link, Module bool
}

// Index returns the files under version control, in the order of git. Without an
// index there are none. A sparse folder is an error: its files are not listed.
func (r *Repository) Index() ([]Entry, error) {
	data, err := collectors.ReadFile(r.fsys, path.Join(r.git, "index"), maxMeta)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	entries, err := ParseIndex(data)
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	return entries, nil
}

var errCut = errors.New("it ends too early")

// ParseIndex reads the content of an index file.
func ParseIndex(data []byte) ([]Entry, error) {
	if len(data) < 12 || string(data[:4]) != "DIRC" {
		return nil, errors.New("no index")
	}
	version, count := binary.BigEndian.Uint32(data[4:]), binary.BigEndian.Uint32(data[8:])
	if version < 2 || version > 4 {
		return nil, fmt.Errorf("version %d is not known", version)
	}
	const fixed = 62 // bytes before the name
	at := 12
	var out []Entry
	var name []byte
	for range count {
		if len(data)-at < fixed {
			return nil, errCut
		}
		head := data[at : at+fixed]
		mode, flags, size := binary.BigEndian.Uint32(head[24:]), binary.BigEndian.Uint16(head[60:]), fixed
		e := Entry{ID: ID(head[40:60]), Link: mode>>12 == 0o12, Module: mode>>12 == 0o16}
		if flags&0x4000 != 0 {
			if version < 3 || len(data)-at < fixed+2 {
				return nil, errCut
			}
			size += 2
		}
		rest := data[at+size:]
		if version == 4 {
			strip, n := offset(rest)
			if n == 0 || strip > len(name) {
				return nil, errors.New("a name is cut too short")
			}
			name, rest, size = name[:len(name)-strip], rest[n:], size+n
		} else {
			name = name[:0]
		}
		end := bytes.IndexByte(rest, 0)
		if end < 0 {
			return nil, errCut
		}
		name = append(name, rest[:end]...)
		if size += end; version == 4 {
			size++
		} else {
			size += 8 - size%8
		}
		at += size
		if at > len(data) {
			return nil, errCut
		}
		e.Path = string(name)
		switch {
		case mode>>12 == 0o4:
			return nil, errors.New("folders are left out of it")
		case e.Path == "":
			return nil, errors.New("it is split over two files")
		case !fs.ValidPath(e.Path) || e.Path == ".":
			return nil, errors.New("a name leads out of the repository")
		case len(out) > 0 && out[len(out)-1].Path == e.Path:
			continue // another side of a conflict
		}
		out = append(out, e)
	}
	for len(data)-at >= 8+20 {
		if string(data[at:at+4]) == "link" {
			return nil, errors.New("it is split over two files")
		}
		size := int(binary.BigEndian.Uint32(data[at+4:]))
		if size > len(data)-at-8 {
			return nil, errCut
		}
		at += 8 + size
	}
	return out, nil
}

// offset reads a number as deltas and index version 4 write it; n is the bytes it
// takes, 0 if it does not end.
func offset(data []byte) (value, n int) {
	for i, c := range data[:min(len(data), 8)] {
		value = value<<7 | int(c&0x7f)
		if c < 0x80 {
			return value, i + 1
		}
		value++
	}
	return 0, 0
}
