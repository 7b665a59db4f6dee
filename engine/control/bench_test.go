//go:build unix

package control_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/writ-policy/writ/engine/control"
)

// manyControls is a tree of n controls of the size that ours have, over ten
// kinds, with a helper package each topic imports.
func manyControls(n int) fstest.MapFS {
	kinds := []string{"port.listener", "port.published", "log.store", "log.source", "data.store", "access.rule", "tls.config", "tls.endpoint", "firewall.rule", "firewall.chain"}
	fsys := fstest.MapFS{}
	for i := range n {
		text := strings.NewReplacer("NUMBER", fmt.Sprint(i), "KIND", kinds[i%len(kinds)]).Replace(sampleControl)
		fsys[fmt.Sprintf("gdpr/sample/c%d/c%d.rego", i, i)] = &fstest.MapFile{Data: []byte(text)}
	}
	for i := range 6 {
		fsys[fmt.Sprintf("lib/l%d/l%d.rego", i, i)] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(sampleLib, "NUMBER", fmt.Sprint(i)))}
	}
	return fsys
}

const sampleLib = `package lib.lNUMBER

# At reports whether a class is at least another.
at_least(class, least) if order[class] >= order[least]

order := {"none": 0, "personal": 1, "confidential": 2, "special": 3}

spaced(s) := concat(" ", [part | some part in split(s, "_")])
`

const sampleControl = `# METADATA
# scope: package
# title: Every sample is as it should be, number NUMBER
# description: A control of ordinary size, with a helper, a look-up and three clauses.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2)
# custom:
#   severity: high
#   subject: KIND
#   may_read: [register.service]
#   gdpr: ["5(2)", "32(1)(b)"]
#   params: [sample.minimum]
#   remediation: Do what is right, and write it down.
package gdpr.sample.cNUMBER

import data.lib.l1

not_applicable contains "no data of persons" if input.subject.class == "none"

deny contains {
	"msg": sprintf("%s belongs to no service", [input.subject.id]),
	"key": "service",
} if {
	count(input.subject.service) == 0
}

deny contains {
	"msg": sprintf("%s has a service without purpose", [input.subject.id]),
	"key": ref,
	"at": ref,
	"expected": "a purpose",
	"actual": purpose,
} if {
	some ref in input.subject.service
	purpose := input.facts["register.service"][ref].purpose
	count(purpose) < data.params.sample.minimum
}

deny contains {
	"msg": sprintf("%s is assumed to be %s", [input.subject.id, l1.spaced(input.subject.class)]),
	"key": "assumed",
	"severity": "low",
} if {
	input.subject.class_basis == "assumed"
	l1.at_least(input.subject.class, "personal")
	not owned(input.subject)
}

owned(s) if {
	some ref in s.service
	input.facts["register.service"][ref].owner != ""
}

unknown contains "the class is unknown" if input.subject.class == "unknown"
`

const sampleParams = `
sample.minimum:
  type: integer
  unit: characters
  default: 15
  description: Length of a purpose.
  source: design
`

func sampleParameters(tb testing.TB) *control.Parameters {
	tb.Helper()
	p, err := control.ReadParameters(fstest.MapFS{"params.yaml": {Data: []byte(sampleParams)}})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func loadMany(tb testing.TB, n int) *control.Set {
	tb.Helper()
	set, diagnostics := control.Load([]control.Source{{FS: manyControls(n), Embedded: true}}, control.Options{Params: sampleParameters(tb)})
	if len(diagnostics) > 0 {
		tb.Fatalf("load: %v", diagnostics)
	}
	return set
}

// A run loads 144 controls and compiles those of the kinds that occur, here 58.
func BenchmarkLoadAndCompile(b *testing.B) {
	kinds := map[string]bool{"port.listener": true, "log.store": true, "data.store": true, "tls.config": true}
	b.ReportAllocs()
	report := cpu(b)
	for b.Loop() {
		set := loadMany(b, 144)
		_, controls, diagnostics := set.Compile(kinds)
		if len(diagnostics) > 0 || len(controls) != 58 {
			b.Fatal(len(controls), diagnostics)
		}
	}
	report(1, "cpu-µs/op")
}

func BenchmarkLoad(b *testing.B) {
	report := cpu(b)
	for b.Loop() {
		loadMany(b, 144)
	}
	report(1, "cpu-µs/op")
}

// A control is compiled apart when it first yields a finding or meets a gap.
func BenchmarkApart(b *testing.B) {
	const n = 200
	var used time.Duration
	runs := 0
	for b.Loop() {
		set := loadMany(b, n)
		runtime.GC()
		start := processorTime(b)
		for _, c := range set.Controls {
			if _, err := c.Apart(); err != nil {
				b.Fatal(err)
			}
		}
		used += processorTime(b) - start
		runs++
	}
	b.ReportMetric(float64(used.Microseconds())/float64(runs*n), "cpu-µs/control")
}
