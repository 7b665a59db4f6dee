// Command compare measures writ, and writ called as conftest, against conftest on
// generated files, as ratios of one run: each pair of commands is run in turn,
// A B A B, and the median of the pairwise ratios counts.
//
//	go run ./testdata/bench/compare            builds both, then measures
//	go run ./testdata/bench/compare -conftest PATH -runs 5
//	go run ./testdata/bench/compare -only 'conftest: .*(named|plan)'
//
// It prints a table, a bar behind each ratio that has one, and exits 1 if a bar of
// the project is missed. Where the rules are the same, it first holds that both find
// the same. Wall time means something on an idle machine of two cores only.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"
)

// conftestVersion is the peer's version that all figures speak of.
const conftestVersion = "v0.71.1"

// bar is a pair of commands and what their ratios may be; 0 is no bound.
type bar struct {
	name           string
	a, b           []string
	cpu, wall, rss float64
	floor          []string // a command that does the part which both have to do; it makes the bound of cpu
	same           bool     // both have to find the same
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("compare: ")
	peer := flag.String("conftest", "", "conftest binary; built from its module if empty")
	runs := flag.Int("runs", 3, "pairs of runs")
	small := flag.Bool("small", false, "only the small file")
	only := flag.String("only", "", "pattern of the bars to measure")
	flag.Parse()
	wanted, err := regexp.Compile(*only)
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "writ-bench-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	writ := filepath.Join(dir, "writ")
	must("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", writ, "./cmd/writ")
	if *peer == "" {
		*peer = filepath.Join(dir, "conftest")
		buildPeer(filepath.Join(dir, "module"), *peer)
	}
	for _, n := range []string{"1", "1000", "5000"} {
		must("go", "run", "./testdata/bench/gen", "-kind", "tf", "-n", n, "-out", filepath.Join(dir, "tf-"+n))
		// One folder, so that all manifests are of one target.
		must("go", "run", "./testdata/bench/gen", "-kind", "k8s", "-n", n, "-per-dir", n, "-out", filepath.Join(dir, "k8s-"+n))
	}
	bare := filepath.Join(dir, "bare")
	must("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", bare, "./testdata/bench/bare")
	must("go", "run", "./testdata/bench/gen", "-kind", "plan", "-out", filepath.Join(dir, "plan"))
	const named, namedKubernetes = "testdata/bench/policy-tf-named", "testdata/bench/policy-k8s-named"
	bars := []bar{}
	for _, n := range []string{"1000", "5000"} {
		if *small {
			break
		}
		corpus := filepath.Join(dir, "tf-"+n)
		bars = append(bars, bar{name: n + " Terraform files, all embedded controls", a: []string{writ, "check", corpus}, b: []string{*peer, "test", "-p", named, corpus}, cpu: 1.0 / 3})
		corpus = filepath.Join(dir, "k8s-"+n)
		bars = append(bars, bar{name: n + " Kubernetes files", a: []string{writ, "check", corpus}, b: []string{*peer, "test", "-p", namedKubernetes, corpus}, cpu: 1.0 / 4})
		for _, each := range [][]string{{"Terraform", named, filepath.Join(dir, "tf-"+n)}, {"Kubernetes", namedKubernetes, corpus}} {
			bars = append(bars, bar{name: "strict: " + n + " " + each[0] + " files, named", a: []string{writ, "check", "-p", each[1], "--no-builtin", each[2]}, b: []string{*peer, "test", "-p", each[1], each[2]}, cpu: 1.0 / 12})
		}
	}
	one := filepath.Join(dir, "tf-1")
	bars = append(bars, bar{name: "one small file", a: []string{writ, "check", one}, b: []string{*peer, "test", "-p", named, one}, cpu: 3})
	const paddedFile = "one small file, padded to 144 controls"
	if wanted.MatchString(paddedFile) {
		padded := filepath.Join(dir, "writ-padded")
		buildPadded(filepath.Join(dir, "padding"), padded)
		bars = append(bars, bar{name: paddedFile, a: []string{padded, "check", one}, b: []string{*peer, "test", "-p", named, one}, cpu: 3})
	}
	if !*small {
		bars = append(bars, faceBars(dir, writ, *peer, bare)...)
	}
	missed, all := 0, 0
	count := func(ok bool) {
		if all++; !ok {
			missed++
		}
	}
	fmt.Printf("%-42s %16s %16s  %-15s %-15s %-15s\n", "", "writ s/s/MiB", "peer cpu/wall/MiB", "cpu (bar)", "wall (bar)", "memory (bar)")
	for _, b := range bars {
		if wanted.MatchString(b.name) {
			count(b.measure(*runs))
		}
	}
	check := []string{writ, "check", "-o"}
	face := []string{writ, "conftest", "test", "-p"}
	for _, g := range []struct {
		name, kind string
		command    []string
	}{
		{"manifests, jsonl", "k8s", append(slices.Clone(check), "jsonl="+os.DevNull)},
		{"manifests, sarif", "k8s", append(slices.Clone(check), "sarif="+os.DevNull)},
		{"conftest: Terraform", "tf", append(slices.Clone(face), named)},
		{"conftest: manifests", "k8s", append(slices.Clone(face), namedKubernetes)},
	} {
		if !*small && wanted.MatchString(g.name) {
			count(grows(g.name, *runs, g.command, filepath.Join(dir, g.kind+"-1000"), filepath.Join(dir, g.kind+"-5000")))
		}
	}
	if missed > 0 {
		log.Fatalf("%d of %d bars missed", missed, all)
	}
}

