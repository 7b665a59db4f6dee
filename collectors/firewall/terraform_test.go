package firewall

import (
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "write want.txt of the cases anew")

func TestDeclaredRules(t *testing.T) {
	sourcetest.Run(t, "testdata/rules/*.txtar", *update, func(t *testing.T, a *txtar.Archive) []*fact.Document {
		root := sourcetest.Load(a)
		for _, d := range root.Diagnostics {
			t.Log(d)
		}
		return declared(sourcetest.Env(nil), root)
	})
}
