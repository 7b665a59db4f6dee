package firewall

import (
	"testing"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
)

// TestCompose holds that a project has documents of filters, which say that there are
// none, unless a file of it is missing.
func TestCompose(t *testing.T) {
	for text, complete := range map[string]bool{"services: {a: {image: x, ports: [\"1:1\"]}}": true, "include: [gone.yaml]": false} {
		env := sourcetest.Env(map[string]string{"dev/compose.yaml": text})
		docs, _ := collectors.Run(t.Context(), []collectors.Collector{Collector{}}, collectors.Path, env)
		if len(docs) != 2 {
			t.Fatalf("%d documents", len(docs))
		}
		for _, d := range docs {
			if d.Target.ID != "config/dev" || d.Complete != complete || len(d.Items) != 0 {
				t.Errorf("%s %s: complete %v, %d items", d.Target.ID, d.Kind, d.Complete, len(d.Items))
			}
		}
	}
}

// TestComposeNetworks: what internal networks let through.
func TestComposeNetworks(t *testing.T) {
	sourcetest.Compose.Golden(t, "testdata/compose_network.txtar", *update, Collector{})
}

// What is not known never becomes a default; what may open a network is told as opaque.
func TestComposeUnknowns(t *testing.T) {
	sourcetest.Compose.Unknowns(t, "testdata/compose_network.txtar", Collector{}, "opaque", "opaque.*.reason")
}

func FuzzCompose(f *testing.F) {
	sourcetest.Compose.Fuzz(f, "testdata/compose_network.txtar", Collector{})
}

// TestHostGateway: a name for the host is told in every spelling.
func TestHostGateway(t *testing.T) {
	for text, want := range map[string]int{
		`["host.docker.internal:host-gateway"]`: 1, `["h=host-gateway", "i:host-gateway"]`: 2, `{h: host-gateway}`: 1, `{h: [192.0.2.1, host-gateway]}`: 1, `["h:192.0.2.1"]`: 0,
	} {
		env := sourcetest.Env(map[string]string{"compose.yaml": "services:\n  a:\n    image: x\n    extra_hosts: " + text + "\n"})
		collectors.Run(t.Context(), []collectors.Collector{Collector{}}, collectors.Path, env)
		told := 0
		for _, d := range env.Diagnostics() {
			if d.Summary == "a service calls its host" && d.Pos.Line == 4 {
				told++
			}
		}
		if told != want {
			t.Errorf("%s: told %d times, want %d: %v", text, told, want, env.Diagnostics())
		}
	}
}
