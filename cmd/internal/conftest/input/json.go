package input

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"github.com/open-policy-agent/opa/v1/ast"
)

// parseJSON reads one JSON text as encoding/json does: of a name that stands twice
// the last value holds, what is not UTF-8 becomes U+FFFD. Its own reader makes AST
// values at once, whose strings are parts of data, which nobody may change from then
// on; whatever that one refuses is put to encoding/json, for its verdict and its words.
func parseJSON(b *builder, _ string, data []byte) (*ast.Term, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	t, err := neededJSON(b, unsafe.String(unsafe.SliceData(data), len(data)), b.need)
	if err == nil {
		return t, nil
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return nil, fmt.Errorf("unmarshal json: %w", err)
	}
	return b.value(v)
}

// maxJSONDepth is encoding/json's own.
const maxJSONDepth = 10000

var errJSON = errors.New("not JSON")

type jsonReader struct {
	b    *builder
	text string
	pos  int
}

func fastJSON(b *builder, text string) (*ast.Term, error) { return neededJSON(b, text, nil) }

// neededJSON reads what is needed of a document, or of each of several in an array; nil
// is everything.
func neededJSON(b *builder, text string, need *Need) (*ast.Term, error) {
	r := &jsonReader{b: b, text: text}
	if r.space() == '[' && need != nil {
		need = &Need{Each: need}
	}
	t, err := r.value(0, need)
	if err != nil {
		return nil, err
	}
	if r.space(); r.pos < len(r.text) {
		return nil, errJSON
	}
	return t, nil
}

// space passes over white space and returns the byte behind it, 0 at the end.
func (r *jsonReader) space() byte {
	for r.pos < len(r.text) {
		switch c := r.text[r.pos]; c {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return c
		}
	}
	return 0
}

func (r *jsonReader) value(depth int, need *Need) (*ast.Term, error) {
	if depth > maxJSONDepth {
		return nil, errJSON
	}
	switch c := r.space(); c {
	case '{':
		return r.object(depth, need)
	case '[':
		return r.array(depth, need)
	case '"':
		s, err := r.str()
		if err != nil {
			return nil, err
		}
		return r.b.text(s), nil
	case 't':
		return ast.InternedTerm(true), r.word("true")
	case 'f':
		return ast.InternedTerm(false), r.word("false")
	case 'n':
		return ast.NullTerm(), r.word("null")
	default:
		return r.number()
	}
}

func (r *jsonReader) word(w string) error {
	if !strings.HasPrefix(r.text[r.pos:], w) {
		return errJSON
	}
	r.pos += len(w)
	return nil
}

func (r *jsonReader) object(depth int, need *Need) (*ast.Term, error) {
	r.pos++
	var pairs [][2]*ast.Term
	if r.space() == '}' {
		r.pos++
		return r.b.object(nil), nil
	}
	for {
		if r.space() != '"' {
			return nil, errJSON
		}
		name, err := r.str()
		if err != nil {
			return nil, err
		}
		if r.space() != ':' {
			return nil, errJSON
		}
		r.pos++
		if of, ok := need.of(name); !ok {
			err = r.skip(depth + 1)
		} else {
			var v *ast.Term
			v, err = r.value(depth+1, of)
			pairs = append(pairs, [2]*ast.Term{r.b.key(name), v})
		}
		if err != nil {
			return nil, err
		}
		switch r.space() {
		case ',':
			r.pos++
		case '}':
			r.pos++
			return r.b.object(pairs), nil
		default:
			return nil, errJSON
		}
	}
}

func (r *jsonReader) array(depth int, need *Need) (*ast.Term, error) {
	r.pos++
	var terms []*ast.Term
	need = need.ofElement()
	if r.space() == ']' {
		r.pos++
		return ast.ArrayTerm(), nil
	}
	for {
		v, err := r.value(depth+1, need)
		if err != nil {
			return nil, err
		}
		terms = append(terms, v)
		switch r.space() {
		case ',':
			r.pos++
		case ']':
			r.pos++
			return ast.ArrayTerm(terms...), nil
		default:
			return nil, errJSON
		}
	}
}

