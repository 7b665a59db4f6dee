// Package xml reads XML as configuration.
//
// The document is an object with one member, the root element. An element without
// attributes and without elements in it is a string, "" if it is empty. Any other
// is an object: attributes are members named "-name", elements members by their
// names, several of one name an array, and text, if there is any, the member
// "#content". This is what conftest makes of XML, but for names, which keep their
// prefix here ("soap:Body"). As there, whether there may be several elements of a
// name cannot be seen in one, and the order of elements with different names is
// lost. Everything is a string. White space around text is not part of it. Comments
// and processing instructions are passed over.
//
// A document type that declares entities or attributes is refused: nothing is
// expanded, and nothing outside of the file is read. UTF-8 and ISO-8859-1 are read.
package xml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
	"github.com/writ-policy/writ/engine/fact"
)

// Read reads an XML file: one document, or none and an error.
func Read(source string, data []byte) ([]node.Document, []fact.Diagnostic) {
	if len(data) <= text.MaxSize && latin1.Match(data) {
		data = fromLatin1(data)
	}
	f, ok := text.Open(source, data)
	if !ok {
		return nil, f.Diagnostics
	}
	p := &parser{File: f, Decoder: xml.NewDecoder(bytes.NewReader(data[f.Start():]))}
	p.CharsetReader = func(charset string, input io.Reader) (io.Reader, error) {
		switch strings.ToLower(charset) {
		case "us-ascii", "ascii", "iso-8859-1", "latin1":
			return input, nil
		}
		return nil, fmt.Errorf("the encoding %.40q is not read", charset)
	}
	root := text.Members{Node: p.Node(node.Object, f.Start(), len(data))}
	for p.token(&root) {
	}
	if !p.Failed() && (len(p.open) > 0 || len(root.Keys) == 0) {
		p.Fail(len(data), "the file ends before its root element does", "", "")
	}
	return f.Documents(root.Node)
}

var latin1 = regexp.MustCompile(`^<\?xml[^>]*\sencoding\s*=\s*["'](?i:iso-8859-1|latin1)["']`)

func fromLatin1(data []byte) []byte {
	out := make([]byte, 0, len(data)+len(data)/8)
	for _, c := range data {
		out = append(out, string(rune(c))...)
	}
	return out
}

type parser struct {
	*text.File
	*xml.Decoder
	open []*element
}

// element is an element whose end was not read yet.
type element struct {
	name       string
	start      int
	members    text.Members
	content    []byte
	from, till int // of the text; from is -1 without any
}

// offset is where the decoder stands.
func (p *parser) offset() int { return p.Start() + int(p.InputOffset()) }

// token takes the next token; false at the end and after an error.
func (p *parser) token(root *text.Members) bool {
	start := p.offset()
	t, err := p.RawToken()
	switch {
	case errors.Is(err, io.EOF):
		return false
	case err != nil:
		p.Fail(p.offset(), "not XML", reason(err), "")
		return false
	}
	switch t := t.(type) {
	case xml.StartElement:
		p.begin(t, start)
	case xml.EndElement:
		p.end(root, name(t.Name), start)
	case xml.CharData:
		p.chars(t, start)
	case xml.Directive:
		if bytes.Contains(t, []byte("<!ENTITY")) || bytes.Contains(t, []byte("<!ATTLIST")) {
			p.Fail(start, "the document type declares entities or attributes", "", "they are not expanded here: write the values out")
		}
	}
	return !p.Failed()
}

// reason is the message of a syntax error, without its line.
func reason(err error) string {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return strings.ToValidUTF8(fmt.Sprintf("%.200s", syntax.Msg), "\uFFFD")
	}
	return strings.ToValidUTF8(fmt.Sprintf("%.200s", strings.TrimPrefix(err.Error(), "xml: ")), "\uFFFD")
}

func name(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

func (p *parser) begin(t xml.StartElement, start int) {
	if len(p.open) >= text.MaxDepth {
		p.Fail(start, fmt.Sprintf("elements stand more than %d deep within each other", text.MaxDepth), "", "")
		return
	}
	e := &element{name: name(t.Name), start: start, from: -1}
	e.members.Node = p.Node(node.Object, start, start+1)
	p.attributes(e, t.Attr, start)
	p.open = append(p.open, e)
}

// attributes adds attributes; the decoder has checked their syntax, and this finds
// where they stand.
func (p *parser) attributes(e *element, attrs []xml.Attr, start int) {
	at := start + 1 + len(e.name)
	for _, a := range attrs {
		n := name(a.Name)
		for at < len(p.Data) && !bytes.HasPrefix(p.Data[at:], []byte(n)) {
			at++
		}
		key := p.Key("-"+n, at)
		at += len(n)
		for at < len(p.Data) && p.Data[at] != '"' && p.Data[at] != '\'' {
			at++
		}
		from := at
		if at < len(p.Data) {
			at += max(bytes.IndexByte(p.Data[at+1:], p.Data[at]), 0) + 2
		}
		if e.members.Find(key.Name) >= 0 {
			p.Fail(from, "the attribute stands twice", "", "")
			return
		}
		e.members.Add(key, p.String(a.Value, from, at))
	}
}

func (p *parser) chars(t xml.CharData, start int) {
	blank := len(bytes.TrimSpace(t)) == 0
	if len(p.open) == 0 {
		if !blank {
			p.Fail(start, "text stands outside of the root element", "", "")
		}
		return
	}
	e := p.open[len(p.open)-1]
	e.content = append(e.content, t...)
	if blank {
		return
	}
	raw := p.Data[start:p.offset()]
	if e.from < 0 {
		e.from = start + len(raw) - len(bytes.TrimLeft(raw, " \t\r\n"))
	}
	e.till = start + len(bytes.TrimRight(raw, " \t\r\n"))
}

// end closes the innermost element and puts it into the one around it.
func (p *parser) end(root *text.Members, name string, start int) {
	if len(p.open) == 0 || p.open[len(p.open)-1].name != name {
		p.Fail(start, fmt.Sprintf("%.60q ends here and did not begin", name), "", "")
		return
	}
	e := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	into := root
	if len(p.open) > 0 {
		into = &p.open[len(p.open)-1].members
	} else if len(root.Keys) > 0 {
		p.Fail(e.start, "a second root element", "", "")
		return
	}
	end := p.offset()
	v := e.members.Node
	p.End(v, end)
	content := string(bytes.TrimSpace(e.content))
	switch {
	case len(v.Keys) == 0 && content == "":
		v.Kind = node.String
	case len(v.Keys) == 0:
		v = p.String(content, e.from, e.till)
	case content != "":
		e.members.Add(p.Key("#content", e.from), p.String(content, e.from, e.till))
	}
	p.add(into, e, v, end)
}

// add puts an element beside those of its name.
func (p *parser) add(into *text.Members, e *element, v *node.Node, end int) {
	i := into.Find(e.name)
	if i < 0 {
		into.Add(p.Key(e.name, e.start+1), v)
		return
	}
	first := into.Elems[i]
	if first.Kind != node.Array {
		list := p.Node(node.Array, e.start, end)
		list.Line, list.Column = into.Keys[i].Line, into.Keys[i].Column-1
		list.Elems = []*node.Node{first}
		into.Elems[i] = list
		first = list
	}
	first.Elems = append(first.Elems, v)
	p.End(first, end)
}
