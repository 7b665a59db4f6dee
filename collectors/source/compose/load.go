package compose

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

const (
	// maxFiles bounds the files of one project.
	maxFiles = 500
	// maxChain bounds how many services extend one another.
	maxChain = 100
)

// loader reads the projects of a source.
type loader struct {
	env     *collectors.Env
	files   map[string]*File
	ignored map[string]bool // files that discovery left out
	values  int             // of the project at hand
	filled  int             // bytes that variables added to it
	all     int             // values of all projects
	// variables are the files of variables of the project at hand.
	variables map[string]bool
}

// project is the loading of one project.
type loading struct {
	*loader
	*Project
	diagnostics []fact.Diagnostic
}

// load reads the files of a project, the later ones merged over those before.
func (l *loader) load(names []string, dir string) (*Project, *Value, []fact.Diagnostic) {
	l.values, l.filled, l.variables = 0, 0, map[string]bool{}
	p := &loading{loader: l, Project: &Project{included: map[string]bool{}, extended: map[string]map[string]bool{}, doubts: map[string]bool{}}}
	vars := l.environment(nil, l.dotenv(dir))
	p.nameProject(names, dir, vars)
	root := p.model(names, dir, vars, nil)
	p.Project.variables = fact.SortedKeys(l.variables)
	return p.Project, root, p.diagnostics
}

// nameProject gives the variable that Compose sets itself: what the files or the
// .env say, else the name of the folder.
func (p *loading) nameProject(names []string, dir string, vars *environment) {
	const variable = "COMPOSE_PROJECT_NAME"
	name := ""
	if dir != "." {
		name = strings.TrimLeft(strings.Map(projectByte, strings.ToLower(path.Base(dir))), "_-")
	}
	if v, ok := vars.lookup(variable); ok && v.Reason == "" {
		name = v.Text
	}
	for _, file := range names {
		for _, d := range p.file(file).Docs {
			if n := d.Root.Get("name"); n != nil && n.Kind == node.String && n.Text != "" {
				if text, reason := interpolate(n.Text, vars.lookup); reason == "" {
					name = text
				}
			}
		}
	}
	if name != "" {
		vars.vars[variable] = Variable{Name: variable, Text: name}
	}
}

func projectByte(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' || r == '-' {
		return r
	}
	return -1
}

// model reads and merges files. including lists the files that include them.
func (p *loading) model(names []string, dir string, vars *environment, including []string) *Value {
	dict := &Value{Kind: object}
	for _, name := range names {
		f := p.take(name)
		if f == nil {
			continue
		}
		c := &conversion{loader: p.loader, file: f, vars: vars, done: map[*node.Node]*Value{}}
		for _, d := range f.Docs {
			cfg := c.value(d.Root)
			switch {
			case cfg.IsNull():
				continue
			case cfg.Kind != object:
				p.miss(name + ": " + cfg.why("a document is not a mapping"))
				continue
			}
			cfg = p.include(cfg, dir, vars, append(slices.Clone(including), name))
			if len(f.tags) > 0 {
				dict = strip(dict, cfg)
			}
			cfg = p.extend(cfg, name, dir, vars)
			dict = merge(dict, cfg, nil)
		}
	}
	return dict
}

// take adds a file to the project; nil if nothing of it can be read.
func (p *loading) take(name string) *File {
	f := p.file(name)
	if !slices.Contains(p.Files, f) {
		if len(p.Files) == maxFiles {
			p.miss(fmt.Sprintf("the project has more than %d files", maxFiles))
			return nil
		}
		p.Files = append(p.Files, f)
	}
	if f.unread != "" {
		p.miss(name + ": " + f.unread)
	}
	return f
}

// resolve returns the file of the source that a path in a file means.
func resolve(dir, name string) (string, string) {
	switch {
	case strings.Contains(name, "://"), strings.HasPrefix(name, "git@"), strings.HasPrefix(name, "oci:"), strings.HasPrefix(name, "github.com/"):
		return "", "it is kept elsewhere"
	case name == "" || strings.HasPrefix(name, "/"), strings.HasPrefix(name, "~"), len(name) > 1 && name[1] == ':', strings.ContainsAny(name, "\\\x00"):
		return "", "the path leads out of the source"
	}
	joined := path.Join(dir, name)
	if joined == ".." || strings.HasPrefix(joined, "../") {
		return "", "the path leads out of the source"
	}
	return joined, ""
}

// include adds what the files that a file includes declare. Names that both have are
// merged, those of the file over the others.
func (p *loading) include(cfg *Value, dir string, vars *environment, including []string) *Value {
	section := cfg.Get("include")
	list, reason := section.List()
	if reason != "" {
		p.doubt(section, "what is included is not known", reason)
	}
	for _, one := range list {
		cfg = p.includeOne(cfg, one, dir, vars, including)
	}
	return cfg.without("include")
}

func (p *loading) includeOne(cfg, one *Value, dir string, vars *environment, including []string) *Value {
	paths := one
	if one.Kind == object {
		paths = one.Get("path")
	}
	names := p.named(paths, dir, "what is included is not known")
	if len(names) == 0 {
		return cfg
	}
	if slices.Contains(including, names[0]) {
		p.doubt(one, "an include leads back to itself", strings.Join(append(including, names[0]), " includes "))
		return cfg
	}
	folder := path.Dir(names[0])
	if own := one.Get("project_directory"); one.Kind == object && !own.IsNull() {
		if given := p.named(own, dir, "where an included project stands is not known"); len(given) > 0 {
			folder = given[0]
		}
	}
	envs := p.dotenv(folder)
	if given := one.Get("env_file"); one.Kind == object && !given.IsNull() {
		envs = p.named(given, dir, "the variables of what is included are not known")
	}
	for _, name := range names {
		p.included[name] = true
	}
	imported := p.model(names, folder, p.environment(vars, envs), including)
	for _, name := range []string{"services", "volumes", "networks", "secrets", "configs"} {
		from := imported.Get(name)
		if from.IsNull() {
			continue
		}
		to := cfg.Get(name)
		if to.IsNull() {
			cfg = cfg.with(Key{name, one.Pos}, from)
			continue
		}
		cfg = cfg.with(Key{name, to.Pos}, merge(from, to, []string{name}))
	}
	return cfg
}

// named resolves the paths that a value lists.
func (p *loading) named(v *Value, dir, problem string) []string {
	var names []string
	list, reason := v.List()
	for _, one := range list {
		if !one.Scalar() {
			reason = one.why("it is not a path")
			continue
		}
		name, why := resolve(dir, one.Text)
		if why != "" {
			reason = why
			continue
		}
		names = append(names, name)
	}
	if reason != "" || len(list) == 0 {
		p.doubt(v, problem, reason)
	}
	return names
}

// doubt notes that something of the project cannot be told.
func (p *loading) doubt(at *Value, problem, reason string) {
	text := problem
	if reason != "" {
		text += ": " + reason
	}
	pos := fact.Position{}
	if at != nil {
		pos = at.Pos
	}
	if !pos.IsZero() {
		text = pos.String() + ": " + text
	}
	if p.doubts[text] {
		return
	}
	p.miss(text)
	p.diagnostics = append(p.diagnostics, fact.Diagnostic{Severity: "warning", Summary: problem, Detail: reason, Pos: pos})
}
