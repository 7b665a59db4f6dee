package composetest

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/collectors/source/yaml"
	"github.com/writ-policy/writ/engine/fact"
)

// Unknowns makes one value after the other of every case unknown, by a tag of its
// own, and holds that nothing goes missing in silence: an item that is gone leaves
// its document incomplete or a gap that says so, and a member of one that stays is the same
// or not known. Members for which allow says so may change.
func Unknowns(t *testing.T, pattern string, c collectors.Collector, allow func(kind, path string) bool) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no case matches %s: %v", pattern, err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		for _, f := range a.Files {
			if f.Name != want {
				files[f.Name] = string(f.Data)
			}
		}
		before := byKind(t, c, files)
		for _, f := range a.Files {
			if !strings.HasSuffix(f.Name, ".yaml") && !strings.HasSuffix(f.Name, ".yml") {
				continue
			}
			for _, at := range values(string(f.Data)) {
				text := string(f.Data[:at.offset]) + "!unknown " + string(f.Data[at.offset:])
				docs, problems := yaml.Read(f.Name, []byte(text))
				if len(docs) == 0 || broken(problems, f.Name, string(f.Data)) {
					continue
				}
				files[f.Name] = text
				after := byKind(t, c, files)
				for key, d := range before {
					compare(t, fmt.Sprintf("%s, %s:%d %s", filepath.Base(name), f.Name, at.line, at.path), d, after[key], allow)
				}
			}
			files[f.Name] = string(f.Data)
		}
	}
}

// broken reports whether a mutation made more documents unreadable than were.
func broken(problems []fact.Diagnostic, name, original string) bool {
	_, before := yaml.Read(name, []byte(original))
	return len(problems) > len(before)
}

func byKind(t *testing.T, c collectors.Collector, files map[string]string) map[string]*fact.Document {
	out := map[string]*fact.Document{}
	docs, _ := Collect(t, c, files)
	for _, d := range docs {
		out[d.Target.ID+" "+d.Kind] = d
	}
	return out
}

// value is a place in a text.
type value struct {
	offset, line int
	path         string
}

// values lists what can be made unknown: everything but the whole of a file.
func values(text string) []value {
	docs, _ := yaml.Read("f", []byte(text))
	lines := strings.SplitAfter(text, "\n")
	starts := make([]int, len(lines)+1)
	for i, l := range lines {
		starts[i+1] = starts[i] + len(l)
	}
	var out []value
	seen := map[int]bool{}
	var walk func(n *node.Node, path string)
	walk = func(n *node.Node, path string) {
		at := starts[n.Line-1] + n.Column - 1
		block := (n.Kind == node.Array || n.Kind == node.Object) && at < len(text) && text[at] != '[' && text[at] != '{'
		if path != "" && !seen[at] && !block && n.Kind != node.Opaque && n.Kind != node.Null {
			seen[at] = true
			out = append(out, value{at, n.Line, path})
		}
		for i, e := range n.Elems {
			if n.Kind != node.Object {
				walk(e, path+"/"+fmt.Sprint(i))
				continue
			}
			name := n.Keys[i].Name
			walk(e, path+"/"+name)
		}
	}
	for _, d := range docs {
		if d.Root.Kind == node.Object {
			walk(d.Root, "")
		}
	}
	return out
}

func compare(t *testing.T, where string, before, after *fact.Document, allow func(kind, path string) bool) {
	if after == nil {
		t.Errorf("%s: there is no %s", where, before.Kind)
		return
	}
	items := map[string]fact.Item{}
	for _, item := range after.Items {
		items[item.ID()] = item
	}
	for _, item := range before.Items {
		now, ok := items[item.ID()]
		switch {
		case ok:
			same(t, where, before.Kind, item.ID(), "", map[string]any(item), map[string]any(now), allow)
		case after.Complete && len(after.Items) < len(before.Items) && !told(after) && !allow(before.Kind, ""):
			t.Errorf("%s: %s of %s is gone, and the document is complete", where, item.ID(), before.Kind)
		}
	}
}

// told reports whether a gap names the value that was made unknown.
func told(d *fact.Document) bool {
	for _, g := range d.Unobserved {
		if strings.Contains(g.Reason, "!unknown") {
			return true
		}
	}
	return false
}

func same(t *testing.T, where, kind, id, path string, before, after any, allow func(kind, path string) bool) {
	if after == nil || path == "/basis" || allow(kind, path) {
		return
	}
	object, isObject := before.(map[string]any)
	now, stays := after.(map[string]any)
	if isObject && stays {
		for name := range object {
			same(t, where, kind, id, path+"/"+name, object[name], now[name], allow)
		}
		return
	}
	if list, ok := before.([]any); ok {
		if other, ok := after.([]any); ok && len(list) == len(other) {
			for i := range list {
				same(t, where, kind, id, path+"/*", list[i], other[i], allow)
			}
			return
		}
	}
	if before != nil && !reflect.DeepEqual(before, after) {
		x, _ := json.Marshal(before)
		y, _ := json.Marshal(after)
		t.Errorf("%s: %s of %s was %s and is %s", where, path, id, x, y)
	}
}
