package access

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// googleUnmodelled are the types of Google Cloud that admit or refuse someone and
// are not read.
var googleUnmodelled = []string{
	"google_access_context_manager_access_level", "google_bigquery_dataset_access", "google_bigquery_row_access_policy", "google_iam_deny_policy",
	"google_iam_folders_policy_binding", "google_iam_organizations_policy_binding", "google_iam_principal_access_boundary_policy",
	"google_iam_projects_policy_binding", "google_privileged_access_manager_entitlement", "google_storage_bucket_access_control",
	"google_storage_bucket_acl", "google_storage_default_object_access_control", "google_storage_default_object_acl", "google_storage_object_access_control",
	"google_storage_object_acl",
}

// googleGrant is what grants of a resource type are on.
type googleGrant struct {
	typ      string // of the rule
	argument string // that names the resource
	store    string // the store's type, "" if it is none
}

// googleGrants are the types whose grants are on one resource; those of others
// are on what their first argument names.
var googleGrants = map[string]googleGrant{
	"google_storage_bucket":         {"bucket_policy", "bucket", "google_storage_bucket"},
	"google_storage_managed_folder": {"bucket_policy", "bucket", "google_storage_bucket"},
	"google_kms_crypto_key":         {"key_policy", "crypto_key_id", ""},
	"google_kms_key_ring":           {"key_policy", "key_ring_id", ""},
	"google_bigquery_dataset":       {"resource_policy", "dataset_id", "google_bigquery_dataset"},
	"google_bigquery_table":         {"resource_policy", "dataset_id", "google_bigquery_dataset"},
	"google_pubsub_topic":           {"resource_policy", "topic", "google_pubsub_topic"},
	"google_spanner_database":       {"resource_policy", "database", "google_spanner_database"},
	"google_bigtable_instance":      {"resource_policy", "instance", "google_bigtable_instance"},
	"google_compute_disk":           {"resource_policy", "name", "google_compute_disk"},
	"google_compute_region_disk":    {"resource_policy", "name", "google_compute_region_disk"},
	"google_secret_manager_secret":  {"resource_policy", "secret_id", ""},
	"google_service_account":        {"trust", "service_account_id", ""},
}

// googleWide are the types whose grants hold for all resources below.
var googleWide = []string{"google_project", "google_folder", "google_organization", "google_billing_account"}

// googleStores are the stores of the services that roles are of.
var googleStores = []struct{ service, typ string }{
	{"storage", "google_storage_bucket"}, {"bigquery", "google_bigquery_dataset"}, {"cloudsql", "google_sql_database_instance"},
	{"spanner", "google_spanner_database"}, {"datastore", "google_firestore_database"}, {"firestore", "google_firestore_database"},
	{"pubsub", "google_pubsub_topic"}, {"bigtable", "google_bigtable_instance"}, {"file", "google_filestore_instance"},
	{"redis", "google_redis_instance"}, {"redis", "google_redis_cluster"}, {"memorystore", "google_memorystore_instance"},
	{"memcache", "google_memcache_instance"}, {"alloydb", "google_alloydb_cluster"}, {"compute", "google_compute_disk"},
	{"compute", "google_compute_region_disk"}, {"compute", "google_compute_snapshot"},
}

// google reads a resource that gives roles: one rule for each binding.
func (c *collection) google(r *terraform.Resource) {
	base, _, _ := strings.Cut(r.Type, "_iam_")
	x := google.Index{Index: c.x}
	for _, g := range x.Grants(r) {
		rule := googleRule{Grant: g, base: base, index: x, on: googleGrants[base]}
		switch {
		case slices.Contains(googleWide, base):
			rule.on.typ = "iam"
		case rule.on.typ == "":
			rule.on = googleGrant{typ: "resource_policy", argument: firstArgument(r)}
		}
		c.googleRule(c.unique(g.ID), rule)
	}
}

// besides are arguments that do not say what a grant is on.
var besides = []string{
	"role", "member", "members", "policy_data", "condition", "project", "location", "region", "zone", "timeouts", "count", "for_each", "provider", "id", "etag",
}

func firstArgument(r *terraform.Resource) string {
	for _, f := range r.Body.Fields {
		if !slices.Contains(besides, f.Name) && !f.Value.Unset() {
			return f.Name
		}
	}
	return ""
}

// googleRule is a grant with what it is on.
type googleRule struct {
	google.Grant
	base  string
	on    googleGrant
	index google.Index
}

