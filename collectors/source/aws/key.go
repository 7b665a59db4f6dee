package aws

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Key is the key that encrypts something at rest.
type Key struct {
	Manager  Answer[string] // customer, provider, none
	Rotation Answer[int]    // days, [fact.Unbounded] if nothing rotates it
	Location Answer[string] // address or ARN, "" for a key without one
	Holder   Answer[string] // aws, "" if there is no key
	Country  Answer[string]
}

// Put stores the key as the object member "key" of an item.
func (k Key) Put(item *fact.ItemBuilder) {
	o := item.Object("key", k.Manager.Pos)
	k.Manager.Put(o, "manager")
	k.Rotation.Put(o, "rotation_days")
	k.Location.Put(o, "location")
	k.Holder.Put(o, "holder")
	k.Country.Put(o, "country")
}

// NoKey is the key of something that is not encrypted.
func NoKey(at fact.Position) Key {
	return Key{
		Manager: Declared("none", at), Rotation: Declared(fact.Unbounded, at),
		Location: Declared("", at), Holder: Declared("", at), Country: Declared("", at),
	}
}

// UnknownKey is a key of which nothing is known.
func UnknownKey(reason string, at fact.Position) Key {
	return Key{
		Manager: NotKnown[string](reason, at), Rotation: NotKnown[int](reason, at),
		Location: NotKnown[string](reason, at), Holder: NotKnown[string](reason, at), Country: NotKnown[string](reason, at),
	}
}

// ManagedKey is the provider's default key of a service. AWS rotates its managed
// keys (aws/rds) every year; how often it rotates the keys it owns itself
// (DynamoDB's default, SSE-S3) is not published. Source: AWS KMS Developer Guide,
// "AWS KMS keys".
func ManagedKey(owned bool, r *terraform.Resource, at fact.Position) Key {
	rotation := Default(365, at)
	if owned {
		rotation = NotKnown[int]("how often AWS rotates a key it owns is not published", at)
	}
	return Key{
		Manager: Default("provider", at), Rotation: rotation, Location: Default("", at),
		Holder: Default("aws", at), Country: Country(Region(r)),
	}
}

// Key resolves the key argument of an encrypted resource. absent is the key used
// where the argument is not written.
func (x *Index) Key(v *terraform.Value, of *terraform.Resource, absent Key) Key {
	return x.key(v, of, absent, 0)
}

func (x *Index) key(v *terraform.Value, of *terraform.Resource, absent Key, depth int) Key {
	if v.Unset() {
		return absent
	}
	if v.Kind == terraform.String && v.Text == "" {
		return absent
	}
	if v.Direct && len(v.Refs) == 1 && depth < hops {
		if r := x.Resource(v.Refs[0].Address); r != nil {
			if k, ok := x.keyOf(r, v, depth); ok {
				return k
			}
		} else if list := x.sameKeyInstances(v.Refs[0].Address); len(list) > 0 {
			return UnknownKey("which instance of "+v.Refs[0].Address+" is meant is not known", v.Pos)
		}
	}
	if v.Kind == terraform.String {
		return literalKey(v, of)
	}
	return UnknownKey(orElse(v.Reason, "the key is not known"), v.Pos)
}

func (x *Index) sameKeyInstances(address string) []*terraform.Resource {
	var out []*terraform.Resource
	for _, r := range x.OfType("aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_alias") {
		if keyless(r) == address {
			out = append(out, r)
		}
	}
	return out
}

// keyOf describes a key of the root, an alias of one, or a data source for one.
func (x *Index) keyOf(r *terraform.Resource, v *terraform.Value, depth int) (Key, bool) {
	k := Key{
		Manager: Declared("customer", v.Pos), Location: Declared(r.Address, v.Pos),
		Holder: Declared("aws", v.Pos), Country: Country(Region(r)),
	}
	switch {
	case r.Mode == "data" && (r.Type == "aws_kms_key" || r.Type == "aws_kms_alias"):
		argument := "key_id"
		if r.Type == "aws_kms_alias" {
			argument = "name"
		}
		name := Text(r.Body, "", argument)
		k.Rotation = NotKnown[int](r.Address+" is managed elsewhere", v.Pos)
		switch {
		case !name.Known():
			return UnknownKey(name.Reason, v.Pos), true
		case strings.Contains(name.Value, "alias/aws/"):
			m := ManagedKey(false, r, v.Pos)
			m.Manager.Default, m.Location = false, k.Location
			return m, true
		case !strings.Contains(name.Value, "alias/"):
			k.Manager = NotKnown[string](r.Address+": whose key this is, its id does not say", v.Pos)
		}
		return k, true
	case r.Mode == "data":
		return Key{}, false
	case r.Type == "aws_kms_alias":
		return x.key(r.Body.Get("target_key_id"), r, UnknownKey(r.Address+" names no key", v.Pos), depth+1), true
	case r.Type == "aws_kms_key":
		k.Rotation = rotation(r)
		store, external := r.Body.Get("custom_key_store_id"), r.Body.Get("xks_key_id")
		for _, s := range []*terraform.Value{store, external} {
			if !s.Unset() {
				k.Holder = NotKnown[string]("the key is kept in a custom key store", s.Pos)
				k.Country = NotKnown[string]("the key is kept in a custom key store", s.Pos)
			}
		}
		return k, true
	case r.Type == "aws_kms_external_key":
		// Imported material has no automatic rotation.
		k.Rotation = Default(fact.Unbounded, r.Pos)
		return k, true
	case r.Type == "aws_kms_replica_key":
		primary := x.key(r.Body.Get("primary_key_arn"), r, UnknownKey(r.Address+" names no primary key", v.Pos), depth+1)
		k.Rotation = primary.Rotation
		return k, true
	}
	return Key{}, false
}

// rotation reads how often KMS rotates a key: not at all unless enabled, every
// 365 days unless a period says otherwise.
func rotation(r *terraform.Resource) Answer[int] {
	on := Bool(r.Body, false, "enable_key_rotation")
	switch {
	case !on.Known():
		return NotKnown[int](on.Reason, on.Pos)
	case !on.Value:
		return Answer[int]{Value: fact.Unbounded, Default: on.Default, Pos: on.Pos}
	}
	return Int(r.Body, 365, "rotation_period_in_days")
}

// literalKey describes a key named by alias, ARN or id.
func literalKey(v *terraform.Value, of *terraform.Resource) Key {
	region := Region(of)
	if named := ARNRegion(v.Text); named != "" {
		region = Declared(named, v.Pos)
	}
	k := Key{
		Manager: Declared("customer", v.Pos), Rotation: NotKnown[int]("the key is managed elsewhere", v.Pos),
		Location: Declared(v.Text, v.Pos), Holder: NotKnown[string]("the key is managed elsewhere", v.Pos), Country: Country(region),
	}
	switch {
	case strings.Contains(v.Text, "alias/aws/"):
		k.Manager, k.Rotation, k.Holder = Declared("provider", v.Pos), Declared(365, v.Pos), Declared("aws", v.Pos)
	case !strings.Contains(v.Text, "alias/"):
		k.Manager = NotKnown[string]("whose key this is, its id does not say", v.Pos)
	}
	return k
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
