package logs

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// auditPolicy is what a Policy of audit.k8s.io records.
type auditPolicy struct {
	id       string
	at       fact.Position
	settings map[string]aws.Answer[string]
	body     aws.Answer[bool]
}

// auditLevels in rising order. A record of a request's body begins with Request.
var auditLevels = []string{"None", "Metadata", "Request", "RequestResponse"}

// auditRule is one rule of a policy.
type auditRule struct {
	level aws.Answer[string]
	// covers are "group/resource" of what it is about, "*" for any part; everything
	// says that it names no resources and no paths.
	covers     []string
	everything bool
	// narrow says that it is only about some users, verbs, namespaces or objects;
	// aside that it is about some users only, or about reading only.
	narrow, aside bool
	at            fact.Position
}

// readAuditPolicy reads the levels at which an audit policy records what may hold
// secrets, and everything else. Rules are asked in order and the first that matches
// decides; of rules for some users or verbs each may.
func readAuditPolicy(o *kubernetes.Object) auditPolicy {
	p := auditPolicy{id: o.ID, at: o.Pos(), settings: map[string]aws.Answer[string]{}, body: aws.Default(false, o.Pos())}
	list, reason := o.List(o.Root, "rules")
	var rules []auditRule
	for _, n := range list {
		r := readAuditRule(o, n)
		rules = append(rules, r)
		p.body = aws.Or(p.body, aws.Then(r.level, func(level string) bool { return slices.Index(auditLevels, level) >= 2 }))
	}
	if reason != "" {
		p.body = aws.Or(p.body, aws.NotKnown[bool](reason, o.Pos()))
	}
	for name, resource := range map[string]string{"level_secrets": "/secrets", "level_configmaps": "/configmaps", "level_tokenreviews": "authentication.k8s.io/tokenreviews", "level_default": ""} {
		p.settings[name] = highest(rules, resource, o.Pos())
		if reason != "" {
			p.settings[name] = aws.NotKnown[string](reason, o.Pos())
		}
	}
	if p.settings["level_rights"] = lowest(rules, o.Pos()); reason != "" {
		p.settings["level_rights"] = aws.NotKnown[string](reason, o.Pos())
	}
	p.settings["omit_stages"] = aws.Then(o.Texts(o.Root, "omitStages"), func(list []string) string {
		slices.Sort(list)
		return strings.Join(list, ",")
	})
	return p
}

func readAuditRule(o *kubernetes.Object, n *node.Node) auditRule {
	r := auditRule{level: o.Text(n, "", "level"), at: o.At(n)}
	if r.level.Known() && !slices.Contains(auditLevels, r.level.Value) {
		r.level = aws.NotKnown[string]("the level is not one this reader knows", r.level.Pos)
	}
	for _, name := range []string{"users", "userGroups", "verbs", "namespaces"} {
		r.narrow = r.narrow || o.Value(n, name) != nil
	}
	r.aside = named(o.Texts(n, "users")) || named(o.Texts(n, "userGroups")) || reading(o.Texts(n, "verbs"))
	resources, reason := o.List(n, "resources")
	if reason != "" {
		r.level, r.everything = aws.NotKnown[string](reason, r.at), true
	}
	r.everything = r.everything || len(resources) == 0 && o.Value(n, "nonResourceURLs") == nil
	for _, one := range resources {
		group, names := o.Text(one, "", "group"), o.Texts(one, "resources")
		if !group.Known() || !names.Known() {
			r.level, r.everything = aws.NotKnown[string](group.Reason+names.Reason, r.at), true
			continue
		}
		r.narrow = r.narrow || o.Value(one, "resourceNames") != nil
		if len(names.Value) == 0 {
			names.Value = []string{"*"}
		}
		for _, name := range names.Value {
			r.covers = append(r.covers, group.Value+"/"+name)
		}
	}
	return r
}

// named reports whether a list is known to name something.
func named(list aws.Answer[[]string]) bool { return list.Known() && len(list.Value) > 0 }

// reading reports whether verbs are known to change nothing.
func reading(verbs aws.Answer[[]string]) bool {
	changes := func(verb string) bool { return !slices.Contains([]string{"get", "list", "watch"}, verb) }
	return named(verbs) && !slices.ContainsFunc(verbs.Value, changes)
}

// rights are the resources that give rights.
var rights = []string{"clusterrolebindings", "clusterroles", "rolebindings", "roles"}

// lowest is the lowest level at which changes of rights are recorded, of users that
// no rule sets aside. A rule for some namespaces or objects that decides otherwise
// leaves it unknown.
func lowest(rules []auditRule, at fact.Position) aws.Answer[string] {
	out := aws.Default(auditLevels[len(auditLevels)-1], at)
	for _, name := range rights {
		one := aws.Default("None", at)
		for _, r := range rules {
			if r.aside || !r.about("rbac.authorization.k8s.io/"+name) {
				continue
			}
			if one = r.level; r.narrow {
				one = aws.NotKnown[string]("a rule for some namespaces, verbs or objects decides about "+name+" before others do", r.at)
			}
			break
		}
		if !one.Known() {
			return one
		}
		if slices.Index(auditLevels, one.Value) < slices.Index(auditLevels, out.Value) {
			out = one
		}
	}
	return out
}

// about reports whether a rule may decide about a resource; of everything else ("")
// only those that name none.
func (r auditRule) about(resource string) bool {
	if r.everything {
		return true
	}
	group, _, _ := strings.Cut(resource, "/")
	return resource != "" && (slices.Contains(r.covers, resource) || slices.Contains(r.covers, group+"/*") || slices.Contains(r.covers, resource+"/*"))
}

// highest is the highest level at which a resource may be recorded: None if no rule
// is about it.
func highest(rules []auditRule, resource string, at fact.Position) aws.Answer[string] {
	out := aws.Default("None", at)
	for _, r := range rules {
		if !r.about(resource) {
			continue
		}
		if !r.level.Known() {
			return r.level
		}
		if slices.Index(auditLevels, r.level.Value) > slices.Index(auditLevels, out.Value) || out.Default {
			out = r.level
		}
		if !r.narrow {
			break
		}
	}
	return out
}

// put writes the policy as a source, which writes where the API servers of the
// target do.
func (p auditPolicy) put(c *cluster) {
	stores := aws.Declared(c.refs, p.at)
	if len(c.refs) == 0 {
		stores = aws.NotKnown[[]string]("the API server that it is for is not declared here", p.at)
	}
	c.write(c.taken.Take(p.id), p.at, aws.Declared(true, p.at), p.body, p.settings, stores)
}
