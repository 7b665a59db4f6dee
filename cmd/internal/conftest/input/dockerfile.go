package input

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// instruction is one instruction, or a comment before one, in the shape that BuildKit's
// syntax tree has in conftest.
type instruction struct {
	cmd, sub string
	flags    []string
	json     bool
	value    []string
	stage    int
	line     int // where it begins
}

// dockerfile reads line by line.
type dockerfile struct {
	lines    []string
	escape   byte
	comments []string // since the last instruction
	noted    []int    // their lines
	stages   int
	list     []instruction
}

// parseDockerfile makes one list of instructions, in another list, so that it stays
// one document. The reader with places is collectors/source/dockerfile; this one keeps
// comments and the words as written.
func parseDockerfile(b *builder, _ string, data []byte) (*ast.Term, error) {
	text := strings.TrimPrefix(string(data), "\ufeff")
	d := &dockerfile{lines: strings.SplitAfter(text, "\n"), escape: '\\'}
	if err := d.read(); err != nil {
		return nil, fmt.Errorf("parse dockerfile: %w", err)
	}
	terms := make([]*ast.Term, len(d.list))
	for i, in := range d.list {
		members := map[string]any{
			"Cmd": in.cmd, "SubCmd": in.sub, "JSON": in.json, "Flags": nil, "Value": nil, "Stage": in.stage,
		}
		if in.flags != nil {
			members["Flags"] = in.flags
		}
		if in.value != nil {
			members["Value"] = in.value
		}
		t, err := b.value(members)
		if err != nil {
			return nil, err
		}
		terms[i] = t
	}
	return ast.ArrayTerm(ast.ArrayTerm(terms...)), nil
}

func (d *dockerfile) read() error {
	continued := regexp.MustCompile(`(^|[^\\])\\[ \t]*$`)
	directives := true
	for n := 0; n < len(d.lines); {
		start := n + 1
		line := strings.TrimLeft(strings.TrimRight(d.lines[n], "\r\n"), " \t\v\f\r")
		n++
		if comment, ok := strings.CutPrefix(line, "#"); ok {
			if directives {
				name, value, ok := directive(comment)
				if ok && name == "escape" {
					if value != "`" && value != `\` {
						return fmt.Errorf("line %d: invalid escape token '%s' does not match ` or \\", start, value)
					}
					d.escape = value[0]
					q := regexp.QuoteMeta(value)
					continued = regexp.MustCompile(`(^|[^` + q + `])` + q + `[ \t]*$`)
				}
				if ok {
					continue
				}
			}
			directives = false
			if comment = strings.TrimSpace(comment); comment == "" {
				d.comments, d.noted = nil, nil
			} else {
				d.comments, d.noted = append(d.comments, comment), append(d.noted, start)
			}
			continue
		}
		if strings.TrimSpace(line) == "" {
			directives = directives && line != ""
			continue
		}
		directives = false
		var whole strings.Builder
		for {
			if !continued.MatchString(line) {
				whole.WriteString(line)
				break
			}
			whole.WriteString(continued.ReplaceAllString(line, "$1"))
			for n < len(d.lines) && skipped(d.lines[n]) {
				n++
			}
			if n >= len(d.lines) {
				break
			}
			line = strings.TrimRight(d.lines[n], "\r\n")
			n++
		}
		in, err := d.instruction(whole.String())
		if err != nil {
			return fmt.Errorf("process dockerfile instructions: line %d: %w", start, err)
		}
		if n, err = d.heredocs(in, whole.String(), n); err != nil {
			return fmt.Errorf("line %d: %w", start, err)
		}
		in.line = start
		d.add(in)
	}
	if len(d.list) == 0 {
		return errors.New("file with no instructions")
	}
	return nil
}

// directive reads "name=value" behind "#" at the top of the file.
func directive(comment string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(comment, "=")
	name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
	return name, value, ok && value != "" && slices.Contains([]string{"escape", "syntax", "check"}, name)
}

// skipped says whether a line within a continued one is passed over.
func skipped(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#'
}

func (d *dockerfile) add(in *instruction) {
	if in.cmd == "from" {
		d.stages++
	}
	stage := max(0, d.stages-1)
	for i, comment := range d.comments {
		d.list = append(d.list, instruction{cmd: "comment", value: []string{comment}, stage: stage, line: d.noted[i]})
	}
	d.comments, d.noted = nil, nil
	in.stage = stage
	d.list = append(d.list, *in)
}

