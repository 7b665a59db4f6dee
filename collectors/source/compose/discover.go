package compose

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// standard are the names of the file of a folder's project, and of what is merged over
// it, in order of preference.
func standard() (first, over []string) {
	return []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"},
		[]string{"compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"}
}

var (
	// byName are the names of files that are read if they have services or an include
	// at their margin, whatever else they hold.
	byName = regexp.MustCompile(`^(docker-)?(compose|stack)([._-][\w.-]*)?\.ya?ml$`)
	// mayHold is what a file that declares services has at its margin.
	mayHold = regexp.MustCompile(`(?m)^(?:--- *)?\{? *["']?(?:services|include)["']?\s*:`)
)

// IsProject reports whether a text may be a file of Compose: it has services or an
// include. Other texts have them too; parsing tells.
func IsProject(data []byte) bool { return mayHold.Match(collectors.Narrow(data)) }

// candidate is a list of files that may be a project.
type candidate struct {
	names   []string
	dir     string
	variant bool // not the folder's own project
	base    int  // files of the folder's project that stand before it
	project *Project
	root    *Value
	told    []fact.Diagnostic
}

// name is the file that the candidate is about.
func (c *candidate) name() string { return c.names[c.base] }

// discover finds and reads the projects of a source.
func discover(env *collectors.Env) []*Target {
	l := &loader{env: env, files: map[string]*File{}, ignored: map[string]bool{}, variables: map[string]bool{}}
	refused := map[string]string{}
	for _, s := range env.Tree.Skipped {
		l.ignored[s.Path] = true
		if s.Refused && byName.MatchString(path.Base(s.Path)) {
			refused[s.Path] = s.Reason
		}
	}
	for name, reason := range refused {
		l.files[name] = &File{Name: name, unread: reason}
	}
	folders := map[string][]string{}
	for _, name := range append(slices.Clone(env.Tree.Files), fact.SortedKeys(refused)...) {
		if l.isCandidate(name) {
			folders[path.Dir(name)] = append(folders[path.Dir(name)], name)
		}
	}
	var all []*candidate
	for _, dir := range fact.SortedKeys(folders) {
		all = append(all, l.candidates(dir, folders[dir])...)
	}
	own := map[string]*candidate{} // by folder
	for _, c := range all {
		c.project, c.root, c.told = l.load(c.names, c.dir)
		if !c.variant {
			own[c.dir] = c
		}
	}
	for _, c := range all {
		if c.base > 0 {
			c.project.base = map[string]bool{}
			for _, f := range own[c.dir].project.Files {
				c.project.base[f.Name] = true
			}
		}
	}
	return l.targets(roots(all))
}

// isCandidate reports whether a file is one of Compose, by its name or content.
func (l *loader) isCandidate(name string) bool {
	if ext := path.Ext(name); ext != ".yml" && ext != ".yaml" && ext != ".json" && name != collectors.Stream || l.env.Tree.Left(name) != "" {
		return false
	}
	if f := l.files[name]; f != nil && f.unread != "" {
		return true
	}
	first, over := standard()
	if slices.Contains(append(first, over...), path.Base(name)) {
		return true
	}
	if info, err := fs.Stat(l.env.Tree.FS, name); err != nil || info.Size() > maxFile {
		return false
	}
	data, err := l.read(name)
	if err != nil || !IsProject(data) {
		return false
	}
	f := l.file(name)
	return byName.MatchString(path.Base(name)) && !strings.HasPrefix(path.Base(name), "stack") || clear(f) || l.env.Tree.Named(name) && len(f.Docs) > 0 && f.Docs[0].Root.At("services") != nil && f.Docs[0].Root.At("services").Kind == object
}

var topLevel = []string{"version", "name", "services", "volumes", "networks", "secrets", "configs", "include", "models"}

// clear reports whether a file can be nothing but one of Compose: all it holds has a
// name that the specification knows, and a service has an image or a build.
func clear(f *File) bool {
	deploys := false
	for _, d := range f.Docs {
		if d.Root.Kind != object {
			return false
		}
		for _, key := range d.Root.Keys {
			if !slices.Contains(topLevel, key.Name) && !strings.HasPrefix(key.Name, "x-") {
				return false
			}
		}
		services := d.Root.Get("services")
		if services == nil || services.Kind != object {
			continue
		}
		for _, s := range services.Elems {
			if s.Kind != object && s.Kind != node.Null && s.Kind != opaque {
				return false
			}
			deploys = deploys || s.Has("image") || s.Has("build")
		}
	}
	return deploys
}

