package control

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// forbidden built-ins reach outside the evaluation: the network, the process's
// environment, its clock or chance. json.match_schema and json.verify_schema
// would fetch remote references, which AllowNet forbids.
var forbidden = []string{"http.send", "net.lookup_ip_addr", "opa.runtime", "rand.intn", "uuid.rfc4122", "time.now_ns"}

// Capabilities returns what policies may use: OPA's built-ins without those that
// reach outside, and no network at all.
func Capabilities() *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion()
	c.Builtins = slices.DeleteFunc(slices.Clone(c.Builtins), func(b *ast.Builtin) bool {
		return slices.Contains(forbidden, b.Name)
	})
	c.AllowNet = []string{}
	// One version of the language: what a later one adds cannot be followed.
	c.FutureKeywords = nil
	c.Features = slices.DeleteFunc(slices.Clone(c.Features), func(f string) bool {
		return f == ast.FeatureRegoV2 || f == ast.FeatureRegoV2Import
	})
	return c
}
