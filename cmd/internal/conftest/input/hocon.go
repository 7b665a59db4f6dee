package input

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// parseHOCON reads HOCON in conftest's shape: objects are objects; everything else is
// the text that conftest's library shows it as, a number or a boolean where that text
// is one. So an array is a text, a text with a blank stands in quotes, as does an empty
// one, and null is an empty one. What is not defined in the file, or, where that is
// allowed, in the environment, is "<<unknown value>>" if it is optional, else an error.
func parseHOCON(b *builder, _ string, data []byte) (*ast.Term, error) {
	p := &hoconParser{text: strings.ToValidUTF8(string(data), "\ufffd")}
	root, err := p.root()
	if err != nil {
		return nil, fmt.Errorf("parse hocon: %w", err)
	}
	s := hoconShape{b: b, r: &hoconResolver{root: root, env: b.env, busy: map[string]int{}, known: map[string]hoconResolved{}}}
	t, err := s.object(root, nil)
	if err != nil {
		return nil, fmt.Errorf("resolve hocon: %w", err)
	}
	return t, nil
}

type hoconShape struct {
	b *builder
	r *hoconResolver
}

const hoconUnknownText = "<<unknown value>>"

func (s hoconShape) object(o *hoconObject, path []string) (*ast.Term, error) {
	pairs := make([][2]*ast.Term, 0, len(o.names))
	for _, name := range o.names {
		at := append(path[:len(path):len(path)], name)
		v, err := s.r.values(at, o.values[name])
		if err != nil {
			return nil, err
		}
		t, err := s.value(v, at)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, [2]*ast.Term{s.b.key(name), t})
	}
	return s.b.object(pairs), nil
}

// count bounds what is made: the same object may be substituted many times.
func (s hoconShape) count(path []string) error {
	if s.r.count++; s.r.count > hoconValues {
		return fmt.Errorf("substitutions make more than %d values", hoconValues)
	}
	if len(path) > hoconChain {
		return errors.New("what stands within each other is too deep to be read safely")
	}
	return nil
}

func (s hoconShape) value(v hoconResolved, path []string) (*ast.Term, error) {
	if err := s.count(path); err != nil {
		return nil, err
	}
	if v.kind == hoconMap {
		return s.object(v.object, path)
	}
	text, err := s.text(v, path, 0)
	if err != nil {
		return nil, err
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("json: unsupported value: %s", text)
		}
		return s.b.float(f), nil
	}
	if is, err := strconv.ParseBool(text); err == nil {
		return ast.InternedTerm(is), nil
	}
	return s.b.text(text), nil
}

// text shows a value as conftest's library does, indented by two blanks a level.
func (s hoconShape) text(v hoconResolved, path []string, indent int) (string, error) {
	if err := s.count(path); err != nil {
		return "", err
	}
	switch v.kind {
	case hoconText:
		if v.text == "" {
			return `""`, nil
		}
		return hoconQuoted(v.text), nil
	case hoconList:
		if len(v.list) == 0 {
			return hoconUnknownText, nil
		}
		all := make([]string, len(v.list))
		for i, e := range v.list {
			at := append(path[:len(path):len(path)], strconv.Itoa(i))
			element, err := s.r.concatenation(e)
			if err == nil {
				all[i], err = s.text(element, at, indent+1)
			}
			if err != nil {
				return "", err
			}
		}
		return s.grown("[" + strings.Join(all, ",") + "]")
	case hoconMap:
		var b strings.Builder
		b.WriteString("{\r\n")
		for _, name := range v.object.names {
			at := append(path[:len(path):len(path)], name)
			member, err := s.r.values(at, v.object.values[name])
			if err != nil {
				return "", err
			}
			text, err := s.text(member, at, indent+1)
			if err != nil {
				return "", err
			}
			b.WriteString(strings.Repeat(" ", 2*(indent+1)) + hoconQuoted(name) + " : " + text + "\r\n")
		}
		return s.grown(b.String() + strings.Repeat(" ", 2*indent) + "}")
	}
	return hoconUnknownText, nil
}

func (s hoconShape) grown(text string) (string, error) {
	if s.r.bytes += len(text); s.r.bytes > hoconBytes {
		return "", fmt.Errorf("substitutions make more than %d MiB", hoconBytes>>20)
	}
	return text, nil
}

func hoconQuoted(text string) string {
	if strings.ContainsAny(text, " \t") {
		return `"` + text + `"`
	}
	return text
}
