package logs

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/installed"
	"github.com/writ-policy/writ/collectors/source/logrotate"
	"github.com/writ-policy/writ/engine/fact"
)

// logrotates reads logrotate's configuration: a store for each file that a stanza
// names, and for each pattern that names none. Where the version is not known, or a
// locale may change an order, all that it may do is looked at, and the widest interval
// counts.
func (m *machine) logrotates(ctx context.Context) {
	const main = "etc/logrotate.conf"
	if _, err := fs.Stat(m.host.Files, main); errors.Is(err, fs.ErrNotExist) {
		return
	}
	jobs := m.rotationJobs()
	r := &rotations{m: m, jobs: jobs, at: map[string][]verdict{}}
	versions, older, newer := m.logrotateVersions()
	host := m.logrotateHost()
	var problems []logrotate.Problem
	for _, v := range versions {
		for _, locale := range []bool{false, true} {
			if ctx.Err() != nil {
				return
			}
			variant := logrotate.Variant{Version: v, Locale: locale}
			c := logrotate.Load(host, main, variant)
			if older && len(c.Problems) > 0 {
				c.Opaque = cmp.Or(c.Opaque, "what a logrotate older than 3.21 does after a mistake in its configuration is not known")
			}
			if newer && slices.ContainsFunc(c.Problems, func(p logrotate.Problem) bool { return p.Code == logrotate.UnknownWord }) {
				c.Opaque = cmp.Or(c.Opaque, "a word that is not known may be one of a newer logrotate")
			}
			r.take(c, variant)
			problems = c.Problems
			if len(r.variants) == 1 {
				m.note(c.Files...)
			}
		}
	}
	for _, p := range problems {
		if p.Code == logrotate.TooDeep || p.Code == logrotate.CannotBeRead || p.Code == logrotate.TooLarge {
			m.miss("logrotate: %s (%s)", p.Detail, p.Pos)
		}
	}
	r.stores()
}

// logrotateVersions are those that may be installed, as minor numbers; older says that
// it is one before 3.21, newer that it is one whose words may not all be known.
func (m *machine) logrotateVersions() (versions []int, older, newer bool) {
	const program = "/usr/sbin/logrotate"
	owners, _ := installed.Owners(m.host.Files, []string{program})
	version := owners[program].Version
	if _, rest, ok := strings.Cut(version, ":"); ok {
		version = rest // behind the epoch
	}
	minor, ok := strings.CutPrefix(version, "3.")
	minor = minor[:len(minor)-len(strings.TrimLeft(minor, "0123456789"))]
	switch n := atoi(minor); {
	case !ok || minor == "" || len(minor) > 4:
		return []int{21, 22, 23}, false, ok && len(minor) > 4
	case n < 21:
		return []int{21}, true, false
	default:
		return []int{min(n, 23)}, false, n > 23
	}
}

// rotations gathers what is found of each file.
type rotations struct {
	m        *machine
	jobs     rotationJobs
	variants []logrotate.Variant
	order    []string
	at       map[string][]verdict // path → one of each variant at most
	opaque   string
}

// verdict is what one variant does with a file.
type verdict struct {
	variant int // index
	stanza  *logrotate.Stanza
	log     logrotate.Log
	reasons []string // why it is not rotated
}

// take adds what a variant makes of the configuration. What is in force comes first: a
// stanza that is skipped says something of files only that no other has.
func (r *rotations) take(c *logrotate.Config, v logrotate.Variant) {
	index := len(r.variants)
	r.variants = append(r.variants, v)
	r.opaque = cmp.Or(r.opaque, c.Opaque)
	have := map[string]bool{}
	put := func(s *logrotate.Stanza, log logrotate.Log, reasons []string) {
		id := path.Clean(log.Path)
		if have[id] {
			return
		}
		have[id] = true
		if r.at[id] == nil {
			r.order = append(r.order, id)
		}
		r.at[id] = append(r.at[id], verdict{index, s, log, reasons})
	}
	for _, s := range c.Stanzas {
		for _, log := range s.Logs {
			put(s, log, r.refused(s, log))
		}
	}
	for _, s := range c.Skipped {
		for _, log := range s.Logs {
			if log.Exists || s.Skipped.Code != logrotate.IgnoredName {
				put(s, log, []string{string(s.Skipped.Code) + ": " + s.Skipped.Detail + " (" + s.Skipped.Pos.String() + ")"})
			}
		}
	}
}

