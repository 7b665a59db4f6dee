package collectors

// Part is a piece of a source that can be read, judged and forgotten for itself,
// such as a Terraform root module among many: what is held in memory is then one
// part and not the source.
type Part struct {
	// Target is the id of what its facts are about.
	Target string
	// Files that belong to it and to no other part, of those discovered.
	Files []string
	// Load reads it. Its value is known to the reader that made the part; nil is
	// the rest of the source, what no part stands for.
	Load func(*Env) any
}

// Rest is the part of a source that no other stands for.
func (e *Env) Rest(parts []*Part) *Part {
	taken := map[string]bool{}
	for _, p := range parts {
		for _, name := range p.Files {
			taken[name] = true
		}
	}
	rest := &Part{}
	for _, name := range e.Tree.Files {
		if !taken[name] {
			rest.Files = append(rest.Files, name)
		}
	}
	return rest
}

// Own returns the files to read that belong to no other part of the source.
func (e *Env) Own() []string {
	if e.part == nil {
		return e.Tree.Files
	}
	return e.part.Files
}

// Of returns an environment for one part of the source: a part sees no files but
// those it loads, the rest sees them all.
func (e *Env) Of(p *Part) *Env {
	tree := e.Tree
	if p.Load != nil {
		tree = &Tree{FS: e.Tree.FS, Dir: e.Tree.Dir, top: e.Tree.top}
	}
	return &Env{Tree: tree, Now: e.Now, Version: e.Version, VarFiles: e.VarFiles, Kinds: e.Kinds, Redactor: e.Redactor, part: p}
}

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
