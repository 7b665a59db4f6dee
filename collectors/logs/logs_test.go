package logs

import (
	"flag"
	"testing"

	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "write want.txt anew")

func TestGolden(t *testing.T) {
	sourcetest.Any.Golden(t, "testdata/*.txtar", *update, Collector{})
}

// What is not known never becomes a default.
func TestUnknownStaysUnknown(t *testing.T) {
	env := sourcetest.Env(nil)
	sourcetest.UnknownArguments(t, "testdata/*.txtar", func(root *terraform.Root) []*fact.Document {
		return fromTerraform(root, env.Envelope("logs", "terraform"), env)
	}, "stores", "declared.bound", "protection.remote")
}
