package google

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// ManagedKey is the key with which Google encrypts at rest what names none of the
// customer's.
func ManagedKey(location aws.Answer[string], at fact.Position) aws.Key {
	return aws.Key{
		Manager: aws.Default("provider", at), Rotation: aws.NotKnown[int]("how often Google rotates a key it owns is not in the table", at),
		Location: aws.Default("", at), Holder: aws.Default("gcp", at), Country: Country(location),
	}
}

// Key resolves the key argument of something encrypted. absent is the key used
// where the argument is not written.
func (x Index) Key(v *terraform.Value, absent aws.Key) aws.Key {
	if v.Unset() || v.Kind == terraform.String && v.Text == "" {
		return absent
	}
	if v.Direct && len(v.Refs) == 1 {
		if r := x.Resource(v.Refs[0].Address); r != nil {
			return x.keyOf(r, v)
		}
	}
	for _, l := range x.Named(v, "google_kms_crypto_key") {
		if l.Reason != "" {
			return aws.UnknownKey(l.Reason, v.Pos)
		}
		return x.keyOf(l.Resource, v)
	}
	if v.Kind != terraform.String {
		reason := v.Reason
		if reason == "" {
			reason = "the key is not text"
		}
		return aws.UnknownKey(reason, v.Pos)
	}
	return elsewhere(aws.Declared(v.Text, v.Pos), Segment(v.Text, "locations"), v)
}

// elsewhere is a customer's key of which only the path is known.
func elsewhere(path aws.Answer[string], location string, v *terraform.Value) aws.Key {
	country := aws.NotKnown[string]("the location of the key is not written", v.Pos)
	if location != "" {
		country = Country(aws.Declared(region(location), v.Pos))
	}
	return aws.Key{
		Manager: aws.Declared("customer", v.Pos), Rotation: aws.NotKnown[int]("the key is managed elsewhere", v.Pos),
		Location: path, Holder: aws.NotKnown[string]("the key is managed elsewhere", v.Pos), Country: country,
	}
}

// keyOf describes a key that a reference leads to.
func (x Index) keyOf(r *terraform.Resource, v *terraform.Value) aws.Key {
	at := aws.Declared(r.Address, v.Pos)
	switch {
	case r.Type == "google_kms_crypto_key" && r.Mode == "managed":
		k := aws.Key{
			Manager: aws.Declared("customer", v.Pos), Rotation: rotation(r), Location: at,
			Holder: aws.Declared("gcp", v.Pos), Country: x.ringCountry(r.Body.Get("key_ring"), v),
		}
		level := aws.Text(aws.Block(r.Body, "version_template"), "SOFTWARE", "protection_level")
		switch {
		case !level.Known():
			k.Holder, k.Country = aws.NotKnown[string](level.Reason, level.Pos), aws.NotKnown[string](level.Reason, level.Pos)
		case level.Value != "SOFTWARE" && level.Value != "HSM" && level.Value != "HSM_SINGLE_TENANT":
			reason := "the key is kept outside of Google Cloud (protection level " + level.Value + ")"
			k.Holder, k.Country = aws.NotKnown[string](reason, level.Pos), aws.NotKnown[string](reason, level.Pos)
		}
		return k
	case r.Type == "google_kms_crypto_key":
		return elsewhere(at, Segment(x.ringPath(r.Body.Get("key_ring")), "locations"), v)
	case r.Type == "google_kms_crypto_key_version":
		return x.Key(r.Body.Get("crypto_key"), aws.UnknownKey(r.Address+" names no key", v.Pos))
	case r.Type == "google_kms_key_handle":
		k := elsewhere(at, aws.Text(r.Body, "", "location").Value, v)
		k.Rotation = aws.NotKnown[int]("Autokey sets the rotation of the keys it makes", v.Pos)
		return k
	}
	return aws.UnknownKey(r.Address+" is no key this reader knows", v.Pos)
}

// rotation reads how often a key is rotated: never without a period, and never
// where key material is only imported or the purpose knows no rotation.
func rotation(r *terraform.Resource) aws.Answer[int] {
	never := aws.Default(fact.Unbounded, r.Pos)
	if imported := aws.Bool(r.Body, false, "import_only"); !imported.Known() {
		return aws.NotKnown[int](imported.Reason, imported.Pos)
	} else if imported.Value {
		return aws.Declared(fact.Unbounded, imported.Pos)
	}
	period := aws.Text(r.Body, "", "rotation_period")
	if period.Known() && period.Value == "" {
		return never
	}
	return Days(period)
}

// ringCountry is the country of a key ring that a key names.
func (x Index) ringCountry(ring, key *terraform.Value) aws.Answer[string] {
	if path := x.ringPath(ring); path != "" {
		if location := Segment(path, "locations"); location != "" {
			return Country(aws.Declared(region(location), ring.Pos))
		}
	}
	if ring.Kind == terraform.Unknown {
		if r, reason := x.The(ring, "google_kms_key_ring"); r == nil {
			return aws.NotKnown[string](reason, ring.Pos)
		}
	}
	return aws.NotKnown[string]("the location of the key ring is not known", key.Pos)
}

// ringPath is a key ring as a path with its location, "" if that is not known.
func (x Index) ringPath(ring *terraform.Value) string {
	if ring.Direct && len(ring.Refs) == 1 {
		if r := x.Resource(ring.Refs[0].Address); r != nil && r.Type == "google_kms_key_ring" {
			if location := aws.Text(r.Body, "", "location"); location.Known() && location.Value != "" {
				return "locations/" + location.Value
			}
			return ""
		}
	}
	if ring.Kind != terraform.String {
		return ""
	}
	return ring.Text
}
