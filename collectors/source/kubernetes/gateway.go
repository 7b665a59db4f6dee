package kubernetes

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
)

// GatewayScope is who has a route to a Gateway of the Gateway API, as far as its
// class says it: GKE's classes name it.
// https://cloud.google.com/kubernetes-engine/docs/concepts/gateway-api#gatewayclass
func GatewayScope(o *Object) aws.Answer[string] {
	class := o.Text(o.Root, "", "spec", "gatewayClassName")
	switch {
	case !class.Known():
		return class
	case strings.HasPrefix(class.Value, "gke-l7-rilb"), strings.HasPrefix(class.Value, "gke-l7-cross-regional-internal"):
		return aws.Declared("internal", class.Pos)
	case strings.HasPrefix(class.Value, "gke-l7-"):
		return aws.Declared("internet", class.Pos)
	}
	return aws.NotKnown[string]("the class of the gateway decides who has a route to it", class.Pos)
}
