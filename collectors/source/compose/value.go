package compose

import (
	"strconv"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

const (
	object = node.Object
	array  = node.Array
	opaque = node.Opaque
)

// Value is a node of a project: variables are filled in, files merged. It knows
// where it stands, since the values of one mapping may come from several files.
type Value struct {
	Kind node.Kind
	// Text of a scalar, as filled in; of an opaque value, as written.
	Text string
	// Reason of an opaque value.
	Reason string
	Keys   []Key
	Elems  []*Value
	Pos    fact.Position

	tag string // tagReset, tagOverride or ""
}

// Key is the name of a member, and its place.
type Key struct {
	Name string
	Pos  fact.Position
}

// Get returns a member, nil if there is none. What is in an opaque value is not known:
// the value itself.
func (v *Value) Get(names ...string) *Value {
	for _, name := range names {
		if v == nil || v.Kind == opaque {
			return v
		}
		i := v.index(name)
		if i < 0 {
			return nil
		}
		v = v.Elems[i]
	}
	return v
}

func (v *Value) index(name string) int {
	if v != nil && v.Kind == object {
		for i := range v.Keys {
			if v.Keys[i].Name == name {
				return i
			}
		}
	}
	return -1
}

// places are the places of members by name.
func (v *Value) places() map[string]int {
	out := make(map[string]int, len(v.Keys))
	for i, key := range v.Keys {
		out[key.Name] = i
	}
	return out
}

// IsNull reports whether there is nothing: no value, or a null.
func (v *Value) IsNull() bool { return v == nil || v.Kind == node.Null }

// Scalar reports whether it is a string, a number or a boolean.
func (v *Value) Scalar() bool {
	return v != nil && (v.Kind == node.String || v.Kind == node.Number || v.Kind == node.Bool)
}

// why is the reason of an opaque value, else the other one.
func (v *Value) why(other string) string {
	if v != nil && v.Kind == opaque {
		return v.Reason
	}
	return other
}

// String reads a scalar; absent is what holds where there is none, by what stands at
// a place.
func (v *Value) String(absent string, block fact.Position) aws.Answer[string] {
	switch {
	case v.IsNull():
		return aws.Default(absent, block)
	case !v.Scalar():
		return aws.NotKnown[string](v.why("it is not a string"), v.Pos)
	}
	return aws.Declared(v.Text, v.Pos)
}

// Bool reads a boolean, or a string that a variable made of one.
func (v *Value) Bool(absent bool, block fact.Position) aws.Answer[bool] {
	text := v.String(strconv.FormatBool(absent), block)
	if !text.Known() {
		return aws.NotKnown[bool](text.Reason, text.Pos)
	}
	on, err := strconv.ParseBool(text.Value)
	if err != nil {
		return aws.NotKnown[bool]("it is neither true nor false", text.Pos)
	}
	return aws.Answer[bool]{Value: on, Default: text.Default, Pos: text.Pos}
}

// List returns the members of a list, of a single scalar that stands for a list of
// one too; reason says why there may be others.
func (v *Value) List() (all []*Value, reason string) {
	switch {
	case v.IsNull():
		return nil, ""
	case v.Kind == array:
		return v.Elems, ""
	case v.Scalar():
		return []*Value{v}, ""
	}
	return nil, v.why("it is not a list")
}

// Members returns the members of a mapping, or of a list of NAME=value that stands
// for one; reason says why there may be others.
func (v *Value) Members() (keys []Key, values []*Value, reason string) {
	if v.IsNull() {
		return nil, nil, ""
	}
	m := mapping(v)
	if m.Kind != object {
		return nil, nil, m.why("it is not a mapping")
	}
	return m.Keys, m.Elems, ""
}

// unknown is a value that is not known, at the place of another.
func unknown(reason string, at *Value) *Value {
	return &Value{Kind: opaque, Reason: reason, Text: at.Text, Pos: at.Pos}
}

// with returns a mapping in which a member has a value.
func (v *Value) with(key Key, value *Value) *Value {
	out := *v
	out.Keys = append([]Key(nil), v.Keys...)
	out.Elems = append([]*Value(nil), v.Elems...)
	if i := v.index(key.Name); i >= 0 {
		out.Elems[i] = value
		return &out
	}
	out.Keys, out.Elems = append(out.Keys, key), append(out.Elems, value)
	return &out
}

// without returns a mapping that lacks a member.
func (v *Value) without(name string) *Value {
	i := v.index(name)
	if i < 0 {
		return v
	}
	out := *v
	out.Keys = append(append([]Key(nil), v.Keys[:i]...), v.Keys[i+1:]...)
	out.Elems = append(append([]*Value(nil), v.Elems[:i]...), v.Elems[i+1:]...)
	return &out
}
