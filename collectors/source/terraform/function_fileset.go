package terraform

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// maxWalked bounds the entries that one fileset looks at.
const maxWalked = 200_000

// fileSetFunction lists the regular files below a folder that match a pattern,
// as paths relative to it. Patterns know *, ?, [classes], {a,b} and **, which
// stands for any number of folders.
func (ev *evaluation) fileSetFunction() function.Function {
	ty := cty.Set(cty.String)
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter("path", cty.String), parameter("pattern", cty.String)},
		Type:   function.StaticReturnType(ty),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			base, err := ev.inRoot(args[0].AsString())
			if err != nil {
				return orUnknown(ty, err)
			}
			pattern := path.Clean(args[1].AsString())
			if pattern == ".." || strings.HasPrefix(pattern, "../") || path.IsAbs(pattern) {
				return orUnknown(ty, &unreadable{errors.New("fileset: a pattern that leaves its folder is not followed")})
			}
			if inBraces.MatchString(pattern) {
				return orUnknown(ty, &unreadable{errors.New("fileset: a slash within braces is not followed")})
			}
			alternatives, err := braces(pattern)
			if err != nil {
				return cty.NilVal, function.NewArgErrorf(1, "invalid pattern: %s", err)
			}
			found, err := ev.globFiles(base, alternatives)
			if err != nil {
				return orUnknown(ty, err)
			}
			if len(found) == 0 {
				return cty.SetValEmpty(cty.String), nil
			}
			return cty.SetVal(found), nil
		},
	})
}

var inBraces = regexp.MustCompile(`\{[^}]*/`)

func (ev *evaluation) globFiles(base string, patterns []string) ([]cty.Value, error) {
	var found []cty.Value
	walked := 0
	err := fs.WalkDir(ev.fsys, base, func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && p == base {
			return fs.SkipAll
		}
		if err != nil {
			return &unreadable{reading(p, err)}
		}
		if walked++; walked > maxWalked {
			return &unreadable{fmt.Errorf("fileset: more than %d files below %s", maxWalked, base)}
		}
		rel := strings.TrimPrefix(p, base+"/")
		if base == "." {
			rel = p
		}
		if d.IsDir() {
			return nil
		}
		for _, pattern := range patterns {
			ok, err := matches(strings.Split(pattern, "/"), strings.Split(rel, "/"))
			if err != nil {
				return fmt.Errorf("invalid pattern: %w", err)
			}
			if !ok {
				continue
			}
			if !d.Type().IsRegular() {
				// A link counts if it leads to a regular file.
				if info, err := fs.Stat(ev.fsys, p); err != nil {
					return &unreadable{reading(p, err)}
				} else if !info.Mode().IsRegular() {
					continue
				}
			}
			found = append(found, cty.StringVal(rel))
			break
		}
		return nil
	})
	return found, err
}

// matches compares a path with a pattern, both split at slashes.
func matches(pattern, name []string) (bool, error) {
	for len(pattern) > 0 {
		if pattern[0] == "**" {
			for i := 0; i <= len(name); i++ {
				if ok, err := matches(pattern[1:], name[i:]); ok || err != nil {
					return ok, err
				}
			}
			return false, nil
		}
		if len(name) == 0 {
			return false, nil
		}
		ok, err := path.Match(pattern[0], name[0])
		if !ok || err != nil {
			return false, err
		}
		pattern, name = pattern[1:], name[1:]
	}
	return len(name) == 0, nil
}

// maxAlternatives bounds the patterns that braces expand to.
const maxAlternatives = 256

// braces expands {a,b} to one pattern per alternative.
func braces(pattern string) ([]string, error) {
	open := strings.IndexByte(pattern, '{')
	if open < 0 {
		return []string{pattern}, nil
	}
	depth, start := 0, open+1
	var parts []string
	for i := open; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '{':
			depth++
		case ',':
			if depth == 1 {
				parts = append(parts, pattern[start:i])
				start = i + 1
			}
		case '}':
			if depth--; depth > 0 {
				continue
			}
			parts = append(parts, pattern[start:i])
			var all []string
			for _, p := range parts {
				expanded, err := braces(pattern[:open] + p + pattern[i+1:])
				if err != nil {
					return nil, err
				}
				if all = append(all, expanded...); len(all) > maxAlternatives {
					return nil, errors.New("too many alternatives")
				}
			}
			return all, nil
		}
	}
	return nil, path.ErrBadPattern
}
