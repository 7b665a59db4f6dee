package logs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/rsyslog"
	"github.com/writ-policy/writ/engine/fact"
)

// syslog reads rsyslogd: each file that it writes is a source of its own, kept in the
// store that rotates the file, and each server that it sends to a store elsewhere.
// rsyslogd itself deletes nothing; a name made from a record is new for ever.
func (m *machine) syslog(context.Context) {
	const main = "etc/rsyslog.conf"
	if _, err := fs.Stat(m.host.Files, main); err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			m.miss("/%s: %v", main, cause(err))
		}
		return
	}
	r := &rsyslogd{machine: m, templates: map[string]string{}, channels: map[string][]string{}, seen: map[string]bool{}}
	r.include(main, 0)
	for _, s := range r.actions {
		r.action(s)
	}
	r.forwards()
}

// rsyslogd is what is gathered of its configuration.
type rsyslogd struct {
	*machine
	templates map[string]string   // name → string, "" where it is not one
	channels  map[string][]string // $outchannel: name → file, size, command
	seen      map[string]bool
	actions   []rsyslog.Statement
	written   []*store
	remote    aws.Answer[[]string] // that all records are sent to
	sources   []*source
}

// include reads a file and those that it includes, in their place.
func (r *rsyslogd) include(name string, depth int) {
	if depth > 20 || len(r.seen) > 1000 {
		r.miss("/%s: too many files include each other", safe(name))
		return
	}
	if r.seen[name] {
		return
	}
	r.seen[name] = true
	data, err := r.read(name, 4<<20)
	if err != nil {
		r.miss("/%s: %v", safe(name), err)
		return
	}
	for _, s := range rsyslog.Parse("/"+name, data) {
		switch s.Kind {
		case rsyslog.Include:
			for _, file := range r.included(s) {
				r.include(file, depth+1)
			}
		case rsyslog.Opaque:
			r.miss("%s: not read as rsyslogd reads it: %s", s.Pos, s.Reason)
		case rsyslog.Action:
			r.actions = append(r.actions, s)
		case rsyslog.Directive:
			switch value := s.Text; s.Name {
			case "template":
				if n, text, ok := strings.Cut(value, ","); ok {
					r.templates[strings.TrimSpace(n)] = quotedText(text)
				}
			case "outchannel":
				if parts := strings.SplitN(value, ",", 4); len(parts) >= 2 {
					for i := range parts {
						parts[i] = strings.TrimSpace(parts[i])
					}
					r.channels[parts[0]] = parts[1:]
				}
			}
		case rsyslog.Object:
			if s.Name == "template" {
				n, _, _, _ := s.Get("name")
				r.templates[n], _, _, _ = s.Get("string")
			}
		}
	}
}

// quotedText is the text of $template, between quotes.
func quotedText(s string) string {
	s = strings.TrimLeft(s, " \t")
	if !strings.HasPrefix(s, `"`) {
		return ""
	}
	end := strings.IndexByte(s[1:], '"')
	if end < 0 {
		return ""
	}
	return s[1 : 1+end]
}

// included are the files that a pattern names, sorted; all of a folder.
func (r *rsyslogd) included(s rsyslog.Statement) []string {
	pattern := strings.TrimPrefix(path.Clean(s.Text), "/")
	if info, err := fs.Stat(r.host.Files, pattern); err == nil && info.IsDir() {
		pattern += "/*"
	}
	names, err := fs.Glob(r.host.Files, pattern)
	if err != nil || s.Text == "" {
		r.miss("%s: the pattern of an include is not read", s.Pos)
	}
	return slices.DeleteFunc(names, func(n string) bool {
		info, err := fs.Stat(r.host.Files, n)
		return err == nil && info.IsDir() || strings.HasPrefix(path.Base(n), ".")
	})
}

