package netfilter

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// States of a table: what the kernel runs, and what a file keeps for the next start.
const (
	Running   = "running"
	Persisted = "persisted"
)

// Stored is a table as a fact: where it is, and the table.
type Stored struct {
	NetNS string // "" for the host's own
	State string // [Running] or [Persisted]
	*Table
}

// ID is the id of the table's fact.
func (s Stored) ID() string {
	id := s.State + "/" + string(s.Backend) + "/" + string(s.Family) + "/" + cmp.Or(s.Name, "?")
	if s.NetNS != "" {
		id = s.NetNS + "/" + id
	}
	return id
}

// Encode adds a table to a document of kind firewall.ruleset; [Decode] reads it
// back whole.
func Encode(b *fact.Builder, s Stored) {
	basis := "observed"
	if s.State == Persisted {
		basis = "declared"
	}
	none := fact.Position{}
	it := b.Add(s.ID(), basis, s.Pos)
	it.Set("netns", s.NetNS, none).Set("state", s.State, none).Set("backend", string(s.Backend), none)
	it.Set("family", string(s.Family), none).Set("name", s.Name, none).Set("dormant", s.Dormant, none).Set("owner", s.Owner, none)
	it.Set("chains", []any{}, none).Set("sets", []any{}, none)
	for _, c := range s.Chains {
		at := it.Append("chains", c.Pos)
		at.Set("name", c.Name, none).Set("type", c.Type, none).Set("hook", string(c.Hook), none).Set("priority", c.Priority, none)
		at.Set("devices", fact.Strings(c.Devices), none).Set("policy", string(cmp.Or(c.Policy, Continue)), none)
		at.Set("rules", []any{}, none)
		for _, r := range c.Rules {
			statements := make([]any, len(r.Statements))
			for i, s := range r.Statements {
				statements[i] = Print(s)
			}
			at.Append("rules", r.Pos).Set("id", r.ID, none).Set("handle", r.Handle, none).Set("text", r.Text, none).
				Set("comment", r.Comment, none).Set("packets", int(r.Packets), none).Set("owner", r.Owner, none).Set("statements", statements, none)
		}
	}
	for _, set := range s.Sets {
		fields := []any{}
		for _, f := range set.Fields {
			fields = append(fields, string(f))
		}
		elements := make([]any, len(set.Elements))
		for i, e := range set.Elements {
			elements[i] = PrintElement(e)
		}
		it.Append("sets", set.Pos).Set("name", set.Name, none).Set("fields", fields, none).Set("dynamic", set.Dynamic, none).
			Set("unread", set.Unread, none).Set("elements", elements, none)
	}
	opaque := []any{}
	for _, o := range s.Opaque {
		opaque = append(opaque, Print(o))
	}
	it.Set("opaque", opaque, none)
}

// Decode reads the tables of a document of kind firewall.ruleset, one for each item.
// An error says that an item is not what [Encode] writes; what is wrong in it, or not
// known, is then opaque.
func Decode(doc *fact.Document) (tables []Stored, errs []error) {
	for i, item := range doc.Items {
		s, err := decode(doc, i, item)
		if err != nil {
			errs = append(errs, fmt.Errorf("read firewall.ruleset %s: %w", item.ID(), err))
		}
		if s.Table == nil {
			why := Opaque{Text: item.ID(), Reason: "the fact could not be read", Decides: true, Alters: true}
			s.Table = &Table{Backend: NFT, Family: Inet, Opaque: []Opaque{why}}
		}
		tables = append(tables, s)
	}
	return tables, errs
}

// stored is an item as JSON has it.
type stored struct {
	NetNS, State string
	Backend      Backend
	Family       Family
	Name, Owner  string
	Dormant      bool
	Chains       []struct {
		Name, Type string
		Hook       Hook
		Priority   int
		Devices    []string
		Policy     VerdictType
		Rules      []struct {
			ID, Text, Comment, Owner string
			Handle                   int
			Packets                  int64
			Statements               []string
		}
	}
	Sets []struct {
		Name, Unread string
		Fields       []Field
		Dynamic      bool
		Elements     []string
	}
	Opaque []string
}

// decode reads one item. What is wrong in it becomes opaque there, so that a table
// of which a part is damaged is not taken for one without that part.
func decode(doc *fact.Document, index int, item fact.Item) (Stored, error) {
	data, err := json.Marshal(item)
	if err != nil {
		return Stored{}, err
	}
	var in stored
	if err := json.Unmarshal(data, &in); err != nil {
		return Stored{}, err
	}
	var first error
	statement := func(text string) Statement {
		s, err := Parse(text)
		if err != nil {
			first = cmp.Or(first, err)
			return Opaque{Text: text, Reason: "not a statement of this version", Restricts: true, Decides: true, Alters: true}
		}
		return s
	}
	at := func(path ...any) fact.Position {
		pointer := fmt.Sprintf("/items/%d", index)
		for _, p := range path {
			pointer += fmt.Sprintf("/%v", p)
		}
		return doc.Place(pointer)
	}
	t := &Table{Backend: in.Backend, Family: in.Family, Name: in.Name, Dormant: in.Dormant, Owner: in.Owner, Pos: at()}
	for i, c := range in.Chains {
		chain := &Chain{Name: c.Name, Type: c.Type, Hook: c.Hook, Priority: c.Priority, Devices: slices.Clip(c.Devices), Policy: c.Policy, Pos: at("chains", i)}
		for j, r := range c.Rules {
			rule := &Rule{ID: r.ID, Handle: r.Handle, Text: r.Text, Comment: r.Comment, Packets: r.Packets, Owner: r.Owner, Pos: at("chains", i, "rules", j)}
			for _, text := range r.Statements {
				s := statement(text)
				if o, ok := s.(Opaque); ok {
					o.Pos = rule.Pos
					s = o
				}
				rule.Statements = append(rule.Statements, s)
			}
			chain.Rules = append(chain.Rules, rule)
		}
		t.Chains = append(t.Chains, chain)
	}
	for i, s := range in.Sets {
		set := &Set{Name: s.Name, Fields: s.Fields, Dynamic: s.Dynamic, Unread: s.Unread, Pos: at("sets", i)}
		for _, text := range s.Elements {
			e, err := ParseElement(text)
			if err != nil {
				first = cmp.Or(first, err)
				e = Element{Opaque: true}
			}
			set.Elements = append(set.Elements, e)
		}
		t.Sets = append(t.Sets, set)
	}
	prefix := fmt.Sprintf("/items/%d/", index)
	for _, g := range doc.Unobserved {
		if strings.HasPrefix(g.Pointer, prefix) {
			t.Opaque = append(t.Opaque, Opaque{Text: strings.TrimPrefix(g.Pointer, prefix), Reason: g.Reason, Restricts: true, Decides: true, Alters: true, Pos: t.Pos})
		}
	}
	for _, text := range in.Opaque {
		o, ok := statement(text).(Opaque)
		if !ok {
			o = Opaque{Text: text, Reason: "not opaque"}
		}
		o.Pos = t.Pos
		t.Opaque = append(t.Opaque, o)
	}
	return Stored{NetNS: in.NetNS, State: in.State, Table: t}, first
}
