package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/writ-policy/writ/engine/finding"
)

const (
	example       = "examples/shop"
	exampleGolden = "testdata/golden/shop.txt"
)

// TestShop holds that the example answers as its README documents, finding by
// finding: nothing planted is missed, nothing else is found.
func TestShop(t *testing.T) {
	repo := filepath.Join("..", "..")
	v := check(t, "-v", filepath.Join(repo, example, "infra"), filepath.Join(repo, example, "kubernetes"), filepath.Join(repo, example, "compose"))
	if v.status != 1 {
		t.Errorf("exit %d (%s), want 1%s", v.status, v.Summary.ExitReason, v.told())
	}
	for _, d := range v.Summary.Diagnostics {
		if d.Severity == "error" {
			t.Errorf("diagnostics:%s", v.told())
			break
		}
	}
	compareGolden(t, filepath.Join(repo, exampleGolden), findingLines(v.Findings))
	faultsFound(t, filepath.Join(repo, example), v.Findings)
	var waived []string
	for _, f := range v.Findings {
		if f.Outcome == finding.Waived {
			waived = append(waived, f.Control+" "+f.Subject.ID)
		}
	}
	if len(waived) != 1 {
		t.Errorf("the waiver covers %d findings, want 1: %q", len(waived), waived)
	}
}

// findingLines has one line per finding that is not green: outcome, severity,
// control, kind, subject, place, and the key that tells it from its like. The
// words of a message may change without notice.
func findingLines(findings []*finding.Finding) string {
	var lines []string
	for _, f := range findings {
		if f.Outcome != finding.Pass && f.Outcome != finding.NotApplicable {
			line := fmt.Sprintf("%s %s %s %s %s#%s %s %s", f.Outcome, f.Severity, f.Control, f.Subject.Kind, f.Target, f.Subject.ID, pointsTo(f), f.Key)
			lines = append(lines, strings.TrimSpace(line)+"\n")
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// pointsTo is where a finding points, below the example.
func pointsTo(f *finding.Finding) string {
	if f.Location == nil {
		return "-"
	}
	return fmt.Sprintf("%s:%d", strings.TrimPrefix(f.Location.URI, example+"/"), f.Location.StartLine)
}

// compareGolden compares with a file, which -update rewrites.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("findings of the example differ from %s; -update rewrites it:\n%s%s", path.Base(name), without("-", string(want), got), without("+", got, string(want)))
	}
}

// without returns the lines of a that b lacks, each marked.
func without(mark, a, b string) string {
	lines := strings.SplitAfter(b, "\n")
	var out strings.Builder
	for line := range strings.Lines(a) {
		if !slices.Contains(lines, line) {
			out.WriteString(mark + " " + line)
		}
	}
	return out.String()
}

// fault is one line of the README's table: a control, and where it points.
type fault struct{ place, control string }

// faultsFound compares the README's table with the findings and with the comments in
// the files: each fault has one comment and at least one row.
func faultsFound(t *testing.T, dir string, findings []*finding.Finding) {
	t.Helper()
	rows, faults := readFaults(t, filepath.Join(dir, "README.md"))
	if n := countFaults(t, dir); n != faults {
		t.Errorf("the table has %d faults, the files have %d comments that begin with Planted", faults, n)
	}
	found := map[fault]bool{}
	for _, f := range findings {
		if f.Outcome != finding.Fail && f.Outcome != finding.Waived {
			continue
		}
		r := fault{pointsTo(f), f.Control}
		found[r] = true
		if !slices.Contains(rows, r) {
			t.Errorf("not planted, yet found: %s at %s: %s", r.control, r.place, f.Message)
		}
	}
	for _, r := range rows {
		if !found[r] {
			t.Errorf("planted, not found: %s at %s", r.control, r.place)
		}
	}
}

// readFaults reads | fault | where | found by | supports |; a row without a fault
// belongs to the fault above it.
func readFaults(t *testing.T, name string) (rows []fault, faults int) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 6 || !strings.Contains(cells[3], "gdpr.") {
			continue
		}
		if strings.TrimSpace(cells[1]) != "" {
			faults++
		}
		for _, control := range strings.Fields(cells[3]) {
			rows = append(rows, fault{strings.TrimSpace(cells[2]), control})
		}
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no table", name)
	}
	return rows, faults
}

func countFaults(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".tf", ".hcl", ".yaml"}, path.Ext(name)) {
			return err
		}
		data, err := os.ReadFile(name)
		n += strings.Count(string(data), "# Planted: ")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
