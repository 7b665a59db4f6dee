package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/report"
)

// TestReplayOfARun holds that a saved report, rendered later, is byte for byte what
// the run itself would have written, drawings included.
func TestReplayOfARun(t *testing.T) {
	dir := t.TempDir()
	for _, verbose := range [][]string{nil, {"-v"}} {
		args := append([]string{"check", shopFolder(t), "--now", now}, verbose...)
		for _, f := range report.Formats() {
			args = append(args, "-o", f+"="+filepath.Join(dir, f))
		}
		if r := writ(args...); r.status != 1 {
			t.Fatalf("exit %d: %s", r.status, r.err)
		}
		for _, saved := range []string{"json", "jsonl"} {
			for _, f := range report.Formats() {
				again := filepath.Join(dir, "again")
				r := writ(append([]string{"report", filepath.Join(dir, saved), "-o", f + "=" + again}, verbose...)...)
				if r.status != 1 || r.out+r.err != "" {
					t.Fatalf("%s to %s: exit %d: %s%s", saved, f, r.status, r.out, r.err)
				}
				want, _ := os.ReadFile(filepath.Join(dir, f))
				got, err := os.ReadFile(again)
				if err != nil || len(got) == 0 {
					t.Fatalf("%s to %s: %v", saved, f, err)
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("%s to %s %v: -run +replay:\n%.2000s", saved, f, verbose, diff)
				}
			}
		}
	}
	page, err := os.ReadFile(filepath.Join(dir, "html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Who reaches what", "How long logs are kept", "Versions of TLS"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page has no picture %q", want)
		}
	}
}

// TestReportsAreAlone holds that a report does not change with the others that
// are written beside it.
func TestReportsAreAlone(t *testing.T) {
	dir := t.TempDir()
	together := []string{"check", shopFolder(t), "--now", now}
	for _, f := range report.Formats() {
		together = append(together, "-o", f+"="+filepath.Join(dir, f))
	}
	if r := writ(together...); r.status != 1 {
		t.Fatalf("exit %d: %s", r.status, r.err)
	}
	for _, f := range report.Formats() {
		r := writ("check", shopFolder(t), "--now", now, "-o", f)
		want, _ := os.ReadFile(filepath.Join(dir, f))
		if diff := cmp.Diff(string(want), r.out); diff != "" {
			t.Errorf("%s: -together +alone:\n%.2000s", f, diff)
		}
	}
}

// TestJUnitIsAsRedAsTheExitStatus holds that a system that decides by tests decides
// as one that decides by the status does.
func TestJUnitIsAsRedAsTheExitStatus(t *testing.T) {
	broken := tree(t, map[string]string{"infra/main.tf": "resource {"})
	for _, args := range [][]string{
		{shopFolder(t)}, {shopFolder(t), "--gate", "medium"}, {shopFolder(t), "--gate", "critical"}, {shopFolder(t), "--gate", "none"},
		{shopFolder(t), "--gate", "none", "--strict"}, {shopFolder(t), "--select", "gdpr.tls.suites_strong", "--gate", "none"},
		{shopFolder(t), "--select", "gdpr.data.special_category_justified"},
		{shopFolder(t), "--gate", "none", "--require", "port.listener"},
		{broken},
	} {
		r := writ(append([]string{"check", "--now", now, "-o", "junit"}, args...)...)
		red := strings.Contains(r.out, "<failure") || strings.Contains(r.out, "<error")
		if r.out == "" || red != (r.status != 0) {
			t.Errorf("%v: exit %d, red %v\n%s", args, r.status, red, r.err)
		}
	}
}

// TestFormatsAreDocumented holds that the main README names every format.
func TestFormatsAreDocumented(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Formats() {
		if !strings.Contains(string(readme), "`"+f+"`") {
			t.Errorf("README.md says nothing of the format %s", f)
		}
	}
}
