package control

import (
	"maps"
	"slices"
	"strings"
)

// result turns the places claimed into what the rule reads. A place that another
// one covers is left out: a gap is met by a path that leads to it, through it or
// below it.
func (f *follower) result() Reads {
	var r Reads
	for _, key := range slices.Sorted(maps.Keys(f.claims)) {
		p := f.claims[key]
		switch {
		case p[0] == "data":
			r.Params = append(r.Params, strings.Join(trim(p)[2:], "."))
		case len(p) == 1 || p[1] == "*":
			r.merge(everything)
		case p[1] == "subject":
			r.Subject = append(r.Subject, Path(p[2:]))
		case p[1] == "facts" && len(p) > 2 && p[2] != itself:
			r.claimFact(p[2], p[3:])
		case p[1] == "facts" && len(p) == 2:
			r.claimFact(AnyKind, nil)
		}
	}
	if f.coarse {
		r.merge(everything)
	}
	r.Subject = compact(r.Subject)
	for kind, paths := range r.Facts {
		r.Facts[kind] = compact(paths)
	}
	return r
}

var everything = Reads{Subject: []Path{{}}, Facts: map[string][]Path{AnyKind: {{}}}}

// claimFact takes the path below input/facts/KIND: the reference, then the fact's
// itself.
func (r *Reads) claimFact(kind string, below []string) {
	var p Path
	if len(below) > 1 {
		p = Path(below[1:])
	} else if len(below) == 1 && below[0] == itself {
		p = Path{itself}
	}
	if r.Facts == nil {
		r.Facts = map[string][]Path{}
	}
	r.Facts[kind] = append(r.Facts[kind], p)
}

func trim[P ~[]string](p P) P {
	if n := len(p); n > 0 && p[n-1] == itself {
		return p[:n-1]
	}
	return p
}

// compact drops the paths that others cover and sorts the rest: below a whole
// path nothing adds to it, and what a value is matters already where something
// in it is read.
func compact(paths []Path) []Path {
	var out []Path
	for i, p := range paths {
		covered := false
		for j, q := range paths {
			if i != j && covers(q, p) && (!covers(p, q) || j < i) {
				covered = true
				break
			}
		}
		if !covered {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Path) int { return slices.Compare(a, b) })
	return out
}

// covers reports whether every gap that p meets is met by q.
func covers(q, p Path) bool {
	if len(trim(q)) == len(q) && hasPrefix(p, q) {
		return true
	}
	t := trim(p)
	return len(t) < len(p) && len(q) > len(t) && hasPrefix(t, q[:len(t)])
}

// hasPrefix compares segment by segment; "*" in the prefix stands for any.
func hasPrefix(p, prefix Path) bool {
	if len(prefix) > len(p) {
		return false
	}
	for i, s := range prefix {
		if s != p[i] && (s != "*" || p[i] == itself) {
			return false
		}
	}
	return true
}

// cutParams names the parameters that dotted paths below data.params lead to: one
// that is declared, or the path itself where it is dynamic or not declared.
func cutParams(paths []string, declared func(string) bool) []string {
	var out []string
	for _, p := range paths {
		segments := strings.Split(p, ".")
		for n := range segments {
			if name := strings.Join(segments[:n+1], "."); declared(name) {
				p = name
				break
			}
		}
		out = append(out, p)
	}
	slices.Sort(out)
	var longest []string
	for i, p := range slices.Compact(out) {
		if p != "" && (i+1 == len(out) || !strings.HasPrefix(out[i+1], p+".")) {
			longest = append(longest, p)
		}
	}
	return longest
}

// complete adds OPA's own dependencies where one of them has no counterpart among
// the paths followed: then a reading was missed, and the coarse answer is used.
func (r *Reads) complete(base Reads) {
	counterpart := func(paths []Path, b Path) bool {
		return slices.ContainsFunc(paths, func(p Path) bool { return hasPrefix(trim(p), b) || len(trim(p)) == len(p) && hasPrefix(b, p) })
	}
	for _, b := range base.Params {
		if !slices.ContainsFunc(r.Params, func(p string) bool { return strings.HasPrefix(p+".", b+".") || strings.HasPrefix(b+".", p+".") }) {
			r.merge(Reads{Params: []string{b}})
		}
	}
	for _, b := range base.Subject {
		if !counterpart(r.Subject, b) {
			r.merge(base)
			return
		}
	}
	for kind, paths := range base.Facts {
		for _, b := range paths {
			if kind == AnyKind && len(r.Facts) > 0 && len(b) == 0 {
				continue // input.facts[kind] with the kind in a variable
			}
			if !counterpart(r.OfKind(kind), b) {
				r.merge(base)
				return
			}
		}
	}
}
