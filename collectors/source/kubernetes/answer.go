package kubernetes

import (
	"strconv"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/node"
)

// Value returns what a path below a node leads to: nil if nothing stands there, an
// opaque node if that, or what encloses it, is not known.
func (o *Object) Value(from *node.Node, path ...string) *node.Node {
	n := follow(from, path...)
	if n.IsNull() {
		return nil
	}
	return n
}

// Text reads a scalar as a string; absent is what the API takes where none is
// given.
func (o *Object) Text(from *node.Node, absent string, path ...string) aws.Answer[string] {
	n := o.Value(from, path...)
	switch {
	case n == nil:
		return aws.Default(absent, o.At(from))
	case n.Kind == node.Opaque:
		return aws.NotKnown[string](n.Reason, o.At(n))
	case n.Kind == node.Array || n.Kind == node.Object:
		return aws.NotKnown[string](last(path)+" is not a string", o.At(n))
	}
	return aws.Declared(n.Text, o.At(n))
}

// Bool reads a boolean.
func (o *Object) Bool(from *node.Node, absent bool, path ...string) aws.Answer[bool] {
	n := o.Value(from, path...)
	switch {
	case n == nil:
		return aws.Default(absent, o.At(from))
	case n.Kind == node.Opaque:
		return aws.NotKnown[bool](n.Reason, o.At(n))
	case n.Kind != node.Bool:
		return aws.NotKnown[bool](last(path)+" is not a boolean", o.At(n))
	}
	return aws.Declared(n.Text == "true", o.At(n))
}

// Flag reads an annotation or option that says "true" or "false" as a string.
func (o *Object) Flag(n *node.Node, absent bool) aws.Answer[bool] {
	switch {
	case n.IsNull():
		return aws.Default(absent, o.Pos())
	case n.Kind == node.Opaque:
		return aws.NotKnown[bool](n.Reason, o.At(n))
	}
	on, err := strconv.ParseBool(n.Text)
	if err != nil || n.Kind == node.Array || n.Kind == node.Object {
		return aws.NotKnown[bool]("neither true nor false", o.At(n))
	}
	return aws.Declared(on, o.At(n))
}

// Int reads a whole number.
func (o *Object) Int(from *node.Node, absent int, path ...string) aws.Answer[int] {
	n := o.Value(from, path...)
	switch {
	case n == nil:
		return aws.Default(absent, o.At(from))
	case n.Kind == node.Opaque:
		return aws.NotKnown[int](n.Reason, o.At(n))
	}
	i, err := strconv.Atoi(n.Text)
	if err != nil || n.Kind != node.Number && n.Kind != node.String {
		return aws.NotKnown[int](last(path)+" is not a whole number", o.At(n))
	}
	return aws.Declared(i, o.At(n))
}

// Texts reads a list of scalars; absent is an empty one.
func (o *Object) Texts(from *node.Node, path ...string) aws.Answer[[]string] {
	n := o.Value(from, path...)
	switch {
	case n == nil:
		return aws.Default([]string{}, o.At(from))
	case n.Kind == node.Opaque:
		return aws.NotKnown[[]string](n.Reason, o.At(n))
	case n.Kind != node.Array:
		return aws.NotKnown[[]string](last(path)+" is not a list", o.At(n))
	}
	out := aws.Declared([]string{}, o.At(n))
	for _, e := range n.Elems {
		switch e.Kind {
		case node.String, node.Number, node.Bool:
			out.Value = append(out.Value, e.Text)
		case node.Opaque:
			return aws.NotKnown[[]string](e.Reason, o.At(e))
		default:
			return aws.NotKnown[[]string](last(path)+" holds something other than strings", o.At(e))
		}
	}
	return out
}

// List returns the members of a list that are mappings, and why there may be
// others, "" if there are none.
func (o *Object) List(from *node.Node, path ...string) (all []*node.Node, reason string) {
	n := o.Value(from, path...)
	switch {
	case n == nil:
		return nil, ""
	case n.Kind == node.Opaque:
		return nil, n.Reason
	case n.Kind != node.Array:
		return nil, last(path) + " is not a list"
	}
	for _, e := range n.Elems {
		switch e.Kind {
		case node.Object:
			all = append(all, e)
		case node.Opaque:
			reason = e.Reason
		default:
			reason = "a member of " + last(path) + " is not a mapping"
		}
	}
	return all, reason
}

func last(path []string) string {
	if len(path) == 0 {
		return "it"
	}
	return path[len(path)-1]
}
