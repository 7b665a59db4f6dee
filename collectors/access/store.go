package access

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// candidate is a store of the root that a statement may cover.
type candidate struct {
	r       *terraform.Resource
	service string // as in ARNs and actions
	prefix  string // before the name in the ARN's last part
	name    aws.Answer[string]
}

// kinds are the resource types that are stores, with how their ARNs are made.
var kinds = []struct{ typ, service, prefix, name string }{
	{"aws_s3_bucket", "s3", "", "bucket"},
	{"aws_dynamodb_table", "dynamodb", "table/", "name"},
	{"aws_sqs_queue", "sqs", "", "name"},
	{"aws_kinesis_stream", "kinesis", "stream/", "name"},
	{"aws_db_instance", "rds", "db:", "identifier"},
	{"aws_rds_cluster", "rds", "cluster:", "cluster_identifier"},
	{"aws_docdb_cluster", "rds", "cluster:", "cluster_identifier"},
	{"aws_neptune_cluster", "rds", "cluster:", "cluster_identifier"},
	{"aws_redshift_cluster", "redshift", "cluster:", "cluster_identifier"},
	{"aws_opensearch_domain", "es", "domain/", "domain_name"},
	{"aws_elasticsearch_domain", "es", "domain/", "domain_name"},
	{"aws_efs_file_system", "elasticfilesystem", "file-system/", ""},
	{"aws_elasticache_cluster", "elasticache", "cluster:", "cluster_id"},
	{"aws_elasticache_replication_group", "elasticache", "replicationgroup:", "replication_group_id"},
	{"aws_memorydb_cluster", "memorydb", "cluster/", "name"},
	{"aws_msk_cluster", "kafka-cluster", "cluster/", "cluster_name"},
	{"aws_ebs_volume", "ec2", "volume/", ""},
	{"aws_ebs_snapshot", "ec2", "snapshot/", ""},
	{"aws_backup_vault", "backup", "backup-vault:", "name"},
}

func candidates(x *aws.Index) []candidate {
	var out []candidate
	for _, k := range kinds {
		for _, r := range x.OfType(k.typ) {
			c := candidate{r: r, service: k.service, prefix: k.prefix, name: aws.Default("", r.Pos)}
			if k.name != "" {
				c.name = aws.Text(r.Body, "", k.name)
			}
			out = append(out, c)
		}
	}
	return out
}

// on gives the stores that a policy of a resource is attached to.
func (c *collection) on(r rule) aws.Answer[[]string] {
	out := aws.Declared([]string{}, r.at)
	if r.typ != "bucket_policy" && r.typ != "resource_policy" {
		return out
	}
	for _, one := range c.stores {
		sure, reason := aws.Yes, ""
		if r.of != "" {
			sure, reason = c.x.Names(r.resource.Body.Get(r.of), one.r)
		} else if one.r != r.resource {
			sure = aws.No
		}
		switch sure {
		case aws.Maybe:
			return aws.NotKnown[[]string](reason, r.at)
		case aws.Yes:
			out.Value = append(out.Value, c.x.Reference(one.r.Address))
		}
	}
	return out
}

// covered gives the stores a statement gives access to: what its policy is on,
// or what an identity's policy names.
func (c *collection) covered(r rule, s aws.Statement, on aws.Answer[[]string]) aws.Answer[[]string] {
	if r.typ != "iam" {
		return on
	}
	out := aws.Declared([]string{}, s.Resources.Pos)
	for _, one := range c.stores {
		hit := aws.And(acts(s, one), c.reaches(s, one))
		if !hit.Known() {
			return aws.NotKnown[[]string](hit.Reason, hit.Pos)
		}
		if hit.Value {
			out.Value = append(out.Value, c.x.Reference(one.r.Address))
		}
	}
	slices.Sort(out.Value)
	return out
}

// acts reports whether a statement's actions are of a store's service. What a
// negated list leaves is.
func acts(s aws.Statement, one candidate) aws.Answer[bool] {
	if s.Actions.Negated {
		return aws.Declared(true, s.Actions.Pos)
	}
	return s.Actions.Any(func(action string) bool {
		service, _, _ := strings.Cut(action, ":")
		return match(strings.ToLower(service), one.service) || one.service == "kafka-cluster" && strings.EqualFold(service, "kafka")
	})
}

