package logs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/nginx"
	"github.com/writ-policy/writ/engine/fact"
)

// nginxMain is where packages of nginx have its configuration, and where they have it
// write what no directive says.
const (
	nginxMain   = "etc/nginx/nginx.conf"
	nginxAccess = "/var/log/nginx/access.log"
	nginxError  = "/var/log/nginx/error.log"
)

// nginxCombined is the format of access_log without one (ngx_http_log_module).
const nginxCombined = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"`

// nginx reads what nginx writes: a source for each access log in force and its
// format, one for each server that writes none, and one for each error log.
func (m *machine) nginx(context.Context) {
	if _, err := fs.Stat(m.host.Files, nginxMain); errors.Is(err, fs.ErrNotExist) {
		return
	}
	config := nginx.Load(m.host.Files, nginxMain, true, func(name string) string { return "/" + name })
	for _, f := range config.Files {
		m.note(f.Name)
	}
	m.env.Diagnose(config.Diagnostics...)
	at := fact.Position{Source: "/" + nginxMain, Line: 1, Column: 1}
	n := &nginxLogs{m: m, at: at, formats: map[string]*nginxFormat{}, done: map[string]*source{}}
	n.refused = config.Refused
	top := config.Top()
	for _, h := range top.Inside("http") {
		n.variables = &nginxVariables{defined: nginxDefined(h), asked: map[string]bool{}}
		n.formats = map[string]*nginxFormat{"combined": {text: nginxCombined, at: h.Block.Pos}}
		n.readFormats(h)
		n.accessIn(h, "http")
	}
	for _, s := range top.Inside("stream") {
		n.variables = &nginxVariables{defined: nginxDefined(s), asked: map[string]bool{}, stream: true}
		n.formats = map[string]*nginxFormat{}
		n.readFormats(s)
		n.accessIn(s, "stream")
	}
	n.errors(top)
	if n.refused != "" {
		n.done, n.order = nil, nil
		s := m.source("nginx", "nginx", "web", "nginx", "unknown", at)
		why := "nginx does not start with this configuration: " + n.refused
		s.enabled = aws.NotKnown[bool](why, at)
		s.stores = aws.NotKnown[[]string](why, at)
		s.settingsUnknown = aws.NotKnown[bool](why, at)
		n.order = append(n.order, s.writes(notKnown(why), at))
	}
	for _, s := range n.order {
		m.put(s)
	}
}

// nginxLogs gathers the sources of one configuration.
type nginxLogs struct {
	m         *machine
	at        fact.Position
	refused   string
	variables *nginxVariables
	formats   map[string]*nginxFormat
	done      map[string]*source
	order     []*source
}

type nginxFormat struct {
	text string
	at   fact.Position
}

func (n *nginxLogs) refuse(d *nginx.Directive, why string) {
	n.refused = cmp.Or(n.refused, fmt.Sprintf("%s: %s (%s)", d.Name, why, d.Pos))
}

// readFormats reads log_format: a name, how to escape, and texts that follow each
// other.
func (n *nginxLogs) readFormats(h *nginx.Scope) {
	for _, d := range h.Here("log_format") {
		if d.Block || len(d.Args) < 2 {
			n.refuse(d, "invalid number of parameters")
			continue
		}
		texts := d.Texts()[1:]
		if how, ok := strings.CutPrefix(texts[0], "escape="); ok {
			if !slices.Contains([]string{"json", "default", "none"}, how) {
				n.refuse(d, "unknown way to escape")
			}
			texts = texts[1:]
		}
		name := d.Text(0)
		if n.formats[name] != nil {
			n.refuse(d, "the format is defined twice")
			continue
		}
		f := &nginxFormat{strings.Join(texts, ""), d.Pos}
		for _, text := range texts { // a variable cannot reach into the next text
			for _, used := range nginxNames(text) {
				if used == "" || used == "{" {
					n.refuse(d, "a $ without a name")
				}
			}
		}
		n.formats[name] = f
	}
}

