package aws

import (
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Bucket reads one S3 bucket with the resources that configure it and, as
// before version 4 of the provider, its own blocks.
type Bucket struct {
	*terraform.Resource
	x *Index
}

// Buckets returns the buckets of the root.
func (x *Index) Buckets() []Bucket {
	var out []Bucket
	for _, r := range x.OfType("aws_s3_bucket") {
		out = append(out, Bucket{r, x})
	}
	return out
}

// setting is the place a bucket's setting is written in: a resource of its own,
// or the bucket's inline block; the zero value if nowhere.
func (b Bucket) setting(typ string, inline ...string) *terraform.Value {
	r, reason := Only(b.x.Attached(b.Resource, typ, "bucket"))
	switch {
	case reason != "":
		return &terraform.Value{Kind: terraform.Unknown, Reason: reason, Pos: b.Pos}
	case r != nil:
		return r.Body
	case len(inline) == 0:
		return &terraform.Value{}
	}
	return Block(b.Body, inline...)
}

// Name returns the bucket's name, "" if the provider makes one up.
func (b Bucket) Name() Answer[string] { return Text(b.Body, "", "bucket") }

// Encryption returns the algorithm new objects are encrypted with and the key.
// Since 5 January 2023 Amazon S3 encrypts every new object, with SSE-S3 (AES256)
// where nothing else is set. Source: S3 User Guide, "Setting default server-side
// encryption behavior".
func (b Bucket) Encryption() (Answer[string], Key) {
	at := b.setting("aws_s3_bucket_server_side_encryption_configuration", "server_side_encryption_configuration")
	owned := ManagedKey(true, b.Resource, b.Pos)
	if at.Kind == terraform.Unknown {
		return Unknown[string](at), UnknownKey(at.Reason, at.Pos)
	}
	if at.Unset() {
		return Default("AES256", b.Pos), owned
	}
	by := Block(at, "rule", "apply_server_side_encryption_by_default")
	if by.Kind == terraform.Unknown {
		return Unknown[string](by), UnknownKey(by.Reason, by.Pos)
	}
	if by.Unset() {
		return Default("AES256", at.Pos), owned
	}
	algorithm := Text(by, "AES256", "sse_algorithm")
	switch {
	case !algorithm.Known():
		return algorithm, UnknownKey(algorithm.Reason, algorithm.Pos)
	case algorithm.Value == "AES256":
		return algorithm, ManagedKey(true, b.Resource, algorithm.Pos)
	case algorithm.Value == "aws:kms" || algorithm.Value == "aws:kms:dsse":
		return algorithm, b.x.Key(by.Get("kms_master_key_id"), b.Resource, ManagedKey(false, b.Resource, algorithm.Pos))
	}
	reason := "algorithm " + algorithm.Value + " is not in the table"
	return NotKnown[string](reason, algorithm.Pos), UnknownKey(reason, algorithm.Pos)
}

// Versioned reports whether former versions are kept: enabled, or suspended
// after it was enabled, which keeps the versions that exist.
func (b Bucket) Versioned() Answer[bool] {
	r, reason := Only(b.x.Attached(b.Resource, "aws_s3_bucket_versioning", "bucket"))
	if reason != "" {
		return NotKnown[bool](reason, b.Pos)
	}
	if r == nil {
		block := Block(b.Body, "versioning")
		if block.Kind == terraform.Unknown {
			return Unknown[bool](block)
		}
		if block.Unset() {
			return Or(Default(false, b.Pos), b.Locked())
		}
		return Bool(block, false, "enabled")
	}
	block := Block(r.Body, "versioning_configuration")
	status := Text(block, "", "status")
	if block.Kind == terraform.Unknown {
		return Unknown[bool](block)
	}
	if !status.Known() {
		return NotKnown[bool](status.Reason, status.Pos)
	}
	switch status.Value {
	case "Enabled", "Suspended":
		return Declared(true, status.Pos)
	case "Disabled":
		return Declared(false, status.Pos)
	}
	return NotKnown[bool]("versioning status "+status.Value+" is not in the table", status.Pos)
}

// Locked reports whether object lock is on, which implies versions.
func (b Bucket) Locked() Answer[bool] {
	on := Bool(b.Body, false, "object_lock_enabled")
	if block := Block(b.Body, "object_lock_configuration"); !block.Unset() {
		on = Or(on, Then(Text(block, "Enabled", "object_lock_enabled"), func(s string) bool { return s == "Enabled" }))
	}
	r, reason := Only(b.x.Attached(b.Resource, "aws_s3_bucket_object_lock_configuration", "bucket"))
	if reason != "" {
		return Or(on, NotKnown[bool](reason, b.Pos))
	}
	if r != nil {
		return Or(on, Then(Text(r.Body, "Enabled", "object_lock_enabled"), func(s string) bool { return s == "Enabled" }))
	}
	return on
}

// LockDays returns how long a new object cannot be deleted by default, 0 if not
// at all.
func (b Bucket) LockDays() Answer[int] {
	at := b.setting("aws_s3_bucket_object_lock_configuration", "object_lock_configuration")
	if at.Kind == terraform.Unknown {
		return Unknown[int](at)
	}
	if at.Unset() {
		return Default(0, b.Pos)
	}
	by := Block(at, "rule", "default_retention")
	if by.Kind == terraform.Unknown {
		return Unknown[int](by)
	}
	if by.Unset() {
		return Default(0, at.Pos)
	}
	days, years := Int(by, 0, "days"), Int(by, 0, "years")
	switch {
	case !days.Known():
		return days
	case !years.Known():
		return years
	case days.Value > 0:
		return days
	}
	return Then(years, func(n int) int { return n * 365 })
}

// Replicas returns the countries that replication rules copy objects to.
func (b Bucket) Replicas() Answer[[]string] {
	at := b.setting("aws_s3_bucket_replication_configuration", "replication_configuration")
	if at.Kind == terraform.Unknown {
		return Unknown[[]string](at)
	}
	if at.Unset() {
		return Default([]string{}, b.Pos)
	}
	rules, reason := Blocks(at, "rule")
	if inline, other := Blocks(at, "rules"); len(inline) > 0 || other != "" {
		rules, reason = inline, other
	}
	if reason != "" {
		return NotKnown[[]string](reason, at.Pos)
	}
	out := Declared([]string{}, at.Pos)
	for _, rule := range rules {
		out = Union(out, b.destination(rule))
	}
	return out
}

func (b Bucket) destination(rule *terraform.Value) Answer[[]string] {
	status := Text(rule, "", "status")
	if !status.Known() {
		return NotKnown[[]string](status.Reason, status.Pos)
	}
	if status.Value == "Disabled" {
		return Declared([]string{}, rule.Pos)
	}
	to := Block(rule, "destination")
	bucket := to.Get("bucket")
	links := b.x.Named(bucket, "aws_s3_bucket")
	if len(links) == 0 {
		return NotKnown[[]string]("replicates to a bucket that is managed elsewhere", bucket.Pos)
	}
	out := Declared([]string{}, bucket.Pos)
	for _, l := range links {
		if l.Reason != "" {
			return NotKnown[[]string](l.Reason, bucket.Pos)
		}
		country := Country(Region(l.Resource))
		out = Union(out, Then(country, func(c string) []string { return []string{c} }))
	}
	out.Pos = bucket.Pos
	return out
}

// noDays reports an answer that stands for no bound.
func noDays(at fact.Position) Answer[int] { return Default(fact.Unbounded, at) }

// Bucket returns the reader of one bucket.
func (x *Index) Bucket(r *terraform.Resource) Bucket { return Bucket{r, x} }
