package fact

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

//go:embed schema/*.json
var schemas embed.FS

// Kind describes the items of one kind of fact. It is read from a schema file
// that states only what is particular to the kind; that every property is
// required, that no other is allowed and that any value may be null (not known)
// holds for all of them and is added by [Kind.Schema].
//
// Schema files are draft-07 with these keywords of ours, each on a property:
//
//	x-ref           an array of references ("target#id") to items of that kind
//	x-inverse       with x-ref: filled with the items of that kind whose field
//	                of this name refers to this item
//	x-annotated     filled from the register before judging; absent as collected
//	x-days-from     days since the time in that field; an empty time is 999999
//	x-days-until    days until the time in that field; an empty time is -999999
//	x-hours-from    as x-days-from, in fractional hours
//	x-sensitive     never shown
type Kind struct {
	Name        string
	Description string
	Fields      []Field
	// Example is one valid collected item.
	Example Item

	raw      map[string]any
	collect  func() *jsonschema.Schema // compiled on first use
	annotate func() *jsonschema.Schema
	shapes   [2]func() *shape // as collected, annotated
	members  int              // of an item, annotated
	register map[string]bool  // members that annotation fills, day counts aside
	hidden   []string         // dotted paths of sensitive fields, without "[]"
}

// Field is a property of an item; Path is dotted, "[]" stands for elements.
type Field struct {
	Path        string
	Type        string // string, integer, number, boolean, array, object, or the enumeration
	Description string
	Ref         string // x-ref
	Inverse     string // x-inverse
	Annotated   bool   // absent as collected
	Sensitive   bool
	Derived     Derivation
}

// Derivation says how a field follows from a time in another field of the same
// object. From and Until are field names; Hours selects hours over days.
type Derivation struct {
	From, Until string
	Hours       bool
}

// Unbounded is the number of days that stands for "no bound", so that a careless
// comparison errs to the strict side.
const Unbounded = 999999

var kinds = sync.OnceValues(loadKinds)

// Kinds returns every kind, sorted by name.
func Kinds() []*Kind {
	all, err := kinds()
	if err != nil {
		panic(err) // the schemas are embedded: a test reads them all
	}
	return all
}

// LookupKind returns the kind of that name, nil if there is none.
func LookupKind(name string) *Kind {
	all := Kinds()
	i, ok := slices.BinarySearchFunc(all, name, func(k *Kind, n string) int { return strings.Compare(k.Name, n) })
	if !ok {
		return nil
	}
	return all[i]
}

