package terraform

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// dynamic adds the blocks that a dynamic block generates to list. If its
// for_each is not known the list may hold more than is listed: it becomes
// Unknown and keeps the blocks that are certain.
func (f *frame) dynamic(list *Value, b *hclsyntax.Block) {
	each := b.Body.Attributes["for_each"]
	var content *hclsyntax.Body
	for _, nested := range b.Body.Blocks {
		if nested.Type == "content" {
			content = nested.Body
		}
	}
	if each == nil || content == nil {
		f.openEnded(list, b, "the dynamic block lacks for_each or content", origins{})
		f.ev.fail(b.TypeRange, "the dynamic block lacks for_each or content", "")
		return
	}
	name := b.Labels[0]
	if it := b.Body.Attributes["iterator"]; it != nil {
		if name = hcl.ExprAsKeyword(it.Expr); name == "" {
			f.openEnded(list, b, "the iterator is not a name", origins{})
			f.ev.fail(it.Expr.Range(), "the iterator is not a name", "")
			return
		}
	}
	whole := f.datum("for_each", each.Expr)
	v, marks := whole.value().Unmark()
	switch {
	case v.IsNull():
		f.openEnded(list, b, "for_each of the dynamic block is null", origins{})
		f.ev.fail(each.Expr.Range(), "for_each of the dynamic block is null", "")
		return
	case !v.IsKnown():
		f.openEnded(list, b, notKnown("for_each", marks), originsOf(marks))
		return
	case !v.CanIterateElements():
		f.openEnded(list, b, "for_each of the dynamic block is not a collection", origins{})
		f.ev.fail(each.Expr.Range(), "for_each of the dynamic block is not a collection", "")
		return
	}
	from := originsOf(marks)
	list.Refs = sortedRefs(append(list.Refs, from.refs...))
	list.Sensitive = list.Sensitive || from.sensitive
	set := v.Type().IsSetType()
	if set && !v.IsWhollyKnown() {
		// Elements that turn out equal collapse into one.
		left := 10_000
		deepMarks(v, marks, &left)
		f.openEnded(list, b, notKnown("for_each", marks), originsOf(marks))
		return
	}
	for it := v.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if plain, _ := key.Unmark(); plain.Type() == cty.String && plain.AsString() == openAttribute {
			f.openEnded(list, b, notKnown("for_each", marks), from)
			continue
		}
		if !f.ev.spend(1) {
			f.openEnded(list, b, f.ev.overValues(), origins{})
			return
		}
		inner := f.with(iteration(f.ev, name, key, value, whole, each.Expr.Range()))
		list.Elems = append(list.Elems, inner.body(content, blockRange(b), noMeta))
	}
}

// openEnded makes list one that may hold more.
func (f *frame) openEnded(list *Value, b *hclsyntax.Block, reason string, from origins) {
	list.Refs = sortedRefs(append(list.Refs, from.refs...))
	if list.Kind == Unknown && list.Reason != "" && list.Reason != reason {
		reason = list.Reason + "; " + reason
	}
	list.Kind, list.Reason = Unknown, reason
	if len(list.Elems) == 0 {
		list.Pos = position(blockRange(b))
	}
}
