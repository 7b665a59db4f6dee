package logs

import (
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// member is what a name says of a file's place in its family.
type member struct {
	family string // name of the file that is written
	packed string // "gz", "xz", …, "" if it is not
	number int    // of app.log.3, -1 for none
	date   int    // of app.log-20261122, as 20261122; 0 for none
	infix  bool   // app-20261122.log, app.3.log
}

func (m member) rotated() bool { return m.number >= 0 || m.date > 0 || m.packed != "" }

// memberOf tells the family of a name: what is left without ".gz" and the like, and
// without a number or a date, at its end or before its extension.
func memberOf(name string) member {
	m := member{family: name, number: -1}
	base := name
	for _, ext := range []string{".gz", ".xz", ".zst", ".bz2", ".lz4", ".Z"} {
		if rest, ok := strings.CutSuffix(base, ext); ok && rest != "" {
			base, m.packed = rest, ext[1:]
			break
		}
	}
	m.family = base
	if rest, ok := strings.CutSuffix(base, ".old"); ok && rest != "" {
		m.family, m.number = rest, 1
		return m
	}
	if m.turned(base, "") {
		return m
	}
	for _, ext := range []string{".log", ".json", ".txt", ".csv"} {
		if rest, ok := strings.CutSuffix(base, ext); ok && m.turned(rest, ext) {
			m.infix = true
			return m
		}
	}
	return m
}

// turned takes a number or a date off the end of a name.
func (m *member) turned(base, ext string) bool {
	end := len(base)
	for end > 0 && base[end-1] >= '0' && base[end-1] <= '9' {
		end--
	}
	digits := base[end:]
	if end > 1 && base[end-1] == '.' && len(digits) >= 1 && len(digits) <= 4 && (len(digits) == 1 || digits[0] != '0') {
		m.family, m.number = base[:end-1]+ext, atoi(digits)
		return true
	}
	cut, date := dateAt(base)
	if date == 0 {
		return false
	}
	m.family, m.date = base[:cut]+ext, date
	return true
}

// dateAt finds a date at the end of a name, behind "-", "_" or ".": 20261122,
// 2026112203, 20261122-030000, 2026-11-22, 2026-11-22_030000. cut is where it begins.
func dateAt(base string) (cut, date int) {
	for at := 1; at < len(base); at++ {
		if strings.IndexByte("-_.", base[at]) < 0 || at+9 > len(base) {
			continue
		}
		rest := base[at+1:]
		compact := rest
		if len(rest) >= 10 && rest[4] == '-' && rest[7] == '-' {
			compact = rest[:4] + rest[5:7] + rest[8:10] + rest[10:]
		}
		if len(compact) < 8 || !allDigits(compact[:8]) || !timeOfDay(compact[8:]) {
			continue
		}
		d := atoi(compact[:8])
		if year, month, day := d/10000, d/100%100, d%100; year >= 1990 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 && day <= 31 {
			return at, d
		}
	}
	return 0, 0
}

// timeOfDay reports whether what follows a date is an hour, a time or nothing.
func timeOfDay(s string) bool {
	s = strings.TrimLeft(s, "-_.T")
	return len(s) <= 10 && allDigits(strings.NewReplacer("-", "", "_", "", ":", "").Replace(s))
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func atoi(s string) int {
	n := 0
	for _, c := range []byte(s) {
		n = n*10 + int(c-'0')
	}
	return n
}

// families puts the files of a folder, which are sorted, into their stores.
func (l *look) families(in openFolder, files []logFile, all bool) {
	there := make(map[string]bool, len(files))
	for i := range files {
		there[files[i].name] = true
	}
	groups := map[string][]*logFile{}
	for i := range files {
		f := &files[i]
		if f.infix && f.date == 0 && !there[f.family] {
			f.member = member{family: f.name, number: -1} // Xorg.0.log was never rotated
		}
		groups[f.family] = append(groups[f.family], f)
	}
	for _, name := range fact.SortedKeys(groups) {
		group := groups[name]
		at := path.Join(in.name, name)
		s := l.storeOf(at, group, in.name)
		if s == nil {
			if !all {
				continue
			}
			s = l.unruled("/" + safe(at))
		}
		l.rotatedUnknown(s, group)
		v := l.sightOf(s, fact.Position{Source: "/" + safe(at)})
		for _, f := range group {
			v.add(f, f.name == name)
		}
		v.date(l.oldest(in, group))
	}
}

// storeOf is the store that configuration makes of a family: one whose path is that of
// the file that is written or of a member, or whose pattern is one of them.
func (l *look) storeOf(at string, group []*logFile, dir string) *store {
	if s := l.byID["/"+at]; s != nil {
		return s
	}
	if s := l.held["/"+at]; s != nil {
		return s
	}
	for _, f := range group {
		if s := l.byID["/"+path.Join(dir, f.name)]; s != nil {
			return s
		}
	}
	for _, where := range []string{dir, ""} {
		for _, s := range l.patterns[where] {
			if matches(s.id, "/"+at) {
				return s
			}
			for _, f := range group {
				if matches(s.id, "/"+path.Join(dir, f.name)) {
					return s
				}
			}
		}
	}
	return nil
}

// patternsOf are the stores whose name is a pattern, by the folder where the files are
// that it names; by "" where that is a pattern too.
func patternsOf(stores []*store) map[string][]*store {
	out := map[string][]*store{}
	for _, s := range stores {
		if s.typ != "file" && s.typ != "container" || !strings.HasPrefix(s.id, "/") || !strings.ContainsAny(s.id, "*?[%$") {
			continue
		}
		dir := strings.TrimPrefix(path.Dir(s.id), "/")
		if strings.ContainsAny(dir, "*?[%$") {
			dir = ""
		}
		out[dir] = append(out[dir], s)
	}
	return out
}

// matches reports whether a file is one of a pattern: of a shell, or with what a program
// puts in the place of %Y, %HOSTNAME% or ${HOST}.
func matches(pattern, name string) bool {
	ok, err := path.Match(shellPattern(pattern), name)
	return ok && err == nil
}

// shellPattern turns what is replaced in a name into "*".
func shellPattern(p string) string {
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		switch {
		case p[i] == '%':
			// %NAME:option% of rsyslog, else a letter of strftime.
			if end := strings.IndexAny(p[i+1:], "%/"); end > 1 && p[i+1+end] == '%' && p[i+1] >= '$' {
				i += end + 1
			} else {
				i++
			}
			b.WriteByte('*')
		case p[i] == '$' && i+1 < len(p) && p[i+1] == '{':
			end := strings.IndexByte(p[i:], '}')
			if end < 0 {
				return b.String() + "*"
			}
			i += end
			b.WriteByte('*')
		default:
			b.WriteByte(p[i])
		}
	}
	return b.String()
}

// unruled adds a store of files that no configuration names.
func (l *look) unruled(id string) *store {
	if s := l.byID[id]; s != nil {
		return s // two names that read alike
	}
	at := fact.Position{Source: id}
	s := l.add(id, "file", "", at)
	s.basis = "observed"
	s.key = aws.NotKnown[string]("the disks of the host decide", at)
	s.encrypted = aws.NotKnown[string]("the disks of the host decide", at)
	return s
}

// rotatedUnknown says of a store that nothing is known to rotate that something may:
// where there are rotated files among its own, or where not all configuration was read.
func (l *look) rotatedUnknown(s *store, group []*logFile) {
	if s.typ != "file" || s.rotation != nil || s.bound != "" || !s.most.Default || s.most.Value != fact.Unbounded || !s.most.Known() {
		return
	}
	why := ""
	if l.incomplete {
		why = "not all that may rotate it could be read"
	}
	for _, f := range group {
		if f.rotated() {
			why = "it was rotated by something whose configuration is not known"
		}
	}
	if why != "" {
		s.rotationUnknown = why
		s.least, s.most, s.conditions = aws.NotKnown[int](why, s.at), aws.NotKnown[int](why, s.at), aws.NotKnown[[]string](why, s.at)
	}
}