// growth bounds the peak memory of five times the files.
const growth = 1.2

// grows measures the peak memory on a large corpus as a ratio of that on a small one.
func grows(name string, runs int, command []string, small, large string) bool {
	var ratios []float64
	var a, b usage
	for range runs {
		a, b = run(append(slices.Clone(command), small)), run(append(slices.Clone(command), large))
		ratios = append(ratios, float64(b.rss)/float64(a.rss))
	}
	r := median(ratios)
	fmt.Printf("%-42s %16s %16s  %-15s %-15s %-15s\n", name+", 5000 to 1000 files", fmt.Sprint(b.rss, " MiB"), fmt.Sprint(a.rss, " MiB"), "", "", against(r, growth))
	return r <= growth
}

// usage is what one run took.
type usage struct {
	cpu, wall time.Duration
	rss       int64 // MiB
}

func (b bar) measure(runs int) bool {
	found := ""
	if b.same {
		found = fmt.Sprintf("  %d findings, the same", agree(b.a, b.b))
	}
	var as, bs []usage
	var cpu, wall, rss, floors []float64
	for i := range runs + 1 {
		a, o := run(b.a), run(b.b)
		var floor usage
		if b.floor != nil {
			floor = run(b.floor)
		}
		if i == 0 {
			continue // warm-up
		}
		as, bs = append(as, a), append(bs, o)
		cpu = append(cpu, a.cpu.Seconds()/o.cpu.Seconds())
		wall = append(wall, a.wall.Seconds()/o.wall.Seconds())
		rss = append(rss, float64(a.rss)/float64(o.rss))
		floors = append(floors, floor.cpu.Seconds()/o.cpu.Seconds())
	}
	bound := b.cpu
	if b.floor != nil {
		bound = parseFactor*median(floors) + parsePlus
		found += fmt.Sprintf(", bare parse %.3f", median(floors))
	}
	c, w, m := median(cpu), median(wall), median(rss)
	fmt.Printf("%-42s %16s %16s  %-15s %-15s %-15s%s\n", b.name, as[len(as)/2], bs[len(bs)/2], against(c, bound), against(w, b.wall), against(m, b.rss), found)
	within := func(r, bound float64) bool { return bound == 0 || r <= bound }
	return within(c, bound) && within(w, b.wall) && within(m, b.rss)
}

// against shows a ratio and its bound, with a mark where it is passed.
func against(r, bound float64) string {
	switch {
	case bound == 0:
		return fmt.Sprintf("%.3f", r)
	case r > bound:
		return fmt.Sprintf("%.3f (%.3f) !", r, bound)
	}
	return fmt.Sprintf("%.3f (%.3f)", r, bound)
}

