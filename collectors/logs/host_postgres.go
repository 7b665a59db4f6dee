package logs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/nginx"
	"github.com/writ-policy/writ/collectors/source/postgres"
	"github.com/writ-policy/writ/engine/fact"
)

// postgresPlaces are where packages have postgresql.conf.
func postgresPlaces() []string {
	return []string{"etc/postgresql/*/*/postgresql.conf", "var/lib/pgsql/data/postgresql.conf", "var/lib/pgsql/*/data/postgresql.conf", "var/lib/postgresql/data/postgresql.conf", "var/lib/postgresql/*/data/postgresql.conf"}
}

// postgres reads what each PostgreSQL server of the machine writes, from its files.
// What is set for a role or a database stands in the database.
func (m *machine) postgres(context.Context) {
	for _, pattern := range postgresPlaces() {
		names, err := nginx.Glob(m.host.Files, pattern)
		if err != nil {
			m.miss("/%s: %v", pattern, err)
		}
		for _, name := range names {
			m.postgresServer(name)
		}
	}
}

// postgresLogs is one server.
type postgresLogs struct {
	m       *machine
	config  *postgres.Config
	at      fact.Position
	folder  string // of its configuration
	data    string // of its data, "" if that is not known
	version int    // 0 if it is not known
	debian  string // version and name of a cluster of Debian
}

func (m *machine) postgresServer(name string) {
	p := &postgresLogs{m: m, config: postgres.Load(m.host.Files, name), folder: path.Dir(name), at: fact.Position{Source: "/" + name, Line: 1, Column: 1}}
	id := "postgresql:/" + p.folder
	p.data = p.folder
	if rest, ok := strings.CutPrefix(p.folder, "etc/postgresql/"); ok {
		p.debian = rest
		id = "postgresql:" + rest
		p.data = path.Join("var/lib/postgresql", rest)
		p.debianOptions()
	}
	if s, ok := p.config.Last("data_directory"); ok {
		p.data = strings.TrimPrefix(path.Clean(s.Value), "/")
	}
	if _, err := fs.Stat(m.host.Files, p.data); err != nil {
		p.config.Opaque = cmp.Or(p.config.Opaque, fmt.Sprintf("/%s/postgresql.auto.conf may say otherwise: %v", p.data, err))
	} else {
		p.config.Append(m.host.Files, path.Join(p.data, "postgresql.auto.conf"))
	}
	p.version = p.major()
	p.config.Check(p.version)
	for _, f := range p.config.Files {
		m.note(f)
	}
	m.env.Diagnose(p.config.Diagnostics...)
	s := m.source(id, "postgresql", "database", "postgresql", "db_statement", p.at)
	p.settings(s)
	s.writes(p.fields(s), p.at)
	if p.unknown() == "" {
		s.stores = p.stores()
	}
	if why := p.unknown(); why != "" {
		s.stores = aws.NotKnown[[]string](why, p.at)
		s.fieldsUnknown = aws.NotKnown[bool](why, p.at)
		s.settingsUnknown = aws.NotKnown[bool](why, p.at)
		s.enabled = aws.NotKnown[bool](why, p.at)
	}
	m.put(s)
}

// unknown says why nothing is known of what the server writes, "" if it is.
func (p *postgresLogs) unknown() string {
	if p.config.Refused != "" {
		return "the server does not start with this configuration: " + p.config.Refused
	}
	return p.config.Opaque
}

// debianOptions looks at pg_ctl.conf, which may give the server options over its files.
func (p *postgresLogs) debianOptions() {
	options := postgres.Load(p.m.host.Files, path.Join(p.folder, "pg_ctl.conf"))
	if len(options.Files) == 0 {
		if _, err := fs.Stat(p.m.host.Files, path.Join(p.folder, "pg_ctl.conf")); !errors.Is(err, fs.ErrNotExist) {
			p.config.Opaque = cmp.Or(p.config.Opaque, "pg_ctl.conf cannot be read")
		}
		return
	}
	p.m.note(options.Files...)
	if s, ok := options.Last("pg_ctl_options"); ok && strings.TrimSpace(s.Value) != "" || options.Refused != "" {
		p.config.Opaque = cmp.Or(p.config.Opaque, "pg_ctl.conf gives the server options of its own")
	}
}

// major is the version of the server: by the folder of Debian, else as the data say.
func (p *postgresLogs) major() int {
	text := strings.Split(p.debian, "/")[0]
	if data, err := p.m.read(path.Join(p.data, "PG_VERSION"), 64); err == nil {
		text = strings.TrimSpace(string(data))
	}
	n, err := strconv.Atoi(strings.Split(text, ".")[0])
	if err != nil {
		return 0
	}
	return n
}

// text is the value of a parameter, or the server's default.
func (p *postgresLogs) text(name, otherwise string) aws.Answer[string] {
	if s, ok := p.config.Last(name); ok {
		return aws.Declared(s.Value, s.Pos)
	}
	return aws.Default(otherwise, p.at)
}

// choice is the value of an enumeration, in lower case.
func (p *postgresLogs) choice(name, otherwise string) string {
	return strings.ToLower(p.text(name, otherwise).Value)
}

// truth is a boolean. What the server refuses was found before.
func (p *postgresLogs) truth(name, otherwise string) bool {
	v, ok := postgres.Bool(p.text(name, otherwise).Value)
	if !ok {
		p.refuse(name)
	}
	return v
}

func (p *postgresLogs) number(name, otherwise string, unit postgres.Unit) int {
	n, ok := postgres.Int(p.text(name, otherwise).Value, unit)
	if !ok {
		p.refuse(name)
	}
	return n
}

func (p *postgresLogs) refuse(name string) {
	p.config.Refused = cmp.Or(p.config.Refused, "invalid value for "+name)
}

// list is a value of names with commas between them, without quotes, in lower case.
func (p *postgresLogs) list(name, otherwise string) []string {
	var out []string
	for _, one := range strings.Split(p.text(name, otherwise).Value, ",") {
		if one = strings.ToLower(strings.Trim(strings.TrimSpace(one), `"`)); one != "" {
			out = append(out, one)
		}
	}
	return out
}

// prefix is log_line_prefix; its default is that of version 10.
func (p *postgresLogs) prefix() string {
	otherwise := "%m [%p] "
	if p.version > 0 && p.version < 10 {
		otherwise = ""
	}
	return p.text("log_line_prefix", otherwise).Value
}

// logins reports whether sessions that are let in are written. A list since version
// 18, of which the receipt of a connection tells an address and no name.
func (p *postgresLogs) logins() (name, address bool) {
	value := p.text("log_connections", "off")
	if on, ok := postgres.Bool(value.Value); ok {
		return on, on
	}
	known := []string{"all", "receipt", "authentication", "authorization", "setup_durations"}
	said := p.list("log_connections", "")
	for _, one := range said {
		if p.version < 18 || !slices.Contains(known, one) {
			p.refuse("log_connections")
		}
	}
	all := slices.Contains(said, "all")
	return all || slices.Contains(said, "authentication") || slices.Contains(said, "authorization"), all || slices.Contains(said, "receipt")
}
