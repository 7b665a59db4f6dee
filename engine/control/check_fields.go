package control

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// steps checks every member that is selected by name.
func (k *check) steps() {
	for _, n := range k.notes.steps {
		switch {
		case n.from[0] != "input":
			continue // parameters are checked by name
		case len(n.from) == 2 && n.from[1] == "facts":
			k.kind(n)
			continue
		case isKind(n.from):
			continue // a look-up
		}
		schema, ok := k.schema(n.from)
		if !ok || schema == nil {
			continue // reported where it went wrong, or not described
		}
		properties, object := schema["properties"].(map[string]any)
		_, index := strconv.Atoi(n.name)
		switch {
		case object:
			if properties[n.name] == nil && n.name != "*" {
				names := slices.Sorted(maps.Keys(properties))
				meant := fact.Suggest(n.name, names)
				hint := "it has " + strings.Join(names, ", ")
				if kind, _ := k.field(n.from.member(n.name)); meant != "" && kind != nil {
					hint = "`writ kinds " + kind.Name + "` lists them"
				}
				k.report(n.at, "unknown field", fmt.Sprintf("%s has no field %q%s", k.describe(n.from), n.name, meant), hint)
			}
		case schema["items"] != nil:
			if n.name != "*" && index != nil {
				k.report(n.at, "unknown field", fmt.Sprintf("%s is an array and has no field %q", k.describe(n.from), n.name), "select an element, with some or [_]")
			}
		case schema["type"] != nil || schema["enum"] != nil:
			k.report(n.at, "unknown field", fmt.Sprintf("%s is a %s and has no field %q", k.describe(n.from), typeOf(schema), n.name), "")
		}
	}
}

func typeOf(schema map[string]any) string {
	if schema["enum"] != nil {
		return "string"
	}
	t, _ := schema["type"].(string)
	return t
}

// kind checks input.facts.NAME.
func (k *check) kind(n stepNote) {
	switch {
	case n.name == "*":
		k.report(n.at, "kind is computed", "which kind of facts is looked up cannot be told", "name it: input.facts[\"kind\"][reference]")
	case fact.LookupKind(n.name) == nil:
		k.report(n.at, "unknown kind", fmt.Sprintf("%q is not a kind of fact%s", n.name, suggestKind(n.name)), "`writ kinds` lists them")
	case !k.control.Reads(n.name):
		k.report(n.at, "kind is not in METADATA", fmt.Sprintf("%q stands neither in facts nor in may_read%s", n.name, fact.Suggest(n.name, k.control.Kinds())),
			"add it to facts if the control cannot do without it, else to may_read")
	}
}

// schema returns what is known of a place; nil if it may hold anything, not ok if
// there is no such place.
func (k *check) schema(p place) (schema map[string]any, ok bool) {
	if p[0] != "input" {
		return nil, false
	}
	var rest place
	switch {
	case len(p) == 1:
		return inputShape("subject", "target", "facts", "run"), true
	case p[1] == "subject":
		schema, rest = k.ofKind(k.control.Subject), p[2:]
	case p[1] == "facts" && len(p) > 3:
		schema, rest = k.ofKind(p[2]), p[4:]
	case p[1] == "target":
		schema, rest = inputShape("id", "environment"), p[2:]
	case p[1] == "run":
		schema, rest = inputShape("now", "date"), p[2:]
	}
	if schema == nil {
		return nil, false
	}
	for _, name := range rest {
		properties, object := schema["properties"].(map[string]any)
		items, array := schema["items"].(map[string]any)
		switch {
		case object && name == "*":
			return nil, true
		case object:
			if schema, ok = properties[name].(map[string]any); !ok {
				return nil, false
			}
		case array:
			schema = items
		case schema["type"] != nil && schema["type"] != "object" && schema["type"] != "array" || schema["enum"] != nil:
			return nil, false
		default:
			return nil, true
		}
	}
	return schema, true
}

func inputShape(names ...string) map[string]any {
	properties := map[string]any{}
	for _, n := range names {
		properties[n] = map[string]any{}
	}
	return map[string]any{"properties": properties}
}

func (k *check) ofKind(name string) map[string]any {
	if k.schemas[name] == nil {
		if kind := fact.LookupKind(name); kind != nil {
			k.schemas[name] = kind.TypeSchema()
		}
	}
	return k.schemas[name]
}

// field divides a place into its kind and the path below, with "[]" after what
// is an array.
func (k *check) field(p place) (*fact.Kind, []string) {
	var kind string
	var rest place
	switch {
	case len(p) > 2 && p[0] == "input" && p[1] == "subject":
		kind, rest = k.control.Subject, p[2:]
	case len(p) > 4 && p[0] == "input" && p[1] == "facts":
		kind, rest = p[2], p[4:]
	default:
		return nil, nil
	}
	var path []string
	for _, s := range rest {
		if _, err := strconv.Atoi(s); (err == nil || s == "*") && len(path) > 0 {
			path[len(path)-1] += "[]"
			continue
		}
		path = append(path, s)
	}
	return fact.LookupKind(kind), path
}

// describe names a place as its kind and field: port.listener owners.exe.
func (k *check) describe(p place) string {
	if kind, path := k.field(p); kind != nil {
		return kind.Name + " " + strings.ReplaceAll(strings.Join(path, "."), "[]", "")
	}
	switch {
	case len(p) == 2 && p[1] == "subject":
		return k.control.Subject
	case len(p) == 4 && p[1] == "facts":
		return p[2]
	}
	return strings.Join(p, ".")
}
