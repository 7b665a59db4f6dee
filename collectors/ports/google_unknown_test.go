package ports

import (
	"testing"

	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// What is not known of Google Cloud never becomes a default. Which chain is in
// front of an instance may change, since rules that may be for it stand in all.
func TestGoogleUnknownStaysUnknown(t *testing.T) {
	env := sourcetest.Env(nil)
	sourcetest.UnknownArguments(t, "testdata/published/google.txtar", func(root *terraform.Root) []*fact.Document {
		return []*fact.Document{declared(env, root)}
	}, "groups.*.name", "groups.*.chain")
}
