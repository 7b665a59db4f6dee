package logrotate

import (
	"errors"
	"io/fs"
	"path"
	"slices"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

const (
	maxFile   = 1<<24 - 1 // logrotate's own limit
	maxNested = 16        // and its own
	// maxRead and maxNames bound one reading, whose files may include each other.
	maxRead  = 64 << 20
	maxFiles = 1 << 12
	maxNames = 1 << 18
)

// Load reads the main file, which is named without its leading slash, and what it
// includes. It never fails: see [Config.Opaque].
func Load(host Host, name string, v Variant) *Config {
	l := &loader{host: host, variant: v, config: &Config{}, logs: map[string]*Stanza{}, taboo: builtin(v.Version), folders: map[string][]string{}}
	set := defaults()
	l.path("/"+name, "/", &set, fact.Position{Source: "/" + name, Line: 1})
	return l.config
}

type loader struct {
	host    Host
	variant Variant
	config  *Config
	logs    map[string]*Stanza // path → the stanza that keeps it
	taboo   []string
	depth   int
	files   int
	bytes   int64
	names   int
	folders map[string][]string
	ghost   *Problem // why what is being read is not in force
}

// spend counts names, and reports whether there are too many.
func (l *loader) spend(n int) bool {
	l.names += n
	return l.names > maxNames
}

func (l *loader) note(p Problem) *Problem {
	if l.ghost == nil {
		l.config.Problems = append(l.config.Problems, p)
	}
	return &p
}

// builtin are the suffixes of files that are not read.
func builtin(version int) []string {
	list := []string{",v", ".bak", ".cfsaved", ".disabled", ".dpkg-bak", ".dpkg-del", ".dpkg-dist", ".dpkg-new", ".dpkg-old", ".dpkg-tmp",
		".rhn-cfg-tmp-*", ".rpmnew", ".rpmorig", ".rpmsave", ".swp", ".ucf-dist", ".ucf-new", ".ucf-old", "~"}
	if version >= 22 {
		list = append(list, ".new", ".old", ".orig")
	}
	if version >= 23 {
		list = append(list, ".pacnew", ".pacorig", ".pacsave")
	}
	for i := range list {
		list[i] = "*" + list[i]
	}
	return list
}

// path reads a file, or those of a folder; false if one has an error, and its changes
// to the defaults are then undone. Dir is the working folder.
func (l *loader) path(name, dir string, set *Settings, at fact.Position) bool {
	name = absolute(dir, name)
	info, err := fs.Stat(l.host.Files, below(name))
	if err != nil {
		l.absent(at, name, err)
		return false
	}
	if !info.IsDir() {
		return l.guarded(name, dir, set, info)
	}
	entries, err := fs.ReadDir(l.host.Files, below(name))
	if err != nil {
		l.absent(at, name, err)
		return false
	}
	var names []string
	for _, e := range entries {
		if !slices.ContainsFunc(l.taboo, func(p string) bool { return match(p, e.Name(), true) }) {
			names = append(names, e.Name())
			continue
		}
		full := path.Join(name, e.Name())
		ignored := Problem{Pos: fact.Position{Source: full, Line: 1}, Code: IgnoredName, Detail: "files of this name are not read", Effect: LosesFile}
		if info, err := fs.Stat(l.host.Files, below(full)); err == nil && info.Mode().IsRegular() {
			l.note(ignored)
			l.shadow(full, name, set, info, ignored)
		}
	}
	slices.SortFunc(names, l.collate)
	ok := true
	for _, each := range names {
		full := path.Join(name, each)
		info, err := fs.Stat(l.host.Files, below(full))
		if err != nil {
			l.absent(fact.Position{Source: full, Line: 1}, full, err)
			ok = false
			continue
		}
		ok = l.guarded(full, name, set, info) && ok
	}
	return ok
}

// absent notes a file that cannot be read. One that is there is not known.
func (l *loader) absent(at fact.Position, name string, err error) {
	if errors.Is(err, fs.ErrNotExist) {
		l.note(Problem{Pos: at, Code: NotFound, Detail: name + " is not there", Effect: LosesFile})
		return
	}
	l.opaque(name + " cannot be read: " + err.Error())
	l.note(Problem{Pos: at, Code: CannotBeRead, Detail: name + " cannot be read", Effect: LosesFile})
}

func (l *loader) opaque(why string) {
	if l.config.Opaque == "" && l.ghost == nil {
		l.config.Opaque = why
	}
}

// guarded reads a file and undoes its changes to the defaults if it has an error.
func (l *loader) guarded(name, dir string, set *Settings, info fs.FileInfo) bool {
	before := *set
	if l.file(name, dir, set, info) {
		return true
	}
	*set = before
	return false
}

// file reads one; false if it has an error.
func (l *loader) file(name, dir string, set *Settings, info fs.FileInfo) bool {
	at := fact.Position{Source: name, Line: 1}
	leave := func(code Code, why string) {
		p := l.note(Problem{Pos: at, Code: code, Detail: why, Effect: LosesFile})
		if info.Mode().IsRegular() {
			l.shadow(name, dir, set, info, *p)
		}
	}
	switch uid, known := owner(info); {
	case info.Mode()&fs.ModeNamedPipe != 0:
		l.opaque(name + " is a pipe, which logrotate waits for")
		return true
	case !info.Mode().IsRegular():
		if !info.IsDir() {
			leave(NotRegular, "it is not a regular file")
		}
		return true
	case info.Mode().Perm()&0o022 != 0:
		leave(UnsafeMode, "the file is writable by its group or by others, and not read")
		return l.variant.Version < 22
	case known && uid != l.host.Root:
		leave(UnsafeOwner, "the file is not root's, and not read")
		return l.variant.Version < 22
	case info.Size() > maxFile:
		l.note(Problem{Pos: at, Code: TooLarge, Detail: "the file is larger than 16 MiB, and not read", Effect: LosesFile})
		l.opaque(name + " is larger than 16 MiB: what it would have said is not read")
		return false
	}
	data, ok := l.read(name)
	if !ok {
		return false
	}
	r := &reader{l: l, name: name, dir: dir, data: data, defaults: set}
	return r.run()
}

// read reads a file within the bounds of the whole.
func (l *loader) read(name string) ([]byte, bool) {
	if l.files++; l.files > maxFiles || l.bytes > maxRead {
		l.opaque("too many files include each other")
		return nil, false
	}
	data, err := collectors.ReadFile(l.host.Files, below(name), maxFile)
	if err != nil {
		l.opaque(name + " cannot be read: " + err.Error())
		return nil, false
	}
	l.bytes += int64(len(data))
	if file := below(name); !slices.Contains(l.config.Files, file) {
		l.config.Files = append(l.config.Files, file)
	}
	return data, true
}

// shadow reads a file that is not in force, to tell which logs it would have rotated.
func (l *loader) shadow(name, dir string, set *Settings, info fs.FileInfo, why Problem) {
	if l.ghost != nil || info.Size() > maxFile {
		return
	}
	copied := *set
	l.haunt(why, func() {
		if data, ok := l.read(name); ok {
			(&reader{l: l, name: name, dir: dir, data: data, defaults: &copied}).run()
		}
	})
}

// haunt runs f with every stanza it finds skipped for a reason.
func (l *loader) haunt(why Problem, f func()) {
	taboo, logs, stanzas, depth := l.taboo, l.logs, l.config.Stanzas, l.depth
	l.ghost, l.logs, l.config.Stanzas = &why, map[string]*Stanza{}, nil
	f()
	for _, s := range l.config.Stanzas {
		s.Skipped = &why
		l.config.Skipped = append(l.config.Skipped, s)
	}
	l.ghost, l.taboo, l.logs, l.config.Stanzas, l.depth = nil, taboo, logs, stanzas, depth
}
