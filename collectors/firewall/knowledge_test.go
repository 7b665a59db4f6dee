package firewall_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors/firewall"
	"github.com/writ-policy/writ/engine/fact"
)

// outcomes of the controls that judge an exposure, as far as its own fields say.
// A gap is unknown.
func outcomes(item fact.Item) map[string]string {
	out := map[string]string{}
	put := func(name string, known, bad, maybe bool) {
		switch {
		case !known:
			out[name] = "unknown"
		case bad:
			out[name] = "fail"
		case maybe:
			out[name] = "unknown"
		default:
			out[name] = "pass"
		}
	}
	for _, name := range []string{"scope_v4", "scope_v6"} {
		put(name, item[name] != nil, item[name] == "internet", item["verdict"] == "unknown")
	}
	for _, name := range []string{"residual", "residual_admin"} {
		list, known := item[name].([]any)
		certain := slices.ContainsFunc(list, func(v any) bool { return v.(map[string]any)["certainty"] == "certain" })
		put(name, known, certain, len(list) > 0)
	}
	list, known := item["excess_v6"].([]any)
	put("excess_v6", known, len(list) > 0, false)
	paths, known := item["paths"].([]any)
	unlogged, gap := false, false
	for _, v := range paths {
		p := v.(map[string]any)
		unlogged = unlogged || p["logged"] == "no"
		gap = gap || p["logged"] == nil
	}
	put("logged", known, unlogged, gap)
	return out
}

// about names what an exposure speaks of, so that exposures before and after can
// be compared although a range is no longer known: the published port, or the
// group.
func about(item fact.Item) string {
	if item["of"] == "port.published" {
		return "port " + item.ID()
	}
	chain, _ := item["chain"].([]any)
	return fmt.Sprint("group ", chain)
}

// worst is the worst outcome over the exposures of each thing: fail, unknown,
// pass.
func worst(items []fact.Item) map[string]map[string]string {
	rank := map[string]int{"pass": 1, "unknown": 2, "fail": 3}
	all := map[string]map[string]string{}
	for _, item := range items {
		name := about(item)
		if all[name] == nil {
			all[name] = map[string]string{}
		}
		for control, o := range outcomes(item) {
			if rank[o] > rank[all[name][control]] {
				all[name][control] = o
			}
		}
	}
	return all
}

// pointers lists every member of an item, at any depth.
func pointers(prefix string, v any) []string {
	var list []string
	switch v := v.(type) {
	case map[string]any:
		for _, name := range fact.SortedKeys(v) {
			if prefix == "" && (name == "id" || name == "basis") {
				continue
			}
			p := prefix + fact.Pointer(name)
			list = append(append(list, p), pointers(p, v[name])...)
		}
	case []any:
		for i, e := range v {
			p := prefix + "/" + strconv.Itoa(i)
			list = append(append(list, p), pointers(p, e)...)
		}
	}
	return list
}

// forget returns the documents without what stands at one pointer.
func forget(t *testing.T, docs []*fact.Document, doc, item int, pointer string) []*fact.Document {
	t.Helper()
	d := *docs[doc]
	data, err := json.Marshal(d.Items)
	if err != nil {
		t.Fatal(err)
	}
	d.Items = nil
	if err := json.Unmarshal(data, &d.Items); err != nil {
		t.Fatal(err)
	}
	var at any = map[string]any(d.Items[item])
	segments := fact.SplitPointer(pointer)
	last := len(segments) - 1
	for _, s := range segments[:last] {
		switch v := at.(type) {
		case map[string]any:
			at = v[s]
		case []any:
			i, _ := strconv.Atoi(s)
			at = v[i]
		}
	}
	switch v := at.(type) {
	case map[string]any:
		v[segments[last]] = nil
	case []any:
		i, _ := strconv.Atoi(segments[last])
		v[i] = nil
	}
	whole := fmt.Sprintf("/items/%d%s", item, pointer)
	gaps := []fact.Gap{{Pointer: whole, Reason: "forgotten"}}
	for _, g := range d.Unobserved {
		if g.Pointer != whole && !strings.HasPrefix(g.Pointer, whole+"/") {
			gaps = append(gaps, g)
		}
	}
	d.Unobserved = gaps
	out := slices.Clone(docs)
	out[doc] = &d
	return out
}

// Whatever single thing is no longer known about rules, chains and ports, what
// failed does not pass, and what passed does not fail: it stays or is unknown.
func TestForgettingNeverTurnsAnOutcome(t *testing.T) {
	var archives []*txtar.Archive
	names, err := filepath.Glob("testdata/exposure/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		archives = append(archives, a)
	}
	r := rand.New(rand.NewPCG(9, 10))
	for range 6 {
		archives = append(archives, &txtar.Archive{Files: []txtar.File{{Name: "main.tf", Data: []byte(randomScenario(r).module())}}})
	}
	tried, changed := 0, 0
	for _, a := range archives {
		docs := collect(t, a)
		before := deriveFrom(t, docs)
		for i, d := range docs {
			switch d.Kind {
			case "firewall.rule", "firewall.chain", "port.published":
			default:
				continue
			}
			for j, item := range d.Items {
				for _, pointer := range pointers("", map[string]any(item)) {
					after := deriveFrom(t, forget(t, docs, i, j, pointer))
					tried++
					if compare(t, before, after, fmt.Sprintf("%s of %s %s", pointer, d.Kind, item.ID())) {
						changed++
					}
				}
			}
		}
	}
	if tried < 1000 || changed < 100 {
		t.Errorf("%d things were forgotten and %d changed an outcome: too few to say anything", tried, changed)
	}
}

func deriveFrom(t *testing.T, docs []*fact.Document) []fact.Item {
	t.Helper()
	out, err := firewall.Exposure{}.Derive(t.Context(), docs)
	if err != nil {
		t.Fatal(err)
	}
	var items []fact.Item
	for _, d := range out {
		for _, p := range fact.Validate(d) {
			t.Fatal(p)
		}
		items = append(items, d.Items...)
	}
	return items
}

// compare checks both directions: that no failure is lost, by what exposures
// speak of, and that none is made up, exposure by exposure. A rule whose group is
// no longer known is an exposure of its own.
func compare(t *testing.T, before, after []fact.Item, what string) (changed bool) {
	t.Helper()
	was, is := worst(before), worst(after)
	for _, name := range fact.SortedKeys(was) {
		for _, control := range fact.SortedKeys(was[name]) {
			now := is[name][control]
			if loose := is["group []"][control]; now == "pass" || now == "" {
				now = loose
			}
			changed = changed || was[name][control] != now
			if was[name][control] == "fail" && now != "fail" && now != "unknown" {
				t.Errorf("without %s: %s of %s had failed and is %q", what, control, name, now)
			}
		}
	}
	for _, a := range before {
		for _, b := range after {
			if a.ID() != b.ID() {
				continue
			}
			now := outcomes(b)
			for control, outcome := range outcomes(a) {
				if outcome == "pass" && now[control] == "fail" {
					t.Errorf("without %s: %s of %s had passed and fails", what, control, a.ID())
				}
			}
		}
	}
	return changed
}
