package kubernetes_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

// What the redactor learns of a manifest: synthetic values, each in its place.
func TestLearned(t *testing.T) {
	encoded := base64.StdEncoding.EncodeToString([]byte("made-up-one"))
	manifest := `apiVersion: v1
kind: Secret
metadata: {name: db}
data:
  password: ` + encoded + `
  username: ` + base64.StdEncoding.EncodeToString([]byte("some-user")) + `
stringData:
  config.yaml: |
    metadata: plain
    password: "made-up-two"
  twice: made-up-three
  twice: made-up-four
  key.pem: |
    -----BEGIN ` + `PRIVATE KEY-----
    bWFkZS11cC1maXZl
    -----END ` + `PRIVATE KEY-----
---
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      env:
        - {name: API_TOKEN, value: made-up-six}
        - {name: LEVEL, value: information}
        - {name: URL, value: "amqp://u:made-up-seven@mq"}
      envFrom: [{secretRef: {name: name-of-secret}}]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: ext}
spec: {data: [{secretKey: password, remoteRef: {key: prod/db}}], extra: {clientSecret: made-up-eight}}
`
	env := sourcetest.Env(map[string]string{"a.yaml": manifest})
	kubernetes.Watch(env, "test", nil, func(fact.Target) kubernetes.Visitor { return none{} })
	if _, err := kubernetes.Documents(t.Context(), env, "test"); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{encoded, "made-up-one", "made-up-two", "made-up-three", "made-up-four", "bWFkZS11cC1maXZl", "made-up-six", "made-up-seven", "made-up-eight"} {
		if got := env.Redactor.Redact("x " + secret + " y"); strings.Contains(got, secret) {
			t.Errorf("%s is shown", secret)
		}
	}
	for _, word := range []string{"some-user", "plain", "metadata: plain", "information", "name-of-secret", "app", "password"} {
		if got := env.Redactor.Redact(word); got != word {
			t.Errorf("%s is hidden: %s", word, got)
		}
	}
}
