package yaml

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/writ-policy/writ/collectors/source/node"
)

// many is the number of members from which they are looked up in a map.
const many = 24

// members are those of one mapping while it is converted.
type members struct {
	*conversion
	n *node.Node
	// index of names, nil while there are few.
	index  map[string]int
	merges []merge
	// merged counts the members that are not the mapping's own; they stand last.
	merged int
	// unknown is why the mapping has no one reading.
	unknown string
}

// merge is a member named "<<".
type merge struct {
	value  *node.Node
	key    node.Key
	behind int // members that stand before it
}

// mapping converts members in the order of the text: those of the mapping itself
// where they stand, those merged behind them.
func (c *conversion) mapping(y *yaml.Node, n *node.Node, at, depth int) extent {
	n.Kind = node.Object
	size := len(y.Content) / 2
	n.Elems, c.elems = c.elems[:0:size], c.elems[size:]
	n.Keys, c.keys = c.keys[:0:size], c.keys[size:]
	sum := extent{size: 1, end: at + 1}
	m := members{conversion: c, n: n}
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, end, isMerge := m.key(y.Content[i])
		value, measure := c.node(y.Content[i+1], depth+1)
		sum.grow(measure)
		sum.end = max(sum.end, end)
		switch {
		case isMerge:
			m.merges = append(m.merges, merge{value, key, len(n.Keys)})
		case key.Line > 0:
			m.add(key, value)
		}
	}
	for i := range m.merges {
		m.merge(i)
	}
	if y.Style&yaml.FlowStyle != 0 && at < len(c.text.data) && c.text.data[at] == '{' {
		sum.end = c.text.closing(sum.end, '}')
	}
	if m.unknown != "" {
		n.Kind, n.Reason, n.Keys, n.Elems = node.Opaque, m.unknown, nil, nil
		c.diagnose(n, "warning", m.unknown, "what depends on the mapping is not known")
	}
	return sum
}

// key returns the name of a member, the offset behind it, and whether it is a merge
// key. A key that is no scalar makes the mapping opaque.
func (m *members) key(y *yaml.Node) (node.Key, int, bool) {
	at := m.text.offset(y.Line, y.Column)
	scalar, end := y, 0
	if y.Kind == yaml.AliasNode {
		scalar, end = y.Alias, at+1+len(y.Value)
	} else {
		at = m.text.value(at)
	}
	key := node.Key{}
	key.Line, key.Column = m.text.place(at)
	if _, odd := strange(scalar); scalar.Kind != yaml.ScalarNode || odd && scalar.Tag != "!!merge" {
		m.unknown = "a key of the mapping is not a scalar"
		return node.Key{}, end, false
	}
	if end == 0 {
		end = m.text.scalar(y, at)
	}
	if y.Anchor != "" { // an alias to a key
		n, _ := m.node(y, maxDepth)
		m.anchored[y] = &anchor{node: n, size: 1}
	}
	if scalar.Tag == "!!merge" {
		return key, end, true
	}
	if scalar.Style == 0 {
		kind, text := m.rules.resolve(scalar.Value)
		if kind == node.Null {
			text = "null"
		}
		key.Name = text
		return key, end, false
	}
	key.Name = scalar.Value
	return key, end, false
}

func (m *members) find(name string) int {
	if m.index == nil && len(m.n.Keys) >= many {
		m.index = make(map[string]int, 2*len(m.n.Keys))
		for i, k := range m.n.Keys {
			m.index[k.Name] = i
		}
	}
	if m.index != nil {
		if i, ok := m.index[name]; ok {
			return i
		}
		return -1
	}
	for i := range m.n.Keys {
		if m.n.Keys[i].Name == name {
			return i
		}
	}
	return -1
}

// add adds a member that stands in the mapping. One that stands there already makes
// it opaque: programs take the first, the last or neither.
func (m *members) add(key node.Key, value *node.Node) {
	i := m.find(key.Name)
	if i < 0 {
		m.put(key, value)
		return
	}
	summary, detail := twice(key.Name, m.n.Keys[i], key)
	m.diagnose(&node.Node{Line: key.Line, Column: key.Column, EndLine: key.Line}, "error", summary, detail)
	m.opaque(i, value, summary+", "+detail)
}

func (m *members) put(key node.Key, value *node.Node) {
	if m.index != nil {
		m.index[key.Name] = len(m.n.Keys)
	}
	m.n.Keys = append(m.n.Keys, key)
	m.n.Elems = append(m.n.Elems, value)
}

// maxText bounds the text of a member that stands many times, in bytes.
const maxText = 1 << 14

// opaque replaces a member by one that is not known. Its text is what it may be, a
// line each, so that whoever hides secrets knows of all.
func (m *members) opaque(i int, other *node.Node, reason string) {
	old := m.n.Elems[i]
	text := old.Text
	if len(text) < maxText {
		text = strings.TrimSpace(text + "\n" + other.Text)
	}
	m.n.Elems[i] = &node.Node{Kind: node.Opaque, Reason: reason, Text: text,
		Line: old.Line, Column: old.Column, EndLine: old.EndLine, EndColumn: old.EndColumn}
}

// merge adds the members of a "<<" that the mapping does not have itself. Of a list
// the earlier mapping holds.
func (m *members) merge(i int) {
	it := m.merges[i]
	own := len(m.n.Keys) - m.merged
	parts := []*node.Node{it.value}
	if it.value.Kind == node.Array {
		parts = it.value.Elems
	}
	from := map[string]bool{}
	for _, part := range parts {
		if part.Kind != node.Object {
			m.unknown = "what a merge key names is not a mapping"
			if part.Kind == node.Opaque {
				m.unknown += ": " + part.Reason
			}
			return
		}
		for j, key := range part.Keys {
			if from[key.Name] {
				continue
			}
			from[key.Name] = true
			switch at := m.find(key.Name); {
			case at < 0:
				m.put(key, part.Elems[j])
				m.merged++
			case at >= own:
				if m.n.Elems[at] != part.Elems[j] {
					m.opaque(at, part.Elems[j], fmt.Sprintf("two merge keys give %q", key.Name))
				}
			case at < it.behind && m.rules == Kubernetes:
				m.opaque(at, part.Elems[j], fmt.Sprintf("%q stands before a merge key that gives it too, on line %d: tools differ in which holds", key.Name, it.key.Line))
			}
		}
	}
}
