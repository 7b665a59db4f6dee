package terraform

import "github.com/writ-policy/writ/engine/fact"

// Kind is the kind of a [Value].
type Kind uint8

const (
	Absent Kind = iota // not written: the zero Value, what Get returns
	Null               // written as null, or evaluated to it: Terraform treats it as not written
	Bool
	Number
	String
	List   // list, set, tuple, and repeated nested blocks
	Object // object, map, and the body of a block
	Unknown
)

// Value is an evaluated argument with its place. Values are read-only.
type Value struct {
	Kind   Kind
	Bool   bool
	Number string   // decimal as Terraform prints it: exact, never a float
	Text   string   // of a String
	Elems  []*Value // List
	Fields []Field  // Object, in source order for blocks, sorted by name for maps
	// Reason says why the value is Unknown ("known only after apply",
	// "variable db_password has no value", "file outside the tree").
	// A List or Object that may hold more than is listed (dynamic blocks over an
	// unknown value, merge with an unknown) has Kind Unknown.
	Reason string
	// Refs are the resource attributes that fed the value, through locals,
	// variables, functions and modules; sorted. An Unknown that is just
	// aws_kms_key.logs.arn has that one Ref, and Direct is true.
	Refs   []Ref
	Direct bool
	// Sensitive values are never printed.
	Sensitive bool
	// Literal is true if the value, a scalar, was written as a literal in the
	// configuration.
	Literal bool
	// Origin is where a plan has the value from; Written for HCL.
	Origin Origin
	// Literals are the string literals within an expression that is more than a
	// literal: the fixed parts of a template, arguments of functions. In source
	// order, each a String with its position; known even if the value is not.
	Literals []*Value
	// Parts are those of a template that is Unknown, in order: its text is theirs
	// one after the other. Nil of any other expression.
	Parts []*Value
	// Encodes is what jsonencode was given, if the value is its result: with the
	// places of its parts, and known as far as it is where the text is not.
	Encodes *Value
	// Pos is where the deciding expression or block stands.
	Pos fact.Position
}

// Origin is where a value of a plan comes from, as far as a plan tells.
type Origin uint8

const (
	Written  Origin = iota // stands in the configuration
	Computed               // of an expression, or given from outside: not told
	Provided               // nobody wrote it: the provider decides it, or it exists so
)

// Field is a named member of an Object.
type Field struct {
	Name  string
	Value *Value
}

// Ref names an attribute of a resource instance: Address is as in
// [Resource.Address] (without a key where the instance is not known), Path the
// attribute path ("arn", "0.id").
type Ref struct {
	Address string
	Path    string
}

// Get returns the value at the path of names, the zero Value (Absent) if
// nothing is written there. Crossing an Unknown returns that Unknown, so that a
// reason is never lost.
func (v *Value) Get(path ...string) *Value {
	for _, name := range path {
		if v == nil {
			return &Value{}
		}
		if v.Kind == Unknown {
			return v
		}
		v = v.field(name)
	}
	if v == nil {
		return &Value{}
	}
	return v
}

func (v *Value) field(name string) *Value {
	for _, f := range v.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return nil
}

// Unset reports whether nothing or null is written: the provider's default
// applies.
func (v *Value) Unset() bool { return v == nil || v.Kind == Absent || v.Kind == Null }
