// Package ini reads INI files: sections of keys and values. There is no standard;
// what a line means depends on the program. The name of the file says which is
// known ([dialect]); for any other, what the programs would read in different ways
// is opaque, and says so.
//
// The document is an object: keys before the first section are its members, and so
// is each section, an object. A section that stands twice is one. Every value is a
// string, without a pair of quotes around all of it where the dialect has those; a
// key that stands several times is an array of its values, and opaque where the
// program is not known. Names are kept as written. Comments are lines that begin with "#" or ";".
//
// A file with a zero byte is no text, and refused.
//
//	              key: value   inline comment   long values          quotes   key alone   expands
//	my.cnf        no           #                no                   yes      true        no
//	php.ini       no           ;                no                   yes      opaque      ${x}
//	systemd       no           none             backslash            kept     opaque      no
//	configparser  yes          none             deeper indentation   kept     opaque      %(x)s
//	any other     yes          opaque           opaque               yes      opaque      either is opaque
//
// A file that my.cnf includes is not read: "!include" and "!includedir" are opaque
// members.
package ini

import (
	"bytes"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

// Read reads an INI file: one document, or none and an error.
func Read(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
	f, ok := text.Open(source, data)
	if !ok {
		return nil, f.Diagnostics
	}
	if Binary(data) {
		f.Fail(bytes.IndexByte(data, 0), "the file is binary", "it holds a zero byte", "")
		return nil, f.Diagnostics
	}
	root := &text.Members{Node: f.Node(node.Object, f.Start(), len(data))}
	p := &parser{File: f, dialect: dialectOf(source), root: root, section: root, sections: map[string]*text.Members{}}
	for at := f.Start(); at < len(data) && !f.Failed(); {
		end := f.LineEnd(at)
		p.line(at, end)
		at = end + 1
	}
	p.flush()
	return f.Documents(root.Node)
}

// Binary reports whether a file is no text, whatever its name says. One in UTF-16 is,
// and refused as such.
func Binary(data []byte) bool {
	return bytes.IndexByte(data, 0) >= 0 && !bytes.HasPrefix(data, []byte("\xff\xfe")) && !bytes.HasPrefix(data, []byte("\xfe\xff"))
}

type parser struct {
	*text.File
	dialect
	root, section *text.Members
	sections      map[string]*text.Members
	// last is the entry that a line may go on with; nil after a section.
	last *entry
	// doubt is why the next entry may be part of the one before it.
	doubt string
}

// entry is a key with its value while lines may follow.
type entry struct {
	name       string
	key        int // offset
	indent     int
	start, end int // of the value
	parts      []string
	joined     string // between parts, a line break if empty
	alone      bool   // without a separator
	goesOn     bool   // after a backslash
	doubt      string
}

func (p *parser) line(at, end int) {
	line := p.Data[at:end]
	body := bytes.TrimRight(line, " \t\r\v\f")
	indent := len(body) - len(bytes.TrimLeft(body, " \t\v\f"))
	body = body[indent:]
	start := at + indent
	switch {
	case p.last != nil && p.last.goesOn:
		p.goOn(string(body), start)
	case len(body) == 0:
		if p.last != nil && p.indented {
			p.last.parts = append(p.last.parts, "")
		}
	case body[0] == '#' || body[0] == ';':
	case p.last != nil && indent > p.last.indent && p.indented:
		p.last.add(string(body), start+len(body))
	case p.last != nil && indent > p.last.indent && p.loose:
		p.deeper(string(body), start, indent)
	case body[0] == '[':
		p.header(body, start)
	default:
		p.entry(string(body), start, indent)
	}
}

// goOn takes the line after a backslash. Comments between are passed over.
func (p *parser) goOn(body string, start int) {
	if strings.HasPrefix(body, "#") || strings.HasPrefix(body, ";") {
		return
	}
	rest, more := strings.CutSuffix(body, `\`)
	p.last.goesOn = more
	p.last.joined = " "
	if rest = strings.TrimSpace(rest); rest != "" {
		p.last.add(rest, start+len(body))
	}
}

// deeper takes an indented line of an unknown dialect: to some programs it goes on
// with the value above, to others it is a line like any.
func (p *parser) deeper(body string, start, indent int) {
	const reason = "a line below is indented: to some programs it goes on with the value, to others it is a key of its own"
	if body[0] != '[' && strings.IndexAny(body, "=:") < 0 && !p.last.alone {
		p.last.add(body, start+len(body))
		return
	}
	p.last.doubt = reason
	above := p.last.indent
	if body[0] == '[' {
		p.header([]byte(body), start)
		return
	}
	p.doubt = "the line is indented: to some programs it goes on with the value above, to others it is a key of its own"
	p.entry(body, start, indent)
	p.last.indent = above
}

func (e *entry) add(part string, end int) {
	e.parts = append(e.parts, part)
	e.end = end
}

// header opens a section.
func (p *parser) header(body []byte, start int) {
	p.flush()
	p.last, p.doubt = nil, ""
	end := bytes.LastIndexByte(body, ']')
	if comment := bytes.IndexAny(body, "#;"); comment >= 0 {
		if before := bytes.LastIndexByte(body[:comment], ']'); before >= 0 && len(bytes.TrimSpace(body[before+1:comment])) == 0 {
			end = before
			body = body[:before+1]
		}
	}
	if end != len(body)-1 {
		p.Fail(start, "the header of a section does not end", "", `a section begins with a line "[name]"`)
		return
	}
	inside := string(body[1:end])
	name := text.Name(strings.TrimSpace(inside))
	if s := p.sections[name]; s != nil {
		p.section = s
		p.End(s.Node, start+end+1)
		return
	}
	p.section = &text.Members{Node: p.Node(node.Object, start, start+end+1)}
	p.sections[name] = p.section
	at := start + 1 + len(inside) - len(strings.TrimLeft(inside, " \t\v\f"))
	p.root.Once(p.File, p.Key(name, at), p.section.Node, at)
}
