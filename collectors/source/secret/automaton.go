package secret

// automaton finds keywords in a text in one pass (Aho and Corasick, 1975, as a
// complete table). It folds ASCII case; whoever needs the case looks again.
type automaton struct {
	class  [256]uint8 // of bytes that behave alike; 0 stands in no keyword
	next   []uint32   // row + class → row, with accepts where a keyword ends
	outs   map[uint32][]int32
	length []int
}

// accepts marks a state in which a keyword ends.
const accepts = 1 << 31

// newAutomaton is given keywords that are not empty.
func newAutomaton(words []string) *automaton {
	a := &automaton{outs: map[uint32][]int32{}}
	classes := 1
	for _, w := range words {
		for i := range len(w) {
			if c := lower(w[i]); a.class[c] == 0 {
				a.class[c] = uint8(classes)
				classes++
			}
		}
		a.length = append(a.length, len(w))
	}
	for c := 'A'; c <= 'Z'; c++ {
		a.class[c] = a.class[lower(byte(c))]
	}
	type node struct {
		child []int32
		fail  int32
		outs  []int32
	}
	fresh := func() node { return node{child: make([]int32, classes)} }
	nodes := []node{fresh()}
	for id, w := range words {
		at := int32(0)
		for i := range len(w) {
			c := a.class[lower(w[i])]
			if nodes[at].child[c] == 0 {
				nodes = append(nodes, fresh())
				nodes[at].child[c] = int32(len(nodes) - 1)
			}
			at = nodes[at].child[c]
		}
		nodes[at].outs = append(nodes[at].outs, int32(id))
	}
	var queue []int32
	for _, n := range nodes[0].child {
		if n != 0 {
			queue = append(queue, n)
		}
	}
	for head := 0; head < len(queue); head++ {
		at := queue[head]
		fail := nodes[at].fail
		nodes[at].outs = append(nodes[at].outs, nodes[fail].outs...)
		for c, n := range nodes[at].child {
			if n == 0 {
				nodes[at].child[c] = nodes[fail].child[c]
				continue
			}
			nodes[n].fail = nodes[fail].child[c]
			queue = append(queue, n)
		}
	}
	a.next = make([]uint32, len(nodes)*classes)
	for i, n := range nodes {
		for c, to := range n.child {
			row := uint32(int(to) * classes)
			if len(nodes[to].outs) > 0 {
				row |= accepts
			}
			a.next[i*classes+c] = row
		}
		if len(n.outs) > 0 {
			a.outs[uint32(i*classes)|accepts] = n.outs
		}
	}
	return a
}

// each calls yield for every keyword in a text, with its number and offset, in the
// order of their ends.
func (a *automaton) each(text string, yield func(word, start int)) {
	if len(a.length) == 0 {
		return
	}
	state := uint32(0)
	for i := range len(text) {
		state = a.next[(state&^accepts)+uint32(a.class[text[i]])]
		if state&accepts != 0 {
			for _, w := range a.outs[state] {
				yield(int(w), i+1-a.length[w])
			}
		}
	}
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
