package apache

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/nginx"
	"github.com/writ-policy/writ/engine/fact"
)

// Config is a main file with all that it includes in its place. Sections that hold on a
// condition (<IfModule>, <IfDefine>, <IfVersion>) are replaced by what is in them, or
// left out.
type Config struct {
	Directives []*Directive
	Files      []string
	// Root is ServerRoot, which relative names are below: without a "/" before it.
	Root string
	// Refused says why the server does not start with it; "" if nothing is known to be
	// wrong.
	Refused     string
	Diagnostics []fact.Diagnostic
}

const (
	maxFile  = 4 << 20
	maxFiles = 4096
)

// Load reads the main file and follows its includes, relative to root (ServerRoot, until
// a directive says otherwise). defined are variables of the environment.
func Load(fsys fs.FS, name, root string, defined map[string]string) *Config {
	l := &loader{fsys: fsys, root: root, config: &Config{}, defined: map[string]string{}, modules: map[string]bool{}}
	for k, v := range defined {
		l.defined[k] = v
	}
	// Built in where these packages come from.
	for _, m := range []string{"core", "so", "http_core", "http", "unixd", "log_config", "logio", "version", "watchdog"} {
		l.modules[m] = true
	}
	l.config.Directives = l.expand(l.file(name, fact.Position{Source: "/" + name, Line: 1, Column: 1}, 0), "", 0)
	l.config.Root = l.root
	return l.config
}

type loader struct {
	fsys    fs.FS
	root    string
	config  *Config
	defined map[string]string
	modules map[string]bool
}

func (l *loader) refuse(at fact.Position, format string, args ...any) {
	detail := fmt.Sprintf(format, args...)
	l.config.Refused = cmp.Or(l.config.Refused, detail+" ("+at.String()+")")
	l.config.Diagnostics = append(l.config.Diagnostics, fact.Diagnostic{Severity: "error", Summary: "invalid Apache configuration", Detail: detail, Pos: at})
}

func (l *loader) file(name string, at fact.Position, depth int) []*Directive {
	if depth > maxDepth || len(l.config.Files) >= maxFiles {
		l.refuse(at, "too many files include each other")
		return nil
	}
	data, err := collectors.ReadFile(l.fsys, name, maxFile)
	if err != nil {
		l.refuse(at, "/%s: %v", name, err)
		return nil
	}
	l.config.Files = append(l.config.Files, name)
	list, diagnostics := Parse("/"+name, data)
	for _, d := range diagnostics {
		l.refuse(d.Pos, "%s", d.Detail)
	}
	return list
}

// expand resolves variables, conditions and includes, in the order of the server.
func (l *loader) expand(list []*Directive, maybe string, depth int) []*Directive {
	var out []*Directive
	for _, d := range list {
		open := d.Maybe
		d.Maybe = maybe
		for i := range d.Args {
			d.Args[i] = l.resolve(d.Args[i])
		}
		switch {
		case d.Is("Include"), d.Is("IncludeOptional"):
			out = append(out, l.include(d, maybe, depth)...)
		case d.Is("LoadModule") && !d.Section && maybe == "":
			l.modules[strings.TrimSuffix(d.Arg(0), "_module")] = true
			out = append(out, d)
		case d.Is("Define") && !d.Section && maybe == "":
			l.defined[d.Arg(0)] = d.Arg(1)
		case d.Is("UnDefine") && maybe == "":
			delete(l.defined, d.Arg(0))
		case d.Is("ServerRoot") && !d.Section:
			l.root = strings.TrimPrefix(path.Clean("/"+d.Arg(0)), "/")
		case d.Section && (d.Is("IfModule") || d.Is("IfDefine")):
			name, not := strings.CutPrefix(d.Arg(0), "!")
			why := cmp.Or(maybe, open)
			is := l.module(name)
			if d.Is("IfDefine") {
				_, is = l.defined[name]
			}
			if is == not {
				// A module may be built in, and a name defined on the command line.
				why = cmp.Or(why, fmt.Sprintf("whether <%s %.64s> holds is not known", d.Name, d.Arg(0)))
			}
			out = append(out, l.expand(d.Children, why, depth)...)
		case d.Section && (d.Is("IfVersion") || d.Is("IfFile") || d.Is("IfDirective") || d.Is("IfSection") || d.Is("Macro")):
			out = append(out, l.expand(d.Children, cmp.Or(maybe, fmt.Sprintf("whether <%s> holds is not known", d.Name)), depth)...)
		case d.Section:
			d.Children = l.expand(d.Children, maybe, depth)
			out = append(out, d)
		default:
			if d.Is("Use") {
				d.Maybe = cmp.Or(maybe, "what a macro says is not known")
			}
			out = append(out, d)
		}
	}
	return out
}

// module reports whether one is loaded, by its name or its file's: mod_NAME.c, NAME_module.
func (l *loader) module(name string) bool {
	name = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(name, ".c"), "mod_"), "_module")
	return l.modules[name]
}

// resolve puts values for ${NAME}; others stay as they are.
func (l *loader) resolve(s string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "${")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		value, is := l.defined[name]
		if !closed || !is {
			b.WriteString("${")
			s = rest
			continue
		}
		b.WriteString(value)
		s = after
	}
}

func (l *loader) include(d *Directive, maybe string, depth int) []*Directive {
	opaque := func(why string) []*Directive {
		d.Maybe = cmp.Or(maybe, why)
		return []*Directive{d}
	}
	switch {
	case len(d.Args) != 1:
		l.refuse(d.Pos, "%s takes one argument", d.Name)
		return nil
	case strings.Contains(d.Arg(0), "${"):
		return opaque("it names a variable of the environment")
	case depth > maxDepth:
		l.refuse(d.Pos, "too many files include each other")
		return nil
	}
	name := d.Arg(0)
	if !strings.HasPrefix(name, "/") {
		name = path.Join("/", l.root, name)
	}
	name = strings.TrimPrefix(path.Clean(name), "/")
	names := []string{name}
	if strings.ContainsAny(name, "*?[") {
		var err error
		if names, err = nginx.Glob(l.fsys, name); err != nil {
			return opaque(err.Error())
		}
	}
	var out []*Directive
	found := 0
	for _, n := range names {
		info, err := fs.Stat(l.fsys, n)
		switch {
		case err != nil && (d.Is("IncludeOptional") || strings.ContainsAny(name, "*?[")):
			continue
		case err != nil:
			l.refuse(d.Pos, "/%s: %v", n, err)
			continue
		case info.IsDir():
			all, err := within(l.fsys, n, 0)
			if err != nil {
				return append(out, opaque(err.Error())...)
			}
			for _, f := range all {
				out = append(out, l.expand(l.file(f, d.Pos, depth+1), maybe, depth+1)...)
			}
		default:
			out = append(out, l.expand(l.file(n, d.Pos, depth+1), maybe, depth+1)...)
		}
		found++
	}
	if found == 0 && d.Is("Include") {
		l.refuse(d.Pos, "no file matches %.128q", d.Arg(0))
	}
	return out
}

// within lists the files below a folder, in byte order.
func within(fsys fs.FS, dir string, depth int) ([]string, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("/%s: folders too deep", dir)
	}
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	var out []string
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		info, err := fs.Stat(fsys, name)
		switch {
		case err != nil:
			return nil, err
		case info.IsDir():
			inner, err := within(fsys, name, depth+1)
			if err != nil {
				return nil, err
			}
			out = append(out, inner...)
		default:
			out = append(out, name)
		}
	}
	return out, nil
}
