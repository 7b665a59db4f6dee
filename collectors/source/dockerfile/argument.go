package dockerfile

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
)

// stage begins a stage.
func (p *parser) stage(name word) {
	p.endStage()
	l := &p.line
	m := p.members(l.offset(name.from), l.end(len(l.text)))
	var flags text.Members
	flags.Node = p.Node(node.Object, l.offset(name.from), l.end(name.to))
	at := p.flags(&flags, name.to)
	words := l.words(at, p.escape)
	if len(words) != 1 && (len(words) != 3 || !strings.EqualFold(string(l.text[words[1].from:words[1].to]), "as")) {
		p.Fail(l.offset(name.from), "FROM takes an image, or an image, AS and a name", "", "")
		return
	}
	p.put(&m, "image", string(l.text[words[0].from:words[0].to]), words[0])
	called, at3 := "", words[0]
	if len(words) == 3 {
		at3 = words[2]
		called = string(l.text[at3.from:at3.to])
	}
	p.put(&m, "name", called, at3)
	platform := p.String("", l.offset(name.from), l.end(name.to))
	for _, f := range flags.Elems[0].Elems {
		if f.Get("name").Text != "platform" {
			p.Fail(l.offset(name.from), "FROM takes the flag --platform only", "", "")
			return
		}
		platform = f.Get("value")
	}
	p.add(&m, "platform", platform)
	p.instructions = p.array(len(l.text))
	p.add(&m, "instructions", p.instructions)
	p.stages.Elems = append(p.stages.Elems, m.Node)
}

// pairs reads the names and values of ENV, LABEL and ARG.
func (p *parser) pairs(m *text.Members, cmd string, at int) {
	l := &p.line
	list := p.array(at)
	words := l.words(at, p.escape)
	if len(words) == 0 {
		p.Fail(l.offset(0), "a name is expected", "", "")
		return
	}
	first := l.text[words[0].from:words[0].to]
	old := cmd != "arg" && !bytes.Contains(first, []byte("="))
	if old { // ENV name the rest of the line
		words = words[:1]
	}
	for _, w := range words {
		if p.Failed() {
			return // too many values
		}
		equals := bytes.IndexByte(l.text[w.from:w.to], '=')
		pair := p.members(l.offset(w.from), l.end(w.to))
		switch {
		case old:
			from := l.skip(w.to)
			p.End(pair.Node, l.end(len(l.text)))
			p.put(&pair, "name", unquote(first, p.escape), w)
			p.put(&pair, "value", unquote(l.text[from:], p.escape), word{from, len(l.text)})
		case equals < 0 && cmd == "arg":
			p.put(&pair, "name", unquote(l.text[w.from:w.to], p.escape), w)
			p.add(&pair, "value", p.Opaque("it is given when the image is built", l.offset(w.from), l.end(w.to)))
		case equals < 0:
			p.Fail(l.offset(w.from), `"=" is expected after a name`, "", "")
			return
		default:
			p.put(&pair, "name", unquote(l.text[w.from:w.from+equals], p.escape), word{w.from, w.from + equals})
			p.put(&pair, "value", unquote(l.text[w.from+equals+1:w.to], p.escape), word{w.from + equals + 1, w.to})
		}
		list.Elems = append(list.Elems, pair.Node)
	}
	span(list)
	p.add(m, "pairs", list)
}

// trigger reads the instruction of an ONBUILD.
func (p *parser) trigger(m *text.Members, at int) {
	name, ok := p.line.word(at, p.escape)
	switch cmd := strings.ToLower(string(p.line.text[name.from:name.to])); {
	case !ok:
		p.Fail(p.line.offset(0), "ONBUILD takes an instruction", "", "")
	case cmd == "onbuild" || cmd == "from" || cmd == "maintainer":
		p.Fail(p.line.offset(name.from), "ONBUILD does not take this instruction", "", "")
	default:
		p.add(m, "trigger", p.parse(name))
	}
}

// healthcheck reads NONE, or CMD and a command.
func (p *parser) healthcheck(m *text.Members, at int) {
	w, _ := p.line.word(at, p.escape)
	switch strings.ToLower(string(p.line.text[w.from:w.to])) {
	case "none":
		p.put(m, "form", "none", w)
		p.add(m, "value", p.array(w.to))
	case "cmd":
		p.command(m, w.to)
	default:
		p.Fail(p.line.offset(min(w.from, len(p.line.text))), "HEALTHCHECK takes NONE or CMD", "", "")
	}
}

var heredocWord = regexp.MustCompile(`^\d*<<(-?)([^<]*)$`)

// heredocs reads the here-documents that the words of the line announce; their text
// follows the line. The instruction reaches to their end.
func (p *parser) heredocs(at int, instruction *node.Node) *node.Node {
	list := p.array(at)
	l := &p.line
	for _, w := range l.words(at, p.escape) {
		found := heredocWord.FindSubmatch(l.text[w.from:w.to])
		if found == nil {
			continue
		}
		written := string(found[2])
		name := unquote(found[2], p.escape)
		if name == "" {
			continue
		}
		start := p.at
		content, ok := p.heredoc(name, len(found[1]) > 0)
		if !ok {
			p.Fail(l.offset(w.from), "the here-document does not end", "", "")
			return list
		}
		h := p.members(l.offset(w.from), l.end(w.to))
		p.put(&h, "name", name, w)
		expand := "true"
		if written != name {
			expand = "false"
		}
		p.add(&h, "expand", p.Text(node.Bool, expand, l.offset(w.from), l.end(w.to)))
		p.add(&h, "content", p.String(content, start, p.at-1))
		p.End(h.Node, p.at-1)
		p.End(instruction, min(p.at-1, len(p.Data)))
		list.Elems = append(list.Elems, h.Node)
	}
	span(list)
	return list
}

// heredoc reads lines up to one that is the name.
func (p *parser) heredoc(name string, tabs bool) (string, bool) {
	var b strings.Builder
	for p.at < len(p.Data) {
		end := p.LineEnd(p.at)
		line := string(bytes.TrimRight(p.Data[p.at:end], "\r"))
		p.at = end + 1
		if tabs {
			line = strings.TrimLeft(line, "\t")
		}
		if line == name {
			return b.String(), true
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return "", false
}
