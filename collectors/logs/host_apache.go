package logs

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors/source/apache"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// apache reads what the Apache HTTP server writes: a source for each access log and
// its format, and one for each error log.
func (m *machine) apache(context.Context) {
	for _, place := range []struct{ main, root, env string }{
		{"etc/apache2/apache2.conf", "etc/apache2", "etc/apache2/envvars"}, {"etc/httpd/conf/httpd.conf", "etc/httpd", ""},
	} {
		if _, err := fs.Stat(m.host.Files, place.main); err == nil {
			m.apacheServer(place.main, place.root, place.env)
		}
	}
}

// apacheLogs gathers the sources of one server.
type apacheLogs struct {
	m       *machine
	at      fact.Position
	root    string
	refused string
	maybe   string // why there may be other logs, or other formats
	formats map[string]string
	done    map[string]*source
	order   []*source
}

func (m *machine) apacheServer(main, root, env string) {
	a := &apacheLogs{m: m, at: fact.Position{Source: "/" + main, Line: 1, Column: 1}, formats: map[string]string{}, done: map[string]*source{}}
	config := apache.Load(m.host.Files, main, root, a.environment(env))
	for _, f := range config.Files {
		m.note(f)
	}
	m.env.Diagnose(config.Diagnostics...)
	a.refused, a.root = config.Refused, config.Root
	a.scan(config.Directives, true)
	hosts := []*apache.Directive{}
	for _, d := range config.Directives {
		if d.Section && d.Is("VirtualHost") {
			hosts = append(hosts, d)
			a.scan(d.Children, false)
		}
	}
	a.server(config.Directives, true)
	for _, h := range hosts {
		a.server(h.Children, false)
	}
	if why := cmp.Or(a.refused, a.maybe); why != "" {
		if a.refused != "" {
			why = "the server does not start with this configuration: " + why
		}
		s := m.source("apache", "apache", "web", "apache", "unknown", a.at)
		s.enabled, s.stores, s.settingsUnknown = aws.NotKnown[bool](why, a.at), aws.NotKnown[[]string](why, a.at), aws.NotKnown[bool](why, a.at)
		if a.refused != "" {
			a.order = nil
		}
		a.order = append(a.order, s.writes(notKnown(why), a.at))
	}
	for _, s := range a.order {
		m.put(s)
	}
}

// environment is what Debian's envvars exports, as far as it is plain text. Its suffix
// is empty for the server of the machine itself.
func (a *apacheLogs) environment(name string) map[string]string {
	out := map[string]string{}
	if name == "" {
		return out
	}
	data, err := a.m.read(name, 1<<20)
	if err != nil {
		return out
	}
	for line := range strings.Lines(string(data)) {
		key, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		value = strings.Trim(strings.ReplaceAll(value, "$SUFFIX", ""), `"'`)
		if ok && strings.HasPrefix(key, "APACHE_") && !strings.ContainsAny(value, "$`\\ ;") {
			out[key] = value
		}
	}
	return out
}

// scan collects formats, and what may add logs that are not read.
func (a *apacheLogs) scan(list []*apache.Directive, main bool) {
	for _, d := range list {
		matters := d.Is("Include") || d.Is("IncludeOptional") || d.Is("Use")
		for _, name := range []string{"CustomLog", "GlobalLog", "TransferLog", "LogFormat", "ErrorLog", "ErrorLogFormat", "ForensicLog", "CookieLog"} {
			matters = matters || d.Is(name)
		}
		if matters && d.Maybe != "" {
			a.maybe = cmp.Or(a.maybe, fmt.Sprintf("%s: %s (%s)", d.Name, d.Maybe, d.Pos))
		}
		if d.Section && !d.Is("VirtualHost") {
			a.scan(d.Children, main)
		}
		if d.Is("LogFormat") && d.Maybe == "" {
			switch len(d.Args) {
			case 1:
			case 2:
				if before, is := a.formats[d.Arg(1)]; is && before != d.Arg(0) && !main {
					a.maybe = cmp.Or(a.maybe, fmt.Sprintf("a virtual host has a format %.64q of its own (%s)", d.Arg(1), d.Pos))
				}
				a.formats[d.Arg(1)] = d.Arg(0)
			default:
				a.refuse(d, "takes one or two arguments")
			}
		}
	}
}

func (a *apacheLogs) refuse(d *apache.Directive, why string) {
	a.refused = cmp.Or(a.refused, fmt.Sprintf("%s %s (%s)", d.Name, why, d.Pos))
}

// apacheCommon is the format of TransferLog without a LogFormat of its own.
const apacheCommon = `%h %l %u %t "%r" %>s %b`