func (r *jsonReader) number() (*ast.Term, error) {
	f, err := r.digits()
	if err != nil {
		return nil, err
	}
	return r.b.float(f), nil
}

// digits reads a number by the grammar of RFC 8259.
func (r *jsonReader) digits() (float64, error) {
	start := r.pos
	digits := func() int {
		n := r.pos
		for r.pos < len(r.text) && r.text[r.pos] >= '0' && r.text[r.pos] <= '9' {
			r.pos++
		}
		return r.pos - n
	}
	at := func(set string) bool {
		return r.pos < len(r.text) && strings.IndexByte(set, r.text[r.pos]) >= 0
	}
	if at("-") {
		r.pos++
	}
	if at("0") {
		r.pos++
	} else if digits() == 0 {
		return 0, errJSON
	}
	if at(".") {
		if r.pos++; digits() == 0 {
			return 0, errJSON
		}
	}
	if at("eE") {
		if r.pos++; at("+-") {
			r.pos++
		}
		if digits() == 0 {
			return 0, errJSON
		}
	}
	f, err := strconv.ParseFloat(r.text[start:r.pos], 64)
	if err != nil {
		return 0, errJSON
	}
	return f, nil
}

// str reads a string; the position is at its opening quote.
func (r *jsonReader) str() (string, error) {
	r.pos++
	start := r.pos
	for r.pos < len(r.text) {
		c := r.text[r.pos]
		switch {
		case c == '"':
			s := r.text[start:r.pos]
			r.pos++
			return s, nil
		case c == '\\':
			return r.escaped(start)
		case c < 0x20:
			return "", errJSON
		case c >= utf8.RuneSelf:
			ch, size := utf8.DecodeRuneInString(r.text[r.pos:])
			if ch == utf8.RuneError && size == 1 {
				return r.escaped(start)
			}
			r.pos += size
		default:
			r.pos++
		}
	}
	return "", errJSON
}

// escaped reads on with the first escape, or the first byte that is no UTF-8, of a
// string that began at start.
func (r *jsonReader) escaped(start int) (string, error) {
	s := make([]byte, 0, r.pos-start+64)
	from := start // what is not copied yet
	for r.pos < len(r.text) {
		c := r.text[r.pos]
		switch {
		case c == '"':
			s = append(s, r.text[from:r.pos]...)
			r.pos++
			return unsafe.String(unsafe.SliceData(s), len(s)), nil
		case c == '\\':
			s = append(s, r.text[from:r.pos]...)
			if r.pos+1 >= len(r.text) {
				return "", errJSON
			}
			if e := r.text[r.pos+1]; e == 'u' {
				ch, err := r.unicode()
				if err != nil {
					return "", err
				}
				s = utf8.AppendRune(s, ch)
			} else {
				i := strings.IndexByte(`"\/bfnrt`, e)
				if i < 0 {
					return "", errJSON
				}
				s = append(s, "\"\\/\b\f\n\r\t"[i])
				r.pos += 2
			}
			from = r.pos
		case c < 0x20:
			return "", errJSON
		case c < utf8.RuneSelf:
			r.pos++
		default:
			ch, size := utf8.DecodeRuneInString(r.text[r.pos:])
			if ch == utf8.RuneError && size == 1 {
				s = utf8.AppendRune(append(s, r.text[from:r.pos]...), ch)
				from = r.pos + 1
			}
			r.pos += size
		}
	}
	return "", errJSON
}

// unicode reads \uXXXX, and the second half of a pair behind it.
func (r *jsonReader) unicode() (rune, error) {
	unit := func(at int) (rune, bool) {
		if at+6 > len(r.text) || r.text[at] != '\\' || r.text[at+1] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(r.text[at+2:at+6], 16, 16)
		return rune(n), err == nil
	}
	ch, ok := unit(r.pos)
	if !ok {
		return 0, errJSON
	}
	r.pos += 6
	if utf16.IsSurrogate(ch) {
		if low, ok := unit(r.pos); ok {
			if pair := utf16.DecodeRune(ch, low); pair != utf8.RuneError {
				r.pos += 6
				return pair, nil
			}
		}
		return utf8.RuneError, nil
	}
	return ch, nil
}
