package dockerfile

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
)

var (
	known = []string{"add", "arg", "cmd", "copy", "entrypoint", "env", "expose", "from", "healthcheck", "label", "maintainer", "onbuild",
		"run", "shell", "stopsignal", "user", "volume", "workdir"}
	heredocs = []string{"add", "copy", "run"}
)

// instruction reads the logical line at hand.
func (p *parser) instruction() {
	l := &p.line
	name, _ := l.word(0, p.escape)
	cmd := strings.ToLower(string(l.text[name.from:name.to]))
	switch {
	case cmd == "from":
		p.stage(name)
		return
	case p.instructions == nil && cmd != "arg":
		p.Fail(l.offset(0), "an instruction stands before the first FROM", "only ARG may stand there", "")
		return
	}
	into := p.args
	if p.instructions != nil {
		into = p.instructions
	}
	n := p.parse(name)
	if n != nil {
		into.Elems = append(into.Elems, n)
	}
}

// parse makes the node of the instruction whose name stands at a word.
func (p *parser) parse(name word) *node.Node {
	l := &p.line
	cmd := strings.ToLower(string(l.text[name.from:name.to]))
	if !slices.Contains(known, cmd) {
		p.Warn(l.offset(name.from), "not an instruction of Dockerfiles", "", "")
		return p.Opaque("the instruction is not known", l.offset(name.from), l.end(len(l.text)))
	}
	m := p.members(l.offset(name.from), l.end(len(l.text)))
	p.put(&m, "cmd", cmd, name)
	at := p.flags(&m, name.to)
	switch cmd {
	case "env", "label", "arg":
		p.pairs(&m, cmd, at)
	case "onbuild":
		p.trigger(&m, at)
	case "healthcheck":
		p.healthcheck(&m, at)
	case "run", "cmd", "entrypoint", "shell":
		p.command(&m, at)
	case "user", "workdir", "maintainer", "stopsignal":
		p.add(&m, "value", p.rest(at))
	default:
		list := p.exec(at)
		if list == nil || cmd == "expose" {
			list = p.list(l.words(at, p.escape), at)
		}
		p.add(&m, "value", list)
	}
	if slices.Contains(heredocs, cmd) {
		p.add(&m, "heredocs", p.heredocs(at, m.Node))
	}
	return m.Node
}

// put adds a text that stands at a word.
func (p *parser) put(m *text.Members, name, value string, at word) {
	p.add(m, name, p.String(value, p.line.offset(at.from), p.line.end(at.to)))
}

func (p *parser) add(m *text.Members, name string, v *node.Node) {
	m.Add(node.Key{Name: name, Line: v.Line, Column: v.Column}, v)
}

// array is an empty array at a place.
func (p *parser) array(at int) *node.Node {
	at = min(at, len(p.line.text))
	return p.Node(node.Array, p.line.end(at), p.line.end(at))
}

// list makes an array of words as they are written.
func (p *parser) list(words []word, at int) *node.Node {
	list := p.array(at)
	for _, w := range words {
		if p.Failed() {
			break // too many values
		}
		list.Elems = append(list.Elems, p.String(string(p.line.text[w.from:w.to]), p.line.offset(w.from), p.line.end(w.to)))
	}
	span(list)
	return list
}

// rest makes an array of all that is left as one text.
func (p *parser) rest(at int) *node.Node {
	at = p.line.skip(at)
	if at >= len(p.line.text) {
		return p.array(at)
	}
	return p.list([]word{{at, len(p.line.text)}}, at)
}

// flags reads the words "--name=value" and returns where they end.
func (p *parser) flags(m *text.Members, at int) int {
	list := p.array(at)
	for {
		w, ok := p.line.word(at, p.escape)
		flag := string(p.line.text[w.from:w.to])
		if !ok || !strings.HasPrefix(flag, "--") || flag == "--" || p.Failed() {
			break
		}
		name, value, _ := strings.Cut(flag[2:], "=")
		f := p.members(p.line.offset(w.from), p.line.end(w.to))
		p.put(&f, "name", name, word{w.from + 2, w.from + 2 + len(name)})
		from := min(w.from+3+len(name), w.to)
		p.put(&f, "value", unquote([]byte(value), p.escape), word{from, w.to})
		list.Elems = append(list.Elems, f.Node)
		at = w.to
	}
	span(list)
	p.add(m, "flags", list)
	return at
}

// command reads the exec or the shell form.
func (p *parser) command(m *text.Members, at int) {
	at = p.line.skip(at)
	form, list := "exec", p.exec(at)
	if list == nil {
		form, list = "shell", p.rest(at)
	}
	here := p.Text(node.String, form, 0, 0)
	here.Line, here.Column, here.EndLine, here.EndColumn = list.Line, list.Column, list.EndLine, list.EndColumn
	p.add(m, "form", here)
	p.add(m, "value", list)
}

// exec reads a JSON array of strings; nil if what is left is none.
func (p *parser) exec(at int) *node.Node {
	l := &p.line
	at = l.skip(at)
	var values []string
	if at >= len(l.text) || l.text[at] != '[' || json.Unmarshal(l.text[at:], &values) != nil {
		return nil
	}
	list := p.Node(node.Array, l.offset(at), l.end(len(l.text)))
	for i := at; i < len(l.text) && len(list.Elems) < len(values) && !p.Failed(); i++ {
		if l.text[i] == 'n' {
			return nil // null, which decoding takes for a string
		}
		if l.text[i] != '"' {
			continue
		}
		from := i
		for i++; i < len(l.text) && l.text[i] != '"'; i++ {
			if l.text[i] == '\\' {
				i++
			}
		}
		list.Elems = append(list.Elems, p.String(values[len(list.Elems)], l.offset(from), l.end(min(i+1, len(l.text)))))
	}
	return list
}
