package collectors

import (
	"bytes"
	"io/fs"
	"time"
)

// Stream is the name of the file that standard input is read as.
const Stream = "stdin"

// NewStream returns a tree of one file, which holds what standard input gave.
func NewStream(data []byte) *Tree {
	return &Tree{FS: oneFile{data}, Dir: Stream, Files: []string{Stream}}
}

// oneFile is the file system of a stream.
type oneFile struct{ data []byte }

// Open opens the stream.
func (f oneFile) Open(name string) (fs.File, error) {
	if name != Stream {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return openStream{bytes.NewReader(f.data)}, nil
}

type openStream struct{ *bytes.Reader }

func (s openStream) Stat() (fs.FileInfo, error) { return streamInfo{s.Reader.Size()}, nil }
func (openStream) Close() error                 { return nil }

type streamInfo struct{ size int64 }

func (streamInfo) Name() string       { return Stream }
func (i streamInfo) Size() int64      { return i.size }
func (streamInfo) Mode() fs.FileMode  { return 0o444 }
func (streamInfo) ModTime() time.Time { return time.Time{} }
func (streamInfo) IsDir() bool        { return false }
func (streamInfo) Sys() any           { return nil }
