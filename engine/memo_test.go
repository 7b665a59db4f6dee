package engine_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// A worker that has seen others answers about a subject as one that has not.
func TestMemo(t *testing.T) {
	// References are shown here, and they only look facts up there.
	t.Run("shown", func(t *testing.T) { memo(t, shownReferences) })
	t.Run("handles", func(t *testing.T) { memo(t, handledReferences) })
}

const handledReferences = `
deny contains {"msg": "reached", "key": "reached"} if {
	some e in input.subject.exposure
	input.facts["firewall.exposure"][e].verdict == "reachable"
	input.subject.tls == "none"
}
deny contains {"msg": "reached by all", "key": "all"} if {
	count(input.subject.exposure) > 0
	every e in input.subject.exposure {
		input.facts["firewall.exposure"][e].verdict == "reachable"
	}
}
not_applicable contains "ephemeral" if input.subject.ephemeral
not_applicable contains sprintf("%s is served", [input.subject.address]) if input.subject.tls == "implicit"
unknown contains "nothing filters it" if count(input.subject.exposure) == 0`

const shownReferences = `
deny contains {"msg": sprintf("%s is open", [input.subject.id]), "key": "open"} if {
	input.subject.scope == "internet"
	not guarded
}
deny contains {"msg": "shell", "key": o.exe, "at": o} if {
	some o in input.subject.owners
	endswith(o.exe, "/sh")
}
deny contains {"msg": sprintf("reached by %s", [e]), "key": e} if {
	some e in input.subject.exposure
	input.facts["firewall.exposure"][e].verdict == "reachable"
	input.subject.tls == "none"
}
not_applicable contains "ephemeral" if input.subject.ephemeral
unknown contains sprintf("%s has no owner", [input.subject.address]) if count(input.subject.owners) == 0
warn contains "odd port" if input.subject.port % 2 == 1
guarded if input.subject.authentication in {"password", "certificate"}`

func memo(t *testing.T, rules string) {
	set := load(t, "", rules)
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		facts := world()
		facts.Documents[0].Items = nil
		facts.Documents[1].Items = nil
		for n, verdict := range []string{"reachable", "unreachable", "reachable", "unreachable"} {
			facts.Documents[1].Items = append(facts.Documents[1].Items, fact.Item{"id": fmt.Sprintf("e%d", n+1), "verdict": verdict, "ipv6": "off"})
		}
		if r.IntN(3) == 0 {
			openGaps(facts.Documents[1], []string{"verdict"})
		}
		for n := range 30 {
			facts.Documents[0].Items = append(facts.Documents[0].Items, randomListener(r, n))
		}
		for n := range facts.Documents[0].Items {
			if r.IntN(2) == 0 {
				openGap(facts.Documents[0], n, []string{"scope", "owners", "tls", "address", "ephemeral", "exposure", "id2"}[r.IntN(6)])
			}
		}
		opts := engine.Options{All: seed%2 == 0, Workers: 1} // else no reason is shown why a control does not apply
		together := evaluate(t, set, facts, opts, renderAll)
		var alone []string
		for n, item := range facts.Documents[0].Items {
			one := *facts.Documents[0]
			one.Items, one.Unobserved = []fact.Item{item}, nil
			for _, g := range facts.Documents[0].Unobserved {
				if rest, ok := strings.CutPrefix(g.Pointer, fmt.Sprintf("/items/%d/", n)); ok {
					one.Unobserved = append(one.Unobserved, fact.Gap{Pointer: "/items/0/" + rest, Reason: g.Reason})
				}
			}
			if one := evaluate(t, set, &engine.Facts{Documents: []*fact.Document{&one, facts.Documents[1]}}, opts, renderAll); one != "" {
				alone = append(alone, one)
			}
		}
		if diff := cmp.Diff(strings.Join(alone, "\n"), together); diff != "" {
			t.Fatalf("seed %d: alone and together differ (-alone +together):\n%s", seed, diff)
		}
	}
}

// An entry that could not be built for one subject is built for its like, of which
// other values are read.
func TestMemoEntryNotBuilt(t *testing.T) {
	set := load(t, "", `
deny contains {"msg": everywhere, "key": "open"} if input.subject.scope == "internet"
everywhere := "open on every address" if input.subject.address == "0.0.0.0"`)
	facts := world()
	r := rand.New(rand.NewPCG(1, 1))
	facts.Documents[0].Items = nil
	for n, address := range []string{"10.0.0.1", "0.0.0.0"} {
		item := randomListener(r, n)
		item["scope"], item["address"] = "internet", address
		facts.Documents[0].Items = append(facts.Documents[0].Items, item)
	}
	got := evaluate(t, set, facts, engine.Options{All: true, Workers: 1}, func(f *finding.Finding) string { return f.Subject.ID + " " + string(f.Outcome) })
	if want := "tcp/0 pass\ntcp/1 fail"; strings.TrimSpace(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func renderAll(f *finding.Finding) string {
	f.Evidence = nil // documents differ
	data, err := json.Marshal(f)
	if err != nil {
		panic(err)
	}
	return string(data)
}

func randomListener(r *rand.Rand, n int) fact.Item {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	i := fact.Item{
		"id": fmt.Sprintf("tcp/%d", n), "port": r.IntN(4), "address": pick("0.0.0.0", "10.0.0.1"), "scope": pick("internet", "internal"),
		"tls": pick("none", "implicit"), "authentication": pick("none", "password"), "ephemeral": r.IntN(6) == 0, "class": "personal",
		"owners": []any{}, "exposure": []any{},
	}
	for range r.IntN(3) {
		i["owners"] = append(i["owners"].([]any), map[string]any{"exe": pick("/bin/sh", "/bin/nc"), "user": pick("a", "b")})
	}
	for range r.IntN(2) {
		i["exposure"] = append(i["exposure"].([]any), pick("host/db1#e1", "host/db1#e2", "host/db1#e3", "host/db1#e4", "host/db1#gone"))
	}
	return i
}

func openGap(d *fact.Document, n int, field string) {
	d.Items[n][field] = nil
	d.Unobserved = append(d.Unobserved, fact.Gap{Pointer: fmt.Sprintf("/items/%d/%s", n, field), Reason: "denied"})
}
