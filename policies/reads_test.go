package policies_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/policies"
)

// TestReads holds that reads.json says what the rules read.
func TestReads(t *testing.T) {
	set, diagnostics := control.Load([]control.Source{{FS: policies.FS, Embedded: true}}, control.Options{Params: parameters(t), CheckEmbedded: true})
	for _, d := range diagnostics {
		t.Fatal(d)
	}
	got, err := set.Known()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(control.KnownFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(control.KnownFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is stale: go test ./policies -update (-want +got):\n%s", control.KnownFile, diff)
	}
}
