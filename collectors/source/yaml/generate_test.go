package yaml_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
)

// place is where the generator wrote a scalar.
type place struct {
	Kind                             node.Kind
	Text                             string
	Line, Column, EndLine, EndColumn int
}

// generator writes streams and keeps where each scalar of them stands.
type generator struct {
	rand         *rand.Rand
	out          strings.Builder
	newline      string
	line, column int
	places       []place
	keys         []place
	names        int
}

func (g *generator) write(s string) {
	g.out.WriteString(s)
	g.column += len(s)
}

func (g *generator) end() {
	g.out.WriteString(g.newline)
	g.line++
	g.column = 1
}

func (g *generator) comment() {
	if g.rand.IntN(4) == 0 {
		g.write([]string{" # a comment", "  # größer: [x", " #"}[g.rand.IntN(3)])
	}
	g.end()
	if g.rand.IntN(8) == 0 {
		g.write([]string{"", "   # - between: lines", "# at the margin"}[g.rand.IntN(3)])
		g.end()
	}
}

// put writes a scalar that stands on one line.
func (g *generator) put(kind node.Kind, text, source string) place {
	p := place{kind, text, g.line, g.column, g.line, g.column + max(len(source), 1) - 1}
	g.write(source)
	return p
}

// inline writes a scalar of one line.
func (g *generator) inline() {
	scalars := []struct {
		kind         node.Kind
		text, source string
	}{
		{node.String, "plain", "plain"}, {node.String, "two words", "two words"}, {node.String, "grün ist schön", "grün ist schön"},
		{node.String, "日本", "日本"}, {node.String, "a#b", "a#b"}, {node.String, "http://x:80/", "http://x:80/"},
		{node.String, `it "is"]`, `"it \"is\"]"`}, {node.String, "it's, }", `'it''s, }'`}, {node.String, "", `""`},
		{node.String, "é\n", `"\u00e9\n"`}, {node.String, "yes", `"yes"`}, {node.String, "-x", "-x"},
		{node.Number, "12345678901234567890", "12345678901234567890"}, {node.Number, "-3", "-3"}, {node.Number, "0.1", "0.10"},
		{node.Number, "1000", "1e3"}, {node.Number, "16", "0x10"}, {node.Bool, "true", "true"}, {node.Bool, "false", "False"},
		{node.Null, "", "~"}, {node.Null, "", "null"}, {node.String, "2024-01-01", "2024-01-01"},
	}
	s := scalars[g.rand.IntN(len(scalars))]
	if g.rand.IntN(10) == 0 {
		g.names++
		g.write(fmt.Sprintf("&a%d ", g.names))
	}
	if s.kind == node.String && g.rand.IntN(10) == 0 {
		g.write("!!str ")
	}
	g.places = append(g.places, g.put(s.kind, s.text, s.source))
}

// folded writes a scalar of several lines: plain, quoted or a block.
func (g *generator) folded(indent int) {
	pad := strings.Repeat(" ", indent)
	p := place{Kind: node.String, Line: g.line, Column: g.column}
	lines := func(first string, rest ...string) {
		g.write(first)
		for _, l := range rest {
			g.end()
			if l != "" {
				g.write(pad + l)
			}
		}
		p.EndLine, p.EndColumn = g.line, g.column-1
	}
	switch g.rand.IntN(6) {
	case 0:
		p.Text = "first ü second third"
		lines("first ü", "second", "third")
	case 1:
		p.Text = "one two\nthree \\ \" end"
		lines(`"one`, `two`, ``, `three \\ \" end"`)
	case 2:
		p.Text = "it's here"
		lines(`'it''s`, `here'`)
	case 3:
		p.Text = "key: value\n\n  - deeper # no comment\n"
		lines("|", "key: value", "", "  - deeper # no comment")
		g.end()
		g.places = append(g.places, p)
		return
	case 4:
		p.Text = "folded text\nnext"
		lines(">- # why", "folded", "text", "", "next")
		g.end()
		g.places = append(g.places, p)
		return
	case 5:
		p.Text = " indented\nback\n\n\n"
		lines("|1+", " indented", "back") // the content stands one column behind its parent
		g.end()
		g.end()
		g.end()
		g.places = append(g.places, p)
		return
	}
	g.places = append(g.places, p)
	g.comment()
}

