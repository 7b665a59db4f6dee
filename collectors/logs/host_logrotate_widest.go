package logs

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/logrotate"
	"github.com/writ-policy/writ/engine/fact"
)

// widest is the interval that holds whatever version runs.
type widest struct {
	least, most int
	bound       string
	conditions  []string
	period      float64
	by          []directive
	opaque      string
}

func (w *widest) take(i logrotate.Interval) {
	w.least = min(w.least, i.Least)
	if i.Most > w.most || i.Most == w.most && i.Bound != "time" {
		w.most, w.bound = i.Most, i.Bound
	}
	w.period = max(w.period, i.Period)
	w.opaque = cmp.Or(w.opaque, i.Opaque)
	for _, c := range i.Conditions {
		if !slices.Contains(w.conditions, c) {
			w.conditions = append(w.conditions, c)
		}
	}
	slices.Sort(w.conditions)
	for _, d := range i.By {
		one := directive{d.Pos, d.Text}
		one.at.Column, one.at.EndLine = 0, 0
		if !slices.Contains(w.by, one) {
			w.by = append(w.by, one)
		}
	}
	if w.by == nil {
		w.by = []directive{} // defaults decide
	}
}

// never says that nothing rotates the file: all that is written stays.
func (w *widest) never(s *logrotate.Stanza) {
	w.most, w.bound, w.period = fact.Unbounded, "none", fact.Unbounded
	if s != nil && s.Skipped != nil {
		w.by = append(w.by, directive{fact.Position{Source: s.Skipped.Pos.Source, Line: s.Skipped.Pos.Line}, ""})
	}
	if w.by == nil {
		w.by = []directive{}
	}
	slices.SortFunc(w.by, func(a, b directive) int { return cmp.Compare(a.at.String(), b.at.String()) })
	w.by = slices.Compact(w.by)
}

// createMode is the mode that a new log gets, "" where no rule says.
func createMode(v verdict) string {
	set := &v.stanza.Settings
	if !set.Create || set.Copy || set.CopyTruncate || set.CreateMode < 0 {
		return ""
	}
	return fmt.Sprintf("%04o", set.CreateMode&0o7777)
}

// owned is what the file system says of a file.
type owned struct {
	uid, gid uint32
	links    uint64
}

func ownerOf(info fs.FileInfo) (owned, bool) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return owned{s.Uid, s.Gid, uint64(s.Nlink)}, true
	}
	return owned{}, false
}

// rootUser and rootGroup are those that stand for root: of a saved tree, whom its top
// belongs to.
func (m *machine) rootUser() uint32  { return m.top().uid }
func (m *machine) rootGroup() uint32 { return m.top().gid }

func (m *machine) top() owned {
	if m.host.Live {
		return owned{}
	}
	info, err := fs.Stat(m.host.Files, ".")
	if err != nil {
		return owned{}
	}
	o, _ := ownerOf(info)
	return o
}

func (m *machine) logrotateHost() logrotate.Host {
	find := func(file, database string) func(string) (bool, bool) {
		names, complete := m.accountNames(file, database)
		return func(name string) (exists, known bool) { return names[name], names[name] || complete }
	}
	return logrotate.Host{
		Files: m.host.Files, Root: m.rootUser(), Home: "/root",
		User: find("etc/passwd", "passwd"), Group: find("etc/group", "group"),
	}
}

// accountNames are the names and numbers of a file of accounts; complete says that there
// are no others: nsswitch.conf names no further source.
func (m *machine) accountNames(file, database string) (names map[string]bool, complete bool) {
	names = map[string]bool{"root": true, "0": true}
	data, err := collectors.ReadFile(m.host.Files, file, 8<<20)
	if err != nil {
		return names, false
	}
	for line := range strings.Lines(string(data)) {
		if parts := strings.SplitN(line, ":", 4); len(parts) == 4 {
			names[parts[0]], names[parts[2]] = true, true
		}
		if strings.HasPrefix(line, "+") {
			return names, false
		}
	}
	data, err = collectors.ReadFile(m.host.Files, "etc/nsswitch.conf", 1<<20)
	if err != nil {
		return names, true // of glibc, files alone
	}
	for line := range strings.Lines(string(data)) {
		line, _, _ = strings.Cut(line, "#")
		key, list, ok := strings.Cut(line, ":")
		if !ok || strings.TrimSpace(key) != database {
			continue
		}
		for _, word := range strings.Fields(list) {
			if word != "files" && word != "compat" {
				return names, false
			}
		}
	}
	return names, true
}
