package control

import (
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/dependencies"
)

// Reads is what a rule reads of its input. A path is a list of members; "*" is
// any element; the empty path is the whole. A path that ends in "#" reads what
// the value is and which members it has, not what is in them: the length of an
// array, or that it is there.
type Reads struct {
	Subject []Path
	Facts   map[string][]Path // by kind
	Params  []string          // "port.ignore_loopback"
}

type lazyReads struct {
	once  sync.Once
	reads Reads
	err   error
}

// Path is a way into a subject or a fact.
type Path []string

// Meets reports whether a gap at pointer segments lies on the path or below it.
func (p Path) Meets(segments []string) bool {
	for i := range min(len(p), len(segments)) {
		if p[i] != "*" && p[i] != segments[i] {
			return false
		}
	}
	return true
}

func (p Path) String() string { return strings.Join(p, "/") }

// Meets reports whether any path meets a gap.
func Meets(paths []Path, segments []string) bool {
	return slices.ContainsFunc(paths, func(p Path) bool { return p.Meets(segments) })
}

// Add takes over what another reads.
func (r *Reads) Add(o Reads) { r.merge(o) }

// Holds reports whether another reads of the subject and of facts nothing that is
// not read here too, path by path.
func (r Reads) Holds(o Reads) bool {
	within := func(paths, in []Path) bool {
		return !slices.ContainsFunc(paths, func(p Path) bool {
			return !slices.ContainsFunc(in, func(q Path) bool { return slices.Equal(p, q) })
		})
	}
	for kind, paths := range o.Facts {
		if !within(paths, r.Facts[kind]) {
			return false
		}
	}
	return within(o.Subject, r.Subject)
}

func (r *Reads) merge(o Reads) {
	r.Subject = addPaths(r.Subject, o.Subject)
	for kind, paths := range o.Facts {
		if r.Facts == nil {
			r.Facts = map[string][]Path{}
		}
		r.Facts[kind] = addPaths(r.Facts[kind], paths)
	}
	for _, p := range o.Params {
		if !slices.Contains(r.Params, p) {
			r.Params = append(r.Params, p)
		}
	}
	slices.Sort(r.Params)
}

func addPaths(to, more []Path) []Path {
	for _, p := range more {
		if !slices.ContainsFunc(to, func(q Path) bool { return slices.Equal(p, q) }) {
			to = append(to, p)
		}
	}
	slices.SortFunc(to, func(a, b Path) int { return slices.Compare(a, b) })
	return to
}

// readsOf returns what the rules at a reference read, by OPA's dependencies,
// which stop at the first element of an array and at anything dynamic: coarse,
// and safe.
func readsOf(compiler *ast.Compiler, ref ast.Ref) (Reads, error) {
	var r Reads
	for _, rule := range compiler.GetRulesExact(ref) {
		base, err := dependencies.Base(compiler, rule)
		if err != nil {
			return r, err
		}
		for _, b := range base {
			r.add(b)
		}
	}
	return r, nil
}

// add notes one base document reference.
func (r *Reads) add(ref ast.Ref) {
	segments := ground(ref)
	switch {
	case len(segments) == 0:
	case segments[0] == "data":
		if len(segments) > 1 && segments[1] == "params" {
			r.merge(Reads{Params: []string{strings.Join(segments[2:], ".")}})
		}
	case segments[0] != "input":
	case len(segments) == 1:
		r.merge(Reads{Subject: []Path{{}}, Facts: map[string][]Path{AnyKind: {{}}}})
	case segments[1] == "subject":
		r.merge(Reads{Subject: []Path{segments[2:]}})
	case segments[1] == "facts" && len(segments) == 2:
		r.merge(Reads{Facts: map[string][]Path{AnyKind: {{}}}})
	case segments[1] == "facts" && len(segments) == 3:
		r.merge(Reads{Facts: map[string][]Path{segments[2]: {{}}}})
	case segments[1] == "facts":
		// The fourth is the reference.
		r.merge(Reads{Facts: map[string][]Path{segments[2]: {segments[4:]}}})
	}
}

// AnyKind stands for all kinds a control may look up.
const AnyKind = "*"

// OfKind returns the paths read of facts of a kind; they must not be changed.
func (r Reads) OfKind(kind string) []Path {
	if len(r.Facts[AnyKind]) == 0 {
		return r.Facts[kind]
	}
	return append(slices.Clone(r.Facts[kind]), r.Facts[AnyKind]...)
}

// ground returns the leading constant segments of a reference.
func ground(ref ast.Ref) []string {
	var out []string
	for i, t := range ref {
		switch v := t.Value.(type) {
		case ast.Var:
			if i > 0 {
				return out
			}
			out = append(out, string(v))
		case ast.String:
			out = append(out, string(v))
		default:
			return out
		}
	}
	return out
}
