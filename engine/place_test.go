package engine_test

import (
	"fmt"
	"testing"

	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// A finding points at the value that decided it: what the entry calls actual,
// else the first value read that is the subject's own, else the subject.
func TestPlace(t *testing.T) {
	for name, c := range map[string]struct {
		rules, want string
		port        int
	}{
		"first value read": {`
deny contains {"msg": "x"} if { input.subject.port == 5432; input.subject.scope == "internal" }`, "6", 5432},
		"actual": {`
deny contains {"msg": "x", "actual": input.subject.scope} if { input.subject.port == 5432; input.subject.scope == "internal" }`, "7", 5432},
		"actual is a number": {`
deny contains {"msg": "x", "actual": 5432} if { input.subject.address != ""; input.subject.port == 5432 }`, "6", 5432},
		"one of actual": {`
deny contains {"msg": "x", "actual": ["internal"]} if { input.subject.port == 5432; input.subject.scope == "internal" }`, "7", 5432},
		"a word for no bound": {`
deny contains {"msg": "x", "actual": "never"} if { input.subject.address != ""; input.subject.port > 9 }`, "6", fact.Unbounded},
		"the key names a value without a place": {`
deny contains {"msg": "x", "key": "tls"} if { input.subject.port == 5432; input.subject.tls == "none" }`, "4", 5432},
		"the register's class is not a place": {`
deny contains {"msg": "x"} if input.subject.class == "personal"`, "4", 5432},
		"within a value that has a place": {`
deny contains {"msg": "x"} if { some o in input.subject.owners; o.exe != "" }`, "9", 5432},
	} {
		t.Run(name, func(t *testing.T) {
			facts := world()
			d := facts.Documents[0]
			d.Items[0]["port"] = c.port
			d.Sources = []fact.Source{{ID: "s1", URI: "a.tf"}}
			at := func(line int) fact.Position { return fact.Position{Source: "s1", Line: line} }
			d.Positions = map[string]fact.Position{
				"/items/0": at(4), "/items/0/class": at(5), "/items/0/port": at(6), "/items/0/scope": at(7),
				"/items/0/address": at(8), "/items/0/owners": at(9),
			}
			got := evaluate(t, load(t, "", c.rules), facts, engine.Options{}, func(f *finding.Finding) string {
				return fmt.Sprint(f.Location.StartLine)
			})
			if got != c.want {
				t.Errorf("points at line %s, want %s", got, c.want)
			}
		})
	}
}