// action reads where one writes to.
func (r *rsyslogd) action(s rsyslog.Statement) {
	if s.Name == "action" {
		r.module(s)
		return
	}
	text := s.Text
	switch {
	case strings.HasPrefix(text, ":omfile:$"):
		name, _, _ := strings.Cut(strings.TrimPrefix(text, ":omfile:$"), ";")
		if c := r.channels[name]; len(c) > 0 {
			r.file(s, c[0], len(c) > 1, s.Pos)
		} else {
			r.miss("%s: an output channel of no definition", s.Pos)
		}
	case strings.HasPrefix(text, "$"):
		r.miss("%s: an action that is not read", s.Pos)
	case strings.HasPrefix(text, "-/"), strings.HasPrefix(text, "/"):
		name, _, _ := strings.Cut(strings.TrimPrefix(text, "-"), ";")
		r.file(s, strings.TrimRight(name, " \t"), false, s.Pos)
	case strings.HasPrefix(text, "?"), strings.HasPrefix(text, "-?"):
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(text, "-"), "?"), ";")
		r.dynamic(s, name, false, s.Pos)
	case strings.HasPrefix(text, "@"):
		host, _, _ := strings.Cut(strings.TrimLeft(text, "@"), ";")
		if strings.HasPrefix(host, "(") {
			_, host, _ = strings.Cut(host, ")")
		}
		r.sent(s, strings.TrimSpace(host), "syslog", s.Pos)
	case strings.HasPrefix(text, ":"):
		module, _, _ := strings.Cut(text[1:], ":")
		r.other(s, strings.ToLower(module))
	case strings.HasPrefix(text, "|"):
		r.other(s, "ompipe")
	case strings.HasPrefix(text, "^"):
		r.other(s, "omshell")
	case strings.HasPrefix(text, ">"):
		r.other(s, "ommysql")
	}
}

// module reads action(type="…").
func (r *rsyslogd) module(s rsyslog.Statement) {
	kind, at, _, known := s.Get("type")
	if !known {
		r.miss("%s: the type of an action is not known", at)
		return
	}
	switch kind {
	case "omfile", "builtin:omfile":
		_, _, limited, _ := s.Get("rotation.sizelimit")
		if name, at, set, known := s.Get("file"); set && known {
			r.file(s, name, limited, at)
		} else if name, at, dynamic, dynamicKnown := s.Get("dynafile"); dynamic && dynamicKnown {
			r.dynamic(s, name, limited, at)
		} else {
			r.miss("%s: the file of an action is not known", s.Pos)
		}
	case "omfwd", "builtin:omfwd", "omrelp":
		host, at, _, known := s.Get("target")
		if port, _, set, _ := s.Get("port"); set {
			host += ":" + port
		}
		if !known || host == "" {
			r.miss("%s: where an action sends to is not known", s.Pos)
			return
		}
		r.sent(s, host, "syslog", at)
	case "omusrmsg", "builtin:omusrmsg", "omdiscard", "builtin:omdiscard", "omstdout", "builtin:omstdout":
	default:
		r.other(s, kind)
	}
}

// file adds the source of a file. limited says that a size ends it, by a command that
// is not read.
func (r *rsyslogd) file(s rsyslog.Statement, name string, limited bool, at fact.Position) {
	if !strings.HasPrefix(name, "/") || strings.ContainsAny(name, " \t") {
		r.miss("%s: the file of an action is not read: it is no path", at)
		return
	}
	name = path.Clean(name)
	if strings.HasPrefix(name, "/dev/") || strings.HasPrefix(name, "/proc/") {
		return // a terminal
	}
	kept := r.keptIn(name, "rsyslog", at)
	one := r.byID[strings.TrimPrefix(kept, r.reference(""))]
	if limited && one != nil && one.rotation == nil {
		one.bound = "size"
		one.least, one.most = aws.Declared(0, at), aws.Declared(fact.Unbounded, at)
		one.rotation = &rotation{
			at: at, rule: "rsyslog.conf", effective: aws.NotKnown[bool]("what the command at the limit does is not read", at), period: aws.Default(float64(fact.Unbounded), at),
			enabled: aws.Declared(true, at), lastRun: aws.NotKnown[string]("rsyslogd notes no time of its rotations", at),
		}
	}
	r.source(s, name, kept, one)
}

