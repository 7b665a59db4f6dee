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
