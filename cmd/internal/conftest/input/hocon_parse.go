package input

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hoconValue is what stands behind one key or in one place of an array: parts that are
// concatenated.
type hoconValue []hoconPart

// hoconPart is one of a text, a substitution, an object and an array.
type hoconPart struct {
	text   string
	path   []string // of a substitution
	option bool     // ${?…}
	line   int      // of a substitution
	object *hoconObject
	array  []hoconValue
	list   bool // an array, which may be empty
}

func (s hoconPart) plain() bool { return s.object == nil && !s.list && s.path == nil }

// hoconObject holds for each key all values that it is given, in their order: they merge
// or replace each other when they are resolved.
type hoconObject struct {
	names  []string
	values map[string][]hoconValue
}

func newHOCONObject() *hoconObject { return &hoconObject{values: map[string][]hoconValue{}} }

func (o *hoconObject) add(name string, v ...hoconValue) {
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	o.values[name] = append(o.values[name], v...)
}

// hoconParser reads HOCON by its specification (github.com/lightbend/config, HOCON.md).
// Includes are errors: no other file is read.
type hoconParser struct {
	text string
	pos  int
}

func (p *hoconParser) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: "+format, append([]any{1 + strings.Count(p.text[:min(p.pos, len(p.text))], "\n")}, args...)...)
}

func (p *hoconParser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

func (p *hoconParser) at(s string) bool { return strings.HasPrefix(p.text[p.pos:], s) }

// blank passes over white space within a line, and a comment up to the line's end.
func (p *hoconParser) blank() {
	for p.pos < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.pos:])
		switch {
		case r == '#' || p.at("//"):
			if end := strings.IndexByte(p.text[p.pos:], '\n'); end >= 0 {
				p.pos += end
			} else {
				p.pos = len(p.text)
			}
			return
		case r == '\n' || !hoconSpace(r):
			return
		}
		p.pos += size
	}
}

func hoconSpace(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

// lines passes over white space, comments and line ends and says whether there was one
// of those.
func (p *hoconParser) lines() bool {
	ended := false
	for {
		if p.blank(); p.peek() != '\n' {
			return ended
		}
		p.pos++
		ended = true
	}
}

// root is an object, with or without its braces.
func (p *hoconParser) root() (*hoconObject, error) {
	p.lines()
	if p.peek() == '[' {
		return nil, p.errorf("an array where conftest needs an object")
	}
	braces := p.peek() == '{'
	if braces {
		p.pos++
	}
	o, err := p.members(braces, nil)
	if err != nil {
		return nil, err
	}
	if p.lines(); p.pos < len(p.text) {
		return nil, p.errorf("%q behind the end", p.text[p.pos])
	}
	return o, nil
}

// separator passes over what stands between two elements; false where nothing does.
func (p *hoconParser) separator() bool {
	ended := p.lines()
	if p.peek() != ',' {
		return ended
	}
	p.pos++
	p.lines()
	return true
}

// members reads an object up to its brace, or up to the end of the text. Where is the
// path of the object, which += refers to.
func (p *hoconParser) members(braces bool, where []string) (*hoconObject, error) {
	o := newHOCONObject()
	p.lines()
	for {
		switch {
		case p.pos == len(p.text):
			if braces {
				return nil, p.errorf("an object does not end")
			}
			return o, nil
		case p.peek() == '}':
			if !braces {
				return nil, p.errorf("a brace closes nothing")
			}
			p.pos++
			return o, nil
		}
		if err := p.member(o, where); err != nil {
			return nil, err
		}
		if !p.separator() && p.pos < len(p.text) && p.peek() != '}' {
			return nil, p.errorf("%q behind a value", p.text[p.pos])
		}
	}
}

func (p *hoconParser) member(o *hoconObject, where []string) error {
	quoted := p.peek() == '"'
	path, err := p.key()
	if err != nil {
		return err
	}
	if first, _, _ := strings.Cut(path[0], " "); first == "include" && !quoted {
		if c := p.peek(); c == '"' || c == '(' || len(path[0]) > len(first) {
			return p.errorf("include: no other files are read: resolve it first")
		}
	}
	p.lines()
	whole := append(where[:len(where):len(where)], path...)
	var v hoconValue
	switch {
	case p.peek() == '{':
		v, err = p.value(whole)
	case p.peek() == ':' || p.peek() == '=':
		p.pos++
		p.lines()
		v, err = p.value(whole)
	case p.at("+="):
		p.pos += 2
		p.lines()
		line := 1 + strings.Count(p.text[:p.pos], "\n")
		var added hoconValue
		added, err = p.value(nil)
		v = hoconValue{{path: whole, option: true, line: line}, {list: true, array: []hoconValue{added}}}
	default:
		return p.errorf("no value behind the key %q", strings.Join(path, "."))
	}
	if err != nil {
		return err
	}
	for _, name := range path[:len(path)-1] {
		inner := newHOCONObject()
		o.add(name, hoconValue{{object: inner}})
		o = inner
	}
	o.add(path[len(path)-1], v)
	return nil
}

// key reads a path: names with dots between them, quoted or not.
func (p *hoconParser) key() ([]string, error) {
	var path []string
	for {
		name, err := p.name()
		if err != nil {
			return nil, err
		}
		path = append(path, name)
		if p.peek() != '.' {
			return path, nil
		}
		p.pos++
	}
}

// name reads one name of a path, up to a dot or what follows a path. White space within
// belongs to it, around it does not.
func (p *hoconParser) name() (string, error) {
	var b strings.Builder
	quoted := false
	for p.pos < len(p.text) {
		if p.peek() == '"' {
			s, err := p.quoted()
			if err != nil {
				return "", err
			}
			b.WriteString(s)
			quoted = true
			continue
		}
		r, size := utf8.DecodeRuneInString(p.text[p.pos:])
		if r == '.' || r == '\n' || r == '#' || p.at("//") || strings.ContainsRune(hoconReserved, r) {
			break
		}
		b.WriteString(p.text[p.pos : p.pos+size])
		p.pos += size
	}
	if quoted {
		return strings.TrimRightFunc(b.String(), hoconSpace), nil
	}
	name := strings.TrimFunc(b.String(), hoconSpace)
	if name == "" {
		return "", p.errorf("a key is missing")
	}
	return name, nil
}

// hoconReserved is what text without quotes must not hold.
const hoconReserved = "$\"{}[]:=,+#`^?!@*&\\"

// value reads parts up to the end of a value: a line's end, a comma, a closing bracket.
func (p *hoconParser) value(where []string) (hoconValue, error) {
	var v hoconValue
	for {
		start := p.pos
		for p.pos < len(p.text) && p.peek() != '\n' && p.peek() != '#' && !p.at("//") {
			r, size := utf8.DecodeRuneInString(p.text[p.pos:])
			if !hoconSpace(r) {
				break
			}
			p.pos += size
		}
		space := p.text[start:p.pos]
		c := p.peek()
		if p.pos == len(p.text) || c == '\n' || c == ',' || c == '}' || c == ']' || c == '#' || p.at("//") {
			if len(v) == 0 {
				return nil, p.errorf("a value is missing")
			}
			if space != "" && v[len(v)-1].plain() {
				v = append(v, hoconPart{text: space})
			}
			return v, nil
		}
		part, err := p.part(where)
		if err != nil {
			return nil, err
		}
		if space != "" && len(v) > 0 {
			v = append(v, hoconPart{text: space})
		}
		v = append(v, part)
	}
}

func (p *hoconParser) part(where []string) (hoconPart, error) {
	switch {
	case p.peek() == '{':
		p.pos++
		o, err := p.members(true, where)
		return hoconPart{object: o}, err
	case p.peek() == '[':
		p.pos++
		return p.array()
	case p.at(`"""`):
		return p.raw()
	case p.peek() == '"':
		s, err := p.quoted()
		return hoconPart{text: s}, err
	case p.at("${"):
		return p.substitution()
	}
	start := p.pos
	for p.pos < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.pos:])
		if hoconSpace(r) || strings.ContainsRune(hoconReserved, r) || p.at("//") {
			break
		}
		p.pos += size
	}
	if p.pos == start {
		return hoconPart{}, p.errorf("%q in a value without quotes", p.text[p.pos])
	}
	return hoconPart{text: p.text[start:p.pos]}, nil
}

