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
	"github.com/writ-policy/writ/collectors/source/systemd"
	"github.com/writ-policy/writ/engine/fact"
)

// journals reads journald: its own configuration and that of each namespace
// (journald.conf(5)). The machine has a journal where journald or its configuration
// is installed.
func (m *machine) journals(context.Context) {
	installed := false
	for _, name := range []string{"usr/lib/systemd/systemd-journald", "lib/systemd/systemd-journald", "etc/systemd/journald.conf", "usr/lib/systemd/journald.conf"} {
		_, err := fs.Stat(m.host.Files, name)
		installed = installed || err == nil
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			m.miss("/%s: %v", name, err)
		}
	}
	if !installed {
		return
	}
	m.journal("journal", "journald.conf")
	for _, folder := range []string{"etc/systemd", "run/systemd", "usr/local/lib/systemd", "usr/lib/systemd"} {
		entries, err := fs.ReadDir(m.host.Files, folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			m.miss("/%s: %v", folder, err)
		}
		for _, e := range entries {
			name := strings.TrimSuffix(e.Name(), ".d")
			if ns, ok := strings.CutPrefix(strings.TrimSuffix(name, ".conf"), "journald@"); ok && strings.HasSuffix(name, ".conf") && m.byID["journal/"+ns] == nil {
				m.journal("journal/"+ns, name)
			}
		}
	}
}

// fileMonth is the default of MaxFileSec in microseconds: one month of 30.44 days.
const fileMonth = 2_629_800 * 1_000_000

// journal adds one. Whole files are deleted: one goes when its first record is older
// than MaxRetentionSec, and holds records of at most MaxFileSec; the file that is
// written to never goes (journal-vacuum.c). So with R and S the oldest record is at
// most max(R, S) old, and of those younger than R - S none is gone.
func (m *machine) journal(id, name string) {
	config, files := systemd.Config(m.host.Files, "systemd/"+name)
	m.note(files...)
	at := config.Pos
	if at.IsZero() {
		at = fact.Position{Source: "/etc/systemd/" + name, Line: 1}
		m.docs = append(m.docs, at.Source)
	}
	s := m.add(id, "journal", "journald", at)
	s.key = aws.NotKnown[string]("the disks of the host decide", at)
	s.encrypted = aws.NotKnown[string]("the disks of the host decide", at)
	s.name = aws.Declared(strings.TrimPrefix(strings.TrimPrefix(id, "journal"), "/"), at)
	j := journalSettings{config: config}
	keep, rotate := j.span("MaxRetentionSec", 0), j.span("MaxFileSec", fileMonth)
	s.least, s.most = aws.Default(0, at), aws.Default(fact.Unbounded, at)
	s.bound = "size"
	if keep.Value > 0 && keep.Value < systemd.Infinity {
		s.bound = "time"
		s.least = aws.Declared(int(max(keep.Value, rotate.Value)-rotate.Value)/systemdDay, keep.Pos)
		s.most = aws.Declared(days(max(keep.Value, rotate.Value)), keep.Pos)
		if rotate.Value == 0 { // no file ends by its age
			s.least, s.most, s.bound = aws.Declared(0, keep.Pos), aws.Declared(fact.Unbounded, rotate.Pos), "size"
		}
	}
	s.by = j.by
	s.conditions = aws.Default([]string{}, at)
	s.rotation = &rotation{
		at: at, rule: name, effective: aws.Default(true, at), period: aws.Default(float64(rotate.Value)/microDay, rotate.Pos), enabled: aws.Default(true, at),
		lastRun: aws.NotKnown[string]("journald notes no time of its rotations", at),
	}
	if rotate.Value == 0 {
		s.rotation.period = aws.Default(float64(fact.Unbounded), rotate.Pos)
	}
	if keep.Reason != "" || rotate.Reason != "" {
		why := keep.Reason + rotate.Reason
		s.bound, s.least, s.most = "", aws.NotKnown[int](why, at), aws.NotKnown[int](why, at)
		s.rotation.period = aws.NotKnown[float64](why, at)
	}
	m.keepsJournal(s, j, path.Join("var/log/journal"))
	sealed := j.truth("Seal", true)
	s.sealed = aws.NotKnown[bool]("whether a sealing key was made is not looked at", sealed.Pos)
	if sealed.Known() && !sealed.Value {
		s.sealed = sealed
	}
}

