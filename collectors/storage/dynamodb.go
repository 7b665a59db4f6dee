package storage

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// recoveryDays is how far point-in-time recovery goes back where nothing else is
// written.
const recoveryDays = 35

// dynamodbTable reads aws_dynamodb_table. A table is always encrypted: with a
// key that AWS owns, or through KMS where server_side_encryption is enabled.
func (c *collection) dynamodbTable(r *terraform.Resource) {
	s := c.add(r.Address, "database", "dynamodb", r)
	s.name = aws.Text(r.Body, "", "name")
	c.tableEncryption(s, r)
	s.replicas = c.tableReplicas(r)
	s.public, s.publicBy = c.resourcePolicy(r, "aws_dynamodb_resource_policy", "resource_arn")
	if ttl := aws.Block(r.Body, "ttl"); !ttl.Unset() {
		on := aws.Bool(ttl, false, "enabled")
		switch {
		case !on.Known():
			s.ttl = aws.NotKnown[int](on.Reason, on.Pos)
		case on.Value:
			s.ttl = aws.NotKnown[int]("each record names its own time in an attribute", on.Pos)
		}
	}
	c.backups(s, recovery(r), r)
}

func (c *collection) tableEncryption(s *store, r *terraform.Resource) {
	block := aws.Block(r.Body, "server_side_encryption")
	if block.Kind == terraform.Unknown {
		s.encrypt(aws.Default(true, r.Pos), "aws:kms", func() aws.Key { return aws.UnknownKey(block.Reason, block.Pos) })
		return
	}
	kms := aws.Bool(block, false, "enabled")
	if block.Unset() {
		kms = aws.Default(false, r.Pos)
	}
	s.encrypt(aws.Answer[bool]{Value: true, Default: !kms.Known() || !kms.Value, Pos: kms.Pos}, "aws:kms", func() aws.Key {
		switch {
		case !kms.Known():
			return aws.UnknownKey(kms.Reason, kms.Pos)
		case !kms.Value:
			return aws.ManagedKey(true, r, kms.Pos)
		}
		return c.x.Key(block.Get("kms_key_arn"), r, aws.ManagedKey(false, r, block.Pos))
	})
}

// recovery reads point-in-time recovery, which is off by default.
func recovery(r *terraform.Resource) aws.Answer[int] {
	block := aws.Block(r.Body, "point_in_time_recovery")
	switch {
	case block.Kind == terraform.Unknown:
		return aws.Unknown[int](block)
	case block.Unset():
		return aws.Default(0, r.Pos)
	}
	on := aws.Bool(block, false, "enabled")
	switch {
	case !on.Known():
		return aws.NotKnown[int](on.Reason, on.Pos)
	case !on.Value:
		return aws.Answer[int]{Default: on.Default, Pos: on.Pos}
	}
	return aws.Int(block, recoveryDays, "recovery_period_in_days")
}

// tableReplicas gives the countries of a global table: replica blocks, replica
// resources, and global tables of the first version, which share the name.
func (c *collection) tableReplicas(r *terraform.Resource) aws.Answer[[]string] {
	out := replicaRegions(r.Body, r)
	for _, l := range c.x.Attached(r, "aws_dynamodb_table_replica", "global_table_arn") {
		one := aws.Then(aws.Country(aws.Region(l.Resource)), func(s string) []string { return []string{s} })
		if l.Reason != "" {
			one = aws.NotKnown[[]string](l.Reason, l.Pos)
		}
		out = aws.Union(out, one)
	}
	for _, l := range c.x.Attached(r, "aws_dynamodb_global_table", "name") {
		one := replicaRegions(l.Body, l.Resource)
		if l.Reason != "" {
			one = aws.NotKnown[[]string](l.Reason, l.Pos)
		}
		out = aws.Union(out, one)
	}
	return out
}

func replicaRegions(body *terraform.Value, r *terraform.Resource) aws.Answer[[]string] {
	blocks, reason := aws.Blocks(body, "replica")
	if reason != "" {
		return aws.NotKnown[[]string](reason, r.Pos)
	}
	out := aws.Default([]string{}, r.Pos)
	for _, b := range blocks {
		region := aws.Text(b, "", "region_name")
		out = aws.Union(out, aws.Then(aws.Country(region), func(s string) []string { return []string{s} }))
	}
	return out
}

// resourcePolicy judges whether the policies attached to a store admit anyone.
func (c *collection) resourcePolicy(r *terraform.Resource, typ, argument string) (aws.Answer[bool], aws.Answer[[]string]) {
	open, by := aws.Default(false, r.Pos), []string{}
	judge := func(v *terraform.Value, reason string) {
		one, ids := c.x.ReadPolicy(v).Public()
		if reason != "" {
			one = aws.And(one, aws.NotKnown[bool](reason, v.Pos))
		}
		for _, id := range ids {
			by = append(by, "policy statement "+id)
		}
		open = aws.Or(open, one)
	}
	for _, name := range []string{"policy", "access_policies"} {
		if inline := r.Body.Get(name); !inline.Unset() {
			judge(inline, "")
		}
	}
	for _, l := range c.x.Attached(r, typ, argument) {
		name := "policy"
		if l.Body.Get(name).Unset() {
			name = "access_policies"
		}
		judge(l.Body.Get(name), l.Reason)
	}
	return open, aws.Then(open, func(yes bool) []string {
		if yes {
			return by
		}
		return []string{}
	})
}