func (u usage) String() string {
	return fmt.Sprintf("%.2f/%.2f/%d", u.cpu.Seconds(), u.wall.Seconds(), u.rss)
}

// run takes whatever exit status: both tools find something.
func run(command []string) usage {
	c := exec.Command(command[0], command[1:]...)
	c.Stdout, c.Stderr = io.Discard, io.Discard
	start := time.Now()
	err := c.Run()
	wall := time.Since(start)
	if c.ProcessState == nil {
		log.Fatalf("run %v: %v", command, err)
	}
	u := usage{cpu: c.ProcessState.UserTime() + c.ProcessState.SystemTime(), wall: wall}
	if r, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.rss = r.Maxrss >> 10
	}
	return u
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

func must(name string, args ...string) {
	c := exec.Command(name, args...)
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	if err := c.Run(); err != nil {
		log.Fatalf("%s %v: %v", name, args, err)
	}
}

// buildPeer builds conftest from its own module.
func buildPeer(dir, out string) {
	fmt.Fprintf(os.Stderr, "compare: building conftest %s, which takes minutes (or give -conftest)\n", conftestVersion)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		log.Fatal(err)
	}
	c := exec.Command("go", "install", "github.com/open-policy-agent/conftest@"+conftestVersion)
	c.Env = append(os.Environ(), "GOBIN="+filepath.Dir(out), "GOFLAGS=")
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		log.Fatalf("build conftest: %v", err)
	}
}

// buildPadded builds writ with 144 controls.
func buildPadded(dir, out string) {
	overlay, err := pad(dir, 144)
	if err != nil {
		log.Fatal(err)
	}
	must("go", "build", "-trimpath", "-overlay", overlay, "-ldflags", "-s -w", "-o", out, "./cmd/writ")
}

// pad writes controls of which the file at hand needs few, so that the embedded set
// has n, and returns an overlay for go build: what they cost is start-up.
func pad(dir string, n int) (overlay string, err error) {
	root, err := os.Getwd()
	if err != nil {
		return "", err
	}
	own, err := filepath.Glob("policies/gdpr/*/*")
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	// Of the catalogue's controls that are still to come about a quarter judge kinds
	// that Terraform yields; the others wait for hosts and databases.
	kinds := []string{"port.listener", "port.listener", "log.store", "port.listener"}
	replace := map[string]string{}
	for i := range n - len(own) {
		text := fmt.Sprintf(`# METADATA
# scope: package
# title: Padding control number %[1]d of a benchmark
# description: It stands for one more control that a set of this size has.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
# custom:
#   severity: low
#   subject: %[2]s
#   gdpr: ["5(2)"]
#   remediation: Nothing is to be done.
package gdpr.padding.c%03[1]d

deny contains {"msg": sprintf("%%s is padding", [input.subject.id])} if {
	some letter in ["a", "b", "c"]
	startswith(input.subject.id, concat("", [letter, "padding-%[1]d"]))
}

not_applicable contains "never" if input.subject.id == "never-%[1]d"
`, i, kinds[i%len(kinds)])
		name := fmt.Sprintf("c%03d", i)
		file := filepath.Join(dir, name+".rego")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return "", err
		}
		replace[filepath.Join(root, "policies", "gdpr", "padding", name, name+".rego")] = file
	}
	overlay = filepath.Join(dir, "overlay.json")
	if err := writeOverlay(overlay, replace); err != nil {
		return "", err
	}
	known, err := exec.Command("go", "run", "-overlay", overlay, "./testdata/bench/known").Output()
	if err != nil {
		return "", fmt.Errorf("find what the padded set reads: %w", err)
	}
	file := filepath.Join(dir, "reads.json")
	replace[filepath.Join(root, "policies", "reads.json")] = file
	return overlay, errors.Join(os.WriteFile(file, known, 0o644), writeOverlay(overlay, replace))
}

func writeOverlay(name string, replace map[string]string) error {
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
}
