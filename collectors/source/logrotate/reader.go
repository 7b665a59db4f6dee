package logrotate

import (
	"sort"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// reader goes through one file. What a character means depends on where it stands:
// after an error logrotate looks for the end of the stanza by lines, and only a brace
// at the beginning of one ends it.
type reader struct {
	l         *loader
	name, dir string
	data      []byte
	at        int
	begins    []int // offsets of lines
	defaults  *Settings
	stanza    *Stanza // nil outside of one

	comment, script, ended, failed, skip bool
	errors                               bool
	why                                  *Problem // of what failed
	abort                                bool
	scripted                             *Problem // a script that has not ended
}

// run reads to the end; false if the file has an error.
func (r *reader) run() bool {
	for ; r.at < len(r.data); r.at++ {
		r.step()
		if r.abort && r.l.ghost == nil {
			r.rest()
			return false
		}
		if r.abort { // what is not in force is read for its names only
			r.abort, r.stanza, r.comment = false, nil, true
			if r.at < len(r.data) && r.data[r.at] == '\n' {
				r.comment = false
			}
		}
	}
	if r.scripted != nil {
		r.l.note(*r.scripted)
		if r.stanza != nil {
			r.drop(r.scripted)
		}
		return false
	}
	if r.stanza != nil {
		r.problem(len(r.data), MissingBrace, Nothing, "the stanza does not end, and counts as far as it was read")
	}
	return !r.errors
}

// rest reads what is left after an error that ends the file.
func (r *reader) rest() {
	end := r.at
	for end < len(r.data) && r.data[end] != '\n' {
		end++
	}
	why := *r.why
	left := &reader{l: r.l, name: r.name, dir: r.dir, data: r.data, at: min(end+1, len(r.data)), begins: r.begins}
	set := *r.defaults
	left.defaults = &set
	r.l.haunt(why, func() { left.run() })
}

func (r *reader) pos(at int) fact.Position {
	if r.begins == nil {
		r.begins = []int{0}
		for i, c := range r.data {
			if c == '\n' {
				r.begins = append(r.begins, i+1)
			}
		}
	}
	at = min(at, len(r.data))
	line := sort.SearchInts(r.begins, at+1)
	return fact.Position{Source: r.name, Line: line, Column: at - r.begins[line-1] + 1}
}

func (r *reader) problem(at int, code Code, effect Effect, detail string) *Problem {
	return r.l.note(Problem{Pos: r.pos(at), Code: code, Detail: detail, Effect: effect})
}

// raise gives up the stanza, or outside of one the rest of the file.
func (r *reader) raise(at int, code Code, detail string) {
	if r.stanza == nil {
		r.stop(at, code, detail)
		return
	}
	r.why = r.problem(at, code, LosesBlock, detail)
	r.failed = true
}

// stop gives up the rest of the file, with the stanza that is being read.
func (r *reader) stop(at int, code Code, detail string) {
	r.why = r.problem(at, code, LosesRest, detail)
	r.abort = true
	if r.stanza != nil {
		r.drop(r.why)
	}
}

// drop takes away the last stanza.
func (r *reader) drop(why *Problem) {
	list := r.l.config.Stanzas
	if len(list) == 0 {
		return
	}
	last := list[len(list)-1]
	r.l.config.Stanzas = list[:len(list)-1]
	for _, log := range last.Logs {
		delete(r.l.logs, log.Path)
	}
	last.Skipped = why
	r.l.config.Skipped = append(r.l.config.Skipped, last)
}

// set is what a directive changes.
func (r *reader) set() *Settings {
	if r.stanza != nil {
		return &r.stanza.Settings
	}
	return r.defaults
}

func (r *reader) step() {
	c := r.data[r.at]
	switch {
	case r.failed:
		r.errors = true
		r.failed, r.skip = false, true
	case r.comment:
		r.comment = c != '\n'
	case r.script:
		switch word := r.word(); {
		case word == "endscript":
			r.script, r.scripted = false, nil
		case r.at < len(r.data) && r.data[r.at] != '\n':
			r.comment = true
		}
	case r.ended:
		switch {
		case blank(c):
		case c == '\n':
			r.ended = false
		default:
			r.problem(r.at, AfterBrace, LosesLine, "text after the brace")
			r.ended, r.comment = false, true
		}
	case r.skip && c == '}':
		r.skip, r.stanza = false, nil
		r.drop(r.why)
	case r.skip:
		if word := r.word(); scripts(word) {
			r.script = true
		} else if r.at < len(r.data) && r.data[r.at] != '\n' {
			r.comment = true
		}
	case blank(c), c == '\n':
	case c == '#':
		r.comment = true
	case alpha(c):
		r.keyword()
	case c == '/' || c == '"' || c == '\'' || c == '~':
		r.names()
	case c == '}':
		r.close()
	default:
		r.raise(r.at, BadLine, "a line begins with a word or a name")
	}
}

func scripts(word string) bool {
	switch word {
	case "prerotate", "postrotate", "firstaction", "lastaction", "preremove":
		return true
	}
	return false
}

// word takes letters after blanks, and stops behind them.
func (r *reader) word() string {
	for r.at < len(r.data) && blank(r.data[r.at]) {
		r.at++
	}
	begin := r.at
	for r.at < len(r.data) && alpha(r.data[r.at]) {
		r.at++
	}
	return string(r.data[begin:r.at])
}

// line takes the rest of the line without the space at its end, and stops before what
// ends it.
func (r *reader) line() string {
	begin, end := r.at, r.at
	for end < len(r.data) && r.data[end] != '\n' {
		end++
	}
	r.at = end - 1
	if end < len(r.data) {
		for end >= 0 && space(r.data[end]) && (r.l.variant.Version < 22 || end >= begin) {
			end--
		}
		end++
	}
	if end < begin {
		if end = begin; r.l.variant.Version < 22 {
			end = len(r.data) // 3.21 takes all that follows
		}
	}
	text := string(r.data[begin:end])
	if i := strings.IndexByte(text, 0); i >= 0 {
		text = text[:i]
	}
	return text
}

// value takes an argument, which may follow an equals sign; false if there is none.
func (r *reader) value() (string, bool) {
	at := r.at
	for at < len(r.data) && blank(r.data[at]) {
		at++
	}
	if at < len(r.data) && r.data[at] == '=' {
		at++
		for at < len(r.data) && blank(r.data[at]) {
			at++
		}
	}
	if at < len(r.data) && r.data[at] == '\n' {
		return "", false
	}
	r.at = at
	return r.line(), true
}
