package terraform

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// datum is something a name stands for: a variable, a local, each.value, an
// output. It has two faces, both made when first asked for and then kept: the
// cty value that expressions compute with, and the tree that is put out, which
// knows where each part was written.
type datum struct {
	ev    *evaluation
	label string // "local.a", for messages
	rng   hcl.Range

	make  func() cty.Value
	shape func() *Value // nil: the tree is made from the value
	exact bool          // the tree of shape is that of the value

	val     cty.Value
	tree    *Value
	busy    bool // value is being made
	made    bool
	shaping bool // tree is being made
}

// settled is a datum whose value is at hand.
func settled(ev *evaluation, label string, val cty.Value, shape func() *Value) *datum {
	return &datum{ev: ev, label: label, val: val, made: true, shape: shape}
}

// value returns the cty value. What leads back to itself, or through more
// references than the limit, is unknown.
func (d *datum) value() cty.Value {
	if d.made {
		return d.val
	}
	if d.busy {
		return unknownBecause(cty.DynamicPseudoType, d.cycle())
	}
	if reason, ok := d.ev.descend(d.rng); !ok {
		return unknownBecause(cty.DynamicPseudoType, reason)
	}
	d.busy = true
	d.val = d.make()
	d.ev.spent.depth--
	d.busy, d.made = false, true
	return d.val
}

// shaped returns the tree; rng is the place to give to a value that has none
// of its own.
func (d *datum) shaped(rng hcl.Range) *Value {
	if d.tree != nil {
		return d.tree
	}
	if d.shaping {
		return &Value{Kind: Unknown, Reason: d.cycle(), Pos: position(d.rng)}
	}
	if reason, ok := d.ev.descend(d.rng); !ok {
		return &Value{Kind: Unknown, Reason: reason, Pos: position(rng)}
	}
	d.shaping = true
	val := d.value()
	switch {
	case d.shape == nil:
		d.tree = d.ev.treeOf(val, position(rng), nil)
	case d.exact && val.IsWhollyKnown():
		d.tree = d.shape()
	default:
		origin := d.shape()
		d.tree = d.ev.treeOf(val, origin.Pos, origin)
	}
	d.shaping = false
	d.ev.spent.depth--
	return d.tree
}

func (d *datum) cycle() string {
	d.ev.fail(d.rng, fmt.Sprintf("%s refers to itself", d.label), "break the cycle of references")
	return fmt.Sprintf("%s refers to itself", d.label)
}

// descend counts one reference more that leads through others.
func (ev *evaluation) descend(rng hcl.Range) (reason string, ok bool) {
	if ev.spent.depth >= ev.limits.Depth {
		reason = fmt.Sprintf("references lead through more than %d others", ev.limits.Depth)
		ev.warn(rng, reason, "")
		return reason, false
	}
	ev.spent.depth++
	return "", true
}
