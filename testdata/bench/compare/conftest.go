package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os/exec"
	"path/filepath"
	"slices"
)

// What the conftest face may take, as ratios to conftest: of 25 rules with names of
// their own, of 25 that are all called deny, and of one large plan. Terraform with one
// name is bounded by what hcl/v2 takes to parse the files and do nothing with them.
const (
	namedCPU, namedWall    = 1.0 / 12, 1.0 / 18
	oneNameCPU             = 1.0 / 2
	parseFactor, parsePlus = 1.1, 0.1
	planCPU, planMemory    = 1.0 / 5, 1.0 / 5
	startCPU               = 1.0
)

// faceBars are the bars of writ called as conftest, on the corpora in dir.
func faceBars(dir, writ, peer, bare string) []bar {
	test := func(policy, corpus string) (a, b []string) {
		rest := []string{"test", "-p", policy, corpus}
		return append([]string{writ, "conftest"}, rest...), append([]string{peer}, rest...)
	}
	var bars []bar
	for _, n := range []string{"1000", "5000"} {
		for _, kind := range []struct{ short, long string }{{"tf", "Terraform"}, {"k8s", "Kubernetes"}} {
			corpus := filepath.Join(dir, kind.short+"-"+n)
			a, b := test("testdata/bench/policy-"+kind.short+"-named", corpus)
			bars = append(bars, bar{name: "conftest: " + n + " " + kind.long + ", named", a: a, b: b, cpu: namedCPU, wall: namedWall, same: true})
			a, b = test("testdata/bench/policy-"+kind.short, corpus)
			one := bar{name: "conftest: " + n + " " + kind.long + ", one name", a: a, b: b, cpu: oneNameCPU, same: true}
			if kind.short == "tf" {
				one.floor = []string{bare, corpus}
			}
			bars = append(bars, one)
		}
	}
	plan := filepath.Join(dir, "plan")
	a, b := test(filepath.Join(plan, "policy"), filepath.Join(plan, "plan.json"))
	bars = append(bars, bar{name: "conftest: 60 MB plan, 160 rules", a: a, b: b, cpu: planCPU, rss: planMemory, same: true})
	a, b = test("testdata/bench/compare/start", "testdata/bench/compare/start/one.json")
	return append(bars,
		bar{name: "conftest: one JSON file, one rule", a: a, b: b, cpu: startCPU, same: true},
		bar{name: "conftest: --version", a: []string{writ, "conftest", "--version"}, b: []string{peer, "--version"}, cpu: startCPU})
}

// result is what both tools have to agree in.
type result struct{ file, namespace, rule, kind, message string }

// results asks for JSON and returns what was found, sorted.
func results(command []string) []result {
	c := exec.Command(command[0], append(slices.Clone(command[1:]), "-o", "json")...)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	type found []struct {
		Message  string         `json:"msg"`
		Metadata map[string]any `json:"metadata"`
	}
	var checks []struct {
		File      string `json:"filename"`
		Namespace string `json:"namespace"`
		Failures  found  `json:"failures"`
		Warnings  found  `json:"warnings"`
		Excepted  found  `json:"exceptions"`
	}
	if json.Unmarshal(out, &checks) != nil {
		log.Fatalf("run %v: %v\n%s", command, err, errs.Bytes())
	}
	var all []result
	for _, c := range checks {
		for kind, list := range map[string]found{"failure": c.Failures, "warning": c.Warnings, "exception": c.Excepted} {
			for _, f := range list {
				all = append(all, result{c.File, c.Namespace, fmt.Sprint(f.Metadata["query"]), kind, f.Message})
			}
		}
	}
	slices.SortFunc(all, func(a, b result) int { return bytes.Compare(fmt.Append(nil, a), fmt.Append(nil, b)) })
	return all
}

// agree ends the comparison where two commands do not find the same: their times then
// say nothing.
func agree(a, b []string) int {
	ours, theirs := results(a), results(b)
	if !slices.Equal(ours, theirs) {
		for i := range min(len(ours), len(theirs)) {
			if ours[i] != theirs[i] {
				log.Fatalf("%v finds %+v where conftest finds %+v", a, ours[i], theirs[i])
			}
		}
		log.Fatalf("%v finds %d, conftest %d", a, len(ours), len(theirs))
	}
	return len(ours)
}