// server reads the logs of the main server, or of a virtual host: one with none of its
// own writes to those of the main server.
func (a *apacheLogs) server(list []*apache.Directive, main bool) {
	last, failed := apacheCommon, false
	for _, d := range list {
		if d.Maybe != "" {
			continue
		}
		switch {
		case d.Is("LogFormat") && len(d.Args) == 1:
			last = cmp.Or(a.formats[d.Arg(0)], d.Arg(0))
		case d.Is("TransferLog"):
			if len(d.Args) != 1 {
				a.refuse(d, "takes one argument")
			}
			a.access(d, last, "")
		case d.Is("CustomLog"), d.Is("GlobalLog"):
			if len(d.Args) < 2 || len(d.Args) > 3 {
				a.refuse(d, "takes two or three arguments")
			} else if c := d.Arg(2); c != "" && !strings.HasPrefix(c, "env=") && !strings.HasPrefix(c, "expr=") {
				a.refuse(d, "takes a condition that begins with env= or expr=")
			}
			a.access(d, cmp.Or(a.formats[d.Arg(1)], d.Arg(1)), d.Arg(1))
		case d.Is("ErrorLog"):
			failed = true
			a.errorLog(d.Arg(0), d.Pos)
		case d.Is("ErrorLogFormat"), d.Is("ForensicLog"):
			a.maybe = cmp.Or(a.maybe, fmt.Sprintf("what %s makes the server write is not read (%s)", d.Name, d.Pos))
		}
	}
	if main && !failed {
		a.errorLog("logs/error_log", a.at)
	}
}

func (a *apacheLogs) access(d *apache.Directive, format, nick string) {
	file := d.Arg(0)
	name := cmp.Or(nick, "common")
	if a.formats[nick] == "" && nick != "" {
		name = "own"
	}
	id := "apache:" + file + ":" + name
	if command := strings.Fields(strings.TrimLeft(file, "|$")); strings.HasPrefix(file, "|") && len(command) > 0 {
		id = "apache:|" + command[0] + ":" + name // its arguments may hold anything
	}
	if c := d.Arg(2); c != "" {
		id += ":" + c
	}
	for n := 2; a.done[id] != nil; n++ {
		if a.done[id].settings["format"].Value == format {
			return
		}
		id = strings.TrimSuffix(id, fmt.Sprintf("#%d", n-1)) + fmt.Sprintf("#%d", n)
	}
	s := a.m.source(id, "apache", "web", "apache", "app_access", d.Pos)
	r, refused := apacheFormat(format)
	if refused != "" {
		a.refuse(d, refused)
	}
	s.settings["format"] = aws.Declared(format, d.Pos)
	if c := d.Arg(2); c != "" {
		s.settings["if"] = aws.Declared(c, d.Pos)
	}
	if strings.HasPrefix(file, "|") {
		r = r.with(notKnown("a program takes the records: what it keeps of them is not known"))
	}
	s.writes(r, d.Pos)
	a.to(s, file, d.Pos)
	a.done[id] = s
	a.order = append(a.order, s)
}

// errorLog adds an error log: without ErrorLogFormat it holds the address of the client
// and the referer.
func (a *apacheLogs) errorLog(file string, at fact.Position) {
	id := "apache:error:" + file
	if a.done[id] != nil {
		return
	}
	s := a.m.source(id, "apache", "web", "apache", "application", at).writes(holds("client_address", "query_string", "request_headers"), at)
	a.to(s, file, at)
	a.done[id] = s
	a.order = append(a.order, s)
}

func (a *apacheLogs) to(s *source, file string, at fact.Position) {
	if a.refused != "" {
		return
	}
	switch {
	case strings.HasPrefix(file, "|"):
		s.stores = aws.NotKnown[[]string]("a program takes the records", at)
	case file == "syslog", strings.HasPrefix(file, "syslog:"), strings.Contains(file, ":") && !strings.HasPrefix(file, "/"):
		s.stores = aws.NotKnown[[]string]("a log daemon keeps the records", at)
	case strings.Contains(file, "${"):
		s.stores = aws.NotKnown[[]string]("the name of the file is a variable of the environment", at)
	case file == "/dev/null":
		s.enabled = aws.Declared(false, at)
	case strings.HasPrefix(file, "/dev/"), strings.HasPrefix(file, "/proc/"):
		s.stores = aws.NotKnown[[]string]("what takes the output of the service keeps them", at)
	default:
		if !strings.HasPrefix(file, "/") {
			file = path.Join("/", a.root, file)
		}
		s.stores = aws.Declared([]string{a.m.keptIn(file, "apache", at)}, at)
	}
}
