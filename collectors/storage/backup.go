package storage

import (
	"strconv"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// selected lists the types a backup selection can name here.
var selected = []string{
	"aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster", "aws_redshift_cluster", "aws_dynamodb_table",
	"aws_ebs_volume", "aws_efs_file_system", "aws_s3_bucket", "aws_fsx_lustre_file_system", "aws_fsx_windows_file_system",
	"aws_fsx_ontap_file_system", "aws_fsx_openzfs_file_system",
}

// backupPlan reads the rules of aws_backup_plan, each a backup of its own with
// its own retention, and the copies they make in other vaults. A recovery point
// without lifecycle is kept for ever.
func (c *collection) backupPlan(r *terraform.Resource) {
	rules, reason := aws.Blocks(r.Body, "rule")
	if reason != "" {
		c.b.Incomplete(r.Address + ": rule: " + reason)
	}
	of, from := c.selection(r)
	for i, rule := range rules {
		if rule.Kind == terraform.Unknown {
			continue
		}
		name := aws.Text(rule, "", "rule_name")
		id := r.Address + "/" + strconv.Itoa(i)
		if name.Known() && name.Value != "" && c.byID[r.Address+"/"+name.Value] == nil {
			id = r.Address + "/" + name.Value
		}
		s := c.recoveryPoints(id, r, rule, of, from)
		s.name = name
		copies, reason := aws.Blocks(rule, "copy_action")
		if reason != "" {
			s.replicas = aws.NotKnown[[]string](reason, rule.Pos)
		}
		for n, to := range copies {
			if to.Kind == terraform.Unknown {
				continue
			}
			copied := c.recoveryPoints(id+"/copy/"+strconv.Itoa(n), r, to, of, from)
			copied.region = c.vaultRegion(to.Get("destination_vault_arn"))
			copied.country = aws.Country(copied.region)
			s.replicas = aws.Union(s.replicas, aws.Then(copied.country, func(country string) []string { return []string{country} }))
		}
	}
}

func (c *collection) recoveryPoints(id string, r *terraform.Resource, block *terraform.Value, of aws.Answer[[]string], from []*store) *store {
	s := c.add(id, "backup", "backup", r)
	s.at, s.of = block.Pos, of
	life := aws.Block(block, "lifecycle")
	switch {
	case life.Kind == terraform.Unknown:
		s.retention = aws.Unknown[int](life)
	case life.Unset():
		s.retention = aws.Default(fact.Unbounded, block.Pos)
	default:
		s.retention = aws.Int(life, fact.Unbounded, "delete_after")
	}
	c.recoveryEncryption(s, of, from)
	return s
}

// recoveryEncryption is known where everything backed up is: a recovery point of
// an encrypted resource is encrypted, by the vault's key or the resource's,
// which depends on the service.
func (c *collection) recoveryEncryption(s *store, of aws.Answer[[]string], from []*store) {
	on := aws.Declared(true, s.at)
	switch {
	case !of.Known():
		on = aws.NotKnown[bool](of.Reason, of.Pos)
	case len(from) == 0:
		on = aws.NotKnown[bool]("follows from what is backed up, which the root module does not say", s.at)
	}
	for _, one := range from {
		on = aws.And(on, one.encrypted)
	}
	s.encrypt(on, "aws:kms", func() aws.Key {
		return aws.UnknownKey("the key is the vault's or the backed up resource's, by service", s.at)
	})
}

// selection gives what the selections of a plan name. Selection by tag or
// wildcard is not resolved.
func (c *collection) selection(plan *terraform.Resource) (aws.Answer[[]string], []*store) {
	out, from := aws.Default([]string{}, plan.Pos), []*store{}
	for _, l := range c.x.Attached(plan, "aws_backup_selection", "plan_id") {
		if l.Reason != "" {
			return aws.NotKnown[[]string](l.Reason, l.Pos), nil
		}
		for _, name := range []string{"selection_tag", "condition"} {
			if blocks, reason := aws.Blocks(l.Body, name); len(blocks) > 0 || reason != "" {
				return aws.NotKnown[[]string]("resources are selected by tag", l.Pos), nil
			}
		}
		for _, v := range list(l.Body.Get("resources")) {
			refs, only := c.of(v, selected...)
			switch {
			case !refs.Known():
				return refs, nil
			case only == nil:
				return aws.NotKnown[[]string]("selects resources that are not in the root module, or by pattern", v.Pos), nil
			}
			out = aws.Union(out, refs)
			from = append(from, only)
		}
	}
	return out, from
}

func list(v *terraform.Value) []*terraform.Value {
	switch v.Kind {
	case terraform.Absent, terraform.Null:
		return nil
	case terraform.List:
		return v.Elems
	}
	return []*terraform.Value{v}
}

// vaultRegion gives the region of a vault named by reference or ARN.
func (c *collection) vaultRegion(v *terraform.Value) aws.Answer[string] {
	links := c.x.Named(v, "aws_backup_vault")
	if len(links) == 1 && links[0].Reason == "" {
		return aws.Region(links[0].Resource)
	}
	if v.Kind == terraform.String {
		if region := aws.ARNRegion(v.Text); region != "" {
			return aws.Declared(region, v.Pos)
		}
	}
	if v.Reason != "" {
		return aws.Unknown[string](v)
	}
	return aws.NotKnown[string]("which vault is meant is not known", v.Pos)
}

// backupVault reads an aws_backup_vault that no rule of the root module writes
// to: how long it keeps what, only its lock may say.
func (c *collection) backupVault(r *terraform.Resource) {
	for _, plan := range c.x.OfType("aws_backup_plan") {
		rules, _ := aws.Blocks(plan.Body, "rule")
		for _, rule := range rules {
			if sure, _ := c.x.Names(rule.Get("target_vault_name"), r); sure == aws.Yes {
				return
			}
		}
	}
	s := c.add(r.Address, "backup", "backup", r)
	s.name = aws.Text(r.Body, "", "name")
	s.encrypt(aws.NotKnown[bool]("follows from what is backed up", r.Pos), "", nil)
	s.key = c.x.Key(r.Body.Get("kms_key_arn"), r, aws.ManagedKey(false, r, r.Pos))
	s.retention = aws.NotKnown[int]("no rule of the root module writes to the vault", r.Pos)
	lock, reason := aws.Only(c.x.Attached(r, "aws_backup_vault_lock_configuration", "backup_vault_name"))
	if lock != nil && reason == "" {
		if most := aws.Int(lock.Body, 0, "max_retention_days"); !most.Known() || most.Value > 0 {
			s.retention = most
		}
	}
	s.of = aws.NotKnown[[]string]("no rule of the root module writes to the vault", r.Pos)
}
