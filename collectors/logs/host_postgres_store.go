package logs

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/postgres"
	"github.com/writ-policy/writ/engine/fact"
)

// stores says where the server's records stand.
func (p *postgresLogs) stores() aws.Answer[[]string] {
	destinations := p.list("log_destination", "stderr")
	collector := p.truth("logging_collector", "off")
	out := aws.Declared([]string{}, p.at)
	for _, d := range destinations {
		one := aws.Declared([]string{}, p.at)
		switch {
		case d == "syslog":
			one = aws.NotKnown[[]string]("the system's log daemon keeps them", p.text("log_destination", "").Pos)
		case (d == "csvlog" || d == "jsonlog" && (p.version == 0 || p.version >= 15)) && !collector: // goes nowhere: a warning at the start
		case d == "stderr" && !collector:
			one = p.standardError()
		case d == "stderr", d == "csvlog", d == "jsonlog" && (p.version == 0 || p.version >= 15):
			one = p.collected(d)
		default:
			p.refuse("log_destination")
		}
		out = aws.Union(out, one)
	}
	return out
}

// standardError is what takes the server's standard error: the clusters of Debian are
// started with a file for it, or the one a link in the folder of their configuration
// names (pg_ctlcluster).
func (p *postgresLogs) standardError() aws.Answer[[]string] {
	if p.debian == "" {
		return aws.NotKnown[[]string]("what takes the output of the service keeps them", p.at)
	}
	link := path.Join(p.folder, "log")
	file := "/var/log/postgresql/postgresql-" + strings.ReplaceAll(p.debian, "/", "-") + ".log"
	to, err := p.m.host.Files.ReadLink(link)
	switch {
	case err == nil && strings.HasPrefix(to, "/"):
		file = to
	case err == nil:
		file = path.Join("/", p.folder, to)
	case !errors.Is(err, fs.ErrNotExist):
		return aws.NotKnown[[]string](fmt.Sprintf("/%s: %v", link, err), p.at)
	}
	return aws.Default([]string{p.m.keptIn(file, "postgresql", p.at)}, p.at)
}

// collected is the store of the files that the server's own collector writes. They are
// told by the folder and the pattern of their names.
func (p *postgresLogs) collected(destination string) aws.Answer[[]string] {
	folder := "log"
	if p.version > 0 && p.version < 10 {
		folder = "pg_log"
	}
	folder = p.text("log_directory", folder).Value
	if !strings.HasPrefix(folder, "/") {
		folder = path.Join("/", p.data, folder)
	}
	pattern := p.text("log_filename", "postgresql-%Y-%m-%d_%H%M%S.log")
	name := pattern.Value
	if destination != "stderr" { // "…log" is replaced, else a suffix is added
		name = strings.TrimSuffix(name, ".log") + map[string]string{"csvlog": ".csv", "jsonlog": ".json"}[destination]
	}
	file := path.Join(folder, name)
	age := p.text("log_rotation_age", "1d")
	rotate := p.number("log_rotation_age", "1d", postgres.Minutes)
	keep := ages{least: fact.Unbounded, most: fact.Unbounded, recurs: !strings.Contains(name, "%")}
	if p.truth("log_truncate_on_rotation", "off") && rotate > 0 {
		keep = agesOf(name, rotate)
	}
	if keep.why == "" && keep.most == fact.Unbounded && keep.recurs {
		return aws.Declared([]string{p.m.keptIn(file, "postgresql", pattern.Pos)}, pattern.Pos)
	}
	s := p.m.byID[file]
	if s == nil {
		s = p.m.add(file, "file", "postgresql", pattern.Pos)
	}
	s.name = aws.Then(pattern, func(string) string { return name })
	s.encrypted = aws.NotKnown[string]("the disks of the host decide", p.at)
	s.key = aws.NotKnown[string]("the disks of the host decide", p.at)
	truncate := p.text("log_truncate_on_rotation", "off")
	at := pattern.Pos
	for _, one := range []struct {
		name  string
		value aws.Answer[string]
	}{{"log_filename", pattern}, {"log_rotation_age", age}, {"log_truncate_on_rotation", truncate}} {
		if !one.value.Default {
			s.by = append(s.by, directive{one.value.Pos, one.name + " = '" + one.value.Value + "'"})
		}
	}
	basis := aws.Declared[int]
	if len(s.by) == 0 {
		basis = aws.Default[int]
	}
	s.least, s.most = basis(keep.least, at), basis(keep.most, at)
	if keep.why != "" {
		s.least, s.most = aws.NotKnown[int](keep.why, at), aws.NotKnown[int](keep.why, at)
	}
	s.rotation = &rotation{
		at: at, rule: "log_filename = " + name, effective: aws.Default(true, at), period: aws.Then(age, func(string) float64 { return float64(rotate) / 1440 }),
		enabled: aws.Declared(rotate > 0, age.Pos), lastRun: aws.NotKnown[string]("the server notes no time of its rotations", at),
	}
	if rotate == 0 {
		s.rotation.period = aws.Declared(float64(fact.Unbounded), age.Pos)
	}
	return aws.Declared([]string{p.m.reference(file)}, at)
}

