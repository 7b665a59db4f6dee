package engine

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/finding"
)

// rawEntry is one element of a conftest policy's rule: a message, or an object with
// msg. Of the other members those that have a meaning and can have it are taken, the
// rest is custom evidence: policies that exist call them as they like.
type rawEntry struct {
	entry
	file string // of _loc
	line int
}

func newRawEntry(rule string, t *ast.Term) (*rawEntry, error) {
	e := &rawEntry{entry: entry{term: t}}
	switch v := t.Value.(type) {
	case ast.String:
		e.msg = string(v)
	case ast.Object:
		msg, ok := member(v, "msg").(ast.String)
		if !ok {
			return nil, fmt.Errorf("an entry of %s is an object without a string msg", rule)
		}
		e.msg = string(msg)
		v.Foreach(e.read)
	default:
		return nil, fmt.Errorf("an entry of %s is %s: want a string or an object with msg", rule, described(t.Value))
	}
	if e.msg == "" {
		return nil, fmt.Errorf("an entry of %s has an empty message", rule)
	}
	return e, nil
}

func member(o ast.Object, name string) ast.Value {
	if t := o.Get(ast.StringTerm(name)); t != nil {
		return t.Value
	}
	return nil
}

func (e *rawEntry) read(k, v *ast.Term) {
	name := k.String()
	if s, ok := k.Value.(ast.String); ok {
		name = string(s)
	}
	text, isText := v.Value.(ast.String)
	switch name {
	case "msg":
		return
	case "_loc":
		if o, ok := v.Value.(ast.Object); ok {
			file, _ := member(o, "file").(ast.String)
			line, _ := member(o, "line").(ast.Number)
			if n, err := strconv.Atoi(string(line)); err == nil && n > 0 {
				e.file, e.line = string(file), n
				return
			}
		}
	case "at":
		e.at = v
		return
	case "key":
		if e.hasKey = true; isText {
			e.key = string(text)
		} else {
			e.key = v.Value.String()
		}
		return
	case "expected":
		e.expected = plain(v)
		return
	case "actual":
		e.actual = plain(v)
		return
	case "severity":
		if s := finding.Severity(strings.ToLower(string(text))); isText && s.Rank() > 0 {
			e.severity = s
			return
		}
	case "remediation":
		if isText {
			e.remediation = string(text)
			return
		}
	}
	if e.custom == nil {
		e.custom = map[string]any{}
	}
	e.custom[name] = plain(v)
}
