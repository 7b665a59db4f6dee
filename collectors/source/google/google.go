// Package google reads what the Terraform providers of Google Cloud (google and
// google-beta) have to say: which resources of a root module belong together, in
// which location and country they stand, which key encrypts them, who is granted
// what, which firewall rules are for which instances.
//
// Topics share it. It yields the answers of package aws: what configuration says,
// what the provider does where it says nothing, or why neither is known.
//
// Defaults were read in the documentation of the provider at version 7.45
// (website/docs of hashicorp/terraform-provider-google) unless a comment says
// otherwise.
package google

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// Provider is the first part of the resource types that are read.
const Provider = "google"

// Index finds resources of one root module by the ways Google Cloud names them.
type Index struct{ *aws.Index }

// Read reports whether a resource is one of Google Cloud.
func Read(r *terraform.Resource) bool { return strings.HasPrefix(r.Type, "google_") }

// Names judges whether a value names a resource: by a reference to it, or by its
// name, at the end of a path or an address or alone. Where the project of either
// side is not known, a path that names one may mean another's.
func (x Index) Names(v *terraform.Value, r *terraform.Resource) (aws.Certainty, string) {
	return x.names(v, r, 0)
}

// hops bounds how far a name is followed through data sources.
const hops = 4

func (x Index) names(v *terraform.Value, r *terraform.Resource, depth int) (aws.Certainty, string) {
	sure, reason := x.Index.Names(v, r)
	if sure != aws.No {
		return sure, reason
	}
	for _, ref := range v.Refs {
		other := x.Resource(ref.Address)
		if other == nil || other == r || other.Type != r.Type {
			continue
		}
		if other.Mode == "data" && v.Direct && depth < hops {
			return x.names(other.Body.Get(nameArgument(r.Type)), r, depth+1)
		}
		return aws.No, ""
	}
	if v.Kind != terraform.String || v.Text == "" {
		return aws.No, ""
	}
	name := r.Body.Get(nameArgument(r.Type))
	switch {
	case name.Kind == terraform.Unknown:
		return aws.Maybe, "the name of " + r.Address + " is not known"
	case name.Kind != terraform.String || name.Text != BaseName(v.Text):
		return aws.No, ""
	}
	return sameProject(v.Text, r)
}

// sameProject compares the project that a path names with that of a resource.
func sameProject(path string, r *terraform.Resource) (aws.Certainty, string) {
	named := Segment(path, "projects")
	if named == "" {
		return aws.Yes, ""
	}
	own := Project(r)
	switch {
	case !own.Known():
		return aws.Maybe, "the project of " + r.Address + " is not known"
	case own.Value != named:
		return aws.No, ""
	}
	return aws.Yes, ""
}

// Project is the project a resource stands in: its own argument, else that of its
// provider configuration.
func Project(r *terraform.Resource) aws.Answer[string] {
	if v := r.Body.Get("project"); !v.Unset() {
		return aws.Text(r.Body, "", "project")
	}
	const outside = "the provider's project is set outside the configuration"
	if r.Provider == nil || r.Provider.Body == nil || r.Provider.Body.Get("project").Unset() {
		return aws.NotKnown[string](outside, r.Pos)
	}
	return aws.Text(r.Provider.Body, "", "project")
}

// BaseName is the last part of a path or self link; of a service account's
// address, the part before the "@".
func BaseName(text string) string {
	text = text[strings.LastIndexAny(text, "/")+1:]
	if name, host, ok := strings.Cut(text, "@"); ok && strings.HasSuffix(host, ".iam.gserviceaccount.com") {
		return name
	}
	return text
}

// Segment is the part of a path that follows a word: the location of
// projects/p/locations/europe-west3/keyRings/k. "" if there is none.
func Segment(path, word string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts[:len(parts)-1] {
		if p == word {
			return parts[i+1]
		}
	}
	return ""
}

// Attached returns the managed resources of a type whose argument names a
// resource, in the order of the root.
func (x Index) Attached(to *terraform.Resource, typ, argument string) []aws.Link {
	var out []aws.Link
	for _, r := range x.OfType(typ) {
		sure, reason := x.Names(r.Body.Get(argument), to)
		if sure == aws.Yes && !r.KnownCount {
			sure, reason = aws.Maybe, "how many instances there are is not known"
		}
		switch sure {
		case aws.Yes:
			out = append(out, aws.Link{Resource: r})
		case aws.Maybe:
			out = append(out, aws.Link{Resource: r, Reason: r.Address + ": " + reason})
		}
	}
	return out
}

// Named returns the managed resources of the types that a value names or may
// name.
func (x Index) Named(v *terraform.Value, types ...string) []aws.Link {
	var out []aws.Link
	for _, r := range x.OfType(types...) {
		if sure, reason := x.Names(v, r); sure != aws.No {
			out = append(out, aws.Link{Resource: r, Reason: reason})
		}
	}
	return out
}

// The returns the one resource of the types that a value names, nil with the
// reason if there is none or it is not certain.
func (x Index) The(v *terraform.Value, types ...string) (*terraform.Resource, string) {
	links := x.Named(v, types...)
	for _, l := range links {
		if l.Reason != "" {
			return nil, l.Reason
		}
	}
	switch {
	case len(links) == 1 && links[0].KnownCount:
		return links[0].Resource, ""
	case len(links) == 1:
		return nil, links[0].Address + ": how many instances there are is not known"
	case len(links) > 1:
		return nil, "it names " + links[0].Address + " as well as " + links[1].Address
	case v.Reason != "" && !v.Direct:
		return nil, v.Reason
	}
	return nil, "it is managed elsewhere"
}

// nameArgument is the argument that holds a resource type's own name.
func nameArgument(typ string) string {
	switch typ {
	case "google_service_account":
		return "account_id"
	case "google_bigquery_dataset":
		return "dataset_id"
	case "google_bigquery_table":
		return "table_id"
	case "google_secret_manager_secret":
		return "secret_id"
	case "google_project":
		return "project_id"
	case "google_logging_project_bucket_config", "google_logging_folder_bucket_config", "google_logging_organization_bucket_config",
		"google_logging_billing_account_bucket_config":
		return "bucket_id"
	}
	return "name"
}
