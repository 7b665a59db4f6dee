package input

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/open-policy-agent/opa/v1/ast"
)

// xmlElement is an element in the making. Its text is the last run of characters in
// it, without space at the ends.
type xmlElement struct {
	parent  *xmlElement
	name    string
	text    string
	order   []string
	members map[string][]*ast.Term
}

func (e *xmlElement) add(name string, t *ast.Term) {
	if e.members == nil {
		e.members = map[string][]*ast.Term{}
	}
	if _, ok := e.members[name]; !ok {
		e.order = append(e.order, name)
	}
	e.members[name] = append(e.members[name], t)
}

// parseXML makes objects of elements: attributes are members "-name", elements
// members by their local names, several of one name an array, text the member
// "#content", or the whole value where there is nothing else. conftest takes a text
// that is not well-formed as far as it goes; here it is an error.
func parseXML(b *builder, _ string, data []byte) (*ast.Term, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = latin1
	root := &xmlElement{}
	e := root
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root.term(b), nil
		}
		if err != nil {
			return nil, fmt.Errorf("unmarshal xml: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			e = &xmlElement{parent: e, name: t.Name.Local}
			for _, a := range t.Attr {
				e.add("-"+a.Name.Local, b.text(a.Value))
			}
		case xml.CharData:
			e.text = strings.TrimFunc(string(t), func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) })
		case xml.EndElement:
			e.parent.add(e.name, e.term(b))
			e = e.parent
		}
	}
}

func (e *xmlElement) term(b *builder) *ast.Term {
	if len(e.order) == 0 {
		return b.text(e.text)
	}
	var pairs [][2]*ast.Term
	if e.text != "" {
		pairs = append(pairs, [2]*ast.Term{b.key("#content"), b.text(e.text)})
	}
	for _, name := range e.order {
		v := e.members[name][0]
		if len(e.members[name]) > 1 {
			v = ast.ArrayTerm(e.members[name]...)
		}
		pairs = append(pairs, [2]*ast.Term{b.key(name), v})
	}
	return b.object(pairs)
}

func latin1(charset string, r io.Reader) (io.Reader, error) {
	switch strings.ToLower(charset) {
	case "utf-8", "us-ascii":
		return r, nil
	case "iso-8859-1", "latin1":
		data, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		var text strings.Builder
		for _, c := range data {
			text.WriteRune(rune(c))
		}
		return strings.NewReader(text.String()), nil
	}
	return nil, fmt.Errorf("the character set %q is not read", charset)
}
