package logrotate

import (
	"slices"
	"strings"
)

// flags are the words that take nothing.
func flags(word string) func(*Settings) {
	switch word {
	case "compress":
		return func(s *Settings) { s.Compress = true }
	case "nocompress":
		return func(s *Settings) { s.Compress = false }
	case "delaycompress":
		return func(s *Settings) { s.Delay = true }
	case "nodelaycompress":
		return func(s *Settings) { s.Delay = false }
	case "shred":
		return func(s *Settings) { s.Shred = true }
	case "noshred":
		return func(s *Settings) { s.Shred = false }
	case "allowhardlink":
		return func(s *Settings) { s.AllowHardlink = true }
	case "noallowhardlink":
		return func(s *Settings) { s.AllowHardlink = false }
	case "sharedscripts":
		return func(s *Settings) { s.SharedScripts = true }
	case "nosharedscripts":
		return func(s *Settings) { s.SharedScripts = false }
	case "copytruncate":
		return func(s *Settings) { s.CopyTruncate, s.RenameCopy = true, false }
	case "nocopytruncate":
		return func(s *Settings) { s.CopyTruncate = false }
	case "renamecopy":
		return func(s *Settings) { s.RenameCopy, s.CopyTruncate = true, false }
	case "norenamecopy":
		return func(s *Settings) { s.RenameCopy = false }
	case "copy":
		return func(s *Settings) { s.Copy = true }
	case "nocopy":
		return func(s *Settings) { s.Copy = false }
	case "ifempty":
		return func(s *Settings) { s.IfEmpty = true }
	case "notifempty":
		return func(s *Settings) { s.IfEmpty = false }
	case "dateext":
		return func(s *Settings) { s.DateExt = true }
	case "nodateext":
		return func(s *Settings) { s.DateExt = false }
	case "noolddir":
		return func(s *Settings) { s.OldDir = "" }
	case "nocreate":
		return func(s *Settings) { s.Create = false }
	case "nocreateolddir":
		return func(s *Settings) { s.CreateOldDir = false }
	case "missingok":
		return func(s *Settings) { s.MissingOK = true }
	case "nomissingok":
		return func(s *Settings) { s.MissingOK = false }
	case "ignoreduplicates":
		return func(s *Settings) { s.IgnoreDuplicates = true }
	case "nomail":
		return func(s *Settings) { s.Mail = "" }
	case "hourly", "yearly":
		return func(s *Settings) { s.Criterion = word }
	case "daily":
		return func(s *Settings) { s.Criterion, s.Threshold = word, 1 }
	case "dateyesterday", "datehourago", "mailfirst", "maillast":
		return func(*Settings) {} // names and addressees
	}
	return nil
}

// mark notes where a setting comes from.
func (b *By) mark(word string, d *Directive) {
	switch word {
	case "hourly", "daily", "weekly", "monthly", "yearly", "minutes", "size":
		b.Criterion = d
	case "rotate":
		b.Rotate = d
	case "maxage":
		b.MaxAge = d
	case "minage":
		b.MinAge = d
	case "minsize":
		b.MinSize = d
	case "maxsize":
		b.MaxSize = d
	case "ifempty", "notifempty":
		b.Empty = d
	case "dateext", "nodateext":
		b.DateExt = d
	case "dateformat":
		b.DateFormat = d
	case "copy", "nocopy", "copytruncate", "nocopytruncate", "renamecopy", "norenamecopy":
		b.Copy = d
	case "create", "nocreate":
		b.Create = d
	case "su":
		b.Su = d
	}
}

// keyword carries out a word.
func (r *reader) keyword() {
	begin := r.at
	word := r.word()
	if r.at == len(r.data) && r.l.variant.Version < 22 || r.at < len(r.data) && !space(r.data[r.at]) && r.data[r.at] != '=' {
		r.raise(r.at, NotSeparated, "no space after "+word)
		return
	}
	set := r.set()
	if f := flags(word); f != nil {
		f(set)
		set.By.mark(word, &Directive{r.pos(begin), word})
		return
	}
	if scripts(word) {
		set.Scripts = with(set.Scripts, word)
		r.script = true
		r.scripted = &Problem{Pos: r.pos(begin), Code: NoEndscript, Detail: word + " without endscript", Effect: LosesRest}
		return
	}
	text, known := r.argument(word, set, begin)
	if known {
		set.By.mark(word, &Directive{r.pos(begin), strings.TrimSpace(word + " " + text)})
		return
	}
	switch {
	case word == "errors":
		r.problem(begin, DeprecatedWord, Nothing, "errors is no longer used")
	case r.newer(word):
		set.By.mark(word, &Directive{r.pos(begin), word})
	default:
		r.problem(begin, UnknownWord, LosesLine, "the word "+word+" is not known")
		r.comment = r.at < len(r.data) && r.data[r.at] != '\n'
	}
}

// newer carries out words without an argument that depend on the version.
func (r *reader) newer(word string) bool {
	switch v := r.l.variant.Version; word {
	case "monthly":
		r.set().Criterion = word
		return true
	case "nodateyesterday", "nodatehourago":
		return v >= 23
	}
	return false
}

func with(list []string, word string) []string {
	if slices.Contains(list, word) {
		return list
	}
	out := append(slices.Clone(list), word)
	slices.Sort(out)
	return out
}
