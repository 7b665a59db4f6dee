package ports

import (
	"fmt"
	"strings"
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
	sourcetest.Kubernetes.Unknowns(t, "testdata/kubernetes/*.txtar", Collector{})
}

// What stands behind Services grows with their number, not with its square.
func BenchmarkBehind(b *testing.B) {
	for _, n := range []int{500, 5000} {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d%[1]d}
spec: {template: {metadata: {labels: {app: d%[1]d, part-of: shop}}, spec: {containers: [{name: c, image: "postgres:17", ports: [{containerPort: 5432}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: s%[1]d}
spec: {type: LoadBalancer, selector: {app: d%[1]d, part-of: shop}, ports: [{port: 5432}]}
`, i)
		}
		files := map[string]string{"a.yaml": text.String()}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if docs, _ := sourcetest.Kubernetes.Collect(b, Collector{}, files); len(docs) != 1 || len(docs[0].Items) != n {
					b.Fatalf("%d documents, of %d items", len(docs), len(docs[0].Items))
				}
			}
		})
	}
}
