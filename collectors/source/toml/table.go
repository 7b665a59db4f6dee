package toml

import (
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/text"
)

// table is a table and how it came to be, on which hangs what may still be added.
type table struct {
	text.Members
	// defined by a header, dotted: by the parts of a key; else implied by the header
	// of another. Closed is an inline table.
	defined, dotted, closed bool
}

func (p *parser) newTable(at int) *table {
	t := &table{Members: text.Members{Node: p.Node(node.Object, at, at+1)}}
	p.tables[t.Node] = t
	return t
}

// open finds or makes the table of a header.
func (p *parser) open(root *table, keys []key, start int, list bool) *table {
	t := root
	for _, k := range keys[:len(keys)-1] {
		i := t.Find(k.Name)
		if i < 0 {
			made := p.newTable(k.at)
			t.Add(k.Key, made.Node)
			t = made
			continue
		}
		n := t.Elems[i]
		if n.Kind == node.Array && len(n.Elems) > 0 && p.arrayOfTables(n) {
			n = n.Elems[len(n.Elems)-1]
		}
		next := p.tables[n]
		if next == nil || next.closed {
			p.twice(k, t.Keys[i])
			return root
		}
		t = next
	}
	last := keys[len(keys)-1]
	i := t.Find(last.Name)
	switch {
	case list && i < 0:
		array := p.Node(node.Array, start, p.at)
		p.tables[array] = nil // tells it from an array that is a value
		made := p.newTable(start)
		made.defined = true
		p.End(made.Node, p.at)
		array.Elems = append(array.Elems, made.Node)
		t.Add(last.Key, array)
		return made
	case list && p.arrayOfTables(t.Elems[i]):
		made := p.newTable(start)
		made.defined = true
		p.End(made.Node, p.at)
		t.Elems[i].Elems = append(t.Elems[i].Elems, made.Node)
		return made
	case !list && i < 0:
		made := p.newTable(start)
		made.defined = true
		p.End(made.Node, p.at)
		t.Add(last.Key, made.Node)
		return made
	case !list:
		if old := p.tables[t.Elems[i]]; old != nil && !old.defined && !old.dotted && !old.closed {
			old.defined = true
			old.Line, old.Column = p.Place(start)
			p.End(old.Node, p.at)
			return old
		}
	}
	p.twice(last, t.Keys[i])
	return root
}

// arrayOfTables reports whether an array was made by headers.
func (p *parser) arrayOfTables(n *node.Node) bool {
	_, known := p.tables[n]
	return known && n.Kind == node.Array
}

// set puts a value where a key, dotted or not, says.
func (p *parser) set(t *table, keys []key, v *node.Node) {
	for _, k := range keys[:len(keys)-1] {
		i := t.Find(k.Name)
		if i < 0 {
			made := p.newTable(k.at)
			made.dotted = true
			t.Add(k.Key, made.Node)
			t = made
			continue
		}
		next := p.tables[t.Elems[i]]
		if next == nil || !next.dotted || next.closed {
			p.twice(k, t.Keys[i])
			return
		}
		t = next
	}
	last := keys[len(keys)-1]
	if i := t.Find(last.Name); i >= 0 {
		p.twice(last, t.Keys[i])
		return
	}
	t.Add(last.Key, v)
}

func (p *parser) twice(k key, first node.Key) {
	if !p.Failed() {
		name := k.Name
		if len(name) > maxName {
			name = name[:maxName] + "…"
		}
		p.fail(k.at, "%q is defined already, in line %d", name, first.Line)
	}
}

// maxName bounds a name in a message.
const maxName = 60

// close ends an inline table: nothing is added to it or to what it holds.
func (p *parser) close(n *node.Node) {
	if t := p.tables[n]; t != nil && !t.closed {
		t.closed = true
		for _, e := range n.Elems {
			p.close(e)
		}
	}
}
