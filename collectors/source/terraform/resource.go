package terraform

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/writ-policy/writ/engine/fact"
)

// group is a resource block in a module instance, with all its instances.
type group struct {
	in        *instance
	block     *resourceBlock
	address   string // without a key
	expanded  bool
	busy      bool
	expansion expansion
	members   []*member
	values    map[string]cty.Value // by the attributes wanted
}

// member is one instance of a resource.
type member struct {
	group   *group
	address string
	key     any
	frame   *frame
	body    *Value
	busy    bool
}

func (in *instance) group(r *resourceBlock) *group {
	g := in.groups[r]
	if g == nil {
		g = &group{in: in, block: r, address: in.prefix() + r.name.String(), values: map[string]cty.Value{}}
		in.groups[r] = g
	}
	return g
}

// group finds a declared resource, nil if there is none.
func (f *frame) group(name resourceName) *group {
	if r := f.in.mod.resource[name]; r != nil {
		return f.in.group(r)
	}
	return nil
}

// expand makes the members; false if that is being done already, which is a
// count that depends on its own resource.
func (g *group) expand() bool {
	if g.busy {
		return false
	}
	if g.expanded {
		return true
	}
	g.busy = true
	g.expansion = g.in.frame.expand(g.block.body, "resource "+g.address)
	for i, key := range g.expansion.keys {
		g.members = append(g.members, &member{group: g, address: g.address + suffix(key), key: key, frame: g.expansion.frame[i]})
	}
	g.busy, g.expanded = false, true
	return true
}

func (g *group) emit() {
	g.expand()
	provider := g.in.providerOf(&g.block.block)
	for _, m := range g.members {
		g.in.ev.root.Resources = append(g.in.ev.root.Resources, &Resource{
			Address: m.address, Module: g.in.address,
			Mode: g.block.name.mode, Type: g.block.name.kind, Name: g.block.name.name,
			Key: m.key, Provider: provider,
			Body:       m.tree(),
			KnownCount: g.expansion.form != unsettled && !g.in.unsettled,
			Pos:        position(g.block.rng), Callers: g.in.callers,
		})
	}
}

// tree is the body as written.
func (m *member) tree() *Value {
	ev := m.group.in.ev
	if m.body != nil {
		return m.body
	}
	if m.busy {
		problem := m.address + " refers to itself"
		ev.fail(m.group.block.rng, problem, "break the cycle of references")
		return &Value{Kind: Unknown, Reason: problem, Pos: position(m.group.block.rng)}
	}
	if reason, ok := ev.descend(m.group.block.rng); !ok {
		return &Value{Kind: Unknown, Reason: reason, Pos: position(m.group.block.rng)}
	}
	m.busy = true
	m.body = m.frame.body(m.group.block.body, m.group.block.rng, resourceMeta)
	if m.group.block.name.kind == "terraform_data" {
		m.body = settleTypes(m.body)
	}
	m.busy = false
	ev.spent.depth--
	return m.body
}

// afterwards is what an attribute that is not written reads as.
func (g *group) afterwards(at Ref, pos fact.Position) *Value {
	return &Value{Kind: Unknown, Reason: g.reason(), Refs: []Ref{at}, Direct: true, Pos: pos}
}

func (g *group) reason() string {
	switch g.block.name.mode {
	case data:
		return "data source " + g.address + " is read at apply"
	case ephemeral:
		return "ephemeral resource " + g.address + " is opened at apply"
	}
	return afterApply
}

// followResource reads the path rest of a resource, as a tree.
func (f *frame) followResource(name resourceName, rest hcl.Traversal, rng hcl.Range) *Value {
	pos := position(rng)
	g := f.group(name)
	if g == nil {
		problem := "resource " + f.in.prefix() + name.String() + " is not declared"
		f.ev.warn(rng, problem, "")
		return &Value{Kind: Unknown, Reason: problem, Pos: pos, Direct: true, Refs: []Ref{{f.in.prefix() + name.String(), pathOf(rest)}}}
	}
	if !g.expand() {
		problem := g.address + " refers to itself"
		f.ev.fail(rng, problem, "break the cycle of references")
		return &Value{Kind: Unknown, Reason: problem, Pos: pos}
	}
	m, rest, ok := g.member(rest)
	if !ok {
		if g.expansion.form == unsettled {
			return &Value{Kind: Unknown, Reason: g.expansion.reason, Pos: pos, Refs: []Ref{{g.address, pathOf(rest)}}}
		}
		if len(rest) == 0 {
			return g.whole(pos)
		}
		return f.ev.treeOf(f.stepsOf(g.value(nil), rest, rng), pos, nil)
	}
	return m.read(rest, pos)
}

// whole is a repeated resource by itself: all its instances.
func (g *group) whole(pos fact.Position) *Value {
	t := &Value{Kind: List, Pos: pos}
	if g.expansion.form == keyed {
		t.Kind = Object
	}
	for _, m := range g.members {
		one := m.read(nil, pos)
		if g.expansion.form == keyed {
			t.Fields = append(t.Fields, Field{m.key.(string), one})
		} else {
			t.Elems = append(t.Elems, one)
		}
	}
	return t
}

// reaches reports whether rest leads to an attribute of one instance.
func (g *group) reaches(rest hcl.Traversal) bool {
	if !g.expand() {
		return true
	}
	if g.expansion.form == unsettled {
		return true
	}
	_, rest, ok := g.member(rest)
	return ok && len(rest) > 0
}

// member picks the instance that a traversal reads; rest is then the path in it.
func (g *group) member(rest hcl.Traversal) (*member, hcl.Traversal, bool) {
	switch g.expansion.form {
	case single:
		return g.members[0], rest, true
	case unsettled:
		return nil, rest, false
	}
	if len(rest) == 0 {
		return nil, rest, false
	}
	var key cty.Value
	switch s := rest[0].(type) {
	case hcl.TraverseIndex:
		key = s.Key
	case hcl.TraverseAttr:
		key = cty.StringVal(s.Name) // aws_x.y.key reads like aws_x.y["key"]
	default:
		return nil, rest, false
	}
	i := g.expansion.index(key)
	if i < 0 {
		return nil, rest, false
	}
	return g.members[i], rest[1:], true
}

// read returns what the path leads to. What was not written is known only to
// the provider, never null.
func (m *member) read(rest hcl.Traversal, pos fact.Position) *Value {
	at := Ref{Address: m.address, Path: pathOf(rest)}
	body := m.tree()
	if body.Kind == Unknown && len(body.Fields) == 0 {
		u := *body
		u.Refs, u.Pos = []Ref{at}, pos
		return &u
	}
	if len(rest) == 0 {
		return &Value{Kind: Unknown, Reason: m.group.reason(), Fields: body.Fields, Refs: []Ref{at}, Direct: true, Pos: body.Pos}
	}
	if v := m.computed(rest); v != nil {
		return v
	}
	v, ok := body.at(rest)
	if !ok || v.Kind == Null {
		return m.group.afterwards(at, pos)
	}
	if v.Kind == Unknown {
		return v
	}
	t := *v
	t.Refs = sortedRefs(append([]Ref{at}, v.Refs...))
	return &t
}

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
