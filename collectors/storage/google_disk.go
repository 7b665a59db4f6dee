package storage

import (
	"strconv"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// gcpSuppliedKey is a key that the customer hands over with each request and Google
// does not keep.
func gcpSuppliedKey(v *terraform.Value) aws.Key {
	return aws.Key{
		Manager: aws.Declared("customer", v.Pos), Rotation: aws.NotKnown[int]("the key is supplied by the customer", v.Pos),
		Location: aws.Declared("", v.Pos), Holder: aws.Declared("", v.Pos), Country: aws.NotKnown[string]("the key is supplied by the customer", v.Pos),
	}
}

// gcpSupplied are the arguments that hold a key of the customer's itself, in disks,
// snapshots and disks of instances.
var gcpSupplied = []string{"raw_key", "raw_key_wo", "rsa_encrypted_key", "rsa_encrypted_key_wo", "disk_encryption_key_raw", "disk_encryption_key_rsa"}

// gcpDiskKey reads the key of a disk: one of the key manager, one that is supplied,
// or Google's.
func (c *collection) gcpDiskKey(body, block *terraform.Value, argument string, location aws.Answer[string], at fact.Position) aws.Key {
	if block.Kind == terraform.Unknown {
		return aws.UnknownKey(block.Reason, block.Pos)
	}
	for _, where := range []*terraform.Value{block, body} {
		for _, name := range gcpSupplied {
			if v := where.Get(name); !v.Unset() && !(v.Kind == terraform.String && v.Text == "") {
				return gcpSuppliedKey(v)
			}
		}
	}
	return c.google().Key(block.Get(argument), google.ManagedKey(location, at))
}

// gcpDisk reads google_compute_disk and google_compute_region_disk. The copy of a
// disk that is replicated is a disk of its own, which names its primary.
func (c *collection) gcpDisk(r *terraform.Resource) {
	arguments := []string{"zone"}
	if r.Type == "google_compute_region_disk" {
		arguments = []string{"region"}
	}
	s := c.gcp(r.Address, "volume", "persistent_disk", r, google.Location(r, arguments...))
	s.name = aws.Text(r.Body, "", "name")
	s.encryptGCP(c.gcpDiskKey(r.Body, aws.Block(r.Body, "disk_encryption_key"), "kms_key_self_link", s.region, r.Pos))
	for _, other := range c.x.OfType("google_compute_disk", "google_compute_region_disk") {
		primary := aws.Block(other.Body, "async_primary_disk").Get("disk")
		if sure, reason := c.google().Names(primary, r); sure == aws.Yes {
			s.replicas = aws.Union(s.replicas, google.Countries(google.Location(other, "zone", "region")))
		} else if sure == aws.Maybe {
			s.replicas = aws.NotKnown[[]string](reason, other.Pos)
		}
	}
}

// gcpInstance reads the disks that google_compute_instance makes: the boot disk,
// unless it names one, and scratch disks, which end with the instance.
func (c *collection) gcpInstance(r *terraform.Resource) {
	location := google.Location(r, "zone")
	boot := aws.Block(r.Body, "boot_disk")
	if boot.Kind == terraform.Unknown || boot.Get("source").Unset() {
		s := c.gcp(r.Address+"/disk/boot", "volume", "persistent_disk", r, location)
		if !boot.Pos.IsZero() {
			s.at = boot.Pos
		}
		s.encryptGCP(c.gcpDiskKey(boot, boot, "kms_key_self_link", location, s.at))
	}
	scratch, reason := aws.Blocks(r.Body, "scratch_disk")
	if reason != "" {
		c.b.Incomplete(r.Address + ": scratch_disk: " + reason)
	}
	for i, block := range scratch {
		s := c.gcp(r.Address+"/disk/scratch/"+strconv.Itoa(i), "temporary", "local_ssd", r, location)
		s.at, s.ttl = block.Pos, aws.NotKnown[int]("it ends with its instance, and nothing says when that is", block.Pos)
		s.encryptGCP(google.ManagedKey(location, block.Pos))
	}
}

// gcpTemplate reads the disks that an instance template gives to instances, but
// for those it names.
func (c *collection) gcpTemplate(r *terraform.Resource) {
	location := aws.NotKnown[string]("the template does not say where its instances stand", r.Pos)
	if r.Type == "google_compute_region_instance_template" || !r.Body.Get("region").Unset() {
		location = google.Location(r, "region")
	}
	disks, reason := aws.Blocks(r.Body, "disk")
	if reason != "" {
		c.b.Incomplete(r.Address + ": disk: " + reason)
	}
	for i, disk := range disks {
		if disk.Kind == terraform.Unknown || !disk.Get("source").Unset() {
			continue
		}
		s := c.gcp(r.Address+"/disk/"+strconv.Itoa(i), "volume", "persistent_disk", r, location)
		s.at = disk.Pos
		s.name = aws.Text(disk, "", "disk_name")
		s.encryptGCP(c.gcpDiskKey(disk, aws.Block(disk, "disk_encryption_key"), "kms_key_self_link", location, disk.Pos))
	}
}

// gcpSnapshot reads google_compute_snapshot, which stays until someone deletes it.
// Without a location it goes to the multi-region nearest to the disk.
func (c *collection) gcpSnapshot(r *terraform.Resource) {
	s := c.gcp(r.Address, "snapshot", "persistent_disk", r, aws.NotKnown[string]("no location is written: it goes to the multi-region nearest to the disk", r.Pos))
	s.name, s.retention = aws.Text(r.Body, "", "name"), aws.Default(fact.Unbounded, r.Pos)
	c.gcpStoredAt(s, aws.Texts(r.Body, "storage_locations"))
	of, from := c.ofGCP(r.Body.Get("source_disk"), "google_compute_disk", "google_compute_region_disk")
	s.of = of
	own := aws.Block(r.Body, "snapshot_encryption_key")
	if !own.Unset() {
		s.encryptGCP(c.gcpDiskKey(own, own, "kms_key_self_link", s.region, r.Pos))
		return
	}
	s.followsGCP(from, "follows from the disk")
}

// gcpStoredAt sets where a snapshot is kept, if that is written.
func (c *collection) gcpStoredAt(s *store, where aws.Answer[[]string]) {
	switch {
	case !where.Known():
		s.region, s.country = aws.NotKnown[string](where.Reason, where.Pos), aws.NotKnown[string](where.Reason, where.Pos)
		s.replicas = where
	case len(where.Value) > 0:
		s.region = aws.Declared(where.Value[0], where.Pos)
		s.country, s.replicas = google.Country(s.region), google.Copies(s.region)
		for _, other := range where.Value[1:] {
			s.replicas = aws.Union(s.replicas, google.Countries(aws.Declared(other, where.Pos)))
		}
	}
}

// gcpSnapshotSchedule reads the snapshots that a google_compute_resource_policy
// takes of the disks it is attached to.
func (c *collection) gcpSnapshotSchedule(r *terraform.Resource) {
	policy := aws.Block(r.Body, "snapshot_schedule_policy")
	if policy.Unset() {
		return
	}
	s := c.gcp(r.Address, "backup", "persistent_disk", r, aws.NotKnown[string]("no location is written: snapshots go to the multi-region nearest to the disk", r.Pos))
	s.name = aws.Text(r.Body, "", "name")
	kept := aws.Block(policy, "retention_policy")
	switch {
	case kept.Kind == terraform.Unknown:
		s.retention = aws.Unknown[int](kept)
	case kept.Unset():
		s.retention = aws.Default(fact.Unbounded, policy.Pos)
	default:
		s.retention = aws.Int(kept, fact.Unbounded, "max_retention_days")
	}
	properties := aws.Block(policy, "snapshot_properties")
	if properties.Kind == terraform.Unknown {
		s.region, s.country, s.replicas = aws.Unknown[string](properties), aws.Unknown[string](properties), aws.Unknown[[]string](properties)
	} else {
		c.gcpStoredAt(s, aws.Texts(properties, "storage_locations"))
	}
	var from []*store
	s.of, from = c.gcpScheduled(r)
	if len(from) == 1 && s.of.Known() {
		s.followsGCP(from[0], "")
		return
	}
	s.followsGCP(nil, "follows from the disks it is attached to")
}

// gcpScheduled gives the disks of the root that a snapshot schedule is attached to.
func (c *collection) gcpScheduled(r *terraform.Resource) (aws.Answer[[]string], []*store) {
	out, from := aws.Default([]string{}, r.Pos), []*store{}
	add := func(disk *terraform.Resource) {
		out = aws.Union(out, aws.Declared([]string{c.x.Reference(disk.Address)}, r.Pos))
		from = append(from, c.byID[disk.Address])
	}
	for _, typ := range []string{"google_compute_disk_resource_policy_attachment", "google_compute_region_disk_resource_policy_attachment"} {
		for _, l := range c.google().Attached(r, typ, "name") {
			disk, reason := c.google().The(l.Body.Get("disk"), "google_compute_disk", "google_compute_region_disk")
			if l.Reason != "" || disk == nil {
				return aws.NotKnown[[]string](l.Reason+reason, l.Pos), nil
			}
			add(disk)
		}
	}
	for _, disk := range c.x.OfType("google_compute_disk", "google_compute_region_disk") {
		for _, v := range list(disk.Body.Get("resource_policies")) {
			switch sure, reason := c.google().Names(v, r); sure {
			case aws.Yes:
				add(disk)
			case aws.Maybe:
				return aws.NotKnown[[]string](reason, v.Pos), nil
			}
		}
	}
	return out, from
}
