package yaml

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/writ-policy/writ/collectors/source/node"
)

// conversion turns one document of the library into nodes.
type conversion struct {
	*reader
	text *text
	// nodes, elems and keys are cut into what the document needs.
	nodes []node.Node
	elems []*node.Node
	keys  []node.Key
	// anchored are the collections and scalars that have an anchor.
	anchored map[*yaml.Node]*anchor
	aliased  int
	over     bool
}

// anchor is what an alias stands for: nil while its own elements are converted.
type anchor struct {
	node         *node.Node
	size, height int
}

// extent is what a converted node measures: nodes with aliases followed, levels of
// collections, and the offset behind it.
type extent struct{ size, height, end int }

func (r *reader) convert(t *text, root *yaml.Node) *node.Node {
	c := &conversion{reader: r, text: t, anchored: map[*yaml.Node]*anchor{}}
	nodes, members := count(root, 0)
	c.nodes = make([]node.Node, 0, nodes)
	c.elems = make([]*node.Node, nodes)
	c.keys = make([]node.Key, members)
	n, _ := c.node(root, 1)
	return n
}

// count returns how many nodes a document becomes at most, and how many of them are
// members.
func count(n *yaml.Node, depth int) (nodes, members int) {
	if depth > maxDepth {
		return 1, 0
	}
	nodes = 1
	if n.Kind == yaml.MappingNode {
		members = len(n.Content) / 2
	}
	for i, e := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			continue
		}
		ns, ms := count(e, depth+1)
		nodes, members = nodes+ns, members+ms
	}
	return nodes, members
}

func (c *conversion) make(y *yaml.Node) (n *node.Node, at int) {
	if len(c.nodes) == cap(c.nodes) {
		c.nodes = make([]node.Node, 0, 64)
	}
	c.nodes = append(c.nodes, node.Node{})
	n = &c.nodes[len(c.nodes)-1]
	at = c.text.offset(y.Line, y.Column)
	if y.Kind != yaml.ScalarNode || y.Value != "" || y.Style&quoted != 0 {
		at = c.text.value(at)
	}
	n.Line, n.Column = c.text.place(at)
	return n, at
}

// until sets the end of a node, given the offset behind it.
func (c *conversion) until(n *node.Node, at, end int) {
	n.EndLine, n.EndColumn = c.text.place(max(at, end-1))
}

func (c *conversion) node(y *yaml.Node, depth int) (*node.Node, extent) {
	if y.Kind == yaml.AliasNode {
		return c.alias(y, depth)
	}
	var a *anchor
	if y.Anchor != "" {
		a = &anchor{}
		c.anchored[y] = a
	}
	n, at := c.make(y)
	var e extent
	switch {
	case y.Kind == yaml.ScalarNode:
		e = extent{size: 1, end: c.text.scalar(y, at)}
		c.scalar(y, n)
		if n.Kind == node.Opaque {
			n.Text = string(c.text.data[min(at, e.end):e.end])
		}
	case depth > maxDepth:
		e = extent{size: 1, end: at + 1}
		n.Kind, n.Reason = node.Opaque, fmt.Sprintf("nested more than %d levels deep", maxDepth)
		if !c.over {
			c.diagnose(n, "warning", n.Reason, "what is deeper is not judged")
		}
		c.over = true
	case y.Kind == yaml.SequenceNode:
		e = c.sequence(y, n, at, depth)
	default:
		e = c.mapping(y, n, at, depth)
	}
	c.until(n, at, e.end)
	if tag, ok := strange(y); ok {
		*n = node.Node{Kind: node.Opaque, Reason: fmt.Sprintf("the tag %s is not modelled", tag),
			Text: string(c.text.data[min(at, e.end):e.end]), Line: n.Line, Column: n.Column, EndLine: n.EndLine, EndColumn: n.EndColumn}
	}
	if a != nil {
		a.node, a.size, a.height = n, e.size, e.height
	}
	return n, e
}

