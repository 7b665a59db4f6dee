package terraform

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// moduleOutput finds module.NAME[KEY].OUTPUT.
func (f *frame) moduleOutput(t hcl.Traversal) (d *datum, rest hcl.Traversal, problem string) {
	name, ok := step(t, 1)
	if !ok {
		return nil, nil, "module cannot be used by itself"
	}
	b := f.in.mod.call[name]
	if b == nil {
		return nil, nil, "module " + name + " is not declared"
	}
	c := f.in.call(b)
	label := "module." + name
	if c.dir == "" {
		return settled(f.ev, label, c.missing(), nil), nil, ""
	}
	if !c.expand() {
		return nil, nil, c.address + " refers to itself"
	}
	rest = t[2:]
	var in *instance
	switch {
	case c.expansion.form == unsettled:
		return settled(f.ev, label, c.unsettledValue(), nil), nil, ""
	case c.expansion.form == single:
		in = c.instances[0]
	default: // any number of instances, none included
		if len(rest) == 0 {
			return settled(f.ev, label, c.value(nil), c.tree), rest, ""
		}
		key, isIndex := rest[0].(hcl.TraverseIndex)
		if !isIndex {
			return settled(f.ev, label, c.value(nil), c.tree), rest, ""
		}
		i := c.expansion.index(key.Key)
		if i < 0 {
			return settled(f.ev, label, c.value(nil), c.tree), rest, ""
		}
		in, rest = c.instances[i], rest[1:]
	}
	output, ok := step(rest, 0)
	if !ok {
		return settled(f.ev, label, in.outputObject(nil), in.outputTree), rest, ""
	}
	if d = in.output(output); d == nil {
		return nil, nil, "module " + name + " has no output " + output
	}
	return d, rest[1:], ""
}

// moduleValue is a module call as a cty value, with the outputs wanted, nil
// for all.
func (f *frame) moduleValue(name string, wanted []string, rng hcl.Range) cty.Value {
	b := f.in.mod.call[name]
	if b == nil {
		problem := "module " + name + " is not declared"
		f.ev.warn(rng, problem, "")
		return unknownBecause(cty.DynamicPseudoType, problem)
	}
	c := f.in.call(b)
	if !c.expand() {
		problem := c.address + " refers to itself"
		f.ev.fail(rng, problem, "break the cycle of references")
		return unknownBecause(cty.DynamicPseudoType, problem)
	}
	return c.value(wanted)
}

func (c *call) missing() cty.Value {
	return unknownBecause(cty.DynamicPseudoType, c.address+": "+c.reason)
}

func (c *call) unsettledValue() cty.Value {
	o := originsOf(c.expansion.marks)
	o.reason = c.address + ": " + c.expansion.reason
	return cty.DynamicVal.WithMarks(o.marks())
}

func (c *call) value(wanted []string) cty.Value {
	switch {
	case c.dir == "":
		return c.missing()
	case c.expansion.form == unsettled:
		return c.unsettledValue()
	case c.expansion.form == single:
		return c.instances[0].outputObject(wanted)
	case c.expansion.form == counted:
		elems := make([]cty.Value, len(c.instances))
		for i, in := range c.instances {
			elems[i] = in.outputObject(wanted)
		}
		return cty.TupleVal(elems)
	}
	attrs := make(map[string]cty.Value, len(c.instances))
	for i, in := range c.instances {
		attrs[c.expansion.keys[i].(string)] = in.outputObject(wanted)
	}
	return cty.ObjectVal(attrs)
}

// outputObject holds the outputs wanted, nil for all. One that is not declared
// is left out, which makes reading it an error as in Terraform.
func (in *instance) outputObject(wanted []string) cty.Value {
	if wanted == nil {
		for _, o := range in.mod.outputs {
			wanted = append(wanted, o.labels[0])
		}
	}
	attrs := make(map[string]cty.Value, len(wanted))
	for _, name := range wanted {
		if d := in.output(name); d != nil {
			attrs[name] = d.value()
		}
	}
	return cty.ObjectVal(attrs)
}

// tree is the call as a tree: each output of each instance has the place and the
// references that it has where it is read by name.
func (c *call) tree() *Value {
	t := &Value{Kind: Object, Pos: position(c.block.rng)}
	switch {
	case c.dir == "" || c.expansion.form == unsettled:
		return t
	case c.expansion.form == single:
		return c.instances[0].outputTree()
	case c.expansion.form == counted:
		t.Kind = List
		for _, in := range c.instances {
			t.Elems = append(t.Elems, in.outputTree())
		}
		return t
	}
	for i, in := range c.instances {
		t.Fields = append(t.Fields, Field{c.expansion.keys[i].(string), in.outputTree()})
	}
	return t
}

func (in *instance) outputTree() *Value {
	t := &Value{Kind: Object, Pos: position(in.block.rng)}
	for _, o := range in.mod.outputs {
		name := o.labels[0]
		if d := in.output(name); d != nil && t.field(name) == nil {
			t.Fields = append(t.Fields, Field{name, d.shaped(o.rng)})
		}
	}
	return t
}

// quoteKey writes a for_each key as addresses do.
func quoteKey(key string) string {
	q := strconv.Quote(key)
	q = strings.ReplaceAll(q, "${", "$${")
	return strings.ReplaceAll(q, "%{", "%%{")
}
