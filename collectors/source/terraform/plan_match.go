package terraform

import "slices"

// matcher finds for planned elements the written ones they come from: sets are
// planned in their own order. Each written element is taken once.
type matcher struct {
	written []*Value
	byText  map[string][]int // places of the scalars, made when first needed
	tries   int
}

// maxTries bounds the comparisons of blocks in one list; beyond it elements
// that stand in another place than written find nothing.
const maxTries = 1_000_000

func newMatcher(written []*Value) *matcher {
	return &matcher{written: slices.Clone(written)}
}

// take takes the element that became e, the i-th planned one: the one in the
// same place if it agrees, else the first that does, nil if none.
func (m *matcher) take(i int, e *Value) *Value {
	if i < len(m.written) && m.written[i] != nil && agrees(m.written[i], e) {
		return m.takeAt(i)
	}
	if text, ok := e.scalar(); ok {
		if j := m.place(text); j >= 0 {
			return m.takeAt(j)
		}
	}
	for j, h := range m.written {
		if h == nil {
			continue
		}
		if _, scalar := h.scalar(); scalar {
			continue
		}
		if m.tries++; m.tries > maxTries {
			return nil
		}
		if agrees(h, e) {
			return m.takeAt(j)
		}
	}
	return nil
}

func (m *matcher) takeAt(j int) *Value {
	h := m.written[j]
	m.written[j] = nil
	return h
}

// place is where the first scalar of that text stands that was not taken, -1 if
// there is none.
func (m *matcher) place(text string) int {
	if m.byText == nil {
		m.byText = map[string][]int{}
		for j, h := range m.written {
			if h == nil {
				continue
			}
			if t, ok := h.scalar(); ok {
				m.byText[t] = append(m.byText[t], j)
			}
		}
	}
	for places := m.byText[text]; len(places) > 0; places = places[1:] {
		m.byText[text] = places[1:]
		if m.written[places[0]] != nil {
			return places[0]
		}
	}
	return -1
}

// agrees reports whether a planned value can come from a written one: what both
// know is equal, numbers and bools written as text included.
func agrees(written, planned *Value) bool {
	if written.Kind == Unknown || planned.Kind == Unknown || written.Unset() {
		return true
	}
	switch {
	case written.Kind == Object && planned.Kind == Object:
		find := planned.finder()
		for _, f := range written.Fields {
			if got := find(f.Name); got != nil && !agrees(f.Value, got) {
				return false
			}
		}
		return true
	case written.Kind == List && planned.Kind == List:
		if len(written.Elems) != len(planned.Elems) {
			return false
		}
		rest := newMatcher(written.Elems)
		for i, e := range planned.Elems {
			if rest.take(i, e) == nil {
				return false
			}
		}
		return true
	}
	a, okA := written.scalar()
	b, okB := planned.scalar()
	return okA && okB && a == b
}

// finder returns a function that finds members by name, in constant time where
// there are many. A nil value has none.
func (v *Value) finder() func(name string) *Value {
	if v == nil {
		return func(string) *Value { return nil }
	}
	if len(v.Fields) <= 16 {
		return v.field
	}
	byName := make(map[string]*Value, len(v.Fields))
	for _, f := range slices.Backward(v.Fields) {
		byName[f.Name] = f.Value
	}
	return func(name string) *Value { return byName[name] }
}

// scalar is the text of a scalar as Terraform converts it to a string.
func (v *Value) scalar() (text string, ok bool) {
	switch v.Kind {
	case Bool:
		if v.Bool {
			return "true", true
		}
		return "false", true
	case Number:
		return v.Number, true
	case String:
		return v.Text, true
	}
	return "", false
}
