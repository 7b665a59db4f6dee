//go:build linux

package firewall

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/firewall/kerneltest"
)

var (
	kernelCases = flag.Int("kernel.cases", 1000, "cases that the kernel is asked about")
	kernelSeed  = flag.Uint64("kernel.seed", 0, "seed of the first ruleset")
	kernelLabs  = flag.Int("kernel.labs", 2, "labs that are asked at once")
	kernelFirst = flag.Bool("kernel.first", false, "stop at the first wrong answer, as it is")
	kernelKeep  = flag.Bool("kernel.keep", false, "keep wrong answers, shrunk, in testdata/corpus/kernel")
)

func TestMain(m *testing.M) {
	kerneltest.Main()
	os.Exit(m.Run())
}

// kernelAsk asks about one ruleset. A fault is of the harness, not of an answer.
func kernelAsk(l *kerneltest.Lab, seed uint64, rules kerneltest.Ruleset) (t kernelTally, found *kernelFinding, kept kerneltest.Ruleset, fault error) {
	kept, listing, err := l.LoadMost(rules)
	if errors.Is(err, kerneltest.ErrRules) {
		return kernelTally{refused: 1}, nil, kept, nil
	} else if err != nil {
		return t, nil, kept, err
	}
	_, sure := kerneltest.Style(seed)
	t.rulesets++
	spaces := kernelSpaces(listing, nil)
	a := newAsker(seed, kept)
	for _, v6 := range []bool{false, true} {
		p := compile(spaces, v6, false, nil)
		var questions []*kernelQuestion
		for range 6 {
			questions = append(questions, a.entry(p, 40))
		}
		for range 3 {
			questions = append(questions, a.listener(p, 5))
		}
		var probes []kerneltest.Probe
		for _, q := range questions {
			probes = append(probes, q.probes...)
		}
		fates, err := l.Send(probes)
		if err != nil {
			return t, nil, kept, err
		}
		for _, q := range questions {
			t.cases++
			if what := q.wrong(p, fates[:len(q.probes)], sure, &t); what != "" {
				return t, &kernelFinding{q, what}, kept, nil
			}
			fates = fates[len(q.probes):]
		}
	}
	return t, nil, kept, nil
}

// TestKernel asks the kernel about random rulesets: who certainly gets through does,
// and who certainly does not does not, as the readers and the evaluator have it from
// what programs list of those rules.
func TestKernel(t *testing.T) {
	var labs []*kerneltest.Lab
	for range max(1, *kernelLabs) {
		l, err := kerneltest.Start()
		if err != nil {
			t.Skipf("no namespaces with packet filters are to be had here, so the kernel was not asked; the recorded cases of TestKernelCorpus stand for it: %v", err)
		}
		t.Cleanup(l.Stop)
		labs = append(labs, l)
	}
	type result struct {
		seed  uint64
		tally kernelTally
		found *kernelFinding
		rules kerneltest.Ruleset
		fault error
	}
	seeds, results := make(chan uint64), make(chan result)
	for _, l := range labs {
		go func() {
			for seed := range seeds {
				tally, found, rules, fault := kernelAsk(l, seed, kerneltest.Generate(seed))
				if found != nil && !*kernelFirst {
					if rules, found = kernelShrink(l, rules, found); *kernelKeep && fault == nil {
						fault = keepKernel(l, seed, rules, found)
					}
				}
				results <- result{seed, tally, found, rules, fault}
			}
		}()
	}
	var sum kernelTally
	next, open, failed, most := *kernelSeed, 0, 0, 5
	if *kernelFirst {
		most = 1
	}
	for sum.cases < *kernelCases && failed < most || open > 0 {
		feed := seeds
		if sum.cases >= *kernelCases || failed >= most || open >= len(labs) {
			feed = nil
		}
		select {
		case feed <- next:
			next++
			open++
		case r := <-results:
			open--
			if before := sum.cases; r.fault == nil {
				sum.add(r.tally)
				if sum.cases/10000 > before/10000 {
					t.Logf("all rulesets before seed %d are done: %s", next-uint64(open), sum.String())
				}
			} else {
				t.Fatalf("seed %d: %v", r.seed, r.fault)
			}
			if r.found != nil {
				failed++
				t.Errorf("seed %d: %s: %s\n%+v\n%s", r.seed, r.found.question, r.found.what, r.found.question.probes[:min(2, len(r.found.question.probes))], rulesetText(r.rules))
			}
		}
	}
	close(seeds)
	t.Logf("the kernel was asked, by %d labs, seeds %d to %d: %s; %d rulesets were not taken; %d answers were wrong", len(labs), *kernelSeed, next-1, sum.String(), sum.refused, failed)
	for _, line := range topReasons(sum.reasons, 25) {
		t.Log(line)
	}
}

// keepKernel records a wrong answer, so that it is asked about ever after.
func keepKernel(l *kerneltest.Lab, seed uint64, rules kerneltest.Ruleset, found *kernelFinding) error {
	listing, err := l.Load(rules)
	if err != nil {
		return err
	}
	c := &kernelCase{comment: "Was answered wrongly: " + found.question.String(), rules: rules, listing: unobserved(listing), probes: found.question.probes}
	if c.fates, err = l.Send(c.probes); err != nil {
		return err
	}
	return os.WriteFile(fmt.Sprintf("%s/found_%d.txtar", kernelCorpus, seed), c.format(), 0o644)
}

func topReasons(m map[string]int, n int) []string {
	var list []string
	for r := range m {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b string) int { return m[b] - m[a] })
	for i, r := range list {
		list[i] = fmt.Sprintf("%6d %s", m[r], r)
	}
	return list[:min(n, len(list))]
}

func rulesetText(r kerneltest.Ruleset) string {
	var b strings.Builder
	for _, part := range kerneltest.Parts() {
		if r[part] != "" {
			fmt.Fprintf(&b, "-- %s --\n%s\n", part, strings.TrimSuffix(r[part], "\n"))
		}
	}
	return b.String()
}
