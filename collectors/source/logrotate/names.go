package logrotate

import (
	"io/fs"
	"path"
	"strings"
)

// names begins a stanza.
func (r *reader) names() {
	if r.stanza != nil {
		r.why = r.problem(r.at, NestedName, LosesBlock, "a name inside a stanza")
		r.failed = true
		return
	}
	begin := r.at
	s := &Stanza{Pos: r.pos(begin), Settings: *r.defaults}
	r.stanza = s
	r.l.config.Stanzas = append(r.l.config.Stanzas, s)
	text, code := r.namesText()
	s.Pattern = text
	switch code {
	case ExtraBrace:
		r.stop(r.at, code, "a closing brace before an opening one")
		return
	case NoBrace:
		r.stop(begin, code, "no opening brace after the names")
		return
	}
	if s.Pos.EndLine = r.pos(r.at).Line; r.l.variant.Version >= 22 {
		s.Pattern = strings.TrimRight(text, " \t\n\v\f\r")
	}
	list, ok := words(text)
	if !ok {
		r.stop(begin, BadNames, "the names cannot be read")
		return
	}
	s.Names = list
	for _, name := range list {
		if len(name) > 2048 && r.l.variant.Version >= 22 {
			r.problem(begin, LongName, LosesName, "a name of more than 2048 bytes")
			r.errors = true
			continue
		}
		r.expand(s, name, begin)
	}
}

// namesText takes the text up to the opening brace, without comments.
func (r *reader) namesText() (string, Code) {
	var text strings.Builder
	fresh, comment := true, false
	for ; r.at < len(r.data) && r.data[r.at] != 0; r.at++ {
		c := r.data[r.at]
		if !fresh && c == '\n' {
			fresh, comment = true, false
		} else if fresh && c == '#' {
			fresh, comment = false, true
		} else if fresh && !space(c) {
			fresh = false
		}
		switch {
		case comment:
			continue
		case c == '}':
			return text.String(), ExtraBrace
		case c == '{':
			return text.String(), ""
		}
		text.WriteByte(c)
	}
	return text.String(), NoBrace
}

// expand adds the logs that a name means. One that another stanza has ends it.
func (r *reader) expand(s *Stanza, name string, at int) {
	if strings.ContainsRune(name, '\\') || !strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "~/") {
		s.Opaque = "which files " + name + " names is not read"
	}
	paths, err := r.l.glob(name, r.dir)
	if err != nil {
		s.Opaque = "which files " + name + " names is not known: " + err.Error()
		return
	}
	for _, p := range paths {
		info, err := fs.Lstat(r.l.host.Files, below(absolute(r.dir, p)))
		if err == nil && info.IsDir() {
			continue
		}
		if r.l.spend(1) {
			s.Opaque = "the names mean too many files"
			r.l.opaque("the names of stanzas mean too many files")
			return
		}
		if first := r.l.logs[p]; first != nil {
			if first.Settings.IgnoreDuplicates {
				continue
			}
			r.problem(at, Duplicate, LosesName, p+" has a stanza already ("+first.Pos.String()+")")
			r.errors = true
			return
		}
		r.l.logs[p] = s
		s.Logs = append(s.Logs, Log{Path: p, Pattern: name, Exists: err == nil})
	}
}

// close ends a stanza.
func (r *reader) close() {
	if r.stanza == nil {
		r.stop(r.at, ExtraBrace, "a closing brace without a stanza")
		return
	}
	if r.stanza.Settings.OldDir != "" && !r.oldDir() {
		return
	}
	r.stanza, r.ended = nil, true
}

// oldDir checks that the folder for old logs is there; where it is not, the rest of the
// file is lost.
func (r *reader) oldDir() bool {
	set := &r.stanza.Settings
	for _, log := range r.stanza.Logs {
		dir := path.Dir(log.Path)
		home, err := fs.Stat(r.l.host.Files, below(dir))
		if err != nil && set.MissingOK {
			continue
		}
		if err != nil {
			r.stop(r.at, NoFolder, "the folder "+dir+" is not there")
			return false
		}
		old := r.l.home(set.OldDir)
		if !strings.HasPrefix(old, "/") {
			old = dir + "/" + old
		}
		info, err := fs.Stat(r.l.host.Files, below(old))
		if err != nil {
			if set.CreateOldDir {
				continue
			}
			r.stop(r.at, NoFolder, "the folder "+old+" for old logs is not there")
			return false
		}
		a, _ := device(home)
		if b, known := device(info); known && a != b && !set.Copy && !set.CopyTruncate && !set.RenameCopy {
			r.stop(r.at, DifferentDevice, old+" is on another device than the log")
			return false
		}
	}
	return true
}
