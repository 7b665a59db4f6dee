package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// What is said of a target or of a run, rather than of one subject.
func TestTargets(t *testing.T) {
	for _, row := range []struct {
		name   string
		meta   string
		rules  string
		change func(*engine.Facts)
		want   string
	}{
		{name: "incomplete kind: judged subjects keep their outcome", rules: always, change: func(f *engine.Facts) {
			f.Documents[0].Complete, f.Documents[0].Reasons = false, []string{"socket table cut"}
		}, want: "fail: always\nunknown: items of kind port.listener may be missing; socket table cut"},
		{name: "no subjects, complete", rules: always, change: func(f *engine.Facts) { f.Documents[0].Items = nil },
			want: "not_applicable: host/db1 has no port.listener"},
		{name: "no subjects, incomplete", rules: always, change: func(f *engine.Facts) {
			f.Documents[0].Items, f.Documents[0].Complete = nil, false
		}, want: "unknown: items of kind port.listener may be missing"},
		{name: "absence passes without subjects", meta: "absence: pass", rules: always, change: func(f *engine.Facts) { f.Documents[0].Items = nil },
			want: "pass: "},
		{name: "absence passes when every subject is not applicable", meta: "absence: pass", rules: always + `
not_applicable contains "internal" if input.subject.scope == "internal"`, want: "not_applicable: internal\npass: "},
		{name: "absence does not pass when incomplete", meta: "absence: pass", rules: always, change: func(f *engine.Facts) {
			f.Documents[0].Items, f.Documents[0].Complete = nil, false
		}, want: "unknown: items of kind port.listener may be missing"},
		{name: "absence does not pass beside a failure", meta: "absence: pass", rules: always, want: "fail: always"},
		{name: "no source yields the kind: not asked", rules: always, change: func(f *engine.Facts) { f.Documents = f.Documents[1:] },
			want: "not asked: acme.row port.listener"},
		{name: "a source could have yielded the kind", rules: always, change: func(f *engine.Facts) {
			f.Documents, f.Yields = f.Documents[1:], map[string]bool{"port.listener": true}
		}, want: "unknown: no document of kind port.listener was collected"},
		{name: "two documents of one kind are one subject list", rules: always, change: func(f *engine.Facts) {
			second := *f.Documents[0]
			second.Items = []fact.Item{{"id": "udp/53", "port": 53, "class": "personal"}}
			f.Documents = append(f.Documents, &second)
		}, want: "fail: always\nfail: always"},
		{name: "special data raises the severity", rules: always, change: func(f *engine.Facts) { f.Documents[0].Items[0]["class"] = "special" },
			want: "fail critical: always"},
		{name: "no data lowers it", rules: always, change: func(f *engine.Facts) { f.Documents[0].Items[0]["class"] = "none" },
			want: "fail medium: always"},
		{name: "an entry's own severity wins", rules: `
deny contains {"msg": "always", "severity": "low"} if true`, change: func(f *engine.Facts) { f.Documents[0].Items[0]["class"] = "special" },
			want: "fail low: always"},
		{name: "advice does not gate", rules: never + `
warn contains "consider IPv6" if true`, want: "pass: advice consider IPv6"},
		{name: "time-out is an error of the control alone", rules: `
deny contains {"msg": "x"} if {
	some a in numbers.range(1, 40000)
	some b in numbers.range(1, 40000)
	a * b == -1
}`, want: "error: no answer within 1s"},
	} {
		t.Run(row.name, func(t *testing.T) {
			set := load(t, row.meta, row.rules)
			facts := world()
			if row.change != nil {
				row.change(facts)
			}
			severities := strings.Contains(row.want, "fail critical") || strings.Contains(row.want, "fail medium") || strings.Contains(row.want, "fail low")
			got := evaluate(t, set, facts, engine.Options{All: true, Timeout: time.Second}, func(f *finding.Finding) string {
				switch {
				case severities:
					return fmt.Sprintf("%s %s: %s", f.Outcome, f.Severity, f.Message)
				case f.Outcome == finding.Unknown, f.Outcome == finding.Error, f.Outcome == finding.NotApplicable:
					return fmt.Sprintf("%s: %s", f.Outcome, strings.Join(f.Reasons, "; "))
				case len(f.Advice) > 0:
					return fmt.Sprintf("%s: advice %s", f.Outcome, f.Advice[0])
				case f.Outcome == finding.Pass:
					return "pass: "
				}
				return fmt.Sprintf("%s: %s", f.Outcome, f.Message)
			})
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A rule that grows without end is stopped at the ceiling; its neighbour answers.
func TestMemoryCeiling(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a few hundred MiB")
	}
	runtime.GC() // what other tests left does not count
	set := load(t, "", `
deny contains {"msg": "x", "key": "x"} if count([c | some a in numbers.range(1, 100000); some b in numbers.range(1, 100000); c := sprintf("%d-%d", [a, b])]) == 1
deny contains {"msg": "wide", "key": "wide"} if input.subject.scope == "internal"`)
	got := evaluate(t, set, world(), engine.Options{Memory: 192 << 20, Timeout: time.Minute}, func(f *finding.Finding) string {
		return fmt.Sprintf("%s: %s; %s", f.Outcome, f.Message, strings.Join(f.Reasons, "; "))
	})
	if want := "fail: wide; memory ceiling of 192 MiB exceeded"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Order and bytes do not depend on the number of workers.
func TestWorkers(t *testing.T) {
	set := load(t, "", `
deny contains {"msg": sprintf("port %d", [input.subject.port]), "key": "odd"} if input.subject.port % 2 == 1
warn contains "seven" if input.subject.port % 7 == 0`)
	many := func() *engine.Facts {
		facts := world()
		facts.Documents = facts.Documents[1:]
		for n := range 40 {
			d := &fact.Document{Schema: fact.Schema, Kind: "port.listener", Target: fact.Target{ID: fmt.Sprintf("host/h%d", n%7)}, CollectedAt: now, Complete: true}
			for i := range 50 {
				d.Items = append(d.Items, fact.Item{"id": fmt.Sprintf("tcp/%d-%d", n, i), "port": i, "class": "personal"})
			}
			facts.Documents = append(facts.Documents, d)
		}
		for n := range 7 {
			facts.Documents = append(facts.Documents, &fact.Document{Schema: fact.Schema, Kind: "firewall.exposure",
				Target: fact.Target{ID: fmt.Sprintf("host/h%d", n)}, CollectedAt: now, Complete: true})
		}
		return facts
	}
	var first string
	for _, workers := range []int{1, 2, 8, 8, 8} {
		got := evaluate(t, set, many(), engine.Options{All: true, Workers: workers}, func(f *finding.Finding) string {
			data, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			return string(data)
		})
		if first == "" {
			first = got
		}
		if got != first {
			t.Fatalf("%d workers gave other bytes", workers)
		}
	}
	if n := strings.Count(first, "\n") + 1; n != 2000 {
		t.Errorf("%d findings, want 2000", n)
	}
}

// Evidence is what was read, with the place it was read from; "at" is found by
// identity even among equal elements.
func TestEvidence(t *testing.T) {
	set := load(t, "", `
deny contains {"msg": "shell", "at": o} if {
	some i, o in input.subject.owners
	i == 1
	o.exe == "/bin/sh"
}`)
	facts := world()
	d := facts.Documents[0]
	sh := func() any { return map[string]any{"exe": "/bin/sh", "unit": "", "user": "u", "image_digest": ""} }
	d.Items[0]["owners"] = []any{sh(), sh()}
	d.Sources = []fact.Source{{ID: "s1", URI: "proc/net/tcp"}}
	d.Positions = map[string]fact.Position{"/items/0": {Source: "s1", Line: 4}, "/items/0/owners/1": {Source: "s1", Line: 9, Column: 2}}
	got := evaluate(t, set, facts, engine.Options{}, func(f *finding.Finding) string {
		var lines []string
		for _, e := range f.Evidence {
			value, _ := json.Marshal(e.Value)
			lines = append(lines, fmt.Sprintf("%s=%s %s:%d", e.Pointer, value, e.Source, e.Line))
		}
		lines = append(lines, fmt.Sprintf("at %s:%d:%d", f.Location.URI, f.Location.StartLine, f.Location.Column))
		return strings.Join(lines, "\n")
	})
	want := `/items/0/owners/1={"exe":"/bin/sh","image_digest":"","unit":"","user":"u"} proc/net/tcp:9
/items/0/owners/0/exe="/bin/sh" proc/net/tcp:4
/items/0/owners/1/exe="/bin/sh" proc/net/tcp:9
at proc/net/tcp:9:2`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

var now = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func load(t *testing.T, meta, rules string) *control.Set {
	t.Helper()
	if meta == "" || !strings.Contains(meta, "facts") {
		meta = strings.TrimSpace(meta + "\n#   facts: [firewall.exposure]")
		meta = strings.TrimPrefix(meta, "#   ")
	}
	set, diagnostics := control.Load([]control.Source{{FS: fstest.MapFS{"c.rego": {Data: []byte(header(meta) + rules)}}}}, control.Options{})
	if len(diagnostics) > 0 {
		t.Fatalf("load: %v", diagnostics)
	}
	return set
}

// evaluate renders each finding, and what was not asked.
func evaluate(t *testing.T, set *control.Set, facts *engine.Facts, opts engine.Options, render func(*finding.Finding) string) string {
	t.Helper()
	ctx := context.Background()
	opts.Now = now
	e, diagnostics, err := engine.New(ctx, set, map[string]bool{"port.listener": true}, opts)
	if err != nil || len(diagnostics) > 0 {
		t.Fatalf("engine: %v %v", err, diagnostics)
	}
	defer e.Close(ctx)
	var lines []string
	tally, err := e.Evaluate(ctx, facts, func(f *finding.Finding) error {
		lines = append(lines, render(f))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range tally.NotAsked {
		lines = append(lines, fmt.Sprintf("not asked: %s %s", n.Control, n.Kind))
	}
	return strings.Join(lines, "\n")
}

// A file that does not compile is named, and the others still answer.
func TestBadNeighbour(t *testing.T) {
	files := fstest.MapFS{
		"good.rego": {Data: []byte(header("facts: [firewall.exposure]") + always)},
		"lib.rego":  {Data: []byte("package acme.lib\n\nhelp(x) if x == y\n")},
	}
	set, diagnostics := control.Load([]control.Source{{FS: files}}, control.Options{})
	facts := world()
	ctx := context.Background()
	e, more, err := engine.New(ctx, set, map[string]bool{"port.listener": true}, engine.Options{Now: now})
	if err != nil || e == nil {
		t.Fatalf("engine: %v %v", err, more)
	}
	defer e.Close(ctx)
	var named []string
	for _, d := range append(diagnostics, more...) {
		if !d.Fatal {
			t.Errorf("not fatal: %v", d)
		}
		named = append(named, fmt.Sprintf("%s:%d", d.Pos.Source, d.Pos.Line))
	}
	if diff := cmp.Diff([]string{"lib.rego:3"}, named); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	found := 0
	if _, err := e.Evaluate(ctx, facts, func(f *finding.Finding) error {
		if f.Outcome == finding.Fail {
			found++
		}
		return nil
	}); err != nil || found != 1 {
		t.Errorf("%d failures, want 1 (%v)", found, err)
	}
}
