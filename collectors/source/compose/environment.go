package compose

import (
	"path"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Variable is what a file gives a name. Reason says why the value is not known.
type Variable struct {
	Name, Text, Reason string
	Pos                fact.Position
}

// environment is where variables come from.
type environment struct {
	// over holds the variables of who includes: they win.
	over *environment
	vars map[string]Variable
	// unread says why there may be more variables, "" if there are none.
	unread string
}

func (e *environment) lookup(name string) (Variable, bool) {
	if e == nil {
		return Variable{}, false
	}
	if v, ok := e.over.lookup(name); ok {
		return v, true
	}
	v, ok := e.vars[name]
	if !ok && e.unread != "" {
		return Variable{Name: name, Reason: e.unread}, true
	}
	return v, ok
}

// environment reads files of variables, of which the later ones win; those of over
// win over all.
func (l *loader) environment(over *environment, names []string) *environment {
	e := &environment{over: over, vars: map[string]Variable{}}
	for _, name := range names {
		l.variables[name] = true
		data, err := l.read(name)
		if err != nil {
			e.unread = name + " cannot be read: " + err.Error()
			continue
		}
		vars, problem := parseVariables(name, string(data), e.lookup)
		if problem != "" {
			e.unread = name + ": " + problem
		}
		for _, v := range vars {
			e.vars[v.Name] = v
			l.learn(v.Name, v.Text)
		}
	}
	return e
}

// dotenv lists the .env of a folder, if it has one that is not left out of the
// source.
func (l *loader) dotenv(dir string) []string {
	name := path.Join(dir, ".env")
	if l.ignored[name] || !l.exists(name) {
		return nil
	}
	return []string{name}
}

// parseVariables reads a file of variables as the specification has it ("Env_file
// format"). The last of several variables of a name holds. A problem ends the file.
func parseVariables(source, text string, of lookup) (vars []Variable, problem string) {
	p := &variables{source: source, text: text, outer: of, own: map[string]Variable{}}
	size := 0
	for p.next() {
		v, problem := p.variable()
		if problem != "" {
			return vars, problem
		}
		if v.Name != "" {
			if size += len(v.Text); size > maxFilled {
				return vars, "its variables are longer than is read"
			}
			p.own[v.Name] = v
			vars = append(vars, v)
		}
	}
	return vars, ""
}

type variables struct {
	source, text string
	at           int
	outer        lookup
	own          map[string]Variable
}

func (p *variables) lookup(name string) (Variable, bool) {
	if v, ok := p.own[name]; ok {
		return v, true
	}
	return p.outer(name)
}

const blanks = " \t\v\f\r"

// next goes to the next name, over empty lines and comments.
func (p *variables) next() bool {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '#':
			p.line()
		case c == '\n' || strings.IndexByte(blanks, c) >= 0:
			p.at++
		default:
			return true
		}
	}
	return false
}

// line takes the rest of the line.
func (p *variables) line() string {
	line, _, _ := strings.Cut(p.text[p.at:], "\n")
	p.at += min(len(line)+1, len(p.text)-p.at)
	return line
}

func (p *variables) skip() {
	for p.at < len(p.text) && strings.IndexByte(blanks, p.text[p.at]) >= 0 {
		p.at++
	}
}

// variable reads NAME=value, NAME: value, or a name that stands alone, which sets
// nothing.
func (p *variables) variable() (Variable, string) {
	if rest, ok := strings.CutPrefix(p.text[p.at:], "export"); ok && rest != "" && strings.IndexByte(blanks, rest[0]) >= 0 {
		p.at += len("export")
		p.skip()
	}
	v := Variable{Pos: p.place()}
	end := strings.IndexAny(p.text[p.at:], "=:\n")
	if end < 0 {
		end = len(p.text) - p.at
	}
	v.Name = strings.TrimRight(p.text[p.at:p.at+end], blanks)
	for _, c := range v.Name {
		if c != '_' && c != '.' && c != '-' && c != '[' && c != ']' && (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c < 0x80 {
			return v, "a line is not NAME=value"
		}
	}
	p.at += end
	if p.at == len(p.text) || p.text[p.at] == '\n' {
		return Variable{}, ""
	}
	p.at++
	p.skip()
	v.Pos = p.place()
	problem := ""
	if p.at < len(p.text) && (p.text[p.at] == '"' || p.text[p.at] == '\'') {
		v.Text, v.Reason, problem = p.quoted()
	} else {
		v.Text, _, _ = strings.Cut(p.line(), " #")
		v.Text = strings.TrimRight(v.Text, blanks)
		v.Text, v.Reason = interpolate(v.Text, p.lookup)
	}
	if v.Name != "" && v.Name[0] >= '0' && v.Name[0] <= '9' {
		v.Name = "" // Compose passes it over
	}
	return v, problem
}

// place is where the reader stands.
func (p *variables) place() fact.Position {
	before := p.text[:p.at]
	line := strings.Count(before, "\n") + 1
	return fact.Position{Source: p.source, Line: line, Column: p.at - strings.LastIndexByte(before, '\n'), EndLine: line}
}

// escapes are what follows a backslash in double quotes.
var escapes = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r", `\t`, "\t", `\a`, "\a", `\b`, "\b", `\f`, "\f", `\v`, "\v", `\$`, "$$")

// quoted reads a value in quotes, which may go over several lines.
func (p *variables) quoted() (text, reason, problem string) {
	quote := p.text[p.at]
	p.at++
	var b strings.Builder
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '\\' && p.at+1 < len(p.text) && p.text[p.at+1] == quote:
			b.WriteByte(quote)
			p.at++
		case c == '\\' && p.at+1 < len(p.text):
			b.WriteString(p.text[p.at : p.at+2])
			p.at++
		case c == quote:
			p.at++
			if quote == '\'' {
				return b.String(), "", ""
			}
			text, reason = interpolate(escapes.Replace(b.String()), p.lookup)
			return text, reason, ""
		default:
			b.WriteByte(c)
		}
	}
	return "", "", "a quote does not end"
}
