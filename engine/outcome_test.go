package engine_test

import (
	"context"
	"fmt"
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

// The outcome table and the gap rule, row by row. Each row is one control on one
// listener, which by default has an exe owner, scope internal, tls none and one
// exposure with verdict reachable.
var outcomes = []struct {
	name  string
	rules string
	// meta replaces the METADATA lines that name other kinds.
	meta string
	// without leaves out the documents of a kind; invalid marks them so.
	without, invalid string
	// gaps are pointers below the listener; far those below its exposure.
	gaps, far []string
	// patch changes the listener.
	patch func(fact.Item)
	want  string // outcome: messages or reasons
}{
	// 1. Missing and invalid facts come before any rule.
	{name: "needed kind not collected", without: "firewall.exposure", rules: always, want: "unknown: facts of kind firewall.exposure were not collected"},
	{name: "needed kind invalid", invalid: "firewall.exposure", rules: always, want: "unknown: the facts of kind firewall.exposure are invalid"},
	{name: "kind that may be read was not collected", meta: "may_read: [firewall.exposure]", without: "firewall.exposure", rules: always, want: "fail: always"},
	{name: "kind that may be read is invalid", meta: "may_read: [firewall.exposure]", invalid: "firewall.exposure", rules: always, want: "unknown: the facts of kind firewall.exposure are invalid"},
	{name: "own kind invalid", invalid: "port.listener", rules: always, want: "unknown: invalid facts: broken"},

	// 2. A decided not_applicable wins, over failures and errors.
	{name: "not applicable", rules: always + `
not_applicable contains "internal" if input.subject.scope == "internal"`, want: "not_applicable: internal"},
	{name: "not applicable over an error in deny", rules: `
deny contains {"msg": "x"} if to_number(input.subject.address) > 0
not_applicable contains "internal" if input.subject.scope == "internal"`, want: "not_applicable: internal"},
	{name: "not applicable over another of its clauses that failed", rules: always + `
not_applicable contains "internal" if input.subject.scope == "internal"
not_applicable contains "y" if to_number(input.subject.address) > 0`, want: "not_applicable: internal"},
	{name: "not applicable over another of its clauses that is undecided", gaps: []string{"tls"}, rules: always + `
not_applicable contains "internal" if input.subject.scope == "internal"
not_applicable contains "no tls" if input.subject.tls == "none"`, want: "not_applicable: internal"},

	// 3. A decided deny fails, unless it is not known whether the control applies.
	{name: "fail", rules: `
deny contains {"msg": "in the open"} if input.subject.tls == "none"`, want: "fail: in the open"},
	{name: "fail with a string", rules: `
deny contains "in the open" if input.subject.tls == "none"`, want: "fail: in the open"},
	{name: "two entries with keys", rules: `
deny contains {"msg": "a", "key": "1"} if true
deny contains {"msg": "b", "key": "2"} if true`, want: "fail: a\nfail: b"},
	{name: "equal entries are one", rules: `
deny contains {"msg": "a"} if input.subject.tls == "none"
deny contains {"msg": "a"} if input.subject.port == 5432`, want: "fail: a"},
	{name: "two entries without keys", rules: `
deny contains {"msg": "a"} if true
deny contains {"msg": "b"} if true`, want: "error: deny has 2 entries, and not every one has a key: add \"key\" to tell them apart"},
	{name: "two entries with one key", rules: `
deny contains {"msg": "a", "key": "1"} if true
deny contains {"msg": "b", "key": "1"} if true`, want: "error: deny has two entries with the key \"1\""},
	{name: "fail while another clause is undecided", gaps: []string{"tls"}, rules: `
deny contains {"msg": "wide", "key": "wide"} if input.subject.scope == "internal"
deny contains {"msg": "plain", "key": "plain"} if input.subject.tls == "none"`, want: "fail: wide"},
	{name: "fail while another clause fails to evaluate", rules: `
deny contains {"msg": "wide", "key": "wide"} if input.subject.scope == "internal"
deny contains {"msg": "x", "key": "x"} if to_number(input.subject.address) > 0`, want: "fail: wide"},
	{name: "fail while unknown holds", rules: always + `
unknown contains "who knows" if true`, want: "fail: always"},
	{name: "undecided not_applicable makes a failure unknown", gaps: []string{"tls"}, rules: always + `
not_applicable contains "tls" if input.subject.tls == "implicit"`, want: "unknown: whether the control applies is not known, else it fails: always; tls is not known: denied"},
	{name: "failed not_applicable makes a failure an error", rules: always + `
not_applicable contains "x" if to_number(input.subject.address) > 0`, want: "error: c.rego:17: to_number: …"},

	// 4. Errors.
	{name: "built-in error is an error", rules: `
deny contains {"msg": "x"} if to_number(input.subject.address) > 0`, want: "error: c.rego:15: to_number: …"},
	{name: "conflict is an error", rules: `
deny contains {"msg": "x"} if f(input.subject.port) == 1
f(x) := 1 if x > 0
f(x) := 2 if x > 1`, want: "error: c.rego:17: function data.acme.row.f produced conflicting values …"},
	{name: "entry that is a number", rules: `
deny contains 7 if true`, want: "error: entry of deny is a number: want a string or an object with msg"},
	{name: "entry without msg", rules: `
deny contains {"message": "x"} if true`, want: "error: entry of deny has no msg"},
	{name: "entry with a severity that is none", rules: `
deny contains {"msg": "x", "severity": "severe"} if true`, want: "error: entry of deny: severity \"severe\" is none of low, medium, high, critical"},
	{name: "error in unknown", rules: never + `
unknown contains "x" if to_number(input.subject.address) > 0`, want: "error: c.rego:17: to_number: …"},
	{name: "error in warn drops the advice only", rules: never + `
warn contains "x" if to_number(input.subject.address) > 0`, want: "pass: "},

	// 5. Unknown.
	{name: "unknown", rules: never + `
unknown contains "who knows" if input.subject.tls == "none"`, want: "unknown: who knows"},
	{name: "undecided unknown", gaps: []string{"tls"}, rules: never + `
unknown contains "who knows" if input.subject.tls == "none"`, want: "unknown: tls is not known: denied"},
	{name: "gap in warn", gaps: []string{"tls"}, rules: never + `
warn contains "x" if input.subject.tls == "none"`, want: "pass: "},

	// 6. Pass.
	{name: "pass", rules: never, want: "pass: "},

	// The gap rule and its traps.
	{name: "gap not read", gaps: []string{"tls"}, rules: `
deny contains {"msg": "x"} if input.subject.scope == "internet"`, want: "pass: "},
	{name: "gap read", gaps: []string{"tls"}, rules: `
deny contains {"msg": "x"} if input.subject.tls == "none"`, want: "unknown: tls is not known: denied"},
	{name: "negated comparison", gaps: []string{"tls"}, rules: `
deny contains {"msg": "x"} if not input.subject.tls == "implicit"`, want: "unknown: tls is not known: denied"},
	{name: "count of a comprehension over a gap", gaps: []string{"owners"}, rules: `
deny contains {"msg": "x"} if count([o | some o in input.subject.owners; o.user == "postgres"]) == 0`, want: "unknown: owners is not known: denied"},
	{name: "count over elements with a gap", gaps: []string{"owners/0/user"}, rules: `
deny contains {"msg": "x"} if count([o | some o in input.subject.owners; o.user == "postgres"]) == 0`, want: "unknown: owners.0.user is not known: denied"},
	{name: "gap in another field of an element", gaps: []string{"owners/0/user"}, rules: `
deny contains {"msg": "x"} if {
	some o in input.subject.owners
	o.exe == "/bin/nc"
}`, want: "pass: "},
	{name: "helper given the attribute", gaps: []string{"tls"}, rules: `
deny contains {"msg": "x"} if not protected(input.subject.tls)
protected(tls) if tls == "implicit"`, want: "unknown: tls is not known: denied"},
	{name: "helper given the subject", gaps: []string{"tls"}, rules: `
deny contains {"msg": "x"} if not protected(input.subject)
protected(s) if s.tls == "implicit"`, want: "unknown: tls is not known: denied"},
	{name: "helper given the subject reads something else", gaps: []string{"tls"}, rules: `
deny contains {"msg": "x"} if not inside(input.subject)
inside(s) if s.scope == "internal"`, want: "pass: "},
	{name: "helper rule", gaps: []string{"tls"}, rules: `
deny contains {"msg": "x"} if not protected
protected if input.subject.tls == "implicit"`, want: "unknown: tls is not known: denied"},
	{name: "truthy null", gaps: []string{"ephemeral"}, rules: `
deny contains {"msg": "x"} if input.subject.ephemeral`, want: "unknown: ephemeral is not known: denied"},
	{name: "every over a gap", gaps: []string{"owners/0/exe"}, rules: `
deny contains {"msg": "x"} if {
	every o in input.subject.owners { o.exe != "/bin/sh" }
}`, want: "unknown: owners.0.exe is not known: denied"},
	{name: "whole object compared", gaps: []string{"wire/name"}, rules: `
deny contains {"msg": "x"} if input.subject.wire == {"name": "http", "confidence": "banner", "product": "", "version": "", "conflict": ""}`, want: "unknown: wire.name is not known: denied"},
	{name: "dynamic member", gaps: []string{"tls"}, rules: `
deny contains {"msg": "x"} if {
	some name in ["scope", "tls"]
	input.subject[name] == "implicit"
}`, want: "unknown: tls is not known: denied"},
	{name: "object.get", gaps: []string{"tls"}, rules: `
deny contains {"msg": "x"} if object.get(input.subject, "tls", "none") == "none"`, want: "unknown: tls is not known: denied"},
	{name: "alias of the subject", gaps: []string{"tls"}, rules: `
deny contains {"msg": "x"} if {
	s := input.subject
	s.tls == "none"
}`, want: "unknown: tls is not known: denied"},
	{name: "with replaces the input", gaps: []string{"tls"}, rules: `
deny contains {"msg": "x"} if protected with input.subject.scope as "internet"
protected if input.subject.tls == "implicit"`, want: "unknown: tls is not known: denied"},
	{name: "gap in the message only is null there", gaps: []string{"host"}, rules: `
deny contains {"msg": sprintf("%v listens", [input.subject.host])} if input.subject.port == 5432`, want: "fail: null listens"},
	{name: "entry that cannot be built for a gap", gaps: []string{"host"}, rules: `
deny contains {"msg": concat("", [input.subject.host, " listens"])} if input.subject.port == 5432`, want: "unknown: host is not known: denied"},
	{name: "entry undefined for a gap", gaps: []string{"wire"}, rules: `
deny contains {"msg": input.subject.wire.name} if input.subject.port == 5432`, want: "unknown: wire is not known: denied"},
	{name: "gap in the key", gaps: []string{"host"}, rules: `
deny contains {"msg": "x", "key": input.subject.host} if input.subject.port == 5432`, want: "unknown: host is not known: denied"},
	{name: "gap in the severity", gaps: []string{"host"}, rules: `
deny contains {"msg": "x", "severity": severity} if input.subject.port == 5432
severity := "low" if input.subject.host == "a"
severity := "high" if input.subject.host != "a"`, want: "unknown: host is not known: denied"},
	{name: "gap in a looked-up fact", far: []string{"verdict"}, rules: `
deny contains {"msg": "x"} if {
	some e in input.subject.exposure
	input.facts["firewall.exposure"][e].verdict == "unreachable"
}`, want: "unknown: firewall.exposure e1: verdict is not known: denied"},
	{name: "gap in a looked-up fact, not read", far: []string{"verdict"}, rules: `
deny contains {"msg": "x"} if {
	some e in input.subject.exposure
	input.facts["firewall.exposure"][e].ipv6 == "on"
}`, want: "pass: "},
	{name: "gap in the reference", gaps: []string{"exposure"}, rules: `
deny contains {"msg": "x"} if {
	some e in input.subject.exposure
	input.facts["firewall.exposure"][e].ipv6 == "on"
}`, want: "unknown: exposure is not known: denied"},
	{name: "gap in not_applicable of a looked-up fact", far: []string{"verdict"}, rules: never + `
not_applicable contains "x" if {
	some e in input.subject.exposure
	input.facts["firewall.exposure"][e].verdict == "unreachable"
}`, want: "unknown: firewall.exposure e1: verdict is not known: denied"},
	{name: "gap in a fact that is not reached", far: []string{"verdict"}, patch: func(i fact.Item) { i["exposure"] = []any{} }, rules: `
deny contains {"msg": "x"} if {
	some e in input.subject.exposure
	input.facts["firewall.exposure"][e].verdict == "reachable"
}`, want: "pass: "},
}

const (
	always = `
deny contains {"msg": "always"} if true
`
	never = `
deny contains {"msg": "never"} if input.subject.port == 1
`
)

func TestOutcomes(t *testing.T) {
	for _, row := range outcomes {
		t.Run(row.name, func(t *testing.T) {
			meta := row.meta
			if meta == "" {
				meta = "facts: [firewall.exposure]"
			}
			set, diagnostics := control.Load([]control.Source{{FS: fstest.MapFS{"c.rego": {Data: []byte(header(meta) + row.rules)}}}}, control.Options{})
			if len(diagnostics) > 0 {
				t.Fatalf("load: %v", diagnostics)
			}
			facts := world()
			listener, exposure := facts.Documents[0], facts.Documents[1]
			if row.patch != nil {
				row.patch(listener.Items[0])
			}
			openGaps(listener, row.gaps)
			openGaps(exposure, row.far)
			facts.Invalid = map[*fact.Document][]fact.Problem{}
			var kept []*fact.Document
			for _, d := range facts.Documents {
				if d.Kind == row.invalid {
					facts.Invalid[d] = []fact.Problem{{Message: "broken"}}
				}
				if d.Kind != row.without {
					kept = append(kept, d)
				}
			}
			facts.Documents = kept
			got := judge(t, set, facts)
			if head, cut := strings.CutSuffix(row.want, "…"); cut && strings.HasPrefix(got, head) {
				got = row.want // the rest is OPA's wording
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("outcome (-want +got):\n%s", diff)
			}
		})
	}
}

func header(meta string) string {
	return `# METADATA
# scope: package
# title: Listeners are as they should be
# description: A control that exists for one row of a table.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
# custom:
#   severity: high
#   subject: port.listener
#   ` + meta + `
#   gdpr: ["32(1)(b)"]
#   remediation: Do what is right.
package acme.row
`
}

// world is one listener and its exposure.
func world() *engine.Facts {
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	doc := func(kind string, item fact.Item) *fact.Document {
		return &fact.Document{Schema: fact.Schema, Kind: kind, Target: fact.Target{ID: "host/db1"}, CollectedAt: at, Complete: true, Items: []fact.Item{item}}
	}
	return &engine.Facts{Documents: []*fact.Document{
		doc("port.listener", fact.Item{
			"id": "tcp/0.0.0.0:5432", "host": "db1", "port": 5432, "address": "0.0.0.0", "scope": "internal", "tls": "none", "ephemeral": false,
			"wire":     map[string]any{"name": "postgres", "confidence": "handshake"},
			"owners":   []any{map[string]any{"exe": "/usr/bin/postgres", "unit": "", "user": "postgres", "image_digest": ""}},
			"exposure": []any{"host/db1#e1"}, "class": "personal",
		}),
		doc("firewall.exposure", fact.Item{"id": "e1", "verdict": "reachable", "ipv6": "off"}),
	}}
}

func openGaps(d *fact.Document, pointers []string) {
	for _, p := range pointers {
		segments := strings.Split(p, "/")
		var at any = map[string]any(d.Items[0])
		for i, s := range segments {
			last := i == len(segments)-1
			switch v := at.(type) {
			case map[string]any:
				if last {
					v[s] = nil
				}
				at = v[s]
			case []any:
				if last {
					v[0] = nil
				}
				at = v[0]
			}
		}
		d.Unobserved = append(d.Unobserved, fact.Gap{Pointer: "/items/0/" + p, Reason: "denied"})
	}
}

// judge renders findings as "outcome: message", with all reasons of an unknown.
func judge(t *testing.T, set *control.Set, facts *engine.Facts) string {
	t.Helper()
	ctx := context.Background()
	e, diagnostics, err := engine.New(ctx, set, map[string]bool{"port.listener": true}, engine.Options{
		Now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), All: true, Workers: 2})
	if err != nil || len(diagnostics) > 0 {
		t.Fatalf("engine: %v %v", err, diagnostics)
	}
	defer e.Close(ctx)
	var lines []string
	_, err = e.Evaluate(ctx, facts, func(f *finding.Finding) error {
		text := f.Message
		switch f.Outcome {
		case finding.Unknown, finding.Error, finding.NotApplicable:
			text = strings.Join(f.Reasons, "; ")
		case finding.Pass:
			text = ""
		}
		lines = append(lines, fmt.Sprintf("%s: %s", f.Outcome, text))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}