// flow writes a collection in brackets, over several lines now and then.
func (g *generator) flow(depth, indent int) {
	pad := strings.Repeat(" ", indent)
	brk := func() {
		switch g.rand.IntN(6) {
		case 0:
			g.comment()
			g.write(pad)
		case 1:
			g.write(" ")
		}
	}
	object := g.rand.IntN(2) == 0
	g.write(map[bool]string{true: "{", false: "["}[object])
	for i := range g.rand.IntN(4) {
		if i > 0 {
			g.write(",")
		}
		brk()
		if object {
			g.key()
			g.write(": ")
		}
		if depth > 0 && g.rand.IntN(3) == 0 {
			g.flow(depth-1, indent)
		} else {
			g.flowScalar()
		}
		brk()
	}
	g.write(map[bool]string{true: "}", false: "]"}[object])
}

func (g *generator) flowScalar() {
	mark := len(g.places)
	saved, column := g.out.String(), g.column
	for {
		g.inline()
		if s := g.out.String()[len(saved):]; !strings.ContainsAny(s, "#") {
			return
		}
		g.places = g.places[:mark]
		g.out.Reset()
		g.out.WriteString(saved)
		g.column = column
	}
}

func (g *generator) key() {
	g.names++
	name := fmt.Sprintf("k%d", g.names)
	source := name
	switch g.rand.IntN(6) {
	case 0:
		name += " schlüssel"
		source = `"` + name + `"`
	case 1:
		name += ": #"
		source = "'" + name + "'"
	case 2:
		name += "ß"
		source = name
	}
	g.keys = append(g.keys, g.put(node.String, name, source))
}

// block writes a collection whose elements begin at an indentation; the writer
// stands at that column.
func (g *generator) block(depth, indent int) {
	pad := strings.Repeat(" ", indent)
	object := g.rand.IntN(3) > 0
	for i := range 1 + g.rand.IntN(4) {
		if i > 0 {
			g.write(pad)
		}
		if object {
			g.key()
			g.write(":")
		} else {
			g.write("-")
		}
		switch choice := g.rand.IntN(7); {
		case choice < 2 && depth > 0 && object:
			g.comment()
			g.write(pad + "  ")
			g.block(depth-1, indent+2)
		case choice < 2 && depth > 0:
			g.write(" ")
			g.block(depth-1, indent+2)
		case choice == 2:
			g.write(" ")
			g.flow(depth, indent+2)
			g.comment()
		case choice == 3:
			g.write(" ")
			g.folded(indent + 1)
		default:
			g.write(" ")
			g.inline()
			g.comment()
		}
	}
}

// stream writes several documents and returns the text, and the scalars and the keys
// of each.
func stream(seed uint64) (text string, scalars, keys [][]place) {
	g := &generator{rand: rand.New(rand.NewPCG(seed, 1)), newline: "\n", line: 1, column: 1}
	if g.rand.IntN(3) == 0 {
		g.newline = "\r\n"
	}
	mark := g.rand.IntN(5) == 0
	documents := 1 + g.rand.IntN(3)
	for i := range documents {
		g.places, g.keys = nil, nil
		if i > 0 || g.rand.IntN(2) == 0 {
			separators := []string{"---", "--- ", "--- # comment", "---\t# comment", "---   \t", "--- &root # x", "--- !!map"}
			n := g.rand.IntN(len(separators))
			g.write(separators[n])
			g.end()
		}
		if g.out.Len() > 0 && strings.HasSuffix(strings.TrimRight(g.out.String(), "\r\n"), "!!map") {
			g.key()
			g.write(": ")
			g.inline()
			g.end()
		} else {
			g.block(3, 0)
		}
		if g.rand.IntN(3) == 0 {
			g.write([]string{"...", "... # end", "...  "}[g.rand.IntN(3)])
			g.end()
		}
		scalars, keys = append(scalars, g.places), append(keys, g.keys)
	}
	text = g.out.String()
	if mark {
		text = "\ufeff" + text
	}
	return text, scalars, keys
}