const (
	microDay   = 24 * 60 * 60 * 1_000_000
	systemdDay = microDay
)

// days rounds a span up: a record may be that old.
func days(micro uint64) int { return int((micro + microDay - 1) / microDay) }

// keepsJournal says where records stand: on the disk, or until the next start.
func (m *machine) keepsJournal(s *store, j journalSettings, folder string) {
	storage := j.text("Storage", "auto", "volatile", "persistent", "auto", "none")
	_, err := fs.Stat(m.host.Files, folder)
	switch {
	case !storage.Known():
		s.volatile = aws.NotKnown[bool](storage.Reason, storage.Pos)
	case storage.Value == "none":
		s.least, s.most, s.bound, s.by = aws.Declared(0, storage.Pos), aws.Declared(0, storage.Pos), "", j.by
		s.volatile = aws.Declared(true, storage.Pos)
	case storage.Value == "volatile":
		s.volatile = aws.Declared(true, storage.Pos)
	case storage.Value == "persistent":
		s.volatile = aws.Declared(false, storage.Pos)
	case err == nil:
		s.volatile = aws.Default(false, storage.Pos)
	case errors.Is(err, fs.ErrNotExist):
		s.volatile = aws.Default(true, storage.Pos)
	default:
		s.volatile = aws.NotKnown[bool](fmt.Sprintf("/%s: %v", folder, err), storage.Pos)
	}
}

// journalSettings reads the values of a [Journal] section. One that journald refuses
// leaves what stood before it; the last that it takes counts.
type journalSettings struct {
	config *systemd.Unit
	by     []directive
}

// last is the last value that ok takes; false if there is none.
func (j *journalSettings) last(key string, ok func(string) bool) (systemd.Setting, bool) {
	var found systemd.Setting
	is := false
	for _, s := range j.config.Settings {
		if s.Section != "Journal" || s.Key != key {
			continue
		}
		if s.Value == "" {
			is = false // back to the default
		} else if ok(s.Value) {
			found, is = s, true
		}
	}
	if is && slices.Contains([]string{"MaxRetentionSec", "MaxFileSec", "Storage"}, key) {
		j.by = append(j.by, directive{found.Pos, key + "=" + found.Value})
	}
	return found, is
}

func (j *journalSettings) span(key string, otherwise uint64) aws.Answer[uint64] {
	if j.config.Reason != "" {
		return aws.NotKnown[uint64](j.config.Reason, j.config.Pos)
	}
	s, ok := j.last(key, func(v string) bool { _, ok := systemd.TimeSpan(v); return ok })
	if !ok {
		return aws.Default(otherwise, j.config.Pos)
	}
	n, _ := systemd.TimeSpan(s.Value)
	return aws.Declared(n, s.Pos)
}

func (j *journalSettings) truth(key string, otherwise bool) aws.Answer[bool] {
	if j.config.Reason != "" {
		return aws.NotKnown[bool](j.config.Reason, j.config.Pos)
	}
	s, ok := j.last(key, func(v string) bool { _, ok := systemd.Bool(v); return ok })
	if !ok {
		return aws.Default(otherwise, j.config.Pos)
	}
	v, _ := systemd.Bool(s.Value)
	return aws.Declared(v, s.Pos)
}

func (j *journalSettings) text(key, otherwise string, known ...string) aws.Answer[string] {
	if j.config.Reason != "" {
		return aws.NotKnown[string](j.config.Reason, j.config.Pos)
	}
	s, ok := j.last(key, func(v string) bool { return slices.Contains(known, v) })
	if !ok {
		return aws.Default(otherwise, j.config.Pos)
	}
	return aws.Declared(s.Value, s.Pos)
}