// dynamic adds the source of files whose names are made from records.
func (r *rsyslogd) dynamic(s rsyslog.Statement, template string, limited bool, at fact.Position) {
	name, known := r.templates[template]
	if !known || !strings.HasPrefix(name, "/") {
		r.miss("%s: the template of a file's name is not read", at)
		return
	}
	if !strings.Contains(name, "%") {
		r.file(s, name, limited, at)
		return
	}
	// A rule for such names is one for each of them.
	if one := r.covering(strings.ReplaceAll(shellPattern(name), "*", "x")); one != nil {
		r.source(s, name, r.reference(one.id), one)
		return
	}
	one := r.byID[name]
	if one == nil {
		one = r.add(name, "file", "rsyslog", at)
		one.key = aws.NotKnown[string]("the disks of the host decide", at)
		one.encrypted = aws.NotKnown[string]("the disks of the host decide", at)
	}
	fixed := name[:strings.IndexByte(name, '%')]
	if dir := strings.Trim(path.Dir(fixed+"x"), "/"); strings.Count(dir, "/") >= 1 {
		r.roots = append(r.roots, dir)
	}
	r.source(s, name, r.reference(name), one)
}

// covering is the store that a rule makes of files with a pattern, nil if none does.
func (m *machine) covering(file string) *store {
	for _, s := range m.stores {
		if s.typ == "file" && s.rotation != nil && matches(s.id, file) {
			return s
		}
	}
	return nil
}

// source adds one for what an action writes to a file. Two that write to one file are one.
func (r *rsyslogd) source(s rsyslog.Statement, name, kept string, one *store) {
	id := "rsyslog" + name
	if slices.ContainsFunc(r.sources, func(o *source) bool { return o.id == id }) {
		return
	}
	src := r.machine.source(id, name, "host", "rsyslog", "system", s.Pos)
	src.fieldsUnknown = aws.NotKnown[bool]("what programs record is not in these files", s.Pos)
	src.stores = aws.Declared([]string{kept}, s.Pos)
	r.sources = append(r.sources, src)
	if one != nil {
		r.written = append(r.written, one)
	}
}

// sent adds a store on a server. Where some records alone are sent, which of a file are
// is not known.
func (r *rsyslogd) sent(s rsyslog.Statement, host, product string, at fact.Position) {
	if host == "" {
		r.miss("%s: where an action sends to is not read", at)
		return
	}
	id := "rsyslog/" + host
	if r.byID[id] == nil {
		one := r.add(id, "file", product, at).elsewhere("the server that records are sent to decides how long they are kept")
		one.name = aws.Declared(host, at)
		one.volatile = aws.NotKnown[bool]("it is kept elsewhere", at)
		one.rotationUnknown = "it is kept elsewhere"
	}
	if s.Conditional || s.Filter != "" && s.Filter != "*.*" {
		if r.remote.Known() && len(r.remote.Value) == 0 {
			r.remote = aws.NotKnown[[]string](fmt.Sprintf("some records are sent to another server (%s)", at), at)
		}
		return
	}
	if !r.remote.Known() {
		r.remote = aws.Answer[[]string]{}
	}
	r.remote = aws.Union(r.remote, aws.Declared([]string{r.reference(id)}, at))
}

// other notes an output that is not a file nor a server of syslog.
func (r *rsyslogd) other(s rsyslog.Statement, module string) {
	switch module {
	case "omusrmsg", "omdiscard", "omstdout":
		return
	}
	r.miss("%s: where the output %s keeps records is not read", s.Pos, safe(module))
}

// forwards says of each file where its copies are, and writes the sources.
func (r *rsyslogd) forwards() {
	for _, s := range r.written {
		switch {
		case !r.remote.Known() && s.remote.Known():
			s.remote = r.remote
		case len(r.remote.Value) > 0:
			s.remote = aws.Union(s.remote, r.remote)
		}
	}
	for _, src := range r.sources {
		if r.remote.Known() {
			src.stores = aws.Union(src.stores, r.remote)
		} else {
			src.stores = aws.NotKnown[[]string](r.remote.Reason, r.remote.Pos)
		}
		r.put(src)
	}
}
