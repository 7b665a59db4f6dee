package terraform

import (
	"io/fs"
	"path"
	"slices"
)

// HasConfig reports whether the folder dir holds Terraform configuration.
func HasConfig(fsys fs.FS, dir string) bool {
	primary, override, err := configFiles(fsys, dir)
	return err == nil && len(primary)+len(override) > 0
}

// Calls returns the folders that the module in dir calls by a local path,
// sorted.
func Calls(fsys fs.FS, dir string) []string {
	ev := newEvaluation(fsys, dir, Options{})
	primary, override, err := configFiles(fsys, dir)
	if err != nil {
		return nil
	}
	// Most files call nothing: only those with the word in them are parsed.
	for _, name := range append(primary, override...) {
		text, err := ev.read(name)
		if err != nil || !callsLocally(text) {
			continue
		}
		if body := ev.parse(name); body != nil {
			ev.declareCalls(dir, body)
		}
	}
	slices.Sort(ev.called)
	return slices.Compact(ev.called)
}

// Discover returns those of the folders dirs that are root modules: the ones
// that no other calls by a local path. Folders that only call each other have
// no root; the first of them stands for it, so that none is lost. Order is kept.
func Discover(fsys fs.FS, dirs []string) []string {
	calls := map[string][]string{}
	isCalled := map[string]bool{}
	for _, dir := range dirs {
		dir = path.Clean(dir)
		calls[dir] = Calls(fsys, dir)
		for _, callee := range calls[dir] {
			if callee != dir {
				isCalled[callee] = true
			}
		}
	}
	reached := map[string]bool{}
	var roots []string
	add := func(dir string) {
		roots = append(roots, dir)
		reach(dir, calls, reached)
	}
	for _, dir := range dirs {
		if dir = path.Clean(dir); !isCalled[dir] && !reached[dir] {
			add(dir)
		}
	}
	for _, dir := range dirs {
		if dir = path.Clean(dir); !reached[dir] {
			add(dir)
		}
	}
	slices.SortStableFunc(roots, func(a, b string) int { return slices.Index(dirs, a) - slices.Index(dirs, b) })
	return roots
}

func reach(dir string, calls map[string][]string, reached map[string]bool) {
	todo := []string{dir}
	for len(todo) > 0 {
		dir, todo = todo[len(todo)-1], todo[:len(todo)-1]
		if !reached[dir] {
			reached[dir] = true
			todo = append(todo, calls[dir]...)
		}
	}
}
