package kubernetes

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/node"
)

// Blocks reads address blocks that an annotation lists, with commas between, or a
// list of them.
func (o *Object) Blocks(n *node.Node) aws.Answer[[]string] {
	var list []string
	switch {
	case n.IsNull():
		return aws.Default([]string{}, o.Pos())
	case n.Kind == node.Opaque:
		return aws.NotKnown[[]string](n.Reason, o.At(n))
	case n.Kind == node.Array:
		texts := o.Texts(n)
		if !texts.Known() {
			return texts
		}
		list = texts.Value
	default:
		list = strings.Split(n.Text, ",")
	}
	var blocks []netip.Prefix
	for _, text := range list {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, err := netip.ParseAddr(text)
			if err != nil {
				return aws.NotKnown[[]string]("an address block cannot be read", o.At(n))
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		blocks = append(blocks, p.Masked())
	}
	return aws.Declared(minimal(blocks), o.At(n))
}

// minimal leaves out blocks that another holds, and sorts.
func minimal(blocks []netip.Prefix) []string {
	out := []string{}
	for i, p := range blocks {
		covered := false
		for j, q := range blocks {
			if q.Overlaps(p) && (q.Bits() < p.Bits() || q.Bits() == p.Bits() && j < i) {
				covered = true
			}
		}
		if !covered {
			out = append(out, p.String())
		}
	}
	slices.Sort(out)
	return out
}
