package compose

import (
	"path"
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
)

// way is how values of a place in a file are merged.
type way uint8

const (
	plain     way = iota // mappings by key, lists one after another, else the later one
	replace              // the later one
	asMapping            // NAME=value, or mappings, by name
	asKeys               // lists of names, or mappings, by name
	asList               // a single text stands for a list
	unique               // lists, of which a later element replaces an equal one
	logging
	build
)

// ways are the exceptions of the specification ("Merge and override") by the path of
// a value, "*" being the name of a service, volume or network.
var ways = map[string]way{
	"services.*.annotations": asMapping, "services.*.build.additional_contexts": asMapping, "services.*.build.args": asMapping,
	"services.*.build.labels": asMapping, "services.*.deploy.labels": asMapping, "services.*.environment": asMapping,
	"services.*.labels": asMapping, "services.*.sysctls": asMapping, "networks.*.labels": asMapping, "volumes.*.labels": asMapping,
	"services.*.depends_on": asKeys, "services.*.models": asKeys, "services.*.networks": asKeys,
	"services.*.command": replace, "services.*.entrypoint": replace, "services.*.healthcheck.test": replace,
	"services.*.dns": asList, "services.*.dns_opt": asList, "services.*.dns_search": asList, "services.*.env_file": asList,
	"services.*.label_file": asList, "services.*.tmpfs": asList,
	"services.*.configs": unique, "services.*.expose": unique, "services.*.ports": unique, "services.*.profiles": unique,
	"services.*.secrets": unique, "services.*.volumes": unique,
	"services.*.logging": logging, "services.*.build": build,
}

func wayOf(at []string) way {
	if len(at) < 2 {
		return plain
	}
	return ways[at[0]+".*."+strings.Join(at[2:], ".")]
}

// merge returns what a later file makes of an earlier value.
func merge(base, over *Value, at []string) *Value {
	switch {
	case over.tag == tagOverride: // tags within it say nothing
		return settle(over, at)
	case base == nil:
		return settle(clean(over), at)
	}
	switch wayOf(at) {
	case replace:
		return clean(over)
	case asMapping:
		return both(base, over, at, mapping)
	case asKeys:
		return both(base, over, at, keyed)
	case asList:
		return both(base, over, at, listed)
	case build:
		return both(base, over, at, buildOf)
	case logging:
		return mergeLogging(base, over, at)
	}
	return combine(base, over, at)
}

// both merges two values of which each may be written in a shorter form.
func both(base, over *Value, at []string, long func(*Value) *Value) *Value {
	return combine(long(base), long(over), at)
}

// combine merges values of one kind: mappings by key, lists one after another.
func combine(base, over *Value, at []string) *Value {
	switch {
	case over.Kind == node.Null:
		return base
	case over.Kind == opaque || base.Kind == opaque && (over.Kind == object || over.Kind == array):
		// What is known of one may be changed or added to by the other.
		return unknown(over.why(base.Reason), over)
	case base.Kind == object && over.Kind == object:
		return members(base, over, at)
	case base.Kind == array && over.Kind == array:
		out := &Value{Kind: array, Pos: over.Pos}
		out.Elems = append(append(out.Elems, base.Elems...), clean(over).Elems...)
		return settle(out, at)
	case base.Kind == object || base.Kind == array:
		return unknown("what two files give cannot be merged", over)
	}
	return clean(over)
}

// strip removes from a value what a later file resets or replaces. It is done before
// services are extended, which takes the tags away.
func strip(base, over *Value) *Value {
	if base.Kind != object || over.Kind != object {
		return base
	}
	out := &Value{Kind: object, Pos: base.Pos}
	after := over.places()
	for i, key := range base.Keys {
		value := base.Elems[i]
		if j, again := after[key.Name]; again {
			if over.Elems[j].tag != "" {
				continue
			}
			value = strip(value, over.Elems[j])
		}
		out.Keys, out.Elems = append(out.Keys, key), append(out.Elems, value)
	}
	return out
}

// members merges mappings. What is new stands behind what there was.
func members(base, over *Value, at []string) *Value {
	out := &Value{Kind: object, Pos: base.Pos}
	before, after := base.places(), over.places()
	for i, key := range base.Keys {
		j, again := after[key.Name]
		if again && over.Elems[j].tag == tagReset {
			continue
		}
		value := base.Elems[i]
		switch {
		case again && wayOf(at) == asMapping: // a name without a value takes the value away
			value = clean(over.Elems[j])
		case again:
			value = merge(value, over.Elems[j], append(at[:len(at):len(at)], key.Name))
		}
		out.Keys, out.Elems = append(out.Keys, key), append(out.Elems, value)
	}
	for j, key := range over.Keys {
		if _, known := before[key.Name]; known || over.Elems[j].tag == tagReset {
			continue
		}
		value := merge(nil, over.Elems[j], append(at[:len(at):len(at)], key.Name))
		out.Keys, out.Elems = append(out.Keys, key), append(out.Elems, value)
	}
	return out
}

