package access

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// googleRole is what is known of a role.
type googleRole struct {
	actions aws.Answer[[]string]
	wide    aws.Answer[bool] // every action, or every one of a service
	duties  aws.Answer[[]string]
	name    aws.Answer[string]
}

// googleRoles are predefined roles by how much they let do (IAM documentation,
// "IAM basic and predefined roles reference"; read second-hand): all of them of
// their service that are told apart here by whether they hold every action of it.
var googleRoles = []struct {
	wide  bool
	names []string
}{
	{true, []string{
		"alloydb.admin", "artifactregistry.admin", "bigquery.admin", "bigtable.admin", "cloudfunctions.admin", "cloudsql.admin", "compute.admin",
		"container.admin", "datastore.owner", "dns.admin", "iam.serviceAccountAdmin", "logging.admin", "memcache.admin", "monitoring.admin", "pubsub.admin", "redis.admin",
		"run.admin", "secretmanager.admin", "spanner.admin", "storage.admin",
	}},
	{false, []string{
		"artifactregistry.reader", "artifactregistry.writer", "bigquery.connectionUser", "bigquery.dataEditor", "bigquery.dataOwner", "bigquery.dataViewer",
		"bigquery.jobUser", "bigquery.metadataViewer", "bigquery.readSessionUser", "bigquery.user", "bigtable.reader", "bigtable.user", "bigtable.viewer",
		"browser", "cloudbuild.builds.builder", "cloudfunctions.developer", "cloudfunctions.invoker", "cloudfunctions.viewer",
		"cloudkms.admin", "cloudkms.cryptoKeyDecrypter", "cloudkms.cryptoKeyEncrypter", "cloudkms.cryptoKeyEncrypterDecrypter", "cloudkms.publicKeyViewer",
		"cloudkms.signer", "cloudkms.signerVerifier", "cloudkms.viewer", "cloudsql.client", "cloudsql.editor", "cloudsql.instanceUser", "cloudsql.viewer",
		"cloudtrace.agent", "compute.networkUser", "compute.networkViewer", "compute.osLogin", "compute.viewer", "container.developer", "container.viewer",
		"container.clusterViewer", "container.nodeServiceAccount", "datastore.user", "datastore.viewer", "errorreporting.writer", "eventarc.eventReceiver",
		"iam.roleViewer", "iam.serviceAccountTokenCreator", "iam.serviceAccountUser", "iam.serviceAccountViewer", "iam.workloadIdentityUser",
		"logging.bucketWriter", "logging.logWriter", "logging.privateLogViewer", "logging.viewer", "monitoring.metricWriter", "monitoring.viewer",
		"pubsub.editor", "pubsub.publisher", "pubsub.subscriber", "pubsub.viewer", "redis.viewer", "run.developer", "run.invoker", "run.viewer",
		"secretmanager.secretAccessor", "secretmanager.secretVersionAdder", "secretmanager.viewer", "spanner.databaseReader", "spanner.databaseUser",
		"spanner.viewer", "storage.bucketViewer", "storage.legacyBucketReader", "storage.legacyBucketWriter", "storage.legacyObjectReader", "storage.objectAdmin",
		"storage.objectCreator", "storage.objectUser", "storage.objectViewer", "viewer",
	}},
}

// googleDuties are what the roles of the key manager let do with a key.
var googleDuties = map[string][]string{
	"roles/owner": {"administer", "use"}, "roles/editor": {"administer"}, "roles/viewer": {},
	"roles/cloudkms.admin": {"administer"}, "roles/cloudkms.cryptoKeyEncrypterDecrypter": {"use"}, "roles/cloudkms.cryptoKeyEncrypter": {"use"},
	"roles/cloudkms.cryptoKeyDecrypter": {"use"}, "roles/cloudkms.signer": {"use"}, "roles/cloudkms.signerVerifier": {"use"},
	"roles/cloudkms.viewer": {}, "roles/cloudkms.publicKeyViewer": {},
}

