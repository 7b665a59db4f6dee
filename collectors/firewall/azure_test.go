package firewall

import (
	"testing"

	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// What is not known of network security groups never becomes a default, or
// nothing.
func TestUnknownStaysUnknownWithAzure(t *testing.T) {
	env := sourcetest.Env(nil)
	sourcetest.UnknownArguments(t, "testdata/rules/azure*.txtar", func(root *terraform.Root) []*fact.Document {
		return declared(env, root)
	}, "residual_egress", "shadowed_by", "opaque", "flow_log.logs", "match.sources", "match.destinations")
}
