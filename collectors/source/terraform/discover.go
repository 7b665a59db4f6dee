package terraform

import (
	"bytes"
	"io/fs"
	"path"
	"slices"

	"github.com/writ-policy/writ/engine/fact"
)

// HasConfig reports whether the folder dir holds Terraform configuration.
func HasConfig(fsys fs.FS, dir string) bool {
	primary, override, err := configFiles(fsys, dir)
	return err == nil && len(primary)+len(override) > 0
}

// Calls returns the folders that the module in dir calls by a local path,
// sorted.
func Calls(fsys fs.FS, dir string) []string {
	called, _ := calls(fsys, dir)
	return called
}

// calls also returns the files it read, by path.
func calls(fsys fs.FS, dir string) ([]string, map[string]*source) {
	dir = path.Clean(dir)
	primary, override, err := configFiles(fsys, dir)
	if err != nil {
		return nil, nil
	}
	ev := newEvaluation(fsys, dir, Options{})
	var called []string
	for _, name := range append(primary, override...) {
		// Most files call nothing: only those that hold a local path are parsed.
		text, err := ev.read(name)
		if err != nil || !mayCall(text) {
			continue
		}
		body := ev.parse(name)
		if body == nil {
			continue
		}
		for _, b := range body.Blocks {
			a := b.Body.Attributes["source"]
			if b.Type != "module" || a == nil {
				continue
			}
			source, ok := literalString(a.Expr)
			if !ok || !isLocal(source) {
				continue
			}
			if callee, ok := inTree(dir, source); ok {
				called = append(called, callee)
			}
		}
	}
	slices.Sort(called)
	return slices.Compact(called), ev.sources
}

// mayCall reports whether a text holds a local path as a module's source is written.
func mayCall(text []byte) bool {
	for {
		i := bytes.Index(text, []byte(`".`))
		if i < 0 {
			return false
		}
		text = bytes.TrimPrefix(text[i+2:], []byte("."))
		if len(text) > 0 && (text[0] == '/' || text[0] == '"') {
			return true
		}
	}
}

// Discover returns those of the folders dirs that are root modules: the ones
// that no other calls by a local path. Folders that only call each other have
// no root; the first of them stands for it, so that none is lost. Order is kept.
func Discover(fsys fs.FS, dirs []string) []string {
	roots, _, _ := discover(fsys, dirs)
	return roots
}

// discover also returns the folders that each root calls, directly or not, and
// what it read of each folder, by path.
func discover(fsys fs.FS, dirs []string) (roots []string, modules map[string][]string, read map[string]map[string]*source) {
	dirs = slices.Clone(dirs)
	for i := range dirs {
		dirs[i] = path.Clean(dirs[i])
	}
	called, read := map[string][]string{}, map[string]map[string]*source{}
	isCalled := map[string]bool{}
	for _, dir := range dirs {
		called[dir], read[dir] = calls(fsys, dir)
		for _, callee := range called[dir] {
			if callee != dir {
				isCalled[callee] = true
			}
		}
	}
	reached := map[string]bool{}
	add := func(dir string) {
		roots = append(roots, dir)
		reach(dir, called, reached)
	}
	for _, dir := range dirs {
		if !isCalled[dir] && !reached[dir] {
			add(dir)
		}
	}
	for _, dir := range dirs {
		if !reached[dir] {
			add(dir)
		}
	}
	slices.SortStableFunc(roots, func(a, b string) int { return slices.Index(dirs, a) - slices.Index(dirs, b) })
	modules = map[string][]string{}
	for _, dir := range roots {
		within := map[string]bool{}
		reach(dir, called, within)
		delete(within, dir)
		modules[dir] = fact.SortedKeys(within)
	}
	return roots, modules, read
}

func reach(dir string, calls map[string][]string, reached map[string]bool) {
	queue := []string{dir}
	for len(queue) > 0 {
		dir, queue = queue[len(queue)-1], queue[:len(queue)-1]
		if !reached[dir] {
			reached[dir] = true
			queue = append(queue, calls[dir]...)
		}
	}
}
