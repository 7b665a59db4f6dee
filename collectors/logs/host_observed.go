package logs

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// observed looks at the files that stand on the disk. A family of files, the one that is
// written and those that it was rotated into, is what a store holds; one that no
// configuration names is a store of its own, which nothing is known to rotate. It comes
// after those who read configuration. No text of a record leaves it.
func (m *machine) seen(ctx context.Context) {
	l := &look{machine: m, ctx: ctx, visited: map[[2]uint64]bool{}, accounts: accountsOf(m.host.Files), zone: zoneOf(m.host.Files), sights: map[*store]*sight{}, heads: newHeads()}
	l.patterns = patternsOf(m.stores)
	l.incomplete = slices.ContainsFunc(m.missing, func(why string) bool { return strings.Contains(why, "logrotate") })
	configured := m.folders()
	l.walk("var/log", 0, true)
	for _, folder := range configured {
		l.walk(folder, 0, slices.Contains(m.roots, folder))
	}
	l.journals()
	for _, s := range l.order {
		l.sights[s].put(l, s)
	}
}

// folders are those, sorted, that configuration writes log files to, beside /var/log.
func (m *machine) folders() []string {
	found := slices.Clone(m.roots)
	for _, s := range m.stores {
		if s.typ == "file" && strings.HasPrefix(s.id, "/") {
			found = append(found, strings.TrimPrefix(path.Dir(path.Clean(s.id)), "/"))
		}
	}
	for file := range m.held {
		found = append(found, strings.TrimPrefix(path.Dir(file), "/"))
	}
	slices.Sort(found)
	found = slices.Compact(found)
	return slices.DeleteFunc(found, func(f string) bool {
		// A name with a pattern in a folder is found by walking what stands before it.
		return f == "" || strings.ContainsAny(f, "*?[%$") || f == "var/log" || strings.HasPrefix(f, "var/log/") || f == "dev" || strings.HasPrefix(f, "dev/") || strings.HasPrefix(f, "proc/")
	})
}

// sight is what is seen of one store while its families are gone through.
type sight struct {
	at                fact.Position
	files             int
	bytes             int64
	oldest            time.Time
	dated             string
	oldestWhy         string // why it is not known
	newest, last      time.Time
	since             time.Time
	mode              uint32
	uid, gid          uint32
	owned             bool
	compressed, empty bool
}

// sightOf is the sight of a store, a new one at first.
func (l *look) sightOf(s *store, at fact.Position) *sight {
	v := l.sights[s]
	if v == nil {
		v = &sight{at: at, empty: true}
		l.sights[s] = v
		l.order = append(l.order, s)
	}
	return v
}

// add takes a file into account. written says that records are written to it now.
func (v *sight) add(f *logFile, written bool) {
	v.files++
	v.bytes += f.size
	v.mode |= f.mode & 0o7777
	changed := f.changed()
	if v.since.IsZero() || changed.Before(v.since) {
		v.since = changed
	}
	if changed.After(v.last) {
		v.last = changed
	}
	if f.size > 0 {
		v.empty = false
		if changed.After(v.newest) {
			v.newest = changed
		}
	}
	if written || !v.owned {
		v.uid, v.gid, v.owned = f.uid, f.gid, true
	}
}

// date takes the oldest record of a family into account. One of which it is not known
// makes that of the store unknown.
func (v *sight) date(t time.Time, how, why string) {
	switch {
	case why != "":
		v.oldestWhy = why
	case how == "none":
	case v.oldest.IsZero() || t.Before(v.oldest):
		v.oldest, v.dated = t, how
	}
}

// ahead is how far a clock may run before ours until a time counts as one of the future.
// A record whose zone is not known may be that far off.
const ahead = 24 * time.Hour

// put writes what was seen into a store.
func (v *sight) put(l *look, s *store) {
	o := &observed{at: v.at, files: v.files, bytes: v.bytes, dated: v.dated}
	o.newest, o.lastWrite = l.notAhead(v.newest, v.at), l.notAhead(v.last, v.at)
	since := v.since
	switch {
	case v.oldestWhy != "":
		o.dated, o.oldest = "none", aws.NotKnown[time.Time](v.oldestWhy, v.at)
	case v.oldest.IsZero():
		o.dated, o.oldest = "none", aws.Declared(time.Time{}, v.at)
	default:
		o.oldest = l.notAhead(v.oldest, v.at)
		if v.oldest.Before(since) {
			since = v.oldest
		}
	}
	o.since = l.notAhead(since, v.at)
	if days := v.newest.Sub(v.oldest).Hours() / 24; v.oldestWhy == "" && !v.oldest.IsZero() && days >= 1 {
		o.perDay = float64(int64(float64(v.bytes) / days))
	}
	s.observed = o
	if s.access == nil && v.files > 0 {
		s.access = &access{at: v.at, createMode: aws.Default("", v.at)}
	}
	if s.access != nil && v.owned {
		s.access.mode = aws.Declared(fmt.Sprintf("%04o", v.mode), v.at)
		s.access.owner = aws.Declared(l.accounts.user(v.uid), v.at)
		s.access.group = aws.Declared(l.accounts.group(v.gid), v.at)
	}
}

// notAhead makes a time of the future one that is not known: an age computed from it
// would be less than none.
func (l *look) notAhead(t time.Time, at fact.Position) aws.Answer[time.Time] {
	if t.After(l.env.Now.Add(ahead)) {
		return aws.NotKnown[time.Time]("it is dated in the future", at)
	}
	return aws.Declared(t, at)
}
