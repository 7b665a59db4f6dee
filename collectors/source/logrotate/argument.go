package logrotate

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// argument carries out a word with its argument; false if there is no such word.
func (r *reader) argument(word string, set *Settings, begin int) (text string, known bool) {
	switch word {
	case "rotate":
		return r.count(word, begin, signed, -1, &set.Rotate), true
	case "start":
		return r.count(word, begin, unsigned, 0, &set.Start), true
	case "minage":
		return r.count(word, begin, unsigned, 0, &set.MinAge), true
	case "maxage":
		return r.count(word, begin, unsigned, 0, &set.MaxAge), true
	case "shredcycles":
		var cycles int32
		return r.count(word, begin, unsigned, 0, &cycles), true
	case "size", "minsize", "maxsize":
		return r.size(word, set, begin), true
	case "minutes":
		if r.l.variant.Version < 23 {
			return "", false
		}
		return r.minutes(set, begin), true
	case "weekly":
		set.Criterion = word
		return r.weekday(word, begin, 7, &set.Weekday), true
	case "monthly":
		if r.l.variant.Version < 23 {
			return "", false
		}
		set.Criterion = word
		return r.weekday(word, begin, 31, &set.Monthday), true
	case "dateformat":
		if text, known = r.value(); !known {
			r.problem(begin, NoArgument, LosesLine, word+" without a value")
		}
		set.DateFormat = text
		return text, true
	case "su":
		text = r.line()
		r.su(text, set, begin)
		return strings.TrimSpace(text), true
	case "create":
		text = r.line()
		if mode, ok := r.modeOwner(text, word, set.CreateMode, begin, nil, nil); ok {
			set.Create, set.CreateMode = true, mode
		}
		return strings.TrimSpace(text), true
	case "createolddir":
		text = r.line()
		if _, ok := r.modeOwner(text, word, -1, begin, nil, nil); ok {
			set.CreateOldDir = true
		}
		return text, true
	case "tabooext", "taboopat":
		r.taboo(word, begin)
		return "", true
	case "include":
		r.include(set, begin)
		return "", true
	case "extension", "addextension":
		if text, known = r.value(); !known {
			r.raise(begin, NoArgument, word+" without a value")
		}
		return text, true
	case "mail":
		set.Mail = ""
		if set.Mail, known = r.value(); !known {
			r.raise(begin, NoArgument, word+" without a value")
		} else if strings.ContainsFunc(set.Mail, func(c rune) bool { return c <= ' ' || c >= 0x7f }) {
			set.Mail = ""
			r.raise(begin, BadArgument, "the address of mail cannot be read")
		}
		return "", true
	case "olddir", "compresscmd", "uncompresscmd", "compressext":
		text = r.path(word, begin)
		if word == "olddir" {
			set.OldDir = text
		}
		return text, true
	case "compressoptions":
		text = r.line()
		if _, ok := words(text); !ok {
			r.raise(begin, BadArgument, "the options of compression cannot be read")
		}
		return text, true
	}
	return "", false
}

// count reads a whole number. What is read counts even where it is at fault: the stanza
// is then given up, unless it does not end.
func (r *reader) count(word string, begin int, read func(string) (int32, bool), least int32, to *int32) string {
	text, ok := r.value()
	if !ok {
		r.raise(begin, NoArgument, word+" without a number")
		return text
	}
	if *to, ok = read(text); !ok || *to < least {
		r.raise(begin, BadArgument, word+" with a bad number: "+shortened(text))
	}
	return text
}

func shortened(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}

func (r *reader) size(word string, set *Settings, begin int) string {
	text, ok := r.value()
	switch {
	case !ok:
		r.problem(begin, NoArgument, LosesLine, word+" without a size")
		return text
	case text == "":
		return text
	}
	n, unit, ok := bytes(text)
	switch {
	case unit:
		r.raise(begin, BadArgument, word+" with an unknown unit: "+shortened(text))
	case !ok:
		r.raise(begin, BadArgument, word+" with a bad size: "+shortened(text))
	case word == "size":
		set.Criterion, set.Threshold = word, n
	case word == "maxsize":
		set.MaxSize = n
	default:
		set.MinSize = n
	}
	return text
}

func (r *reader) minutes(set *Settings, begin int) string {
	text, ok := r.value()
	switch {
	case !ok:
		r.problem(begin, NoArgument, LosesLine, "minutes without a number")
		return text
	case text == "":
		return text
	}
	n, ok := unsigned(text)
	if !ok || n == 0 {
		r.raise(begin, BadArgument, "minutes with a bad number: "+shortened(text))
		return text
	}
	set.Criterion, set.Minutes = "minutes", uint32(n)
	return text
}

// weekday reads the day of weekly and monthly. A bad one ends the file.
func (r *reader) weekday(word string, begin int, most uint32, to *uint32) string {
	text := r.line()
	if text == "" {
		*to = 0
		return text
	}
	n, ok := day(text, most)
	if !ok {
		r.stop(begin, BadArgument, word+" with a bad day: "+shortened(text))
		return text
	}
	*to = n
	return text
}

// path reads a name that has no blanks.
func (r *reader) path(word string, begin int) string {
	text, ok := r.value()
	if !ok {
		r.raise(begin, NoArgument, word+" without a value")
		return ""
	}
	for rest := text; rest != ""; {
		c, n := utf8.DecodeRuneInString(rest)
		if !unicode.IsPrint(c) || c == ' ' || c == utf8.RuneError || c >= 0x80 && !r.l.variant.Locale {
			r.raise(begin, BadArgument, word+" with a bad path")
			return ""
		}
		rest = rest[n:]
	}
	return text
}

func (r *reader) include(set *Settings, begin int) {
	name, ok := r.value()
	if !ok {
		r.raise(begin, NoArgument, "include without a name")
		return
	}
	name = r.l.home(name)
	if r.l.depth >= maxNested {
		r.problem(begin, TooDeep, LosesLine, "files include each other too deeply")
		r.errors = true
		return
	}
	inside := r.stanza
	if name == "" {
		r.problem(begin, NotFound, LosesLine, "include of nothing")
		r.errors = true
		return
	}
	r.l.depth++
	ok = r.l.path(name, r.dir, set, r.pos(begin))
	r.l.depth--
	if !ok {
		r.errors = true
		if inside != nil {
			r.l.opaque("what logrotate does after an error in a file included by a stanza is not known (" + r.pos(begin).String() + ")")
		}
	}
}

func (r *reader) taboo(word string, begin int) {
	if r.stanza != nil {
		r.why = r.problem(begin, TabooInStanza, LosesBlock, word+" inside a stanza")
		r.failed = true
		return
	}
	text, ok := r.value()
	if !ok {
		r.problem(begin, NoArgument, LosesLine, word+" without a value")
		return
	}
	list := slices.Clone(r.l.taboo)
	more, add := strings.CutPrefix(text, "+")
	if !add {
		list = nil
	}
	for _, p := range strings.FieldsFunc(more, func(c rune) bool { return c == ',' || c < 0x80 && space(byte(c)) }) {
		if word == "tabooext" {
			p = "*" + p
		}
		list = append(list, p)
	}
	r.l.taboo = list
}
