package firewall_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/firewall"
	"github.com/writ-policy/writ/engine/fact"
)

// Whatever manifests hold, the facts and what is derived of them are valid.
func FuzzManifests(f *testing.F) {
	for _, a := range cases(f, "testdata/kubernetes/*.txtar") {
		for _, file := range a.Files {
			if strings.HasSuffix(file.Name, ".yaml") {
				f.Add(string(file.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		collected, derived := manifests(t, map[string]string{"a.yaml": text})
		for _, d := range append(collected, derived...) {
			if !strings.HasPrefix(d.Kind, "firewall.") {
				continue
			}
			for _, p := range fact.Validate(d) {
				t.Fatalf("%s: %v", d.Kind, p)
			}
		}
	})
}

// Whatever valid documents say of pods, saved ones included, exposures are valid.
func FuzzDerivePods(f *testing.F) {
	for _, a := range cases(f, "testdata/kubernetes/*.txtar") {
		files := map[string]string{}
		for _, file := range a.Files {
			if strings.HasSuffix(file.Name, ".yaml") {
				files[file.Name] = string(file.Data)
			}
		}
		var seed bytes.Buffer
		collected, _ := manifests(f, files)
		for _, d := range collected {
			if err := json.NewEncoder(&seed).Encode(d); err != nil {
				f.Fatal(err)
			}
		}
		f.Add(seed.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, err := fact.Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, d := range docs {
			if len(fact.Validate(d)) > 0 {
				return
			}
		}
		out, err := firewall.Exposure{}.Derive(t.Context(), docs)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range out {
			for _, p := range fact.Validate(d) {
				t.Fatal(p)
			}
		}
	})
}
