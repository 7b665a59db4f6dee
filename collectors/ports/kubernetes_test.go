package ports

import (
	"testing"

	"github.com/writ-policy/writ/collectors/source/kubernetes/kubernetestest"
)

func TestKubernetes(t *testing.T) {
	kubernetestest.Golden(t, "testdata/kubernetes/*.txtar", *update, Collector{})
}

func FuzzKubernetes(f *testing.F) {
	kubernetestest.Fuzz(f, "testdata/kubernetes/*.txtar", Collector{})
}

// What is not known never becomes a default.
func TestKubernetesUnknowns(t *testing.T) {
	kubernetestest.Unknowns(t, "testdata/kubernetes/*.txtar", Collector{}, func(kind, path string) bool { return false })
}
