package terraform

import (
	"slices"

	"github.com/writ-policy/writ/engine/fact"
)

// AttachHCL gives what a plan says the places of the configuration it was made
// of. It copies, by address and path, the positions of resources, providers,
// modules, variables, blocks and arguments, the callers, and the references,
// which the configuration knows more exactly; an argument that is not written
// has the position of the block it is missing from. The backend, the locals
// and the files are added, since a plan has none of them.
//
// Values stay the plan's, with two exceptions: where the plan lists blocks with
// parts known only after apply and the configuration does not know how many
// there are, neither does r; and an argument that is known only after apply is
// Absent if neither the plan's own record of the configuration nor hcl has it
// written. What hcl lacks keeps its place in the plan.
func (r *Root) AttachHCL(hcl *Root) {
	exact, static := map[string]*Resource{}, map[string]*Resource{}
	for _, h := range hcl.Resources {
		exact[h.Address] = h
		if at := staticAddress(h.Address); static[at] == nil {
			static[at] = h
		}
	}
	for _, res := range r.Resources {
		h := exact[res.Address]
		if h == nil {
			h = exact[withoutKey(res.Address)] // of any number of instances
		}
		same := h != nil
		if h == nil {
			h = static[staticAddress(res.Address)]
		}
		if h == nil {
			continue
		}
		res.Pos, res.Callers = h.Pos, h.Callers
		res.Body.attach(h.Body, h.Pos)
		if same {
			res.Body.dropUnwritten(h.Body)
		}
	}
	r.sort()
	for _, p := range r.Providers {
		for _, h := range hcl.Providers {
			if p.Name == h.Name && p.Alias == h.Alias && p.Module == staticAddress(h.Module) {
				p.Pos = h.Pos
				p.Body.attach(h.Body, h.Pos)
				break
			}
		}
	}
	calls := map[string]*ModuleCall{}
	for _, h := range hcl.Modules {
		calls[h.Address] = h
	}
	for _, m := range r.Modules {
		if h := calls[m.Address]; h != nil {
			m.Pos, m.Dir = h.Pos, h.Dir
		}
	}
	type declared struct{ module, name string }
	variables := map[declared]*Variable{}
	for _, h := range hcl.Variables {
		variables[declared{h.Module, h.Name}] = h
	}
	for _, v := range r.Variables {
		if h := variables[declared{v.Module, v.Name}]; h != nil {
			v.Pos = h.Pos
			v.Default.attach(h.Default, h.Pos)
			if v.Value != v.Default {
				v.Value.attach(h.Value, h.Pos)
			}
		}
	}
	outputs := map[declared]*Output{}
	for _, h := range hcl.Outputs {
		outputs[declared{h.Module, h.Name}] = h
	}
	for _, o := range r.Outputs {
		if h := outputs[declared{o.Module, o.Name}]; h != nil {
			o.Pos = h.Pos
			o.Value.attach(h.Value, h.Pos)
		}
	}
	if r.Backend == nil {
		r.Backend = hcl.Backend
	}
	if r.Locals == nil {
		r.Locals = hcl.Locals
	}
	for _, f := range hcl.Files {
		if !slices.Contains(r.Files, f) {
			r.Files = append(r.Files, f)
		}
	}
}

// attach gives v and what is within the positions of h; block is the place of
// the block around.
func (v *Value) attach(h *Value, block fact.Position) {
	if v == nil {
		return
	}
	at := block
	if h != nil && h.Kind != Absent && !h.Pos.IsZero() {
		at = h.Pos
	}
	v.Pos = at
	if h != nil {
		v.Sensitive = v.Sensitive || h.Sensitive
		if len(h.Refs) > 0 {
			v.Refs = h.Refs
		}
		if v.Kind == Unknown {
			v.Direct = h.Kind == Unknown && h.Direct && len(h.Refs) == 1
		}
		v.Literal = v.Literal || h.Literal && v.Kind != Unknown
		v.Literals = h.Literals
		if v.Kind == Unknown && !slices.ContainsFunc(h.Parts, depends) {
			v.Parts = h.Parts
		}
		v.originOf(h)
		if v.Kind == List && h.Kind == Unknown && !h.Direct && slices.ContainsFunc(v.Elems, (*Value).partlyUnknown) {
			*v = Value{Kind: Unknown, Reason: h.Reason, Refs: h.Refs, Sensitive: v.Sensitive, Literals: h.Literals, Pos: at}
			return
		}
	}
	if v.Kind == Object {
		find := h.finder()
		for _, f := range v.Fields {
			f.Value.attach(find(f.Name), at)
		}
		return
	}
	var elems []*Value
	if h != nil {
		elems = h.Elems
	}
	written := newMatcher(elems)
	for i, e := range v.Elems {
		e.attach(written.take(i, e), at)
	}
}

// depends reports whether a part of a template is neither written in it nor just
// an attribute: then it may be another in the plan, whose variables may be others.
func depends(part *Value) bool { return !part.Literal && !part.Direct }

// originOf notes that a scalar is written where the configuration alone makes the
// same of it.
func (v *Value) originOf(h *Value) {
	if v.Origin == Provided && h.Kind != Absent {
		v.Origin = Computed
	}
	a, known := v.scalar()
	if b, ok := h.scalar(); ok && known && a == b {
		v.Origin = Written
	}
}

// dropUnwritten takes the arguments out of a resource's body that are known only
// after apply and that nobody wrote: there the provider's default applies, as if
// only hcl were at hand. A body, or blocks, that hcl does not know whole may have
// anything written.
func (v *Value) dropUnwritten(h *Value) {
	if v.Kind != Object || h == nil || h.Kind != Object {
		return
	}
	find := h.finder()
	v.Fields = slices.DeleteFunc(v.Fields, func(f Field) bool {
		return f.Value.Kind == Unknown && f.Value.Reason == afterApply && f.Value.Origin == Provided && find(f.Name) == nil
	})
	for _, f := range v.Fields {
		written := find(f.Name)
		if f.Value.Kind != List || written == nil || written.Kind != List || slices.ContainsFunc(written.Elems, isNotObject) {
			continue
		}
		for _, block := range f.Value.Elems {
			block.dropFromBlock(written.Elems)
		}
	}
}

// dropFromBlock does so in a nested block, which may be any of those written:
// what none of them has is not written in it. Blocks within blocks are left as
// they are.
func (v *Value) dropFromBlock(written []*Value) {
	if v.Kind != Object || len(written) == 0 {
		return
	}
	v.Fields = slices.DeleteFunc(v.Fields, func(f Field) bool {
		return f.Value.Kind == Unknown && f.Value.Reason == afterApply &&
			!slices.ContainsFunc(written, func(h *Value) bool { return h.field(f.Name) != nil })
	})
}

func isNotObject(v *Value) bool { return v.Kind != Object }

// partlyUnknown reports whether v is a block with something unknown in it.
func (v *Value) partlyUnknown() bool { return v.Kind == Object && v.holdsUnknown() }

func (v *Value) holdsUnknown() bool {
	return v.Kind == Unknown || slices.ContainsFunc(v.children(), (*Value).holdsUnknown)
}
