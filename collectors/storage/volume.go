package storage

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// ebsVolume reads aws_ebs_volume.
func (c *collection) ebsVolume(r *terraform.Resource) {
	s := c.add(r.Address, "volume", "ebs", r)
	c.volumeEncryption(s, r.Body, r, c.fromSnapshot(r.Body))
}

// volumeEncryption sets a volume's encryption. A volume is encrypted if it says
// so, if the account encrypts by default (which encrypted = false does not
// undo), or if what it is made from is.
func (c *collection) volumeEncryption(s *store, body *terraform.Value, r *terraform.Resource, origin aws.Answer[bool]) {
	own := aws.Bool(body, false, "encrypted")
	on := own
	if own.Default {
		on.Pos = body.Pos
		on = aws.Or(on, origin)
	}
	on = aws.Or(on, c.byDefault(r))
	s.encrypt(on, "aws:kms", func() aws.Key {
		return c.x.Key(body.Get("kms_key_id"), r, c.defaultKey(r))
	})
}

// fromSnapshot reports whether the snapshot a volume is made from is encrypted.
func (c *collection) fromSnapshot(body *terraform.Value) aws.Answer[bool] {
	v := body.Get("snapshot_id")
	if v.Unset() || v.Kind == terraform.String && v.Text == "" {
		return aws.Default(false, body.Pos)
	}
	return aws.NotKnown[bool]("follows from the snapshot", v.Pos)
}

// byDefault reports whether the account encrypts new volumes in the region of a
// resource, as far as the root module decides it; AWS itself does not.
func (c *collection) byDefault(r *terraform.Resource) aws.Answer[bool] {
	out := aws.Default(false, r.Pos)
	for _, d := range c.x.OfType("aws_ebs_encryption_by_default") {
		on := aws.Bool(d.Body, true, "enabled")
		on.Default = false
		if on.Pos.IsZero() {
			on.Pos = d.Pos
		}
		if !d.KnownCount || !aws.SameProvider(d, r) {
			on = aws.And(on, aws.NotKnown[bool](d.Address+": whether it is for this account and region is not known", d.Pos))
		}
		out = aws.Or(out, on)
	}
	return out
}

// defaultKey is the account's default key for volumes: aws/ebs unless set.
func (c *collection) defaultKey(r *terraform.Resource) aws.Key {
	for _, d := range c.x.OfType("aws_ebs_default_kms_key") {
		if !d.KnownCount || !aws.SameProvider(d, r) {
			return aws.UnknownKey(d.Address+": whether it is for this account and region is not known", d.Pos)
		}
		return c.x.Key(d.Body.Get("key_arn"), r, aws.ManagedKey(false, r, r.Pos))
	}
	return aws.ManagedKey(false, r, r.Pos)
}

// instance reads the disks of aws_instance and its like: the root volume, which
// every instance has, and further ones. What a launch template says is not
// joined, so that where one is named the rest is not known.
func (c *collection) instance(r *terraform.Resource) {
	unknown := ""
	if v := r.Body.Get("launch_template"); !v.Unset() && !(v.Kind == terraform.List && len(v.Elems) == 0) {
		unknown = "the launch template may set it"
	}
	root := aws.Block(r.Body, "root_block_device")
	at := root.Pos
	if root.Unset() {
		at = r.Pos
	}
	s := c.add(r.Address+"/ebs/root", "volume", "ebs", r)
	s.at = at
	switch {
	case root.Kind == terraform.Unknown:
		s.encrypt(aws.Unknown[bool](root), "", nil)
	case root.Get("encrypted").Unset() && unknown != "":
		s.encrypt(aws.NotKnown[bool](unknown, at), "", nil)
	default:
		body := *root
		body.Pos = at
		c.volumeEncryption(s, &body, r, aws.Default(false, at))
	}
	blocks, reason := aws.Blocks(r.Body, "ebs_block_device")
	if reason != "" {
		c.b.Incomplete(r.Address + ": ebs_block_device: " + reason)
	}
	if unknown != "" {
		c.b.Incomplete(r.Address + ": further disks: " + unknown)
	}
	for i, block := range blocks {
		c.disk(r, block, block, "device_name", i)
	}
}

