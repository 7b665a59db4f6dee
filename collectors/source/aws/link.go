package aws

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
)

// Certainty says whether a value names a resource.
type Certainty uint8

const (
	No Certainty = iota
	Maybe
	Yes
)

// Link is a resource that belongs to another one, or may.
type Link struct {
	*terraform.Resource
	// Reason is why it is not certain; "" if it is.
	Reason string
}

// Attached returns the managed resources of a type whose argument names a
// resource, in the order of the root: a bucket's policy, a cluster's instances.
func (x *Index) Attached(to *terraform.Resource, typ, argument string) []Link {
	var out []Link
	for _, r := range x.byType[typ] {
		sure, reason := x.Names(r.Body.Get(argument), to)
		if sure == Yes && !r.KnownCount {
			sure, reason = Maybe, countReason(r)
		}
		switch sure {
		case Yes:
			out = append(out, Link{Resource: r})
		case Maybe:
			out = append(out, Link{Resource: r, Reason: r.Address + ": " + reason})
		}
	}
	return out
}

// Only returns the one resource that is attached: nil if there is none, and a
// reason if it cannot be told which one or whether there is one.
func Only(links []Link) (*terraform.Resource, string) {
	for _, l := range links {
		if l.Reason != "" {
			return nil, l.Reason
		}
	}
	switch len(links) {
	case 0:
		return nil, ""
	case 1:
		return links[0].Resource, ""
	}
	return nil, links[0].Address + " and " + links[1].Address + " set the same thing"
}

// Named returns the managed resources of the types that a value names or may
// name. Of an unknown value without a hint all of them may be meant.
func (x *Index) Named(v *terraform.Value, types ...string) []Link {
	var out []Link
	for _, r := range x.OfType(types...) {
		sure, reason := x.Names(v, r)
		if sure == Yes {
			out = append(out, Link{Resource: r})
		} else if sure == Maybe {
			out = append(out, Link{Resource: r, Reason: reason})
		}
	}
	return out
}

// Names judges whether a value names a resource: by a reference to it, or by its
// name or an ARN that ends in it. An unknown value that refers to no resource of
// the type may name any.
func (x *Index) Names(v *terraform.Value, r *terraform.Resource) (Certainty, string) {
	return x.names(v, r, 0)
}

// hops bounds how far a reference is followed through other resources.
const hops = 8

func (x *Index) names(v *terraform.Value, r *terraform.Resource, depth int) (Certainty, string) {
	if v.Unset() {
		return No, ""
	}
	sure, other, hint := No, false, ""
	for _, ref := range v.Refs {
		switch c := x.refers(ref, r, v, depth); {
		case c == Yes:
			sure = Yes
		case c == Maybe:
			sure, hint = max(sure, Maybe), "which instance of "+ref.Address+" is meant is not known"
		case x.sameType(ref, r):
			other = true
		}
	}
	switch {
	case v.Kind == terraform.String:
		if sure != Yes && x.another(v, r) {
			return No, ""
		}
		return x.literal(v, r, sure, hint)
	case v.Kind != terraform.Unknown:
		return No, ""
	case v.Direct && (sure != No || len(v.Refs) == 1 && x.resolved(v.Refs[0])):
		return sure, hint
	case sure != No:
		return Maybe, v.Reason
	case other:
		return No, ""
	}
	return Maybe, v.Reason
}

// literal judges a known string. References that fed it count where they are
// the whole of it.
func (x *Index) literal(v *terraform.Value, r *terraform.Resource, sure Certainty, hint string) (Certainty, string) {
	if v.Text == "" {
		return No, ""
	}
	if sure == Yes && v.Direct {
		return Yes, ""
	}
	for _, argument := range nameArguments(r.Type) {
		name := r.Body.Get(argument)
		switch {
		case name.Kind == terraform.Unknown:
			return Maybe, "the name of " + r.Address + " is not known"
		case name.Kind == terraform.String && isNamed(v.Text, name.Text):
			return Yes, ""
		}
	}
	if sure == Maybe {
		return Maybe, hint
	}
	return No, ""
}

// another reports whether a known string is the name of another resource of the
// type, read from there.
func (x *Index) another(v *terraform.Value, r *terraform.Resource) bool {
	for _, ref := range v.Refs {
		other := x.byAddress[ref.Address]
		if other == nil || other.Type != r.Type || other == r {
			continue
		}
		for _, argument := range nameArguments(r.Type) {
			if name := other.Body.Get(argument); name.Kind == terraform.String && name.Text == v.Text {
				return true
			}
		}
	}
	return false
}