// instruction reads a logical line.
func (d *dockerfile) instruction(line string) (*instruction, error) {
	line = strings.TrimSpace(line)
	end := strings.IndexAny(line, " \t\v\f\r")
	if end < 0 {
		end = len(line)
	}
	in := &instruction{cmd: strings.ToLower(line[:end]), flags: []string{}}
	rest := strings.TrimLeft(line[end:], " \t\v\f\r")
	if end == len(line) {
		in.flags = nil
	} else {
		in.flags, rest = d.flags(rest)
	}
	rest = strings.TrimSpace(rest)
	var err error
	switch in.cmd {
	case "run", "cmd", "entrypoint", "shell", "add", "copy", "volume":
		var list []string
		if list, in.json, err = jsonList(rest); err != nil {
			return nil, err
		}
		switch {
		case in.json:
			in.value = list
		case rest == "":
		case slices.Contains([]string{"add", "copy", "volume"}, in.cmd):
			in.value = strings.FieldsFunc(rest, blank)
		default:
			in.value = []string{rest}
		}
	case "healthcheck":
		kind, command, _ := strings.Cut(rest, " ")
		var list []string
		if list, in.json, err = jsonList(command); err != nil {
			return nil, err
		}
		switch command = strings.TrimSpace(command); {
		case rest == "":
		case in.json:
			in.value = append([]string{kind}, list...)
		case command != "":
			in.value = []string{kind, command}
		default:
			in.value = []string{kind}
		}
	case "from", "expose":
		in.value = strings.FieldsFunc(rest, blank)
	case "arg":
		in.value = d.words(rest)
	case "env", "label":
		in.value, err = d.pairs(in.cmd, rest)
	case "maintainer", "stopsignal", "user", "workdir":
		if rest != "" {
			in.value = []string{rest}
		}
	case "onbuild":
		if rest == "" {
			return nil, errors.New("ONBUILD requires at least one argument")
		}
		inner, err := d.instruction(rest)
		if err != nil {
			return nil, err
		}
		in.sub, in.value, in.json = strings.Fields(rest)[0], inner.value, inner.json
	default:
		return nil, fmt.Errorf("unknown instruction: %s", line[:end])
	}
	if len(in.value) == 0 {
		in.value = nil
	}
	return in, err
}

func blank(c rune) bool { return strings.ContainsRune(" \t\v\f\r", c) }

// pairs reads name=value words, or the old form "name the rest of the line", as name,
// value and sign.
func (d *dockerfile) pairs(cmd, rest string) ([]string, error) {
	words := d.words(rest)
	if len(words) == 0 {
		return nil, nil
	}
	if !strings.Contains(words[0], "=") {
		i := strings.IndexFunc(rest, blank)
		if i < 0 {
			return nil, fmt.Errorf("%s must have two arguments", strings.ToUpper(cmd))
		}
		return []string{rest[:i], strings.TrimLeftFunc(rest[i:], blank), ""}, nil
	}
	var list []string
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		if !ok {
			return nil, fmt.Errorf("can't find = in %q: must be of the form name=value", w)
		}
		list = append(list, name, value, "=")
	}
	return list, nil
}

// jsonList reads the exec form; false if the text is none.
func jsonList(rest string) ([]string, bool, error) {
	if !strings.HasPrefix(strings.TrimSpace(rest), "[") {
		return nil, false, nil
	}
	t, err := fastJSON(&builder{keys: map[string]*ast.Term{}}, rest)
	if err != nil {
		return nil, false, nil
	}
	list := []string{}
	for _, e := range documentsOf(t) {
		s, ok := e.Value.(ast.String)
		if !ok {
			return nil, false, errors.New("when using JSON array syntax, arrays must be comprised of strings only")
		}
		list = append(list, string(s))
	}
	return list, true, nil
}

func documentsOf(t *ast.Term) []*ast.Term {
	a, ok := t.Value.(*ast.Array)
	if !ok {
		return nil
	}
	terms := make([]*ast.Term, a.Len())
	for i := range terms {
		terms[i] = a.Elem(i)
	}
	return terms
}
