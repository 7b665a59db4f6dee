package register

import "github.com/writ-policy/writ/engine/fact"

// Entry is what all blocks have in common: where they and their attributes
// stand, and which attributes were given but cannot be used.
type Entry struct {
	Pos     fact.Position
	at      map[string]fact.Position
	invalid map[string]string // attribute → reason
}

// At returns the position of an attribute, that of the block if it is not given.
func (e *Entry) At(name string) fact.Position {
	if p, ok := e.at[name]; ok {
		return p
	}
	return e.Pos
}

// given reports whether an attribute was written, usable or not.
func (e *Entry) given(name string) bool {
	_, ok := e.at[name]
	return ok
}

// element returns the position of an element of a list attribute.
func (e *Entry) element(name, value string) fact.Position {
	if p, ok := e.at[name+"\x00"+value]; ok {
		return p
	}
	return e.At(name)
}

// set stores an attribute in a fact, as a gap if it cannot be used.
func (e *Entry) set(i *fact.ItemBuilder, name string, value any) { e.setAs(i, name, name, value) }

// setAs stores an attribute under another name.
func (e *Entry) setAs(i *fact.ItemBuilder, name, attribute string, value any) {
	e.derive(i, name, value, attribute)
}

// derive stores what follows from attributes, at the position of the first one
// that is given.
func (e *Entry) derive(i *fact.ItemBuilder, name string, value any, attributes ...string) {
	at := e.Pos
	for _, a := range attributes {
		if reason := e.invalid[a]; reason != "" {
			i.Gap(name, reason, e.At(a))
			return
		}
		if p, ok := e.at[a]; ok && at == e.Pos {
			at = p
		}
	}
	i.Set(name, value, at)
}

// setTexts stores several attributes, in the order of their names.
func (e *Entry) setTexts(i *fact.ItemBuilder, texts map[string]string) {
	for _, name := range fact.SortedKeys(texts) {
		e.set(i, name, texts[name])
	}
}

// inherit takes over the position of another entry's attribute and, if that
// cannot be used, why.
func (e *Entry) inherit(name string, from *Entry) {
	e.at[name] = from.At(name)
	if reason := from.invalid[name]; reason != "" {
		e.invalid[name] = reason
	}
}