// launchTemplate reads the disks that a launch template gives to instances.
func (c *collection) launchTemplate(r *terraform.Resource) {
	mappings, reason := aws.Blocks(r.Body, "block_device_mappings")
	if reason != "" {
		c.b.Incomplete(r.Address + ": block_device_mappings: " + reason)
	}
	for i, mapping := range mappings {
		if ebs := aws.Block(mapping, "ebs"); !ebs.Unset() {
			c.disk(r, mapping, ebs, "device_name", i)
		}
	}
}

// disk adds one disk, named by its device or, where that is not known, its
// number.
func (c *collection) disk(r *terraform.Resource, names, ebs *terraform.Value, argument string, number int) {
	if names.Kind == terraform.Unknown {
		return
	}
	device := aws.Text(names, "", argument)
	id := strconv.Itoa(number)
	if device.Known() && device.Value != "" {
		id = device.Value
	}
	id = r.Address + "/ebs/" + strings.TrimPrefix(id, "/dev/")
	if c.byID[id] != nil {
		id += "#" + strconv.Itoa(number)
	}
	s := c.add(id, "volume", "ebs", r)
	s.name = device
	if ebs.Kind == terraform.Unknown {
		s.encrypt(aws.Unknown[bool](ebs), "", nil)
		return
	}
	s.at = ebs.Pos
	c.volumeEncryption(s, ebs, r, c.fromSnapshot(ebs))
}

// efs reads aws_efs_file_system: not encrypted by default. Automatic backups go
// to AWS Backup, daily, and are kept for 35 days.
func (c *collection) efs(r *terraform.Resource) {
	s := c.add(r.Address, "share", "efs", r)
	s.name = aws.Text(r.Body, "", "creation_token")
	s.encrypt(aws.Bool(r.Body, false, "encrypted"), "aws:kms", c.keyOf(r, "kms_key_id", false))
	for _, l := range c.x.Attached(r, "aws_efs_replication_configuration", "source_file_system_id") {
		to := aws.Block(l.Body, "destination")
		region := aws.Text(to, "", "region")
		if region.Known() && region.Value == "" {
			region = aws.NotKnown[string]("the region of the copy is not written", l.Pos)
		}
		one := aws.Then(aws.Country(region), func(s string) []string { return []string{s} })
		if l.Reason != "" {
			one = aws.NotKnown[[]string](l.Reason, l.Pos)
		}
		s.replicas = aws.Union(s.replicas, one)
	}
	days := aws.Default(0, r.Pos)
	policy, reason := aws.Only(c.x.Attached(r, "aws_efs_backup_policy", "file_system_id"))
	if reason != "" {
		days = aws.NotKnown[int](reason, r.Pos)
	} else if policy != nil {
		days = aws.Then(aws.Text(policy.Body, "", "backup_policy", "status"), backupDays)
		if block := aws.Block(policy.Body, "backup_policy"); !block.Unset() {
			days = aws.Then(aws.Text(block, "", "status"), backupDays)
		}
	}
	c.backups(s, days, r)
}

func backupDays(status string) int {
	if status == "ENABLED" || status == "ENABLING" {
		return 35
	}
	return 0
}

// fsx reads the file systems of Amazon FSx, which are always encrypted.
func (c *collection) fsx(r *terraform.Resource) {
	s := c.add(r.Address, "share", "fsx", r)
	s.encrypt(aws.Default(true, r.Pos), "aws:kms", c.keyOf(r, "kms_key_id", false))
	days := aws.Int(r.Body, 0, "automatic_backup_retention_days")
	if days.Default {
		switch r.Type {
		case "aws_fsx_windows_file_system":
			days.Value = 7
		case "aws_fsx_lustre_file_system":
		default:
			days = aws.NotKnown[int]("the default is not in the table", r.Pos)
		}
	}
	c.backups(s, days, r)
}
