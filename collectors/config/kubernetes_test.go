package config

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
