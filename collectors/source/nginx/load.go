package nginx

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// Config is a main file with all that it includes in its place.
type Config struct {
	Directives []*Directive
	Files      []File
	// Refused says why nginx does not start with it, and nothing of it is in force;
	// "" if nothing is known to be wrong.
	Refused     string
	Diagnostics []fact.Diagnostic
}

// File is one that was read.
type File struct{ Name, URI, SHA256 string }

const (
	maxFile  = 4 << 20
	maxFiles = 4096
)

// Load reads the main file and follows its includes, in the order of glob(3) in the
// C locale and relative to the main file's folder, as nginx does. Absolute names are
// below the root of fsys if rooted is set, else they stand outside of it. URI gives
// the name that positions carry.
func Load(fsys fs.FS, name string, rooted bool, uri func(string) string) *Config {
	l := &loader{fsys: fsys, prefix: path.Dir(name), rooted: rooted, uri: uri, config: &Config{}}
	l.config.Directives = l.file(name, 0)
	return l.config
}

type loader struct {
	fsys   fs.FS
	prefix string
	rooted bool
	uri    func(string) string
	config *Config
}

func (l *loader) refuse(pos fact.Position, detail string) {
	l.config.Refused = cmp.Or(l.config.Refused, detail+" ("+pos.String()+")")
	l.config.Diagnostics = append(l.config.Diagnostics, fact.Diagnostic{Severity: "error", Summary: "invalid nginx configuration", Detail: detail, Pos: pos})
}

func (l *loader) file(name string, depth int) []*Directive {
	data, err := collectors.ReadFile(l.fsys, name, maxFile)
	at := fact.Position{Source: l.uri(name), Line: 1, Column: 1}
	if err != nil {
		l.refuse(at, err.Error())
		return []*Directive{{Name: "include", Args: []Arg{{Text: name}}, Opaque: err.Error(), Pos: at}}
	}
	sum := sha256.Sum256(data)
	l.config.Files = append(l.config.Files, File{name, l.uri(name), hex.EncodeToString(sum[:])})
	list, diagnostics := Parse(l.uri(name), data)
	for _, d := range diagnostics {
		l.refuse(d.Pos, d.Detail)
	}
	return l.expand(list, depth)
}

// expand puts what include directives name into their place.
func (l *loader) expand(list []*Directive, depth int) []*Directive {
	out := make([]*Directive, 0, len(list))
	for _, d := range list {
		if d.Name != "include" || d.Block {
			d.Children = l.expand(d.Children, depth)
			out = append(out, d)
			continue
		}
		out = append(out, l.include(d, depth+1)...)
	}
	return out
}

func (l *loader) include(d *Directive, depth int) []*Directive {
	opaque := func(why string) []*Directive {
		d.Opaque = why
		return []*Directive{d}
	}
	switch {
	case len(d.Args) != 1:
		l.refuse(d.Pos, `"include" takes one parameter`)
		return opaque("it takes one parameter")
	case depth > maxDepth || len(l.config.Files) >= maxFiles:
		l.refuse(d.Pos, "too many files include each other")
		return opaque("too many files include each other")
	}
	name := d.Text(0)
	if strings.HasPrefix(name, "/") {
		if !l.rooted {
			return opaque("it stands outside of the source")
		}
		name = strings.TrimLeft(path.Clean(name), "/")
	} else {
		name = path.Join(l.prefix, name)
	}
	if !fs.ValidPath(name) {
		return opaque("it stands outside of the source")
	}
	if !strings.ContainsAny(name, "*?[") {
		return l.file(name, depth)
	}
	names, err := Glob(l.fsys, name)
	if err != nil {
		return opaque(fmt.Sprintf("cannot list %s: %v", shortened(d.Text(0)), err))
	}
	var out []*Directive
	for _, n := range names {
		out = append(out, l.file(n, depth)...)
	}
	return out
}

// Glob lists the names that a pattern of glob(3) matches, in byte order: "*" and "?"
// match no "/" and no dot at the beginning of a name, "[!a]" is a class that is not.
// A folder that cannot be read is an error, one that is not there is none.
func Glob(fsys fs.FS, pattern string) ([]string, error) {
	found := []string{"."}
	for _, part := range strings.Split(pattern, "/") {
		var next []string
		for _, dir := range found {
			if !strings.ContainsAny(part, `*?[\`) {
				at := path.Join(dir, part)
				if _, err := fs.Stat(fsys, at); err == nil {
					next = append(next, at)
				} else if !errors.Is(err, fs.ErrNotExist) {
					return nil, err
				}
				continue
			}
			entries, err := fs.ReadDir(fsys, dir)
			if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
				continue
			}
			if err != nil {
				if info, failed := fs.Stat(fsys, dir); failed == nil && !info.IsDir() {
					continue
				}
				return nil, err
			}
			for _, e := range entries {
				ok, err := path.Match(strings.ReplaceAll(part, "[!", "[^"), e.Name())
				if err != nil {
					return nil, err
				}
				if ok && (e.Name()[0] != '.' || part[0] == '.') {
					next = append(next, path.Join(dir, e.Name()))
				}
			}
		}
		found = next
	}
	slices.Sort(found)
	return found, nil
}
