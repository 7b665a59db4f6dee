package logrotate

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// below turns an absolute name into one of the file system; the root is ".".
func below(name string) string {
	return cmp.Or(strings.TrimLeft(path.Clean("/"+name), "/"), ".")
}

// absolute is a name in a working folder.
func absolute(dir, name string) string {
	if strings.HasPrefix(name, "/") {
		return name
	}
	return strings.TrimSuffix(dir, "/") + "/" + name
}

// glob lists what a pattern of glob(3) names in a working folder, spelt as the pattern
// spells it and sorted; a pattern that matches nothing names itself. An unreadable
// folder is an error.
func (l *loader) glob(pattern, dir string) ([]string, error) {
	pattern = l.home(pattern)
	in := func(name string) string { return below(absolute(dir, name)) }
	if !strings.ContainsAny(pattern, "*?[") {
		return []string{pattern}, nil
	}
	found := []string{""}
	for _, part := range strings.SplitAfter(pattern, "/") {
		plain := strings.TrimSuffix(part, "/")
		slash := part[len(plain):]
		var next []string
		for _, base := range found {
			if !strings.ContainsAny(plain, "*?[") {
				if _, err := fs.Stat(l.host.Files, in(base+part)); plain == "" || err == nil {
					next = append(next, base+part)
				} else if _, err := fs.Lstat(l.host.Files, in(base+plain)); slash == "" && err == nil {
					next = append(next, base+part)
				} else if err != nil && !errors.Is(err, fs.ErrNotExist) && !notFolder(l.host.Files, in(base)) {
					return nil, err
				}
				continue
			}
			entries, err := l.list(in(base))
			if err != nil && !errors.Is(err, fs.ErrNotExist) && !notFolder(l.host.Files, in(base)) {
				return nil, err
			}
			for _, e := range entries {
				if !match(plain, e, true) {
					continue
				}
				if slash != "" {
					if info, err := fs.Stat(l.host.Files, in(base+e)); err != nil || !info.IsDir() {
						continue
					}
				}
				next = append(next, base+e+slash)
			}
		}
		if l.spend(len(next)) {
			l.opaque("the names of stanzas mean too many files")
			return nil, errors.New("it means too many files")
		}
		found = next
	}
	if len(found) == 0 {
		return []string{pattern}, nil
	}
	slices.SortFunc(found, l.collate)
	return found, nil
}

// list names what stands in a folder, which is read once.
func (l *loader) list(dir string) ([]string, error) {
	if names, ok := l.folders[dir]; ok {
		return names, nil
	}
	entries, err := fs.ReadDir(l.host.Files, dir)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	l.folders[dir] = names
	return names, nil
}

func notFolder(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && !info.IsDir() || errors.Is(err, fs.ErrNotExist)
}

// home puts root's folder for a leading tilde.
func (l *loader) home(name string) string {
	if rest, ok := strings.CutPrefix(name, "~"); ok && (rest == "" || rest[0] == '/') {
		return cmp.Or(strings.TrimSuffix(l.host.Home, "/"), "/root") + rest
	}
	return name
}

// collate orders names: by bytes in the C locale, else by letters and digits first,
// then lower case before upper, then by the rest.
func (l *loader) collate(a, b string) int {
	if !l.variant.Locale {
		return strings.Compare(a, b)
	}
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r < 0x80 && !named("alnum", byte(r)) {
				return -1
			}
			return r
		}, s)
	}
	x, y := letters(a), letters(b)
	return cmp.Or(
		strings.Compare(strings.ToLower(x), strings.ToLower(y)),
		-strings.Compare(x, y),
		strings.Compare(a, b))
}