// reaches reports whether a statement's resources cover a store. A negated list
// covers what it does not name whole.
func (c *collection) reaches(s aws.Statement, one candidate) aws.Answer[bool] {
	if s.Resources.Negated {
		return aws.Declared(true, s.Resources.Pos)
	}
	out := aws.Declared(false, s.Resources.Pos)
	if s.Resources.Opaque != "" {
		out = aws.NotKnown[bool](s.Resources.Opaque, s.Resources.Pos)
	}
	for _, v := range s.Resources.Values {
		out = aws.Or(out, c.names(v, one))
	}
	return out
}

// names reports whether one element of the resources covers a store.
func (c *collection) names(v *terraform.Value, one candidate) aws.Answer[bool] {
	if text, ok := aws.Filled(v); ok {
		v = &terraform.Value{Kind: terraform.String, Text: text, Pos: v.Pos}
	}
	if v.Kind == terraform.Unknown {
		// Text made of the store's own attributes names the store or a part of it.
		if len(v.Refs) > 0 && !slices.ContainsFunc(v.Refs, func(ref terraform.Ref) bool { return ref.Address != one.r.Address }) {
			return aws.Declared(true, v.Pos)
		}
		sure, reason := c.x.Names(v, one.r)
		switch {
		case sure == aws.Yes:
			return aws.Declared(true, v.Pos)
		case sure == aws.No:
			return aws.Declared(false, v.Pos)
		}
		return aws.NotKnown[bool](reason, v.Pos)
	}
	if v.Kind != terraform.String {
		return aws.NotKnown[bool]("the resource is not a string", v.Pos)
	}
	if v.Text == "*" {
		return aws.Declared(true, v.Pos)
	}
	parts := strings.SplitN(v.Text, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" {
		return aws.Declared(false, v.Pos)
	}
	service := one.service
	if service == "kafka-cluster" {
		service = "kafka"
	}
	if !match(parts[2], service) {
		return aws.Declared(false, v.Pos)
	}
	return matchName(parts[5], one, v)
}

// matchName compares the last part of an ARN with a store's name. What follows
// the name (objects of a bucket, an index of a table) does not matter.
func matchName(pattern string, one candidate, v *terraform.Value) aws.Answer[bool] {
	open := strings.ContainsAny(pattern, "*?")
	if !one.name.Known() {
		return aws.NotKnown[bool]("the name of "+one.r.Address+" is not known", v.Pos)
	}
	if one.name.Value == "" { // made up by the provider: only a pattern can match it
		if !open || one.prefix != "" && !match(upTo(pattern, one.prefix), one.prefix) {
			return aws.Declared(false, v.Pos)
		}
		if strings.Trim(strings.TrimPrefix(pattern, one.prefix), "*/") == "" {
			return aws.Declared(true, v.Pos)
		}
		return aws.NotKnown[bool]("the name of "+one.r.Address+" is made up by the provider", v.Pos)
	}
	full := one.prefix + one.name.Value
	for _, end := range []string{"", "/x", ":x"} {
		if match(pattern, full+end) {
			return aws.Declared(true, v.Pos)
		}
	}
	// A pattern that goes on below the name (bucket/dir/*) covers part of it.
	for _, separator := range []string{"/", ":"} {
		rest, ok := strings.CutPrefix(pattern, one.prefix)
		if !ok {
			continue
		}
		if head, _, cut := strings.Cut(rest, separator); cut && match(head, one.name.Value) {
			return aws.Declared(true, v.Pos)
		}
	}
	return aws.Declared(false, v.Pos)
}

// upTo returns as much of a pattern as a prefix is long, or all up to its first
// wildcard.
func upTo(pattern, prefix string) string {
	if len(pattern) > len(prefix) {
		pattern = pattern[:len(prefix)]
	}
	if i := strings.IndexAny(pattern, "*?"); i >= 0 {
		return pattern[:i] + "*"
	}
	return pattern
}
