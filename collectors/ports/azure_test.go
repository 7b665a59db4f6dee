package ports

import (
	"testing"

	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// What is not known of resources of Azure never becomes a default, or nothing.
func TestUnknownStaysUnknownWithAzure(t *testing.T) {
	env := sourcetest.Env(nil)
	sourcetest.UnknownArguments(t, "testdata/published/azure*.txtar", func(root *terraform.Root) []*fact.Document {
		return []*fact.Document{declared(env, root)}
	}, "resource")
}
