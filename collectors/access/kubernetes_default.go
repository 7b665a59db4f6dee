package access

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// The user-facing roles that every cluster has, by what the API server's bootstrap
// policy gives them (Kubernetes 1.24 and later; "Default roles and role bindings" of
// the RBAC reference). A cluster's operators may add to them by aggregation; that
// stands in manifests of its own. Each line: verbs, then resources.
const (
	readVerbs  = "get list watch"
	writeVerbs = "create delete deletecollection patch update"
)

var viewRules = [][2]string{{readVerbs, `
	bindings configmaps endpoints events limitranges namespaces namespaces/status persistentvolumeclaims persistentvolumeclaims/status pods pods/log pods/status
	replicationcontrollers replicationcontrollers/scale replicationcontrollers/status resourcequotas resourcequotas/status serviceaccounts services services/status
	endpointslices.discovery.k8s.io controllerrevisions.apps daemonsets.apps daemonsets/status.apps deployments.apps deployments/scale.apps deployments/status.apps
	replicasets.apps replicasets/scale.apps replicasets/status.apps statefulsets.apps statefulsets/scale.apps statefulsets/status.apps
	horizontalpodautoscalers.autoscaling horizontalpodautoscalers/status.autoscaling cronjobs.batch cronjobs/status.batch jobs.batch jobs/status.batch
	poddisruptionbudgets.policy poddisruptionbudgets/status.policy ingresses.networking.k8s.io ingresses/status.networking.k8s.io networkpolicies.networking.k8s.io`}}

var editRules = [][2]string{
	{readVerbs, "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy leases.coordination.k8s.io"},
	{"impersonate", "serviceaccounts"},
	{"create", "pods/eviction serviceaccounts/token"},
	{writeVerbs, `
	pods pods/attach pods/exec pods/portforward pods/proxy configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts
	services services/proxy daemonsets.apps deployments.apps deployments/rollback.apps deployments/scale.apps replicasets.apps replicasets/scale.apps statefulsets.apps
	statefulsets/scale.apps horizontalpodautoscalers.autoscaling cronjobs.batch jobs.batch poddisruptionbudgets.policy ingresses.networking.k8s.io
	networkpolicies.networking.k8s.io leases.coordination.k8s.io`},
}

var adminRules = [][2]string{
	{"create", "localsubjectaccessreviews.authorization.k8s.io"},
	{readVerbs + " " + writeVerbs, "rolebindings.rbac.authorization.k8s.io roles.rbac.authorization.k8s.io"},
}

// defaultRole returns the rules of a ClusterRole that every cluster has; false if it
// is none of the table.
func defaultRole(name string, at fact.Position) ([]roleRule, bool) {
	rule := roleRule{at: at, every: aws.Default(false, at), names: aws.Default([]string{}, at)}
	var tables [][2]string
	switch name {
	case "cluster-admin":
		rule.every, rule.actions = aws.Default(true, at), aws.Default([]string{"*"}, at)
		return []roleRule{rule}, true
	case "admin":
		tables = slices.Concat(viewRules, editRules, adminRules)
	case "edit":
		tables = slices.Concat(viewRules, editRules)
	case "view":
		tables = viewRules
	default:
		return nil, false
	}
	var list []string
	for _, t := range tables {
		for _, verb := range strings.Fields(t[0]) {
			for _, resource := range strings.Fields(t[1]) {
				list = append(list, verb+" "+resource)
			}
		}
	}
	rule.actions = aws.Default(list, at)
	return []roleRule{rule}, true
}
