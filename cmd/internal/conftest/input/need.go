package input

// Need says which members of a document are read. What is not needed is checked to be
// JSON and left out.
type Need struct {
	All     bool             // everything below
	Members map[string]*Need // of an object
	Each    *Need            // of every member and element
}

// Member returns what is needed of a member, and notes that it is.
func (n *Need) Member(name string) *Need {
	if n.Members == nil {
		n.Members = map[string]*Need{}
	}
	if n.Members[name] == nil {
		n.Members[name] = &Need{}
	}
	return n.Members[name]
}

// Every returns what is needed of each member, and notes that each is.
func (n *Need) Every() *Need {
	if n.Each == nil {
		n.Each = &Need{}
	}
	return n.Each
}

// of returns what is needed of a member; nil is everything, false nothing.
func (n *Need) of(name string) (*Need, bool) {
	if n == nil || n.All {
		return nil, true
	}
	m := n.Members[name]
	switch {
	case m == nil && n.Each == nil:
		return nil, false
	case m == nil:
		return n.Each, true
	case n.Each == nil:
		return m, true
	}
	return m.and(n.Each), true
}

// ofElement is of for the elements of an array.
func (n *Need) ofElement() *Need {
	if n == nil || n.All || n.Each == nil {
		return nil
	}
	return n.Each
}

// and returns what either needs.
func (n *Need) and(o *Need) *Need {
	both := &Need{All: n.All || o.All}
	if both.All {
		return both
	}
	for _, from := range []*Need{n, o} {
		for name, m := range from.Members {
			if has := both.Members[name]; has != nil {
				m = has.and(m)
			}
			if both.Members == nil {
				both.Members = map[string]*Need{}
			}
			both.Members[name] = m
		}
		if from.Each != nil {
			if both.Each == nil {
				both.Each = from.Each
			} else {
				both.Each = both.Each.and(from.Each)
			}
		}
	}
	return both
}

// skip passes over a value that is not needed. It accepts what value accepts.
func (r *jsonReader) skip(depth int) error {
	if depth > maxJSONDepth {
		return errJSON
	}
	switch r.space() {
	case '{':
		return r.skipMembers('}', depth, true)
	case '[':
		return r.skipMembers(']', depth, false)
	case '"':
		return r.skipString()
	case 't':
		return r.word("true")
	case 'f':
		return r.word("false")
	case 'n':
		return r.word("null")
	}
	_, err := r.digits()
	return err
}

func (r *jsonReader) skipMembers(closing byte, depth int, named bool) error {
	r.pos++
	if r.space() == closing {
		r.pos++
		return nil
	}
	for {
		if named {
			if r.space() != '"' {
				return errJSON
			}
			if err := r.skipString(); err != nil {
				return err
			}
			if r.space() != ':' {
				return errJSON
			}
			r.pos++
		}
		if err := r.skip(depth + 1); err != nil {
			return err
		}
		switch r.space() {
		case ',':
			r.pos++
		case closing:
			r.pos++
			return nil
		default:
			return errJSON
		}
	}
}

func (r *jsonReader) skipString() error {
	for i := r.pos + 1; i < len(r.text); i++ {
		switch c := r.text[i]; {
		case c == '"':
			r.pos = i + 1
			return nil
		case c == '\\':
			_, err := r.str() // rare enough
			return err
		case c < 0x20:
			return errJSON
		}
	}
	return errJSON
}