// ages bound how old records become in files whose names recur and that are emptied
// when their turn comes again. recurs tells of a name that is always the same.
type ages struct {
	least, most int // days; Unbounded where a name does not come again
	recurs      bool
	why         string
}

// agesOf goes through the rotations of four years: at each multiple of the age, in
// minutes, a file by the name of that time is begun anew, unless it is the one written
// before (syslogger.c, logfile_rotate). Four years are long enough for a leap day; a
// name that has not come again by then never does.
func agesOf(pattern string, minutes int) ages {
	const most = 400_000
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	step := time.Duration(minutes) * time.Minute
	steps := int(4 * 366 * 24 * time.Hour / step)
	if steps > most {
		return ages{why: fmt.Sprintf("a rotation every %d minutes is not gone through", minutes)}
	}
	if !strings.Contains(pattern, "%") {
		return ages{least: fact.Unbounded, most: fact.Unbounded, recurs: true}
	}
	type file struct{ begun, last time.Time }
	files := map[string]*file{}
	var current *file
	before := ""
	longest, shortest := time.Duration(0), time.Duration(1<<62)
	for i := range steps {
		now := start.Add(time.Duration(i) * step)
		name, ok := strftime(pattern, now)
		if !ok {
			return ages{why: fmt.Sprintf("a pattern of names that is not modelled: %.64q", pattern)}
		}
		if current != nil {
			current.last = now
		}
		if name == before {
			continue
		}
		before = name
		if f := files[name]; f != nil {
			longest, shortest = max(longest, now.Sub(f.begun)), min(shortest, now.Sub(f.last))
		}
		current = &file{begun: now}
		files[name] = current
	}
	end := start.Add(time.Duration(steps) * step)
	for _, f := range files {
		if end.Sub(f.begun) > longest+step {
			return ages{least: fact.Unbounded, most: fact.Unbounded, recurs: len(files) == 1}
		}
	}
	const day = 24 * time.Hour
	return ages{least: int(shortest / day), most: int((longest + day - 1) / day)}
}

// strftime writes a time as the server names files, with what of strftime(3) does not
// depend on the locale but for names of days and months, of which only that they differ
// counts.
func strftime(pattern string, t time.Time) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' {
			b.WriteByte(pattern[i])
			continue
		}
		i++
		if i == len(pattern) {
			return "", false
		}
		if pattern[i] == '%' {
			b.WriteByte('%')
			continue
		}
		year, week := t.ISOWeek()
		at := slices.IndexFunc(strftimeParts(), func(p strftimePart) bool { return strings.IndexByte(p.letters, pattern[i]) >= 0 })
		if at < 0 {
			return "", false
		}
		part := strftimeParts()[at]
		if part.iso {
			fmt.Fprintf(&b, "%04d-%02d", year, week)
			continue
		}
		b.WriteString(t.Format(part.layout))
	}
	return b.String(), true
}

// strftimePart gives conversions that tell the same, in Go's way.
type strftimePart struct {
	letters, layout string
	iso             bool
}

func strftimeParts() []strftimePart {
	return []strftimePart{
		{letters: "aAuw", layout: "Mon"}, {letters: "bBhm", layout: "01"}, {letters: "de", layout: "02"}, {letters: "j", layout: "002"}, {letters: "Y", layout: "2006"},
		{letters: "y", layout: "06"}, {letters: "Hk", layout: "15"}, {letters: "Il", layout: "03"}, {letters: "p", layout: "PM"}, {letters: "M", layout: "04"}, {letters: "S", layout: "05"},
		{letters: "D", layout: "01/02/06"}, {letters: "F", layout: "2006-01-02"}, {letters: "R", layout: "15:04"}, {letters: "T", layout: "15:04:05"},
		{letters: "s", layout: "20060102150405"}, {letters: "GgV", iso: true},
	}
}