// settle removes the elements of lists that a later one replaces.
func settle(v *Value, at []string) *Value {
	if v.Kind == object && len(at) < 3 {
		out := &Value{Kind: object, Pos: v.Pos, Keys: v.Keys}
		for i, e := range v.Elems {
			out.Elems = append(out.Elems, settle(e, append(at[:len(at):len(at)], v.Keys[i].Name)))
		}
		return out
	}
	if v.Kind != array || wayOf(at) != unique {
		return v
	}
	out := &Value{Kind: array, Pos: v.Pos}
	places := map[string]int{}
	for _, e := range v.Elems {
		key := identity(e, at[2])
		if i, taken := places[key]; taken && key != "" {
			out.Elems[i] = e
			continue
		}
		places[key] = len(out.Elems)
		out.Elems = append(out.Elems, e)
	}
	return out
}

// identity is what tells the elements of a list apart, "" for one that is like no
// other.
func identity(e *Value, list string) string {
	if e.Kind == opaque {
		return ""
	}
	switch list {
	case "ports":
		return readPort(e).identity()
	case "volumes":
		m := readMount(e)
		if !m.Target.Known() {
			return ""
		}
		return path.Clean(m.Target.Value)
	case "secrets", "configs":
		if e.Kind == object {
			for _, name := range []string{"target", "source"} {
				if v := e.Get(name); v.Scalar() {
					return path.Base(v.Text)
				}
			}
			return ""
		}
	}
	if !e.Scalar() {
		return ""
	}
	return e.Text
}

// mergeLogging merges options only where the driver is the same, or one of the two
// names none.
func mergeLogging(base, over *Value, at []string) *Value {
	if base.Kind != object || over.Kind != object {
		return combine(base, over, at)
	}
	a, b := base.Get("driver"), over.Get("driver")
	switch {
	case a == nil || b == nil || b.tag == tagReset || a.Scalar() && b.Scalar() && a.Text == b.Text:
		return members(base, over, at)
	case a.Kind == opaque || b.Kind == opaque:
		return unknown("whether two files name the same logging driver is not known", over)
	}
	return clean(over)
}

// mapping turns a list of NAME=value into a mapping. A name alone has no value.
func mapping(v *Value) *Value {
	if v.Kind != array {
		return v
	}
	return named(v, "an element of the list is not NAME=value", func(e *Value) (string, *Value) {
		name, text, given := strings.Cut(e.Text, "=")
		value := &Value{Kind: node.Null, Pos: e.Pos}
		if given {
			value.Kind, value.Text = node.String, text
		}
		return name, value
	})
}

// keyed turns a list of names into a mapping.
func keyed(v *Value) *Value {
	if v.Kind != array {
		return v
	}
	return named(v, "an element of the list is not a name", func(e *Value) (string, *Value) {
		return e.Text, &Value{Kind: node.Null, Pos: e.Pos}
	})
}

// named makes a mapping of a list, of each element by split. The last of a name holds.
func named(v *Value, reason string, split func(*Value) (string, *Value)) *Value {
	out := &Value{Kind: object, Pos: v.Pos, tag: v.tag}
	places := map[string]int{}
	for _, e := range v.Elems {
		var name string
		var value *Value
		switch before, _, given := strings.Cut(e.Text, "="); {
		case e.Scalar():
			name, value = split(e)
		case e.Kind == opaque && given && !strings.Contains(before, "$") && !strings.HasPrefix(before, "{"):
			name, value = before, unknown(e.Reason, e) // of NAME=${VARIABLE} the name is known
		default:
			return unknown(e.why(reason), v)
		}
		if i, again := places[name]; again {
			out.Keys[i].Pos, out.Elems[i] = e.Pos, value
			continue
		}
		places[name] = len(out.Keys)
		out.Keys, out.Elems = append(out.Keys, Key{name, e.Pos}), append(out.Elems, value)
	}
	return out
}

func listed(v *Value) *Value {
	if v.Scalar() {
		return &Value{Kind: array, Elems: []*Value{v}, Pos: v.Pos, tag: v.tag}
	}
	return v
}

func buildOf(v *Value) *Value {
	if v.Scalar() {
		return &Value{Kind: object, Keys: []Key{{"context", v.Pos}}, Elems: []*Value{v}, Pos: v.Pos, tag: v.tag}
	}
	return v
}
