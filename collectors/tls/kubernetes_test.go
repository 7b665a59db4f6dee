package tls

import (
	"testing"

	"github.com/writ-policy/writ/collectors/source/sourcetest"
)

func TestKubernetes(t *testing.T) {
	sourcetest.Kubernetes.Golden(t, "testdata/kubernetes/*.txtar", *update, Collector{})
}

// Certificates are told with the endpoints that show them.
func TestCertificates(t *testing.T) {
	sourcetest.Kubernetes.Golden(t, "testdata/certificate/*.txtar", *update, Collector{}, Endpoints{})
}

func FuzzKubernetes(f *testing.F) {
	sourcetest.Kubernetes.Fuzz(f, "testdata/*/*.txtar", Collector{})
}

// What is not known never becomes a default.
func TestKubernetesUnknowns(t *testing.T) {
	sourcetest.Kubernetes.Unknowns(t, "testdata/*/*.txtar", Collector{}, "product", "policy", "certificates.*.basis")
}
