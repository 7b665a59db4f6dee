package kubernetes_test

import (
	"fmt"
	"testing"

	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

// none is a visitor that looks at nothing.
type none struct{}

func (none) Object(*kubernetes.Object)   {}
func (none) Documents() []*fact.Document { return nil }

// BenchmarkPass is the reading of 100 files of two documents, without collectors.
func BenchmarkPass(b *testing.B) {
	files := map[string]string{}
	for i := range 100 {
		files[fmt.Sprintf("deploy/unit%03d.yaml", i)] = fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata: {name: web-%d, namespace: shop, labels: {app: web}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: app
          image: registry.example.org/web:1.2.3
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
            - name: DB_URL
              valueFrom:
                secretKeyRef: {name: db, key: url}
---
apiVersion: v1
kind: Service
metadata:
  name: web-%d
  namespace: shop
spec:
  type: NodePort
  selector: {app: web}
  ports:
    - name: http
      port: 80
      targetPort: http
`, i, i)
	}
	b.ReportAllocs()
	for b.Loop() {
		env := sourcetest.Env(files)
		kubernetes.Watch(env, "test", nil, func(fact.Target) kubernetes.Visitor { return none{} })
		if _, err := kubernetes.Documents(b.Context(), env, "test"); err != nil {
			b.Fatal(err)
		}
	}
}
