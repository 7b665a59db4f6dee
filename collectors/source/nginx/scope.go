package nginx

// Scope is a block and those around it: main, http, server, location.
type Scope struct {
	// Block is nil for the main level.
	Block  *Directive
	List   []*Directive
	Parent *Scope
}

// Top is the main level of a configuration.
func (c *Config) Top() *Scope { return &Scope{List: c.Directives} }

// Inside lists the blocks of one of the names directly in the scope, in order.
func (s *Scope) Inside(names ...string) []*Scope {
	var out []*Scope
	for _, d := range s.List {
		for _, n := range names {
			if d.Block && d.Name == n {
				out = append(out, &Scope{Block: d, List: d.Children, Parent: s})
			}
		}
	}
	return out
}

// Each calls visit for the scope and every block in it, outer ones first.
func (s *Scope) Each(visit func(*Scope)) {
	visit(s)
	for _, d := range s.List {
		if d.Block && d.Code == "" {
			(&Scope{Block: d, List: d.Children, Parent: s}).Each(visit)
		}
	}
}

// Here lists the directives of a name in the scope itself.
func (s *Scope) Here(name string) []*Directive {
	var out []*Directive
	for _, d := range s.List {
		if d.Name == name {
			out = append(out, d)
		}
	}
	return out
}

// Effective lists the directives of a name that hold in the scope: those of the
// nearest level that has any, since a level that has some inherits none. Opaque says
// why there may be others: something on that level or a nearer one is not known.
func (s *Scope) Effective(name string) (list []*Directive, opaque string) {
	for at := s; at != nil; at = at.Parent {
		for _, d := range at.List {
			if d.Opaque != "" && opaque == "" {
				opaque = "include " + shortened(d.Text(0)) + ": " + d.Opaque
			}
		}
		if found := at.Here(name); len(found) > 0 {
			return found, opaque
		}
	}
	return nil, opaque
}

// Name is the block's name, "main" for the outermost.
func (s *Scope) Name() string {
	if s.Block == nil {
		return "main"
	}
	return s.Block.Name
}
