package fetch

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// What one fetch may bring.
const (
	maxBytes   = 256 << 20 // of all files together
	maxPacked  = 64 << 20  // of an archive
	maxFiles   = 10_000    // and folders
	maxDepth   = 32        // of folders
	maxNameLen = 1024      // in bytes, of a path
)

// Unfinished begins the name of a folder in which files are until all are there. One that
// was left by a process that was killed holds nothing that counts.
const Unfinished = ".conftest-pull-"

// stage is a folder beside the place of what is fetched, on the same file system.
type stage struct {
	folder string // where it will be
	temp   string
	root   *os.Root // of temp
	files  *os.Root // within it
	count  int
	bytes  int64
	names  []string
}

// newStage makes one in the folder itself, or, while there is none, in the nearest that
// there is: where nothing is fetched no folder is left.
func newStage(folder string) (*stage, error) {
	near := folder
	for {
		if is, err := isFolder(near); err == nil {
			if !is {
				return nil, fmt.Errorf("%s is not a folder", near)
			}
			break
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("make policy directory: %w", err)
		}
		near = filepath.Dir(near)
	}
	temp, err := os.MkdirTemp(near, Unfinished)
	if err != nil {
		return nil, fmt.Errorf("make policy directory: %w", err)
	}
	s := &stage{folder: folder, temp: temp}
	if s.root, err = os.OpenRoot(temp); err == nil {
		if err = s.root.Mkdir("files", 0o755); err == nil {
			s.files, err = s.root.OpenRoot("files")
		}
	}
	if err != nil {
		s.discard()
		return nil, fmt.Errorf("make policy directory: %w", err)
	}
	return s, nil
}

func (s *stage) discard() {
	if s.files != nil {
		s.files.Close()
	}
	if s.root != nil {
		s.root.Close()
	}
	os.RemoveAll(s.temp)
}

// checkName refuses every name that is not a plain relative path, here or elsewhere.
func checkName(name string) error {
	switch {
	case name == "" || !utf8.ValidString(name) || len(name) > maxNameLen:
		return fmt.Errorf("a file has no name that can be written: %.80q", name)
	case strings.ContainsAny(name, "\\:\x00") || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return fmt.Errorf("the name %.80q holds what no name of a policy does", name)
	case path.IsAbs(name) || path.Clean(name) != name || !filepath.IsLocal(name):
		return fmt.Errorf("the name %.80q is not one beneath a folder", name)
	case slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return strings.EqualFold(part, ".git") }):
		return fmt.Errorf("the name %.80q is one of git's own", name)
	case strings.Count(name, "/") >= maxDepth:
		return fmt.Errorf("the name %.80q is deeper than %d folders", name, maxDepth)
	}
	return nil
}

// write writes a file of at most size bytes, -1 where that is not known.
func (s *stage) write(name string, from io.Reader, size int64) error {
	if err := checkName(name); err != nil {
		return err
	}
	if s.count++; s.count > maxFiles {
		return fmt.Errorf("more than %d files", maxFiles)
	}
	left := maxBytes - s.bytes
	if size > left {
		return fmt.Errorf("more than %d MiB", maxBytes>>20)
	}
	if err := s.files.MkdirAll(path.Dir(name), 0o755); err != nil {
		return fmt.Errorf("%s is a file and a folder: %w", path.Dir(name), err)
	}
	f, err := s.files.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("the name %q stands twice", name)
		}
		return err
	}
	n, err := io.Copy(f, io.LimitReader(from, left+1))
	s.bytes += n
	s.names = append(s.names, name)
	switch closed := f.Close(); {
	case err != nil:
		return err
	case n > left:
		return fmt.Errorf("more than %d MiB", maxBytes>>20)
	default:
		return closed
	}
}

// place moves the files to their folder: all at once where there is none, else one
// after the other, and back where that does not succeed.
func (s *stage) place() error {
	if !exists(s.folder) {
		if err := os.MkdirAll(filepath.Dir(s.folder), 0o755); err != nil {
			return fmt.Errorf("make policy directory: %w", err)
		}
		if err := os.Rename(filepath.Join(s.temp, "files"), s.folder); err != nil {
			return fmt.Errorf("make policy directory: %w", err)
		}
		return nil
	}
	root, err := os.OpenRoot(s.folder)
	if err != nil {
		return fmt.Errorf("write policies: %w", err)
	}
	defer root.Close()
	slices.Sort(s.names)
	for _, name := range s.names {
		if info, err := root.Lstat(name); err == nil && info.IsDir() {
			return fmt.Errorf("write policies: %s is a folder here", name)
		}
	}
	m := mover{root: root, temp: filepath.Base(s.temp)}
	for _, name := range s.names {
		if err := m.move(name); err != nil {
			return errors.Join(fmt.Errorf("write policies: %w", err), m.undo())
		}
	}
	return nil
}

// mover moves files within a folder and can undo it.
type mover struct {
	root *os.Root
	temp string
	done []moved
}

type moved struct{ name, old string }

func (m *mover) move(name string) error {
	if err := m.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	one := moved{name: name}
	if _, err := m.root.Lstat(name); err == nil {
		one.old = fmt.Sprintf("%s/old%d", m.temp, len(m.done))
		if err := m.root.Rename(name, one.old); err != nil {
			return err
		}
	}
	m.done = append(m.done, one)
	return m.root.Rename(m.temp+"/files/"+name, name)
}

func (m *mover) undo() error {
	var failed error
	for _, one := range slices.Backward(m.done) {
		err := m.root.Remove(one.name)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		if one.old != "" {
			err = m.root.Rename(one.old, one.name)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}
