// Package git reads repositories of git: the files of the index, and the blobs of
// the history of HEAD. It is a small reader of its own, because running git on a
// repository that is not trusted runs what its configuration and hooks name, and
// because it must not leave the file system it is given: alternates and worktrees
// that lead out of it are an error.
//
// Read are index versions 2 to 4, loose objects, and packs with index versions 1
// and 2. Not read are repositories with SHA-256 ids, split indexes and reftables.
// The formats are those of git's Documentation/gitformat-*.
package git

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors"
)

// ID names an object.
type ID [20]byte

// String is the id in hexadecimal.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

func parseID(text string) (ID, error) {
	var id ID
	raw, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != len(id) {
		return id, errors.New("not an object's id")
	}
	copy(id[:], raw)
	return id, nil
}

// Repository is opened for reading. Not safe for concurrent use.
type Repository struct {
	// Dir is the folder that holds .git, relative to the file system, "." for its
	// root.
	Dir   string
	fsys  fs.FS
	git   string // the .git folder
	packs []*pack
	found bool // packs were looked for
	depth int  // of bases that are read
}

// ErrNone is returned where there is no repository.
var ErrNone = errors.New("no repository")

// maxMeta bounds files of a repository that are read whole.
const maxMeta = 256 << 20

// Open finds the repository that a folder belongs to: the nearest one upwards.
func Open(fsys fs.FS, dir string) (*Repository, error) {
	for at := path.Clean(dir); ; at = path.Dir(at) {
		name := path.Join(at, ".git")
		info, err := fs.Stat(fsys, name)
		switch {
		case err == nil && info.IsDir():
			r := &Repository{Dir: at, fsys: fsys, git: name}
			if _, err := fs.Stat(fsys, path.Join(name, "HEAD")); errors.Is(err, fs.ErrNotExist) {
				return nil, ErrNone // a folder of that name makes no repository
			}
			if config, err := r.text("config"); err == nil && strings.Contains(strings.ToLower(config), "objectformat") && strings.Contains(strings.ToLower(config), "sha256") {
				return nil, errors.New("ids of SHA-256 are not read")
			}
			return r, nil
		case err == nil:
			return nil, errors.New(".git leads to a folder elsewhere")
		case at == ".":
			return nil, ErrNone
		}
	}
}

// Shallow reports whether the history was cut off when the repository was cloned.
func (r *Repository) Shallow() bool {
	text, err := r.text("shallow")
	return err == nil && strings.TrimSpace(text) != ""
}

// Head is the commit that is checked out. A repository without a commit has none:
// ErrNone.
func (r *Repository) Head() (ID, error) {
	text, err := r.text("HEAD")
	if err != nil {
		return ID{}, fmt.Errorf("read HEAD: %w", err)
	}
	for range 5 {
		name, symbolic := strings.CutPrefix(strings.TrimSpace(text), "ref: ")
		if !symbolic {
			return parseID(text)
		}
		if !fs.ValidPath(name) || !strings.HasPrefix(name, "refs/") {
			return ID{}, errors.New("read HEAD: it names no branch")
		}
		if text, err = r.text(name); err != nil {
			return r.packedRef(name)
		}
	}
	return ID{}, errors.New("read HEAD: references in a circle")
}

func (r *Repository) packedRef(name string) (ID, error) {
	text, err := r.text("packed-refs")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return ID{}, fmt.Errorf("read packed-refs: %w", err)
	}
	for line := range strings.Lines(text) {
		if id, ref, ok := strings.Cut(strings.TrimSpace(line), " "); ok && ref == name {
			return parseID(id)
		}
	}
	if _, err := fs.Stat(r.fsys, path.Join(r.git, "reftable")); err == nil {
		return ID{}, errors.New("references in a reftable are not read")
	}
	return ID{}, ErrNone
}

func (r *Repository) text(name string) (string, error) {
	data, err := collectors.ReadFile(r.fsys, path.Join(r.git, name), maxMeta)
	return string(data), err
}