func loadKinds() ([]*Kind, error) {
	names, err := fs.Glob(schemas, "schema/*.json")
	if err != nil {
		return nil, err
	}
	var all []*Kind
	for _, name := range names {
		data, err := schemas.ReadFile(name)
		if err != nil {
			return nil, err
		}
		k, err := parseKind(strings.TrimSuffix(path.Base(name), ".json"), data)
		if err != nil {
			return nil, fmt.Errorf("read schema %s: %w", name, err)
		}
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b *Kind) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

func parseKind(name string, data []byte) (*Kind, error) {
	k := &Kind{Name: name, register: map[string]bool{}}
	if err := json.Unmarshal(data, &k.raw); err != nil {
		return nil, err
	}
	k.Description, _ = k.raw["description"].(string)
	if example, ok := k.raw["x-example"].(map[string]any); ok {
		k.Example = example
	}
	k.Fields = fields(nil, "", k.raw)
	for _, f := range k.Fields {
		if !strings.Contains(f.Path, ".") {
			k.members++
			if f.Annotated && f.Derived == (Derivation{}) {
				k.register[f.Path] = true
			}
		}
		if f.Sensitive {
			k.hidden = append(k.hidden, strings.ReplaceAll(f.Path, "[]", ""))
		}
	}
	k.collect = sync.OnceValue(func() *jsonschema.Schema { return mustCompile(name, derive(k.raw, true, false)) })
	k.annotate = sync.OnceValue(func() *jsonschema.Schema { return mustCompile(name, derive(k.raw, false, false)) })
	for i, collected := range []bool{true, false} {
		k.shapes[i] = sync.OnceValue(func() *shape { return newShape(derive(k.raw, collected, false)) })
	}
	return k, nil
}

// mustCompile compiles an embedded schema; a test compiles them all.
func mustCompile(name string, schema map[string]any) *jsonschema.Schema {
	s, err := compile(name, schema)
	if err != nil {
		panic(fmt.Errorf("compile schema of %s: %w", name, err))
	}
	return s
}

func compile(name string, schema map[string]any) (*jsonschema.Schema, error) {
	data, err := json.Marshal(schema)
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft7
	if err := c.AddResource("mem://"+name, strings.NewReader(string(data))); err != nil {
		return nil, err
	}
	return c.Compile("mem://" + name)
}

// Schema returns the kind's whole JSON Schema (draft-07) for one item: as
// collected, or with the annotated fields.
func (k *Kind) Schema(collected bool) map[string]any { return derive(k.raw, collected, false) }

// TypeSchema returns the schema for type-checking Rego: with the annotated
// fields and without null, since a rule never sees a null it may decide on.
func (k *Kind) TypeSchema() map[string]any { return derive(k.raw, false, true) }

// Sensitive reports whether the value at a path of members and indexes is never
// shown.
func (k *Kind) Sensitive(path []string) bool {
	if k == nil || len(k.hidden) == 0 {
		return false
	}
	names := slices.DeleteFunc(slices.Clone(path), func(s string) bool { _, err := strconv.Atoi(s); return err == nil })
	return slices.Contains(k.hidden, strings.Join(names, "."))
}

// FromRegister reports whether a field, or what it is part of ("log/0"), is what
// the register says. A day count stands where its time does.
func (k *Kind) FromRegister(field string) bool {
	if k == nil {
		return false
	}
	name, _, _ := strings.Cut(field, "/")
	return k.register[name]
}

// Field returns the field at a dotted path, nil if the kind has none.
func (k *Kind) Field(path string) *Field {
	for i := range k.Fields {
		if k.Fields[i].Path == path {
			return &k.Fields[i]
		}
	}
	return nil
}

func fields(out []Field, prefix string, schema map[string]any) []Field {
	properties, _ := schema["properties"].(map[string]any)
	names := make([]string, 0, len(properties))
	for name := range properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p, ok := properties[name].(map[string]any)
		if !ok {
			continue
		}
		f := Field{Path: prefix + name, Type: typeOf(p), Annotated: annotated(p)}
		f.Description, _ = p["description"].(string)
		f.Ref, _ = p["x-ref"].(string)
		f.Inverse, _ = p["x-inverse"].(string)
		f.Sensitive, _ = p["x-sensitive"].(bool)
		f.Derived = derivation(p)
		out = append(out, f)
		out = fields(out, prefix+name+".", p)
		if items, ok := p["items"].(map[string]any); ok {
			out = fields(out, prefix+name+"[].", items)
		}
	}
	return out
}

func typeOf(p map[string]any) string {
	if enum, ok := p["enum"].([]any); ok {
		var members []string
		for _, e := range enum {
			members = append(members, fmt.Sprint(e))
		}
		return strings.Join(members, "|")
	}
	t, _ := p["type"].(string)
	if items, ok := p["items"].(map[string]any); ok && t == "array" {
		return "array of " + typeOf(items)
	}
	if t == "" {
		return "any"
	}
	return t
}

func derivation(p map[string]any) Derivation {
	var d Derivation
	d.From, _ = p["x-days-from"].(string)
	d.Until, _ = p["x-days-until"].(string)
	if from, ok := p["x-hours-from"].(string); ok {
		d.From, d.Hours = from, true
	}
	return d
}

func annotated(p map[string]any) bool {
	_, inverse := p["x-inverse"]
	a, _ := p["x-annotated"].(bool)
	d := derivation(p)
	return a || inverse || d.From != "" || d.Until != ""
}
