// Package secrets collects secret.match: places where a secret, or a reference to
// one, stands in a source. No value ever leaves the package: not in an id, a
// message or a position; the run's redactor is told of each.
package secrets

import (
	"cmp"
	"context"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Collector reads secret.match.
type Collector struct{}

// Name returns "secrets".
func (Collector) Name() string { return "secrets" }

// Yields returns the kinds for a path.
func (Collector) Yields(s collectors.Scheme) []string {
	if s == collectors.Path {
		return []string{"secret.match"}
	}
	return nil
}

// Collect returns one document per root module, in the order of the roots, one for
// the source itself where files lie outside all roots, and one per target of
// manifests and of Compose projects.
func (c Collector) Collect(ctx context.Context, env *collectors.Env) ([]*fact.Document, error) {
	if env.Tree == nil {
		return nil, nil
	}
	if docs := report(env, c.Name()); docs != nil {
		return docs, nil
	}
	roots := terraform.Roots(env)
	manifests, told, err := manifestMatches(ctx, env, c.Name())
	if err != nil {
		return nil, err
	}
	manifests = append(manifests, composed(env, c.Name())...)
	s := newSource(env)
	defer s.close()
	rest := &terraform.Root{Dir: folderOf(env.Tree)}
	files := s.listed()
	if len(roots) == 0 && !(env.IsRest() && len(files) == 0) || slices.ContainsFunc(files, func(f file) bool { return enclosing(roots, f.name) == nil }) {
		roots = append(roots[:len(roots):len(roots)], rest)
	}
	texts, err := s.search(ctx, files)
	if err != nil {
		return nil, err
	}
	byRoot := map[*terraform.Root]*matches{}
	for _, root := range roots {
		byRoot[root] = newMatches(env, root, c.Name())
		byRoot[root].elsewhere = told
	}
	of := func(name string) *matches { return byRoot[cmp.Or(enclosing(roots, name), rest)] }
	for i, f := range files {
		m := of(f.name)
		m.text(f, texts[i])
		if texts[i].text {
			m.b.Searched()
		}
	}
	if env.History {
		today := map[string]bool{}
		for _, t := range texts {
			for i, one := range t.found {
				today[seenKey(one, t.values[i])] = true
			}
		}
		found, missed := s.history(ctx, today)
		for _, p := range found {
			of(p.name).text(file{name: p.name}, p.searched)
		}
		for _, m := range missed {
			s.reasons = append(s.reasons, reason{text: m})
		}
	}
	for _, r := range s.reasons {
		for _, root := range roots {
			if r.name == "" || byRoot[root] == of(r.name) {
				byRoot[root].b.Incomplete(r.text)
			}
		}
	}
	var docs []*fact.Document
	for _, root := range roots {
		m := byRoot[root]
		m.terraform(root)
		docs = append(docs, m.document())
	}
	docs = append(docs, manifests...)
	untrack(docs, files)
	return docs, nil
}

// untrack marks what stands in files that are not under version control, whoever
// found it.
func untrack(docs []*fact.Document, files []file) {
	untracked := map[string]bool{}
	for _, f := range files {
		if f.untracked {
			untracked[f.name] = true
		}
	}
	if len(untracked) == 0 {
		return
	}
	for _, d := range docs {
		names := map[string]string{}
		for _, s := range d.Sources {
			names[s.ID] = s.URI
		}
		for i, item := range d.Items {
			if untracked[names[d.Positions["/items/"+strconv.Itoa(i)].Source]] && item["commit"] == "" {
				item["tracked"] = false
			}
		}
	}
}

// folderOf is the folder that a source names.
func folderOf(t *collectors.Tree) string {
	if t.Dir == collectors.Stream {
		return t.Dir
	}
	if info, err := fs.Stat(t.FS, t.Dir); err == nil && !info.IsDir() {
		return path.Dir(t.Dir)
	}
	return t.Dir
}

// enclosing returns the root whose folder holds a file, or whose module it is
// part of: the innermost one, nil if there is none.
func enclosing(roots []*terraform.Root, name string) *terraform.Root {
	var best *terraform.Root
	for _, r := range roots {
		dir := path.Clean(r.Dir)
		within := dir == "." || strings.HasPrefix(name, dir+"/") || name == r.Dir
		if within && (best == nil || len(dir) > len(path.Clean(best.Dir))) {
			best = r
		}
	}
	if best != nil {
		return best
	}
	for _, r := range roots {
		for _, f := range r.Files {
			if f.Path == name {
				return r
			}
		}
	}
	return nil
}