func (p *hoconParser) array() (hoconPart, error) {
	part := hoconPart{list: true}
	p.lines()
	for p.peek() != ']' {
		v, err := p.value(nil)
		if err != nil {
			return part, err
		}
		part.array = append(part.array, v)
		if !p.separator() && p.peek() != ']' {
			return part, p.errorf("an array does not end")
		}
	}
	p.pos++
	return part, nil
}

// raw reads a text in three quotes; those before the last three belong to it.
func (p *hoconParser) raw() (hoconPart, error) {
	p.pos += 3
	n := strings.Index(p.text[p.pos:], `"""`)
	if n < 0 {
		return hoconPart{}, p.errorf("a text in three quotes does not end")
	}
	for strings.HasPrefix(p.text[p.pos+n+3:], `"`) {
		n++
	}
	s := p.text[p.pos : p.pos+n]
	p.pos += n + 3
	return hoconPart{text: s}, nil
}

// quoted reads a text in quotes, with JSON's escapes. A line end within, which JSON
// does not allow, is taken as conftest takes it.
func (p *hoconParser) quoted() (string, error) {
	var b strings.Builder
	for p.pos++; p.pos < len(p.text); p.pos++ {
		switch c := p.peek(); c {
		case '"':
			p.pos++
			return b.String(), nil
		case '\\':
			p.pos++
			if p.peek() == 'u' {
				r := jsonReader{text: p.text, pos: p.pos - 1}
				ch, err := r.unicode()
				if err != nil {
					return "", p.errorf("an escape that is none")
				}
				b.WriteRune(ch)
				p.pos = r.pos - 1
				continue
			}
			i := strings.IndexByte(`"\/bfnrt`, p.peek())
			if i < 0 || p.pos == len(p.text) {
				return "", p.errorf("an escape that is none")
			}
			b.WriteByte("\"\\/\b\f\n\r\t"[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", p.errorf("a text in quotes does not end")
}

func (p *hoconParser) substitution() (hoconPart, error) {
	part := hoconPart{line: 1 + strings.Count(p.text[:p.pos], "\n")}
	p.pos += 2
	if p.peek() == '?' {
		part.option = true
		p.pos++
	}
	var err error
	if part.path, err = p.key(); err != nil {
		return part, err
	}
	if p.peek() != '}' {
		return part, p.errorf("a substitution does not end")
	}
	p.pos++
	return part, nil
}

func (s hoconPart) String() string {
	return "${" + strings.Join(s.path, ".") + "} in line " + strconv.Itoa(s.line)
}
