package hcl

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
)

// tree puts attributes and blocks into objects.
type tree struct {
	*text.File
	// objects by their nodes: those of labels.
	objects map[*node.Node]*text.Members
	// blocks are the arrays of blocks.
	blocks map[*node.Node]bool
}

func newTree(f *text.File) *tree {
	return &tree{File: f, objects: map[*node.Node]*text.Members{}, blocks: map[*node.Node]bool{}}
}

// key is a name and where it stands.
type key struct {
	node.Key
	at int
}

func (t *tree) object(start, end int) *text.Members {
	return &text.Members{Node: t.Node(node.Object, start, end)}
}

// attribute adds a member.
func (t *tree) attribute(into *text.Members, k node.Key, v *node.Node, at int) {
	into.Once(t.File, k, v, at)
}

// block adds a block below its type and its labels.
func (t *tree) block(into *text.Members, keys []key, block *node.Node) {
	for _, k := range keys[:len(keys)-1] {
		i := into.Find(k.Name)
		if i < 0 {
			made := t.object(k.at, k.at+1)
			made.Line, made.Column = block.Line, block.Column
			t.objects[made.Node] = made
			into.Add(k.Key, made.Node)
			i = len(into.Elems) - 1
		}
		next := t.objects[into.Elems[i]]
		if next == nil {
			into.Once(t.File, k.Key, block, k.at)
			return
		}
		next.EndLine, next.EndColumn = block.EndLine, block.EndColumn
		into = next
	}
	last := keys[len(keys)-1]
	i := into.Find(last.Name)
	switch {
	case i < 0:
		list := t.Node(node.Array, last.at, last.at)
		list.Line, list.Column, list.EndLine, list.EndColumn = block.Line, block.Column, block.EndLine, block.EndColumn
		list.Elems = []*node.Node{block}
		t.blocks[list] = true
		into.Add(last.Key, list)
	case t.blocks[into.Elems[i]]:
		list := into.Elems[i]
		list.Elems = append(list.Elems, block)
		list.EndLine, list.EndColumn = block.EndLine, block.EndColumn
	default:
		into.Once(t.File, last.Key, block, last.at)
	}
}

// clean is a message in this project's spelling: it begins in lower case and is of
// bounded length.
func clean(message string) string {
	message = strings.ToValidUTF8(message, "\uFFFD")
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + "…"
	}
	if message != "" {
		message = strings.ToLower(message[:1]) + message[1:]
	}
	return message
}

const maxMessage = 400
