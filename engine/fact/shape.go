package fact

import (
	"encoding/json"
	"regexp"
	"unicode/utf8"
)

// shape is a kind's schema reduced to what decides most values: types, closed
// objects, enumerations, lengths. It only ever accepts: a value that it does not
// accept is given to the schema library, which says what is wrong, or that nothing
// is. A test holds the two against each other on mutated items.
type shape struct {
	types      typeSet
	enum       map[string]bool // of strings; nil without an enumeration
	null       bool            // whether the enumeration holds null
	minLength  int
	pattern    *regexp.Regexp
	minimum    *float64
	maximum    *float64
	properties map[string]*shape
	names      []string // of properties, sorted
	object     bool     // properties are closed and all required
	items      *shape
	other      bool // a keyword that the shape does not know: never accepts
}

type typeSet uint8

const (
	typeNull typeSet = 1 << iota
	typeBoolean
	typeString
	typeInteger
	typeNumber
	typeArray
	typeObject
	typeAny typeSet = 0xff
)

var typeNames = map[string]typeSet{
	"null": typeNull, "boolean": typeBoolean, "string": typeString, "integer": typeInteger,
	"number": typeNumber | typeInteger, "array": typeArray, "object": typeObject,
}

// newShape reads a derived schema.
func newShape(schema map[string]any) *shape {
	s := &shape{types: typeAny}
	for keyword, v := range schema {
		switch keyword {
		case "type":
			s.types = 0
			list, ok := v.([]any)
			if !ok {
				list = []any{v}
			}
			for _, t := range list {
				name, _ := t.(string)
				s.types |= typeNames[name]
			}
		case "enum":
			s.enum = map[string]bool{}
			list, _ := v.([]any)
			for _, e := range list {
				switch e := e.(type) {
				case nil:
					s.null = true
				case string:
					s.enum[e] = true
				default:
					s.other = true
				}
			}
		case "minLength":
			n, ok := v.(float64)
			s.minLength, s.other = int(n), s.other || !ok
		case "pattern":
			text, _ := v.(string)
			re, err := regexp.Compile(text)
			s.pattern, s.other = re, s.other || err != nil
		case "minimum", "maximum":
			n, ok := v.(float64)
			s.other = s.other || !ok
			if keyword == "minimum" {
				s.minimum = &n
			} else {
				s.maximum = &n
			}
		case "properties":
			s.object = true
			s.properties = map[string]*shape{}
			properties, _ := v.(map[string]any)
			for name, p := range properties {
				if m, ok := p.(map[string]any); ok {
					s.properties[name] = newShape(m)
				} else {
					s.other = true
				}
			}
			s.names = SortedKeys(s.properties)
		case "items":
			if m, ok := v.(map[string]any); ok {
				s.items = newShape(m)
			} else {
				s.other = true
			}
		case "required", "additionalProperties", "title", "description", "$schema", "$id":
			// derive writes the first two for every object, closed and whole.
		default:
			if len(keyword) < 2 || keyword[:2] != "x-" {
				s.other = true
			}
		}
	}
	return s
}

func (s *shape) within(n float64) bool {
	return (s.minimum == nil || n >= *s.minimum) && (s.maximum == nil || n <= *s.maximum)
}

// accepts reports whether a value surely satisfies the schema.
func (s *shape) accepts(v any) bool {
	if s.other {
		return false
	}
	switch v := v.(type) {
	case nil:
		return s.types&typeNull != 0 && (s.enum == nil || s.null)
	case string:
		return s.types&typeString != 0 && (s.enum == nil || s.enum[v]) && (s.minLength == 0 || utf8.RuneCountInString(v) >= s.minLength) &&
			(s.pattern == nil || s.pattern.MatchString(v))
	case bool:
		return s.types&typeBoolean != 0 && s.enum == nil
	case int:
		return s.types&typeInteger != 0 && s.enum == nil && s.within(float64(v))
	case int64:
		return s.types&typeInteger != 0 && s.enum == nil && s.within(float64(v))
	case float64:
		return s.types&typeNumber != 0 && s.enum == nil && s.within(v)
	case json.Number:
		// Whether 1.0 is an integer is the library's business.
		return s.types&typeNames["number"] == typeNames["number"] && s.enum == nil && s.minimum == nil && s.maximum == nil && json.Valid([]byte(v))
	case []any:
		if s.types&typeArray == 0 || s.enum != nil {
			return false
		}
		if s.items == nil {
			return true
		}
		for _, e := range v {
			if !s.items.accepts(e) {
				return false
			}
		}
		return true
	case map[string]any:
		if s.types&typeObject == 0 || s.enum != nil {
			return false
		}
		if !s.object {
			return true
		}
		if len(v) != len(s.properties) {
			return false
		}
		for name, m := range v {
			p := s.properties[name]
			if p == nil || !p.accepts(m) {
				return false
			}
		}
		return true
	}
	return false
}