// refused says why logrotate leaves a file alone when it comes to it.
func (r *rotations) refused(s *logrotate.Stanza, log logrotate.Log) []string {
	files := r.m.host.Files
	var out []string
	name := strings.TrimPrefix(path.Clean(log.Path), "/")
	if info, err := fs.Stat(files, path.Dir(name)); err == nil && !s.Settings.Su {
		switch owned, known := ownerOf(info); {
		case info.Mode().Perm()&0o002 != 0:
			out = append(out, "unsafe_folder: everybody may write to /"+path.Dir(name)+", and there is no su")
		case info.Mode().Perm()&0o020 != 0 && known && owned.gid != r.m.rootGroup():
			out = append(out, "unsafe_folder: a group may write to /"+path.Dir(name)+", and there is no su")
		}
	}
	if info, err := files.Lstat(name); err == nil {
		owned, known := ownerOf(info)
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			out = append(out, "link: the file is a symbolic link")
		case known && owned.links > 1 && !s.Settings.AllowHardlink:
			out = append(out, "hard_link: the file has several names, and there is no allowhardlink")
		case !info.Mode().IsRegular():
			out = append(out, "not_regular: it is not a regular file")
		}
	}
	return out
}

// stores adds a store for each file.
func (r *rotations) stores() {
	for _, id := range r.order {
		if s := r.m.byID[id]; s != nil {
			continue // a reader before this has it
		}
		r.store(id, r.at[id])
	}
	if r.opaque != "" {
		r.m.miss("logrotate: %s", r.opaque)
	}
}

func (r *rotations) store(id string, all []verdict) {
	first := all[0]
	at := first.stanza.Pos
	s := r.m.add(id, "file", "logrotate", at)
	s.name = aws.Declared(path.Base(id), at)
	s.key = aws.NotKnown[string]("the disks of the host decide", at)
	s.encrypted = aws.NotKnown[string]("the disks of the host decide", at)
	w := &widest{least: fact.Unbounded, bound: "time"}
	effective, create := map[bool]bool{}, map[string]bool{}
	var reasons []string
	for _, v := range all {
		effective[len(v.reasons) == 0] = true
		for _, why := range v.reasons {
			if !slices.Contains(reasons, why) {
				reasons = append(reasons, why)
			}
		}
		if len(v.reasons) > 0 {
			w.never(v.stanza)
			create[""] = true
			continue
		}
		w.take(v.stanza.Interval(r.variants[v.variant], r.jobs.every.Value))
		create[createMode(v)] = true
	}
	if len(all) < len(r.variants) { // the others know no stanza of it
		effective[false] = true
		w.never(nil)
		create[""] = true
	}
	slices.Sort(reasons)
	s.rotation = &rotation{at: at, rule: first.log.Pattern, effective: aws.Declared(effective[true], at), reasons: reasons, enabled: r.jobs.enabled, lastRun: r.jobs.lastRun(id, at)}
	s.rotation.period = aws.Declared(w.period, at)
	s.by, s.bound = w.by, w.bound
	s.least, s.most = aws.Declared(w.least, at), aws.Declared(w.most, at)
	s.conditions = aws.Declared(w.conditions, at)
	why := cmp.Or(r.opaque, w.opaque)
	if why == "" && !r.jobs.every.Known() && effective[true] {
		why = r.jobs.every.Reason
	}
	if len(effective) > 1 {
		s.rotation.effective = aws.NotKnown[bool](cmp.Or(why, "versions of logrotate differ in whether they rotate it"), at)
		s.rotation.reasons = nil
	}
	if why != "" {
		s.least, s.most, s.conditions = aws.NotKnown[int](why, at), aws.NotKnown[int](why, at), aws.NotKnown[[]string](why, at)
		s.rotation.period = aws.NotKnown[float64](why, at)
		if cmp.Or(r.opaque, w.opaque) != "" {
			s.rotation.effective, s.rotation.reasons = aws.NotKnown[bool](why, at), nil
		}
	}
	if !first.log.Exists {
		return
	}
	later := aws.NotKnown[string]("nobody looked at the file", at)
	s.access = &access{at: at, mode: later, owner: later, group: later}
	for mode := range create {
		s.access.createMode = aws.Declared(mode, at)
	}
	if len(create) > 1 {
		s.access.createMode = aws.NotKnown[string]("versions of logrotate differ in it", at)
	}
}
