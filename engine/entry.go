package engine

import (
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/finding"
)

// entry is one element of a control's set.
type entry struct {
	term             *ast.Term
	msg              string
	key              string
	hasKey           bool
	at               *ast.Term
	located          bool     // at is an element of the subject,
	place            []string // here
	expected, actual any
	severity         finding.Severity
	remediation      string
	custom           map[string]any
}

// newEntry reads a string, or an object with msg.
func newEntry(set string, t *ast.Term) (*entry, error) {
	e := &entry{term: t}
	switch v := t.Value.(type) {
	case ast.String:
		e.msg = string(v)
	case ast.Object:
		if err := e.read(v); err != nil {
			return nil, fmt.Errorf("entry of %s: %w", set, err)
		}
	default:
		return nil, fmt.Errorf("entry of %s is a %s: want a string or an object with msg", set, ast.ValueName(t.Value))
	}
	if e.msg == "" {
		return nil, fmt.Errorf("entry of %s has no msg", set)
	}
	return e, nil
}

func (e *entry) read(o ast.Object) error {
	return o.Iter(func(k, v *ast.Term) error {
		name, ok := k.Value.(ast.String)
		if !ok {
			return fmt.Errorf("member %s is not named by a string", k)
		}
		text := func(to *string) error {
			s, ok := v.Value.(ast.String)
			if !ok {
				return fmt.Errorf("%s is a %s, want a string", name, ast.ValueName(v.Value))
			}
			*to = string(s)
			return nil
		}
		switch name {
		case "msg":
			return text(&e.msg)
		case "remediation":
			return text(&e.remediation)
		case "key":
			e.hasKey = true
			if s, ok := v.Value.(ast.String); ok {
				e.key = string(s)
			} else {
				e.key = v.Value.String()
			}
		case "severity":
			var s string
			if err := text(&s); err != nil {
				return err
			}
			if !slices.Contains(finding.Severities, finding.Severity(s)) {
				return fmt.Errorf("severity %q is none of low, medium, high, critical", s)
			}
			e.severity = finding.Severity(s)
		case "at":
			e.at = v
		case "expected":
			e.expected = plain(v)
		case "actual":
			e.actual = plain(v)
		default:
			if e.custom == nil {
				e.custom = map[string]any{}
			}
			e.custom[string(name)] = plain(v)
		}
		return nil
	})
}
