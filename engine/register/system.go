package register

import "slices"

// Systems maps each target to its system. Targets of one service are one system,
// also through a third one that they share a service with; a target in no
// service is a system by itself. A system is named by its first target.
func (r *Register) Systems(targets []string) map[string]string {
	sorted := slices.Compact(slices.Sorted(slices.Values(targets)))
	parent := make(map[string]string, len(sorted))
	for _, t := range sorted {
		parent[t] = t
	}
	var root func(string) string
	root = func(t string) string {
		if parent[t] != t {
			parent[t] = root(parent[t])
		}
		return parent[t]
	}
	for _, s := range r.Services {
		first := ""
		for _, t := range sorted {
			switch {
			case !s.on(t):
			case first == "":
				first = root(t)
			default:
				a, b := root(first), root(t)
				parent[max(a, b)] = min(a, b)
			}
		}
	}
	for _, t := range sorted {
		parent[t] = root(t)
	}
	return parent
}

// Uncovered returns the targets that belong to no service, sorted.
func (r *Register) Uncovered(targets []string) []string {
	out := []string{}
	for _, t := range slices.Compact(slices.Sorted(slices.Values(targets))) {
		if !slices.ContainsFunc(r.Services, func(s *Service) bool { return s.on(t) }) {
			out = append(out, t)
		}
	}
	return out
}
