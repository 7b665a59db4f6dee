package control

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/writ-policy/writ/engine/fact"
)

// Parameter is a value that controls compare against.
type Parameter struct {
	Name        string `yaml:"-" json:"name"` // topic.name, dotted
	Type        string `yaml:"type" json:"type"`
	Unit        string `yaml:"unit" json:"unit"`
	Description string `yaml:"description" json:"description"`
	Default     any    `yaml:"default" json:"default"`
	// Source is where the default comes from: a legal text with its clause, or
	// "design" for a choice of ours.
	Source string `yaml:"source" json:"source"`
}

// Parameters holds the values of a run and who set each.
type Parameters struct {
	declared map[string]Parameter
	values   map[string]any
	origins  map[string]string
	tables   map[string]any // topic.name → dated table, cut to the run's date
}

// ReadParameters reads params.yaml: a mapping from dotted names to [Parameter].
func ReadParameters(fsys fs.FS) (*Parameters, error) {
	p := &Parameters{declared: map[string]Parameter{}, values: map[string]any{}, origins: map[string]string{}, tables: map[string]any{}}
	data, err := fs.ReadFile(fsys, "params.yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	} else if err != nil {
		return nil, fmt.Errorf("read parameters: %w", err)
	}
	if err := yaml.Unmarshal(data, &p.declared); err != nil {
		return nil, fmt.Errorf("read params.yaml: %w", err)
	}
	for name, d := range p.declared {
		d.Name = name
		p.declared[name] = d
		if err := checkType(d.Type, d.Default); err != nil {
			return nil, fmt.Errorf("read params.yaml: default of %s: %w", name, err)
		}
		p.values[name] = d.Default
		p.origins[name] = "default"
	}
	return p, nil
}

// List returns the declared parameters by name.
func (p *Parameters) List() []Parameter {
	out := make([]Parameter, 0, len(p.declared))
	for _, name := range slices.Sorted(maps.Keys(p.declared)) {
		out = append(out, p.declared[name])
	}
	return out
}

// Set overrides a parameter. Origin says who did ("writ.hcl:4", "--params").
// Names under log.regimes.own and other open families need no declaration when
// a sibling declares the type.
func (p *Parameters) Set(name string, value any, origin string) error {
	d, ok := p.declared[name]
	if !ok {
		sibling, found := p.sibling(name)
		if !found {
			return fmt.Errorf("no parameter %q%s", name, fact.Suggest(name, slices.Collect(maps.Keys(p.declared))))
		}
		d = sibling
	}
	if err := checkType(d.Type, value); err != nil {
		return fmt.Errorf("parameter %s: %w", name, err)
	}
	p.values[name] = value
	p.origins[name] = origin
	return nil
}

// sibling finds a declared retention bound for a regime that is not declared:
// log.regimes.own.debug.max_days follows log.regimes.base.debug.max_days.
func (p *Parameters) sibling(name string) (Parameter, bool) {
	segments := strings.Split(name, ".")
	if len(segments) != 5 || segments[0] != "log" || segments[1] != "regimes" {
		return Parameter{}, false
	}
	for _, other := range slices.Sorted(maps.Keys(p.declared)) {
		s := strings.Split(other, ".")
		if len(s) == 5 && s[0] == "log" && s[1] == "regimes" && s[4] == segments[4] {
			return p.declared[other], true
		}
	}
	return Parameter{}, false
}

// Default returns a parameter's declared default, nil if it has none.
func (p *Parameters) Default(name string) any { return p.declared[name].Default }

// Value returns a parameter's value and who set it; ok is false if there is no
// such parameter.
func (p *Parameters) Value(name string) (value any, origin string, ok bool) {
	value, ok = p.values[name]
	return value, p.origins[name], ok
}

// SetTable adds a dated table under topic.name.
func (p *Parameters) SetTable(name string, rows any) { p.tables[name] = rows }

// Tree returns the nested values that controls see as data.params.
func (p *Parameters) Tree() map[string]any {
	root := map[string]any{}
	for _, values := range []map[string]any{p.values, p.tables} {
		for name, v := range values {
			at := root
			segments := strings.Split(name, ".")
			for _, s := range segments[:len(segments)-1] {
				next, ok := at[s].(map[string]any)
				if !ok {
					next = map[string]any{}
					at[s] = next
				}
				at = next
			}
			at[segments[len(segments)-1]] = v
		}
	}
	return root
}

// Schema describes the tree for type-checking Rego.
func (p *Parameters) Schema() map[string]any {
	root := object()
	for _, name := range slices.Sorted(maps.Keys(p.values)) {
		d := p.declared[name]
		if d.Type == "" {
			d, _ = p.sibling(name)
		}
		at := root
		segments := strings.Split(name, ".")
		for _, s := range segments[:len(segments)-1] {
			properties := at["properties"].(map[string]any)
			if properties[s] == nil {
				properties[s] = object()
			}
			at = properties[s].(map[string]any)
		}
		at["properties"].(map[string]any)[segments[len(segments)-1]] = typeSchema(d.Type)
	}
	for name := range p.tables {
		at := root
		segments := strings.Split(name, ".")
		for _, s := range segments[:len(segments)-1] {
			properties := at["properties"].(map[string]any)
			if properties[s] == nil {
				properties[s] = object()
			}
			at = properties[s].(map[string]any)
		}
		at["properties"].(map[string]any)[segments[len(segments)-1]] = map[string]any{}
	}
	return root
}

// Digest is over all values and tables.
func (p *Parameters) Digest() string {
	data, err := json.Marshal(p.Tree())
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func object() map[string]any { return map[string]any{"type": "object", "properties": map[string]any{}} }

// typeSchema maps a parameter type to JSON Schema: boolean, integer, number,
// string, "list of T", "map to T" (a table keyed by name).
func typeSchema(t string) map[string]any {
	if elem, ok := strings.CutPrefix(t, "list of "); ok {
		return map[string]any{"type": "array", "items": typeSchema(elem)}
	}
	if elem, ok := strings.CutPrefix(t, "map to "); ok {
		return map[string]any{"type": "object", "additionalProperties": typeSchema(elem)}
	}
	return map[string]any{"type": t}
}

func checkType(t string, v any) error {
	if elem, ok := strings.CutPrefix(t, "list of "); ok {
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("want a list, have %s", typeName(v))
		}
		for i, e := range list {
			if err := checkType(elem, e); err != nil {
				return fmt.Errorf("element %d: %w", i+1, err)
			}
		}
		return nil
	}
	if elem, ok := strings.CutPrefix(t, "map to "); ok {
		m, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("want a mapping, have %s", typeName(v))
		}
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if err := checkType(elem, m[name]); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}
	have := typeName(v)
	if have == t || t == "number" && have == "integer" {
		return nil
	}
	return fmt.Errorf("want %s, have %s", t, have)
}

func typeName(v any) string {
	switch v := v.(type) {
	case bool:
		return "boolean"
	case string:
		return "string"
	case int, int64:
		return "integer"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case json.Number:
		if _, err := v.Int64(); err == nil {
			return "integer"
		}
		return "number"
	case []any:
		return "list"
	case map[string]any:
		return "mapping"
	}
	return "nothing"
}
