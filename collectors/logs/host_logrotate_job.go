package logs

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/logrotate"
	"github.com/writ-policy/writ/collectors/source/systemd"
	"github.com/writ-policy/writ/engine/fact"
)

// rotationJobs are what runs logrotate.
type rotationJobs struct {
	enabled aws.Answer[bool]
	every   aws.Answer[float64] // days between two runs; a day where nothing runs it
	state   map[string]time.Time
	why     string // why the state is not known
}

// rotationJobs looks for logrotate's timer and for cron's jobs, and reads the state.
func (m *machine) rotationJobs() rotationJobs {
	at := fact.Position{Source: "/etc/logrotate.conf", Line: 1}
	j := rotationJobs{enabled: aws.Default(false, at), every: aws.Default(1.0, at)}
	first := true
	run := func(every aws.Answer[float64]) {
		if first || every.Known() && (!j.every.Known() || every.Value < j.every.Value) {
			j.every = every
		}
		first = false
		j.enabled = aws.Declared(true, every.Pos)
	}
	why := m.timer(run)
	m.cronFolders(run)
	m.crontabs(run)
	if !j.enabled.Value && why != "" {
		j.enabled = aws.NotKnown[bool](why, at)
	}
	if !m.anyOf("usr/sbin/logrotate", "sbin/logrotate", "usr/bin/logrotate", "usr/local/sbin/logrotate") {
		j.enabled = aws.Declared(false, at)
	}
	j.state, j.why = m.rotationState()
	return j
}

// timer looks at systemd's; a reason says why there may be one. One that is masked, or
// that nothing starts, does not run.
func (m *machine) timer(run func(aws.Answer[float64])) string {
	timers, reasons := systemd.Units(m.host.Files, ".timer")
	services, more := systemd.Units(m.host.Files, ".service")
	service := false
	for _, s := range services {
		service = service || s.Name == "logrotate.service"
	}
	for _, t := range timers {
		if t.Name != "logrotate.timer" || !t.Wanted || !service {
			continue
		}
		if t.Reason != "" {
			return t.Reason
		}
		every := aws.NotKnown[float64]("how often logrotate.timer elapses is not read", t.Pos)
		for _, when := range t.All("Timer", "OnCalendar") {
			if days := calendarDays(when.Value); days > 0 && (!every.Known() || days < every.Value) {
				every = aws.Declared(days, when.Pos)
			}
		}
		run(every)
	}
	return strings.Join(append(reasons, more...), "; ")
}

// calendarDays is the time between two elapses of a calendar event that is written in
// one of the usual ways, in days; 0 is not known (systemd.time(7)).
func calendarDays(event string) float64 {
	switch strings.ToLower(event) {
	case "minutely":
		return 1.0 / 1440
	case "hourly":
		return 1.0 / 24
	case "daily":
		return 1
	case "weekly":
		return 7
	case "monthly":
		return 31
	}
	event = strings.TrimPrefix(event, "*-*-* ")
	hour, rest, ok := strings.Cut(event, ":")
	minute, second, _ := strings.Cut(rest, ":")
	switch {
	case !ok || !number(minute) || second != "" && !number(second):
		return 0
	case hour == "*":
		return 1.0 / 24
	case number(hour):
		return 1
	}
	return 0
}

