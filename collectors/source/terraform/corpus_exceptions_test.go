package terraform

import "strings"

// exception is a value that Terraform plans otherwise than it is configured, for
// a reason that no reader of the configuration alone can know.
type exception struct {
	reason string
	same   func(ours, plan *Value) bool
}

// excepted reports whether ours and plan are the two sides of an exception. An
// exception still compares: another value at its place is a failure.
func (c *comparison) excepted(path string, ours, plan *Value) bool {
	e, ok := corpusExceptions[staticAddress(c.at)+" "+path]
	return ok && plan != nil && e.same(ours, plan)
}

var corpusExceptions = map[string]exception{
	"aws_security_group.db ingress.0.protocol":                     {"the provider writes protocols in lower case", foldedCase},
	"aws_security_group.s ingress.0.protocol":                      {"the provider names protocols given by number", pair("6", "tcp")},
	"aws_db_instance.pg maintenance_window":                        {"the provider writes windows in lower case", foldedCase},
	"aws_elasticache_replication_group.redis replication_group_id": {"the provider writes identifiers in lower case", foldedCase},
	"aws_security_group.sg description":                            {"the provider's default of an unset description", pair("null", `"Managed by Terraform"`)},
	"terraform_data.t input.and_unk":                               {"unknown && false is false since Terraform 1.12", pair("false", "unknown("+afterApply+")")},
	"terraform_data.t input.or_unk":                                {"unknown || true is true since Terraform 1.12", pair("true", "unknown("+afterApply+")")},
}

func foldedCase(ours, plan *Value) bool {
	return ours.Kind == String && plan.Kind == String && strings.EqualFold(ours.Text, plan.Text)
}

func pair(ours, plan string) func(a, b *Value) bool {
	return func(a, b *Value) bool {
		unquoted := strings.Trim(show(a), `"`)
		return (show(a) == ours || unquoted == ours) && (show(b) == plan || strings.Trim(show(b), `"`) == plan)
	}
}
