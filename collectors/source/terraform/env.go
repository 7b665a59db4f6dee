package terraform

import (
	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// Roots returns the evaluated root modules and plans of the source, read once
// and shared by all collectors, in the order of their folders.
func Roots(env *collectors.Env) []*Root {
	if env.Tree == nil {
		return nil
	}
	return env.Once("terraform", func() any { return readRoots(env) }).([]*Root)
}

// Target returns what the facts of a root module are about: "config/" and its
// folder.
func Target(r *Root) fact.Target {
	if r.Dir == "" || r.Dir == "." {
		return fact.Target{ID: "config/."}
	}
	return fact.Target{ID: "config/" + r.Dir}
}

func readRoots(env *collectors.Env) []*Root { return nil }