// strange returns the tag of a node whose meaning is not that of YAML's own tags.
func strange(y *yaml.Node) (string, bool) {
	if y.Style&yaml.TaggedStyle == 0 {
		return "", false
	}
	tag := y.ShortTag()
	switch y.Kind {
	case yaml.MappingNode:
		return tag, tag != "!!map"
	case yaml.SequenceNode:
		return tag, tag != "!!seq"
	}
	switch tag {
	case "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp":
		return "", false
	}
	return tag, true
}

// quoted are the styles of scalars that are strings whatever they hold.
const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle

// scalar fills a node. A tag of YAML's own decides the kind; a text that does not fit
// it is opaque.
func (c *conversion) scalar(y *yaml.Node, n *node.Node) {
	if y.Style&yaml.TaggedStyle == 0 {
		if y.Style&quoted != 0 {
			n.Kind, n.Text = node.String, y.Value
			return
		}
		n.Kind, n.Text = c.rules.resolve(y.Value)
	} else {
		n.Kind, n.Text = c.tagged(y)
	}
	if n.Kind == node.Opaque {
		n.Reason = "not a finite number"
		if y.Style&yaml.TaggedStyle != 0 {
			n.Reason = "not a value of the tag " + y.ShortTag()
		}
	}
}

func (c *conversion) tagged(y *yaml.Node) (node.Kind, string) {
	kind, text := c.rules.resolve(y.Value)
	fits := false
	switch y.ShortTag() {
	case "!!str", "!!timestamp":
		return node.String, y.Value
	case "!!int":
		fits = kind == node.Number && !strings.ContainsAny(text, ".e")
	case "!!float":
		fits = kind == node.Number
	case "!!bool":
		fits = kind == node.Bool
	case "!!null":
		fits = kind == node.Null
	}
	if !fits {
		return node.Opaque, y.Value
	}
	return kind, text
}

func (c *conversion) sequence(y *yaml.Node, n *node.Node, at, depth int) extent {
	n.Kind = node.Array
	n.Elems, c.elems = c.elems[:0:len(y.Content)], c.elems[len(y.Content):]
	sum := extent{size: 1, end: at + 1}
	for _, e := range y.Content {
		child, measure := c.node(e, depth+1)
		n.Elems = append(n.Elems, child)
		sum.grow(measure)
	}
	if y.Style&yaml.FlowStyle != 0 {
		sum.end = c.text.closing(sum.end, ']')
	}
	return sum
}

func (e *extent) grow(child extent) {
	e.size += child.size
	e.height = max(e.height, child.height+1)
	e.end = max(e.end, child.end)
}

// alias returns the node an alias stands for, or an opaque one if that would be the
// node it stands in, or more than the budget allows.
func (c *conversion) alias(y *yaml.Node, depth int) (*node.Node, extent) {
	at := c.text.offset(y.Line, y.Column)
	end := at + len("*") + len(y.Value)
	reason := ""
	a := c.anchored[y.Alias]
	switch {
	case a == nil:
		reason = fmt.Sprintf("the anchor of the alias *%s stands in a key", y.Value)
	case a.node == nil:
		reason = fmt.Sprintf("the alias *%s stands inside its own anchor", y.Value)
	case depth+a.height > maxDepth:
		reason = fmt.Sprintf("nested more than %d levels deep by the alias *%s", maxDepth, y.Value)
	case c.aliased+a.size > maxAliased:
		reason = fmt.Sprintf("the aliases of the document stand for more than %d values", maxAliased)
	default:
		c.aliased += a.size
		return a.node, extent{size: a.size, height: a.height, end: end}
	}
	n, _ := c.make(y)
	n.Kind, n.Reason, n.Text = node.Opaque, reason, "*"+y.Value
	c.until(n, at, end)
	if !c.over {
		c.diagnose(n, "warning", reason, "what depends on it is not known")
	}
	c.over = true
	return n, extent{size: 1, end: end}
}
