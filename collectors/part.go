package collectors

// Part is a piece of a source that can be read, judged and forgotten for itself,
// such as a Terraform root module among many: what is held in memory is then one
// part and not the source.
type Part struct {
	// Target is the id of what its facts are about.
	Target string
	// Load reads it. Its value is known to the reader that made the part; nil is
	// the rest of the source, what no part stands for.
	Load func(*Env) any
	// Owns reports whether a file belongs to it and to no other part.
	Owns func(name string) bool
}

// Rest is what of a source belongs to none of the parts.
func Rest(parts []*Part) *Part {
	return &Part{Owns: func(name string) bool {
		for _, p := range parts {
			if p.Owns(name) {
				return false
			}
		}
		return true
	}}
}

// Of returns an environment for one part of the source: a part sees no files but
// those it loads, the rest sees them all.
func (e *Env) Of(p *Part) *Env {
	tree := e.Tree
	if p.Load != nil {
		tree = &Tree{FS: e.Tree.FS, Dir: e.Tree.Dir, top: e.Tree.top}
	}
	return &Env{Tree: tree, Now: e.Now, Version: e.Version, VarFiles: e.VarFiles, SecretRules: e.SecretRules, History: e.History, Kinds: e.Kinds, Redactor: e.Redactor, part: p, whole: e}
}

// Whole returns the environment of the whole source.
func (e *Env) Whole() *Env {
	if e.whole != nil {
		return e.whole
	}
	return e
}

// Owns reports whether a file of the source is to be read here: whether it belongs
// to this part of it.
func (e *Env) Owns(name string) bool { return e.part == nil || e.part.Owns(name) }

// IsRest reports whether this is what no part of the source stands for.
func (e *Env) IsRest() bool { return e.part != nil && e.part.Load == nil }

// Loaded returns what the part of this environment holds; whole is true where the
// environment is of a whole source.
func (e *Env) Loaded() (value any, whole bool) {
	switch {
	case e.part == nil:
		return nil, true
	case e.part.Load == nil:
		return nil, false
	}
	return e.Once("part", func() any { return e.part.Load(e) }), false
}

// Absorb takes over what the readers of a part noted.
func (e *Env) Absorb(part *Env) {
	for name, digest := range part.read {
		e.MarkRead(name, digest)
	}
	e.Diagnose(part.diagnostics...)
}