// roleOf tells what is known of a grant's role: of predefined ones the table, of a
// role that the root makes its permissions.
func roleOf(g googleRule) googleRole {
	r := googleRole{name: g.Role}
	if g.Opaque != "" {
		r.name = aws.NotKnown[string](g.Opaque, g.Pos)
	}
	unknown := func(reason string) googleRole {
		r.wide, r.duties = aws.NotKnown[bool](reason, g.Pos), aws.NotKnown[[]string](reason, g.Pos)
		return r
	}
	if made := customRole(g); made != nil {
		permissions := aws.Texts(made.Body, "permissions")
		r.actions = permissions
		r.name = aws.Declared(made.Address, g.Role.Pos)
		r.wide = aws.Then(permissions, func([]string) bool { return false })
		r.duties = aws.Then(permissions, permittedDuties)
		if g.on.typ != "key_policy" {
			r.duties = aws.Declared([]string{}, g.Pos)
		}
		return r
	}
	if !r.name.Known() {
		r.actions = aws.NotKnown[[]string](r.name.Reason, r.name.Pos)
		return unknown(r.name.Reason)
	}
	name := r.name.Value
	r.actions = aws.Declared([]string{name}, g.Role.Pos)
	switch {
	case name == "roles/owner" || name == "roles/editor":
		r.actions.Value = []string{"*", name}
		r.wide = aws.Declared(true, g.Role.Pos)
	default:
		r.wide = aws.NotKnown[bool]("role "+name+" is not in the table", g.Role.Pos)
		for _, list := range googleRoles {
			if slices.Contains(list.names, strings.TrimPrefix(name, "roles/")) {
				r.wide = aws.Declared(list.wide, g.Role.Pos)
			}
		}
	}
	duties, ok := googleDuties[name]
	switch {
	case g.on.typ != "key_policy":
		r.duties = aws.Declared([]string{}, g.Pos)
	case !ok:
		r.duties = aws.NotKnown[[]string]("what role "+name+" lets do with a key is not in the table", g.Role.Pos)
	default:
		r.duties = aws.Declared(duties, g.Role.Pos)
	}
	return r
}

// customRole is the role of the root that a grant names, nil if it is none.
func customRole(g googleRule) *terraform.Resource {
	v := g.Resource.Body.Get("role")
	if !v.Direct || len(v.Refs) != 1 {
		return nil
	}
	r := g.index.Resource(v.Refs[0].Address)
	if r == nil || r.Mode != "managed" || r.Type != "google_project_iam_custom_role" && r.Type != "google_organization_iam_custom_role" {
		return nil
	}
	return r
}

// permittedDuties are the duties about a key that permissions hold.
func permittedDuties(permissions []string) []string {
	out := []string{}
	for _, p := range permissions {
		duty := ""
		switch {
		case strings.HasPrefix(p, "cloudkms.cryptoKeyVersions.useTo"):
			duty = "use"
		case strings.HasPrefix(p, "cloudkms.") && (strings.HasSuffix(p, ".setIamPolicy") || strings.HasSuffix(p, ".update") || strings.HasSuffix(p, ".destroy")):
			duty = "administer"
		}
		if duty != "" && !slices.Contains(out, duty) {
			out = append(out, duty)
		}
	}
	return out
}

// covers reports whether the role is of a service whose stores are asked about.
func (r googleRole) covers(service string) aws.Answer[bool] {
	if !r.actions.Known() {
		return aws.NotKnown[bool](r.actions.Reason, r.actions.Pos)
	}
	out := aws.Declared(false, r.actions.Pos)
	for _, action := range r.actions.Value {
		switch {
		case action == "*", action == "roles/viewer":
			out.Value = true
		case strings.HasPrefix(action, "roles/"):
			out.Value = out.Value || strings.HasPrefix(action, "roles/"+service+".")
		case strings.Contains(action, "/roles/"):
			return aws.NotKnown[bool]("the permissions of "+action+" are managed elsewhere", r.actions.Pos)
		default:
			out.Value = out.Value || strings.HasPrefix(action, service+".")
		}
	}
	return out
}
