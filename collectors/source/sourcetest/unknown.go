package sourcetest

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// unknownTag is the tag that makes a value of YAML unknown.
const unknownTag = "!unknown"

// walk holds what one case yields, and compares what it yields with a value unknown.
type walk struct {
	before map[string]*fact.Document
	free   []string
	told   string // a gap whose reason has it accounts for what is gone; "" for none
	tried  int
}

func newWalk(docs []*fact.Document, told string, free []string) *walk {
	return &walk{before: keyed(docs), free: append(free, "basis"), told: told}
}

func keyed(docs []*fact.Document) map[string]*fact.Document {
	out := map[string]*fact.Document{}
	for _, d := range docs {
		out[d.Target.ID+" "+d.Kind+" "+d.Collector.Method] = d
	}
	return out
}

// Unknowns holds a collector to its promise that what is not known never becomes a
// default, a pass or nothing: it takes the files of golden cases, makes one value after
// the other unknown, and compares the facts. A member that changes must have become a
// gap; an item that is gone leaves its document incomplete, or with a gap that names
// the value. Members in free may change: their path, such as "groups.*.name".
func (f Format) Unknowns(t *testing.T, pattern string, c collectors.Collector, free ...string) {
	t.Helper()
	all := archives(t, pattern)
	for _, name := range fact.SortedKeys(all) {
		original, sources := files(all[name]), files(all[name])
		docs, _ := f.Collect(t, c, sources)
		w := newWalk(docs, unknownTag, free)
		for _, file := range fact.SortedKeys(original) {
			text := original[file]
			if ext := filepath.Ext(file); ext != ".yaml" && ext != ".yml" {
				continue
			}
			_, problems := f.read(file, text)
			for _, at := range f.values(text) {
				changed := text[:at.offset] + unknownTag + " " + text[at.offset:]
				if found, more := f.read(file, changed); len(found) == 0 || len(more) > len(problems) {
					continue // no document any more
				}
				sources[file] = changed
				after, _ := f.Collect(t, c, sources)
				w.compare(t, fmt.Sprintf("%s, %s:%d %s", filepath.Base(name), file, at.line, at.path), after)
			}
			sources[file] = text
		}
		w.end(t, name)
	}
}

// UnknownArguments is Unknowns for the arguments of Terraform's resources: run is what
// a collector makes of a module. An item that is gone leaves its document incomplete.
func UnknownArguments(t *testing.T, pattern string, run func(*terraform.Root) []*fact.Document, free ...string) {
	t.Helper()
	all := archives(t, pattern)
	for _, name := range fact.SortedKeys(all) {
		root := Load(all[name])
		w := newWalk(run(root), "", free)
		for i, r := range root.Resources {
			for _, at := range leaves(r.Body, nil) {
				changed := *r
				changed.Body = forget(r.Body, at)
				mutated := *root
				mutated.Resources = slices.Clone(root.Resources)
				mutated.Resources[i] = &changed
				after := run(&mutated)
				valid(t, after)
				w.compare(t, fmt.Sprintf("%s: %s.%s unknown", filepath.Base(name), r.Address, strings.Join(at, ".")), after)
			}
		}
		w.end(t, name)
	}
}

func (w *walk) end(t *testing.T, name string) {
	t.Helper()
	if w.tried == 0 {
		t.Errorf("%s: nothing was tried", name)
	}
}

func (w *walk) compare(t *testing.T, where string, docs []*fact.Document) {
	t.Helper()
	w.tried++
	after := keyed(docs)
	for _, key := range fact.SortedKeys(w.before) {
		before, now := w.before[key], after[key]
		if now == nil {
			t.Errorf("%s: there is no %s", where, before.Kind)
			continue
		}
		items := map[string]fact.Item{}
		for _, item := range now.Items {
			items[item.ID()] = item
		}
		accounted := !now.Complete || len(now.Items) >= len(before.Items) || w.tells(now)
		for _, item := range before.Items {
			if other, ok := items[item.ID()]; ok {
				w.same(t, where+": "+item.ID(), "", map[string]any(item), map[string]any(other))
			} else if !accounted {
				t.Errorf("%s: %s of %s is gone, and the document is complete", where, item.ID(), before.Kind)
			}
		}
	}
}

// tells reports whether a gap names the value that was made unknown.
func (w *walk) tells(d *fact.Document) bool {
	return w.told != "" && slices.ContainsFunc(d.Unobserved, func(g fact.Gap) bool { return strings.Contains(g.Reason, w.told) })
}

func (w *walk) same(t *testing.T, where, path string, before, after any) {
	t.Helper()
	if before == nil || after == nil || slices.Contains(w.free, path) {
		return
	}
	object, isObject := before.(map[string]any)
	if now, stays := after.(map[string]any); isObject && stays {
		for name := range object {
			w.same(t, where, strings.TrimPrefix(path+"."+name, "."), object[name], now[name])
		}
		return
	}
	list, isList := before.([]any)
	if now, stays := after.([]any); isList && stays && len(list) == len(now) {
		for i := range list {
			w.same(t, where, path+".*", list[i], now[i])
		}
		return
	}
	if !reflect.DeepEqual(before, after) {
		x, _ := json.Marshal(before)
		y, _ := json.Marshal(after)
		t.Errorf("%s: %s was %s and is %s", where, path, x, y)
	}
}
