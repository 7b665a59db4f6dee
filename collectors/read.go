package collectors

import (
	"errors"
	"fmt"
	"io/fs"
)

// ReadFile reads a regular file of at most limit bytes. Opening a FIFO or a device
// that stands in a tree could wait for ever. Errors do not repeat the name.
func ReadFile(fsys fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, unwrapPath(err)
	case info.IsDir():
		return nil, errors.New("it is a folder")
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	case info.Size() > limit:
		return nil, fmt.Errorf("larger than %d MiB", limit>>20)
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, unwrapPath(err)
	}
	return data, nil
}

// Regular is a file system in which only regular files and folders can be opened.
type Regular struct{ fs.FS }

// Open opens a regular file or a folder.
func (r Regular) Open(name string) (fs.File, error) {
	info, err := fs.Stat(r.FS, name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("not a regular file")}
	}
	return r.FS.Open(name)
}

// Stat follows links, and opens nothing.
func (r Regular) Stat(name string) (fs.FileInfo, error) { return fs.Stat(r.FS, name) }

// Lstat does not follow links.
func (r Regular) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(r.FS, name) }

// ReadLink returns where a link leads.
func (r Regular) ReadLink(name string) (string, error) { return fs.ReadLink(r.FS, name) }

// ReadDir lists a folder, whatever it holds.
func (r Regular) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(r.FS, name) }