// accessIn reads which access logs hold in each server and each location.
func (n *nginxLogs) accessIn(top *nginx.Scope, kind string) {
	servers := 0
	top.Each(func(s *nginx.Scope) {
		for _, d := range s.Here("access_log") {
			n.checkAccess(d)
		}
		if s.Block == nil || !slices.Contains([]string{"server", "location", "if", "limit_except"}, s.Block.Name) || s.Parent != nil && s.Parent.Name() == "upstream" {
			return
		}
		servers++
		found, opaque := s.Effective("access_log")
		if opaque != "" {
			n.m.miss("nginx: which access logs hold in %s: %s", s.Block.Pos, opaque)
		}
		off := slices.ContainsFunc(found, func(d *nginx.Directive) bool { return d.Text(0) == "off" })
		switch {
		case opaque != "" && len(found) == 0: // said above
		case off || len(found) == 0 && kind == "stream":
			n.silent(s, found)
		case len(found) == 0:
			n.access(nil, kind, top.Block.Pos)
		}
		if !off {
			for _, d := range found {
				n.access(d, kind, d.Pos)
			}
		}
	})
	if servers == 0 {
		if _, opaque := top.Effective("server"); opaque != "" {
			n.m.miss("nginx: %s", opaque)
		}
	}
}

// checkAccess refuses what nginx does of the parameters of access_log.
func (n *nginxLogs) checkAccess(d *nginx.Directive) {
	switch {
	case d.Block || len(d.Args) == 0:
		n.refuse(d, "invalid number of parameters")
		return
	case d.Text(0) == "off":
		if len(d.Args) > 1 {
			n.refuse(d, "a parameter after off")
		}
		return
	}
	for _, name := range nginxNames(d.Text(0)) {
		if name == "" || name == "{" {
			n.refuse(d, "a $ without a name")
		}
	}
	buffered := false
	for i, p := range d.Texts()[1:] {
		name, value, has := strings.Cut(p, "=")
		switch {
		case i == 0: // the format, whatever it is called
			if n.formats[p] == nil {
				n.refuse(d, "unknown log format "+fmt.Sprintf("%.64q", p))
			}
		case name == "if" && has:
		case (name == "buffer" || name == "flush") && has && value != "":
			buffered = buffered || name == "buffer"
		case name == "gzip":
			buffered = true
		default:
			n.refuse(d, "invalid parameter "+fmt.Sprintf("%.64q", p))
		}
	}
	if buffered && (strings.HasPrefix(d.Text(0), "syslog:") || len(nginxNames(d.Text(0))) > 0) {
		n.refuse(d, "a buffer for what is no file, or a file by a variable")
	}
}

// silent adds a server that writes no access log. Locations are part of theirs.
func (n *nginxLogs) silent(s *nginx.Scope, off []*nginx.Directive) {
	if s.Block.Name != "server" {
		return
	}
	names, at := []string{}, s.Block.Pos
	for _, d := range s.Here("server_name") {
		names = append(names, d.Texts()...)
	}
	for _, d := range s.Here("listen") {
		names = append(names, d.Text(0))
	}
	if len(off) > 0 {
		at = off[0].Pos
	}
	id := "nginx/off:" + strings.Join(names, ",")
	if n.done[id] != nil {
		return
	}
	one := n.m.source(id, "nginx", "web", "nginx", "app_access", at)
	one.enabled = aws.Declared(false, at)
	n.add(one)
}

func (n *nginxLogs) add(s *source) {
	n.done[s.id] = s
	n.order = append(n.order, s)
}

