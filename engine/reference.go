package engine

import (
	"slices"

	"github.com/writ-policy/writ/engine/control"
)

// references is how a subject's references stand in a key. Those that a control only
// looks facts up by are told by which of the reached facts they lead to, so that
// subjects whose facts say the same are alike whatever the facts are called.
type references struct {
	handles map[string][]byte // of members of the subject: the facts their references lead to
	named   []bool            // of the reached facts, those that something else names
}

// of works them out for a control and a subject.
func (x *references) of(r *reading, c *control.Control, it *item, reached []*item) {
	clear(x.handles)
	x.named = append(x.named[:0], make([]bool, len(reached))...)
	if len(r.handles) == 0 {
		for i := range x.named {
			x.named[i] = true
		}
		return
	}
	if x.handles == nil {
		x.handles = map[string][]byte{}
	}
	for _, f := range it.group.references() {
		if !c.Reads(f.kind) {
			continue
		}
		byRef := it.group.system.byRef[f.kind]
		_, flat := it.fact[f.path[0]].([]any)
		handle := len(f.path) == 1 && flat && r.handles[f.path[0]]
		var list []byte
		eachReference(map[string]any(it.fact), f.path, func(ref string) {
			n := -1
			if other := byRef[ref]; other != nil {
				n = slices.Index(reached, other)
			}
			switch {
			case !handle && n >= 0:
				x.named[n] = true
			case handle:
				list = append(list, byte(n), byte(n>>8), byte(n>>16))
			}
		})
		if handle {
			x.handles[f.path[0]] = list
		}
	}
	for _, other := range reached {
		for _, f := range other.group.references() {
			if !c.Reads(f.kind) {
				continue
			}
			byRef := other.group.system.byRef[f.kind]
			eachReference(map[string]any(other.fact), f.path, func(ref string) {
				if n := slices.Index(reached, byRef[ref]); n >= 0 && byRef[ref] != nil {
					x.named[n] = true
				}
			})
		}
	}
}
