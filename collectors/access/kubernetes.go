package access

import (
	"fmt"
	"slices"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/engine/fact"
)

// otherPolicies are kinds that admit and refuse in ways not read here.
var otherPolicies = []string{"AuthorizationPolicy", "RequestAuthentication", "ServerAuthorization", "ClusterPolicy"}

// Watch subscribes to the roles and bindings of clusters.
func (Collector) Watch(env *collectors.Env) {
	kinds := append(append(kubernetes.PodKinds(), "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"), otherPolicies...)
	kubernetes.Watch(env, "access", kinds, func(target fact.Target) kubernetes.Visitor {
		return &cluster{b: fact.NewBuilder("access.rule", target, env.Envelope("access", "kubernetes"), env.Now), roles: map[string]*role{}, taken: kubernetes.IDs{}}
	})
}

// cluster gathers the roles and bindings of one target: who may do what follows only
// from both. https://kubernetes.io/docs/reference/access-authn-authz/rbac/
type cluster struct {
	b        *fact.Builder
	roles    map[string]*role // by kind, namespace and name
	order    []*role
	bindings []*binding
	taken    kubernetes.IDs
}

// binding gives a role to subjects.
type binding struct {
	id, namespace string // namespace is "" where it holds in the whole cluster
	wide          bool
	at            fact.Position
	role          string // key
	name          string // kind and name of the role, to be told
	clusterRole   string // name, of a ClusterRole
	reason        string // why the role is not known
	subjects      aws.Answer[[]string]
	everyone      aws.Answer[bool]
}

// Object reads one object.
func (c *cluster) Object(o *kubernetes.Object) {
	switch {
	case slices.Contains(otherPolicies, o.Kind):
		if o.Group == "security.istio.io" || o.Group == "policy.linkerd.io" {
			c.b.Incomplete(o.ID + ": whom it admits is not read")
		}
	case o.Group != "rbac.authorization.k8s.io":
		if pod, ok := o.Pod(); ok {
			c.logins(o, pod)
		}
	case o.Kind == "Role" || o.Kind == "ClusterRole":
		r := readRole(o)
		if c.roles[r.key] == nil {
			c.roles[r.key] = r
		} else {
			c.roles[r.key].reason = "the role is declared twice"
		}
		c.order = append(c.order, r)
	default:
		c.bindings = append(c.bindings, readBinding(o))
	}
}

func roleKey(kind, namespace, name string) string {
	if kind == "ClusterRole" {
		namespace = ""
	}
	return kind + "/" + namespace + "/" + name
}

// readBinding reads whom a binding gives which role.
func readBinding(o *kubernetes.Object) *binding {
	b := &binding{id: o.ID, namespace: o.Namespace, wide: o.Kind == "ClusterRoleBinding", at: o.Pos()}
	ref := o.Value(o.Root, "roleRef")
	kind, name := o.Text(ref, "", "kind"), o.Text(ref, "", "name")
	switch {
	case !kind.Known() || !name.Known():
		b.reason = kind.Reason + name.Reason
	case name.Value == "":
		b.reason = "it names no role"
	}
	b.role, b.name = roleKey(kind.Value, o.Namespace, name.Value), kind.Value+" "+name.Value
	if kind.Value == "ClusterRole" {
		b.clusterRole = name.Value
	}
	b.subjects, b.everyone = subjects(o)
	return b
}

// everyone are the groups and users that stand for all who reach the API, with an
// account (on some clouds any account of the cloud) or without.
var everyone = []string{"group:system:authenticated", "group:system:unauthenticated", "user:system:anonymous"}

// subjects reads whom a binding concerns.
func subjects(o *kubernetes.Object) (aws.Answer[[]string], aws.Answer[bool]) {
	at := o.At(o.Root.Get("subjects"))
	list, reason := o.List(o.Root, "subjects")
	names, open := aws.Declared([]string{}, at), aws.Declared(false, at)
	for _, s := range list {
		kind, name, namespace := o.Text(s, "", "kind"), o.Text(s, "", "name"), o.Text(s, o.Namespace, "namespace")
		if !kind.Known() || !name.Known() || !namespace.Known() {
			reason = kind.Reason + name.Reason + namespace.Reason
			continue
		}
		text := "user:" + name.Value
		switch kind.Value {
		case "Group":
			text = "group:" + name.Value
		case "ServiceAccount":
			text = "system:serviceaccount:" + namespace.Value + ":" + name.Value
		}
		names.Value = append(names.Value, text)
		if slices.Contains(everyone, text) {
			open = aws.Declared(true, o.At(s))
		}
	}
	if reason != "" {
		names = aws.NotKnown[[]string](reason, at)
		if !open.Value {
			open = aws.NotKnown[bool](reason, at)
		}
	}
	return names, open
}

