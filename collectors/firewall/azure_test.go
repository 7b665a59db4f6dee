package firewall

import (
	"testing"

	"github.com/writ-policy/writ/collectors/source/aws/awstest"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// What is not known of network security groups never becomes a default, or
// nothing.
func TestUnknownStaysUnknownWithAzure(t *testing.T) {
	env := awstest.Env(nil)
	awstest.Unknowns(t, "testdata/rules/azure*.txtar", func(root *terraform.Root) []*fact.Document {
		return declared(env, root)
	}, "basis", "residual_egress", "shadowed_by", "opaque", "flow_log.logs", "match.sources", "match.destinations",
		"match.sources.type", "match.sources.family", "match.sources.name", "match.sources.cidr", "match.destinations.type", "match.destinations.family")
}
