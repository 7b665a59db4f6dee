package fact

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Builder gathers the items of one document. Positions given to it name their
// source by URI; the document names it by id. Not safe for concurrent use.
type Builder struct {
	doc     Document
	sources map[string]string // uri → id
	members int               // that an item has in the end
	last    struct{ uri, id string }
}

// NewBuilder starts a complete, empty document of a kind about a target.
func NewBuilder(kind string, target Target, by Collector, at time.Time) *Builder {
	members := 0
	if k := LookupKind(kind); k != nil {
		members = k.members
	}
	return &Builder{
		members: members,
		doc: Document{
			Schema: Schema, Kind: kind, Target: target, Collector: by,
			CollectedAt: at.UTC(), Complete: true, Unobserved: []Gap{},
			Sources: []Source{}, Positions: map[string]Position{}, Items: []Item{},
		},
		sources: map[string]string{},
	}
}

// Source registers a source, so that its digest is known and it is listed even
// if no item comes from it.
func (b *Builder) Source(uri, sha256 string) {
	if id, ok := b.sources[uri]; ok {
		if sha256 == "" {
			return
		}
		for i := range b.doc.Sources {
			if b.doc.Sources[i].ID == id {
				b.doc.Sources[i].SHA256 = sha256
			}
		}
		return
	}
	id := "s" + strconv.Itoa(len(b.doc.Sources)+1)
	b.sources[uri] = id
	b.doc.Sources = append(b.doc.Sources, Source{ID: id, URI: uri, SHA256: sha256})
}

// Searched notes that the text of one more file was searched for items.
func (b *Builder) Searched() { b.doc.Searched++ }

// Incomplete notes that items may be missing, and why.
func (b *Builder) Incomplete(reason string) {
	b.doc.Complete = false
	if !slices.Contains(b.doc.Reasons, reason) {
		b.doc.Reasons = append(b.doc.Reasons, reason)
	}
}

// Add starts an item read at a position.
func (b *Builder) Add(id, basis string, at Position) *ItemBuilder {
	item := make(Item, b.members)
	item["id"], item["basis"] = id, basis
	pointer := "/items/" + strconv.Itoa(len(b.doc.Items))
	b.doc.Items = append(b.doc.Items, item)
	b.position(pointer, at)
	return &ItemBuilder{b: b, pointer: pointer, item: item, at: at}
}

// Len returns the number of items so far.
func (b *Builder) Len() int { return len(b.doc.Items) }

func (b *Builder) position(pointer string, at Position) {
	if at.IsZero() {
		return
	}
	if at.Source != "" {
		if at.Source != b.last.uri {
			b.Source(at.Source, "")
			b.last.uri, b.last.id = at.Source, b.sources[at.Source]
		}
		at.Source = b.last.id
	}
	b.doc.Positions[pointer] = at
}

// Document returns what was gathered. The builder must not be used afterwards.
func (b *Builder) Document() *Document { return &b.doc }

// ItemBuilder fills one item, or an object inside it.
type ItemBuilder struct {
	b       *Builder
	pointer string
	item    map[string]any
	list    func(any) // stores an element instead of a member
	element any       // what was stored by list
	at      Position  // of the item or object, or of what encloses it
}

// place notes where a member was read, unless that is where all of it was: readers
// of positions fall back to what encloses a value.
func (i *ItemBuilder) place(name string, at Position) {
	if at != i.at {
		i.b.position(i.child(name), at)
	}
}

// inside is the place of a member that holds others.
func (i *ItemBuilder) inside(at Position) Position {
	if at.IsZero() {
		return i.at
	}
	return at
}

func (i *ItemBuilder) store(name string, v any) {
	if i.list != nil {
		i.element = v
		i.list(v)
		return
	}
	i.item[name] = v
}

// Set stores a value read at a position (the zero Position if it has none of
// its own). The value must not hold nil: use [ItemBuilder.Gap] and friends.
func (i *ItemBuilder) Set(name string, value any, at Position) *ItemBuilder {
	i.store(name, value)
	i.place(name, at)
	return i
}

// Gap stores null for a value that could not be observed, and why.
func (i *ItemBuilder) Gap(name, reason string, at Position) *ItemBuilder {
	i.store(name, nil)
	pointer := i.child(name)
	i.b.gap(pointer, reason)
	if at != i.at {
		i.b.position(pointer, at)
	}
	return i
}

// Object starts an object member.
func (i *ItemBuilder) Object(name string, at Position) *ItemBuilder {
	m := map[string]any{}
	i.store(name, m)
	i.place(name, at)
	return &ItemBuilder{b: i.b, pointer: i.child(name), item: m, at: i.inside(at)}
}

// Append adds an object to an array member, making the array if need be.
func (i *ItemBuilder) Append(name string, at Position) *ItemBuilder {
	list, _ := i.item[name].([]any)
	m := map[string]any{}
	array := i.child(name)
	pointer := array + "/" + strconv.Itoa(len(list))
	i.item[name] = append(list, any(m))
	if _, placed := i.b.doc.Positions[array]; placed || at != i.at {
		i.b.position(pointer, at)
	}
	return &ItemBuilder{b: i.b, pointer: pointer, item: m, at: i.inside(at)}
}

// Element returns a builder that sets element i of an array member, by the name
// of its index; elements are set in order.
func (i *ItemBuilder) Element(name string, n int) *ItemBuilder {
	held := i.item[name]
	if i.list != nil {
		held = i.element // a list in a list
	}
	list, _ := held.([]any)
	return &ItemBuilder{b: i.b, pointer: i.child(name), list: func(v any) {
		if n == len(list) {
			list = append(list, v)
		} else {
			list[n] = v
		}
		i.store(name, list)
	}}
}

// Refine says where a nested value ("/declared/max_days") was read.
func (i *ItemBuilder) Refine(suffix string, at Position) *ItemBuilder {
	i.b.position(i.pointer+suffix, at)
	return i
}

func (i *ItemBuilder) child(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return i.pointer + "/" + name
	}
	return i.pointer + Pointer(name)
}

func (b *Builder) gap(pointer, reason string) {
	b.doc.Unobserved = append(b.doc.Unobserved, Gap{Pointer: pointer, Reason: reason})
}

// Strings turns a list of strings into a sorted array value without duplicates.
func Strings(list []string) []any {
	if len(list) == 0 {
		return []any{}
	}
	sorted := slices.Clone(list)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	out := make([]any, len(sorted))
	for i, s := range sorted {
		out[i] = s
	}
	return out
}

// SortedKeys returns a map's keys in order.
func SortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
