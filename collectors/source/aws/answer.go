package aws

import (
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Answer is what configuration says about one attribute: a value, declared or
// the provider's default, or the reason why it is not known. The reason is ""
// exactly if the value is known.
type Answer[T any] struct {
	Value   T
	Reason  string
	Default bool
	Pos     fact.Position
}

// Known reports whether there is a value.
func (a Answer[T]) Known() bool { return a.Reason == "" }

// Put stores the answer in an item: the value, or a gap with the reason.
func (a Answer[T]) Put(item *fact.ItemBuilder, name string) {
	if !a.Known() {
		item.Gap(name, a.Reason, a.Pos)
		return
	}
	if list, ok := any(a.Value).([]string); ok {
		item.Set(name, fact.Strings(list), a.Pos)
		return
	}
	item.Set(name, a.Value, a.Pos)
}

// Declared is a value read at a position.
func Declared[T any](value T, at fact.Position) Answer[T] { return Answer[T]{Value: value, Pos: at} }

// Default is what the provider does where nothing is written in the block at a
// position.
func Default[T any](value T, block fact.Position) Answer[T] {
	return Answer[T]{Value: value, Default: true, Pos: block}
}

// NotKnown is no value, and why.
func NotKnown[T any](reason string, at fact.Position) Answer[T] {
	if reason == "" {
		reason = "not known"
	}
	return Answer[T]{Reason: reason, Pos: at}
}

// Unknown is an unknown value's answer.
func Unknown[T any](v *terraform.Value) Answer[T] { return NotKnown[T](v.Reason, v.Pos) }

// Then applies f to a known value.
func Then[T, U any](a Answer[T], f func(T) U) Answer[U] {
	if !a.Known() {
		return Answer[U]{Reason: a.Reason, Pos: a.Pos}
	}
	return Answer[U]{Value: f(a.Value), Default: a.Default, Pos: a.Pos}
}

// Text reads a string argument of a block; absent is what the provider then
// uses.
func Text(block *terraform.Value, absent string, path ...string) Answer[string] {
	v := block.Get(path...)
	switch v.Kind {
	case terraform.Absent, terraform.Null:
		return Default(absent, block.Pos)
	case terraform.String:
		return Declared(v.Text, v.Pos)
	case terraform.Number:
		return Declared(v.Number, v.Pos)
	case terraform.Bool:
		return Declared(strconv.FormatBool(v.Bool), v.Pos)
	case terraform.Unknown:
		return Unknown[string](v)
	}
	return NotKnown[string](path[len(path)-1]+" is not a string", v.Pos)
}

// Bool reads a boolean argument of a block as Terraform converts it.
func Bool(block *terraform.Value, absent bool, path ...string) Answer[bool] {
	v := block.Get(path...)
	switch {
	case v.Unset():
		return Default(absent, block.Pos)
	case v.Kind == terraform.Bool:
		return Declared(v.Bool, v.Pos)
	case v.Kind == terraform.Unknown:
		return Unknown[bool](v)
	case v.Kind == terraform.String && (v.Text == "true" || v.Text == "1"):
		return Declared(true, v.Pos)
	case v.Kind == terraform.String && (v.Text == "false" || v.Text == "0"):
		return Declared(false, v.Pos)
	}
	return NotKnown[bool](path[len(path)-1]+" is not a boolean", v.Pos)
}

// Int reads a whole number argument of a block.
func Int(block *terraform.Value, absent int, path ...string) Answer[int] {
	v := block.Get(path...)
	text := v.Number
	switch v.Kind {
	case terraform.Absent, terraform.Null:
		return Default(absent, block.Pos)
	case terraform.Unknown:
		return Unknown[int](v)
	case terraform.String:
		text = v.Text
	case terraform.Number:
	default:
		return NotKnown[int](path[len(path)-1]+" is not a number", v.Pos)
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return NotKnown[int](path[len(path)-1]+" is not a whole number", v.Pos)
	}
	return Declared(n, v.Pos)
}

// Texts reads an argument that is a list or set of strings; absent is an empty
// one.
func Texts(block *terraform.Value, path ...string) Answer[[]string] {
	v := block.Get(path...)
	switch v.Kind {
	case terraform.Absent, terraform.Null:
		return Default([]string{}, block.Pos)
	case terraform.String:
		return Declared([]string{v.Text}, v.Pos)
	case terraform.Unknown:
		return Unknown[[]string](v)
	case terraform.List:
		out := []string{}
		for _, e := range v.Elems {
			if e.Kind == terraform.Unknown {
				return Unknown[[]string](e)
			}
			if e.Kind != terraform.String {
				return NotKnown[[]string](path[len(path)-1]+" holds something other than strings", e.Pos)
			}
			out = append(out, e.Text)
		}
		return Declared(out, v.Pos)
	}
	return NotKnown[[]string](path[len(path)-1]+" is not a list", v.Pos)
}

// And is true if both are, false as soon as one is known to be false.
func And(a, b Answer[bool]) Answer[bool] { return decide(a, b, false) }

// Or is true as soon as one is known to be true.
func Or(a, b Answer[bool]) Answer[bool] { return decide(a, b, true) }

// Not is the opposite.
func Not(a Answer[bool]) Answer[bool] { return Then(a, func(v bool) bool { return !v }) }

// decide combines two answers of which a known one equal to wins decides alone.
func decide(a, b Answer[bool], wins bool) Answer[bool] {
	switch {
	case a.Known() && a.Value == wins:
		return a
	case b.Known() && b.Value == wins:
		return b
	case !a.Known():
		return a
	case !b.Known():
		return b
	case a.Default:
		return b
	}
	return a
}

// Union joins lists; one that is not known makes the whole not known.
func Union(all ...Answer[[]string]) Answer[[]string] {
	out := Default([]string{}, fact.Position{})
	for _, a := range all {
		if !a.Known() {
			return a
		}
		out.Value = append(out.Value, a.Value...)
		if !a.Default || out.Pos.IsZero() {
			out.Default, out.Pos = out.Default && a.Default, a.Pos
		}
	}
	slices.Sort(out.Value)
	out.Value = slices.Compact(out.Value)
	return out
}

// lower returns a known string in lower case, for enumerations that AWS compares
// without case.
func lower(a Answer[string]) Answer[string] { return Then(a, strings.ToLower) }
