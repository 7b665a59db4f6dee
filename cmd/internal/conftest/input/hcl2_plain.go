package input

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// plainHCL reads the HCL that most files are written in, in one pass: blocks,
// attributes, strings without templates and escapes, numbers, words, names such as
// var.x, lists and objects of them. Whatever else it meets, and whatever may be an
// error, it leaves to the library: it never decides against a text. A fuzz test holds
// the two together.
type plainHCL struct {
	b     *builder
	text  string
	pos   int
	marks bool // keep where things stand
	depth int
}

// maxPlain is how deep plain HCL may nest.
const maxPlain = 64

// mark is where an attribute, a block, or an element of a value stands: from its name,
// if it has one, to its last byte.
type mark struct {
	name       string
	labels     []string // of a block
	start, end int      // bytes
	block      bool
	kids       []mark
}

// readPlainHCL returns false if the text is not plain.
func readPlainHCL(b *builder, data []byte, marks bool) (*ast.Term, *mark, bool) {
	if !utf8.Valid(data) {
		return nil, nil, false
	}
	p := &plainHCL{b: b, text: string(data), marks: marks}
	o, kids, ok := p.body(false)
	if !ok || p.pos < len(p.text) {
		return nil, nil, false
	}
	h := &hclReader{b: b}
	return h.term(o), &mark{end: len(data), kids: kids}, true
}

// blank passes over blanks and a comment at the end of the line, not over its end.
func (p *plainHCL) blank() {
	for p.pos < len(p.text) && (p.text[p.pos] == ' ' || p.text[p.pos] == '\t') {
		p.pos++
	}
	if p.pos < len(p.text) && (p.text[p.pos] == '#' || strings.HasPrefix(p.text[p.pos:], "//")) {
		if n := strings.IndexByte(p.text[p.pos:], '\n'); n >= 0 {
			p.pos += n
		} else {
			p.pos = len(p.text)
		}
	}
}

// lines passes over blanks, comments and ends of lines.
func (p *plainHCL) lines() {
	for p.blank(); p.pos < len(p.text) && p.text[p.pos] == '\n'; p.blank() {
		p.pos++
	}
}

// next is the byte at hand, 0 at the end.
func (p *plainHCL) next() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

// ends passes over the end of an item: that of its line, or of the file.
func (p *plainHCL) ends() bool {
	p.blank()
	if p.pos == len(p.text) {
		return true
	}
	if p.text[p.pos] != '\n' {
		return false
	}
	p.pos++
	return true
}

// ident reads an identifier of ASCII, "" if there is none.
func (p *plainHCL) ident() string {
	start := p.pos
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || p.pos > start && (c >= '0' && c <= '9' || c == '-') {
			p.pos++
			continue
		}
		break
	}
	return p.text[start:p.pos]
}

// quoted reads a string in which every byte stands for itself; the position is at its
// quote.
func (p *plainHCL) quoted() (string, bool) {
	p.pos++
	start := p.pos
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; {
		case c == '"':
			s := p.text[start:p.pos]
			p.pos++
			return s, true
		case c == '\\' || c < ' ' || c >= 0x7f, (c == '$' || c == '%') && strings.HasPrefix(p.text[p.pos+1:], "{"):
			return "", false
		}
		p.pos++
	}
	return "", false
}

// body reads attributes and blocks, to the closing brace of one that is within another.
func (p *plainHCL) body(inner bool) (*hclObject, []mark, bool) {
	if p.depth++; p.depth > maxPlain {
		return nil, nil, false
	}
	defer func() { p.depth-- }()
	o := &hclObject{}
	var kids []mark
	for {
		p.lines()
		if p.pos == len(p.text) {
			return o, kids, !inner
		}
		if inner && p.text[p.pos] == '}' {
			p.pos++
			return o, kids, true
		}
		m := mark{start: p.pos}
		if m.name = p.ident(); m.name == "" {
			return nil, nil, false
		}
		p.blank()
		var ok bool
		if p.next() == '=' {
			ok = p.attribute(o, &m)
		} else {
			ok = p.block(o, &m)
		}
		if !ok || !p.ends() {
			return nil, nil, false
		}
		if p.marks {
			kids = append(kids, m)
		}
	}
}

