package terraform

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/writ-policy/writ/engine/fact"
)

// resourceValue is the cty value of a resource with the attributes wanted, nil
// for all.
func (f *frame) resourceValue(name resourceName, wanted []string, rng hcl.Range) cty.Value {
	g := f.group(name)
	if g != nil {
		return g.value(wanted)
	}
	missing := func(rest hcl.Traversal) cty.Value {
		return f.ev.ctyWithin(f.followResource(name, rest, rng), Ref{}, false)
	}
	if wanted == nil {
		return missing(nil)
	}
	attrs := map[string]cty.Value{}
	for _, attr := range wanted {
		attrs[attr] = missing(hcl.Traversal{hcl.TraverseAttr{Name: attr}})
	}
	return cty.ObjectVal(attrs)
}

func (g *group) value(wanted []string) cty.Value {
	ev := g.in.ev
	if !g.expand() {
		problem := g.address + " refers to itself"
		ev.fail(g.block.rng, problem, "break the cycle of references")
		return unknownBecause(cty.DynamicPseudoType, problem)
	}
	key := "*"
	if wanted != nil {
		key = strings.Join(wanted, " ")
	}
	if v, ok := g.values[key]; ok {
		return v
	}
	var v cty.Value
	switch g.expansion.form {
	case unsettled:
		v = cty.DynamicVal.Mark(cause{Reason: g.expansion.reason, Ref: Ref{Address: g.address}})
	case single:
		v = g.members[0].value(wanted)
	case counted:
		elems := make([]cty.Value, len(g.members))
		for i, m := range g.members {
			elems[i] = m.value(wanted)
		}
		v = cty.TupleVal(elems)
	case keyed:
		attrs := make(map[string]cty.Value, len(g.members))
		for _, m := range g.members {
			attrs[m.key.(string)] = m.value(wanted)
		}
		v = cty.ObjectVal(attrs)
	}
	g.values[key] = v
	return v
}

// value is one instance as an object. All of it is open: besides what is
// written it has every attribute mentioned anywhere, unknown.
func (m *member) value(wanted []string) cty.Value {
	ev := m.group.in.ev
	at := Ref{Address: m.address}
	attrs := map[string]cty.Value{}
	if wanted != nil {
		for _, name := range wanted {
			attrs[name] = m.attribute(name)
		}
		return cty.ObjectVal(attrs)
	}
	for _, f := range m.tree().Fields {
		attrs[f.Name] = m.attribute(f.Name)
	}
	ev.spend(len(attrs))
	ev.openWith(attrs, at, m.group.reason())
	return cty.ObjectVal(attrs)
}

func (m *member) attribute(name string) cty.Value {
	at := Ref{Address: m.address, Path: name}
	t := m.read(hcl.Traversal{hcl.TraverseAttr{Name: name}}, fact.Position{})
	if t.Kind == Unknown {
		return m.group.in.ev.ctyWithin(t, at, false)
	}
	return m.group.in.ev.ctyOf(t, at)
}

// openAttribute is a member that no configuration can name. An object that has
// it has more members than are known: it is part of a resource whose schema
// only the provider knows.
const openAttribute = "\x00more"

// open adds the attributes mentioned anywhere that are not written or null.
func (ev *evaluation) open(attrs map[string]cty.Value, at Ref) {
	ev.openWith(attrs, at, afterApply)
}

func (ev *evaluation) openWith(attrs map[string]cty.Value, at Ref, reason string) {
	for _, name := range ev.mentioned() {
		if v, ok := attrs[name]; !ok || v.IsNull() {
			ref := at.sub(name)
			attrs[name] = cty.UnknownVal(typeOf(ref)).Mark(cause{Reason: reason, Ref: ref})
		}
	}
	attrs[openAttribute] = unknownBecause(cty.DynamicPseudoType, reason)
}

// typeOf is the type of an attribute where its name alone settles it: AWS has
// no id or ARN that is not a string. It is dynamic otherwise.
func typeOf(r Ref) cty.Type {
	address := r.Address
	if i := strings.LastIndex(address, "aws_"); i < 0 || i > 0 && address[i-1] != '.' {
		return cty.DynamicPseudoType
	}
	name := r.Path[strings.LastIndexByte(r.Path, '.')+1:]
	if name == "id" || name == "arn" || strings.HasSuffix(name, "_arn") || strings.HasSuffix(name, "_id") {
		return cty.String
	}
	return cty.DynamicPseudoType
}

// mentioned returns every attribute name that a file read so far may ask a
// resource for.
func (ev *evaluation) mentioned() []string {
	if ev.mentions != nil {
		return ev.mentions
	}
	seen := map[string]struct{}{}
	for _, s := range ev.sources {
		mentionedIn(s.text, seen)
	}
	ev.mentions = make([]string, 0, len(seen))
	for name := range seen {
		ev.mentions = append(ev.mentions, name)
	}
	slices.Sort(ev.mentions)
	return ev.mentions
}
