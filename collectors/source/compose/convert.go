package compose

import (
	"github.com/writ-policy/writ/collectors/source/node"
)

const (
	// maxValues bounds the values of one project, allValues those of a source.
	maxValues, allValues = 500_000, 4_000_000
	// maxFilled bounds, in bytes, what variables make of the texts of a project.
	maxFilled = 32 << 20
)

// conversion makes values of the nodes of one file.
type conversion struct {
	*loader
	file *File
	vars *environment
	// done holds what was converted: what stands behind aliases is shared.
	done map[*node.Node]*Value
}

// value fills in the variables of a tree. Keys are taken as they stand.
func (c *conversion) value(n *node.Node) *Value {
	if v := c.done[n]; v != nil {
		return v
	}
	v := &Value{Kind: n.Kind, Text: n.Text, Reason: n.Reason, Pos: n.Pos(c.file.Name), tag: c.file.tags[n]}
	c.done[n] = v
	c.all++
	if c.values++; c.values > maxValues || c.all > allValues {
		v.Kind, v.Reason = opaque, "the project holds more values than are read"
		return v
	}
	switch n.Kind {
	case node.String:
		text, reason := interpolate(n.Text, c.vars.lookup)
		if c.filled += max(0, len(text)-len(n.Text)); c.filled > maxFilled {
			reason = "the variables of the project make it longer than is read"
		}
		if reason != "" {
			v.Kind, v.Reason = opaque, reason
		} else {
			v.Text = text
		}
	case array:
		for _, e := range n.Elems {
			if one := c.value(e); one.tag != tagReset {
				v.Elems = append(v.Elems, one)
			}
		}
	case object:
		for i, key := range n.Keys {
			v.Keys = append(v.Keys, Key{key.Name, n.KeyPos(c.file.Name, key.Name)})
			v.Elems = append(v.Elems, c.value(n.Elems[i]))
		}
	}
	return v
}

// clean drops the members that a tag resets, for a tree that nothing stands below.
func clean(v *Value) *Value {
	if v.Kind != object && v.Kind != array {
		return v
	}
	out := &Value{Kind: v.Kind, Pos: v.Pos}
	for i, e := range v.Elems {
		if v.Kind == object {
			if e.tag == tagReset {
				continue
			}
			out.Keys = append(out.Keys, v.Keys[i])
		}
		if e.tag == "" {
			e = clean(e)
		}
		out.Elems = append(out.Elems, e)
	}
	return out
}