func (c *collection) googleRule(id string, g googleRule) {
	item := c.b.Add(id, "declared", g.Pos)
	item.Set("type", g.on.typ, g.Pos)
	none := fact.Position{}
	if g.Opaque != "" {
		c.b.Incomplete(id + ": bindings: " + g.Opaque)
	}
	effect := aws.Declared("allow", g.Pos)
	if g.Opaque != "" {
		effect = aws.NotKnown[string](g.Opaque, g.Pos)
	}
	effect.Put(item, "effect")
	g.principals().Put(item, "principals")
	known := roleOf(g)
	known.actions.Put(item, "actions")
	on := g.resources()
	on.Put(item, "resources")
	w := item.Object("wildcards", g.Pos)
	everyone := g.Everyone()
	everyone.Put(w, "principal")
	known.wide.Put(w, "action")
	w.Set("resource", slices.Contains(googleWide, g.base), g.Pos)
	g.writeCondition(item, everyone)
	known.duties.Put(item, "duties")
	c.bothDuties(g).Put(item, "both_duties")
	g.delegates().Put(item, "delegates")
	item.Set("sources", []any{}, none).Set("source_scope", "none", none).Set("method", "", none).Set("mfa", false, none)
	item.Set("recorded", true, none).Set("reachable", true, none).Set("error", "", none)
	c.googleStores(g).Put(item, "store")
}

// principals are the members as they are written, references by address.
func (g googleRule) principals() aws.Answer[[]string] {
	if g.Opaque != "" {
		return aws.NotKnown[[]string](g.Opaque, g.Pos)
	}
	out := aws.Declared([]string{}, g.Members.Pos)
	if g.Members.Opaque != "" {
		return aws.NotKnown[[]string](g.Members.Opaque, g.Members.Pos)
	}
	for _, v := range g.Members.Values {
		name, ok := memberName(v)
		if !ok {
			reason := v.Reason
			if reason == "" {
				reason = "a member is not text"
			}
			return aws.NotKnown[[]string](reason, v.Pos)
		}
		out.Value = append(out.Value, name)
	}
	return out
}

// memberName renders a member: text, a reference to a resource, or text around
// references.
func memberName(v *terraform.Value) (string, bool) {
	switch {
	case v.Kind == terraform.String:
		return v.Text, true
	case v.Kind != terraform.Unknown:
		return "", false
	case v.Direct && len(v.Refs) == 1:
		return v.Refs[0].Address, true
	}
	name := ""
	for _, part := range v.Parts {
		switch {
		case part.Kind == terraform.String:
			name += part.Text
		case part.Direct && len(part.Refs) == 1:
			name += "{" + part.Refs[0].Address + "}"
		default:
			return "", false
		}
	}
	return name, name != ""
}

// resources names what the grant is on.
func (g googleRule) resources() aws.Answer[[]string] {
	if slices.Contains(googleWide, g.base) {
		return aws.Declared([]string{"*"}, g.Pos)
	}
	v := g.Resource.Body.Get(g.on.argument)
	if g.on.argument == "" || v.Unset() {
		return aws.NotKnown[[]string]("what it is on is not written", g.Pos)
	}
	r, reason := g.index.The(v, g.base)
	if r != nil {
		return aws.Declared([]string{r.Address}, v.Pos)
	}
	name, ok := memberName(v)
	if !ok || len(g.index.Named(v, g.base)) > 0 {
		return aws.NotKnown[[]string](reason, v.Pos)
	}
	return aws.Declared([]string{name}, v.Pos)
}

// writeCondition writes the condition, whose expression is not evaluated: it
// narrows what named members may do; whether it leaves anything of everyone is
// not known.
func (g googleRule) writeCondition(item *fact.ItemBuilder, everyone aws.Answer[bool]) {
	if g.Opaque != "" {
		item.Gap("conditions", g.Opaque, g.Pos).Gap("restricted", g.Opaque, g.Pos)
		return
	}
	conditional := g.Conditional()
	switch {
	case !conditional.Known():
		item.Gap("conditions", conditional.Reason, conditional.Pos).Gap("restricted", conditional.Reason, conditional.Pos)
		return
	case !conditional.Value:
		item.Set("conditions", []any{}, g.Pos).Set("restricted", false, g.Pos)
		return
	}
	restricts := aws.Declared(true, g.Condition.Pos)
	if !everyone.Known() || everyone.Value {
		restricts = aws.NotKnown[bool]("the expression of the condition is not evaluated", g.Condition.Pos)
	}
	expression := aws.Text(g.Condition, "", "expression")
	o := item.Append("conditions", g.Condition.Pos).Set("operator", "cel", fact.Position{}).Set("key", "expression", fact.Position{})
	aws.Then(expression, func(text string) []string { return []string{text} }).Put(o, "values")
	restricts.Put(o, "restricts")
	restricts.Put(item, "restricted")
}

