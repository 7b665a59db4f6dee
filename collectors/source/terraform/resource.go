package terraform

import (
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