func (p *plainHCL) attribute(o *hclObject, m *mark) bool {
	p.pos++
	p.blank()
	v, ok := p.value(&m.kids)
	if !ok || o.find(m.name) != nil { // twice, or a block of that name
		return false
	}
	o.add(hclMember{name: m.name, value: v})
	m.end = p.pos
	return true
}

// block reads labels and a body between braces on lines of their own.
func (p *plainHCL) block(o *hclObject, m *mark) bool {
	m.block = true
	for p.next() != '{' {
		label, ok := "", false
		if p.next() == '"' {
			label, ok = p.quoted()
		} else {
			label = p.ident()
			ok = label != ""
		}
		if !ok {
			return false
		}
		m.labels = append(m.labels, label)
		p.blank()
	}
	p.pos++
	var inner *hclObject
	p.blank()
	if p.next() == '}' && p.text[p.pos-1] != '\n' {
		p.pos++
		inner = &hclObject{}
	} else {
		if p.next() != '\n' {
			return false
		}
		var ok bool
		if inner, m.kids, ok = p.body(true); !ok {
			return false
		}
	}
	m.end = p.pos
	name := m.name
	for _, label := range m.labels {
		found := o.find(name)
		switch {
		case found == nil:
			within := &hclObject{}
			o.add(hclMember{name: name, object: within})
			o = within
		case found.object != nil:
			o = found.object
		default:
			return false
		}
		name = label
	}
	v := (&hclReader{b: p.b}).term(inner)
	switch found := o.find(name); {
	case found == nil:
		o.add(hclMember{name: name, blocks: []*ast.Term{v}})
	case found.blocks != nil:
		found.blocks = append(found.blocks, v)
	default:
		return false
	}
	return true
}

