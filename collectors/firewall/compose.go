package firewall

import (
	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/compose"
	"github.com/writ-policy/writ/engine/fact"
)

// composed returns a document of chains and one of rules for each Compose project:
// empty ones, since such files declare no filter. The engine forwards what a service
// publishes in front of the rules for what comes in to the host, so those of the
// host say nothing about it, and a network that is internal is no filter of ports:
// how far a port goes is what port.published says.
func composed(env *collectors.Env) []*fact.Document {
	none := func(*fact.Builder, *compose.Target) {}
	return append(compose.Documents(env, "firewall", "firewall.chain", none), compose.Documents(env, "firewall", "firewall.rule", none)...)
}
