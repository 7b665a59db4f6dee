package access

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// role is a Role or a ClusterRole.
type role struct {
	key, id, name, namespace string
	wide                     bool // a ClusterRole
	at                       fact.Position
	rules                    []roleRule
	reason                   string // why its rules are not known
}

// roleRule is one rule of a role.
type roleRule struct {
	at      fact.Position
	actions aws.Answer[[]string] // "get secrets", "list deployments.apps", "get /metrics"; "*" is everything
	every   aws.Answer[bool]     // whether it allows every verb
	names   aws.Answer[[]string] // of the objects it concerns; none is all
}

func opaqueRule(reason string, at fact.Position) roleRule {
	return roleRule{at: at, actions: aws.NotKnown[[]string](reason, at), every: aws.NotKnown[bool](reason, at), names: aws.NotKnown[[]string](reason, at)}
}

// readRole reads the rules of a role. Those of an aggregated one the cluster
// collects from others.
func readRole(o *kubernetes.Object) *role {
	r := &role{key: roleKey(o.Kind, o.Namespace, o.Name), id: o.ID, name: o.Name, namespace: o.Namespace, wide: o.Kind == "ClusterRole", at: o.Pos()}
	if n := o.Value(o.Root, "aggregationRule"); n != nil {
		r.reason = "its rules are collected from other roles"
		return r
	}
	rules := o.Value(o.Root, "rules")
	if rules != nil && rules.Kind != node.Array {
		_, r.reason = o.List(rules)
		return r
	}
	if rules == nil {
		return r
	}
	for _, n := range rules.Elems {
		switch n.Kind {
		case node.Object:
			r.rules = append(r.rules, readRule(o, n))
		case node.Opaque:
			r.rules = append(r.rules, opaqueRule(n.Reason, o.At(n)))
		default:
			r.rules = append(r.rules, opaqueRule("the rule is not a mapping", o.At(n)))
		}
	}
	return r
}

func readRule(o *kubernetes.Object, n *node.Node) roleRule {
	at := o.At(n)
	verbs, groups := o.Texts(n, "verbs"), o.Texts(n, "apiGroups")
	resources, urls := o.Texts(n, "resources"), o.Texts(n, "nonResourceURLs")
	r := roleRule{at: at, names: o.Texts(n, "resourceNames")}
	r.every = aws.Then(verbs, func(list []string) bool { return slices.Contains(list, "*") })
	for _, part := range []aws.Answer[[]string]{verbs, groups, resources, urls} {
		if !part.Known() {
			r.actions = part
			return r
		}
	}
	r.actions = aws.Declared(actions(verbs.Value, groups.Value, resources.Value, urls.Value), at)
	return r
}

// maxActions bounds the actions that one rule is written out as.
const maxActions = 2000

// actions writes out what a rule allows: verb and resource, with the group of the
// API unless it is the core's. What a wildcard allows of Secrets is written out
// beside it, since that is what is asked about.
func actions(verbs, groups, resources, urls []string) []string {
	any := func(list []string) bool { return slices.Contains(list, "*") }
	if any(verbs) && any(groups) && any(resources) {
		return []string{"*"}
	}
	var out []string
	if slices.Contains(groups, "") || any(groups) {
		if any(resources) || slices.Contains(resources, "secrets") {
			for _, v := range []string{"get", "list", "watch"} {
				if any(verbs) || slices.Contains(verbs, v) {
					out = append(out, v+" secrets")
				}
			}
		}
	}
	for _, v := range verbs {
		for _, resource := range resources {
			for _, g := range groups {
				text := v + " " + resource
				if g != "" {
					text += "." + g
				}
				if len(out) < maxActions {
					out = append(out, text)
				}
			}
		}
		for _, u := range urls {
			out = append(out, v+" "+u)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
