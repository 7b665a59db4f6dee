package yaml_test

import (
	"bytes"
	"testing"

	upstream "go.yaml.in/yaml/v3"

	"github.com/writ-policy/writ/collectors/source/yaml"
)

// manifests are two documents as they are written for Kubernetes, synthetic.
const manifests = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
  namespace: shop
  labels: {app: orders, team: "checkout"}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: orders
  template:
    metadata:
      labels:
        app: orders
    spec:
      containers:
        - name: api
          image: registry.example.org/orders:1.4.2
          ports:
            - containerPort: 8080
              name: http
          env:
            - name: LOG_LEVEL
              value: "info"
            - name: DATABASE_URL
              valueFrom:
                secretKeyRef: {name: orders-db, key: url}
          resources:
            limits: {cpu: 500m, memory: 256Mi}
          readinessProbe:
            httpGet:
              path: /ready
              port: http
          volumeMounts:
            - name: data
              mountPath: /var/lib/orders
      volumes:
        - name: data
          emptyDir: {}
--- # the way in
apiVersion: v1
kind: Service
metadata:
  name: orders
  namespace: shop
spec:
  type: LoadBalancer
  selector:
    app: orders
  loadBalancerSourceRanges:
    - 10.0.0.0/8
  ports:
    - name: http
      port: 80
      targetPort: http
`

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(manifests)))
	for b.Loop() {
		yaml.ReadAs(yaml.Kubernetes, "a.yaml", []byte(manifests))
	}
}

// BenchmarkLibrary is the part of it that the library alone takes.
func BenchmarkLibrary(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(manifests)))
	for b.Loop() {
		dec := upstream.NewDecoder(bytes.NewReader([]byte(manifests)))
		for {
			var n upstream.Node
			if dec.Decode(&n) != nil {
				break
			}
		}
	}
}
