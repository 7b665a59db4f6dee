package conftest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/writ-policy/writ/cmd/internal/conftest/input"
)

// walker collects files, each path once, in the order in which they are found.
type walker struct {
	ignore  *regexp.Regexp
	visited map[string]bool // folders
	seen    map[string]bool // files
	files   []string
	largest int64 // size of a file, in bytes
}

// listFiles returns the files that are named and those below the folders that are
// named. In a folder only what has a parser is taken; links are followed, and a file
// behind one goes by its real name.
func listFiles(args []string, ignore string) (*walker, error) {
	w := &walker{visited: map[string]bool{}, seen: map[string]bool{}}
	if ignore != "" {
		var err error
		if w.ignore, err = regexp.Compile(ignore); err != nil {
			return nil, fmt.Errorf("given regexp couldn't be parsed :%w", err)
		}
	}
	for _, arg := range args {
		switch arg {
		case "":
			continue
		case "-":
			w.add(arg)
			w.largest = max(w.largest, small) // for all that is known
			continue
		}
		info, err := os.Stat(arg)
		if err != nil {
			return nil, fmt.Errorf("get file info: %w", err)
		}
		if info.IsDir() {
			w.visited = map[string]bool{}
			if err := filepath.Walk(arg, w.visit); err != nil {
				return nil, fmt.Errorf("get files from directory: %w", err)
			}
		} else if !w.ignored(arg) {
			w.add(arg)
			w.largest = max(w.largest, info.Size())
		}
	}
	if len(w.files) == 0 {
		return nil, fmt.Errorf("no files found")
	}
	return w, nil
}

func (w *walker) add(path string) {
	if !w.seen[path] {
		w.seen[path] = true
		w.files = append(w.files, path)
	}
}

func (w *walker) ignored(path string) bool { return w.ignore != nil && w.ignore.MatchString(path) }

func (w *walker) visit(path string, info fs.FileInfo, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("walk path: %w", err)
	case info.IsDir():
		if w.visited[path] {
			return filepath.SkipDir
		}
		w.visited[path] = true
		return nil
	case w.ignored(path):
		return nil
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
		if info, err = os.Stat(path); err != nil {
			return err
		}
		if info.IsDir() {
			return filepath.Walk(path, w.visit)
		}
	}
	if _, ok := input.Format(path); ok {
		w.add(path)
		w.largest = max(w.largest, info.Size())
	}
	return nil
}
