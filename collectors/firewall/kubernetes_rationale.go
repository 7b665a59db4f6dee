package firewall

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
)

// descriptionKeys are the annotations that hold a description.
var descriptionKeys = [...]string{"kubernetes.io/description", "description"}

// readRationale reads what the annotations and labels of an object say of it. The
// part of a name before "/" says who invented it and is not looked at.
func readRationale(o *kubernetes.Object) rationale {
	r := rationale{at: o.Pos(), pos: o.Pos()}
	meta := o.Root.Get("metadata")
	if meta != nil && meta.Kind == node.Opaque {
		r.unknown, r.tags.reason = meta.Reason, meta.Reason
	}
	for _, name := range [...]string{"annotations", "labels"} {
		n := meta.Get(name)
		if n == nil || n.Kind != node.Object {
			if n != nil && n.Kind == node.Opaque {
				r.unknown, r.tags.reason = n.Reason, n.Reason
			}
			continue
		}
		for i, key := range n.Keys {
			v := n.Elems[i]
			t := tag{name: tagName(key.Name[strings.LastIndexByte(key.Name, '/')+1:]), value: v.Text, at: v.Pos(o.Source)}
			if v.Kind == node.Opaque {
				t.value, t.reason = "", v.Reason
			}
			for _, description := range descriptionKeys {
				if key.Name == description && name == "annotations" && r.comment == "" {
					r.comment, r.unknown, r.at = t.value, t.reason, t.at
				}
			}
			r.tags.list = append(r.tags.list, t)
		}
	}
	return r
}