// isNamed reports whether text is a name, or an ARN or identifier of it.
func isNamed(text, name string) bool {
	if name == "" {
		return false
	}
	if text == name {
		return true
	}
	if strings.HasPrefix(text, "/subscriptions/") {
		return strings.HasSuffix(text, "/"+name) // an identifier of Azure
	}
	rest := arnPart(text, 5)
	return rest != "" && (rest == name || strings.HasSuffix(rest, "/"+name) || strings.HasSuffix(rest, ":"+name))
}

// refers judges one reference, following it through a resource that passes the
// name on (aws_s3_bucket_versioning.b.bucket) and through data sources.
func (x *Index) refers(ref terraform.Ref, r *terraform.Resource, v *terraform.Value, depth int) Certainty {
	if ref.Address == r.Address {
		return Yes
	}
	if ref.Address == keyless(r) {
		return Maybe
	}
	if depth >= hops {
		return Maybe
	}
	if through := x.passedOn(ref); through != nil {
		c, _ := x.names(through, r, depth+1)
		return c
	}
	return No
}

// passedOn returns the argument of the resource that a reference reads, if it is
// one that hands a name on.
func (x *Index) passedOn(ref terraform.Ref) *terraform.Value {
	r := x.byAddress[ref.Address]
	if r == nil {
		return nil
	}
	if v := r.Body.Get(ref.Path); !v.Unset() {
		return v
	}
	switch {
	case ref.Path == "id" && strings.HasPrefix(r.Type, "aws_s3_bucket_"):
		return r.Body.Get("bucket")
	case r.Mode == "data":
		for _, argument := range nameArguments(r.Type) {
			if v := r.Body.Get(argument); !v.Unset() {
				return v
			}
		}
	}
	return nil
}

// resolved reports whether a reference leads to a resource of the root, so that
// what it means is known even if its value is not.
func (x *Index) resolved(ref terraform.Ref) bool {
	r := x.byAddress[ref.Address]
	if r == nil {
		return x.instances(ref.Address)
	}
	through := x.passedOn(ref)
	if through == nil || through.Kind != terraform.Unknown {
		return true
	}
	return through.Direct && len(through.Refs) == 1
}

// instances reports whether an address without a key has instances in the root.
func (x *Index) instances(address string) bool {
	for _, list := range x.byType {
		for _, r := range list {
			if keyless(r) == address {
				return true
			}
		}
	}
	return false
}

func (x *Index) sameType(ref terraform.Ref, r *terraform.Resource) bool {
	address := strings.TrimPrefix(ref.Address, r.Module+".")
	return strings.HasPrefix(address, r.Type+".") || strings.Contains(ref.Address, "."+r.Type+".")
}

// nameArguments lists the arguments that hold a resource type's own name.
func nameArguments(typ string) []string {
	switch typ {
	case "aws_s3_bucket":
		return []string{"bucket"}
	case "aws_db_instance":
		return []string{"identifier"}
	case "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster", "aws_redshift_cluster":
		return []string{"cluster_identifier"}
	case "aws_opensearch_domain", "aws_elasticsearch_domain":
		return []string{"domain_name"}
	case "aws_elasticache_cluster":
		return []string{"cluster_id"}
	case "aws_elasticache_replication_group":
		return []string{"replication_group_id"}
	case "aws_lb", "aws_alb", "aws_elb", "aws_dynamodb_table", "aws_sqs_queue", "aws_sns_topic", "aws_kms_alias",
		"aws_cloudwatch_log_group", "aws_kinesis_stream", "aws_kinesis_firehose_delivery_stream",
		"aws_db_parameter_group", "aws_rds_cluster_parameter_group", "aws_redshift_parameter_group",
		"aws_docdb_cluster_parameter_group", "aws_neptune_cluster_parameter_group", "aws_elasticache_parameter_group",
		"aws_iam_role", "aws_iam_user", "aws_iam_group", "aws_backup_vault", "aws_secretsmanager_secret":
		return []string{"name"}
	}
	if strings.HasPrefix(typ, "azurerm_") {
		return []string{"name"}
	}
	return nil
}
