package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
)

// Limits bound the walk through a history.
type Limits struct {
	Commits int // read
	Files   int // versions of files given to the visitor
	Bytes   int64
}

// Visited is a version of a file, and the commit that brought it in: the first, in
// the order of history, whose tree holds it.
type Visited struct {
	Commit ID
	Path   string
	Data   []byte
}

// History visits every version of every file that the history of HEAD holds, each
// content once, parents before children. keep, if not nil, says which paths are of
// interest, folders ending in "/". What could not be read is in missed: reasons,
// each once. The error is that of the context or the visitor.
func (r *Repository) History(ctx context.Context, limits Limits, keep func(string) bool, visit func(Visited) error) (missed []string, err error) {
	w := &walk{r: r, ctx: ctx, limits: limits, keep: keep, visit: visit, seen: map[ID]bool{}}
	head, err := r.Head()
	if errors.Is(err, ErrNone) {
		return nil, nil
	}
	if err != nil {
		return []string{err.Error()}, nil
	}
	if r.Shallow() {
		w.miss("the repository is shallow: older commits are not here")
	}
	for _, c := range w.commits(head) {
		if err := w.tree(c.tree, "", c.id, 0); err != nil {
			if errors.Is(err, errLimit) {
				w.miss("the history is longer than what is read of one")
				break
			}
			return w.missed, err
		}
	}
	return w.missed, nil
}

type walk struct {
	r      *Repository
	ctx    context.Context
	limits Limits
	keep   func(string) bool
	visit  func(Visited) error
	seen   map[ID]bool
	missed []string
}

var errLimit = errors.New("limit of the walk")

func (w *walk) miss(reason string) {
	for _, m := range w.missed {
		if m == reason {
			return
		}
	}
	if len(w.missed) < 20 {
		w.missed = append(w.missed, reason)
	}
}

type commit struct {
	id, tree ID
	parents  []ID
}

// commits lists what head descends from, parents first.
func (w *walk) commits(head ID) []commit {
	var out []commit
	type frame struct {
		commit
		next int
	}
	seen := map[ID]bool{head: true}
	var stack []frame
	push := func(id ID) {
		c, err := w.commit(id)
		if err != nil {
			w.miss(fmt.Sprintf("commit %.12s: %v", id, err))
			return
		}
		stack = append(stack, frame{commit: c})
	}
	push(head)
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.next < len(top.parents) {
			parent := top.parents[top.next]
			top.next++
			switch {
			case seen[parent]:
			case len(seen) >= w.limits.Commits:
				w.miss(fmt.Sprintf("the history has more than %d commits", w.limits.Commits))
			default:
				seen[parent] = true
				push(parent)
			}
			continue
		}
		out = append(out, top.commit)
		stack = stack[:len(stack)-1]
		if w.ctx.Err() != nil {
			break
		}
	}
	return out
}

func (w *walk) commit(id ID) (commit, error) {
	kind, data, err := w.r.object(id)
	if err != nil {
		return commit{}, err
	}
	c := commit{id: id}
	head, _, _ := strings.Cut(string(data), "\n\n")
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch name {
		case "tree":
			if c.tree, err = parseID(value); err != nil {
				return c, err
			}
		case "parent":
			parent, err := parseID(value)
			if err != nil {
				return c, err
			}
			c.parents = append(c.parents, parent)
		}
	}
	if kind != commitType || c.tree == (ID{}) {
		return c, errors.New("not a commit")
	}
	return c, nil
}

const maxFolders = 512 // inside one another

func (w *walk) tree(id ID, folder string, from ID, depth int) error {
	if w.seen[id] {
		return nil
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	w.seen[id] = true
	kind, data, err := w.r.object(id)
	if err != nil || kind != treeType || depth > maxFolders {
		w.miss(fmt.Sprintf("a folder of commit %.12s cannot be read", from))
		return nil
	}
	for len(data) > 0 {
		space, end := bytes.IndexByte(data, ' '), bytes.IndexByte(data, 0)
		if space < 0 || end < space || len(data) < end+1+idSize {
			w.miss(fmt.Sprintf("a folder of commit %.12s cannot be read", from))
			return nil
		}
		mode, name, child := string(data[:space]), folder+string(data[space+1:end]), ID(data[end+1:end+1+idSize])
		data = data[end+1+idSize:]
		switch mode {
		case "40000", "040000":
			if w.keep == nil || w.keep(name+"/") {
				err = w.tree(child, name+"/", from, depth+1)
			}
		case "120000", "160000":
		default:
			if w.keep == nil || w.keep(name) {
				err = w.file(child, name, from)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) file(id ID, name string, from ID) error {
	if w.seen[id] {
		return nil
	}
	w.seen[id] = true
	data, err := w.r.Blob(id)
	if err != nil {
		w.miss(fmt.Sprintf("%s of commit %.12s: %v", name, from, err))
		return nil
	}
	if w.limits.Files--; w.limits.Files < 0 {
		return errLimit
	}
	if w.limits.Bytes -= int64(len(data)); w.limits.Bytes < 0 {
		return errLimit
	}
	return w.visit(Visited{from, name, data})
}
