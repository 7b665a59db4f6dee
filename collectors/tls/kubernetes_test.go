package tls

import (
	"testing"

	"github.com/writ-policy/writ/collectors/source/sourcetest"
)

func TestKubernetes(t *testing.T) {
	sourcetest.Kubernetes.Golden(t, "testdata/kubernetes/*.txtar", *update, Collector{})
}

func FuzzKubernetes(f *testing.F) {
	sourcetest.Kubernetes.Fuzz(f, "testdata/kubernetes/*.txtar", Collector{})
}

// What is not known never becomes a default.
func TestKubernetesUnknowns(t *testing.T) {
	sourcetest.Kubernetes.Unknowns(t, "testdata/kubernetes/*.txtar", Collector{}, "product", "policy")
}
