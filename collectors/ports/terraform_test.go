package ports

import (
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "write want.txt of the cases anew")

func TestDeclaredPorts(t *testing.T) {
	sourcetest.Run(t, "testdata/published/*.txtar", *update, func(t *testing.T, a *txtar.Archive) []*fact.Document {
		return []*fact.Document{declared(sourcetest.Env(nil), sourcetest.Load(a))}
	})
}
