// Package auditd reads auditd.conf as auditd does (auditd.conf(5), src/auditd-config.c of
// audit-userspace): one "name = value" a line, apart by blanks and nothing else, names and
// words without case, a comment on a line of its own. auditd does not start with a file
// that it refuses, so a file of which it refuses one line says nothing at all.
package auditd

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Setting is a value and where it stands.
type Setting struct {
	Name, Value, Option string
	Pos                 fact.Position
}

// Config is a file that was read.
type Config struct {
	settings map[string]Setting
	// Refused says why auditd does not start with the file, "" if it does; At is the
	// line.
	Refused string
	At      fact.Position
}

// Longest is how long a line may be for every version: longer ones are passed over by
// some.
const longest = 158

// Get returns the last setting of a name, and whether there is one.
func (c *Config) Get(name string) (Setting, bool) {
	s, ok := c.settings[name]
	return s, ok
}

// Parse reads a file.
func Parse(source string, data []byte) *Config {
	c := &Config{settings: map[string]Setting{}, At: fact.Position{Source: source, Line: 1}}
	line := 0
	for text := range strings.Lines(string(data)) {
		line++
		at := fact.Position{Source: source, Line: line, Column: 1, EndLine: line}
		if why := c.line(strings.TrimRight(text, "\n"), at); why != "" {
			c.Refused, c.At = why, at
			return c
		}
	}
	return c
}

// line reads one, and says why auditd refuses it.
func (c *Config) line(text string, at fact.Position) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' })
	if len(words) == 0 || words[0][0] == '#' {
		return ""
	}
	if len(text) > longest {
		return "the line is longer than some versions of auditd read"
	}
	if len(words) < 2 || words[1] != "=" {
		return `there is no "=" between blanks`
	}
	if len(words) < 3 {
		return "there is no value"
	}
	name := strings.ToLower(words[0])
	option, known := keywords()[name]
	if !known {
		return "auditd knows no such name"
	}
	s := Setting{Name: name, Value: words[2], Pos: at}
	if len(words) > 3 {
		if !option {
			return name + " takes one word"
		}
		s.Option = words[3]
	}
	if why := refused(s); why != "" {
		return why
	}
	c.settings[name] = s
	return ""
}

// refused says why auditd refuses a value of those names that are read here.
func refused(s Setting) string {
	words, enumerated := enumerations()[s.Name]
	if enumerated {
		for _, w := range words {
			if strings.EqualFold(w, s.Value) {
				return ""
			}
		}
		return fmt.Sprintf("%s is none of %s", s.Name, strings.Join(words, ", "))
	}
	switch s.Name {
	case "num_logs":
		if n, err := strconv.ParseUint(s.Value, 10, 64); err != nil || n > 999 || s.Value[0] == '+' {
			return "num_logs is no number up to 999"
		}
	case "max_log_file":
		if _, err := strconv.ParseUint(s.Value, 10, 64); err != nil || s.Value[0] == '+' {
			return "max_log_file is no number"
		}
	case "log_file":
		if !strings.HasPrefix(s.Value, "/") {
			return "log_file is no absolute path"
		}
	}
	return ""
}