// delegates reports whether the grant is to whoever has a basic role on a project.
func (g googleRule) delegates() aws.Answer[bool] {
	names := g.principals()
	if !names.Known() {
		return aws.NotKnown[bool](names.Reason, names.Pos)
	}
	return aws.Declared(slices.ContainsFunc(names.Value, func(n string) bool {
		return strings.HasPrefix(n, "projectOwner:") || strings.HasPrefix(n, "projectEditor:") || strings.HasPrefix(n, "projectViewer:")
	}), names.Pos)
}

// googleStores gives the stores of the root that a grant covers: the one it is on,
// or all of the role's service in its project.
func (c *collection) googleStores(g googleRule) aws.Answer[[]string] {
	switch {
	case g.Opaque != "":
		return aws.NotKnown[[]string](g.Opaque, g.Pos)
	case !slices.Contains(googleWide, g.base):
		if g.on.store == "" {
			return aws.Declared([]string{}, g.Pos)
		}
		out := aws.Declared([]string{}, g.Pos)
		for _, l := range g.index.Named(g.Resource.Body.Get(g.on.argument), g.on.store) {
			if l.Reason != "" {
				return aws.NotKnown[[]string](l.Reason, g.Pos)
			}
			out.Value = append(out.Value, c.x.Reference(l.Address))
		}
		return out
	}
	out := aws.Declared([]string{}, g.Pos)
	role := roleOf(g)
	for _, s := range googleStores {
		covered := role.covers(s.service)
		for _, r := range c.x.OfType(s.typ) {
			hit := aws.And(covered, aws.Not(g.otherProject(r)))
			if !hit.Known() {
				return aws.NotKnown[[]string](hit.Reason, hit.Pos)
			}
			if hit.Value {
				out.Value = append(out.Value, c.x.Reference(r.Address))
			}
		}
	}
	return out
}

// otherProject reports whether a store stands in another project than that of
// the grant. A project that is set outside of the configuration is taken for the
// same.
func (g googleRule) otherProject(r *terraform.Resource) aws.Answer[bool] {
	if g.base != "google_project" {
		return aws.Declared(false, g.Pos)
	}
	own, other := google.Project(g.Resource), google.Project(r)
	switch {
	case own.Known() && other.Known():
		return aws.Declared(google.BaseName(own.Value) != google.BaseName(other.Value), other.Pos)
	case written(g.Resource) && !own.Known():
		return aws.NotKnown[bool](own.Reason, own.Pos)
	case written(r) && !other.Known():
		return aws.NotKnown[bool](other.Reason, other.Pos)
	}
	return aws.Declared(false, g.Pos)
}

// written reports whether a project is written for a resource, or for its
// provider.
func written(r *terraform.Resource) bool {
	return !r.Body.Get("project").Unset() || r.Provider != nil && r.Provider.Body != nil && !r.Provider.Body.Get("project").Unset()
}

// bothDuties are the members that the grants on one key together let administer
// and use it.
func (c *collection) bothDuties(g googleRule) aws.Answer[[]string] {
	if g.on.typ != "key_policy" {
		return aws.Declared([]string{}, g.Pos)
	}
	own, mine := g.resources(), g.principals()
	if !own.Known() || !mine.Known() {
		return aws.NotKnown[[]string](own.Reason+mine.Reason, g.Pos)
	}
	has := map[string][]string{}
	for _, kind := range []string{"_iam_member", "_iam_binding", "_iam_policy"} {
		for _, r := range c.x.OfType(g.base + kind) {
			for _, other := range g.index.Grants(r) {
				o := googleRule{Grant: other, base: g.base, on: g.on, index: g.index}
				on, who, may := o.resources(), o.principals(), roleOf(o).duties
				if !on.Known() || !who.Known() || !may.Known() {
					return aws.NotKnown[[]string](o.ID+": "+on.Reason+who.Reason+may.Reason, g.Pos)
				}
				if !slices.Equal(on.Value, own.Value) {
					continue
				}
				for _, name := range who.Value {
					has[name] = append(has[name], may.Value...)
				}
			}
		}
	}
	out := aws.Declared([]string{}, g.Pos)
	for _, name := range mine.Value {
		if slices.Contains(has[name], "administer") && slices.Contains(has[name], "use") {
			out.Value = append(out.Value, name)
		}
	}
	return out
}
