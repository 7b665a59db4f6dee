// Package node is the tree that the readers of configuration formats make: YAML,
// JSON, TOML, INI and the rest yield the same nodes, each with its place in the
// file, so that what reads them needs to know one shape.
package node

import (
	"slices"

	"github.com/writ-policy/writ/engine/fact"
)

// Kind is the kind of a node.
type Kind uint8

// Kinds of nodes. Opaque is what a reader recognises but does not model (a custom
// YAML tag, an anchor beyond the budget): its value is not known, Reason says why.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
	Opaque
)

// Node is a value and its place. Lines and columns count from 1; a column counts
// bytes; 0 is not known. The end is that of the last character.
type Node struct {
	Kind Kind
	// Text is the value of a String, the source text of an Opaque, the exact JSON
	// literal of a Number ("1e3" and "0x10" become "1000" and "16"), "true" or
	// "false" of a Bool.
	Text string
	// Reason of an Opaque.
	Reason string
	// Keys of an Object, one for each of Elems, in the order of the file. A key
	// stands once; what a reader found twice it has diagnosed.
	Keys []Key
	// Elems of an Array or an Object; of an Opaque the values of which one may count,
	// if there are several.
	Elems []*Node

	Line, Column, EndLine, EndColumn int
}

// Key is the name of an object's member and its place.
type Key struct {
	Name         string
	Line, Column int
}

// Document is one document of a file: a YAML stream has several.
type Document struct {
	// Source is the file, relative to the tree.
	Source string
	// Index counts the documents of the file from 0.
	Index int
	Root  *Node
}

// Get returns the member of an object, nil if there is none or n is not an object.
func (n *Node) Get(name string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Keys {
		if n.Keys[i].Name == name {
			return n.Elems[i]
		}
	}
	return nil
}

// At follows names of members, nil if one is not there.
func (n *Node) At(names ...string) *Node {
	for _, name := range names {
		n = n.Get(name)
	}
	return n
}

// Has reports whether an object has a member, null or not.
func (n *Node) Has(name string) bool { return n.Get(name) != nil }

// IsNull reports whether there is nothing: no node, or a null.
func (n *Node) IsNull() bool { return n == nil || n.Kind == Null }

// Pos returns the place of a node in a source, the zero position for none.
func (n *Node) Pos(source string) fact.Position {
	if n == nil || n.Line == 0 {
		return fact.Position{}
	}
	return fact.Position{Source: source, Line: n.Line, Column: n.Column, EndLine: max(n.EndLine, n.Line)}
}

// KeyPos returns the place of a member's name.
func (n *Node) KeyPos(source, name string) fact.Position {
	if n != nil {
		if i := slices.IndexFunc(n.Keys, func(k Key) bool { return k.Name == name }); i >= 0 {
			return fact.Position{Source: source, Line: n.Keys[i].Line, Column: n.Keys[i].Column, EndLine: n.Keys[i].Line}
		}
	}
	return n.Pos(source)
}
