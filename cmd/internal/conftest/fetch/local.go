package fetch

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// fetch copies a file or a folder, where conftest makes a link: what changes there later
// does not change here.
func (l local) fetch(ctx context.Context, s *stage, _ Options) error {
	folder, err := isFolder(string(l))
	if err != nil {
		return err
	}
	if !folder {
		archive, err := packed(l.base(), "")
		if err != nil {
			return err
		}
		f, err := os.Open(string(l))
		if err != nil {
			return err
		}
		defer f.Close()
		if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
			return fmt.Errorf("not a regular file")
		}
		if archive {
			return unpack(ctx, s, f)
		}
		return s.write(l.base(), f, -1)
	}
	root, err := os.OpenRoot(string(l))
	if err != nil {
		return err
	}
	defer root.Close()
	return copyFolder(ctx, s, root)
}

// Folder copies the files of a folder into another that is not there yet, bounded as what
// is fetched is.
func Folder(ctx context.Context, from, to string) error {
	root, err := os.OpenRoot(from)
	if err != nil {
		return err
	}
	defer root.Close()
	s, err := newStage(to)
	if err != nil {
		return err
	}
	defer s.discard()
	if err := copyFolder(ctx, s, root); err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	return s.place()
}

func copyFolder(ctx context.Context, s *stage, root *os.Root) error {
	own := filepath.Base(s.temp)
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case entry.IsDir() && entry.Name() == own:
			return fs.SkipDir
		case entry.IsDir():
			return nil
		case !entry.Type().IsRegular():
			return fmt.Errorf("%s is a link or a device", name)
		}
		f, err := root.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		if err := s.write(name, f, -1); err != nil {
			return err
		}
		return s.files.Chmod(name, 0o644|info.Mode().Perm()&0o111)
	})
}