// Documents joins bindings and roles: one rule for each rule of a role that a
// binding gives, and for each of a role that nothing here gives to anyone.
func (c *cluster) Documents() []*fact.Document {
	bound := map[string]bool{}
	for _, b := range c.bindings {
		bound[b.role] = true
		r := c.roles[b.role]
		switch {
		case b.reason != "":
			c.rule(b.id, b, opaqueRule(b.reason, b.at))
		case r != nil && r.reason != "":
			c.rule(b.id+"/"+r.name, b, opaqueRule(r.reason, r.at))
		case r != nil:
			c.all(b.id+"/"+r.name, b, r.rules)
		default:
			rules, known := defaultRole(b.clusterRole, b.at)
			if !known {
				rules = []roleRule{opaqueRule("the "+b.name+" is not declared here", b.at)}
			}
			c.all(b.id+"/"+b.clusterRole, b, rules)
		}
	}
	for _, r := range c.order {
		if bound[r.key] {
			continue
		}
		const unbound = "nothing here gives the role to anyone"
		nobody := &binding{namespace: r.namespace, at: r.at, subjects: aws.NotKnown[[]string](unbound, r.at), everyone: aws.NotKnown[bool](unbound, r.at)}
		if r.wide {
			nobody.reason = unbound // in the cluster or in a namespace
		}
		if r.reason != "" {
			c.rule(r.id, nobody, opaqueRule(r.reason, r.at))
			continue
		}
		c.all(r.id, nobody, r.rules)
	}
	return []*fact.Document{c.b.Document()}
}

func (c *cluster) all(id string, b *binding, rules []roleRule) {
	for i, r := range rules {
		c.rule(fmt.Sprintf("%s/%d", id, i+1), b, r)
	}
}

// rule writes one rule of a role for those whom a binding gives it.
func (c *cluster) rule(id string, b *binding, r roleRule) {
	none := fact.Position{}
	item := c.b.Add(c.taken.Take(id), "declared", r.at)
	item.Set("type", "rbac", none).Set("effect", "allow", none)
	b.subjects.Put(item, "principals")
	r.actions.Put(item, "actions")
	where, wide := b.where(r)
	where.Put(item, "resources")
	w := item.Object("wildcards", r.at)
	b.everyone.Put(w, "principal")
	r.every.Put(w, "action")
	wide.Put(w, "resource")
	item.Set("conditions", []any{}, none).Set("restricted", false, none).Set("duties", []any{}, none).Set("both_duties", []any{}, none).Set("delegates", false, none)
	plain(item)
	item.Set("store", []any{}, none)
}

// where is what a rule concerns: objects of a namespace or of all of them, by name
// where the rule names some.
func (b *binding) where(r roleRule) (aws.Answer[[]string], aws.Answer[bool]) {
	scope := b.namespace
	switch {
	case b.wide:
		scope = "*"
	case b.reason != "" && !r.names.Known(), b.reason != "" && b.role == "":
		return aws.NotKnown[[]string](b.reason, b.at), aws.NotKnown[bool](b.reason, b.at)
	case scope == "":
		scope = "default namespace"
	}
	places := aws.Then(r.names, func(names []string) []string {
		if scope == "*" && len(names) == 0 {
			return []string{"*"}
		}
		if len(names) == 0 {
			return []string{scope + "/*"}
		}
		out := []string{}
		for _, n := range names {
			out = append(out, scope+"/"+n)
		}
		return out
	})
	if !b.wide {
		return places, aws.Declared(false, b.at)
	}
	return places, aws.Then(r.names, func(names []string) bool { return len(names) == 0 })
}
