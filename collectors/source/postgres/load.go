package postgres

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// Config is a configuration with all that it includes.
type Config struct {
	// Settings in the order the server reads them: of one parameter the last counts.
	Settings []Setting
	Files    []string
	// Refused says why the server does not start with it, and nothing of it is in
	// force; "" if nothing is known to be wrong.
	Refused string
	// Opaque says why there may be other settings, or the server may refuse it; "" if
	// neither.
	Opaque      string
	Diagnostics []fact.Diagnostic
}

const (
	maxFile  = 4 << 20
	maxFiles = 1024
	maxDepth = 10 // CONF_FILE_MAX_DEPTH
)

// Load reads a file and what it includes, relative to the folder it stands in, and
// below the root of fsys where absolute. Positions carry "/" and the name.
func Load(fsys fs.FS, name string) *Config {
	c := &Config{}
	l := loader{fsys, c}
	l.file(name, 1, true)
	return c
}

// Append reads another file behind, as the server reads postgresql.auto.conf: one that
// is not there says nothing.
func (c *Config) Append(fsys fs.FS, name string) {
	l := loader{fsys, c}
	l.file(name, 1, false)
}

// Last is the value of a parameter that counts, false if none is given.
func (c *Config) Last(name string) (Setting, bool) {
	for i := len(c.Settings) - 1; i >= 0; i-- {
		if c.Settings[i].Name == name {
			return c.Settings[i], true
		}
	}
	return Setting{}, false
}

type loader struct {
	fsys   fs.FS
	config *Config
}

func (l loader) refuse(at fact.Position, detail string) {
	l.config.Refused = cmp.Or(l.config.Refused, fmt.Sprintf("%s (%s)", detail, at))
	l.config.Diagnostics = append(l.config.Diagnostics, fact.Diagnostic{Severity: "error", Summary: "invalid postgresql.conf", Detail: detail, Pos: at})
}

func (l loader) file(name string, depth int, must bool) {
	at := fact.Position{Source: "/" + name, Line: 1, Column: 1}
	if depth > maxDepth || len(l.config.Files) >= maxFiles {
		l.refuse(at, "too many files include each other")
		return
	}
	data, err := collectors.ReadFile(l.fsys, name, maxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !must:
		return
	case errors.Is(err, fs.ErrNotExist):
		l.refuse(at, err.Error())
		return
	case err != nil:
		l.config.Opaque = cmp.Or(l.config.Opaque, "/"+name+": "+err.Error())
		return
	}
	l.config.Files = append(l.config.Files, name)
	settings, diagnostics := Parse("/"+name, data)
	for _, d := range diagnostics {
		l.refuse(d.Pos, d.Detail)
	}
	for _, s := range settings {
		switch s.Name {
		case "include", "include_if_exists":
			if to, ok := l.below(s, name); ok {
				l.file(to, depth+1, s.Name == "include")
			}
		case "include_dir":
			if to, ok := l.below(s, name); ok {
				l.folder(to, depth+1, s.Pos)
			}
		default:
			l.config.Settings = append(l.config.Settings, s)
		}
	}
}

// below is the name a directive means.
func (l loader) below(s Setting, from string) (string, bool) {
	to := s.Value
	if strings.TrimSpace(to) == "" {
		l.refuse(s.Pos, "an empty name")
		return "", false
	}
	if !strings.HasPrefix(to, "/") {
		to = path.Join("/", path.Dir(from), to)
	}
	return strings.TrimPrefix(path.Clean(to), "/"), true
}

// folder includes the files of a folder that end in ".conf" and begin with no dot, in
// byte order.
func (l loader) folder(name string, depth int, at fact.Position) {
	entries, err := fs.ReadDir(l.fsys, cmp.Or(name, "."))
	if errors.Is(err, fs.ErrNotExist) {
		l.refuse(at, "no folder /"+name)
		return
	}
	if err != nil {
		l.config.Opaque = cmp.Or(l.config.Opaque, "/"+name+": "+err.Error())
		return
	}
	var names []string
	for _, e := range entries {
		if n := e.Name(); len(n) >= 6 && strings.HasSuffix(n, ".conf") && n[0] != '.' {
			if info, err := fs.Stat(l.fsys, path.Join(name, n)); err == nil && info.IsDir() {
				continue
			}
			names = append(names, n)
		}
	}
	slices.Sort(names)
	for _, n := range names {
		l.file(path.Join(name, n), depth, true)
	}
}