func number(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// cronFolders looks for a script in cron.hourly and the like. It must be executable, and
// Debian's leaves the work to the timer where systemd runs the machine.
func (m *machine) cronFolders(run func(aws.Answer[float64])) {
	if !m.anyOf("usr/sbin/cron", "usr/sbin/crond", "usr/sbin/anacron", "usr/sbin/fcron", "usr/sbin/dcron", "usr/bin/crond", "bin/busybox") {
		return
	}
	for folder, days := range map[string]float64{"hourly": 1.0 / 24, "daily": 1, "weekly": 7, "monthly": 31} {
		name := "etc/cron." + folder + "/logrotate"
		info, err := fs.Stat(m.host.Files, name)
		if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0 {
			continue
		}
		data, err := m.read(name, 1<<20)
		if err != nil {
			continue
		}
		if bytes.Contains(data, []byte("/run/systemd/system")) && m.anyOf("usr/lib/systemd/systemd", "lib/systemd/systemd") {
			continue
		}
		run(aws.Declared(days, fact.Position{Source: "/" + name, Line: 1}))
		m.otherConfig(string(data), "/"+name)
	}
}

// crontabs looks for lines that run logrotate.
func (m *machine) crontabs(run func(aws.Answer[float64])) {
	files := []string{"etc/crontab", "var/spool/cron/crontabs/root", "var/spool/cron/root", "etc/crontabs/root"}
	if entries, err := fs.ReadDir(m.host.Files, "etc/cron.d"); err == nil {
		for _, e := range entries {
			files = append(files, "etc/cron.d/"+e.Name())
		}
	}
	for _, name := range files {
		data, err := collectors.ReadFile(m.host.Files, name, 1<<20)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				m.miss("/%s: %v", name, err)
			}
			continue
		}
		number := 0
		for line := range strings.Lines(string(data)) {
			number++
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "#") || !runsLogrotate(line) {
				continue
			}
			at := fact.Position{Source: "/" + name, Line: number}
			m.note(name)
			if days := cronDays(line); days > 0 {
				run(aws.Declared(days, at))
			} else {
				run(aws.NotKnown[float64]("how often "+at.String()+" runs logrotate is not read", at))
			}
			m.otherConfig(line, at.String())
		}
	}
}

func runsLogrotate(line string) bool {
	for _, word := range strings.Fields(line) {
		if path.Base(word) == "logrotate" && !strings.HasPrefix(word, "/etc/cron.") && !strings.HasPrefix(word, "/var/") {
			return true
		}
	}
	return false
}

// cronDays is the time between two runs of a line, in days; 0 is not known (crontab(5)).
func cronDays(line string) float64 {
	f := strings.Fields(line)
	switch f[0] {
	case "@hourly":
		return 1.0 / 24
	case "@daily", "@midnight":
		return 1
	case "@weekly":
		return 7
	case "@monthly":
		return 31
	}
	if len(f) < 6 || !number(f[0]) || f[2] != "*" || f[3] != "*" {
		return 0
	}
	switch {
	case f[1] == "*" && f[4] == "*":
		return 1.0 / 24
	case number(f[1]) && f[4] == "*":
		return 1
	case number(f[1]) && number(f[4]):
		return 7
	}
	return 0
}

// otherConfig says that a job gives logrotate a configuration that is not read here.
func (m *machine) otherConfig(command, where string) {
	seen := false
	for _, word := range strings.FieldsFunc(command, func(c rune) bool { return strings.ContainsRune(" \t\n;&|\"'", c) }) {
		switch {
		case path.Base(word) == "logrotate" && strings.HasPrefix(word, "/"):
			seen = true
		case seen && strings.HasPrefix(word, "/etc/") && strings.Contains(word, "logrotate") && word != "/etc/logrotate.conf":
			m.miss("logrotate: %s runs it with %s, which is not read", where, word)
		}
	}
}

// rotationState reads when logs were rotated.
func (m *machine) rotationState() (map[string]time.Time, string) {
	zone := time.UTC
	if data, err := collectors.ReadFile(m.host.Files, "etc/localtime", 1<<20); err == nil {
		if z, err := time.LoadLocationFromTZData("local", data); err == nil {
			zone = z
		}
	}
	for _, name := range []string{"var/lib/logrotate/status", "var/lib/logrotate/logrotate.status", "var/lib/logrotate.status", "var/lib/misc/logrotate.status"} {
		data, err := m.read(name, 64<<20)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, "/" + name + ": " + err.Error()
		}
		state, err := logrotate.State(data, zone)
		if err != nil {
			return nil, "/" + name + ": " + err.Error()
		}
		return state, ""
	}
	return nil, ""
}

// lastRun is when a file was rotated.
func (j rotationJobs) lastRun(file string, at fact.Position) aws.Answer[string] {
	if j.why != "" {
		return aws.NotKnown[string](j.why, at)
	}
	return aws.Declared(stamp(j.state[file]), at)
}

// anyOf reports whether one of some files is there.
func (m *machine) anyOf(names ...string) bool {
	for _, name := range names {
		if _, err := fs.Stat(m.host.Files, name); err == nil {
			return true
		}
	}
	return false
}
