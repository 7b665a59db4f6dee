package terraform

import (
	"encoding/json"
	"reflect"
	"strings"
)

// exception is a value that Terraform plans otherwise than it is configured, for
// a reason that no reader of the configuration alone can know.
type exception struct {
	reason string
	same   func(ours, plan *Value) bool
}

// excepted reports whether ours and plan are the two sides of an exception. An
// exception still compares: another value at its place is a failure.
func (c *comparison) excepted(path string, ours, plan *Value) bool {
	e, ok := corpusExceptions[c.module+" "+c.at+" "+path]
	return ok && plan != nil && e.same(ours, plan)
}

// corpusExceptions are keyed by module of the corpus, address and path.
var corpusExceptions = map[string]exception{
	"cidr aws_security_group.db ingress.0.protocol": {
		"the provider writes protocols in lower case", foldedCase},
	"conversions aws_security_group.s ingress.0.protocol": {
		"the provider names protocols given by number", pair("6", `"tcp"`)},
	"databases aws_db_instance.pg maintenance_window": {
		"the provider writes windows in lower case", foldedCase},
	"databases aws_elasticache_replication_group.redis replication_group_id": {
		"the provider writes identifiers in lower case", foldedCase},
	"null aws_security_group.sg description": {
		"the provider's default of an argument that is null", pair("null", `"Managed by Terraform"`)},
	"null aws_sqs_queue.q message_retention_seconds": {
		"the provider's default of an argument that is null", pair("null", "345600")},
	"encode aws_cloudwatch_log_group.g[\"audit\"] tags": {
		"the provider takes empty tags for none", pair("{}", "null")},
	"encode aws_cloudwatch_log_group.g[\"plain\"] tags": {
		"the provider takes empty tags for none", pair("{}", "null")},
	"conditionals terraform_data.t input.and_unk": {
		"unknown && false is false since Terraform 1.12", pair("false", planUnknown)},
	"conditionals terraform_data.t input.or_unk": {
		"unknown || true is true since Terraform 1.12", pair("true", planUnknown)},
	"combinations output.nothing value.contains": {
		"a null to look for is refused by Terraform 1.11 and not in the list for later ones", pair("false", `"REFUSED"`)},
	"data-sources aws_iam_policy.deferred policy": {
		"read at apply for its depends_on, yet a function of its arguments alone", rendered(`[{"Effect":"Allow","Action":"logs:*","Resource":"*"}]`)},
	"depends-on module.m.aws_iam_policy.p policy": {
		"read at apply for its module's depends_on, yet a function of its arguments alone", rendered(`[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]`)},
	"policy-document aws_iam_policy.pending policy": {
		"read at apply since a bucket that it names is to be made, yet a function of its arguments alone",
		rendered(`[{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::policy/*"}]`)},
}

const planUnknown = "unknown(" + afterApply + ")"

func foldedCase(ours, plan *Value) bool {
	return ours.Kind == String && plan.Kind == String && strings.EqualFold(ours.Text, plan.Text)
}

// pair expects the two values as show writes them.
func pair(ours, plan string) func(a, b *Value) bool {
	return func(a, b *Value) bool { return show(a) == ours && show(b) == plan }
}

// rendered expects a policy of these statements where the plan knows none.
func rendered(statements string) func(a, b *Value) bool {
	return func(a, b *Value) bool {
		var got struct{ Statement any }
		var want any
		return json.Unmarshal([]byte(a.Text), &got) == nil && json.Unmarshal([]byte(statements), &want) == nil &&
			reflect.DeepEqual(got.Statement, want) && b.Kind == Unknown
	}
}

// schemaHides reports whether the provider's schema makes an argument sensitive,
// or the core a whole set of blocks for one member: an evaluator without schemas
// shows the rest of it.
func schemaHides(kind, path string) bool {
	switch kind + " " + path {
	case "aws_db_instance password", "aws_rds_cluster master_password", "aws_redshift_cluster master_password",
		"aws_elasticache_replication_group auth_token", "aws_ssm_parameter value":
		return true
	}
	return kind == "aws_security_group" && strings.HasPrefix(path, "ingress.0.")
}
