package collectors

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// HostFS is the file tree of a host. It is read beneath its root as the host itself
// would read it: an absolute link leads below the root, and one that would leave it
// does not. Folders and regular files can be opened and nothing else; opening never
// waits. Names are slash-separated and relative: "etc/hostname".
type HostFS struct{ root *os.Root }

// maxLinks is how many links one name may lead over, as in the kernel.
const maxLinks = 40

// Open opens a regular file or a folder.
func (h *HostFS) Open(name string) (fs.File, error) {
	real, err := h.Resolve(name)
	if err != nil {
		return nil, err
	}
	return openRegular(h.root, real)
}

func openRegular(root *os.Root, name string) (fs.File, error) {
	// Non-blocking: a FIFO that took the file's place would wait for a writer.
	f, err := root.OpenFile(name, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: errors.New("not a regular file")}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Sub opens a folder of which many files are read: their names are not resolved from the
// top each time. A link in it that leads out of it is refused. What it returns is an
// [io.Closer].
func (h *HostFS) Sub(dir string) (fs.FS, error) {
	real, err := h.Resolve(dir)
	if err != nil {
		return nil, err
	}
	root, err := h.root.OpenRoot(real)
	if err != nil {
		return nil, err
	}
	return hostFolder{root}, nil
}

type hostFolder struct{ root *os.Root }

func (f hostFolder) Open(name string) (fs.File, error) { return openRegular(f.root, name) }
func (f hostFolder) Close() error                      { return f.root.Close() }

// Stat follows links, and opens nothing.
func (h *HostFS) Stat(name string) (fs.FileInfo, error) {
	real, err := h.Resolve(name)
	if err != nil {
		return nil, err
	}
	return h.root.Lstat(real)
}

// Lstat does not follow the last link.
func (h *HostFS) Lstat(name string) (fs.FileInfo, error) {
	dir, base := path.Split(name)
	if dir == "" {
		return h.root.Lstat(name)
	}
	real, err := h.Resolve(path.Clean(dir))
	if err != nil {
		return nil, err
	}
	return h.root.Lstat(path.Join(real, base))
}

// ReadLink returns where a link leads.
func (h *HostFS) ReadLink(name string) (string, error) {
	dir, base := path.Split(name)
	real, err := h.Resolve(path.Clean("./" + dir))
	if err != nil {
		return "", err
	}
	return h.root.Readlink(path.Join(real, base))
}

// ReadDir lists a folder, sorted by name.
func (h *HostFS) ReadDir(name string) ([]fs.DirEntry, error) {
	real, err := h.Resolve(name)
	if err != nil {
		return nil, err
	}
	return fs.ReadDir(h.root.FS(), real)
}

// Resolve returns the name without links that a name leads to; the file need not
// be of a type that can be opened.
func (h *HostFS) Resolve(name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	real, links := ".", 0
	rest := strings.Split(name, "/")
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			real = path.Dir(real) // of the root, itself: "." is its own folder
			continue
		}
		next := path.Join(real, part)
		info, err := h.root.Lstat(next)
		if err != nil {
			return "", &fs.PathError{Op: "open", Path: name, Err: unwrapPath(err)}
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			real = next
			continue
		}
		if links++; links > maxLinks {
			return "", &fs.PathError{Op: "open", Path: name, Err: errors.New("too many links")}
		}
		to, err := h.root.Readlink(next)
		if err != nil {
			return "", &fs.PathError{Op: "open", Path: name, Err: unwrapPath(err)}
		}
		if strings.HasPrefix(to, "/") {
			real = "."
		}
		if len(to) > unix.PathMax {
			return "", &fs.PathError{Op: "open", Path: name, Err: fmt.Errorf("a link of %d bytes", len(to))}
		}
		rest = append(strings.Split(to, "/"), rest...)
	}
	return real, nil
}
