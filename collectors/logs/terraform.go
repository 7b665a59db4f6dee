package logs

import (
	"strconv"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// stores yields the log stores that a root module declares.
func stores(env *collectors.Env, root *terraform.Root) *fact.Document {
	b := fact.NewBuilder("log.store", terraform.Target(root), env.Envelope("logs", "terraform"), env.Now)
	for _, reason := range root.Incomplete {
		b.Incomplete(reason)
	}
	for _, r := range root.Resources {
		if r.Mode == "managed" && r.Type == "aws_cloudwatch_log_group" {
			cloudwatch(b, r)
		}
	}
	return b.Document()
}

// cloudwatch reads a log group. Without retention_in_days, or with 0, records
// never expire (Amazon CloudWatch Logs API reference, PutRetentionPolicy).
func cloudwatch(b *fact.Builder, r *terraform.Resource) {
	retention := r.Body.Get("retention_in_days")
	basis := "declared"
	if retention.Unset() {
		basis = "default"
	}
	it := b.Add(r.Address, basis, r.Pos)
	it.Set("type", "cloud_group", r.Pos).Set("product", "cloudwatch", r.Pos)
	switch name := r.Body.Get("name"); name.Kind {
	case terraform.String:
		it.Set("name", name.Text, name.Pos)
	case terraform.Unknown:
		it.Gap("name", name.Reason, name.Pos)
	default:
		it.Set("name", "", r.Pos)
	}
	declared := it.Object("declared", r.Pos)
	at := r.Pos
	if !retention.Unset() {
		at = retention.Pos
	}
	days, err := strconv.Atoi(retention.Number)
	switch {
	case retention.Unset(), retention.Kind == terraform.Number && err == nil && days == 0:
		declared.Set("min_days", fact.Unbounded, at).Set("max_days", fact.Unbounded, at).Set("bound", "none", at)
	case retention.Kind == terraform.Number && err == nil && days > 0:
		declared.Set("min_days", days, at).Set("max_days", days, at).Set("bound", "time", at)
	default:
		reason := retention.Reason
		if reason == "" {
			reason = "retention_in_days is not a number of days"
		}
		declared.Gap("min_days", reason, at).Gap("max_days", reason, at).Set("bound", "unknown", at)
	}
	declared.Set("conditions", []any{}, at)
	key := r.Body.Get("kms_key_id")
	encryption := it.Object("encryption", r.Pos)
	encryption.Set("state", "encrypted", r.Pos) // always at rest; without a key AWS uses its own
	switch {
	case key.Unset():
		encryption.Set("key", "provider", r.Pos)
	case key.Kind == terraform.Unknown && len(key.Refs) == 0:
		encryption.Gap("key", key.Reason, key.Pos)
	default:
		encryption.Set("key", "customer", key.Pos)
	}
}
