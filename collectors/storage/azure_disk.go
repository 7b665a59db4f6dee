package storage

import (
	"strconv"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// azureDisk reads azurerm_managed_disk.
func (c *collection) azureDisk(r *terraform.Resource) {
	s := c.fromAzure(r.Address, "volume", "managed_disk", r, azure.Region(r))
	s.always("SSE", c.azureDiskKey(r.Body, s.region, r))
}

// azureDiskKey resolves the key of a disk encryption set.
func (c *collection) azureDiskKey(block *terraform.Value, region aws.Answer[string], r *terraform.Resource) aws.Key {
	v := azure.First(block, "disk_encryption_set_id", "secure_vm_disk_encryption_set_id")
	at := azureAt(block.Pos, r.Pos)
	if v.Unset() {
		return azure.PlatformKey(region, at)
	}
	az := azure.Of(c.x)
	set, reason := az.One(v, "the disk encryption set", "azurerm_disk_encryption_set")
	if set == nil {
		k := aws.UnknownKey(reason, v.Pos)
		k.Holder = aws.Declared("azure", v.Pos)
		return k
	}
	key := azure.First(set.Body, "key_vault_key_id", "managed_hsm_key_id")
	k := az.Key(key, aws.Bool(set.Body, false, "auto_key_rotation_enabled"), aws.UnknownKey(set.Address+" names no key", set.Pos))
	// The set takes up new versions only if told to.
	if follows := aws.Bool(set.Body, false, "auto_key_rotation_enabled"); !follows.Known() {
		k.Rotation = aws.NotKnown[int](follows.Reason, follows.Pos)
	} else if !follows.Value && k.Rotation.Known() {
		k.Rotation = azureNoRotation(follows)
	}
	return k
}

// azureMachine reads the disks that a machine or scale set declares itself.
func (c *collection) azureMachine(r *terraform.Resource) {
	region := azure.Region(r)
	os := aws.Block(r.Body, "os_disk")
	s := c.fromAzure(r.Address+"/disk/os", "volume", "managed_disk", r, region)
	s.name = aws.Default("", r.Pos)
	c.machineDisk(s, os, r)
	disks, reason := aws.Blocks(r.Body, "data_disk")
	if reason != "" {
		c.b.Incomplete(r.Address + ": data_disk: " + reason)
	}
	for i, d := range disks {
		if d.Kind == terraform.Object {
			one := c.fromAzure(r.Address+"/disk/"+strconv.Itoa(i), "volume", "managed_disk", r, region)
			one.at, one.name = d.Pos, aws.Default("", d.Pos)
			c.machineDisk(one, d, r)
		}
	}
}

func (c *collection) machineDisk(s *store, block *terraform.Value, r *terraform.Resource) {
	if block.Kind == terraform.Unknown {
		s.always("SSE", aws.UnknownKey(block.Reason, block.Pos))
		return
	}
	s.always("SSE", c.azureDiskKey(block, s.region, r))
}

// azureOldMachine reads azurerm_virtual_machine, whose disks may also be files in
// a storage account.
func (c *collection) azureOldMachine(r *terraform.Resource) {
	region := azure.Region(r)
	for _, name := range []string{"storage_os_disk", "storage_data_disk"} {
		disks, reason := aws.Blocks(r.Body, name)
		if reason != "" {
			c.b.Incomplete(r.Address + ": " + name + ": " + reason)
		}
		for i, d := range disks {
			if d.Kind != terraform.Object {
				continue
			}
			if id := d.Get("managed_disk_id"); !id.Unset() {
				continue // a disk that is declared itself, or managed elsewhere
			}
			s := c.fromAzure(r.Address+"/"+name+"/"+strconv.Itoa(i), "volume", "managed_disk", r, region)
			s.at, s.name = d.Pos, aws.Text(d, "", "name")
			s.always("SSE", azure.PlatformKey(region, d.Pos))
			if vhd := d.Get("vhd_uri"); !vhd.Unset() {
				s.key = aws.UnknownKey("the disk is a file in a storage account", vhd.Pos)
			}
		}
	}
}

// azureSnapshot reads azurerm_snapshot, which stays until someone deletes it,
// with the encryption of what it was made from.
func (c *collection) azureSnapshot(r *terraform.Resource) {
	s := c.fromAzure(r.Address, "snapshot", "managed_disk", r, azure.Region(r))
	s.retention = azureNever(r.Pos)
	source := azure.First(r.Body, "source_resource_id", "source_uri")
	of, from := c.of(source, "azurerm_managed_disk", "azurerm_snapshot")
	s.of = of
	key := aws.UnknownKey("follows from what the snapshot is made of", azureAt(source.Pos, r.Pos))
	if from != nil {
		key = from.key
	}
	s.always("SSE", key)
}
