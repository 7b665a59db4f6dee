package text

import (
	"fmt"

	"github.com/writ-policy/writ/collectors/source/node"
)

// Members fills an object. Finding a name takes the same time in a small and in
// a large one.
type Members struct {
	*node.Node
	index map[string]int
	// twice are the members that were found again, which are opaque now.
	twice map[int]bool
}

// few is how many names are found as fast by looking at each.
const few = 12

// Find returns the index of a member, -1 if there is none.
func (m *Members) Find(name string) int {
	if m.index != nil {
		if i, ok := m.index[name]; ok {
			return i
		}
		return -1
	}
	for i := range m.Keys {
		if m.Keys[i].Name == name {
			return i
		}
	}
	return -1
}

// Add adds a member that is not there yet.
func (m *Members) Add(k node.Key, v *node.Node) {
	m.Keys = append(m.Keys, k)
	m.Elems = append(m.Elems, v)
	switch {
	case m.index != nil:
		m.index[k.Name] = len(m.Keys) - 1
	case len(m.Keys) > few:
		m.index = make(map[string]int, 4*few)
		for i := range m.Keys {
			m.index[m.Keys[i].Name] = i
		}
	}
}

// Once adds a member. If its name is there already nobody can say which of them
// counts, for programs differ: the member becomes an opaque, and a warning at
// offset says so.
func (m *Members) Once(f *File, k node.Key, v *node.Node, offset int) {
	i := m.Find(k.Name)
	if i < 0 {
		m.Add(k, v)
		return
	}
	first := m.Keys[i].Line
	reason := fmt.Sprintf("the key stands twice, in lines %d and %d: which one counts depends on the program that reads it", first, k.Line)
	f.Warn(offset, "the key stands twice", fmt.Sprintf("%s is in line %d already, so its value is taken as not known", quote(k.Name), first), "remove one of them")
	if m.twice == nil {
		m.twice = map[int]bool{}
	}
	if !m.twice[i] {
		m.twice[i] = true
		n := *v
		n.Kind, n.Text, n.Reason, n.Keys, n.Elems = node.Opaque, "", reason, nil, nil
		m.Elems[i] = &n
		return
	}
	m.Elems[i].Reason = reason
}

// maxName bounds a name in a message.
const maxName = 60

func quote(name string) string {
	if len(name) > maxName {
		name = name[:maxName] + "…"
	}
	return fmt.Sprintf("%q", name)
}