// access adds an access log: of a directive, or the one nginx writes without any.
func (n *nginxLogs) access(d *nginx.Directive, kind string, at fact.Position) {
	file, format, condition := nginxAccess, "combined", ""
	basis := "default"
	if d != nil {
		basis, file, format = "declared", d.Text(0), cmp.Or(d.Text(1), format)
		for _, p := range d.Texts()[min(2, len(d.Args)):] {
			if value, ok := strings.CutPrefix(p, "if="); ok {
				condition = value
			}
		}
	}
	id := "nginx/" + kind + ":" + file + ":" + format
	if condition != "" {
		id += ":if=" + condition
	}
	if n.done[id] != nil {
		return
	}
	s := n.m.source(id, "nginx", "web", "nginx", "app_access", at)
	s.basis = basis
	f := n.formats[format]
	if f == nil {
		f = &nginxFormat{at: at}
	}
	s.writes(n.variables.text(f.text), f.at)
	s.settings["format"] = aws.Declared(format, f.at)
	if basis == "default" || d != nil && len(d.Args) < 2 {
		s.settings["format"] = aws.Default(format, at)
	}
	if condition != "" {
		s.settings["if"] = aws.Declared(condition, at)
	}
	n.to(s, file, at)
	n.add(s)
}

// to says where a log is kept.
func (n *nginxLogs) to(s *source, file string, at fact.Position) {
	if n.refused != "" {
		return
	}
	switch {
	case file == "/dev/null":
		s.enabled = aws.Declared(false, at)
	case strings.HasPrefix(file, "syslog:"):
		s.stores = aws.NotKnown[[]string](syslogReason(file), at)
	case strings.HasPrefix(file, "memory:"):
		s.settings["memory"] = aws.Declared("true", at)
	case len(nginxNames(file)) > 0 && s.category == "app_access":
		s.stores = aws.NotKnown[[]string]("the name of the file is made for each request", at)
	case file == "stderr", strings.HasPrefix(file, "/dev/"):
		s.stores = aws.NotKnown[[]string]("what takes the output of the service keeps it", at)
	case !strings.HasPrefix(file, "/"):
		s.stores = aws.NotKnown[[]string]("the file is relative to the folder nginx was built for", at)
	default:
		s.stores = aws.Declared([]string{n.m.keptIn(file, "nginx", at)}, at)
	}
}

// syslogReason tells where syslog:server=… sends to.
func syslogReason(text string) string {
	for _, p := range strings.Split(strings.TrimPrefix(text, "syslog:"), ",") {
		if server, ok := strings.CutPrefix(p, "server="); ok && !strings.HasPrefix(server, "unix:") {
			return fmt.Sprintf("%.128s keeps it", server)
		}
	}
	return "the system's log daemon keeps it"
}

// errors adds the error logs in force. Of a request that went wrong nginx writes the
// address of the client, the line of the request, the referer and the host, whatever
// the level.
func (n *nginxLogs) errors(top *nginx.Scope) {
	top.Each(func(s *nginx.Scope) {
		for _, d := range s.Here("error_log") {
			levels := []string{"", "debug", "info", "notice", "warn", "error", "crit", "alert", "emerg"}
			if d.Block || len(d.Args) == 0 {
				n.refuse(d, "invalid number of parameters")
			} else if !slices.Contains(levels, d.Text(1)) && !strings.HasPrefix(d.Text(1), "debug_") {
				n.refuse(d, "invalid log level")
			}
		}
		if s.Block != nil && !slices.Contains([]string{"http", "stream", "mail", "server", "location", "if"}, s.Block.Name) || s.Parent != nil && s.Parent.Name() == "upstream" {
			return
		}
		found, opaque := s.Effective("error_log")
		if opaque != "" {
			n.m.miss("nginx: which error logs hold: %s", opaque)
		}
		if len(found) == 0 && opaque == "" {
			n.errorLog(nginxError, "error", "default", n.at)
		}
		for _, d := range found {
			n.errorLog(d.Text(0), cmp.Or(d.Text(1), "error"), "declared", d.Pos)
		}
	})
}

func (n *nginxLogs) errorLog(file, level, basis string, at fact.Position) {
	id := "nginx/error:" + file
	if n.done[id] != nil {
		return
	}
	s := n.m.source(id, "nginx", "web", "nginx", "application", at)
	s.basis = basis
	s.settings["level"] = aws.Declared(level, at)
	s.writes(holds("client_address", "query_string", "request_headers"), at)
	n.to(s, file, at)
	n.add(s)
}