// candidates groups the files of a folder.
func (l *loader) candidates(dir string, names []string) []*candidate {
	first, over := standard()
	pick := func(list []string) string {
		for _, base := range list {
			if name := path.Join(dir, base); slices.Contains(names, name) {
				return name
			}
		}
		return ""
	}
	var own []string
	base := 0
	if listed := l.composeFile(dir); len(listed) > 0 {
		own, base = listed, len(listed)
	} else if main := pick(first); main != "" {
		own, base = []string{main}, 1
		if o := pick(over); o != "" {
			own = append(own, o)
		}
	}
	var all []*candidate
	if own != nil {
		all = append(all, &candidate{names: own, dir: dir})
	}
	for _, name := range names {
		switch {
		case slices.Contains(own, name):
		case own != nil && l.isOverlay(name):
			all = append(all, &candidate{names: append(slices.Clone(own[:base]), name), dir: dir, variant: true, base: base})
		default:
			all = append(all, &candidate{names: []string{name}, dir: dir, variant: own != nil || len(names) > 1})
		}
	}
	return all
}

// composeFile lists the files that COMPOSE_FILE of a folder's .env names, if all of
// them are there.
func (l *loader) composeFile(dir string) []string {
	vars := l.environment(nil, l.dotenv(dir)).vars
	list, separator := vars["COMPOSE_FILE"].Text, vars["COMPOSE_PATH_SEPARATOR"].Text
	if list == "" {
		return nil
	}
	if separator == "" {
		separator = ":"
	}
	var names []string
	for _, one := range strings.Split(list, separator) {
		name, reason := resolve(dir, one)
		if reason != "" || !l.exists(name) {
			return nil
		}
		names = append(names, name)
	}
	return names
}

// isOverlay reports whether a file declares services that have neither an image nor a
// build, nor anything else they come from, so that it is of use only over another.
func (l *loader) isOverlay(name string) bool {
	for _, d := range l.file(name).Docs {
		services := d.Root.Get("services")
		if services == nil || services.Kind != object {
			continue
		}
		for _, s := range services.Elems {
			if !s.Has("image") && !s.Has("build") && !s.Has("extends") && !s.Has("provider") {
				return true
			}
		}
	}
	return false
}

func (l *loader) exists(name string) bool {
	info, err := fs.Stat(l.env.Tree.FS, name)
	return err == nil && info.Mode().IsRegular()
}

// roots leaves out the candidates that others include. Where projects include each
// other in a circle, the first of them stands for all.
func roots(all []*candidate) []*candidate {
	reached := func(c *candidate) bool {
		return slices.ContainsFunc(all, func(o *candidate) bool { return o != c && o.name() != c.name() && o.project.included[c.name()] })
	}
	var kept []*candidate
	told := map[string]bool{}
	keep := func(c *candidate) {
		kept = append(kept, c)
		for _, f := range c.project.Files {
			told[f.Name] = true
		}
	}
	for _, c := range all {
		if !reached(c) {
			keep(c)
		}
	}
	for _, c := range all {
		if reached(c) && !told[c.name()] {
			keep(c)
		}
	}
	return kept
}

// targets assembles the projects of each folder.
func (l *loader) targets(kept []*candidate) []*Target {
	byID := map[string]*Target{}
	extended := map[string]map[string]bool{}
	for _, c := range kept {
		for file, services := range c.project.extended {
			if extended[file] == nil {
				extended[file] = map[string]bool{}
			}
			for name := range services {
				extended[file][name] = true
			}
		}
	}
	told := map[string]bool{}
	slices.SortStableFunc(kept, func(a, b *candidate) int { return strings.Compare(targetID(a), targetID(b)) })
	for _, c := range kept {
		id := targetID(c)
		t := byID[id]
		if t == nil {
			t = &Target{Target: fact.Target{ID: id}}
			byID[id] = t
		}
		p := c.project
		if c.variant {
			p.prefix = path.Base(c.name()) + "/"
		}
		var skip map[string]bool
		if c.variant {
			skip = extended[c.name()]
		}
		p.assemble(c.root, skip)
		l.env.Diagnose(c.told...)
		for _, f := range p.Files {
			if told[f.Name] {
				continue
			}
			told[f.Name] = true
			t.Files = append(t.Files, f)
			l.env.Diagnose(f.diagnostics...)
			switch {
			case f.template:
				l.env.Tree.Leave(f.Name, "a template: render it and check the result")
			case f.digest != "":
				l.env.MarkRead(f.Name, f.digest)
			}
		}
		for _, name := range p.variables {
			l.env.MarkRead(name, "")
		}
		t.Projects = append(t.Projects, p)
	}
	var out []*Target
	for _, id := range fact.SortedKeys(byID) {
		out = append(out, byID[id])
	}
	return out
}

func targetID(c *candidate) string {
	if c.name() == collectors.Stream {
		return "config/" + collectors.Stream
	}
	return "config/" + c.dir
}