// value reads an expression that is a literal or a name.
func (p *plainHCL) value(kids *[]mark) (*ast.Term, bool) {
	switch c := p.next(); {
	case c == '"':
		s, ok := p.quoted()
		return p.b.text(s), ok && p.over()
	case c == '[':
		return p.list(kids)
	case c == '{':
		return p.object(kids)
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	start := p.pos
	word := p.ident()
	switch word {
	case "", "for":
		return nil, false
	case "true", "false", "null":
		if !p.over() {
			return nil, false
		}
		if word == "null" {
			return ast.NullTerm(), true
		}
		return ast.InternedTerm(word == "true"), true
	}
	for p.next() == '.' || p.next() == '[' {
		if p.text[p.pos] == '.' {
			p.pos++
			if p.ident() == "" {
				return nil, false
			}
			continue
		}
		digits := p.pos + 1
		for p.pos = digits; p.next() >= '0' && p.next() <= '9'; {
			p.pos++
		}
		if p.pos == digits || p.pos-digits > 9 || p.next() != ']' {
			return nil, false
		}
		p.pos++
	}
	return p.b.text("${" + p.text[start:p.pos] + "}"), p.over()
}

// over reports whether an expression can be at its end here.
func (p *plainHCL) over() bool {
	at := p.pos
	p.blank()
	c := p.next()
	p.pos = at
	return c == 0 && at <= len(p.text) || c == '\n' || c == ',' || c == ']' || c == '}'
}

// maxDigits is how many digits of a number a float64 surely tells apart.
const maxDigits = 15

func (p *plainHCL) number() (*ast.Term, bool) {
	start := p.pos
	if p.next() == '-' {
		p.pos++
	}
	digits := p.pos
	for p.next() >= '0' && p.next() <= '9' {
		p.pos++
	}
	whole := p.pos - digits
	if p.next() == '.' {
		p.pos++
		fraction := p.pos
		for p.next() >= '0' && p.next() <= '9' {
			p.pos++
		}
		if p.pos == fraction {
			return nil, false
		}
	}
	if whole == 0 || p.pos-digits > maxDigits || !p.over() {
		return nil, false
	}
	f, err := strconv.ParseFloat(p.text[start:p.pos], 64)
	if err != nil || f == 0 && digits > start {
		return nil, false
	}
	return p.b.float(f), true
}

func (p *plainHCL) list(kids *[]mark) (*ast.Term, bool) {
	if p.depth++; p.depth > maxPlain {
		return nil, false
	}
	defer func() { p.depth-- }()
	p.pos++
	var terms []*ast.Term
	for {
		p.lines()
		if p.next() == ']' {
			p.pos++
			return ast.ArrayTerm(terms...), p.over()
		}
		m := mark{start: p.pos}
		t, ok := p.value(&m.kids)
		if !ok {
			return nil, false
		}
		terms = append(terms, t)
		if m.end = p.pos; p.marks {
			*kids = append(*kids, m)
		}
		p.lines()
		switch p.next() {
		case ',':
			p.pos++
		case ']':
		default:
			return nil, false
		}
	}
}

func (p *plainHCL) object(kids *[]mark) (*ast.Term, bool) {
	if p.depth++; p.depth > maxPlain {
		return nil, false
	}
	defer func() { p.depth-- }()
	p.pos++
	var pairs [][2]*ast.Term
	for {
		p.lines()
		if p.next() == '}' {
			p.pos++
			return p.b.object(pairs), p.over()
		}
		m := mark{start: p.pos}
		ok := true
		if p.next() == '"' {
			m.name, ok = p.quoted()
		} else {
			m.name = p.ident()
			ok = m.name != "" && m.name != "for" && m.name != "true" && m.name != "false" && m.name != "null"
		}
		p.blank()
		if c := p.next(); !ok || c != '=' && c != ':' || strings.HasPrefix(p.text[p.pos:], "=>") || strings.HasPrefix(p.text[p.pos:], "==") {
			return nil, false
		}
		p.pos++
		p.blank()
		t, ok := p.value(&m.kids)
		if !ok {
			return nil, false
		}
		pairs = append(pairs, [2]*ast.Term{p.b.key(m.name), t})
		if m.end = p.pos; p.marks {
			*kids = append(*kids, m)
		}
		p.blank()
		switch p.next() {
		case ',', '\n':
			p.pos++
		case '}':
		default:
			return nil, false
		}
	}
}

// place finds a path in what marks stand for, as hclReader.place does.
func (m *mark) place(text []byte, path []string) Extent {
	e := m.extent(text)
	for len(path) > 0 {
		var in *mark
		blocks := 0
		for i := range m.kids {
			k := &m.kids[i]
			if !k.block {
				if k.name == path[0] {
					return k.within(text, path[1:])
				}
				continue
			}
			n, labels := len(k.labels)+1, min(len(k.labels), len(path)-1)
			if k.name != path[0] || !slices.Equal(k.labels[:labels], path[1:labels+1]) {
				continue
			}
			if len(path) <= n {
				return k.extent(text)
			}
			if i, err := strconv.Atoi(path[n]); err == nil && i == blocks {
				in, path = k, path[n+1:]
				break
			}
			blocks++
		}
		if in == nil {
			break
		}
		m = in
		e = m.extent(text)
	}
	return e
}

// within finds a path in a value.
func (m *mark) within(text []byte, path []string) Extent {
	for len(path) > 0 {
		var in *mark
		for i := range m.kids { // of a name that stands twice the last holds
			if k := &m.kids[i]; k.name == path[0] || k.name == "" && strconv.Itoa(i) == path[0] {
				in = k
			}
		}
		if in == nil {
			break
		}
		m, path = in, path[1:]
	}
	return m.extent(text)
}

func (m *mark) extent(text []byte) Extent {
	line := 1 + bytes.Count(text[:m.start], []byte("\n"))
	return Extent{line, m.start - bytes.LastIndexByte(text[:m.start], '\n'), line + bytes.Count(text[m.start:m.end], []byte("\n"))}
}
