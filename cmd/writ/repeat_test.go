package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/report"
)

// shopFolder is the example, checked in its place.
func shopFolder(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "examples", "shop", "infra"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestSameBytes holds that equal inputs give equal reports, for any number of
// workers and however often.
func TestSameBytes(t *testing.T) {
	t.Run("whole", func(t *testing.T) { sameBytes(t, shopFolder(t)) })
	t.Run("parts", func(t *testing.T) { sameBytes(t, severalRoots(t)) })
	t.Run("manifests", func(t *testing.T) { sameBytes(t, filepath.Join(shopFolder(t), "..", "kubernetes")) })
	t.Run("certificates", func(t *testing.T) {
		sameBytes(t, filepath.Join(shopFolder(t), "..", "..", "..", "testdata", "corpus", "fires", "gdpr.tls.renewed_in_time"))
	})
	t.Run("compose", func(t *testing.T) { sameBytes(t, filepath.Join(shopFolder(t), "..", "compose")) })
}

func sameBytes(t *testing.T, source string) {
	dir := t.TempDir()
	formats := report.Formats()
	first := map[string]string{}
	for i := range 20 {
		jobs := []string{"1", "8", "0"}[i%3]
		args := []string{"check", source, "--now", now, "-v", "-j", jobs}
		for _, f := range formats {
			args = append(args, "-o", f+"="+filepath.Join(dir, f))
		}
		if r := writ(args...); r.status != 1 {
			t.Fatalf("exit %d: %s", r.status, r.err)
		}
		for _, f := range formats {
			data, err := os.ReadFile(filepath.Join(dir, f))
			if err != nil || len(data) == 0 {
				t.Fatalf("%s: %d bytes, %v", f, len(data), err)
			}
			sum := sha256.Sum256(data)
			switch got := hex.EncodeToString(sum[:]); first[f] {
			case "":
				first[f] = got
			case got:
			default:
				t.Fatalf("%s: run %d with -j %s differs from the first", f, i, jobs)
			}
		}
	}
}

// outcomes are all findings by id.
func (v *verdict) outcomes() []string {
	var out []string
	for _, f := range v.Findings {
		out = append(out, f.ID+" "+string(f.Outcome)+" "+f.Control+" "+f.Target+" "+f.Subject.ID)
	}
	slices.Sort(out)
	return out
}

// TestSavedFacts holds that facts judged later give what the tree gives now.
func TestSavedFacts(t *testing.T) {
	config := filepath.Join(shopFolder(t), "..")
	want := check(t, shopFolder(t), "--config", config, "-v")
	if len(want.Findings) < 10 {
		t.Fatalf("only %d findings: nothing to compare", len(want.Findings))
	}
	r := writ("collect", shopFolder(t), "--now", now)
	if r.status != 0 {
		t.Fatalf("collect: exit %d: %s", r.status, r.err)
	}
	dir := t.TempDir()
	lines := filepath.Join(dir, "shop.facts.jsonl")
	put(t, lines, r.out)
	folder := filepath.Join(dir, "facts")
	if r := writ("collect", shopFolder(t), "--now", now, "--out", folder); r.status != 0 {
		t.Fatalf("collect --out: exit %d: %s", r.status, r.err)
	}
	array := filepath.Join(dir, "array.json")
	put(t, array, "["+strings.ReplaceAll(strings.TrimSpace(r.out), "\n", ",")+"]")
	for name, source := range map[string]string{"lines": lines, "folder": folder, "array": array} {
		t.Run(name, func(t *testing.T) {
			got := check(t, source, "--config", config, "-v")
			if d := cmp.Diff(want.outcomes(), got.outcomes()); d != "" {
				t.Errorf("findings of the tree (-) and of its saved facts (+):\n%s", d)
			}
			if got.status != want.status {
				t.Errorf("exit %d, want %d%s", got.status, want.status, got.told())
			}
		})
	}
	t.Run("standard input", func(t *testing.T) {
		got := read(t, withInput(r.out), "-", "--config", config, "-v")
		if d := cmp.Diff(want.outcomes(), got.outcomes()); d != "" {
			t.Error(d)
		}
	})
}
