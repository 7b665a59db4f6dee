package collectors

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// MaxFile is the largest file that discovery hands to readers. Plans are larger
// than anything people write.
const MaxFile = 256 << 20

// ignoredFolders hold nothing that people wrote as configuration.
var ignoredFolders = map[string]string{
	".git":              "version control",
	".terraform":        "downloaded by terraform",
	"node_modules":      "installed packages",
	".terragrunt-cache": "downloaded by terragrunt",
}

// OpenTree opens a named file or folder. Its file system is rooted at the
// repository root if there is one, and os.Root keeps links and ".." inside it.
// A folder of widen that encloses it moves the root up to there. The caller
// closes the root.
func OpenTree(name string, widen ...string) (*Tree, *os.Root, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, nil, fmt.Errorf("open source %s: %w", name, err)
	}
	// What the user names may be a link: only links inside the source are not trusted.
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return nil, nil, fmt.Errorf("open source %s: %w", name, unwrapPath(err))
	}
	info, err := os.Stat(abs)
	if err != nil {
		return nil, nil, fmt.Errorf("open source %s: %w", name, unwrapPath(err))
	}
	folder := abs
	if !info.IsDir() {
		folder = filepath.Dir(abs)
	}
	top := repositoryRoot(folder)
	for _, w := range widen {
		if wide, err := realPath(w); err == nil && (wide == "/" || strings.HasPrefix(top+"/", wide+"/")) && len(wide) < len(top) {
			top = wide
		}
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return nil, nil, fmt.Errorf("open source %s: %w", name, unwrapPath(err))
	}
	rel, err := filepath.Rel(top, abs)
	if err != nil {
		root.Close()
		return nil, nil, fmt.Errorf("open source %s: %w", name, err)
	}
	t := &Tree{FS: Regular{root.FS()}, Dir: filepath.ToSlash(rel), top: top}
	t.discover()
	return t, root, nil
}

func realPath(name string) (string, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// Relative turns names of files, as a user gives them, into paths below FS. One
// that does not exist, or that FS does not hold, is an error.
func (t *Tree) Relative(names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		abs, err := realPath(name)
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", name, unwrapPath(err))
		}
		rel, err := filepath.Rel(t.top, abs)
		if err != nil || !filepath.IsLocal(rel) {
			return nil, fmt.Errorf("open %s: it is outside of the source; --allow-read can widen it", name)
		}
		out = append(out, filepath.ToSlash(rel))
	}
	return out, nil
}

// repositoryRoot is the nearest folder upwards that holds .git, else the folder.
func repositoryRoot(folder string) string {
	for dir := folder; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return folder
		}
	}
}

// discover lists the files below Dir. A file named by the user is read whatever
// the ignore rules say.
func (t *Tree) discover() {
	ignore := newIgnore(t.FS)
	err := fs.WalkDir(t.FS, t.Dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			t.Diagnostics = append(t.Diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "cannot read",
				Detail: unwrapPath(err).Error(), Pos: fact.Position{Source: p}})
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		named := p == t.Dir
		if d.IsDir() {
			if reason, skip := ignoredFolders[path.Base(p)]; skip && !named {
				t.skip(p+"/", reason)
				return fs.SkipDir
			}
			if !named && ignore.matches(p, true) {
				t.skip(p+"/", "ignored by .gitignore")
				return fs.SkipDir
			}
			return nil
		}
		switch info, err := d.Info(); {
		case err != nil:
			t.refuse(p, "cannot be read: "+unwrapPath(err).Error())
		case d.Type()&fs.ModeSymlink != 0:
			t.link(p)
		case !d.Type().IsRegular():
			t.refuse(p, "not a regular file")
		case info.Size() > MaxFile:
			t.refuse(p, fmt.Sprintf("larger than %d MiB", MaxFile>>20))
		case !named && ignore.matches(p, false):
			t.skip(p, "ignored by .gitignore")
		default:
			t.Files = append(t.Files, p)
		}
		return nil
	})
	if err != nil {
		t.Diagnostics = append(t.Diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "cannot read source", Detail: err.Error(), Pos: fact.Position{Source: t.Dir}})
	}
	slices.Sort(t.Files)
}

// link follows a link to a regular file inside the root; folders behind links
// are read where they really stand.
func (t *Tree) link(p string) {
	switch info, err := fs.Stat(t.FS, p); {
	case err != nil:
		t.refuse(p, "link cannot be followed: "+unwrapPath(err).Error())
	case info.Mode().IsRegular():
		t.Files = append(t.Files, p)
	case info.IsDir():
		t.skip(p, "link to a folder, which is read where it stands")
	default:
		t.refuse(p, "link to what is not a regular file")
	}
}

func (t *Tree) refuse(p, reason string) {
	t.Skipped = append(t.Skipped, Skipped{Path: p, Reason: reason, Refused: true})
}

func (t *Tree) skip(p, reason string) {
	t.Skipped = append(t.Skipped, Skipped{Path: p, Reason: reason})
}

// unwrapPath drops the absolute path that os errors carry.
func unwrapPath(err error) error {
	if pe, ok := err.(*fs.PathError); ok { //nolint:errorlint // only the outermost carries it
		return pe.Err
	}
	return err
}

// Named reports whether the user named this very file.
func (t *Tree) Named(p string) bool { return p == t.Dir }

// Under reports whether a file stands below a folder.
func Under(dir, p string) bool { return dir == "." || dir == "" || strings.HasPrefix(p, dir+"/") }
