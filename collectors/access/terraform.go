package access

import (
	"strconv"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// collection gathers the rules of one root.
type collection struct {
	x      *aws.Index
	b      *fact.Builder
	stores []candidate
	seen   map[string]bool
}

// place is an argument that holds a policy.
type place struct {
	argument string
	typ      string
	// of is the argument that names what a resource policy is on, "" if it is on
	// its own resource or, for an identity's policy, the identity.
	of string
}

// places are the arguments that hold policies, by resource type.
var places = map[string][]place{
	"aws_s3_bucket":                             {{"policy", "bucket_policy", ""}},
	"aws_s3_bucket_policy":                      {{"policy", "bucket_policy", "bucket"}},
	"aws_s3_access_point":                       {{"policy", "bucket_policy", "bucket"}},
	"aws_kms_key":                               {{"policy", "key_policy", ""}},
	"aws_kms_external_key":                      {{"policy", "key_policy", ""}},
	"aws_kms_replica_key":                       {{"policy", "key_policy", ""}},
	"aws_kms_key_policy":                        {{"policy", "key_policy", "key_id"}},
	"aws_iam_policy":                            {{"policy", "iam", ""}},
	"aws_iam_role_policy":                       {{"policy", "iam", "role"}},
	"aws_iam_user_policy":                       {{"policy", "iam", "user"}},
	"aws_iam_group_policy":                      {{"policy", "iam", "group"}},
	"aws_iam_role":                              {{"assume_role_policy", "trust", ""}},
	"aws_sqs_queue":                             {{"policy", "resource_policy", ""}},
	"aws_sqs_queue_policy":                      {{"policy", "resource_policy", "queue_url"}},
	"aws_sns_topic":                             {{"policy", "resource_policy", ""}},
	"aws_sns_topic_policy":                      {{"policy", "resource_policy", "arn"}},
	"aws_dynamodb_resource_policy":              {{"policy", "resource_policy", "resource_arn"}},
	"aws_kinesis_resource_policy":               {{"policy", "resource_policy", "resource_arn"}},
	"aws_efs_file_system_policy":                {{"policy", "resource_policy", "file_system_id"}},
	"aws_opensearch_domain":                     {{"access_policies", "resource_policy", ""}},
	"aws_opensearch_domain_policy":              {{"access_policies", "resource_policy", "domain_name"}},
	"aws_elasticsearch_domain":                  {{"access_policies", "resource_policy", ""}},
	"aws_elasticsearch_domain_policy":           {{"access_policies", "resource_policy", "domain_name"}},
	"aws_backup_vault_policy":                   {{"policy", "resource_policy", "backup_vault_name"}},
	"aws_secretsmanager_secret":                 {{"policy", "resource_policy", ""}},
	"aws_secretsmanager_secret_policy":          {{"policy", "resource_policy", "secret_arn"}},
	"aws_ecr_repository_policy":                 {{"policy", "resource_policy", "repository"}},
	"aws_msk_cluster_policy":                    {{"policy", "resource_policy", "cluster_arn"}},
	"aws_api_gateway_rest_api":                  {{"policy", "resource_policy", ""}},
	"aws_api_gateway_rest_api_policy":           {{"policy", "resource_policy", "rest_api_id"}},
	"aws_cloudwatch_log_resource_policy":        {{"policy_document", "resource_policy", ""}},
	"aws_ssoadmin_permission_set_inline_policy": {{"inline_policy", "iam", "permission_set_arn"}},
}

// readers reads what is not one policy in one argument.
var readers = map[string]func(*collection, *terraform.Resource){
	"aws_iam_role":                    (*collection).role,
	"aws_kms_key":                     (*collection).defaultKeyPolicy,
	"aws_kms_external_key":            (*collection).defaultKeyPolicy,
	"aws_kms_replica_key":             (*collection).defaultKeyPolicy,
	"aws_iam_role_policy_attachment":  (*collection).attachment,
	"aws_iam_user_policy_attachment":  (*collection).attachment,
	"aws_iam_group_policy_attachment": (*collection).attachment,
	"aws_iam_policy_attachment":       (*collection).attachment,
}

// unmodelled are the types that admit someone and are not read.
var unmodelled = []string{
	"aws_ssoadmin_managed_policy_attachment", "aws_ssoadmin_customer_managed_policy_attachment", "aws_kms_grant", "aws_lambda_permission",
	"aws_lakeformation_permissions", "aws_glue_resource_policy", "aws_redshift_resource_policy", "aws_redshiftserverless_resource_policy",
	"aws_s3control_access_point_policy", "aws_s3control_bucket_policy", "aws_opensearchserverless_access_policy", "aws_ram_resource_share",
	"aws_ecr_registry_policy", "aws_ecrpublic_repository_policy", "aws_cloudwatch_event_bus_policy", "aws_vpc_endpoint_policy",
	"aws_acmpca_policy", "aws_codebuild_resource_policy", "aws_iot_policy",
}

// policy reads the policy in one argument of a resource.
func (c *collection) policy(r *terraform.Resource, p place) {
	v := r.Body.Get(p.argument)
	if v.Unset() {
		return
	}
	c.rules(r.Address, rule{resource: r, typ: p.typ, of: p.of, at: at(v, r)}, c.x.ReadPolicy(v))
}

// at is where a value stands, its resource if it has no place of its own.
func at(v *terraform.Value, r *terraform.Resource) fact.Position {
	if v.Pos.IsZero() {
		return r.Pos
	}
	return v.Pos
}

// role reads the inline policies and managed policies written in aws_iam_role.
func (c *collection) role(r *terraform.Resource) {
	blocks, reason := aws.Blocks(r.Body, "inline_policy")
	if reason != "" {
		c.b.Incomplete(r.Address + ": inline_policy: " + reason)
	}
	for i, block := range blocks {
		v := block.Get("policy")
		if v.Unset() {
			continue
		}
		name := aws.Text(block, "", "name")
		id := strconv.Itoa(i)
		if name.Known() && name.Value != "" {
			id = name.Value
		}
		c.rules(r.Address+"/inline/"+id, rule{resource: r, typ: "iam", at: at(v, r)}, c.x.ReadPolicy(v))
	}
	for i, v := range elements(r.Body.Get("managed_policy_arns")) {
		c.managed(r.Address+"/managed/"+strconv.Itoa(i), r, v, aws.Declared([]string{r.Address}, r.Pos))
	}
}

func elements(v *terraform.Value) []*terraform.Value {
	switch v.Kind {
	case terraform.Absent, terraform.Null:
		return nil
	case terraform.List:
		return v.Elems
	}
	return []*terraform.Value{v}
}

// defaultKeyPolicy adds what KMS puts in place of a policy that nobody writes:
// the account may do everything, and its identities' policies decide.
func (c *collection) defaultKeyPolicy(r *terraform.Resource) {
	if !r.Body.Get("policy").Unset() {
		return
	}
	for _, l := range c.x.Attached(r, "aws_kms_key_policy", "key_id") {
		if l.Reason == "" {
			return
		}
		c.b.Incomplete(r.Address + ": policy: " + l.Reason)
		return
	}
	item := c.b.Add(c.unique(r.Address+"/default"), "default", r.Pos)
	item.Set("type", "key_policy", r.Pos).Set("effect", "allow", r.Pos)
	item.Set("principals", []any{"account"}, r.Pos).Set("actions", []any{"kms:*"}, r.Pos).Set("resources", []any{"*"}, r.Pos)
	item.Object("wildcards", r.Pos).Set("principal", false, r.Pos).Set("action", true, r.Pos).Set("resource", true, r.Pos)
	item.Set("conditions", []any{}, r.Pos).Set("restricted", false, r.Pos)
	item.Set("duties", []any{"administer", "use"}, r.Pos).Set("both_duties", []any{"account"}, r.Pos).Set("delegates", true, r.Pos)
	plain(item)
	item.Set("store", []any{}, r.Pos)
}

// unique keeps ids apart where Sids repeat.
func (c *collection) unique(id string) string {
	out := id
	for n := 2; c.seen[out]; n++ {
		out = id + "#" + strconv.Itoa(n)
	}
	c.seen[out] = true
	return out
}

// plain writes what cloud policies do not speak of.
func plain(item *fact.ItemBuilder) {
	none := fact.Position{}
	item.Set("sources", []any{}, none).Set("source_scope", "none", none).Set("method", "", none).Set("mfa", false, none)
	item.Set("recorded", true, none).Set("reachable", true, none).Set("error", "", none)
}
